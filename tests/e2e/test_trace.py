"""Traces and holds by command line: a lot change in the middle of a batch, a rework, a reject, two parcels."""
import csv
import io
import json

from harness import EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE
from serving import Served
from test_flowd import Shop

ADDRESS = {"name": "Ada Lovelace", "street1": "1 Engine Rd", "city": "Bath", "country": "GB",
           "email": "ada@example.org"}


def units(trace):
    return [unit["unit"] for unit in trace["units"]]


def batch_units(numbers, batch="B-1"):
    return [f"{batch}/{number}" for number in numbers]


class Traced(Shop):
    """Ten units for Ada: 7 is scrap, 3 was reworked, 1 to 6 have inserts of IN-1, the others of IN-2; 1 to 4 are out."""

    def setUp(self):
        super().setUp()
        self.receive_lots()
        self.all_done([{"command": "receive_lot", "lot": "IN-2", "what": "m3_insert", "amount": "100",
                        "supplier": "Insertia"}])
        self.release()
        self.all_done([
            {"command": "describe_order", "order": "1001", "channel": "shop", "customer": "Ada Lovelace",
             "address": json.dumps(ADDRESS)},
            {"command": "take_line", "order": "1001", "line": "1", "product": "desk_hook",
             "sku": "DH-100-black-small", "count": 10, "customer": "Ada Lovelace"},
            {"command": "open_batch", "batch": "B-1", "product": "desk_hook", "purpose": "production"},
            {"command": "add_units", "batch": "B-1", "sku": "DH-100-black-small", "count": 10,
             "order": "1001", "line": "1"},
            {"command": "start_batch", "batch": "B-1"}])
        self.all_done(self.printing("B-1", 10) + self.screening("B-1", range(1, 11)))
        self.all_done([
            self.leave("B-1", "screen", 7, 1, "reject", "a crack"),
            self.leave("B-1", "screen", 3, 1, "rework", "strings"),
            self.leave("B-1", "touch_up", 3, 1), *self.screening("B-1", [3]),
            self.leave("B-1", "screen", 1, 6), self.leave("B-1", "screen", 8, 3),
            self.leave("B-1", "cleanup", 1, 6), self.leave("B-1", "cleanup", 8, 3),
            self.use("B-1", "inserts", "IN-1"), self.use("B-1", "inserts", "MA-1"),
            self.leave("B-1", "inserts", 1, 6), self.use("B-1", "inserts", "IN-2"),
            self.leave("B-1", "inserts", 8, 3)])
        self.all_done([self.judge("B-1", "first_piece", 1, "fit"),
                       self.leave("B-1", "first_piece", 1, 6), self.leave("B-1", "first_piece", 8, 3)])
        self.all_done([command for unit in (1, 2, 3, 4, 5, 6, 8, 9, 10)
                       for command in (self.measure("B-1", "final", unit, "cap", "pocket", "10.1"),
                                       self.measure("B-1", "final", unit, "hook", "width", "30.2"),
                                       self.judge("B-1", "final", unit, "pull"))])
        self.all_done([self.leave("B-1", "final", 1, 6), self.leave("B-1", "final", 8, 3),
                       self.judge("B-1", "box", 0, "count"),
                       self.leave("B-1", "box", 1, 6), self.leave("B-1", "box", 8, 3),
                       self.leave("B-1", "out", 1, 6), self.leave("B-1", "out", 8, 3)])
        self.all_done([self.pack("P-1", 1, 4),
                       {"command": "ship_parcel", "parcel": "P-1", "carrier": "USPS", "tracking": "9400"},
                       self.pack("P-2", 5, 1), self.pack("P-2", 8, 1)])

    def pack(self, parcel, first, count):
        return {"command": "pack_units", "parcel": parcel, "order": "1001", "line": "1", "batch": "B-1",
                "first": first, "count": count}


class Trace(Traced):
    def test_both_directions(self):
        lot = self.json("trace", "IN-1")
        self.assertEqual(units(lot), batch_units(range(1, 13), "S-1") + batch_units(range(1, 7)))
        self.assertEqual(lot["shipped_count"], 4)
        self.assertEqual([row["customer"] for row in lot["customers"]], ["Ada Lovelace"])
        self.assertEqual(units(self.json("trace", "IN-2")), batch_units([8, 9, 10]))
        unit = self.json("trace", "B-1/8")
        self.assertEqual([(row["lot"], row["step"]) for row in unit["lots"]],
                         [("SP-1", "plate"), ("MA-1", "inserts"), ("IN-2", "inserts")])
        self.assertEqual([row["machine"] for row in unit["machines"]], ["mk4"])
        self.assertEqual(unit["orders"][0]["address"], ADDRESS)

    def test_every_kind(self):
        for name, expected in {"B-1": range(1, 11), "1001": range(1, 11), "P-2": [5, 8],
                               "Ada Lovelace": range(1, 11), "B-1/7": [7]}.items():
            with self.subTest(name=name):
                self.assertEqual(units(self.json("trace", name)), batch_units(expected))
        self.assertEqual(len(units(self.json("trace", "mk4"))), 22)
        self.assertEqual(len(units(self.json("trace", "anna"))), 22)

    def test_story_of_a_unit(self):
        out = self.done("trace", "B-1/3").out
        self.assertIn("unit B-1/3: DH-100-black-small, desk_hook revision C, production", out)
        self.assertIn("unit 3 left by rework to touch_up: strings", out)
        self.assertNotIn("IN-2", out)
        self.assertIn("B-1/7", self.done("trace", "B-1/7").out)
        self.assertIn("unit 7 left by reject to scrap: a crack", self.done("trace", "B-1/7").out)

    def test_tables(self):
        rows = list(csv.DictReader(io.StringIO(self.done("trace", "IN-1", "--format", "csv").out)))
        self.assertEqual(len(rows), 18)
        self.assertEqual([row["unit"] for row in rows if row["tracking"] == "9400"], batch_units([1, 2, 3, 4]))
        events = list(csv.DictReader(io.StringIO(self.done("trace", "B-1/3", "--format", "csv").out)))
        self.assertIn("units_left", [row["event"] for row in events])

    def test_pictures(self):
        self.done("trace", "B-1", "--format", "svg", "-o", "b.svg")
        self.assertIn(b"</svg>", self.read("b.svg"))
        self.assertTrue(self.done("trace", "B-1", "--format", "dot").out.startswith("digraph"))

    def test_partners(self):
        self.done("trace", "B-1/1", "--format", "epcis", "--base", "https://id.example.com/", "-o", "e.json")
        events = json.loads(self.read("e.json"))["epcisBody"]["eventList"]
        self.assertIn("TransformationEvent", [event["type"] for event in events])
        self.assertIn("AggregationEvent", [event["type"] for event in events])
        self.assertEqual(self.read("e.json"), self.done("trace", "B-1/1", "--format", "epcis", "--base",
                                                        "https://id.example.com/").raw)
        done = self.ends(self.flowd("trace", "B-1", "--format", "epcis", "--base", "hooks"), EXIT_FINDINGS)
        self.assertIn("no beginning of names", done.err)

    def test_names(self):
        self.all_done([{"command": "receive_lot", "lot": "1001", "what": "m3_insert"}])
        self.assertIn("--kind lot, --kind order", self.refused("several", "", "trace", "1001").err)
        self.assertEqual(units(self.json("trace", "1001", "--kind", "lot")), [])
        self.refused("did you mean the lot `IN-1`?", "", "trace", "IN1")
        self.refused("units 1 to 10", "", "trace", "B-1/11")
        self.refused("there is no kind `spool`", "", "trace", "SP-1", "--kind", "spool")
        for arguments in [(), ("IN-1", "IN-2"), ("IN-1", "--format", "pdf")]:
            self.ends(self.flowd("trace", *arguments), EXIT_USAGE)
        self.ends(self.flowd("trace", "IN-1", "--shop", self.path("nowhere")), EXIT_ENVIRONMENT)
        self.ends(self.flowd("trace", "IN-1", "-o", "nowhere.csv/x/y", "--format", "csv"), EXIT_CLEAN)
        self.ends(self.flowd("trace", "IN-1", "-o", "shop/journal.db/x"), EXIT_ENVIRONMENT)


class Hold(Traced):
    def test_hold_and_free(self):
        before = self.json("trace", "IN-1")
        out = self.done("hold", "IN-1", "--reason", "cracks at 5 N").out
        self.assertIn("lot IN-1 of m3_insert is on hold: cracks at 5 N", out)
        self.assertIn("4 units shipped", out)
        self.assertIn("B-1/1-4  order 1001 line 1  Ada Lovelace  parcel P-1", out)
        self.assertIn("order 1001: Ada Lovelace, 1 Engine Rd, Bath, GB, ada@example.org", out)
        self.assertIn("14 units held in quarantine", out)
        held = [unit["unit"] for unit in self.json("trace", "IN-1")["units"] if unit["at"] == "quarantine"]
        self.assertEqual(held, batch_units(range(1, 13), "S-1") + batch_units([5, 6]))
        self.refused("IN-1", "", "do", json.dumps({"command": "ship_parcel", "parcel": "P-2"}))
        self.done("hold", "IN-1", "--free", "--reason", "tested anew")
        self.assertEqual(units(self.json("trace", "IN-1")), units(before))
        self.assertEqual([unit["at"] for unit in self.json("trace", "IN-1")["units"]],
                         [unit["at"] for unit in before["units"]])

    def test_letters(self):
        self.done("hold", "IN-1", "--reason", "cracks", "--format", "csv", "-o", "recall.csv")
        rows = list(csv.DictReader(io.StringIO(self.read("recall.csv").decode())))
        out = [row for row in rows if row["status"] == "shipped"]
        self.assertEqual([row["unit"] for row in out], batch_units([1, 2, 3, 4]))
        self.assertEqual({(row["email"], row["tracking"], row["city"]) for row in out},
                         {("ada@example.org", "9400", "Bath")})
        again = self.json("hold", "IN-1")  # what a held lot is in is told once more
        self.assertEqual(again["counts"], {"held": 14, "shipped": 4, "scrap": 0, "here": 0})
        self.assertEqual(again["reason"], "cracks")

    def test_scrap_is_told(self):
        counts = self.json("hold", "SP-1", "--reason", "wrong color")["counts"]
        self.assertEqual(counts, {"held": 17, "shipped": 4, "scrap": 1, "here": 0})

    def test_refusals(self):
        self.ends(self.flowd("hold", "IN-1"), EXIT_USAGE)
        self.ends(self.flowd("hold"), EXIT_USAGE)
        self.ends(self.flowd("hold", "IN-1", "--format", "svg"), EXIT_USAGE)
        self.refused("did you mean the lot `IN-1`?", "", "hold", "IN1", "--reason", "x")
        self.refused("", "", "hold", "IN-1", "--reason", "x", "--as", "nobody")
        self.assertFalse(self.json("trace", "IN-1")["held"])


class BesideServer(Served):
    def test_hold_goes_through_the_server(self):
        self.receive_lots()
        self.serve()
        out = self.done("hold", "IN-1", "--reason", "cracks").out
        self.assertIn("lot IN-1 of m3_insert is on hold: cracks", out)
        self.assertIn("nothing of it is in any unit", out)
        self.assertTrue(self.json("trace", "IN-1")["held"])
        self.refused("nobody", "", "hold", "IN-1", "--free", "--reason", "x", "--as", "nobody")
        self.assertTrue(self.json("hold", "IN-1")["on_hold"])
        self.assertEqual(self.stop(), EXIT_CLEAN)
