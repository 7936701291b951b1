"""Allocations that fail: at many points of a run, one failure or all from there on. The program says so and ends with
status 3, or did without; it never crashes and leaves nothing half-written."""
import os
import shutil
import subprocess

import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, FlowcTest, tree

HOOK = os.path.join(CONTRACT, "desk-hook")


def points(count, dense, more):
    """The first `dense` allocations, then `more` spread evenly over the rest."""
    rest = range(dense + 1, count + 1)
    step = max(1, len(rest) // more)
    return list(range(1, min(dense, count) + 1)) + list(rest[::step])


class FailingAllocations(FlowcTest):
    def setUp(self):
        super().setUp()
        if harness.CHECKED:
            self.skipTest("sanitizers bring their own allocator")
        self.library = self.path("fail_malloc.so")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fail_malloc.c")
        subprocess.run(["cc", "-O2", "-fPIC", "-shared", "-o", self.library, source], check=True)

    def injected(self, arguments, **variables):
        environment = {"LD_PRELOAD": self.library, **variables}
        return self.flowc(*arguments, folder=HOOK, environment=environment)

    def count(self, arguments):
        done = self.injected(arguments, ALLOCATION_COUNT=self.path("count"))
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))
        return int(self.read("count"))

    def ended_well(self, done, point):
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS, EXIT_ENVIRONMENT), f"{point}: {done}")
        if done.status == EXIT_ENVIRONMENT:
            self.assertIn("memory", done.err, f"{point}: {done}")

    def test_check(self):
        arguments = ("check", "--format", "json", "desk_hook.flow")
        whole = self.flowc(*arguments, folder=HOOK)
        said = 0
        for point in points(self.count(arguments), 1500, 100):
            for variable in "FAIL_ALLOCATION", "FAIL_ALLOCATIONS_FROM":
                done = self.injected(arguments, **{variable: str(point)})
                self.ended_well(done, f"{variable}={point}")
                if done.status == EXIT_ENVIRONMENT:
                    said += 1
                else:
                    self.assertEqual(done.raw, whole.raw, f"{variable}={point}")
        self.assertGreater(said, 100)

    def test_cost(self):
        arguments = ("cost", "desk_hook.flow", "--quantity", "50", "--format", "json")
        whole = self.flowc(*arguments, folder=HOOK)
        for point in points(self.count(arguments), 100, 200):
            done = self.injected(arguments, FAIL_ALLOCATION=str(point))
            self.ended_well(done, point)
            if done.status == EXIT_CLEAN:
                self.assertEqual(done.raw, whole.raw, point)

    def test_format(self):
        shutil.copy(os.path.join(HOOK, "desk_hook.flow"), self.path("a.flow"))
        with open(self.path("a.flow"), "ab") as file:
            file.write(b"\n\n\n\n# the end\n")
        before = self.read("a.flow")
        for point in points(self.count(("fmt", "--check", self.path("a.flow"))), 1000, 1):
            self.write("a.flow", before)
            done = self.injected(("fmt", self.path("a.flow")), FAIL_ALLOCATION=str(point))
            self.ended_well(done, point)
            if done.status == EXIT_ENVIRONMENT:
                self.assertEqual(self.read("a.flow"), before)

    def test_fix(self):
        """A file is mended or as it was."""
        before = b'role r "R"\n' + b"# a line\n" * 1000
        self.write("a.flow", before)
        arguments = ("check", "--fix", self.path("a.flow"))
        count = self.count(arguments)
        after = self.read("a.flow")
        self.assertNotEqual(after, before)
        for point in range(1, count + 1):
            self.write("a.flow", before)
            done = self.injected(arguments, FAIL_ALLOCATION=str(point))
            self.ended_well(done, point)
            self.assertIn(self.read("a.flow"), (before, after), point)
            self.assertEqual(sorted(tree(self.folder)), ["a.flow", "count", "fail_malloc.so"], point)

    def test_init(self):
        self.ends(self.flowc("init", "good"), EXIT_CLEAN)
        good = tree(self.path("good"))
        count = self.count(("init", self.path("counted")))
        for point in range(1, count + 1):
            shop = self.path(f"shop{point}")
            self.ended_well(self.injected(("init", shop), FAIL_ALLOCATION=str(point)), point)
            for path, content in tree(shop).items():
                self.assertEqual(content, good.get(path), f"{point}: {path}")

    def test_build(self):
        good = self.path("good")
        self.ends(self.flowc("build", "desk_hook.flow", "-o", good, folder=HOOK), EXIT_CLEAN)
        files = tree(good)
        out = self.path("out")
        arguments = ("build", "desk_hook.flow", "-o", out)
        for point in points(self.count(arguments), 10, 60):
            for variable in "FAIL_ALLOCATION", "FAIL_ALLOCATIONS_FROM":
                shutil.rmtree(out, ignore_errors=True)
                done = self.injected(arguments, **{variable: str(point)})
                self.ended_well(done, f"{variable}={point}")
                for path, content in tree(out).items():
                    self.assertEqual(content, files.get(path), f"{variable}={point}: {path}")
