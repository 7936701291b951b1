"""flowd simulate: a shop that works by itself, always the same for the same seed."""
import json
import os
import shutil
import subprocess

import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_USAGE, TOP, FlowcTest, contract_products, example_specs

HOOK = os.path.join(CONTRACT, "desk-hook", "desk_hook.flow")


class Simulate(FlowcTest):
    def run_shop(self, name, *arguments, spec=HOOK):
        return json.loads(self.ends(self.flowd("simulate", spec, "-o", name, "--json", *arguments),
                                    EXIT_CLEAN).out)

    def head(self, shop):
        return json.loads(self.ends(self.flowd("verify", "--shop", shop, "--json"), EXIT_CLEAN).out)["head"]

    def test_every_spec_runs(self):
        specs = [os.path.join(CONTRACT, folder, name) for folder, name in contract_products()] + example_specs()
        for i, spec in enumerate(specs):
            with self.subTest(spec=spec):
                done = self.run_shop(f"shop{i}", "--demand", "40", spec=spec)
                self.assertEqual(done["units_shipped"], 40)
                self.assertGreaterEqual(done["units_made"], 40)
                status = json.loads(self.flowd("status", "--shop", f"shop{i}", "--json").out)
                self.assertEqual(status["orders"]["owed_units"], 0)
                self.assertEqual(status["open_batches"], [])

    def test_same_seed_same_journal(self):
        heads = {seed: [] for seed in ("7", "8")}
        for turn in range(2):
            for seed in heads:
                self.run_shop(f"shop-{seed}-{turn}", "--seed", seed)
                heads[seed].append(self.head(f"shop-{seed}-{turn}"))
        self.assertEqual(heads["7"][0], heads["7"][1])
        self.assertEqual(heads["8"][0], heads["8"][1])
        self.assertNotEqual(heads["7"][0], heads["8"][0])

    def test_what_is_expected_happens(self):
        made = scrapped = 0
        for seed in range(4):
            done = self.run_shop(f"shop{seed}", "--demand", "250", "--seed", str(seed))
            made += done["units_made"]
            scrapped += done["units_scrapped"]
        self.assertGreater(scrapped / (made + scrapped), 0.005)  # the screen rejects 1.5%, more is lost elsewhere
        self.assertLess(scrapped / (made + scrapped), 0.10)

    def test_what_the_release_forbids_waits(self):
        done = self.run_shop("shop", "--demand", "400")  # at most 300 may be produced
        self.assertIn("at most 300", done["waits"])
        self.assertLessEqual(done["units_made"], 300 + 12)
        self.assertGreater(done["units_shipped"], 200)

    def test_trouble(self):
        self.ends(self.flowd("simulate", HOOK), EXIT_USAGE)
        self.ends(self.flowd("simulate", HOOK, "-o", "x", "--demand", "none"), EXIT_USAGE)
        self.ends(self.flowd("simulate", "nowhere.flow", "-o", "y"), EXIT_ENVIRONMENT)
        self.write("parts.flow", 'edition 1\n\nrole lead "Lead"\n')
        done = self.ends(self.flowd("simulate", "parts.flow", "-o", "z"), EXIT_ENVIRONMENT)
        self.assertIn("no product with a workflow", done.err)
        self.run_shop("shop")
        done = self.ends(self.flowd("simulate", HOOK, "-o", "shop"), EXIT_ENVIRONMENT)
        self.assertIn("there is a shop already", done.err)

    def limited(self, limit, *arguments):
        flowd = os.path.join(os.path.dirname(harness.FLOWC), "flowd")
        return self.run_program("prlimit", f"--fsize={limit}", "--core=0", "--", flowd, *arguments)

    def test_half_a_shop_is_none(self):
        """A file that may not grow is as good as a full disk. What was not finished does not stand in the way of the next try."""
        self.write("bad.flow", "edition 1\nproduct x { nonsense 3 }\n")
        self.ends(self.flowd("simulate", "bad.flow", "-o", "try"), EXIT_ENVIRONMENT)
        self.assertFalse(os.path.exists(self.path("try")))
        for limit in (1, 3000, 40000, 200000):
            self.ends(self.limited(limit, "simulate", HOOK, "-o", "try"), EXIT_ENVIRONMENT)
            self.assertFalse(os.path.exists(self.path("try")), limit)
        self.run_shop("try")
        self.write("mine/notes.txt", "mine")
        done = self.ends(self.limited(40000, "simulate", HOOK, "-o", "mine"), EXIT_ENVIRONMENT)
        self.assertIn("half a shop stays in mine: remove journal.db there", done.err)
        self.assertEqual(self.read("mine/notes.txt"), b"mine")
        os.symlink("nowhere", self.path("link"))
        for there in ("mine/notes.txt", "link"):  # no folder, and not ours to remove
            self.ends(self.flowd("simulate", HOOK, "-o", there), EXIT_ENVIRONMENT)
            self.assertTrue(os.path.lexists(self.path(there)))
        done = self.ends(self.flowd("simulate", HOOK, "-o", "try"), EXIT_ENVIRONMENT)  # that one is whole
        self.assertNotIn("half a shop", done.err)
        self.head("try")

    def test_two_at_once(self):
        flowd = os.path.join(os.path.dirname(harness.FLOWC), "flowd")
        command = [flowd, "simulate", HOOK, "-o", "try", "--demand", "60"]
        tries = [subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        said = [each.communicate()[1] for each in tries]
        self.assertEqual(sorted(each.returncode for each in tries), [EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_ENVIRONMENT], said)
        self.head("try")  # what the others were refused did not take it away
        self.assertEqual(os.listdir(self.folder), ["try"])
        self.run_shop("a/b/shop/", "--demand", "12")
        self.assertEqual(os.listdir(self.path("a/b")), ["shop"])

    def test_both_files_or_neither(self):
        farm = ("simulate", HOOK, "--days", "2", "-o", "farm")
        for limit in (1, 1000):
            self.ends(self.limited(limit, *farm), EXIT_ENVIRONMENT)
            self.assertFalse(os.path.exists(self.path("farm")))
        self.ends(self.flowd(*farm), EXIT_CLEAN)
        before = {name: self.read(f"farm/{name}") for name in sorted(os.listdir(self.path("farm")))}
        self.assertEqual(list(before), ["simulation.html", "simulation.xlsx"])
        longest = max(map(len, before.values()))
        self.ends(self.limited(longest // 2, *farm, "--demand", "99"), EXIT_ENVIRONMENT)
        self.assertEqual({name: self.read(f"farm/{name}") for name in os.listdir(self.path("farm"))}, before)

    def test_a_spec_twice_is_refused(self):
        """It would double what is ordered, and say nothing of it."""
        shutil.copytree(os.path.dirname(HOOK), self.path("shelf"))
        other = self.path("shelf", "desk_hook.flow")
        again = os.path.join(os.path.dirname(HOOK), ".", os.path.basename(HOOK))
        for how in (["--days", "10"], ["-o", self.path("twice")]):
            said = self.ends(self.flowd("simulate", HOOK, again, *how), EXIT_USAGE).err
            self.assertIn("desk_hook.flow is given twice", said)
            said = self.ends(self.flowd("simulate", HOOK, other, *how), EXIT_USAGE).err
            self.assertIn("both have the product desk_hook: leave one of them out", said)
        self.assertFalse(os.path.exists(self.path("twice")))

class Farm(FlowcTest):
    """flowd simulate --days: the planner on a virtual clock."""

    FARM = os.path.join(TOP, "examples", "farm20")

    def farm(self, *arguments, spec=None):
        spec = [spec] if spec else [os.path.join(self.FARM, "bracket.flow")]
        done = self.ends(self.flowd("simulate", *spec, "--week", "7", "--json", *arguments), EXIT_CLEAN)
        return {run["run"]: run["figures"] for run in json.loads(done.out)["runs"]}

    def test_what_two_specs_share_is_ordered_once(self):
        shutil.copytree(self.FARM, self.path("farm"))
        shutil.copytree(self.FARM, self.path("other"))
        for name in ("farm/left.flow", "farm/right.flow", "other/left.flow"):
            self.write(name, 'edition 1\nuse "bracket.flow"\n')
        how = ("--days", "3", "--demand", "20", "--json")
        alone = self.ends(self.flowd("simulate", "farm/bracket.flow", *how), EXIT_CLEAN).out
        self.assertEqual(self.flowd("simulate", "farm/left.flow", "farm/right.flow", *how).out, alone)
        said = self.ends(self.flowd("simulate", "farm/left.flow", "other/left.flow", *how), EXIT_USAGE).err
        self.assertIn("both have the product bracket: leave one of them out", said)

    def defects(self):
        return os.path.join(self.FARM, "defects.csv")

    def test_every_spec_runs(self):
        specs = [os.path.join(CONTRACT, folder, name) for folder, name in contract_products()] + example_specs()
        for spec in specs:
            with self.subTest(spec=spec):
                figures = self.farm("--days", "40", "--demand", "20", spec=spec)["as it is"]
                self.assertGreater(figures["units done, in all"], 0)
                self.assertGreater(figures["printers printing, %"], 0)

    def test_what_is_ordered_is_made(self):
        figures = self.farm("--days", "60", "--demand", "100")["as it is"]
        self.assertAlmostEqual(figures["units ordered, a day"], 100, delta=0.1)
        made = figures["units done, in all"] + figures["still open at the end, units"]
        self.assertGreaterEqual(made, 60 * 100)  # what was made for stock comes on top
        self.assertLess(figures["still open at the end, units"], 4 * 100)
        self.assertEqual(figures["failed builds, %"], 0)  # nothing is put in that could fail
        self.assertAlmostEqual(figures["units scrapped, %"], 0.01, delta=0.005)  # as the spec expects

    def test_same_seed_same_bytes(self):
        bytes_of = {}
        for turn, seed in (("a", "7"), ("b", "7"), ("c", "8")):
            self.farm("--days", "20", "--seed", seed, "--defects", self.defects(), "--demand", "full", "-o", turn)
            for name in ("simulation.html", "simulation.xlsx"):
                with open(os.path.join(self.folder, turn, name), "rb") as file:
                    bytes_of[turn, name] = file.read()
        for name in ("simulation.html", "simulation.xlsx"):
            self.assertEqual(bytes_of["a", name], bytes_of["b", name])
            self.assertNotEqual(bytes_of["a", name], bytes_of["c", name])

    def test_what_the_levers_do(self):
        runs = self.farm("--days", "10", "--demand", "full", "--defects", self.defects(), "--compare")
        self.assertEqual(list(runs), ["as it is"] + [f"without {way}" for way in ("batching", "screens", "validation", "retries", "all")])
        whole, single = runs["as it is"], runs["without batching"]
        self.assertGreater(whole["units done, a day"], 2.5 * single["units done, a day"])
        self.assertAlmostEqual(single["builds, a day"], single["units done, a day"] * 1.02, delta=6)
        runs = self.farm("--days", "30", "--demand", "full", "--defects", self.defects(), "--without", "validation")
        whole, blind = runs["as it is"], runs["without validation"]
        self.assertAlmostEqual(blind["failed builds, %"], 0.18, delta=0.03)
        self.assertAlmostEqual(whole["failed builds, %"], 0.02, delta=0.015)
        self.assertEqual(blind["found by validation, builds"], 0)
        self.assertGreater(blind["of it wasted, %"], 3 * whole["of it wasted, %"])

    def test_what_if(self):
        runs = self.farm("--days", "30", "--demand", "full", "--set", "machine.mk4.count=5")
        self.assertLess(runs["changed"]["units done, a day"], 0.4 * runs["as it is"]["units done, a day"])
        done = self.farm("--days", "30", "--demand", "full", "--printers", "mk4=5")
        self.assertEqual(done["as it is"], runs["changed"])
        for wrong in ("machine.mk5.count=5", "machine.mk4=5", "machine.mk4.count=many"):
            done = self.flowd("simulate", os.path.join(self.FARM, "bracket.flow"), "--days", "3", "--set", wrong)
            self.ends(done, EXIT_ENVIRONMENT)
            self.assertIn("--set", done.err)
        self.assertIn("nothing is called `many`", done.err)  # not in the file: `flowc check` could not say it

    def two_inspections(self):
        """The farm's bracket with a screen that finds a fifth of the units bad, work on what is left, and an inspection after it."""
        folder = os.path.join(self.folder, "two")
        shutil.copytree(self.FARM, folder)
        with open(os.path.join(folder, "bracket.flow"), encoding="utf-8") as file:
            text = file.read().replace("expect 1%", "expect 20%")
        before, after = text.split("  pack box", 1)
        with open(os.path.join(folder, "bracket.flow"), "w", encoding="utf-8") as file:
            file.write(before + '''  finish sand "Sand" {
    at  packing
    do "Sand it." { time 10 min }
  }

  inspect last "Last inspection" {
    at      packing
    sample  all
    check   surface none of stringing, layer_shift, warp
    time    10 s per unit
    reject -> scrap expect 1%
  }

  pack box''' + after)
        return os.path.join(folder, "bracket.flow")

    def test_screens_save_work(self):
        runs = self.farm("--days", "60", "--demand", "40", "--without", "screens", spec=self.two_inspections())
        whole, blind = runs["as it is"], runs["without screens"]
        for run in (whole, blind):  # what the screen does not find, the last inspection does
            self.assertEqual(run["bad units delivered"], 0)
            self.assertAlmostEqual(run["units scrapped, %"], 0.2, delta=0.04)
        sanded = 10 / 60 * 0.25  # hours more for each good unit: a fifth of all are sanded in vain, at ten minutes each
        self.assertAlmostEqual((blind["work at stations, h a day"] - whole["work at stations, h a day"]) / 40, sanded, delta=0.012)
        self.assertGreater(blind["cost of a good unit, USD"], whole["cost of a good unit, USD"] + 0.3)

    def test_a_sample_does_not_see_all(self):
        spec = self.two_inspections()
        with open(spec, encoding="utf-8") as file:
            first, last = file.read().split("inspect last", 1)
        with open(spec, "w", encoding="utf-8") as file:
            file.write(first + "inspect last" + last.replace("sample  all", "sample  first 1 per batch"))
        runs = self.farm("--days", "60", "--demand", "40", "--without", "screens", spec=spec)
        whole, blind = runs["as it is"], runs["without screens"]
        # a fifth is bad, and stays so where the one that is looked at is good; where it is bad, all of its batch are looked at
        self.assertAlmostEqual(blind["bad units delivered"] / blind["units done, in all"], 0.8 * 0.2, delta=0.05)
        self.assertLess(whole["bad units delivered"] / whole["units done, in all"], 0.02)
        self.assertGreater(whole["bad units delivered"], 0)
        self.assertLess(blind["units scrapped, %"], whole["units scrapped, %"])

    def test_the_release_is_obeyed(self):
        done = self.ends(self.flowd("simulate", HOOK, "--days", "60", "--demand", "20", "--json"), EXIT_CLEAN)
        run = json.loads(done.out)["runs"][0]
        self.assertIn("released up to 300", run["waits"])
        self.assertGreater(run["figures"]["units done, in all"], 250)
        self.assertLessEqual(run["figures"]["units done, in all"], 300)
        more = self.farm("--days", "60", "--demand", "20", "--set", "release.desk_hook.production=at most 9000", spec=HOOK)["changed"]
        self.assertGreater(more["units done, in all"], 1000)

    def test_orders_of_a_file(self):
        self.write("orders.csv", "order,line,sku,quantity,customer,due\n1,1,F20-1-black,40,A,2026-01-12\n"
                                 "2,1,F20-1-white,3,B,2026-01-02\n")
        figures = self.farm("--days", "10", "--orders", "orders.csv")["as it is"]
        self.assertEqual(figures["still open at the end, units"], 0)
        self.assertGreaterEqual(figures["units done, in all"], 43)
        self.assertEqual(figures["late order lines"], 1)  # the second was due before the first day
        self.write("more.csv", self.read("orders.csv") + b"3,1,OTHER-1,9,C,2026-01-12\n4,1,F20-1-grey,-1,D,2026-01-12\n")
        for how in (("--days", "10", "--compare"), ("-o", "shop")):
            said = self.ends(self.flowd("simulate", os.path.join(self.FARM, "bracket.flow"), "--orders", "more.csv", *how),
                             EXIT_CLEAN).err
            self.assertEqual(said.count("more.csv: 1 of 4 lines are held, for no SKU of these specs is theirs"), 1, said)
            self.assertEqual(said.count("more.csv: 1 of 4 orders are left out"), 1, said)

    def test_every_protocol_prints_the_same(self):
        """The twins differ in what they say and when they begin, not in what they print."""
        runs = [self.farm("--days", "16", "--demand", "full", "--protocol", name)["as it is"]
                for name in ("octoprint", "moonraker", "prusalink", "bambu")]
        octoprint, moonraker, prusalink, bambu = (run["calls to printers"] for run in runs)
        self.assertLess(moonraker, octoprint)  # a report is one call there, and two here
        self.assertLess(moonraker, prusalink)
        self.assertLess(moonraker, bambu)
        for run in runs:
            self.assertGreater(run["calls to printers"], 6 * 16 * run["builds, a day"])
            self.assertEqual(run["failed builds, %"], 0)
            self.assertEqual(run["not begun, tried again, builds"] + run["a person had to look, builds"], 0)
            self.assertAlmostEqual(run["units done, a day"] / runs[0]["units done, a day"], 1, delta=0.02)

    def test_trouble_with_printers(self):
        self.write("trouble.csv", "trouble,a_week,lasts_s\nnetwork,3,300\nanswer,40,0\nserver,2,90\nflowd,3,60\nmachine,1,600\nemergency_stop,0.3,900\n"
                                  "stuck,0.2,0\ncancelled,1,0\n")
        runs = {name: self.farm("--days", "25", "--demand", "100", "--trouble", "trouble.csv", "--protocol", name)["as it is"]
                for name in ("octoprint", "moonraker", "prusalink", "bambu", "moonraker,bambu")}
        for run in runs.values():
            self.assertGreater(run["failed builds, %"], 0.02)
            self.assertGreater(run["a person had to look, builds"], 0)
            made = run["units done, in all"] + run["still open at the end, units"]
            self.assertGreaterEqual(made, 25 * 100)  # nothing is lost: it is made, or it is still to be made
            self.assertGreater(run["units done, in all"], 0.9 * 25 * 100)
        # Klipper goes on when its server dies
        self.assertLess(runs["moonraker"]["failed builds, %"], 0.8 * runs["octoprint"]["failed builds, %"])
        self.assertLess(runs["moonraker"]["a person had to look, builds"], runs["octoprint"]["a person had to look, builds"])
        again = self.farm("--days", "25", "--demand", "100", "--trouble", "trouble.csv", "--protocol", "bambu")["as it is"]
        self.assertEqual(again, runs["bambu"])
        self.write("trouble.csv", "trouble,a_week,lasts_s\nserver,0,60\nnetwork,1000,604800\n")  # none is ever in reach
        away = self.farm("--days", "10", "--demand", "100", "--trouble", "trouble.csv")["as it is"]
        self.assertEqual((away["units done, in all"], away["builds, a day"]), (0, 0))
        self.assertGreater(away["not begun, tried again, builds"], 100)

    def test_trouble(self):
        farm = os.path.join(self.FARM, "bracket.flow")
        for wrong in (["--days", "none"], ["--days", "3", "--without", "people"], ["--days", "3", "--week", "8"],
                      ["--days", "3", "--protocol", "manual"], ["--days", "3", "--protocol", "klipper"],
                      ["--protocol", "bambu"], ["--trouble", "trouble.csv"], ["--set", "machine.mk4.count=6"]):
            self.ends(self.flowd("simulate", farm, *wrong), EXIT_USAGE)
        self.write("defects.csv", "cause,share,found,stops_at\nwarp,2,0,0\n")
        done = self.ends(self.flowd("simulate", farm, "--days", "3", "--defects", "defects.csv"), EXIT_ENVIRONMENT)
        self.assertIn("defects.csv:2", done.err)
        self.write("trouble.csv", "\ufefftrouble;a_week;lasts_s\r\n\r\n\"network\";1;300\r\n")  # of a spreadsheet
        self.ends(self.flowd("simulate", farm, "--days", "3", "--trouble", "trouble.csv"), EXIT_CLEAN)
        for wrong in ("earthquake,1,0", "network,-1,0", "network,1", "server,1,99999999", "server,often,1"):
            self.write("trouble.csv", f"trouble,a_week,lasts_s\n# ours\n\n{wrong}\n")
            done = self.ends(self.flowd("simulate", farm, "--days", "3", "--trouble", "trouble.csv"), EXIT_ENVIRONMENT)
            self.assertIn("trouble.csv:4: a trouble is as network,0.5,120", done.err)
