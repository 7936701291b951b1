"""Orders that come again: made as before without a question; what differs is shown, and waits until it is wanted."""
import json
import os
import shutil

from harness import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE, TOP
from serving import Served
from test_flowd import Shop
from test_jobs import Jobs as Doubles

SKU = "CL-1-small"


class Reorders(Shop):
    """A shop that makes clips, of which order O-1 was shipped."""

    BATCHES = "B-"

    def setUp(self):
        super().setUp()
        shutil.copy(os.path.join(TOP, "tests", "unit", "specs", "clip.flow"), self.path("spec"))
        self.write("spec/clip.gcode", "G1 X1\n")
        self.done("adopt", "spec/clip.flow")
        self.order(1)
        self.make(1)

    def change(self, old, new):
        """The spec with another text, adopted; the new lane as `check` says it."""
        text = self.read("spec/clip.flow").decode()
        self.assertIn(old, text)
        self.write("spec/clip.flow", text.replace(old, new))
        self.done("adopt", "spec/clip.flow")

    def order(self, number):
        self.write("orders.csv", f"order,line,sku,quantity,customer\nO-{number},1,{SKU},2,Bench & Bed\n")
        self.done("orders", "import", "orders.csv")

    def fill(self, number):
        self.done("batch", "open", f"{self.BATCHES}{number}", "clip", "--purpose", "production")
        self.done("batch", "fill", f"{self.BATCHES}{number}")

    def finish(self, number):
        """From the print to the customer."""
        batch = f"{self.BATCHES}{number}"
        self.all_done([{"command": "begin_step", "batch": batch, "step": "plate", "machine": "mk4"},
                       self.leave(batch, "plate", 1, 2), *self.after_the_print(number)])

    def after_the_print(self, number):
        batch = f"{self.BATCHES}{number}"
        return [self.measure(batch, "look", 1, "body", "gap", "3.0"), self.leave(batch, "look", 1, 2),
                self.judge(batch, "bag", 0, "count"), self.leave(batch, "bag", 1, 2),
                self.leave(batch, "out", 1, 2),
                {"command": "pack_units", "parcel": f"P-{number}", "order": f"O-{number}", "line": "1",
                 "batch": batch, "first": 1, "count": 2},
                {"command": "ship_parcel", "parcel": f"P-{number}", "carrier": "USPS"}]

    def make(self, number):
        self.fill(number)
        self.done("batch", "start", f"{self.BATCHES}{number}")
        self.finish(number)

    def check(self, order, status=EXIT_CLEAN):
        """What `check` says of the order's only line, for people and for programs."""
        line, = json.loads(self.ends(self.flowd("reorder", "check", order, "--json"), status).out)
        return self.ends(self.flowd("reorder", "check", order), status).out, line

    def waits(self, order):
        line, = [one for one in self.json("plan")["lines"] if one["order"] == order]
        return line.get("waits", "")


class Asked(Reorders):
    def test_the_same_again_asks_nothing(self):
        self.order(2)
        text, line = self.check("O-2")
        self.assertIn(f"O-2/1  2 x {SKU}: made as B-1/1 was; nothing is asked", text)
        self.assertIn("proven   B-1/1, revision A, in parcel P-1, shipped 20", text)
        self.assertEqual((line["repeat"], line["differences"], line["told"]), ("proven", [], []))
        self.assertEqual(self.waits("O-2"), "")
        self.assertNotIn("reorder", self.done("orders", "show", "O-2").out)
        self.make(2)
        self.assertIn("all of it is begun", self.check("O-2")[0])

    def test_another_tolerance_is_shown_and_waits_until_it_is_accepted(self):
        self.order(2)
        self.change("3 mm +/- 0.4 mm", "3 mm +/- 0.3 mm")
        text, line = self.check("O-2", EXIT_FINDINGS)
        self.assertIn("waits: otherwise than B-1/1 was", text)
        self.assertIn("differs  dimension gap of part body: 3 mm (2.6 mm .. 3.4 mm) major Caliper -> "
                      "3 mm (2.7 mm .. 3.3 mm)", text)
        self.assertEqual(line["repeat"], "differs")
        self.assertEqual(line["differences"][0]["what"], "dimension gap of part body")
        self.assertEqual(line["proven"]["batch"], "B-1")
        self.assertIn(f"flowd reorder accept clip {line['lane'][:12]}", text)
        self.assertIn("flowd reorder check O-2", self.done("orders", "show", "O-2").out)
        self.assertIn("it would differ from B-1/1, which was shipped", self.waits("O-2"))
        self.assertEqual([one["state"] for one in self.json("plan")["batches"]], ["waits"])
        self.done("plan", "--apply")
        self.assertEqual([one["batch"] for one in self.json("batch", "list")], ["B-1"])
        self.fill(2)
        self.refused("would differ from unit 1 of batch B-1", "clip.flow", "batch", "start", "B-2")
        self.done("people", "admit", "ben", "operator,planner")
        accept = ("reorder", "accept", "clip", line["lane"][:12], "the customer asked for it")
        self.refused("is for quality", "", *accept, "--as", "ben")
        self.assertIn("lane_accepted: product clip, lane " + line["lane"], self.done(*accept).out)
        self.assertIn("accepted by anna: the customer asked for it", self.check("O-2")[0])
        self.assertEqual(self.waits("O-2"), "")
        self.done("batch", "start", "B-2")
        self.finish(2)
        accepted, = self.json("batch", "record", "B-2")["acceptances"]
        self.assertEqual((accepted["by"], accepted["reason"], accepted["lane"]), ("anna", "the customer asked for it", line["lane"]))
        self.assertEqual(accepted["differences"], "dimension gap of part body: 3 mm (2.6 mm .. 3.4 mm) major Caliper -> 3 mm (2.7 mm .. 3.3 mm) major Caliper")
        self.assertRegex(self.done("batch", "record", "B-2").out, r"accepted  20.* by anna\n  the customer asked for it\n  differs  dimension gap")
        self.assertIn("accepted: the customer asked for it (dimension gap", self.done("trace", "B-2/1").out)
        self.assertEqual(self.json("batch", "record", "B-1")["acceptances"], [])
        self.assertNotIn("accepted: the customer", self.done("trace", "B-1/1").out)
        self.order(3)
        self.assertEqual(self.check("O-3")[1]["proven"]["batch"], "B-2")
        self.make(3)

    def test_other_g_code_is_shown_and_waits(self):
        self.write("spec/clip.gcode", "G1 X2\n")
        self.change("time 15 s", "time 25 s")
        self.order(2)
        text, line = self.check("O-2", EXIT_FINDINGS)
        self.assertIn("differs  gcode of print plate: clip.gcode (sha256:", text)
        self.assertIn("besides  ", text)
        self.assertEqual([one["what"] for one in line["differences"]], ["gcode of print plate"])
        self.assertEqual(len(line["told"]), 1)
        self.fill(2)
        self.refused("gcode of print plate", "clip.flow", "batch", "start", "B-2")
        self.done("reorder", "accept", "clip", line["lane"][:12], "seen")
        self.done("batch", "start", "B-2")

    def test_what_does_not_count_is_told(self):
        self.change("time 15 s", "time 25 s")
        self.order(2)
        text, line = self.check("O-2")
        self.assertEqual((line["repeat"], line["differences"], len(line["told"])), ("proven", [], 1))
        self.assertIn("25 s", text)
        self.make(2)

    def test_usage(self):
        self.ends(self.flowd("reorder", "check"), EXIT_USAGE)
        self.refused("there is no order O-9", "", "reorder", "check", "O-9")
        self.refused("there is no order O-1 with a line 7", "", "reorder", "check", "O-1", "7")


class FromFiles(Reorders, Served):
    """Printed by the farm, from a file that a job names."""

    protocol = "moonraker"
    double, job, wait, ends_as = Doubles.double, Doubles.job, Doubles.wait, Doubles.ends_as

    def print_it(self, job, batch, text, stage):
        self.write("shop/plate.gcode", text)
        self.done("printers", "empty", "left")
        self.done("job", "queue", job, batch, "plate", "--file", "plate.gcode")
        return self.ends_as(stage, job)

    def test_another_file_is_set_aside_and_printed_once_it_is_accepted(self):
        self.addresses = {}
        self.double("left", print_s=0.2)
        self.write("shop/farm.yaml", "printers:\n  left:\n    machine: mk4\n    protocol: moonraker\n"
                   f"    address: {self.addresses['left']}\n    loaded: [{{material: pla}}]\n")
        self.serve()
        self.order(2)
        self.fill(2)
        self.done("batch", "start", "B-2")
        self.print_it("J-2", "B-2", "G1 X10\n", "done")
        self.all_done(self.after_the_print(2))
        self.order(3)
        self.fill(3)
        self.done("batch", "start", "B-3")
        aside = self.print_it("J-3", "B-3", "G1 X20\n", "aside")
        self.assertIn("other G-code when it was shipped", aside["reason"])
        self.assertEqual((aside["attempts"], aside["printer"]), (0, ""))
        other, = [one["other_file"] for one in self.get("/jobs")["items"] if "other_file" in one]
        text, line = self.check("O-3", EXIT_FINDINGS)
        self.assertIn("differs  G-code of plate (J-3): ", text)
        digest = line["differences"][0]["is"]
        self.assertEqual(other, {"product": "clip", "step": "plate", "was": line["differences"][0]["was"], "was_job": "J-2", "is": digest})
        self.assertIn(f"flowd reorder accept clip {digest[:12]}", text)
        self.done("reorder", "accept", "clip", digest[:12], "sliced anew")
        self.ends_as("done", "J-3")
        self.assertEqual(self.get("/orders/O-3")["lines"][0]["differs"], False)
        self.assertFalse([one for one in self.get("/jobs")["items"] if "other_file" in one])
        self.check("O-3")
        accepted, = self.json("batch", "record", "B-3")["acceptances"]
        self.assertEqual((accepted["jobs"], accepted["lane"], accepted["by"]), ("J-3", digest, "anna"))
        self.assertEqual(accepted["differences"], f"G-code of plate: {other['was'][:12]} (job J-2) -> {digest[:12]} (job J-3)")
        self.assertIn("accepted: sliced anew (G-code of plate", self.done("trace", "B-3").out)
        self.assertEqual(self.json("batch", "record", "B-2")["acceptances"], [])
        self.assertEqual(self.stop(), 0)
