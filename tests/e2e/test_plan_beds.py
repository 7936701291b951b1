"""Powder and resin in the plan: powder builds are filled through their height, resin plates with parts tilted as they are printed;
both are batched by what the packer lays, and what waits says why."""
import os
import re
import zipfile

from harness import TOP
from test_plan import Planned
from test_plan_plates import box

SPEC = """edition 1
use "shop.flow"
use std.processes

machine oven "Oven" {{ process sls; volume 100 x 100 x 100 mm; rate 9 USD/h }}
machine vat "Vat" {{ process sla; volume 100 x 100 x 100 mm; rate 3 USD/h }}
material nylon "Nylon" {{ process sls; cost 60 USD/kg; density 1.01 g/cm^3 }}
material resin "Resin" {{ process sla; cost 60 USD/kg; density 1.1 g/cm^3 }}
{products}"""
PRODUCT = """
product {name} "{name}" {{ number "{name}"; revision A; contains {name}_part x 1 }}
part {name}_part "Part" {{ process {process}; material {material}; mass 9 g; model "{name}.stl" }}
workflow {name} {{
  batch    fill  "Fill"  {{ group by material; size 1 .. 200; hold at most 48 h; fill at least 80% }}
  print    run   "Print" {{ at bench; makes {name}_part; on {machine}; {print}; setup 5 min per plate }}
  inspect  look  "Look"  {{ at bench; sample all; check shape "Whole."; time 10 s; reject -> scrap }}
  pack     bag   "Pack"  {{ at bench; contains {name} x 1; check count "One."; label sku, batch; time 20 s }}
  ship     send  "Ship"  {{ at bench; cost 4 USD per order }}
}}
"""
POWDER = {"process": "sls", "material": "nylon", "machine": "oven", "print": "run 10 h per plate"}
RESIN = {"process": "sla", "material": "resin", "machine": "vat", "print": "run 4 h per plate; tilt 60 deg"}


class Beds(Planned):
    def setUp(self):
        super().setUp()
        with open(os.path.join(TOP, "docs", "rules", "shop.flow"), encoding="utf-8") as shop:
            self.write("beds/shop.flow", shop.read())
        self.write("beds/beds.flow", SPEC.format(products="".join((
            PRODUCT.format(name="cube", **POWDER), PRODUCT.format(name="rod", **POWDER),
            PRODUCT.format(name="blade", **RESIN), PRODUCT.format(name="fin", **RESIN)))))
        self.write("beds/cube.stl", box(30, 30, 30))  # 3 x 3 x 3 in a build
        self.write("beds/rod.stl", box(30, 94, 30))   # 3 x 3: as much as three cubes each
        for name in ("blade", "fin"):
            self.write(f"beds/{name}.stl", box(40, 80, 2))  # two lie flat, four tilted
        self.done("adopt", "beds/beds.flow")

    def ordered(self, **units):
        for name, count in units.items():
            self.all_done([{"command": "take_line", "order": name, "line": "1", "product": name, "sku": name, "count": count}])
        return self.plan("--always", "--plates", "plates")

    def waits(self, plan):
        return {line["order"]: line.get("waits", "") for line in plan["lines"]}

    def feet(self, ending):
        """The heights at which the parts of a plate stand, each once."""
        [name] = [name for name in os.listdir(self.path("plates")) if name.endswith(ending + ".3mf")]
        with zipfile.ZipFile(self.path("plates", name)) as package:
            model = package.read("3D/3dmodel.model").decode()
        return sorted({round(float(at.split()[-1])) for at in re.findall(r'<item [^>]*transform="([^"]*)"', model)})

    def test_powder_is_filled_through_its_height(self):
        plan = self.ordered(cube=30)
        self.assertEqual([(batch["state"], batch["units"]) for batch in plan["batches"]], [("opens", 27), ("waits", 3)])
        self.assertEqual([plate["print_s"] for plate in plan["plates"]], [36000, 36000])  # a build, full or not
        self.assertEqual(self.feet("oven-01-new-cube"), [0, 32, 64])
        self.assertIn("the last plate would be 11 % full, and starts at 80 %", self.waits(plan)["cube"])

    def test_products_share_a_build_above_one_another(self):
        plan = self.ordered(cube=18)
        self.assertIn("66 % full", self.waits(plan)["cube"])
        plan = self.ordered(rod=3)
        self.assertEqual(self.waits(plan), {"cube": "", "rod": ""})
        self.assertEqual([len(plate["pieces"]) for plate in plan["plates"]], [2])
        self.assertEqual(self.feet("new-cube+new-rod"), [0, 32, 64])
        self.assertIn("B-1: 18 units of cube", self.done("plan", "--apply").out)

    def test_resin_lies_tilted(self):
        plan = self.ordered(blade=2)  # half a plate: one is full of four
        self.assertIn("the last plate would be 50 % full, and starts at 80 %", self.waits(plan)["blade"])
        plan = self.ordered(fin=2)  # lying flat there were room for two in all
        self.assertEqual(self.waits(plan), {"blade": "", "fin": ""})
        self.assertEqual([len(plate["pieces"]) for plate in plan["plates"]], [2])
        self.assertEqual(self.feet("new-blade+new-fin"), [0])

    def test_what_is_of_powder_and_of_resin_shares_nothing(self):
        plan = self.ordered(cube=14, blade=2)
        self.assertEqual({batch["state"] for batch in plan["batches"]}, {"waits"})
        self.assertEqual({plate["printer"] for plate in plan["plates"]}, {"oven", "vat"})
