"""flowc build and init: every output of every product, the same bytes every time, nothing half-written."""
import io
import json
import os
import re
import shutil
import subprocess
import time
import zipfile

from harness import (CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, FlowcTest,
                     contract_products, example_specs, tree)

OUTPUTS = "instructions diagram workbook packet labels forms spec".split()
HOOK = os.path.join(CONTRACT, "desk-hook")


def specs():
    """(folder, main file) of the contract's products and the examples."""
    return ([(os.path.join(CONTRACT, folder), name) for folder, name in contract_products()] +
            [os.path.split(path) for path in example_specs()])


class Build(FlowcTest):
    def build(self, folder, name, out, *more, environment=None):
        return self.flowc("build", name, "-o", out, *more, folder=folder, environment=environment)

    def test_same_bytes_in_another_place_at_another_time(self):
        firsts = []
        for number, (folder, name) in enumerate(specs()):
            out = self.path(f"first{number}")
            self.ends(self.build(folder, name, out), EXIT_CLEAN)
            firsts.append(tree(out))
            self.assertTrue(firsts[-1])
        time.sleep(2.1)  # a zip file counts time in steps of two seconds
        other = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "HOME": self.path("home"), "LANG": "C"}
        for number, (folder, name) in enumerate(specs()):
            with self.subTest(name=name):
                beside = self.path("elsewhere", "deeper", str(number))  # a spec may use the folder next to its own
                shutil.copytree(os.path.dirname(folder), beside, ignore=shutil.ignore_patterns("cases"))
                place = os.path.join(beside, os.path.basename(folder))
                self.ends(self.build(place, name, "out", environment=other), EXIT_CLEAN)
                again = tree(os.path.join(place, "out"))
                self.assertEqual(sorted(again), sorted(firsts[number]))
                for path, content in again.items():
                    self.assertEqual(content, firsts[number][path], f"{name}: {path} differs")

    def test_every_file_is_sound(self):
        for number, (folder, name) in enumerate(specs()):
            with self.subTest(name=name):
                out = self.path(f"out{number}")
                self.ends(self.build(folder, name, out), EXIT_CLEAN)
                files = tree(out)
                endings = {os.path.splitext(path)[1] for path in files}
                self.assertLessEqual({".html", ".pdf", ".dot", ".svg", ".png", ".xlsx", ".json"},
                                     endings, sorted(files))
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    self.assertEqual(".zip" in endings, "\npacket " in file.read(), sorted(files))
                for path, content in files.items():
                    self.sound(os.path.join(out, path), content)

    def sound(self, path, content):
        """A file is what its ending says, and names no folder of this machine."""
        self.assertTrue(content, path)
        self.assertNotIn(self.folder.encode(), content, path)
        ending = os.path.splitext(path)[1]
        if ending == ".pdf":
            done = subprocess.run(["qpdf", "--check", path], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            self.assertEqual(done.returncode, 0, done.stdout)
        elif ending in (".xlsx", ".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.assertIsNone(archive.testzip(), path)
                for entry in archive.namelist():
                    self.assertFalse(entry.startswith("/") or ".." in entry.split("/"), entry)
        elif ending == ".json":
            json.loads(content)
        elif ending == ".html":
            text = content.decode("utf-8")
            self.assertIn("<!doctype html", text[:200].lower())
            loads = re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?((?:https?:)?//[^"\')\s]+)', text)
            self.assertEqual(loads, [], path)
        elif ending == ".svg":
            self.assertIn(b"<svg", content[:1000])
        elif ending == ".png":
            self.assertTrue(content.startswith(b"\x89PNG"))

    def test_only(self):
        everything = self.path("all")
        self.ends(self.build(HOOK, "desk_hook.flow", everything), EXIT_CLEAN)
        whole = tree(everything)
        seen = set()
        for output in OUTPUTS:
            with self.subTest(output=output):
                out = self.path(output)
                self.ends(self.build(HOOK, "desk_hook.flow", out, "--only", output), EXIT_CLEAN)
                files = tree(out)
                self.assertTrue(files)
                for path, content in files.items():
                    self.assertEqual(content, whole.get(path), path)
                seen |= set(files)
        self.assertEqual(seen, set(whole))
        out = self.path("two")
        self.ends(self.build(HOOK, "desk_hook.flow", out, "--only", "diagram,spec"), EXIT_CLEAN)
        self.assertEqual(set(tree(out)), set(tree(self.path("diagram"))) | set(tree(self.path("spec"))))

    def test_an_error_leaves_the_last_good_build(self):
        place = self.path("hook")
        shutil.copytree(HOOK, place)
        self.ends(self.build(place, "desk_hook.flow", "out"), EXIT_CLEAN)
        before = tree(os.path.join(place, "out"))
        path = os.path.join(place, "desk_hook.flow")
        with open(path, "a", encoding="utf-8") as file:
            file.write("nosuch thing { }\n")
        self.ends(self.build(place, "desk_hook.flow", "out"), EXIT_FINDINGS)
        self.assertEqual(tree(os.path.join(place, "out")), before)

    def test_a_place_that_cannot_be_written(self):
        self.write("file", "x")
        done = self.build(HOOK, "desk_hook.flow", self.path("file", "out"))
        self.ends(done, EXIT_ENVIRONMENT)
        self.assertIn("file", done.err)

    def test_a_full_disk(self):
        small = self.path("small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small],
                          stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("no right to mount a small disk")
        try:
            done = self.build(HOOK, "desk_hook.flow", os.path.join(small, "out"))
            self.ends(done, EXIT_ENVIRONMENT)
            self.assertIn(small, done.err)
            whole = self.path("whole")
            self.ends(self.build(HOOK, "desk_hook.flow", whole), EXIT_CLEAN)
            good = tree(whole)
            for path, content in tree(os.path.join(small, "out")).items():
                self.assertEqual(content, good.get(path), f"half-written: {path}")
        finally:
            subprocess.run(["umount", small], check=True)


class Init(FlowcTest):
    def test_starter_checks_clean_and_builds(self):
        self.ends(self.flowc("init", "shop"), EXIT_CLEAN)
        files = tree(self.path("shop"))
        specs_made = sorted(name for name in files if name.endswith(".flow"))
        self.assertTrue(specs_made)
        shop = self.path("shop")
        done = self.ends(self.flowc("check", "--format", "json", "--deny", "warnings", *specs_made,
                                    folder=shop), EXIT_CLEAN)
        self.assertEqual(done.diagnostics(), [])
        self.ends(self.flowc("fmt", "--check", *specs_made, folder=shop), EXIT_CLEAN)
        self.ends(self.flowc("build", *specs_made, "-o", "out", folder=shop), EXIT_CLEAN)
        self.assertIn(".pdf", {os.path.splitext(n)[1] for n in tree(os.path.join(shop, "out"))})
        comments = b"".join(files[name] for name in specs_made).count(b"#")
        self.assertGreater(comments, 10)

    def test_it_overwrites_nothing(self):
        self.ends(self.flowc("init", "shop"), EXIT_CLEAN)
        before = tree(self.path("shop"))
        name = sorted(n for n in before if n.endswith(".flow"))[0]
        self.write(os.path.join("shop", name), "edition 1\n# mine\n")
        self.ends(self.flowc("init", "shop"), EXIT_ENVIRONMENT)
        self.assertEqual(self.read(os.path.join("shop", name)), b"edition 1\n# mine\n")
