"""What a person reads in the printed instructions: nothing left out, nothing twice, nothing that only a spec knows."""
import re
import subprocess

from harness import EXIT_CLEAN, FlowcTest, example_specs

SPEC = """edition 1
shop s { currency USD }
station bench "Bench" { rate 20 USD/h }
station mill "Mill" { rate 20 USD/h }
role lead "Lead"
item thing "Thing of {size} cm" { cost 1 USD }
standard clean "Clean" { do "Wipe it." { time 20 s } }
product p "Widget" { number "1"; revision A; variant size small, large; variant color red, blue; contains thing x 1 }
workflow p {
  assemble first "Put together" {
    at by size: small -> bench, large -> mill
    using clean
    consume thing x 1
    do "Hold the {size} one." { time 25 s }
    record heat (degC)
    record force (N)
    record speed (rpm)
    record name
    record lot
    record weather
  }
  gate release "Release" {
    at bench; by lead; requires "One thing", "Another thing", "A third thing"; refuse -> scrap
  }
  pack last "Pack" { at bench; time 5 s; contains p x 1; label batch; check count "One" }
}
"""


class InstructionsTest(FlowcTest):
    def printed(self, path, name):
        self.ends(self.flowc("build", path, "-o", "out", "--only", "instructions"), EXIT_CLEAN)
        html = self.read(f"out/{name}/instructions.html").decode()
        pdf = subprocess.run(["pdftotext", "-layout", self.path("out", name, "instructions.pdf"), "-"], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
        return pdf, html

    def test_all_of_it(self):
        self.write("p.flow", SPEC)
        pdf, html = self.printed("p.flow", "p")
        for text in pdf, html:
            self.assertIn("{size} stands for what was ordered: small or large.", text)
            self.assertNotIn("{color}", text)
        for record in "heat force speed name lot weather".split():
            self.assertRegex(pdf, rf"(?m)^.*\b{record}\b")
        for number, thing in enumerate(("One thing", "Another thing", "A third thing"), 1):
            self.assertRegex(pdf, rf"\b{number} +{thing}")
        self.assertRegex(pdf, r"1 +Put together +assemble +Bench \(small\), +45 s per unit")

    def test_each_lot_once(self):
        spec = [path for path in example_specs() if path.endswith("cable_rail.flow")][0]
        pdf, _ = self.printed(spec, "cable_rail")
        plans = re.findall(r"How many\n(.*?)good ", pdf, re.S)
        self.assertTrue(plans)
        for plan in plans:
            lots = [int(lot) for lot in re.findall(r"(?m)^ +(\d+) +\d+ +\d+ +\d+", plan)]
            self.assertTrue(lots)
            self.assertEqual(lots, sorted(set(lots)))
