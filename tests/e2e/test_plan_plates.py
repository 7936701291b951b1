"""Plates of several products in the plan: shared only where the packer lays all of it on one bed."""
import glob
import os
import re
import shutil
import subprocess
import time
import zipfile

import harness
from harness import EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, TOP
from serving import Served
from test_plan import Planned
from test_slice import MODES, SLICER

SPEC = """edition 1
use "shop.flow"

machine small "Small printer" { process fdm; volume 100 x 100 x 100 mm; rate 2 USD/h; nozzle 0.4 mm; max_nozzle 290 degC }
machine tiny "Tiny printer" { process fdm; volume 60 x 100 x 100 mm; rate 2 USD/h; nozzle 0.4 mm; max_nozzle 290 degC }
%s"""
PRODUCT = """
product {name} "{name}" {{ number "{name}"; revision A; contains {name}_part x 1 }}
part {name}_part "Part" {{ process fdm; material pla; layer 0.2 mm; print_time 20 min; mass 9 g; model "{name}.stl" }}
workflow {name} {{
  batch    fill  "Fill"  {{ group by material; size 1 .. 24; hold at most 48 h; fill at least 80% }}
  print    run   "Print" {{ at bench; makes {name}_part; on small; plate {name}_part x {count}; setup 5 min per plate }}
  inspect  look  "Look"  {{ at bench; sample all; check shape "Whole."; time 10 s; reject -> scrap }}
  pack     bag   "Pack"  {{ at bench; contains {name} x 1; check count "One."; label sku, batch; time 20 s }}
  ship     send  "Ship"  {{ at bench; cost 4 USD per order }}
}}
"""


def box(width, depth, height=10):
    """A box as an STL of text."""
    corners = [(x * width, y * depth, z * height) for z in (0, 1) for y in (0, 1) for x in (0, 1)]
    quads = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    lines = ["solid box"]
    for a, b, c, d in quads:
        for three in ((a, b, c), (a, c, d)):
            lines += ["facet normal 0 0 0", "outer loop",
                      *("vertex %g %g %g" % corners[at] for at in three), "endloop", "endfacet"]
    return "\n".join(lines + ["endsolid box", ""])


class Mixed(Planned):
    """A shop of bars and tiles that share a bed, where they fit on it."""

    def setUp(self):
        super().setUp()
        with open(os.path.join(TOP, "docs", "rules", "shop.flow"), encoding="utf-8") as shop:
            self.write("mixed/shop.flow", shop.read())
        # three bars lie side by side, four tiles in a square; two bars leave no room for a tile, one bar for two
        products = PRODUCT.format(name="bar", count=3) + PRODUCT.format(name="tile", count=4)
        self.write("mixed/mixed.flow", SPEC % products)
        self.write("mixed/bar.stl", box(30, 96))
        self.write("mixed/tile.stl", box(48, 48))
        self.done("adopt", "mixed/mixed.flow")

    def items(self, package):
        with zipfile.ZipFile(self.path(package)) as opened:
            return opened.read("3D/3dmodel.model").decode().count("<item ")


class Plates(Mixed):
    def planned(self, bars, tiles):
        for name, count in (("bar", bars), ("tile", tiles)):
            if not count:
                continue
            self.all_done([{"command": "take_line", "order": f"{name}-{bars}", "line": "1", "product": name,
                            "sku": name, "count": count}])
        return self.plan()

    def test_what_lies_on_one_bed_shares_it(self):
        plan = self.planned(1, 2)  # 83 % of a plate
        self.assertEqual([len(plate["pieces"]) for plate in plan["plates"]], [2])
        self.assertEqual({batch["state"] for batch in plan["batches"]}, {"opens"})

    def test_what_does_not_waits_for_more(self):
        plan = self.planned(2, 1)  # 92 %, but a tile has no room beside two bars
        self.assertEqual({batch["state"] for batch in plan["batches"]}, {"waits"})
        self.assertIn("opens when more is ordered", plan["lines"][0]["waits"])

    def test_plates_as_files(self):
        """A package for a slicer and a picture of each plate; what is there already stays as it is."""
        self.planned(3, 0)
        self.planned(1, 2)
        self.write("farm.yaml", "printers:\n  left: {machine: small, protocol: octoprint, address: 'http://127.0.0.1:1'}\n")
        names = ["left-01-new-bar", "left-02-new-bar+new-tile"]
        plan = ("plan", "--farm", "farm.yaml", "--always", "--plates", "plates")
        self.assertIn("plates: 2 plates, 2 written anew\n", self.done(*plan).out)
        self.assertEqual(sorted(os.listdir(self.path("plates"))), [f"{name}.{ending}" for name in names
                                                                   for ending in ("3mf", "svg")])
        self.assertEqual([self.items(f"plates/{name}.3mf") for name in names], [3, 3])
        self.assertIn("left, plate 2: 1 x bar, 2 x tile", self.read(f"plates/{names[1]}.svg").decode())
        marks = {name: os.stat(self.path("plates", name)).st_mtime_ns for name in os.listdir(self.path("plates"))}
        self.write(f"plates/{names[0]}.svg", "torn")
        self.assertIn("plates: 2 plates, 1 written anew\n", self.done(*plan).out)
        self.assertEqual({name for name in marks if os.stat(self.path("plates", name)).st_mtime_ns != marks[name]},
                         {f"{names[0]}.svg"})
        self.assertEqual(len(self.json(*plan)["plates"]), 2)  # nothing but JSON is said then
        self.write("taken", "a file")
        self.assertIn("taken", self.ends(self.flowd(*plan[:-1], "taken/plates"), EXIT_ENVIRONMENT).err)

    def test_what_cannot_be_laid_is_said(self):
        self.write("mixed/mixed.flow", self.read("mixed/mixed.flow").decode().replace('; model "bar.stl"', ""))
        self.done("adopt", "mixed/mixed.flow")
        self.planned(3, 4)
        said = self.ends(self.flowd("plan", "--plates", "plates"), EXIT_FINDINGS)
        self.assertIn("3 x bar: `bar_part` has no model: write `model", said.err)
        self.assertIn("plates: 1 plates, 1 written anew\n", said.out)

    def test_slots_and_purge(self):
        """A part of two materials goes to a machine with two slots; what is purged is in the plan."""
        text = SPEC.replace("nozzle 0.4 mm;", "nozzle 0.4 mm; slots 2;") % PRODUCT.format(name="sign", count=3)
        text = text.replace("mass 9 g;", "mass 9 g; with white 2 g;").replace("setup 5 min", "purge 6 g; setup 5 min")
        self.write("mixed/sign.flow", text + """
material white "White PLA" { process fdm; family PLA; cost 20 USD/kg; density 1.24 g/cm^3; nozzle 215 degC }
""")
        self.write("mixed/sign.stl", box(30, 96))
        self.done("adopt", "mixed/sign.flow")
        self.write("farm.yaml", """printers:
  one: {machine: small, protocol: octoprint, address: 'http://127.0.0.1:1', loaded: [{material: pla}]}
  two: {machine: small, protocol: octoprint, address: 'http://127.0.0.1:2',
        loaded: [{slot: 1, material: pla}, {slot: 2, material: white}]}
""")
        self.all_done([{"command": "take_line", "order": "1", "line": "1", "product": "sign", "sku": "sign", "count": 6}])
        plan = self.plan("--farm", self.path("farm.yaml"))
        self.assertEqual([(plate["of"], plate["printer"], plate["materials_changed"]) for plate in plan["plates"]],
                         [("pla + white, 0.2 mm", "two", 0)] * 2)
        self.assertEqual(plan["purge_g"], 12)
        self.assertIn("12 g purged", self.done("plan", "--farm", self.path("farm.yaml")).out)
        # of whose slots nothing is said, it has as many as the spec says of its machine
        self.write("bare.yaml", "printers:\n  bare: {machine: small, protocol: octoprint, address: 'http://127.0.0.1:1'}\n")
        self.assertEqual([plate["printer"] for plate in self.plan("--farm", self.path("bare.yaml"))["plates"]], ["bare"] * 2)
        os.remove(self.path("farm.yaml"))
        self.assertEqual([plate["printer"] for plate in self.plan()["plates"]], ["small"] * 2)
        made = self.json("simulate", "mixed/sign.flow", "--days", "5", "--demand", "3")["runs"][0]["figures"]
        self.assertGreater(made["units done, in all"], 0)

    def test_what_is_purged_weighs_as_much_as_it_costs(self):
        """Two signs, of which a printer makes one in the day, or both until the next morning: fewer plates where much is purged,
        but for what would come too late."""
        def plates(grams, due):
            text = SPEC.replace("nozzle 0.4 mm;", "nozzle 0.4 mm; slots 2;") % PRODUCT.format(name="sign", count=2)
            text = text.replace("mass 9 g;", "mass 9 g; with white 2 g;").replace("20 min", "7 h").replace("80%", "50%")
            self.write("mixed/sign.flow", text.replace("setup 5 min", f"purge {grams} g; setup 5 min") + """
material white "White PLA" { process fdm; family PLA; cost 20 USD/kg; density 1.24 g/cm^3; nozzle 215 degC }
""")
            self.write("mixed/sign.stl", box(30, 96))
            self.done("adopt", "mixed/sign.flow")
            order = f"{grams}-{due}"
            self.all_done([{"command": "take_line", "order": order, "line": "1", "product": "sign", "sku": "sign",
                            "count": 2, "due": due}])
            plan = self.plan("--farm", self.path("farm.yaml"), "--at", "2031-03-03 8:00", "--hours", "8")
            self.all_done([{"command": "cancel_line", "order": order, "line": "1", "count": 2, "reason": "seen"}])
            return len(plan["plates"])

        self.write("farm.yaml", "printers:\n  one: {machine: small, protocol: octoprint, address: 'http://127.0.0.1:1', "
                   "loaded: [{slot: 1, material: pla}, {slot: 2, material: white}]}\n")
        self.assertEqual(plates(6, ""), 2)
        self.assertEqual(plates(1500, ""), 1)  # 30 USD: 15 h of the machine
        self.assertEqual(plates(1500, "2031-03-03"), 2)

    def test_one_printer_is_set_up_after_the_other(self):
        self.write("farm.yaml", "printers:\n" + "".join(
            f"  p{n}: {{machine: small, protocol: octoprint, address: 'http://127.0.0.1:{n}'}}\n" for n in range(1, 5)))
        self.all_done([{"command": "take_line", "order": "1", "line": "1", "product": "bar", "sku": "bar", "count": 12}])
        plan = self.plan("--farm", self.path("farm.yaml"), "--at", "2031-03-03 8:00")
        begins = sorted(plate["begin_ms"] - plan["now_ms"] for plate in plan["plates"])
        self.assertEqual(len({plate["printer"] for plate in plan["plates"]}), 4)
        self.assertEqual(begins, [at * 60 * 1000 for at in (0, 10, 20, 30)])  # 5 min for the spool, 5 for the setup


class Sliced(Mixed):
    """Where the step names the settings of a slicer; the slicer is one of our own."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.path("bin"))
        self.write("bin/version", "PrusaSlicer-9.9.0 of our own\n")
        self.write("bin/prusa-slicer", SLICER)
        os.chmod(self.path("bin", "prusa-slicer"), 0o755)
        self.environment = {"PATH": self.path("bin") + ":" + os.environ["PATH"], "XDG_CACHE_HOME": self.path("cache")}
        self.adopt()

    def adopt(self, replaced="setup 5 min", by='slice "fine.ini"; setup 5 min'):
        products = PRODUCT.format(name="bar", count=3) + PRODUCT.format(name="tile", count=4)
        self.write("mixed/mixed.flow", (SPEC % products).replace(replaced, by))
        self.write("mixed/fine.ini", "layer_height = 0.2\n")
        self.done("adopt", "mixed/mixed.flow")

    def apply(self, mode, *arguments, status=EXIT_CLEAN, **environment):
        self.write("bin/mode", MODES[mode] + "\n")
        return self.ends(self.flowd("plan", "--apply", *arguments, environment={**self.environment, **environment}), status)

    def runs(self):
        return len(self.read("bin/runs").splitlines()) if os.path.exists(self.path("bin", "runs")) else 0

    def at_the_print(self, order, **units):
        """Ordered, started, and brought to the printers."""
        for name, count in units.items():
            self.all_done([{"command": "take_line", "order": f"{order}-{name}", "line": "1", "product": name, "sku": name,
                            "count": count}])
        self.apply("good")
        for batch in self.json("batch", "list"):
            if "fill" in batch["at"]:
                self.done("step", "leave", batch["batch"], "fill", f"1-{batch['units']}", "pass")

    def files(self, ending="gcode"):
        return sorted(glob.glob(self.path("shop", "gcode", f"*.{ending}")))

    def while_it_slices(self, does):
        """What was said by `flowd plan --apply`; the slicer waits until something else was done."""
        self.write("bin/mode", 'touch "$here/slices"; while [ ! -e "$here/goes_on" ]; do sleep 0.05; done\n' + MODES["good"])
        program = os.path.join(os.path.dirname(harness.FLOWC), "flowd")
        running = subprocess.Popen([program, "plan", "--apply", "--shop", "shop", "--as", "anna"], cwd=self.folder,
                                   stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, "LSAN_OPTIONS": harness.LEAKS, **self.environment})
        while not os.path.exists(self.path("bin", "slices")) and running.poll() is None:
            time.sleep(0.05)
        try:
            does()
        finally:
            self.write("bin/goes_on", "")
            said, _ = running.communicate()
        self.assertEqual(running.returncode, EXIT_CLEAN, said)
        return said

    def jobs(self):
        return [(job["job"], job["file"], sorted((row["batch"], row["part"], row["count"]) for row in job["parts"]))
                for job in self.json("job", "list")]


class Slicing(Sliced):
    """flowd plan --apply."""

    def test_a_plate_is_sliced_once_and_kept(self):
        self.at_the_print("1", bar=3)
        said = self.apply("looks")
        [gcode] = self.files()
        name = os.path.relpath(gcode, self.path("shop"))
        self.assertRegex(name, "^gcode/bar-run-3-[0-9a-f]{12}.gcode$")
        self.assertEqual(said.out, f"{name}: 3 units of B-1, 1 h 20 min, 32 g; PrusaSlicer 9.9.0\n"
                                   "J-1: 3 units of B-1, queued\n")
        self.assertEqual(self.items(self.path("bin", "seen.3mf")), 3)
        self.assertEqual(self.jobs(), [("J-1", name, [("B-1", "bar_part", 3)])])
        self.assertEqual(self.runs(), 1)
        self.assertIn("nothing is to be started", self.apply("fails").out)  # it is queued
        # the same plate of another order is printed from the same bytes: no slicer, no cache
        before = self.read(gcode)
        shutil.rmtree(self.path("cache"))
        self.at_the_print("2", bar=3)
        self.assertEqual(self.apply("fails", PATH="/nowhere").out, "J-2: 3 units of B-2, queued\n")
        self.assertEqual((self.files(), self.read(gcode), self.runs()), ([gcode], before, 1))

    def test_products_that_share_a_plate_are_one_job(self):
        self.at_the_print("1", bar=1, tile=2)
        self.assertIn(": 1 units of B-1, 2 units of B-2, queued\n", self.apply("looks").out)
        self.assertEqual(self.items(self.path("bin", "seen.3mf")), 3)
        [(_, name, parts)] = self.jobs()
        self.assertRegex(name, "^gcode/bar-and-others-run-3-[0-9a-f]{12}.gcode$")
        self.assertEqual(parts, [("B-1", "bar_part", 1), ("B-2", "tile_part", 2)])

    def test_what_the_slicer_says_is_shown_and_the_rest_goes_on(self):
        self.at_the_print("1", bar=3)
        self.all_done([{"command": "take_line", "order": "2", "line": "1", "product": "tile", "sku": "tile", "count": 4}])
        said = self.apply("fails", status=EXIT_ENVIRONMENT)
        self.assertIn("B-2: 4 units of tile", said.out)  # another batch is started all the same
        self.assertIn("Objects could not fit on the bed", said.err)
        [package] = self.files("3mf")
        self.assertIn(f"slice {package} with ", said.err)
        self.assertEqual((self.json("job", "list"), self.files()), ([], []))
        said = self.apply("good", PATH="/nowhere", status=EXIT_ENVIRONMENT)
        self.assertIn("there is no slicer `prusa-slicer`; install PrusaSlicer", said.err)
        # what somebody sliced by hand is taken; what is no job is not
        gcode = package.replace(".3mf", ".gcode")
        self.write(gcode, "; generated by nobody\n")
        said = self.apply("good", "--no-slice")
        self.assertIn("then `flowd plan --apply` again", said.err)
        self.assertEqual(self.json("job", "list"), [])
        self.write(gcode, "; generated by PrusaSlicer 2.7.0\nG28\nG1 X10 E1\n; filament used [mm] = 10730.00\n"
                   "; filament used [g] = 32.00\n; estimated printing time (normal mode) = 1h 0m 0s\n")
        self.assertEqual(self.apply("good", "--no-slice").out, "J-1: 3 units of B-1, queued\n")

    def test_a_slicer_that_hangs_is_ended(self):
        self.at_the_print("1", bar=3)
        said = self.apply("hangs", "--timeout", "1", status=EXIT_ENVIRONMENT)
        self.assertIn("was at it for 1 s and was ended", said.err)
        self.assertEqual(self.files(), [])
        self.apply("good", "--timeout", "0", status=EXIT_USAGE)

    def test_what_flowc_slice_made_is_taken_from_the_cache(self):
        self.at_the_print("1", bar=3)
        self.write("bin/mode", MODES["good"] + "\n")
        self.ends(self.flowc("slice", "mixed/mixed.flow", "--product", "bar", "-o", "out", environment=self.environment),
                  EXIT_CLEAN)
        self.assertIn("; PrusaSlicer 9.9.0, from the cache\n", self.apply("fails").out)

    def test_it_lies_on_every_machine_that_it_may_go_to(self):
        self.adopt("on small; plate bar_part x 3; setup 5 min", 'on small, tiny; slice "fine.ini"; setup 5 min')
        self.at_the_print("1", bar=3)
        said = self.apply("good", status=EXIT_FINDINGS)
        self.assertIn("3 units of B-1: its 3 pieces do not lie on 60 x 100 mm at once (`small`, and what the step is "
                      "`on` besides)", said.err)
        self.assertEqual(self.runs(), 0)

    def test_settings_of_one_name_that_differ_are_refused(self):
        self.write("other/fine.ini", "layer_height = 0.3\n")
        self.write("other/shop.flow", self.read("mixed/shop.flow"))
        self.write("other/tile.stl", self.read("mixed/tile.stl"))
        self.write("other/other.flow", (SPEC % PRODUCT.format(name="tile", count=4)).replace(
            "setup 5 min", 'slice "fine.ini"; setup 5 min'))
        self.done("adopt", "other/other.flow")
        self.at_the_print("1", bar=1, tile=2)
        said = self.apply("good", status=EXIT_FINDINGS)
        self.assertRegex(said.err, "fine.ini and \\S+fine.ini differ, and one plate is sliced with one of them")
        self.assertEqual(self.runs(), 0)

    def test_nobody_waits_for_the_slicer(self):
        self.at_the_print("1", bar=1, tile=2)
        said = self.while_it_slices(lambda: self.done("lot", "receive", "SP-1", "pla", "--amount", "900g", "--supplier", "S"))
        self.assertIn("J-1: 1 units of B-1, 2 units of B-2, queued\n", said)


class SlicingServed(Served, Sliced):
    def test_what_is_started_is_queued(self):
        """By the same --apply, where it comes to its print at once; beside a server as without one."""
        spec = self.read("mixed/mixed.flow").decode()
        self.write("mixed/mixed.flow", re.sub(r"\n  batch .*", "", spec))
        self.done("adopt", "mixed/mixed.flow")
        self.applied("1", 1)
        self.serve()
        self.applied("2", 3)
        self.applied("3", 5)
        self.assertIn("nothing is to be started", self.apply("fails").out)
        self.assertEqual(len(self.jobs()), 6)

    def applied(self, order, first):
        for name, count in (("bar", 3), ("tile", 4)):
            self.all_done([{"command": "take_line", "order": order, "line": name, "product": name, "sku": name,
                            "count": count}])
        said = self.apply("good").out
        for name, units, number in (("bar", 3, first), ("tile", 4, first + 1)):
            self.assertIn(f"B-{number}: {units} units of {name}, started\n", said)
            self.assertIn(f": {units} units of B-{number}, queued\n", said)

    def test_a_server_does_not_slice(self):
        """It answers meanwhile; and begins a plate of two batches only when both are in the job."""
        self.at_the_print("1", bar=1, tile=2)
        self.serve()
        said = self.while_it_slices(lambda: self.done("lot", "receive", "SP-1", "pla", "--amount", "900g", "--supplier", "S"))
        self.assertIn("J-1: 1 units of B-1, 2 units of B-2, queued\n", said)
        self.assertEqual([parts for _, _, parts in self.jobs()], [[("B-1", "bar_part", 1), ("B-2", "tile_part", 2)]])
        self.assertNotIn("puts its plate together", self.done("plan").out)
