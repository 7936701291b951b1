"""A machine in trouble: full disks, read-only folders, a killed process, two builds at once, paths that are no files.
A clean error that names the place, and never a half-written document under its own name."""
import os
import re
import signal
import subprocess
import threading
import time

import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, FlowcTest, tree

HOOK = os.path.join(CONTRACT, "desk-hook")
UNFINISHED = re.compile(r"\.[A-Za-z0-9]{6}$")
# Permissions do not bind root.
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] if os.geteuid() == 0 else []


def wrapped(wrapper, *arguments, folder=None):
    """Runs flowc by another program; returns its status and what it said."""
    done = subprocess.run([*wrapper, harness.FLOWC, *arguments], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, env=dict(os.environ, LSAN_OPTIONS=harness.LEAKS))
    return harness.Done(done.returncode, done.stdout, done.stderr)


class Building(FlowcTest):
    def build(self, out, *more, **options):
        return self.flowc("build", "desk_hook.flow", "-o", out, *more, folder=HOOK, **options)

    def good(self):
        self.ends(self.build(self.path("good")), EXIT_CLEAN)
        return tree(self.path("good"))

    def whole(self, folder, good):
        """Every file under folder is that of a good build; an unfinished one is not yet under its own name."""
        left = []
        for path, content in tree(folder).items():
            if path not in good and UNFINISHED.search(path):
                left.append(path)
            else:
                self.assertEqual(content, good.get(path), f"half-written: {path}")
        return left

    def test_disks_of_every_size(self):
        good = self.good()
        place = self.path("small")
        os.mkdir(place)
        for kilobytes in (4, 16, 48, 96, 160, 320, 640):
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place],
                                     stderr=subprocess.DEVNULL, check=False)
            if mounted.returncode != 0:
                self.skipTest("no right to mount a small disk")
            try:
                done = self.build(os.path.join(place, "out"))
                self.assertIn(done.status, (EXIT_CLEAN, EXIT_ENVIRONMENT), str(done))
                if done.status == EXIT_ENVIRONMENT:
                    self.assertIn(place, done.err)
                    self.assertIn("No space", done.err)
                self.assertEqual(self.whole(os.path.join(place, "out"), good), [])
            finally:
                subprocess.run(["umount", place], check=True)

    def test_half_a_shop_is_none(self):
        """What `init` could not finish does not stand in the way of the next try."""
        os.mkdir(self.path("mine"))
        self.write("mine/notes.txt", "mine")
        for limit in (1, 3000, 20000):
            for folder in "new", "mine":
                done = wrapped(["prlimit", f"--fsize={limit}", "--core=0", "--"], "init", self.path(folder))
                self.ends(done, EXIT_ENVIRONMENT)
                self.assertIn("cannot be written", done.err)
                self.assertEqual(tree(self.path(folder)), {"notes.txt": b"mine"} if folder == "mine" else {})
        for folder in "new", "mine":
            self.ends(self.flowc("init", folder), EXIT_CLEAN)
            self.ends(self.flowc("check", folder), EXIT_CLEAN)

    def test_files_that_may_not_grow(self):
        good = self.good()
        out = self.path("out")
        for limit in (1, 2000, 20000, 100000):
            done = wrapped(["prlimit", f"--fsize={limit}", "--core=0", "--"], "build", "desk_hook.flow", "-o", out,
                           folder=HOOK)
            self.assertIn(done.status, (EXIT_CLEAN, EXIT_ENVIRONMENT), str(done))
            self.assertNotIn("WARNING", done.err)
            self.assertEqual(self.whole(out, good), [])

    def test_a_folder_that_may_not_be_written(self):
        out = self.path("out")
        os.makedirs(os.path.join(out, "desk_hook"))
        for path in self.folder, out, os.path.join(out, "desk_hook"):
            os.chmod(path, 0o555)
        done = wrapped(NOBODY, "build", "desk_hook.flow", "-o", out, folder=HOOK)
        os.chmod(self.folder, 0o755)
        self.ends(done, EXIT_ENVIRONMENT)
        self.assertIn(out, done.err)
        self.assertEqual(tree(out), {})

    def test_a_file_where_a_folder_is_asked(self):
        self.write("file", "mine")
        for out in (self.path("file"), self.path("file", "deeper")):
            done = self.ends(self.build(out), EXIT_ENVIRONMENT)
            self.assertIn("file", done.err)
        os.makedirs(self.path("out"))
        self.write(os.path.join("out", "desk_hook"), "mine")
        self.ends(self.build(self.path("out")), EXIT_ENVIRONMENT)
        self.assertEqual(self.read("file"), b"mine")
        self.assertEqual(self.read(os.path.join("out", "desk_hook")), b"mine")

    def test_a_folder_where_a_file_is_written(self):
        good = self.good()
        name = sorted(good)[-1]
        os.makedirs(self.path("out", name))
        done = self.ends(self.build(self.path("out")), EXIT_ENVIRONMENT)
        self.assertIn(os.path.basename(name), done.err)
        self.assertEqual(self.whole(self.path("out"), good), [])

    def test_nobody_listens(self):
        with open("/dev/full", "wb") as full:
            self.ends(self.build(self.path("out"), stdout=full), EXIT_ENVIRONMENT)

    def test_killed_at_any_moment(self):
        """SIGKILL leaves no time to clean up: documents are whole or absent. SIGTERM leaves nothing unfinished."""
        good = self.good()
        start = time.monotonic()
        self.ends(self.build(self.path("timed")), EXIT_CLEAN)
        took = time.monotonic() - start
        moments = 12
        for number in signal.SIGKILL, signal.SIGTERM:
            for moment in range(moments):
                out = self.path(f"out{number}")
                process = subprocess.Popen([harness.FLOWC, "build", "desk_hook.flow", "-o", out], cwd=HOOK,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                           env=dict(os.environ, LSAN_OPTIONS=harness.LEAKS))
                time.sleep(took * (moment + 0.5) / moments)
                process.send_signal(number)
                _, said = process.communicate(timeout=120)
                self.assertIn(process.returncode, (EXIT_CLEAN, -number), said)
                left = self.whole(out, good)
                if number == signal.SIGTERM:
                    self.assertEqual(left, [])
        self.ends(self.build(self.path(f"out{signal.SIGKILL}")), EXIT_CLEAN)
        self.whole(self.path(f"out{signal.SIGKILL}"), good)

    def test_several_builds_at_once(self):
        good = self.good()
        out = self.path("out")
        done = []
        threads = [threading.Thread(target=lambda: done.append(self.build(out))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in done:
            self.ends(one, EXIT_CLEAN)
        self.assertEqual(tree(out), good)


class Paths(FlowcTest):
    def fifo(self, name):
        os.mkfifo(self.path(name))
        return name

    def test_a_circle_of_links(self):
        os.symlink("b.flow", self.path("a.flow"))
        os.symlink("a.flow", self.path("b.flow"))
        done = self.ends(self.flowc("check", "a.flow"), EXIT_ENVIRONMENT)
        self.assertIn("a.flow", done.err)
        self.write("c.flow", 'edition 1\nuse "a.flow"\n')
        done = self.ends(self.flowc("check", "--format", "short", "c.flow"), EXIT_FINDINGS)
        self.assertEqual([d[4] for d in self.short(done)], ["import_missing"])

    def test_folders_that_lead_to_themselves(self):
        self.write("shop/a.flow", "edition 1\nnosuch a { }\n")
        for name in "one", "two", "three":
            os.symlink(".", self.path("shop", name))
        done = self.ends(self.flowc("check", "--format", "short", "shop"), EXIT_FINDINGS)
        self.assertEqual(len(self.short(done)), 1)

    def test_a_linked_file_is_one(self):
        self.write("a.flow", "edition 1\nnosuch a { }\n")
        os.mkdir(self.path("shop"))
        os.symlink("../a.flow", self.path("shop", "b.flow"))
        done = self.ends(self.flowc("check", "--format", "short", "shop"), EXIT_FINDINGS)
        self.assertEqual(len(self.short(done)), 1)

    def test_fifos_where_files_are_named(self):
        """A FIFO that nobody writes into would hang whoever opens it."""
        names = [self.fifo("f.flow"), self.fifo("m.yaml"), self.fifo("m.stl"), self.fifo("d.pdf")]
        self.write("a.flow", f'edition 1\nuse "{names[0]}"\nuse "{names[1]}"\nuse std.processes\n'
                   'shop s "S" { currency USD }\nmaterial pla "P" { process fdm; cost 20 USD/kg }\n'
                   f'part p "P" {{ process fdm; material pla; model "{names[2]}"; drawing "{names[3]}"\n'
                   '  mass 1 g; print_time 1 min }\n'
                   'product q "Q" { number "1"; revision A; contains p x 1 }\n'
                   'workflow q { print run "R" { makes p } }\n'
                   f'standard z "Z" {{ do "1 x"; photo good "{names[3]}" }}\n')
        for verb in (("check",), ("cost", "--quantity", "1"), ("build", "-o", "out"), ("fingerprint",), ("graph",)):
            done = self.flowc(verb[0], "a.flow", *verb[1:])
            self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))
            self.assertIn("f.flow", done.text)
        os.mkdir(self.path("shop"))
        os.rename(self.path("f.flow"), self.path("shop", "f.flow"))
        self.ends(self.flowc("check", "shop"), EXIT_ENVIRONMENT)

    def test_a_fifo_with_a_writer(self):
        """`flowc check <(generate)`"""
        self.fifo("f.flow")
        writer = threading.Thread(target=self.write, args=("f.flow", "edition 1\nnosuch a { }\n"))
        writer.start()
        done = self.ends(self.flowc("check", "--format", "short", "f.flow"), EXIT_FINDINGS)
        writer.join()
        self.assertEqual([d[4] for d in self.short(done)], ["unknown_kind"])

    def test_fmt_where_it_may_not_write(self):
        path = self.write("locked/a.flow", "edition   1\n")
        os.chmod(self.folder, 0o755)
        os.chmod(self.path("locked"), 0o555)
        done = self.ends(wrapped(NOBODY, "fmt", path), EXIT_ENVIRONMENT)
        self.assertIn("a.flow", done.err)
        self.assertEqual(tree(self.path("locked")), {"a.flow": b"edition   1\n"})
