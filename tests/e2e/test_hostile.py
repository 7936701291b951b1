"""Input that nobody means well: an error with a place, in bounded time and memory, never a crash."""
import os
import subprocess

import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, FlowcTest

CPU_S = 20
MEMORY_MB = 1024


class Hostile(FlowcTest):
    def hostile(self, content, rule="syntax", name="a.flow", stdin=False):
        """Checks content: status 1 and an error of the rule with a place, also through fmt and standard input."""
        self.write(name, content)
        done = self.flowc("check", "--format", "short", name, cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_FINDINGS)
        found = self.short(done)
        self.assertIn(rule, [d[4] for d in found], str(done))
        self.assertTrue(all(d[1] >= 1 and d[2] >= 1 for d in found))
        formatted = self.flowc("fmt", "--check", name, cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.assertIn(formatted.status, (EXIT_CLEAN, EXIT_FINDINGS), str(formatted))
        for output in "json", "sarif", "human", "github":
            other = self.flowc("check", "--format", output, name, cpu_s=CPU_S, memory_mb=MEMORY_MB)
            self.ends(other, EXIT_FINDINGS)
        return found

    def test_not_utf8(self):
        for bad in b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80":
            with self.subTest(bad=bad):
                found = self.hostile(b'edition 1\n\nrole r "' + bad + b'"\n')
                self.assertEqual(found[0][1], 3)

    def test_nul(self):
        found = self.hostile(b'edition 1\nrole r "a\0b"\n')
        self.assertEqual(found[0][1], 2)

    def test_empty_and_blank(self):
        for content in b"", b"\n", b"\xef\xbb\xbf", b"# only a comment", b"\xef\xbb\xbf\r\n\t\r\n":
            with self.subTest(content=content):
                self.hostile(content, "edition_missing")

    def test_random_bytes(self):
        state = 12345
        junk = bytearray()
        for _ in range(20000):
            state = state * 1103515245 + 12345 & 0x7fffffff
            junk.append(32 + (state >> 16) % 95)
        self.hostile(b"edition 1\n" + bytes(junk))

    def test_100_mb(self):
        path = self.write("a.flow", 'edition 1\n')
        with open(path, "ab") as file:
            line = b'role r_%07d "Somebody who signs"\n'
            for first in range(0, 3_000_000, 10_000):
                file.write(b"".join(line % n for n in range(first, first + 10_000)))
        self.assertGreater(os.path.getsize(path), 100_000_000)
        done = self.flowc("check", "--format", "short", "a.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_FINDINGS)
        self.assertEqual(self.short(done)[0][4], "syntax")

    def test_one_line_of_10_mb(self):
        self.hostile(b"edition 1 ; " + b"x " * 5_000_000 + b"}")
        self.hostile(b'edition 1\nrole r "' + b"a" * 10_000_000)
        self.hostile(b"edition 1\n" + b"a" * 10_000_000, "unknown_kind")
        self.hostile(b"edition 1\nlet a = " + b"9" * 10_000_000 + b"]")

    def test_100_000_nested(self):
        depth = 100_000
        for content in (b"a { " * depth, b"let a = " + b"(" * depth, b"a { " * depth + b"} " * depth,
                        b"let a = " + b"-" * depth + b"1", b"let a = " + b'"{' * depth,
                        b"let a = " + b"1 + (" * depth + b"1" + b")" * depth,
                        b"let a = " + b"min(" * depth, b"}" * depth):
            with self.subTest(content=content[:12]):
                self.hostile(b"edition 1\n" + content + b"\n")

    def test_100_000_siblings(self):
        count = 100_000
        self.write("good.flow", "edition 1\n" + "".join(f'role r{i} "R"\n' for i in range(count)))
        done = self.flowc("check", "good.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_CLEAN)
        self.hostile("edition 1\n" + "".join(f"nosuch{i} a{i} {{ }}\n" for i in range(count)),
                     "unknown_kind")
        self.hostile("edition 1\n" + 'role same "R"\n' * count, "duplicate_name")
        self.hostile("edition 1\nstation s \"S\" {\n" + "  rate 1 USD/h\n" * count + "}\n",
                     "duplicate_field")
        self.hostile("edition 1\n" + "let a = nosuch" + " + nosuch" * count + "\n")

    def test_long_chains(self):
        """Values and likes that lean on each other ten thousand deep, and in a circle."""
        count = 10_000
        lets = "".join(f"let v{i} = v{i + 1} + 1 mm\n" for i in range(count))
        self.write("chain.flow", f"edition 1\n{lets}let v{count} = 1 mm\n")
        done = self.flowc("check", "chain.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))
        self.hostile(f"edition 1\n{lets}let v{count} = v0\n", "bad_phrase")
        likes = "".join(f'station s{i} "S" {{ like s{i + 1} }}\n' for i in range(count))
        self.hostile(f'edition 1\n{likes}station s{count} "S" {{ like s0 }}\n', "like_cycle")

    def test_numbers_that_grow(self):
        doubling = "".join(f"let v{i + 1} = v{i} * v{i}\n" for i in range(64))
        self.write("a.flow", f"edition 1\nlet v0 = 99999999999\n{doubling}")
        done = self.flowc("check", "--format", "short", "a.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_FINDINGS)
        self.assertIn("out_of_range", [d[4] for d in self.short(done)], str(done))

    def test_texts_that_grow(self):
        doubling = "".join(f'let t{i + 1} = "{{t{i}}}{{t{i}}}"\n' for i in range(64))
        self.write("a.flow", f'edition 1\nlet t0 = "abcdefgh"\n{doubling}role r "{{t64}}"\n')
        done = self.flowc("check", "--format", "short", "a.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))

    def test_variants_that_grow(self):
        """Twelve axes of ten cases: more SKUs than anyone can list."""
        axes = "".join(f"  variant a{i} {', '.join(f'c{n}' for n in range(10))}\n" for i in range(12))
        self.write("a.flow", 'edition 1\nshop s "S" { currency USD }\nitem i "I" { cost 1 USD }\n'
                   f'product p "P" {{\n  number "1"\n  revision A\n{axes}  contains i x 1\n'
                   '  pack box "Box" { contains p x 1; consume i x 1 }\n  ship out "Out"\n}\n')
        done = self.flowc("check", "--format", "short", "a.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_FINDINGS)

    def shop(self, parts, contains, workflow):
        """A product that contains these parts, made by print `run` and the steps of workflow."""
        made = "".join(f'part {p} "P" {{ process fdm; material pla; print_time 1 min; mass 1 g }}\n' for p in parts)
        self.write("shop.flow", 'edition 1\nuse std.processes\nshop s "S" { currency USD }\n'
                   'station b "B" { rate 30 USD/h }\nmaterial pla "P" { process fdm; cost 20 USD/kg }\n'
                   'machine m1 "M" { process fdm; volume 99 x 99 x 99 mm; rate 1 USD/h }\n' + made
                   + f'product q "Q" {{ number "1"; revision A; contains {contains} }}\nworkflow q {{\n'
                   f'  print run "R" {{ at b; on m1; makes {", ".join(parts)} }}\n{workflow}  ship out "O" {{ at b }}\n}}\n')
        found = []
        for verb in (("check", "--format", "short"), ("cost", "--quantity", "100")):
            done = self.flowc(verb[0], "shop.flow", *verb[1:], cpu_s=CPU_S, memory_mb=MEMORY_MB)
            self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))
            found += self.short(done)
        return {d[4] for d in found}

    def test_100_000_parts(self):
        parts = [f"p{i}" for i in range(100_000)]
        rules = self.shop(parts, ", ".join(f"{part} x 1" for part in parts), "")
        self.assertIn("out_of_range", rules)

    def test_100_000_steps(self):
        steps = "".join(f'  assemble a{i} "A" {{ at b; do "1 mm"; time 5 s }}\n' for i in range(100_000))
        self.assertNotIn("out_of_range", self.shop(["p"], "p x 1", steps))

    def test_a_thousand_ways_back_anywhere(self):
        """The exact sums of such a workflow would fill the machine with digits: it is reckoned to nine of them."""
        steps = "".join(f'  assemble a{i} "A" {{ at b; do "1 mm"; time 5 s; yield 99.{i % 9}%\n'
                        f'    failure -> a{i * 7919 % 1000} at most 1 }}\n' for i in range(1000))
        self.assertNotIn("out_of_range", self.shop(["p"], "p x 1", steps))
        steps = "".join(f'  assemble a{i} "A" {{ at b; do "1 mm"; time 5 s; yield 99.{i % 9}%\n'
                        f'    failure -> a{i * 7919 % max(i, 1)} at most 1 }}\n' for i in range(190))
        self.assertNotIn("out_of_range", self.shop(["p"], "p x 1", steps))

    def test_a_circle_of_a_thousand_files(self):
        count = 1000
        for i in range(count):
            self.write(f"f{i}.flow", f'edition 1\nuse "f{(i + 1) % count}.flow"\n')
        done = self.flowc("check", "--format", "short", "f0.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_FINDINGS)
        self.assertEqual([d[4] for d in self.short(done)], ["import_cycle"])

    def test_a_chain_of_a_thousand_files(self):
        for i in range(1000):
            self.write(f"f{i}.flow", f'edition 1\nuse "f{i + 1}.flow"\n')
        self.write("f1000.flow", "edition 1\n")
        done = self.flowc("check", "f0.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))

    def test_a_file_that_uses_itself(self):
        self.write("a.flow", 'edition 1\nuse "a.flow"\n')
        done = self.flowc("check", "--format", "short", "a.flow")
        self.ends(done, EXIT_FINDINGS)
        self.assertEqual([d[4] for d in self.short(done)], ["import_cycle"])


class HostileYaml(FlowcTest):
    def hostile(self, yaml):
        self.write("m.yaml", yaml)
        self.write("a.flow", 'edition 1\nuse "m.yaml"\n')
        done = self.flowc("check", "--format", "short", "a.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_FINDINGS)
        found = self.short(done)
        self.assertIn("m.yaml", [d[0] for d in found], str(done))
        return found

    def test_bomb(self):
        rows = ['a0: &a0 ["x"]'] + [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]"
                                    for i in range(1, 30)]
        self.hostile("\n".join(rows) + "\n")

    def test_broken(self):
        for yaml in ("machine: [", "machine:\n\t- x\n", "a: b: c\n", "machine: *nosuch\n", b"\xff\xfe\xfa",
                     "machine:\n  m: {process: \"\n", b"machine:\n  m: \"a\0b\"\n", "- a\n- b\n", "just text\n",
                     "machine: " + "[" * 100_000, "machine: " + "{a: " * 100_000,
                     "machine:\n  m: &m\n    like: *m\n", "? [a, b]\n: c\n"):
            with self.subTest(yaml=yaml[:30]):
                self.hostile(yaml)

    def test_100_000_siblings(self):
        count = 100_000
        self.hostile("station:\n" + "".join(f"  s{i}: {{rte: 1 USD/h, list: [1, {{2: 3}}]}}\n" for i in range(count)))
        self.hostile("station:\n" + "  s: {rate: 1 USD/h}\n" * count)
        self.hostile("station:\n  s: {" + "rate: 1 USD/h, " * count + "}\n")
        self.hostile("station: {" + ", ".join(f"s{i}: {{rte: 1}}" for i in range(count)) + "}\n")

    def test_one_line_of_10_mb(self):
        self.hostile('station:\n  s: {rate: "' + "1 USD/h, " * 1_100_000 + '"}\n')
        self.hostile("station:\n  s: {rate: " + "1" * 10_000_000 + " USD}\n")
        self.hostile("station:\n  s: {rate: '" + "a" * 10_000_000)
        self.hostile("a" * 10_000_000 + ": {}\n")

    def test_100_mb(self):
        line = "  s%07d: {rate: 1 USD/h, seats: 3, title: \"A place where somebody works\"}\n"
        self.write("m.yaml", "station:\n" + "".join(line % i for i in range(1_400_000)))
        self.write("a.flow", 'edition 1\nuse "m.yaml"\n')
        done = self.flowc("check", "--format", "json", "a.flow", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.ends(done, EXIT_FINDINGS)
        self.assertEqual([(d["rule"], d["line"], d["column"]) for d in done.diagnostics()], [("import_missing", 2, 5)])
        self.assertIn("over 95 MB", done.out)

    def test_one_mistake_one_message(self):
        for value in "[1, 2]", "[1, {2: 3}]", "{4: 5}", "[[6]]":
            found = self.hostile(f"station:\n  s: {{rate: 1 USD/h, nosuch: {value}}}\n")
            self.assertEqual([d[4] for d in found], ["unknown_field"], value)

    def test_a_key_twice(self):
        found = self.hostile("station:\n  s: {rate: 1 USD/h}\n  s: {rate: 2 USD/h}\n")
        self.assertEqual(found[0][1], 3)


class HostileFiles(FlowcTest):
    def test_a_folder_as_file(self):
        os.mkdir(self.path("folder.flow"))
        done = self.flowc("check", "folder.flow")
        self.ends(done, EXIT_ENVIRONMENT)
        self.assertIn("folder.flow", done.err)

    def test_a_folder_that_is_used(self):
        os.mkdir(self.path("folder.flow"))
        self.write("a.flow", 'edition 1\nuse "folder.flow"\n')
        done = self.flowc("check", "--format", "short", "a.flow")
        self.assertIn(done.status, (EXIT_FINDINGS, EXIT_ENVIRONMENT), str(done))
        self.assertIn("folder.flow", done.text)

    def test_unreadable(self):
        path = self.write("a.flow", "edition 1\n")
        os.chmod(path, 0)
        os.chmod(self.folder, 0o755)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
        done = subprocess.run((nobody if os.geteuid() == 0 else []) + [harness.FLOWC, "check", path],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, EXIT_ENVIRONMENT, done.stderr)
        self.assertIn("a.flow", done.stderr)

    def test_a_device_without_end(self):
        done = self.flowc("check", "/dev/zero", cpu_s=CPU_S, memory_mb=MEMORY_MB)
        self.assertIn(done.status, (EXIT_FINDINGS, EXIT_ENVIRONMENT), str(done))

    def test_a_broken_link(self):
        os.symlink("nowhere", self.path("a.flow"))
        self.ends(self.flowc("check", "a.flow"), EXIT_ENVIRONMENT)

    def test_names_with_everything(self):
        for name in "with space.flow", "ž.flow", "--odd.flow", "a'b\"c.flow", "new\nline.flow":
            with self.subTest(name=name):
                self.write(name, "edition 1\nnosuch a { }\n")
                done = self.flowc("check", "--format", "json", "./" + name)
                self.ends(done, EXIT_FINDINGS)
                self.assertEqual(os.path.normpath(done.diagnostics()[0]["file"]), name)

    def test_a_thousand_paths(self):
        names = [f"f{i}.flow" for i in range(1000)]
        for name in names:
            self.write(name, 'edition 1\nrole r "R"\n')
        self.ends(self.flowc("check", *names), EXIT_CLEAN)

    def test_little_memory(self):
        """A machine that has no memory left: said, with status 3, nothing crashed."""
        if harness.CHECKED:
            self.skipTest("sanitizers need their memory")
        hook = os.path.join(CONTRACT, "desk-hook")
        ends = set()
        for megabytes in (16, 20, 24, 32, 48, 64, 96):
            done = self.flowc("build", "desk_hook.flow", "-o", self.path("out"), folder=hook,
                              memory_mb=megabytes)
            # 127: the system's loader found no room for the program itself
            self.assertIn(done.status, (EXIT_CLEAN, EXIT_ENVIRONMENT, 127), str(done))
            ends.add(done.status)
        self.assertIn(EXIT_ENVIRONMENT, ends)
