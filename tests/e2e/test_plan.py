"""flowd plan: orders into batches, plates and printers, with a reason for whatever waits."""
import datetime
import json
import xml.etree.ElementTree as ElementTree

from harness import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from test_flowd import Shop

MONDAY = "2031-03-03 8:00"  # long after any order of these tests: nothing may wait any more
FARM = """printers:
  left:
    machine: mk4
    protocol: octoprint
    address: http://127.0.0.1:1
    nozzle_mm: 0.4
    loaded:
      - {material: pla_white, lot: SP-2, grams: 900}
  right:
    machine: mk4
    protocol: octoprint
    address: http://127.0.0.1:2
    nozzle_mm: 0.4
    loaded:
      - {material: pla_black, lot: SP-1, grams: 900}
"""


class Planned(Shop):
    """A shop that is planned."""

    def without_release(self):
        """The same spec, but production waits for nobody."""
        text = self.read("spec/desk_hook.flow").decode()
        text = text[:text.index("release desk_hook")] + text[text.index("price desk_hook"):]
        self.write("spec/desk_hook.flow", text[:text.index("packet desk_hook")])
        self.done("adopt", "spec/desk_hook.flow")

    def released_up_to(self, count):
        """It waits for nobody, and so many may be produced."""
        text = self.read("spec/desk_hook.flow").decode()
        text = (text[:text.index("release desk_hook")] + "release desk_hook { production at most %d }\n\n" % count +
                text[text.index("price desk_hook"):].split("packet desk_hook")[0])
        if "allow ungated_production" not in text:
            text = text.replace('"Magnetic desk hook" {', '"Magnetic desk hook" { allow ungated_production "Tried out."')
        self.write("spec/desk_hook.flow", text)
        self.done("adopt", "spec/desk_hook.flow")

    def order(self, name, sku, count, due=""):
        self.all_done([{"command": "take_line", "order": name, "line": "1", "product": "desk_hook",
                        "sku": sku, "count": count, "customer": "C", "due": due, "price": ""}])

    def plan(self, *arguments):
        return self.json("plan", *arguments)

    def line(self, plan, order):
        return next(line for line in plan["lines"] if line["order"] == order)


class Plan(Planned):
    def test_nothing_is_ordered(self):
        self.assertIn("nothing is to be made", self.done("plan").out)
        self.assertIn("nothing is to be started", self.done("plan", "--apply").out)

    def test_what_waits_says_why(self):
        self.order("1001", "DH-100-black-small", 3)
        self.assertIn("waits for the approval pp_sample", self.line(self.plan(), "1001")["waits"])
        self.without_release()
        waits = self.line(self.plan(), "1001")["waits"]
        self.assertIn("3 of 8 desk_hook, pla_black, 0.2 mm; opens at 8, or ", waits)
        self.assertIn("with 5 for stock", waits)
        self.order("1002", "DH-100-black-large", 5)  # another size of the same color goes with it
        # 8 of 12 are less than 70 % of a plate
        self.assertIn("the last plate would be 66 % full, and starts at 70 %",
                      self.line(self.plan(), "1001")["waits"])
        self.order("1003", "DH-100-black-large", 1)
        plan = self.plan()
        self.assertNotIn("waits", self.line(plan, "1001"))
        self.assertEqual([batch["state"] for batch in plan["batches"]], ["opens"])
        self.assertEqual([batch["units"] for batch in plan["batches"]], [9])

    def test_plates_are_full_and_go_to_printers(self):
        self.without_release()
        self.order("1001", "DH-100-white-small", 12, "2031-03-03")
        self.order("1002", "DH-100-black-small", 12, "2031-03-07")
        self.write("farm.yaml", FARM)
        plan = self.plan("--farm", self.path("farm.yaml"), "--at", MONDAY)
        placed = sorted((plate["printer"], plate["of"], plate["materials_changed"], plate["full"])
                        for plate in plan["plates"])
        self.assertEqual([(printer, of) for printer, of, _, _ in placed],
                         [("left", "pla_white, 0.2 mm"), ("right", "pla_black, 0.2 mm")])
        self.assertEqual([changed for _, _, changed, _ in placed], [0, 0])
        for _, _, _, full in placed:
            self.assertAlmostEqual(full, 1, places=6)
        self.assertTrue(self.line(plan, "1001")["is_late"])
        self.assertFalse(self.line(plan, "1002")["is_late"])
        self.assertIn("LATE", self.done("plan", "--farm", self.path("farm.yaml"), "--at", MONDAY).out)

    def test_apply(self):
        self.without_release()
        self.order("1001", "DH-100-black-small", 30)
        said = self.done("plan", "--apply").out
        self.assertEqual(said, "B-1: 24 units of desk_hook, pla_black, 0.2 mm, started\n")
        self.assertIn("nothing is to be started now", self.done("plan", "--apply").out)
        plan = self.plan()
        self.assertEqual([(batch["state"], batch["units"]) for batch in plan["batches"]],
                         [("started", 24), ("waits", 8)])
        self.done("plan", "--apply", "--at", MONDAY)  # the other six wait no longer, with two for stock
        self.assertEqual(self.json("batch", "show", "B-2")["units"], 8)
        self.assertEqual(self.json("status")["orders"]["units_in_no_batch"], 0)

    def test_no_more_is_made_than_is_released(self):
        self.released_up_to(30)
        self.order("1001", "DH-100-black-small", 24, "2031-03-03")
        self.order("1002", "DH-100-white-small", 12, "2031-03-04")
        self.order("1003", "DH-100-black-small", 12, "2031-03-05")
        over = "production of desk_hook is released up to 30, of which 6 are left"
        plan = self.plan()
        self.assertEqual([(batch["state"], batch["units"]) for batch in plan["batches"]],
                         [("opens", 24), ("waits", 12), ("waits", 12)])
        self.assertEqual([self.line(plan, order).get("waits") for order in ("1001", "1002", "1003")], [None, over, over])
        self.assertEqual(self.done("plan", "--apply").out, "B-1: 24 units of desk_hook, pla_black, 0.2 mm, started\n")
        self.assertIn("nothing is to be started now", self.done("plan", "--apply").out)
        self.assertEqual(self.line(self.plan(), "1003")["waits"], over)
        self.released_up_to(40)  # now one more batch may be made: of what is due first
        self.assertEqual(self.done("plan", "--apply").out, "B-2: 12 units of desk_hook, pla_white, 0.2 mm, started\n")
        self.assertEqual(self.line(self.plan(), "1003")["waits"], over.replace("30", "40").replace("6", "4"))

    def test_the_last_that_is_released_is_made(self):
        """A batch is cut to what is left, where that can be made by the rule of its batch step."""
        self.released_up_to(12)
        self.order("1001", "DH-100-black-small", 20)
        self.done("batch", "open", "KEPT", "desk_hook", "--purpose", "production")
        self.done("batch", "add", "KEPT", "DH-100-white-small", "14")  # more than is left: it stays as it is
        self.assertEqual(self.done("plan", "--apply").out, "B-1: 12 units of desk_hook, pla_black, 0.2 mm, started\n")
        self.assertEqual(self.line(self.plan(), "1001")["waits"],
                         "production of desk_hook is released up to 12, and as many are started or planned")
        self.refused("at most 12 may be produced on this release", "desk_hook.flow", "batch", "start", "KEPT")

    def test_stock_is_used_first(self):
        self.without_release()
        self.receive_lots()
        self.order("1001", "DH-100-black-small", 3)
        self.done("plan", "--apply", "--at", MONDAY)  # three and five for stock
        self.all_done(self.printing("B-1", 8) + self.screening("B-1", range(1, 9)) +
                      [self.leave("B-1", "screen", 1, 8)] + self.finishing("B-1", 1, 8))
        self.order("1002", "DH-100-black-small", 4)
        self.order("1003", "DH-100-black-large", 1)  # there is none of these
        plan = self.plan()
        self.assertEqual(plan["stock"], [{"batch": "B-1", "first": 4, "count": 4, "order": "1002", "line": "1"}])
        self.assertNotIn("waits", self.line(plan, "1002"))
        self.assertIn("1 of 8", self.line(plan, "1003")["waits"])
        self.assertEqual(self.done("plan", "--apply").out, "B-1: 4 units of the stock for 1002/1\n")
        self.assertEqual(self.json("status")["orders"]["units_in_no_batch"], 1)
        self.assertEqual(self.plan()["stock"], [])

    def test_a_batch_that_fills_is_filled(self):
        self.without_release()
        self.done("batch", "open", "KEPT", "desk_hook", "--purpose", "production")
        self.done("batch", "add", "KEPT", "DH-100-white-small", "4")
        self.order("1001", "DH-100-white-large", 5)
        self.order("1002", "DH-100-black-large", 12)
        self.done("plan", "--apply")
        self.assertEqual(self.json("batch", "show", "KEPT")["units"], 9)
        self.assertEqual(self.json("batch", "show", "B-1")["units"], 12)

    def test_what_stands_at_its_print_is_queued(self):
        """A plate whose G-code is there becomes a job; what prints is not printed again, and its printer is busy."""
        self.write("spec/plates/hook.gcode", "; generated by PrusaSlicer 2.7.0\nG28\nG1 X10 E1\n"
                   "; estimated printing time (normal mode) = 10h 0m 0s\n; total filament used [g] = 131\n")
        text = self.read("spec/desk_hook.flow").decode()
        self.write("spec/desk_hook.flow", text.replace('slice  "profiles/mk4_pla_020.ini"', 'gcode  "plates/hook.gcode"'))
        self.without_release()
        self.order("1001", "DH-100-black-small", 24)
        self.done("plan", "--apply")
        self.assertIn("nothing is to be started", self.done("plan", "--apply").out)  # they are not at the print yet
        self.all_done([{"command": "begin_step", "batch": "B-1", "step": "collect", "station": "printing", "machine": ""},
                       self.leave("B-1", "collect", 1, 24)])
        self.assertEqual(self.done("plan", "--apply").out,
                         "J-1: 12 units of B-1, queued\nJ-2: 12 units of B-1, queued\n")
        self.assertIn("nothing is to be started", self.done("plan", "--apply").out)
        self.assertEqual(len(self.plan()["plates"]), 2)
        self.write("farm.yaml", FARM)
        self.done("lot", "receive", "SP-1", "pla_black", "--amount", "900g", "--supplier", "S")
        self.all_done([{"command": "empty_plate", "printer": "right"},
                       {"command": "load_slot", "printer": "right", "slot": 1, "material": "pla_black", "lot": "SP-1",
                        "grams": "900"},
                       {"command": "begin_attempt", "job": "J-1", "printer": "right", "machine": "mk4"}])
        plan = self.plan("--farm", self.path("farm.yaml"), "--always")
        self.assertEqual([plate["printer"] for plate in plan["plates"]], ["left"])
        self.assertIn("promised_ms", self.line(plan, "1001"))

    def test_without_gcode_nothing_is_queued(self):
        self.without_release()
        self.order("1001", "DH-100-black-small", 24)
        self.done("plan", "--apply")
        self.all_done([{"command": "begin_step", "batch": "B-1", "step": "collect", "station": "printing", "machine": ""},
                       self.leave("B-1", "collect", 1, 24)])
        self.assertEqual(self.done("plan", "--apply", "--no-slice").err.count("12 units of B-1 wait for their G-code"), 2)

    def test_the_weekend_is_no_wait_for_the_bench(self):
        """What ends on a Saturday is worked on on Monday morning: Friday's plate is begun."""
        self.without_release()
        self.order("1001", "DH-100-black-small", 120)  # a plate prints for over nine hours
        self.write("farm.yaml", FARM[:FARM.index("  right")])
        plan = self.plan("--at", MONDAY, "--farm", self.path("farm.yaml"), "--hours", "8")
        days = [datetime.datetime.fromtimestamp(plate["begin_ms"] / 1000, datetime.timezone.utc).weekday()
                for plate in plan["plates"]]
        self.assertEqual(days, [0, 1, 2, 3, 4] * 2)

    def test_picture(self):
        self.without_release()
        self.order("1001", "DH-100-black-small", 24, "2031-03-03")
        self.done("plan", "--at", MONDAY, "--gantt", self.path("plan.svg"))
        picture = ElementTree.fromstring(self.read("plan.svg"))
        texts = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
        self.assertLessEqual({"mk4-1", "mk4-2", "12 x desk_hook", "pla_black", "Plan of Mon 3 Mar 08:00"}, texts)
        late = [bar for bar in picture.iter("{http://www.w3.org/2000/svg}rect") if bar.get("class") == "late"]
        self.assertEqual(len(late), 3)  # two plates, and the legend

    def test_the_same_again(self):
        self.without_release()
        for i in range(40):
            self.order(str(1000 + i), "DH-100-%s-%s" % (("black", "white")[i % 2], ("small", "large")[i % 3 % 2]),
                       1 + i % 7, "2031-03-%02d" % (4 + i % 9))
        first, again = (self.done("plan", "--at", MONDAY, "--json").out for _ in range(2))
        self.assertEqual(first, again)
        owed = sum(line["owed"] for line in json.loads(first)["lines"])
        planned = sum(piece["count"] for batch in json.loads(first)["batches"] for piece in batch["pieces"]
                      if "order" in piece)
        self.assertEqual(owed, planned)

    def test_trouble(self):
        for wrong in (("--at", "tomorrow"), ("--at", "2031-02-29 8:00"), ("--at", "2031-03-03 8:60"),
                      ("--begins", "25:00"), ("--hours", "0"), ("--swap", "-1"), ("more",)):
            self.ends(self.flowd("plan", *wrong), EXIT_USAGE)
        self.write("wrong.yaml", "printers: 3\n")
        self.assertIn("wrong.yaml:1", self.ends(self.flowd("plan", "--farm", self.path("wrong.yaml")), EXIT_FINDINGS).err)
        late = datetime.datetime(2031, 3, 3)
        self.assertEqual(late.weekday(), 0)  # what MONDAY says
        self.ends(self.flowd("plan", "--at", MONDAY), EXIT_CLEAN)
