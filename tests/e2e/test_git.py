"""Specs in git: what changed, in words; merged field by field. Real repositories are in test_git_repository.py."""
import collections
import json
import os
import random
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, FlowcTest, contract_products

NUMBER = re.compile(r'(?<![\w.^"/-])\d+(?:\.\d+)?(?![\w.-])')
STEPS = "batch print cut treat inspect gate finish assemble outsource pack ship".split()
OF_PRODUCT = "workflow release price packet".split()
# Of a list of numbers, each is a row of its own: one that goes and another that comes.
LISTS = {"variant", "quantity", "deliver", "reply", "use", "edition", "sku", "pinned"}
PAIRS = CASES = 300


def words_of(kind, name):
    if kind in STEPS:
        return f"step {name}"
    return f"{kind} of {name}" if kind in OF_PRODUCT else f"{kind} {name}"


def code(line):
    """A line without its comment; a text may hold a #."""
    out, quoted = [], False
    for c in line:
        quoted ^= c == '"'
        if c == "#" and not quoted:
            break
        out.append(c)
    return "".join(out).rstrip()


def fields(text):
    """(line number, what it is of, field) of every field that stands on a line of its own."""
    stack, found = [], []
    for at, raw in enumerate(text.split("\n")):
        line = code(raw)
        words = re.match(r"\s*(\w+)(?:\s+(\w+))?", line)
        if line.strip() == "}":
            stack.pop()
        elif words and line.endswith("{"):
            stack.append((words.group(1), words.group(2)))
        elif words and "{" in re.sub(r'"[^"]*"', "", line):
            continue  # a block on one line
        elif words and stack and words.group(1) not in LISTS:
            top = [one for one in stack if one[0] not in ("do", "workflow")] or stack[:1]
            field = "do" if stack[-1][0] == "do" else words.group(1)
            field = "route" if re.match(r"\s*\w+\s*->", line) else field
            found.append((at, words_of(*top[-1]), field))
        elif words and words.group(1) == "let":
            found.append((at, f"let {words.group(2)}", "value"))
    return found


def bumped(line, chance, field):
    """The line with one number changed; None where it has none that stands for one fact."""
    start = line.index("->") if field == "sell" else 0
    numbers = [m for m in NUMBER.finditer(code(line)) if m.start() >= start]
    if field == "sell":
        numbers = [m for m in numbers if re.match(r"\s*[A-Z]{3}", line[m.end():])]
    if not numbers:
        return None
    match = chance.choice(numbers)
    if "." in match.group():
        whole, part = match.group().split(".")
        changed = f"{whole}.{(int(part) + 1 + chance.randrange(5)) % 10 ** len(part):0{len(part)}d}"
    else:
        changed = str(int(match.group()) + 1 + chance.randrange(5))
    return None if float(changed) == float(match.group()) else line[:match.start()] + changed + line[match.end():]


# A change each, by what is written: (of, in place of, what changed, field, kind, part of the sentence).
NAMED = [
    ("desk_hook", "within 4.10 mm .. 4.50 mm", "within 4.05 mm .. 4.55 mm", "part hook", "dimension", "changed",
     "bore of hook opens from 4.10 .. 4.50 mm to 4.05 .. 4.55 mm"),
    ("desk_hook", "within 4.10 mm .. 4.50 mm", "within 4.15 mm .. 4.45 mm", "part hook", "dimension", "changed",
     "bore of hook tightens from"),
    ("desk_hook", "30 mm +/- 0.4 mm  major", "30 mm +/- 0.4 mm  critical", "part hook", "dimension", "changed",
     "width of hook is now critical (was major)"),
    ("desk_hook", '  gauge "Caliper"', "", "part hook", "dimension", "gone", 'gauge of width of hook is gone (was "Caliper")'),
    ("desk_hook", "stringing, layer_shift, warp", "stringing, layer_shift, warp, elephant_foot", "step screen", "check",
     "new", "screen now also rejects elephant_foot"),
    ("desk_hook", "stringing, layer_shift, warp", "stringing, warp", "step screen", "check", "gone",
     "screen no longer rejects layer_shift"),
    ("desk_hook", "50 -> 15.00 USD", "50 -> 14.50 USD", "price of desk_hook", "sell", "changed",
     "price of 50 falls from 15.00 to 14.50 USD"),
    ("desk_hook", ", 250 -> 13.90 USD", ", 250 -> 13.90 USD, 500 -> 13.00 USD", "price of desk_hook", "sell", "new",
     "price of 500 is new: 13.00 USD"),
    ("desk_hook", "  assemble inserts", '  finish polish "Polish" {\n    at bench\n    do "Polish it." { time 5 s }\n  }\n\n'
     "  assemble inserts", "step polish", None, "new", "step polish is new, between cleanup and inserts"),
    ("desk_hook", "  pass   -> cleanup\n", "  pass   -> inserts\n", "step screen", "route", None, "inserts"),
    ("desk_hook", "color  black, white", "color  black, white, red", "product desk_hook", "variant", "new",
     "color of desk_hook may now also be red"),
    ("desk_hook", "m3_insert x 2, magnet_10x3 x 2", "m3_insert x 2", "product desk_hook", "contains", "gone",
     "desk_hook no longer contains magnet_10x3 x 2"),
    ("desk_hook", '"Hook body"', '"Hook"', "part hook", "title", "changed", "title of hook changes from"),
    ("desk_hook", "let iron = 225 degC", "let iron = 230 degC", "let iron", "value", "changed", "iron rises from 225 to 230 degC"),
    ("desk_hook", "void_on     model, material", "void_on     material", "release of desk_hook", "void_on", "gone",
     "no longer voided by model"),
    ("desk_hook", 'tool  "Deburring blade"', 'tool  "Knife"', "step touch_up", "do", "changed",
     'from "Deburring blade" to "Knife"'),
    ("desk_hook", "time    20 s per unit", "time    20 s per batch", "step screen", "time", "changed", "is now per batch"),
    ("desk_hook", "small -> 42 min", "small -> 45 min", "part hook", "print_time", "changed",
     "print time of hook for small rises from 42 to 45 min"),
    ("desk_hook", "label    sku, batch, qr", "label    sku, batch, qr, date", "step box", "label", "new",
     "box now also labels date"),
    ("desk_hook", "revision  C", "revision  D", "product desk_hook", "revision", "changed", "from C to D"),
]


class Diff(FlowcTest):
    def setUp(self):
        super().setUp()
        for folder, _ in contract_products():
            shutil.copytree(os.path.join(CONTRACT, folder), self.path(folder))

    def changes(self, folder, new, number, status=None):
        """What flowc says of a spec and the same changed, own changes and what follows."""
        name = dict(contract_products())[folder]
        path = self.write(f"{folder}/changed_{number}.flow", new)
        done = self.flowc("diff", "--exit-code", "--format", "json", self.path(folder, name), path)
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS) if status is None else (status,), str(done))
        found = json.loads(done.raw)
        self.assertEqual(done.status, EXIT_FINDINGS if found["changes"] else EXIT_CLEAN)
        return [one for one in found["changes"] if not one["follows"]], found

    def pairs(self):
        """(folder, new text, what, field, kind, part of the sentence): one change each."""
        texts = {}
        for folder, name in contract_products():
            with open(os.path.join(CONTRACT, folder, name), encoding="utf-8") as file:
                texts[folder] = file.read()
        for _, old, new, *expected in NAMED:
            self.assertIn(old, texts["desk-hook"])
            yield ("desk-hook", texts["desk-hook"].replace(old, new, 1), *expected)
        chance = random.Random(11)
        for _ in range(PAIRS - len(NAMED)):
            folder, text = chance.choice(sorted(texts.items()))
            lines, line = text.split("\n"), None
            while line is None:
                at, what, field = chance.choice(fields(text))
                line = bumped(lines[at], chance, field)
            yield folder, "\n".join(lines[:at] + [line] + lines[at + 1:]), what, field, None, ""

    def test_exactly_the_change_is_named(self):
        pairs = list(self.pairs())
        self.assertEqual(len(pairs), PAIRS)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda one: self.changes(one[1][0], one[1][1], one[0]), enumerate(pairs)))
        for (folder, new, what, field, kind, words), (own, found) in zip(pairs, answers):
            with self.subTest(folder=folder, what=what, field=field, words=words):
                told = json.dumps(own, indent=1)
                self.assertEqual(len(own), 1, told)
                self.assertEqual((own[0]["what"], own[0]["field"]), (what, field), told)
                self.assertIn(words, own[0]["sentence"])
                if kind:
                    self.assertEqual(own[0]["kind"], kind, told)

    def test_comments_layout_and_units_are_no_difference(self):
        text = self.read("desk-hook/desk_hook.flow").decode()
        other = text.replace("  layer       0.2 mm", "  layer 200 um  # thin").replace("let iron", "# hot\nlet iron")
        own, found = self.changes("desk-hook", other, 0, EXIT_CLEAN)
        self.assertEqual((own, found["costs"], found["voids"]), ([], [], []))
        done = self.flowc("diff", "--exit-code", "desk-hook/desk_hook.flow", "desk-hook/changed_0.flow")
        self.assertIn("comments, layout or ways of writing only", self.ends(done, EXIT_CLEAN).out)

    def test_cost_and_approval(self):
        text = self.read("desk-hook/desk_hook.flow").decode()
        _, found = self.changes("desk-hook", text.replace("4.10 mm .. 4.50", "4.05 mm .. 4.50").replace("50 -> 15", "50 -> 14"), 0)
        self.assertEqual([(one["product"], one["approvals"], one["fields"]) for one in found["voids"]],
                         [("desk_hook", "pp_sample", "dimension bore of part hook")])
        self.assertEqual({one["quantity"] for one in found["costs"]}, {50})
        self.assertEqual(len(found["costs"]), 4)
        for one in found["costs"]:
            self.assertEqual((one["price_before"], one["price_after"]), (15, 14))
            self.assertEqual(one["cost_before"], one["cost_after"])
            self.assertGreater(one["margin_before"], one["margin_after"])
        classes = {one["field"]: one["class"] for one in found["changes"]}
        self.assertEqual(classes, {"dimension": "breaks compatibility", "sell": "process"})
        _, found = self.changes("desk-hook", text.replace("4.10 mm .. 4.50", "4.15 mm .. 4.50"), 1)
        self.assertEqual(found["class"], "breaks the approval")
        _, found = self.changes("desk-hook", text.replace('"Hook body"', '"Hook"'), 2)
        self.assertEqual(found["class"], "cosmetic")

    def test_what_follows_is_told_apart(self):
        text = self.read("desk-hook/desk_hook.flow").decode()
        own, found = self.changes("desk-hook", text.replace("225 degC", "230 degC"), 0)
        self.assertEqual([one["what"] for one in own], ["let iron"])
        self.assertEqual([one["what"] for one in found["changes"] if one["follows"]], ["step inserts"])

    def test_a_model_that_is_another_one(self):
        shutil.copytree(self.path("desk-hook"), self.path("other"))
        with open(self.path("other", "models", "cap.stl"), "ab") as file:
            file.write(b" ")
        done = self.flowc("diff", "--exit-code", "desk-hook/desk_hook.flow", "other/desk_hook.flow")
        self.assertIn("the file of model of cap is another one", self.ends(done, EXIT_FINDINGS).out)
        self.assertIn("Voids pp_sample of desk_hook: model of part cap", done.out)

    def test_renamed_and_moved(self):
        text = self.read("desk-hook/desk_hook.flow").decode()
        own, _ = self.changes("desk-hook", text.replace("touch_up", "repair"), 0)
        self.assertEqual([one["sentence"] for one in own], ["step touch_up is now called repair"])
        first, last = text.index("  inspect first_piece"), text.index("  inspect final")
        moved = text[:first] + text[last:].replace("  pack box", text[first:last] + "  pack box", 1)
        own, _ = self.changes("desk-hook", moved, 1)
        self.assertEqual([(one["kind"], one["what"]) for one in own if one["kind"] == "moved"], [("moved", own[0]["what"])])

    def test_a_spec_with_errors_is_compared_as_far_as_it_goes(self):
        text = self.read("desk-hook/desk_hook.flow").decode()
        self.write("desk-hook/torn.flow", text.replace("infill      20%", "infill      20% %%", 1).replace("0.6 g", "0.7 g"))
        done = self.ends(self.flowc("diff", "--exit-code", "desk-hook/desk_hook.flow", "desk-hook/torn.flow"), EXIT_FINDINGS)
        self.assertIn("what could be read of it was compared", done.out)
        self.assertIn("mass of cap rises from 0.6 to 0.7 g", done.out)

    def test_what_is_inherited_follows(self):
        base = ('edition 1\nprocess p { kind additive; holds 0.1 mm }\nmaterial m { process p; cost 2 USD/kg }\n'
                "part a {\n  process p\n  material m\n  mass 5 g  # } not here\n}\npart b {\n  like a\n  layer 1 mm\n}\n")
        self.write("a.flow", base)
        for old, new, own, follows in (("mass 5 g", "mass 6 g", ["part a"], ["part b"]),
                                       ("layer 1 mm", "layer 2 mm", ["part b"], [])):
            self.write("b.flow", base.replace(old, new))
            found = json.loads(self.ends(self.flowc("diff", "--exit-code", "--format", "json", "a.flow", "b.flow"), EXIT_FINDINGS).raw)
            self.assertEqual([one["what"] for one in found["changes"] if not one["follows"]], own)
            self.assertEqual([one["what"] for one in found["changes"] if one["follows"]], follows)

    def test_a_large_file(self):
        subprocess.run(["python3", os.path.join(harness.TOP, "tests", "bench", "generate.py"), "catalogue", "10000", self.folder],
                       check=True, stdout=subprocess.DEVNULL)
        text = self.read("catalogue.flow").decode()
        at = [match.start() for match in re.finditer(r"\n    time +\d", text)][100]
        self.write("b.flow", text[:at] + re.sub(r"\d+", "77", text[at:], count=1))
        found = json.loads(self.ends(self.flowc("diff", "--exit-code", "--format", "json", "catalogue.flow", "b.flow"), EXIT_FINDINGS).raw)
        self.assertEqual([one["field"] for one in found["changes"] if not one["follows"]], ["time"])

    def test_markdown_and_usage(self):
        text = self.read("desk-hook/desk_hook.flow").decode()
        self.write("desk-hook/b.flow", text.replace("50 -> 15.00", "50 -> 14.50"))
        done = self.ends(self.flowc("diff", "--exit-code", "--format", "markdown", "desk-hook/desk_hook.flow", "desk-hook/b.flow"), EXIT_FINDINGS)
        self.assertIn("- price of 50 falls from 15.00 to 14.50 USD\n", done.out)
        self.assertIn("| DH-100-black-small | 50 |", done.out)
        self.ends(self.flowc("diff"), EXIT_USAGE)
        self.ends(self.flowc("diff", "--exit-code", "a", "b", "c"), EXIT_USAGE)
        self.ends(self.flowc("diff", "--exit-code", "--format", "xml", "a", "b"), EXIT_USAGE)
        self.ends(self.flowc("diff", "--exit-code", "nowhere.flow", "desk-hook/b.flow"), EXIT_ENVIRONMENT)


def normal(line):
    return re.sub(r"\s+", " ", line.strip())


def applied(lines, edits):
    return "\n".join(new for at, line in enumerate(lines) for new in edits.get(at, [line]))


def counted(text):
    return collections.Counter(normal(line) for line in text.split("\n") if normal(line))


class Merge(FlowcTest):
    def merge(self, base, ours, theirs, number=0):
        names = [self.write(f"{number}/{name}.flow", text) for name, text in
                 (("base", base), ("ours", ours), ("theirs", theirs))]
        return self.flowc("merge-driver", "--print", *names)

    def cases(self):
        """(base, ours, theirs, what must come out, the two lines of a conflict or None)"""
        names = [os.path.join(CONTRACT, *one) for one in contract_products()]
        names.append(os.path.join(CONTRACT, "desk-hook", "shop.flow"))
        texts = []
        for name in names:
            with open(name, encoding="utf-8") as file:
                texts.append(file.read().split("\n"))
        for seed in range(CASES):
            chance = random.Random(seed)
            lines = chance.choice(texts)
            at = [i for i, line in enumerate(lines) if re.match(r"\s+[a-z_]+\b.*\d", line) and "{" not in line
                  and not code(line).endswith((",", "}")) and code(line).count('"') % 2 == 0
                  and not code(lines[i - 1]).endswith(",")]
            picked = chance.sample(at, min(len(at), chance.randrange(2, 9)))
            clash = picked.pop() if chance.random() < 0.4 else None
            sides = ({}, {})
            for i, line in enumerate(picked):
                sides[i % 2][line] = self.edit(lines[line], line, chance)
            both = {**sides[0], **sides[1]}
            if clash is not None:
                for side in sides:
                    side[clash] = [self.changed(lines[clash], chance)]
                while sides[0][clash] == sides[1][clash]:
                    sides[1][clash] = [self.changed(lines[clash], chance)]
            yield ("\n".join(lines), applied(lines, sides[0]), applied(lines, sides[1]),
                   applied(lines, {**both, **({clash: []} if clash is not None else {})}),
                   (sides[0][clash][0], sides[1][clash][0]) if clash is not None else None)

    @staticmethod
    def changed(line, chance):
        match = chance.choice(list(re.finditer(r"\d+", line)))
        return line[:match.start()] + str(int(match.group()) + chance.randrange(1, 9)) + line[match.end():]

    def edit(self, line, at, chance):
        kind = chance.choice(["number", "number", "gone", "comment", "above", "new"])
        if kind == "gone":
            return []
        if kind == "comment" and "#" not in line:
            return [f"{line}  # because {at}"]
        if kind == "above":
            return [f"  # above {at}", line]
        if kind == "new":
            return [line, f'{re.match(" *", line).group()}extra_{at} "because"']
        return [self.changed(line, chance)]

    def test_nothing_is_lost_and_nothing_merged_silently(self):
        cases = list(self.cases())
        self.assertEqual(len(cases), CASES)
        self.assertGreater(sum(1 for one in cases if one[4]), 60)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda one: self.merge(*one[1][:3], one[0]), enumerate(cases)))
        for number, ((_, _, _, expected, clash), done) in enumerate(zip(cases, answers)):
            with self.subTest(number=number):
                conflicts = re.findall(r"<<<<<<< ours\n(.*?)=======\n(.*?)>>>>>>> theirs\n", done.out, re.S)
                rest = re.sub(r"<<<<<<< ours\n.*?>>>>>>> theirs\n", "", done.out, flags=re.S)
                self.ends(done, EXIT_FINDINGS if clash else EXIT_CLEAN)
                self.assertEqual([tuple(normal(side) for side in one) for one in conflicts],
                                 [tuple(normal(side) for side in clash)] if clash else [])
                self.assertEqual(counted(rest), counted(expected))

    def test_blocks(self):
        with open(os.path.join(CONTRACT, "desk-hook", "desk_hook.flow"), encoding="utf-8") as file:
            base = file.read()
        step = '  finish {0} "New" {{\n    time 1 s\n  }}\n\n'
        gone = base[:base.index("  finish touch_up")] + base[base.index("  finish cleanup"):]
        cases = [  # name, ours, theirs, conflicts, what must be in it
            ("fields of one block", ("9.7 g", "9.9 g"), ("infill      20%", "infill      30%"), 0, ["9.9 g", "30%"]),
            ("title and field", ('"Hook body"', '"Hook"'), ("9.7 g", "9.9 g"), 0, ['"Hook"', "9.9 g"]),
            ("titles", ('"Hook body"', '"Hook A"'), ('"Hook body"', '"Hook B"'), 1, ["Hook A", "Hook B"]),
            ("steps in two places", ("  assemble inserts", step.format("a") + "  assemble inserts"),
             ("  pack box", step.format("b") + "  pack box"), 0, ["finish a", "finish b"]),
            ("steps in one place", ("  assemble inserts", step.format("a") + "  assemble inserts"),
             ("  assemble inserts", step.format("b") + "  assemble inserts"), 1, ["finish a", "finish b"]),
            ("text and tool of a line", ("Shave strings", "Cut strings"), ('"Deburring blade"', '"Knife"'), 0, ["Cut", "Knife"]),
            ("texts of a line", ("Shave strings", "Cut strings"), ("Shave strings", "Trim strings"), 1, ["Cut", "Trim"]),
            ("one name twice", ("  dimension width", "  dimension d 1 mm\n  dimension width"),
             ("  dimension width", "  dimension d 2 mm\n  dimension width"), 1, ["d 1 mm", "d 2 mm"]),
            ("the same twice", ("9.7 g", "9.9 g"), ("9.7 g", "9.9 g"), 0, ["9.9 g"]),
        ]
        for name, ours, theirs, conflicts, inside in cases:
            with self.subTest(name=name):
                done = self.merge(base, base.replace(*ours, 1), base.replace(*theirs, 1))
                self.ends(done, EXIT_FINDINGS if conflicts else EXIT_CLEAN)
                self.assertEqual(done.out.count("<<<<<<<"), conflicts)
                for text in inside:
                    self.assertIn(text, done.out)
        done = self.ends(self.merge(base, gone, base.replace("time  40 s", "time  50 s")), EXIT_FINDINGS)
        self.assertIn("time  50 s", done.out)
        self.assertNotIn("touch_up \"", self.ends(self.merge(base, gone, base.replace("9.7 g", "9.9 g")), EXIT_CLEAN).out)

    def test_a_block_on_one_line(self):
        base = 'edition 1\nstation bench "Bench" { rate 24 USD/h; seats 2 }\n'
        merge = lambda ours, theirs: self.merge(base, base.replace(*ours), base.replace(*theirs))
        self.assertEqual(self.ends(merge(("24", "25"), ("2 }", "3 }")), EXIT_CLEAN).out,
                         base.replace("24", "25").replace("2 }", "3 }"))
        done = self.ends(merge(("24", "25"), ("24", "26")), EXIT_FINDINGS)
        self.assertIn("<<<<<<< ours\n  rate 25 USD/h\n=======\n  rate 26 USD/h\n>>>>>>> theirs\n  seats 2\n", done.out)

    def test_what_cannot_be_read_is_merged_by_lines(self):
        base = 'edition 1\nrole a\n\nrole b\n\nrole c "C"\n'
        done = self.merge(base, base.replace("role a", "role a {{"), base.replace('"C"', '"D"'))
        self.ends(done, EXIT_CLEAN)
        self.assertIn("role a {{", done.out)
        self.assertIn('"D"', done.out)
        self.assertIn("merging its lines", done.err)
