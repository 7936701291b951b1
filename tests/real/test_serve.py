#!/usr/bin/env python3
"""`flowd serve` prints on the real servers (tests/real/servers.py) through a proxy that loses answers; it is killed, and goes on.

    test_serve.py --flowc PROGRAM        flowd stands beside it
"""
import argparse, os, re, signal, sys, tempfile, time, unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "../doubles"), os.path.join(HERE, "../e2e")]
import harness, proxy, servers  # noqa: E402
from run import CALLS  # noqa: E402
import test_jobs  # noqa: E402


class Real:
    """One real server behind a proxy; a print of ten seconds. Its log says what was begun."""

    kind = None

    @classmethod
    def setUpClass(cls):
        if not cls.kind.is_there():
            raise unittest.SkipTest("not here (FLOW_REAL)")
        cls.folder = tempfile.TemporaryDirectory(prefix="flow-serve-")
        cls.server = cls.kind(cls.folder.name)
        cls.server.go()
        cls.server.wait()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    def setUp(self):
        super().setUp()
        self.protocol = self.server.protocol
        self.server.clear()
        self.between = proxy.Proxy(self.server.port)
        self.addCleanup(self.between.close)
        self.addresses = {"left": self.between.address}
        self.write("shop/key", servers.KEY + "\n")
        mark = ["FLOW_%s NAME=" + self.id()] if self.protocol == "moonraker" else []
        lines = [line % "BEGUN" for line in mark] + ["G4 P1000 ; " + "x" * 100] * 10 + [line % "DONE" for line in mark]
        self.write("shop/plate.gcode", "\n".join(lines) + "\n")
        self.before = self.counts()
        self.farm()
        path = self.path("shop/farm.yaml")
        with open(path) as file:
            text = file.read()
        self.write("shop/farm.yaml", text.replace("    machine:", "    key_file: key\n    machine:"))

    def counts(self):
        log = self.server.log()
        words = {"octoprint": ("Print job started", "Print job done"), "moonraker": ("^flow begun", "^flow done")}
        return [len(re.findall(word, log, re.M)) for word in words[self.server.protocol]]

    def printed(self):
        return [now - before for now, before in zip(self.counts(), self.before)]

    def begin(self):
        """The print before is seen first: its plate is to be emptied after that."""
        self.serve()
        servers.wait_for("seen", 30, lambda: self.printers().get("left", {}).get("state") in ("idle", "finished", "cancelled"))
        self.done("printers", "empty", "left")
        self.queue()

    def test_every_answer_is_lost_once(self):
        for call in ("look", "upload", "check", "start"):
            self.between.fault(CALLS[self.protocol][call], "drop_after")
        self.begin()
        job = self.wait(lambda one: one["stage"] == "done", seconds=90)
        self.assertEqual((self.printed(), job["attempts"]), ([1, 1], 1))
        self.assertEqual(self.standing("screen"), 12)

    def test_we_are_killed_while_it_prints(self):
        self.begin()
        self.wait(lambda one: one["stage"] == "printing", seconds=60)
        self.stop(signal.SIGKILL)
        time.sleep(2)
        self.serve()
        job = self.wait(lambda one: one["stage"] == "done", seconds=60)
        self.assertEqual((self.printed(), job["attempts"]), ([1, 1], 1))

    def test_we_are_killed_while_it_is_started(self):
        self.between.fault(CALLS[self.protocol]["start"], "hold", seconds=3)
        self.begin()
        self.between.happened.wait(60)
        self.stop(signal.SIGKILL)
        self.serve()
        job = self.wait(lambda one: one["stage"] == "done", seconds=60)
        self.assertEqual((self.printed(), job["attempts"]), ([1, 1], 1))

    def test_its_server_is_killed_while_it_prints(self):
        self.begin()
        self.wait(lambda one: one["stage"] == "printing", seconds=60)
        part = self.server.parts[0]
        self.server.kill(part)
        time.sleep(1)
        self.server.go(part)
        # Moonraker's print goes on without it; OctoPrint's dies with it, and a person is asked
        wanted = "done" if self.protocol == "moonraker" else "asked"
        self.wait(lambda one: one["stage"] == wanted, seconds=120)
        self.assertEqual(self.printed()[0], 1)

    def test_orders(self):
        for order in ("pause", "resume", "cancel"):
            self.between.fault(CALLS[self.protocol][order], "drop_after")
        self.begin()
        self.wait(lambda one: one["stage"] == "printing", seconds=60)
        for word, state in (("pause", "paused"), ("resume", "printing")):
            self.done("printers", word, "left")
            servers.wait_for(state, 20, lambda wanted=state: self.printers()["left"]["state"] == wanted)
        self.done("printers", "cancel", "left", "wrong color")
        self.wait(lambda job: job["failed"] == 1, seconds=30)
        self.assertEqual(self.printed(), [1, 0])
        self.assertEqual(self.standing("plate"), 12)


class OctoprintServe(Real, test_jobs.Jobs):
    kind = servers.Octoprint


class MoonrakerServe(Real, test_jobs.Jobs):
    kind = servers.Moonraker


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--flowc", required=True)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    harness.FLOWC = os.path.abspath(options.flowc)
    loader, suite = unittest.TestLoader(), unittest.TestSuite()
    for case in (OctoprintServe, MoonrakerServe):
        suite.addTests(test for test in loader.loadTestsFromTestCase(case)
                       if not options.names or any(name in test.id() for name in options.names))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed - len(result.skipped), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
