"""What a shop measured: a run with a clock of the test's own, `flowd actuals`, its patch and its charts."""
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree
from fractions import Fraction

import harness
from harness import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from test_flowd import Shop

HERE = os.path.dirname(os.path.abspath(__file__))
MIDNIGHT = 1_800_000_000 // 86400 * 86400  # of a day in 2027
HOUR, DAY = 3600, 86400
BORES = ["4.31", "4.30", "4.28", "4.33", "4.30", "4.29", "4.32", "4.27", "4.31", "4.30", "4.34", "4.28"]


class Clocked(Shop):
    """A shop whose time the test tells, in seconds since a midnight."""

    variables = None

    def setUp(self):
        super().setUp()
        self.receive_lots()
        for name in ("ben", "carl"):
            self.all_done([{"command": "admit_person", "person": name, "roles": "operator"}])

    def make_clock(self):
        library = self.path("fake_clock.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, os.path.join(HERE, "fake_clock.c")],
                       check=True)
        self.variables = {"LD_PRELOAD": library, "FAKE_CLOCK": self.path("clock"),
                          "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.second = 8 * HOUR
        self.tick(0)

    def flowd(self, *arguments, **how):
        if not self.variables:  # from the beginning: a shop's time does not go back
            self.make_clock()
        how["environment"] = {**self.variables, **how.get("environment", {})}
        return super().flowd(*arguments, **how)

    def tick(self, seconds):
        self.second += seconds
        # in place of the old one at once: the program reads it at any time
        with open(self.path("clock.new"), "w", encoding="ascii") as file:
            file.write(f"{round((MIDNIGHT + self.second) * 1000)}\n")
        os.replace(self.path("clock.new"), self.path("clock"))

    def works(self, timed, by="anna"):
        """Commands by one person, each so many seconds after the one before; all must be accepted."""
        environment = {**os.environ, **self.variables, "FLOW_SHOP": self.path("shop"), "FLOW_PERSON": by,
                       "LSAN_OPTIONS": harness.LEAKS}
        program = os.path.join(os.path.dirname(harness.FLOWC), "flowd")
        with subprocess.Popen([program, "do", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env=environment, text=True) as run:
            for seconds, command in timed:
                self.tick(seconds)
                run.stdin.write(json.dumps(command) + "\n")
                run.stdin.flush()
                answer = json.loads(run.stdout.readline() or "{}")
                self.assertTrue(answer.get("accepted"), (command, answer))
            run.stdin.close()
        self.assertEqual(run.returncode, EXIT_CLEAN)

    def begin(self, batch, step):
        return {"command": "begin_step", "batch": batch, "step": step}

    def open_batch(self, batch, units, purpose="production"):
        self.done("batch", "open", batch, "desk_hook", "--purpose", purpose)
        self.done("batch", "add", batch, "DH-100-black-small", str(units))
        self.done("batch", "start", batch)

    def screened(self, batch, units, seconds, reworked=(), bores=tuple(BORES)):
        """The screen unit by unit; those reworked come back in the end."""
        timed = [(60, command) for command in self.printing(batch, units)]
        timed.append((600, self.begin(batch, "screen")))
        for unit in range(1, units + 1):
            timed += [(1, command) for command in self.screening(batch, [unit], bores[unit % len(bores)])]
            outcome = "rework" if unit in reworked else "pass"
            timed.append((seconds + unit % 3 - 1 - 2,
                          self.leave(batch, "screen", unit, 1, outcome, "strings" if unit in reworked else "")))
        return timed

    def make(self):
        """A sample of 12 and two batches of 24: the screen takes 23 s, not 20, and one in six goes to the touch-up."""
        self.open_batch("S-1", 12, "sample")
        self.works(self.screened("S-1", 12, 23) +
                   [(5, command) for command in self.finishing("S-1", 1, 12)])
        self.done("approve", "desk_hook", "pp_sample", "--meaning", "as drawn")
        for batch in ("B-1", "B-2"):
            self.open_batch(batch, 24)
            self.works(self.screened(batch, 24, 23, reworked=(4, 9, 14, 20)))
            self.works([(0, self.begin(batch, "cleanup"))] +
                       [(66 + unit % 5 - 2, self.leave(batch, "cleanup", unit, 1)) for unit in (1, 2, 3)] +
                       [(14 * HOUR, self.leave(batch, "cleanup", 5, 1))] +
                       [(66 + unit % 5 - 2, self.leave(batch, "cleanup", unit, 1)) for unit in (6, 7, 8)],
                       by="ben")
            self.tick(DAY)

    def actuals(self, *arguments):
        return self.json("actuals", "desk_hook", *arguments)

    def step(self, measured, name):
        return next(step for step in measured["steps"] if step["step"] == name)


class Measured(Clocked):
    """Times, yields, cost and the patch."""

    def test_times_yields_and_the_patch(self):
        self.ends(self.flowc("fmt", "spec/desk_hook.flow", "spec/shop.flow"), EXIT_CLEAN)
        self.done("adopt", "spec/desk_hook.flow")
        self.make()
        measured = self.actuals()
        self.assertEqual((measured["production_batches"], measured["sample_batches"]), (2, 1))
        self.check_screen(self.step(measured, "screen"))
        cleanup = self.step(measured, "cleanup")["time"]
        self.assertEqual((cleanup["spec_s"], cleanup["median_s"], cleanup["observations"]), ("55", "66", 12))
        self.assertEqual((cleanup["left_out_with_a_night"], cleanup["firm"]), (2, True))
        self.check_text(self.done("actuals", "desk_hook").out)
        self.check_patch(measured)

    def check_screen(self, screen):
        time = screen["time"]
        self.assertEqual((time["spec_s"], time["median_s"], time["observations"]), ("20", "23", 60))
        self.assertEqual((time["low_quartile_s"], time["high_quartile_s"]), ("22", "24"))
        self.assertEqual((time["factor"], time["firm"]), ("1.15", True))
        shares = {share["outcome"]: share for share in screen["outcomes"]}
        self.assertEqual((shares["rework"]["units"], shares["rework"]["measured"]), (8, "0.133333"))
        self.assertEqual((shares["rework"]["firm"], shares["reject"]["firm"]), (True, False))
        self.assertEqual(screen["reasons"], [{"what": "rework", "reason": "strings", "units": 8}])

    def check_text(self, text):
        self.assertRegex(text, r"screen +unit +20 s +23 s +22 s \.\. 24 s +60 +60 +\+15% +firm")
        self.assertRegex(text, r"screen +rework +5\.0% +13\.3% +8 +60 +firm")
        self.assertIn("cleanup: 2 times left out, over 6 hours", text)
        self.assertIn("--patch changes them", text)
        self.assertIn("DH-100-white-large", text)

    def check_patch(self, measured):
        patch = self.done("actuals", "desk_hook", "--patch").out
        changed = [line for line in patch.splitlines() if re.match(r"[+-] ", line)]
        self.assertEqual(changed, [
            "-    time    20 s per unit", "+    time    23 s per unit",
            "-    rework -> touch_up at most 1 expect 5%", "+    rework -> touch_up at most 1 expect 13.3%",
            "-    time  25 s", "+    time  30 s", "-    time  30 s", "+    time  36 s"])
        self.write("measured.patch", patch)
        for name in ("git", "patch"):
            shutil.copytree(self.path("spec"), self.path(name))
        for command, name in [(["git", "init", "-q"], "git"), (["git", "apply", "../measured.patch"], "git"),
                              (["patch", "-p1", "-s", "-i", "../measured.patch"], "patch")]:
            subprocess.run(command, cwd=self.path(name), check=True)
        for file in ("desk_hook.flow", "shop.flow"):
            self.assertEqual(self.read(f"git/{file}"), self.read(f"patch/{file}"))
        self.ends(self.flowc("fmt", "--check", "git/desk_hook.flow", "git/shop.flow"), EXIT_CLEAN)
        self.assertEqual(self.costs("spec", measured), self.column(measured, "spec"))
        self.assertEqual(self.costs("git", measured), self.column(measured, "firm"))
        self.assertNotEqual(self.column(measured, "spec"), self.column(measured, "firm"))

    def costs(self, folder, measured):
        """The same figures by flowc cost, a run for each quantity."""
        found = {}
        for quantity in {row["quantity"] for row in measured["costs"]}:
            done = self.ends(self.flowc("cost", f"{folder}/desk_hook.flow", "--quantity", quantity, "--format", "json"),
                             EXIT_CLEAN)
            for sheet in json.loads(done.out)["costs"]:
                each = sheet["per_unit"]
                found[sheet["sku"], quantity] = (Fraction(each["unit_cost"]), Fraction(each["margin"]))
        return found

    def column(self, measured, which):
        return {(row["sku"], row["quantity"]): (Fraction(row[which]["unit_cost"]), Fraction(row[which]["margin"]))
                for row in measured["costs"]}

    def test_a_patched_spec_is_adopted_and_nothing_is_left_to_change(self):
        self.make()
        self.write("measured.patch", self.done("actuals", "desk_hook", "--patch").out)
        subprocess.run(["patch", "-p1", "-s", "-i", "../measured.patch"], cwd=self.path("spec"), check=True)
        self.done("adopt", "spec/desk_hook.flow")
        done = self.done("actuals", "desk_hook", "--patch")
        self.assertEqual(done.out, "")
        self.assertIn("nothing is firmly measured otherwise", done.err)
        measured = self.actuals()
        self.assertEqual(measured["batches_of_other_revisions"], 3)
        self.assertEqual(self.step(measured, "screen")["time"]["factor"], "1")

    def test_a_whole_batch_says_exactly_what_happened(self):
        """24 in production: one rework, one reject, another lot, a deviation; from the first step to the parcel."""
        self.open_batch("S-1", 12, "sample")
        self.works(self.screened("S-1", 12, 23) + [(5, command) for command in self.finishing("S-1", 1, 12)])
        self.done("approve", "desk_hook", "pp_sample", "--meaning", "as drawn")
        self.open_batch("B-1", 24)
        judged = {"command": "judge_check", "batch": "B-1", "step": "screen", "check": "surface", "good": 0}
        plain = self.screened("B-1", 24, 23, reworked=(5,))
        at = next(i for i, (_, command) in enumerate(plain)
                  if command["command"] == "leave_step" and command["first"] == 24 and command["step"] == "screen")
        plain[at - 2:at + 1] = [(2, {**judged, "unit": 24, "defect": "layer_shift"}), plain[at - 1],
                                (19, self.leave("B-1", "screen", 24, 1, "reject", "layer shift"))]
        plain.insert(3, (30, self.use("B-1", "plate", "SP-2")))
        plain.insert(at - 8, (40, {"command": "open_issue", "issue": "I-1", "product": "desk_hook", "batch": "B-1",
                                   "step": "screen", "unit": 24, "what": "The nozzle was worn."}))
        self.works(plain)
        self.works([(10, self.begin("B-1", "touch_up")), (42, self.leave("B-1", "touch_up", 5, 1)),
                    (10, self.begin("B-1", "screen")), (1, self.judge("B-1", "screen", 0, "count"))] + [(1, c) for c in self.screening("B-1", [5], "4.35")] +
                   [(20, self.leave("B-1", "screen", 5, 1))])
        self.works([(5, command) for command in self.finishing("B-1", 1, 23)])
        measured = self.actuals("--batch", "B-1")
        self.assertEqual((measured["production_batches"], measured["sample_batches"]), (1, 0))
        left = {step["step"]: step["left"] for step in measured["steps"]}
        self.assertEqual(left, {"collect": 24, "plate": 24, "screen": 25, "touch_up": 1, "cleanup": 23, "inserts": 23,
                                "first_piece": 23, "final": 23, "box": 23, "out": 23})
        screen = self.step(measured, "screen")
        self.assertEqual({share["outcome"]: share["units"] for share in screen["outcomes"]},
                         {"pass": 23, "rework": 1, "reject": 1})
        self.assertCountEqual([tuple(reason.values()) for reason in screen["reasons"]],
                              [("rework", "strings", 1), ("reject", "layer shift", 1), ("defect", "layer_shift", 1)])
        self.assertEqual(screen["time"]["observations"], 25)
        self.assertEqual(self.step(measured, "touch_up")["time"]["median_s"], "42")
        bore = next(series for series in measured["dimensions"] if series["dimension"] == "hook.bore")
        self.assertEqual((len(bore["readings"]), bore["after_rework"], bore["outside"]), (24, 1, 0))
        self.assertEqual(self.step(measured, "final")["samples"]["defective"], 0)

    def test_what_the_patch_brings_with_it(self):
        text = self.read("spec/desk_hook.flow").decode().replace("at least 40%", "at least 42%")
        self.write("spec/desk_hook.flow", text)  # the small ones keep it, with 20 s
        self.done("adopt", "spec/desk_hook.flow")
        self.make()
        done = self.done("actuals", "desk_hook", "--patch")
        self.assertIn("with it, `flowc check` finds:\nbelow_margin: ", done.err)
        self.assertTrue(done.out.startswith("--- a/desk_hook.flow\n"))

    def test_one_batch_and_from_a_day(self):
        self.make()
        self.assertEqual(self.step(self.actuals("--batch", "B-2"), "screen")["left"], 24)
        later = "2027-01-16"  # what is before it: the sample, and the first batch
        self.assertEqual(self.step(self.actuals("--since", later), "screen")["left"], 24)

    def test_nothing_measured_yet(self):
        text = self.done("actuals", "desk_hook").out
        self.assertIn("none yet", text)
        self.assertEqual(self.done("actuals", "desk_hook", "--patch").out, "")
        self.assertEqual(self.actuals()["dimensions"], [])

    def test_usage(self):
        for arguments in [(), ("a", "b"), ("desk_hook", "--since", "yesterday"), ("desk_hook", "--since", "2027-02-30"),
                          ("desk_hook", "--patch", "--json"), ("desk_hook", "-o", "x.svg"),
                          ("desk_hook", "--since", "2027-1-1")]:
            with self.subTest(arguments=arguments):
                self.ends(self.flowd("actuals", *arguments), EXIT_USAGE)
        self.refused("no spec of a product `mug`", "", "actuals", "mug")
        self.refused("no batch B-9", "", "actuals", "desk_hook", "--batch", "B-9")
        done = self.ends(self.flowd("actuals", "desk_hook", "--chart", "bore"), EXIT_FINDINGS)
        self.assertIn("nothing was read of `bore`", done.err)


class Charts(Clocked):
    """Readings, capability and control charts."""

    def test_readings(self):
        bores = [*BORES, *BORES]
        bores[20] = "4.47"
        self.open_batch("S-1", 24, "sample")
        self.works(self.screened("S-1", 24, 23, bores=tuple(bores)))
        series, = self.actuals()["dimensions"]
        values = [Fraction(bores[unit % 24]) for unit in range(1, 25)]
        self.assertEqual([Fraction(reading["value"]) for reading in series["readings"]], values)
        mean = sum(values) / 24
        sigma = sum(abs(b - a) for a, b in zip(values, values[1:])) / 23 / Fraction("1.128379167")
        self.near(series["control"]["deviation"], sigma)
        self.near(series["control"]["values"][0]["upper"], mean + 3 * sigma)
        self.assertEqual(series["control"]["values"][19]["breaks"], [1])
        self.assertEqual(series["control"]["values"][19]["side"], "above")
        capability = series["capability"]
        self.assertTrue(capability["indicative"])  # under 30
        self.near(capability["cp"], (Fraction("0.4")) / (6 * sigma), 1e-4)
        self.near(capability["cpk"], min(mean - Fraction("4.1"), Fraction("4.5") - mean) / (3 * sigma), 1e-4)
        text = self.done("actuals", "desk_hook").out
        self.assertIn("A hint only, under 30 readings", text)
        self.assertIn("point 20 (S-1/20), above: beyond three deviations", text)

    def near(self, said, expected, most=1e-6):
        self.assertLess(abs(Fraction(said) - expected), most)

    def test_picture(self):
        self.open_batch("S-1", 24, "sample")
        self.works(self.screened("S-1", 24, 23))
        self.done("actuals", "desk_hook", "--chart", "hook.bore", "-o", "bore.svg")
        root = xml.etree.ElementTree.fromstring(self.read("bore.svg"))
        text = " ".join(root.itertext())
        for word in ("desk_hook, hook.bore", "spec, at most 4.50", "upper control", "lower control", "S-1"):
            self.assertIn(word, text)
        self.assertEqual(len(root.findall(".//{*}circle")), 24 + 23)
        self.assertEqual(self.done("actuals", "desk_hook", "--chart", "bore").raw, self.read("bore.svg"))
