"""flowc build of many products at a time: the same bytes and the same listing however many processes make them, and one
that goes wrong stops none of the others."""
import glob
import os
import re
import shutil
import signal
import subprocess
import time

import harness
from harness import (CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_OURS, EXIT_USAGE, FlowcTest,
                     tree)

HOOK = os.path.join(CONTRACT, "desk-hook")
UNFINISHED = re.compile(r"\.[A-Za-z0-9]{6}$")


def children(process):
    """The processes that one has started."""
    try:
        with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:  # it has ended
        return []


def kill(process):
    """Whether it was killed in the midst of its work: stopped first, as one that has ended cannot be."""
    try:
        os.kill(process, signal.SIGSTOP)
        state = ""
        while state not in ("T", "Z", "X"):
            with open(f"/proc/{process}/stat", encoding="ascii") as file:
                state = file.read().rpartition(")")[2].split()[0]
        os.kill(process, signal.SIGKILL)
        return state == "T"
    except OSError:
        return False


class Many(FlowcTest):
    def shop(self, count, place="shop"):
        """A folder with so many desk hooks, each a product of its own."""
        folder = self.path(place)
        shutil.copytree(HOOK, folder, ignore=shutil.ignore_patterns("cases", "desk_hook.flow"))
        with open(os.path.join(HOOK, "desk_hook.flow"), encoding="utf-8") as file:
            text = file.read()
        for number in range(count):
            self.write(f"{place}/hook{number:02}.flow", text.replace("desk_hook", f"hook{number:02}"))
        return folder

    def build(self, out, *more, what="shop"):
        return self.flowc("build", what, "-o", out, "--only", "diagram,spec", *more)

    def start(self, out, what="shop"):
        """A build that goes on by itself, and everything it makes."""
        return subprocess.Popen([harness.FLOWC, "build", what, "-o", out, "--jobs", "2"], cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                                env=dict(os.environ, LSAN_OPTIONS=harness.LEAKS))

    def test_as_one_by_one(self):
        self.shop(7)
        self.write("shop/hook03.flow", self.read("shop/hook03.flow") + b"nosuch thing { }\n")
        self.write("shop/hook05.flow", b"edition 1\n")
        one = self.ends(self.build("one", "--jobs", "1"), EXIT_FINDINGS)
        for jobs in "2", "5":
            many = self.ends(self.build("one", "--jobs", jobs), EXIT_FINDINGS)
            self.assertEqual((many.out, many.err), (one.out, one.err))
            self.ends(self.build("many" + jobs, "--jobs", jobs), EXIT_FINDINGS)
            self.assertEqual(tree(self.path("many" + jobs)), tree(self.path("one")))
        self.assertEqual(sorted(os.listdir(self.path("one"))), ["hook00", "hook01", "hook02", "hook04", "hook06"])

    def test_products_of_one_file(self):
        with open(os.path.join(HOOK, "desk_hook.flow"), encoding="utf-8") as file:
            text = file.read()
        self.shop(0)
        head, rest = text.split("\nlet ", 1) if "\nlet " in text else text.split("\npart ", 1)
        word = "let " if "\nlet " in text else "part "
        names = set(re.findall(r"^(?:part|product|let|standard|defect|item)\s+(\w+)", word + rest, re.M))
        whole = head + "\n"
        for number in range(4):
            one = word + rest
            for name in names:
                one = re.sub(rf"\b{name}\b(?!_(?:small|large))", f"{name}{number}", one)
                one = one.replace(f"models/{name}{number}", f"models/{name}")
            whole += one + "\n"
        self.write("shop/all.flow", whole)
        one = self.ends(self.build("one", "--jobs", "1", what="shop/all.flow"), EXIT_CLEAN)
        many = self.ends(self.build("one", "--jobs", "3", what="shop/all.flow"), EXIT_CLEAN)
        self.assertEqual((many.out, many.err), (one.out, one.err))
        self.assertEqual(len(os.listdir(self.path("one"))), 4)

    def test_one_name_twice(self):
        self.shop(2)
        text = self.read("shop/hook00.flow")
        self.write("shop/hook01.flow", text)
        for jobs in "1", "2":
            done = self.ends(self.build("out", "--jobs", jobs), EXIT_FINDINGS)
            self.assertIn("hook00 is in shop/hook00.flow and in shop/hook01.flow", done.err)

    def test_a_file_that_cannot_be_read_and_a_place_that_cannot_be_written(self):
        self.shop(3)
        done = self.flowc("build", "shop/hook00.flow", "nowhere.flow", "shop/hook02.flow", "-o", "out", "--jobs", "2",
                          "--only", "spec")
        self.ends(done, EXIT_ENVIRONMENT)
        self.assertIn("nowhere.flow", done.err)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["hook00", "hook02"])
        self.write("blocked/hook01", "a file")
        done = self.ends(self.build("blocked", "--jobs", "2"), EXIT_ENVIRONMENT)
        self.assertEqual(done.out.count("spec.json"), 2, done)

    def test_wrong_jobs(self):
        for jobs in "0", "65", "two", "":
            self.ends(self.build("out", "--jobs", jobs), EXIT_USAGE)

    def test_a_process_that_dies(self):
        self.shop(4)
        for turn in range(20):  # we may come late where the machine is busy: then all are through
            process = self.start(f"out{turn}")
            killed = False
            while process.poll() is None and not (killed := any(map(kill, children(process.pid)))):
                time.sleep(0.01)
            out, err = process.communicate(timeout=300)
            if killed:
                break
        self.assertEqual(process.returncode, EXIT_OURS, err.decode())
        self.assertRegex(err.decode(), r"shop/hook0\d.flow: the process that made its documents died \(Killed\)")
        self.assertGreaterEqual(out.decode().count("spec.json"), 3)

    def test_a_signal_ends_all(self):
        self.shop(6)
        for number in signal.SIGINT, signal.SIGTERM:
            for turn in range(20):  # as above
                out = f"out{number}-{turn}"
                process = self.start(out)
                while process.poll() is None and not glob.glob(self.path(out, "*", "*")):
                    time.sleep(0.01)
                workers = children(process.pid)
                process.send_signal(number)  # to the first process only, as `kill` does
                process.communicate(timeout=120)
                if workers and process.returncode != EXIT_CLEAN:
                    break
            self.assertEqual(process.returncode, -number)
            for worker in workers:
                self.assertFalse(os.path.exists(f"/proc/{worker}"), "a worker outlives the build")
            self.assertEqual([name for name in tree(self.path(out)) if UNFINISHED.search(name)], [])
