"""The command line: verbs, exit statuses, formats, streams."""
import json
import os
import re
import subprocess

import harness
from harness import (BROKEN, CLEAN, CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS,
                     EXIT_USAGE, FlowcTest)

ENDING = "init check fmt build cost graph mesh fingerprint explain lsp doctor completions".split()
VERBS = ENDING + ["preview", "gcode", "slice"]


class Usage(FlowcTest):
    def test_help_names_every_verb(self):
        done = self.ends(self.flowc("--help"), EXIT_CLEAN)
        for verb in VERBS:
            self.assertRegex(done.out, rf"\b{verb}\b")
        self.assertEqual(done.err, "")

    def test_every_verb_has_help(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                done = self.ends(self.flowc(verb, "--help"), EXIT_CLEAN)
                self.assertIn(verb, done.out)
                for word in ("usage: flowc " + verb, "Examples:", "--color", "Exit: 0"):
                    self.assertIn(word, done.out)
                for line in done.out.splitlines():
                    self.assertLessEqual(len(line), 100, line)

    def test_the_examples_of_the_help_run(self):
        """In a starter shop, by a shell, as a newcomer would paste them."""
        self.write("bin/flowc", f'#!/bin/sh\nexec "{harness.FLOWC}" "$@"\n')
        os.chmod(self.path("bin", "flowc"), 0o755)
        os.makedirs(self.path(".config", "fish", "completions"))
        variables = {**os.environ, "HOME": self.folder,
                     "PATH": self.path("bin") + ":" + os.environ["PATH"]}
        variables.setdefault("LSAN_OPTIONS", harness.LEAKS)
        for verb in ENDING:
            self.ends(self.flowc("init", verb), EXIT_CLEAN)
            text = self.flowc(verb, "--help").out
            examples = re.findall(r"^  (.*\bflowc " + verb + r"\b.*)$",
                                  text.split("Examples:\n")[1], re.M)
            self.assertTrue(examples, verb)
            for example in examples:
                with self.subTest(example=example):
                    done = subprocess.run(["bash", "-c", example], cwd=self.path(verb), env=variables,
                                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                                          check=False)
                    self.assertEqual(done.returncode, 0, done.stderr.decode())

    def test_the_help_of_build_names_what_it_writes(self):
        self.ends(self.flowc("init", "shop"), EXIT_CLEAN)
        text = self.flowc("build", "--help").out
        done = self.ends(self.flowc("build", "shop", "-o", "out"), EXIT_CLEAN)
        written = [os.path.basename(line) for line in done.out.splitlines()]
        self.assertIn("labels.pdf", written)
        for name in written:
            self.assertRegex(text, rf"\b{re.escape(name)}[,:]")

    def test_help_on_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            self.ends(self.flowc("check", "--help", stdout=full), EXIT_ENVIRONMENT)

    def test_version(self):
        done = self.ends(self.flowc("--version"), EXIT_CLEAN)
        self.assertRegex(done.out, r"^flowc \d+\.\d+\.\d+\b.*\n$")

    def test_nothing_asked(self):
        done = self.ends(self.flowc(), EXIT_USAGE)
        self.assertEqual(done.out, "")
        self.assertNotEqual(done.err, "")

    def test_unknown_verb_suggests(self):
        done = self.ends(self.flowc("chekc", "a.flow"), EXIT_USAGE)
        self.assertIn("check", done.err)
        self.assertEqual(done.out, "")

    def test_unknown_option(self):
        self.write("a.flow", CLEAN)
        for verb in ("check", "fmt", "cost", "graph", "picture", "build", "fingerprint"):
            with self.subTest(verb=verb):
                done = self.ends(self.flowc(verb, "--nosuch", "a.flow"), EXIT_USAGE)
                self.assertIn("--nosuch", done.err)

    def test_missing_operand(self):
        for verb in "check fmt build cost graph picture fingerprint init completions".split():
            with self.subTest(verb=verb):
                self.ends(self.flowc(verb), EXIT_USAGE)

    def test_bad_values(self):
        self.write("a.flow", CLEAN)
        for arguments in (("check", "--format", "nosuch", "a.flow"),
                          ("check", "--max-errors", "many", "a.flow"), ("check", "--jobs", "0", "a.flow"),
                          ("check", "--jobs", "2x", "a.flow"),
                          ("check", "--deny", "nosuch", "a.flow"),
                          ("cost", "a.flow", "--quantity", "-3"),
                          ("cost", "a.flow", "--quantity", "x"),
                          ("build", "a.flow", "-o", "out", "--only", "nosuch"),
                          ("completions", "nosuch"), ("explain", "nosuch_rule")):
            with self.subTest(arguments=arguments):
                self.ends(self.flowc(*arguments), EXIT_USAGE)


class Check(FlowcTest):
    def test_clean(self):
        self.write("a.flow", CLEAN)
        self.ends(self.flowc("check", "a.flow"), EXIT_CLEAN)

    def test_error(self):
        self.write("a.flow", BROKEN)
        done = self.ends(self.flowc("check", "--format", "short", "a.flow"), EXIT_FINDINGS)
        found = self.short(done)
        self.assertEqual([(d[0], d[1], d[3], d[4]) for d in found],
                         [("a.flow", 3, "error", "unknown_name")], str(done))

    def test_human_shows_the_line(self):
        self.write("a.flow", BROKEN)
        done = self.ends(self.flowc("check", "a.flow"), EXIT_FINDINGS)
        self.assertIn("nosuch; volume", done.text)
        self.assertIn("unknown_name", done.text)
        self.assertIn("a.flow:3:", done.text)
        self.assertNotIn("\x1b", done.text)

    def test_several_files(self):
        self.write("a.flow", CLEAN)
        self.write("b.flow", BROKEN)
        done = self.ends(self.flowc("check", "--format", "json", "a.flow", "b.flow"), EXIT_FINDINGS)
        self.assertEqual([d["file"] for d in done.diagnostics()], ["b.flow"])

    def test_a_folder_says_the_same_whoever_is_faster(self):
        folder = os.path.join(CONTRACT, "cases")
        for format_ in ("human", "short", "json", "sarif", "github"):
            runs = [self.flowc("check", "--format", format_, "--max-errors", "0", "--jobs", jobs, folder)
                    for jobs in ("1", "2", "7")]
            for done in runs:
                self.ends(done, EXIT_FINDINGS)
                self.assertEqual((done.out, done.err), (runs[0].out, runs[0].err))

    def test_a_folder_ends_with_a_summary(self):
        self.ends(self.flowc("init", "shop"), EXIT_CLEAN)
        done = self.ends(self.flowc("check", "shop"), EXIT_CLEAN)
        self.assertRegex(done.err, r"\Ano findings in 1 product in \d+ files\n\Z")
        self.write("shop/other.flow", BROKEN)
        done = self.ends(self.flowc("check", "shop"), EXIT_FINDINGS)
        self.assertRegex(done.err.splitlines()[-1], r"^\d+ errors?.* in \d products? in \d+ files$")

    def test_what_many_files_use_is_spoken_of_once(self):
        self.write("shop.flow", "edition 1\nitem glue { cost 1 USD; kind glue }\n")
        names = [f"product_{i:03}.flow" for i in range(300)]  # more than wait for one another
        for name in names:
            self.write(name, 'edition 1\nuse "shop.flow"\nrole lead "Lead"\nlet a = b\n')
        done = self.ends(self.flowc("check", "--format", "short", "--max-errors", "0", "--jobs", "3", "."), EXIT_FINDINGS)
        places = [(path, rule) for path, _, _, _, rule, _ in self.short(done)]
        self.assertEqual(len(places), len(set(places)))
        self.assertEqual([path for path, rule in places if rule == "unknown_name"], names)
        self.assertEqual(sum("shop.flow" in path and rule in ("bad_phrase", "wrong_kind") for path, rule in places), 1)

    def test_a_file_that_cannot_be_read_keeps_none_of_the_others(self):
        self.write("a.flow", BROKEN)
        self.write("c.flow", BROKEN)
        done = self.ends(self.flowc("check", "--format", "short", "a.flow", "b.flow", "c.flow"), EXIT_ENVIRONMENT)
        self.assertEqual({path for path, *_ in self.short(done)}, {"a.flow", "c.flow"})
        self.assertIn("b.flow", done.err)

    def test_warnings_pass_unless_denied(self):
        case = os.path.join(CONTRACT, "cases")
        self.ends(self.flowc("check", "unused_name_01.flow", folder=case), EXIT_CLEAN)
        self.ends(self.flowc("check", "--deny", "warnings", "unused_name_01.flow", folder=case),
                  EXIT_FINDINGS)

    def test_standard_input(self):
        self.ends(self.flowc("check", "-", stdin=CLEAN.encode()), EXIT_CLEAN)
        done = self.flowc("check", "--format", "json", "-", stdin=BROKEN.encode())
        self.ends(done, EXIT_FINDINGS)
        self.assertEqual(done.diagnostics()[0]["line"], 3)

    def test_json_is_as_the_language_says(self):
        self.write("a.flow", BROKEN)
        done = self.ends(self.flowc("check", "--format", "json", "a.flow"), EXIT_FINDINGS)
        document = json.loads(done.raw)
        self.assertEqual(document["format_version"], "1.0")
        keys = {"rule", "severity", "message", "file", "line", "column", "end_line", "end_column",
                "notes", "fixes"}
        for diagnostic in document["diagnostics"]:
            self.assertLessEqual(keys, set(diagnostic))
            self.assertFalse(diagnostic["message"].endswith("."), diagnostic)
            self.assertFalse(diagnostic["message"][0].isupper(), diagnostic)
        self.write("clean.flow", CLEAN)
        self.assertEqual(self.flowc("check", "--format", "json", "clean.flow").diagnostics(), [])

    def test_columns_count_characters(self):
        self.write("a.flow", 'edition 1\nrole r "žluťoučký" nosuch "x"\n')
        done = self.flowc("check", "--format", "json", "a.flow")
        columns = [d["column"] for d in done.diagnostics() if d["line"] == 2]
        self.assertEqual(columns, [20], str(done))

    def test_sarif(self):
        self.write("a.flow", BROKEN)
        done = self.ends(self.flowc("check", "--format", "sarif", "a.flow"), EXIT_FINDINGS)
        document = json.loads(done.raw)
        self.assertEqual(document["version"], "2.1.0")
        self.assertIn("sarif", document["$schema"])
        run = document["runs"][0]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        result = run["results"][0]
        self.assertEqual(result["ruleId"], "unknown_name")
        self.assertEqual(rules[result["ruleIndex"]], "unknown_name")
        self.assertEqual(result["level"], "error")
        self.assertTrue(result["partialFingerprints"])
        place = result["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "a.flow")
        self.assertEqual(place["region"]["startLine"], 3)

    def test_sarif_fingerprint_survives_moving(self):
        self.write("a.flow", BROKEN)
        self.write("b/a.flow", BROKEN.replace("\n\n", "\n\n# a comment\n\n"))
        prints = []
        for folder in (self.folder, self.path("b")):
            done = self.flowc("check", "--format", "sarif", "a.flow", folder=folder)
            prints.append(json.loads(done.raw)["runs"][0]["results"][0]["partialFingerprints"])
        self.assertEqual(prints[0], prints[1])

    def test_github(self):
        self.write("a.flow", BROKEN)
        done = self.ends(self.flowc("check", "--format", "github", "a.flow"), EXIT_FINDINGS)
        self.assertRegex(done.text, r"(?m)^::error file=a\.flow,line=3,")

    def test_max_errors(self):
        self.write("a.flow", CLEAN + "".join(f"nosuch{i} {{ }}\n" for i in range(50)))
        done = self.ends(self.flowc("check", "--format", "short", "--max-errors", "5", "a.flow"),
                         EXIT_FINDINGS)
        self.assertEqual(len(self.short(done)), 5)

    def test_short_is_sorted_by_place(self):
        self.write("a.flow", "edition 1\nstation b \"B\" { rat 1 USD/h }\nnosuch a { }\n"
                             "station c \"C\" { rate 1 USD/kg }\n")
        done = self.ends(self.flowc("check", "--format", "short", "a.flow"), EXIT_FINDINGS)
        lines = [d[1] for d in self.short(done)]
        self.assertEqual(lines, sorted(lines))
        self.assertGreaterEqual(len(lines), 3)

    def test_three_mistakes_three_messages(self):
        self.write("a.flow", 'edition 1\nstation a "A" { rate = 1 }\nrole r "R"\n'
                             'station b "B" { rate 1 USD/h ] }\nitem i "I" { cost ) 1 USD }\n')
        done = self.ends(self.flowc("check", "--format", "json", "a.flow"), EXIT_FINDINGS)
        self.assertEqual([(d["rule"], d["line"]) for d in done.diagnostics()],
                         [("syntax", 2), ("syntax", 4), ("syntax", 5)], str(done))

    def test_an_unclosed_brace_is_named(self):
        self.write("a.flow", 'edition 1\nstation a "A" {\n  rate 1 USD/h\n')
        done = self.ends(self.flowc("check", "--format", "json", "a.flow"), EXIT_FINDINGS)
        self.assertEqual([d["rule"] for d in done.diagnostics()], ["syntax"])
        self.assertIn("{", json.dumps(done.diagnostics()[0]))

    def test_missing_file(self):
        done = self.ends(self.flowc("check", "nosuch.flow"), EXIT_ENVIRONMENT)
        self.assertIn("nosuch.flow", done.err)

    def test_color(self):
        self.write("a.flow", BROKEN)
        always = self.flowc("check", "--color", "always", "a.flow")
        self.assertIn("\x1b[", always.text)
        never = self.flowc("check", "--color", "never", "a.flow")
        self.assertNotIn("\x1b", never.text)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", always.text)
        self.assertEqual(plain, never.text)

    def test_no_color_on_a_terminal(self):
        self.write("a.flow", BROKEN)
        program = harness.FLOWC
        for variables, colored in ({}, True), ({"NO_COLOR": "1"}, False):
            environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
            environment.update(variables, TERM="xterm-256color")
            done = subprocess.run(["script", "-qec", f"{program} check a.flow", "/dev/null"],
                                  cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            self.assertEqual(b"\x1b[" in done.stdout, colored, done.stdout)

    def test_a_full_disk_is_said(self):
        self.write("a.flow", BROKEN)
        with open("/dev/full", "wb") as full:
            done = self.flowc("check", "--format", "json", "a.flow", stdout=full)
        self.ends(done, EXIT_ENVIRONMENT)
        self.assertNotEqual(done.err, "")

    def test_fix_applies_what_is_certain(self):
        spec = "station a \"A\" { rate 1 USD/h }\n"
        self.write("a.flow", spec)  # the edition is missing, and there is but one
        self.ends(self.flowc("check", "a.flow"), EXIT_FINDINGS)
        self.flowc("check", "--fix", "a.flow")
        self.assertNotEqual(self.read("a.flow").decode(), spec)
        self.ends(self.flowc("check", "a.flow"), EXIT_CLEAN)


class Others(FlowcTest):
    hook = os.path.join(CONTRACT, "desk-hook")

    def test_cost(self):
        done = self.ends(self.flowc("cost", "desk_hook.flow", "--quantity", "50",
                                    "--format", "json", folder=self.hook), EXIT_CLEAN)
        costs = json.loads(done.raw)["costs"]
        self.assertEqual([c["sku"] for c in costs],
                         ["DH-100-black-small", "DH-100-black-large", "DH-100-white-small",
                          "DH-100-white-large"])
        human = self.ends(self.flowc("cost", "desk_hook.flow", "--quantity", "50",
                                     folder=self.hook), EXIT_CLEAN)
        self.assertIn("DH-100-black-small", human.out)

    def test_cost_of_what_is_not_there(self):
        for option in ("--product", "--sku"):
            done = self.flowc("cost", "desk_hook.flow", "--quantity", "1", option, "nosuch",
                              folder=self.hook)
            self.ends(done, EXIT_USAGE)
            self.assertIn("nosuch", done.err)

    def test_graph(self):
        begins = {"dot": b"digraph", "svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG"}
        for kind, begin in begins.items():
            with self.subTest(kind=kind):
                done = self.flowc("graph", "desk_hook.flow", "--format", kind, folder=self.hook)
                self.ends(done, EXIT_CLEAN)
                self.assertTrue(done.raw.startswith(begin), done.raw[:40])

    def test_picture(self):
        begins = {"svg": b"<svg", "pdf": b"%PDF-", "png": b"\x89PNG"}
        for kind, begin in begins.items():
            for view in ("iso", "front", "top", "right", "three"):
                with self.subTest(kind=kind, view=view):
                    done = self.flowc("picture", os.path.join(self.hook, "models", "cap.stl"), "--view", view,
                                      "-o", f"{view}.{kind}")
                    self.assertEqual(self.ends(done, EXIT_CLEAN).out, "")
                    with open(os.path.join(self.folder, f"{view}.{kind}"), "rb") as file:
                        self.assertTrue(file.read().startswith(begin))

    def test_picture_of_what_is_none(self):
        model = os.path.join(self.hook, "models", "cap.stl")
        self.write("empty.stl", "solid nothing\nendsolid nothing\n")
        self.write("words.txt", "no model")
        self.ends(self.flowc("picture", model), EXIT_USAGE)
        self.ends(self.flowc("picture", model, "-o", "cap.gif"), EXIT_USAGE)
        self.ends(self.flowc("picture", model, "-o", "cap.png", "--view", "below"), EXIT_USAGE)
        self.ends(self.flowc("picture", "empty.stl", "-o", "cap.png"), EXIT_FINDINGS)
        self.ends(self.flowc("picture", "words.txt", "-o", "cap.png"), EXIT_FINDINGS)
        self.ends(self.flowc("picture", "nosuch.stl", "-o", "cap.png"), EXIT_ENVIRONMENT)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "cap.png")))

    def test_graph_explains_a_rule(self):
        spec = os.path.join(CONTRACT, "cases", "late_screen_01.flow")
        self.ends(self.flowc("graph", spec), EXIT_FINDINGS)
        done = self.ends(self.flowc("graph", spec, "--explain", "late_screen"), EXIT_FINDINGS)
        red = [line for line in done.out.splitlines() if "#c00000" in line]
        self.assertEqual(len(red), 4, red)  # two steps, the way between them, the message
        self.assertIn("no inspection", done.out)
        done = self.ends(self.flowc("graph", spec, "--explain", "no_count"), EXIT_FINDINGS)
        self.assertNotIn("#c00000", done.out)
        self.assertIn("no way breaks `no_count`", done.err)
        spec = os.path.join(CONTRACT, "cases", "unknown_name_01.flow")
        self.assertEqual(self.ends(self.flowc("graph", spec, "--explain", "no_count"), EXIT_FINDINGS).out, "")
        done = self.ends(self.flowc("graph", spec, "--explain", "late"), EXIT_USAGE)
        self.assertIn("no rule `late`", done.err)

    def test_explain(self):
        done = self.ends(self.flowc("explain", "late_screen"), EXIT_CLEAN)
        self.assertIn("late_screen", done.out)
        self.assertGreater(len(done.out.splitlines()), 10)

    def test_explain_suggests(self):
        done = self.ends(self.flowc("explain", "late_scren"), EXIT_USAGE)
        self.assertIn("late_screen", done.err)

    def test_doctor(self):
        done = self.ends(self.flowc("doctor"), EXIT_CLEAN)
        self.assertIn("specs", done.text)

    def test_without_shipped_specs(self):
        """One message that says where they were looked for and what to do; never one about what only they would have."""
        nowhere = {"FLOW_SPECS": self.path("nowhere")}
        says = f"the shipped specs are not in {nowhere['FLOW_SPECS']}; set FLOW_SPECS"
        shop, plan = (os.path.join(CONTRACT, *names)
                      for names in (("desk-hook", "desk_hook.flow"), ("cases", "cost_04.flow")))
        for verb, wanted in [(["init", "shop"], EXIT_ENVIRONMENT), (["doctor"], EXIT_ENVIRONMENT),
                             (["explain", "dead_end"], EXIT_ENVIRONMENT), (["check", shop], EXIT_FINDINGS),
                             (["cost", shop, "--quantity", "5"], EXIT_FINDINGS), (["graph", shop], EXIT_FINDINGS),
                             (["build", shop, "-o", "out"], EXIT_FINDINGS), (["check", plan], EXIT_FINDINGS)]:
            with self.subTest(verb=verb):
                done = self.ends(self.flowc(*verb, environment=nowhere), wanted)
                self.assertEqual(done.text.count(says), 1, done.text)
                self.assertLessEqual(done.text.count("error["), 1)
        self.assertIn("sampling tables", done.text)

    def test_completions(self):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell=shell):
                done = self.ends(self.flowc("completions", shell), EXIT_CLEAN)
                for verb in VERBS:
                    self.assertRegex(done.out, rf"\b{verb}\b")
        script = self.flowc("completions", "bash").raw
        subprocess.run(["bash", "-n"], input=script, check=True)

    def test_bash_completes(self):
        script = self.write("completion", self.flowc("completions", "bash").raw)
        ask = ('source "$1"; COMP_WORDS=(flowc "$2"); COMP_CWORD=1; COMP_LINE="flowc $2"; '
               '$(complete -p flowc | sed "s/.*-F \\([^ ]*\\).*/\\1/") flowc "$2" flowc; '
               'echo "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", ask, "_", script, "fi"], stdout=subprocess.PIPE,
                              text=True, check=True)
        self.assertEqual(done.stdout.split(), ["fingerprint"])

    def test_fingerprint(self):
        done = self.ends(self.flowc("fingerprint", "desk_hook.flow", folder=self.hook), EXIT_CLEAN)
        self.assertRegex(done.out, r"[0-9a-f]{64}")
        self.copy_hook()
        same = self.flowc("fingerprint", "desk_hook.flow")
        self.assertEqual(same.out, done.out)
        spec = self.read("desk_hook.flow").decode()
        self.write("desk_hook.flow", spec.replace("edition 1\n", "edition 1\n\n# a comment\n"))
        self.assertEqual(self.flowc("fingerprint", "desk_hook.flow").out, done.out)
        self.write("desk_hook.flow", spec.replace("30 mm +/- 0.4 mm", "30 mm +/- 0.5 mm"))
        self.assertNotEqual(self.flowc("fingerprint", "desk_hook.flow").out, done.out)

    def copy_hook(self):
        subprocess.run(["cp", "-r", self.hook + "/.", self.folder], check=True)
