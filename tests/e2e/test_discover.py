"""`flowd discover`, against tests/doubles/announcer.py on the loopback interface. This machine's networks may have printers of
their own: what is not of the double (192.0.2.x) is left out of what is compared."""
import fcntl
import json
import os
import subprocess
import sys
import tempfile

from harness import EXIT_CLEAN, EXIT_USAGE, FlowcTest

DOUBLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "doubles", "announcer.py")


class Discover(FlowcTest):
    def setUp(self):
        super().setUp()
        # One at a time: all hear each other.
        self.turn = open(os.path.join(tempfile.gettempdir(), "flow-e2e-discover.lock"), "w", encoding="utf-8")
        self.addCleanup(self.turn.close)
        fcntl.flock(self.turn, fcntl.LOCK_EX)

    def announce(self, *options):
        process = subprocess.Popen([sys.executable, DOUBLE, *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), "ready\n")

    def found(self, *options):
        self.announce(*options)
        for seconds in ("2", "20"):  # what is busy answers late
            rows = json.loads(self.ends(self.flowd("discover", "--seconds", seconds, "--json"), EXIT_CLEAN).out)
            ours = [row for row in rows if row["address"].startswith(("http://192.0.2.", "192.0.2."))]
            if len(ours) >= 5:
                break
        return ours

    def test_what_each_announces(self):
        rows = self.found()
        self.assertEqual([(row["printer"], row["protocol"], row["address"]) for row in rows], [
            ("p1s-in-the-corner", "bambu", "192.0.2.23"),
            ("voron", "moonraker", "http://192.0.2.21:7125"),
            ("octopi", "octoprint", "http://192.0.2.20"),
            ("octopi-2", "octoprint", "http://192.0.2.20:8080/octoprint/2"),
            ("prusa-mk4", "prusalink", "http://192.0.2.22")])
        self.assertEqual(rows[0]["serial"], "01P00A000000001")
        self.assertEqual(rows[2]["model"], "MK3")
        self.assertEqual(rows[2]["announced"], 'OctoPrint "Left" on octopi')
        self.assertEqual(rows[3]["announced"], "behind.a proxy[2J")

    def test_those_that_say_little_are_asked_again(self):
        self.assertEqual([row["address"] for row in self.found("--sparing") if row["protocol"] != "bambu"],
                         ["http://192.0.2.21:7125", "http://192.0.2.20", "http://192.0.2.20:8080/octoprint/2",
                          "http://192.0.2.22"])

    def test_a_bad_neighbour(self):
        self.assertEqual(len(self.found("--hostile")), 5)

    def test_its_lines_are_good_for_farm_yaml(self):
        self.announce()
        for seconds in ("1", "20"):
            said = self.ends(self.flowd("discover", "--seconds", seconds), EXIT_CLEAN).out
            self.assertNotIn("\x1b", said)
            if "voron:" in said:
                break
        lines = said[said.index("printers:\n"):]
        self.write("farm.yaml", lines.replace("secrets/", "secret-"))
        names = [line.strip(" :") for line in lines.splitlines() if line.startswith("  ") and line[2] != " "]
        for name in names:
            self.write(f"secret-{name}", "geheim\n")
            self.write(f"secret-{name}.pem", "-----BEGIN CERTIFICATE-----\n")
        self.write("bambu.pem", "-----BEGIN CERTIFICATE-----\n")
        shown = self.flowd("printers", "test", "voron")  # these addresses lead nowhere
        self.assertIn("moonraker at http://192.0.2.21:7125", shown.out, str(shown))

    def test_nothing_there(self):
        said = self.flowd("discover", "--seconds", "1")
        self.assertEqual(said.status, EXIT_CLEAN)
        self.assertNotIn("192.0.2.", said.out)

    def test_arguments(self):
        for wrong in (["--seconds", "0"], ["--seconds", "x"], ["--seconds", "601"], ["--seconds", "-1"], ["here"]):
            self.ends(self.flowd("discover", *wrong), EXIT_USAGE)
