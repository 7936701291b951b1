"""flowc plate: what it says, what it writes, that it is sound and the same again, and that each refusal has a way out."""
import json
import math
import os
import re
import unittest
import zipfile

from harness import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE, TOP, FlowcTest

SPEC = """edition 1
use "%s"

product clip "Cable clip" { number "CC-1"; revision A; contains body x 1, arm x 2 }
part body "Body" { process fdm; material pla; print_time 20 min; mass 1 g; model "%s/body.stl" }
part arm  "Arm"  { process fdm; material pla; print_time 9 min; mass 1 g; model "%s/arm.stl" }

workflow clip {
  print    run   "Print" { at bench; makes body, arm; on mk4%s }
  inspect  look  "Look"  { at bench; sample all; check shape "No strings, no holes."; time 10 s; reject -> scrap }
  pack     bag   "Pack"  { at bench; contains clip x 1; check count "One clip."; label sku, batch; time 20 s }
  ship     send  "Ship"  { at bench; cost 4 USD per order }
}
"""


def spec(plate="", models=None):
    rules = os.path.join(TOP, "docs", "rules")
    models = models or os.path.join(rules, "models")
    return SPEC % (os.path.join(rules, "shop.flow"), models, models, plate)


class Plate(FlowcTest):
    def run_flowc(self, *arguments):
        return self.flowc(*arguments, environment={"XDG_CACHE_HOME": self.path("cache")})

    def plate(self, *arguments, text=None):
        self.write("clip.flow", text or spec())
        return self.run_flowc("plate", "clip.flow", *arguments)

    def test_counts(self):
        done = self.plate("--count", "body=9,arm=20", "-o", "out")
        self.assertEqual((done.status, done.err), (EXIT_CLEAN, ""))
        self.assertEqual(done.out.splitlines()[1], "plate 1 of 1: body x 9, arm x 20")
        with zipfile.ZipFile(self.path("out", "run_1.3mf")) as package:
            model = package.read("3D/3dmodel.model").decode()
        self.assertEqual(len(re.findall("<item ", model)), 29)
        self.assertEqual(len(re.findall("<object ", model)), 2)
        self.assertEqual(self.picture("run_1").count("<use "), 29)
        read = self.run_flowc("mesh", "--no-cache", "--format", "json", self.path("out", "run_1.3mf"))
        self.assertEqual(json.loads(read.out)["meshes"][0]["shells"], 29)

    def picture(self, name):
        with open(self.path("out", name + ".svg"), encoding="utf-8") as picture:
            return picture.read()

    def test_picture(self):
        """Titles or numbers on the parts, a legend, what stays free hatched, and materials where there are several."""
        self.plate("--count", "body=1,arm=2", "--keep-out", "0,190,60,20", "-o", "out")
        drawn = self.picture("run_1")
        texts = re.findall("<text [^>]*>([^<]*)</text>", drawn)
        for text in ("Cable clip: Print", "FRONT", "stays free", "Body × 1", "Arm × 2", "0 mm", "250"):
            self.assertIn(text, texts)
        self.assertEqual(texts.count("Arm") + texts.count("2"), 3)  # on two, and once in the legend
        self.assertRegex(drawn, 'fill="url\\(#plate-run-1-hatch\\)" x="0" y="0" width="60" height="20"')
        about = next(text for text in texts if "bed 250 × 210 mm" in text)
        self.assertRegex(about, "3 parts, up to [0-9]+ mm high · PLA")
        with open(self.path("out", "run_1.png"), "rb") as picture:
            self.assertEqual(picture.read(8), b"\x89PNG\r\n\x1a\n")
        two = spec().replace("material pla;", "material pla; with sage 1 g;", 1)
        two = two.replace("workflow", 'material sage "PLA, sage" { process fdm; cost 20 USD/kg; color "sage green" }\nworkflow', 1)
        self.plate("--count", "body=70,arm=200", "-o", "out", text=two)
        self.assertIn("sage", self.picture("run_1"))
        pages = re.findall(rb"/Type /Page\b", self.read_pdf("run"))
        self.assertEqual(len(pages), len([name for name in os.listdir(self.path("out")) if name.endswith(".3mf")]))

    def read_pdf(self, name):
        with open(self.path("out", name + ".pdf"), "rb") as paper:
            return paper.read()

    def test_instructions(self):
        """The step's plate is in the work instructions; of a plate sliced beforehand only the slicer knows it."""
        self.write("clip.flow", spec("; plate body x 4, arm x 8"))
        self.run_flowc("build", "clip.flow", "-o", "out", "--only", "instructions")
        with open(self.path("out", "clip", "instructions.html"), encoding="utf-8") as page:
            written = page.read()
        self.assertEqual(written.count("<use "), 12)
        self.assertIn("Body × 4", written)

    def test_nothing_is_nearer_than_asked(self):
        """By the corners of the parts' boxes: the arm's box is its outline."""
        for clearance in (0, 2, 7.5):
            done = self.plate("--count", "arm=40", "--clearance", f"{clearance}mm", "--turns", "4", "--format", "json")
            places = json.loads(done.out)["placements"]
            self.assertEqual(len(places), 40)
            boxes = []
            for place in places:
                turn = round(place["angle_deg"]) % 360
                width, depth = (30, 20) if turn % 180 == 0 else (20, 30)
                low = {0: (0, 0), 90: (-20, 0), 180: (-30, -20), 270: (0, -30)}[turn]
                x, y = place["x_mm"] + low[0], place["y_mm"] + low[1]
                self.assertTrue(x >= -2e-3 and y >= -2e-3 and x + width <= 250.002 and y + depth <= 210.002)
                boxes.append((place["plate"], x, y, x + width, y + depth))
            for i, a in enumerate(boxes):
                for b in boxes[:i]:
                    if a[0] == b[0]:
                        apart = math.hypot(max(0, a[1] - b[3], b[1] - a[3]), max(0, a[2] - b[4], b[2] - a[4]))
                        inside = max(a[1] - b[3], b[1] - a[3], a[2] - b[4], b[2] - a[4])
                        self.assertGreaterEqual(apart if clearance else inside, clearance - 2e-3)

    def test_sets_and_cost(self):
        """Without a plate line as many products as one takes; and the cost goes by the same."""
        done = self.plate("--format", "json")
        places = json.loads(done.out)["placements"]
        bodies = sum(place["part"] == "body" for place in places)
        self.assertEqual(len(places), 3 * bodies)
        self.assertGreater(bodies, 15)
        cost = self.run_flowc("cost", "clip.flow", "--quantity", str(4 * bodies), "--format", "json")
        self.assertEqual(json.loads(cost.out)["costs"][0]["steps"][0]["plates"], "4")

    def test_same_again(self):
        first = self.plate("--count", "body=70,arm=80", "--format", "json", "--seed", "7")
        self.assertEqual(first.out, self.plate("--count", "body=70,arm=80", "--format", "json", "--seed", "7").out)

    def test_keep_out(self):
        done = self.plate("--count", "arm=3", "--keep-out", "0,0,250,100;0,100,10,110", "--format", "json")
        for place in json.loads(done.out)["placements"]:
            self.assertGreater(place["y_mm"], 99)
        done = self.plate("--count", "arm=3", "--keep-out", "0,0,250,200")
        self.ends(done, EXIT_FINDINGS)
        self.assertIn("`arm` does not fit on mk4 as it stands", done.err)

    def test_tilt(self):
        """The arm is 40 mm high and 20 mm deep, and on its back the other way around: shadow, height and 3MF follow."""
        for tilt, deep, high in (("", 20, 40), ("; tilt 90 deg", 40, 20)):
            self.plate("--count", "arm=1", "--turns", "1", "-o", "out", text=spec(tilt))
            self.assertIn(f"1 part, up to {high} mm high", self.picture("run_1"))
            read = self.run_flowc("mesh", "--no-cache", "--format", "json", self.path("out", "run_1.3mf"))
            mesh = json.loads(read.out)["meshes"][0]
            for low, side, wanted in zip(mesh["low_mm"], mesh["high_mm"], (30, deep, high)):
                self.assertAlmostEqual(side - low, wanted, delta=0.01)

    def test_stack(self):
        """In powder parts lie on one another, as high as the machine is, and the 3MF has them there."""
        powder = spec().replace("use ", 'process powder { kind additive; holds 0.3 mm }\nmachine fuse "Fuse" '
                                "{ process powder; volume 100 mm x 100 mm x 130 mm; rate 9 USD/h }\nuse ", 1)
        done = self.plate("--machine", "fuse", "--count", "arm=30", "--format", "json", "-o", "out", text=powder)
        places = json.loads(done.out)["placements"]
        self.assertEqual((len(places), {place["plate"] for place in places}), (30, {1}))
        self.assertGreater(max(place["z_mm"] for place in places), 20)
        self.assertLessEqual(max(place["z_mm"] for place in places), 90)
        read = self.run_flowc("mesh", "--no-cache", "--format", "json", self.path("out", "run_1.3mf"))
        mesh = json.loads(read.out)["meshes"][0]
        self.assertEqual(mesh["shells"], 30)
        svg = self.picture("run_1")
        boxes = [(float(foot), float(top)) for foot, top in re.findall(r"from ([\d.]+) to ([\d.]+) mm</title></rect>", svg)]
        self.assertEqual(sorted(foot for foot, _ in boxes), sorted(float(f"{place['z_mm']:.1f}") for place in places))
        self.assertEqual({round(top - foot) for foot, top in boxes}, {40})
        self.assertIn("FROM THE FRONT", svg)
        self.assertAlmostEqual(mesh["high_mm"][2], 40 + max(place["z_mm"] for place in places), delta=0.01)
        alone = self.plate("--machine", "fuse", "--count", "arm=400", text=powder)  # more than one build
        self.assertIn("stacked up to", alone.out)
        self.assertNotIn("on 1 plate,", alone.out)

    def test_plate_line(self):
        self.assertIn("body x 4, arm x 8", self.plate(text=spec("; plate body x 4, arm x 8")).out)
        self.plate(text=spec("; plate body x 40, arm x 160"))
        checked = self.run_flowc("check", "clip.flow", "--format", "short")
        self.assertRegex(checked.out + checked.err, r"does_not_fit.*do not fit on `mk4` beside the rest of the plate, \d+ do")

    def test_cache_that_is_cut_off(self):
        cache = self.path("cache", "flowc", "plates")

        def plates():
            done = self.run_flowc("cost", "clip.flow", "--quantity", "500", "--format", "json")
            return json.loads(done.out)["costs"][0]["steps"][0]["plates"]
        self.plate()
        fresh = plates()
        self.assertEqual(len(os.listdir(cache)), 1)
        path = os.path.join(cache, os.listdir(cache)[0])
        with open(path, encoding="utf-8") as kept:
            whole = kept.read()
        for broken in (whole[:-3], "", "x" + whole, "\0" * 40):
            with open(path, "w", encoding="utf-8") as out:
                out.write(broken)
            self.assertEqual(plates(), fresh)
            with open(path, encoding="utf-8") as kept:
                self.assertEqual(kept.read(), whole)

    def test_refusals(self):
        for arguments, text in (
                (["--step", "no"], "no print step `no`"),
                (["--machine", "no"], "there is no machine `no`"),
                (["--machine", "pla"], "there is no machine `pla`"),
                (["--count", "no=3"], "`run` makes no part `no`"),
                (["--count", "arm=1,body=1,arm=2"], "--count names `arm` twice"),
                (["--count", "arm"], "--count wants NAME=NUMBER"),
                (["--count", "arm=0"], "--count wants NAME=NUMBER"),
                (["--clearance", "2in"], "--clearance wants a length"),
                (["--turns", "5"], "--turns is 1, 4"),
                (["--effort", "lots"], "--effort is quick"),
                (["--keep-out", "1,2,3"], "--keep-out wants X,Y,WIDTH,DEPTH"),
                (["--sku", "no"], "has no SKU `no`"),
                (["--format", "xml"], "there is no format `xml`")):
            done = self.plate(*arguments)
            self.assertEqual((done.status, done.out), (EXIT_USAGE, ""), str(done))
            self.assertIn(text, done.err)
        done = self.plate(text=spec(models="nowhere"))
        self.ends(done, EXIT_FINDINGS)
        self.assertIn("the model of `body` is not there", done.err)


if __name__ == "__main__":
    unittest.main()
