"""flowc build --watch: what changed is made again, however an editor saves; errors are said and it goes on."""
import os
import re
import shutil
import signal
import subprocess
import threading
import time

import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_USAGE, FlowcTest, tree

HOOK = os.path.join(CONTRACT, "desk-hook")
PATIENCE_S = 120


class Watcher:
    """A running `flowc ... --watch`, and the lines it says."""

    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen([harness.FLOWC, *arguments], cwd=folder, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True,
                                        env=dict(os.environ, LSAN_OPTIONS=harness.LEAKS))
        self.lines, self.seen = [], 0
        self.moved = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def close(self):
        self.process.kill()  # first: its last line is read before that can be closed
        self.process.wait()
        self.process.stderr.close()
        self.process.stdout.close()

    def read(self):
        for line in self.process.stderr:
            with self.moved:
                self.lines.append(line.rstrip("\n"))
                self.moved.notify_all()
        with self.moved:
            self.moved.notify_all()

    def until(self, pattern):
        """The first line from here on in which the pattern is found."""
        deadline = time.monotonic() + PATIENCE_S
        with self.moved:
            while True:
                while self.seen < len(self.lines):
                    line = self.lines[self.seen]
                    self.seen += 1
                    if re.search(pattern, line):
                        return line
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"no {pattern!r} in:\n" + "\n".join(self.lines))
                self.moved.wait(left)

    def rounds(self):
        return sum(bool(re.match(r"(re)?built ", line)) for line in self.lines)

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE_S)
        out = self.process.stdout.read()
        self.process.stdout.close()
        return status, out


class Watch(FlowcTest):
    def setUp(self):
        super().setUp()
        self.shop = self.path("shop")
        shutil.copytree(HOOK, self.shop, ignore=shutil.ignore_patterns("cases"))
        self.spec = os.path.join("shop", "desk_hook.flow")
        self.text = self.read(self.spec).decode()

    def watch(self, *arguments):
        watcher = Watcher(self.folder, "build", "-o", "out", "--only", "spec,diagram", "--watch", *arguments)
        self.addCleanup(watcher.close)
        watcher.until("^built ")
        return watcher

    def spec_json(self):
        return self.read("out/desk_hook/spec.json").decode()

    def shows(self, watcher, title):
        """It is built until the title is there: one change may be seen as two."""
        watcher.until("^rebuilt desk_hook")
        while title not in self.spec_json():
            watcher.until("^rebuilt desk_hook")

    def test_every_way_of_saving(self):
        watcher = self.watch(self.spec)
        self.write(self.spec, self.text.replace("Magnetic desk hook", "Hook in place"))
        self.assertRegex(watcher.until("^rebuilt "), r"^rebuilt desk_hook in \d+\.\d s, \d+ warnings?$")
        self.assertIn("Hook in place", self.spec_json())
        self.write("shop/.new", self.text.replace("Magnetic desk hook", "Hook renamed"))
        os.rename(self.path("shop/.new"), self.path(self.spec))
        self.shows(watcher, "Hook renamed")
        os.rename(self.path(self.spec), self.path("shop/backup~"))  # as some editors do
        time.sleep(0.02)
        self.write(self.spec, self.text.replace("Magnetic desk hook", "Hook backed up"))
        self.shows(watcher, "Hook backed up")
        for turn in range(20):
            rounds, begun = watcher.rounds(), time.monotonic()
            for number in range(10):  # in one go
                self.write(self.spec, self.text.replace("Magnetic desk hook", f"Hook {turn} {number}"))
                time.sleep(0.005)
            took = time.monotonic() - begun
            self.shows(watcher, f"Hook {turn} 9")
            if took < 0.15:  # else we were stopped on the way, and it was more than one
                break
        time.sleep(1)
        self.assertLessEqual(watcher.rounds(), rounds + 3)
        status, out = watcher.end()
        self.assertEqual((status, out), (EXIT_CLEAN, ""))

    def test_what_a_spec_uses(self):
        watcher = self.watch(self.spec)
        shop = self.read("shop/shop.flow")
        self.write("shop/shop.flow", shop + b"\n# one more line\n")
        watcher.until("^rebuilt desk_hook")
        model = os.path.join("shop", re.search(r"models/\w+\.stl", self.text).group())
        self.write(model, self.read(model))
        watcher.until("^rebuilt desk_hook")
        content = self.read(model)
        os.remove(self.path(model))
        watcher.until(r"error\[mesh_missing\]")
        watcher.until("^rebuilt nothing in .*desk_hook.flow has .* errors?, its last documents stay")
        before = tree(self.path("out"))
        self.write(model, content)
        watcher.until("^rebuilt desk_hook")
        self.assertEqual(tree(self.path("out")), before)
        self.write("shop/unrelated.flow", "edition 1\n")
        self.write("shop/notes.txt", "notes\n")
        time.sleep(0.5)
        rounds = watcher.rounds()
        time.sleep(0.5)
        self.assertEqual(watcher.rounds(), rounds, watcher.lines)
        self.assertEqual(watcher.end(signal.SIGTERM)[0], EXIT_CLEAN)

    def test_errors_and_files_that_appear(self):
        self.write(self.spec, self.text + '\nuse "more/extra.flow"\n')
        watcher = self.watch(self.spec)
        self.assertIn("import_missing", "\n".join(watcher.lines))
        self.assertFalse(os.path.exists(self.path("out/desk_hook")))
        self.write("shop/more/extra.flow", "edition 1\nnosuch thing\n")
        watcher.until(r"extra.flow:2:1")
        self.write("shop/more/extra.flow", "edition 1\n")
        watcher.until("^rebuilt desk_hook")
        shutil.rmtree(self.path("shop/more"))
        watcher.until("import_missing")
        self.write("shop/more/extra.flow", "edition 1\n")
        watcher.until("^rebuilt desk_hook")
        os.remove(self.path(self.spec))
        watcher.until("desk_hook.flow")
        self.write(self.spec, self.text)
        watcher.until("^rebuilt desk_hook")
        self.assertEqual(watcher.end()[0], EXIT_CLEAN)

    def test_a_folder(self):
        """Of many files only the one that changed is made; those that come are made, and the output is no input."""
        watcher = Watcher(self.folder, "build", ".", "-o", "out", "--only", "spec,diagram", "--watch", "--jobs", "2")
        self.addCleanup(watcher.close)
        watcher.until("^built ")
        self.write("shop/deeper/second.flow",
                   self.text.replace("desk_hook", "second").replace('"models/', '"../models/')
                   .replace('"profiles/', '"../profiles/').replace('use "shop', 'use "../shop'))
        self.assertRegex(watcher.until("^rebuilt second"), r"^rebuilt second in")
        self.write(self.spec, self.text + "\n")
        self.assertRegex(watcher.until("^rebuilt desk_hook"), r"^rebuilt desk_hook in")
        os.remove(self.path("shop/deeper/second.flow"))
        time.sleep(0.5)
        rounds = watcher.rounds()
        time.sleep(1)
        self.assertEqual(watcher.rounds(), rounds, watcher.lines)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["desk_hook", "second"])
        self.assertEqual(watcher.end()[0], EXIT_CLEAN)

    def test_links(self):
        os.makedirs(self.path("elsewhere"))
        os.rename(self.path(self.spec), self.path("elsewhere", "real.flow"))
        os.symlink("../elsewhere/real.flow", self.path(self.spec))
        watcher = self.watch(self.spec)
        self.write("elsewhere/real.flow", self.text.replace("Magnetic desk hook", "Hook behind a link"))
        self.shows(watcher, "Hook behind a link")
        self.assertEqual(watcher.end()[0], EXIT_CLEAN)

    def test_what_cannot_be_watched(self):
        self.ends(self.flowc("build", "-", "-o", "out", "--watch", stdin=b"edition 1\n"), EXIT_USAGE)
        os.makedirs(self.path("empty"))
        self.ends(self.flowc("build", "empty", "-o", "out", "--watch"), EXIT_ENVIRONMENT)
