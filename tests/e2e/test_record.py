"""Records and issues by command line: a production of 24 with one rework, one reject, a change of lot and a deviation; the
record as text, JSON (by its schema) and pages, in any zone; what is shown when the next batch opens."""
import atexit
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile

from harness import EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, TOP
from serving import Served
from test_flowd import Shop

sys.path.insert(0, os.path.join(TOP, "tests"))
from check_spec_json import mistakes  # noqa: E402  (the validator of spec.json)

LEFTWARD = "עידו כהן"


def schema():
    with open(os.path.join(TOP, "docs", "record.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def pages(path):
    """The text of each page."""
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    return text.split("\f")[:-1]


class Run(Shop):
    """A shop in which all that a record tells of has happened to batch B-1."""

    def order_and_sample(self):
        self.receive_lots()
        self.all_done([{"command": "admit_person", "person": "ben", "roles": "operator"},
                       {"command": "receive_lot", "lot": "IN-2", "what": "m3_insert", "supplier": LEFTWARD},
                       {"command": "take_line", "order": "1001", "line": "1", "product": "desk_hook",
                        "sku": "DH-100-black-small", "count": 22, "customer": "Bench & Bed", "due": "2026-12-01"}])
        self.release()

    def screen(self):
        """7 is reworked, 9 rejected, 3 was typed wrong."""
        bad = {7: "4.52", 9: "4.71", 3: "4.02"}
        each = [command for unit in range(1, 25) for command in self.screening("B-1", [unit], bad.get(unit, "4.20"))]
        correction = self.measure("B-1", "screen", 3, "hook", "bore", "4.20") | {"reason": "digits turned round"}
        self.all_done(self.printing("B-1", 24) + each + [
            correction, self.leave("B-1", "screen", 7, 1, "rework", "bore too wide"),
            self.leave("B-1", "screen", 9, 1, "reject", "bore far too wide"),
            self.leave("B-1", "screen", 1, 6), self.leave("B-1", "screen", 8, 1), self.leave("B-1", "screen", 10, 15),
            self.leave("B-1", "touch_up", 7, 1), self.judge("B-1", "screen", 0, "count")] +
            self.screening("B-1", [7], "4.40") + [self.leave("B-1", "screen", 7, 1)])

    def assemble(self):
        """The inserts' lot changes after unit 12."""
        self.all_done([self.leave("B-1", "cleanup", 1, 8), self.leave("B-1", "cleanup", 10, 15),
                       {"command": "begin_step", "batch": "B-1", "step": "inserts"},
                       self.use("B-1", "inserts", "IN-1"), self.use("B-1", "inserts", "MA-1"),
                       self.leave("B-1", "inserts", 1, 8), self.leave("B-1", "inserts", 10, 3),
                       self.use("B-1", "inserts", "IN-2"), self.leave("B-1", "inserts", 13, 12)])
        self.done("issue", "open", "I-1", "desk_hook", "an insert stood proud", "--batch", "B-1", "--step", "inserts",
                  "--unit", "14")

    def finish(self):
        runs = [(1, 8), (10, 15)]
        self.all_done([self.judge("B-1", "first_piece", 1, "fit")] +
                      [self.leave("B-1", "first_piece", *run) for run in runs])
        checks = [command for first, count in runs for unit in range(first, first + count)
                  for command in (self.measure("B-1", "final", unit, "cap", "pocket", "10.1"),
                                  self.measure("B-1", "final", unit, "hook", "width", "30.2"),
                                  self.judge("B-1", "final", unit, "pull"))]
        self.all_done(checks + [self.leave("B-1", "final", *run) for run in runs] +
                      [self.judge("B-1", "box", 0, "count")] +
                      [self.leave("B-1", step, *run) for step in ("box", "out") for run in runs])
        self.done("parcel", "pack", "P-1", "1001", "1", "B-1", "1-8")
        self.done("parcel", "ship", "P-1", "USPS", "--tracking", "9400100000000000000000")

    def produce(self):
        self.order_and_sample()
        self.done("batch", "open", "B-1", "desk_hook", "--purpose", "production")
        self.done("batch", "add", "B-1", "DH-100-black-small", "22", "--order", "1001", "--line", "1")
        self.done("batch", "add", "B-1", "DH-100-black-small", "2")
        self.done("batch", "start", "B-1")
        self.screen()
        self.assemble()
        self.finish()


class Record(Run):
    made = None  # a shop in which it happened: copied for each test

    def setUp(self):
        super().setUp()
        if Record.made is None:
            self.produce()
            made = tempfile.mkdtemp(prefix="flow-e2e-record-")
            atexit.register(shutil.rmtree, made, ignore_errors=True)
            shutil.copytree(self.path("shop"), os.path.join(made, "shop"))
            Record.made = made  # only now: another thread may be waiting for it
            return
        shutil.rmtree(self.path("shop"))
        shutil.copytree(os.path.join(Record.made, "shop"), self.path("shop"))

    def record(self, *options, **how):
        return json.loads(self.done("batch", "record", "B-1", "--json", *options, **how).out)

    def test_json_says_what_happened(self):
        record = self.record()
        self.assertEqual(list(mistakes(schema(), record, schema())), [])
        self.assertEqual((record["state"], record["number"], record["revision"]), ("closed", "DH-100", "C"))
        steps = {step["name"]: step for step in record["steps"]}
        yields = {name: [step["yield"][way] for way in ("entered", "good", "again", "held", "scrap")]
                  for name, step in steps.items()}
        self.assertEqual(yields["screen"], [25, 23, 1, 0, 1])
        self.assertEqual(yields["touch_up"], [1, 1, 0, 0, 0])
        self.assertEqual(yields["out"], [23, 23, 0, 0, 0])
        self.assertEqual(record["yield"]["good"], 23)
        lots = {lot["lot"]: lot["units"] for lot in steps["inserts"]["lots"]}
        self.assertEqual(lots["IN-1"], [{"first": 1, "count": 8}, {"first": 10, "count": 3}])
        self.assertEqual(lots["IN-2"], [{"first": 13, "count": 12}])
        self.assertEqual(steps["plate"]["begins"][0]["machine"], "mk4")
        [correction] = record["corrections"]
        self.assertEqual((correction["unit"], correction["before"], correction["after"]), (3, "4.02", "4.20"))
        [signature] = record["signatures"]
        self.assertEqual((signature["by"], signature["meaning"], signature["role"]), ("anna", "as drawn", "quality"))
        self.assertEqual(record["samples"][0]["finished"], 12)
        self.assertEqual(record["parcels"][0]["tracking"], "9400100000000000000000")
        self.assertEqual(record["issues"][0]["unit"], 14)
        lacking = {lack["text"] for lack in record["lacks"]}
        self.assertIn("issue I-1 has no cause and no action yet", lacking)
        self.assertIn("nobody said when Cleanup was begun", lacking)
        self.assertNotIn("no machine recorded for Print", lacking)
        head = self.json("verify")
        self.assertEqual(record["journal"]["events"], head.get("events", record["journal"]["events"]))

    def test_schema_finds_what_is_spoilt(self):
        record, law = self.record(), schema()
        for spoil in (lambda it: it.pop("yield"), lambda it: it.update(more=1),
                      lambda it: it["steps"][0].update(kind=None), lambda it: it["opened"].update(time="today"),
                      lambda it: it["checklist"][0].update(state="maybe")):
            spoilt = copy.deepcopy(record)
            spoil(spoilt)
            self.assertTrue(list(mistakes(law, spoilt, law)))

    def test_zone(self):
        utc = self.record("--zone", "UTC")["opened"]["time"]
        self.assertTrue(utc.endswith("+00:00"))
        self.assertTrue(self.record("--zone", "+05:30")["opened"]["time"].endswith("+05:30"))
        self.assertEqual(self.record(environment={"TZ": "UTC"})["zone"], "UTC")
        for wrong in ("Nowhere", "../../etc/passwd"):
            self.assertIn("time zone", self.ends(self.flowd("batch", "record", "B-1", "--zone", wrong), EXIT_USAGE).err)

    def test_pages(self):
        for paper, size in (("a4", "595.28 x 841.89"), ("letter", "612 x 792")):
            path = self.path(paper + ".pdf")
            self.done("batch", "record", "B-1", "-o", path, "--paper", paper, "--zone", "UTC")
            found = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
            self.assertIn(size, found)
            text = pages(path)
            for number, page in enumerate(text, 1):
                self.assertIn(f"page {number} of {len(text)}", page)
                self.assertIn("Batch record B-1: Magnetic desk hook", page)
                self.assertRegex(page, r"DH-100 +rev\. C · [0-9a-f]{12}")
            whole = "\n".join(text)
            for words in ("What this record lacks", "What went in", "The way, step by step", "3 Early screen",
                          "1 outside, in brackets", "[4.71]", "4.02", "digits turned", "an insert stood proud",
                          "as drawn", "9400100000000000000000", "21 CFR 11.50", "Reviewed by", LEFTWARD[0]):  # how far its letters stand apart is the reader's guess
                self.assertIn(words, " ".join(whole.split()) if " " in words else whole)

    def test_same_bytes(self):
        contents = []
        for name in ("a.pdf", "b.pdf"):
            self.done("batch", "record", "B-1", "-o", self.path(name))
            with open(self.path(name), "rb") as file:
                contents.append(file.read())
        self.assertEqual(*contents)
        self.assertEqual(self.record(), self.record())
        self.done("batch", "record", "B-1", "-o", self.path("c.json"))
        with open(self.path("c.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), self.record())

    def test_text(self):
        text = self.done("batch", "record", "B-1").out
        self.assertIn("24 started, 23 done, 1 scrap", text)
        self.assertIn("What this record lacks:", text)

    def test_what_cannot_be_done(self):
        self.assertIn("flowd batch list", self.ends(self.flowd("batch", "record", "B-9"), EXIT_FINDINGS).err)
        self.ends(self.flowd("batch", "record"), EXIT_USAGE)
        self.ends(self.flowd("batch", "record", "B-1", "--paper", "a3"), EXIT_USAGE)
        self.ends(self.flowd("batch", "record", "B-1", "-o", "/dev/full"), EXIT_ENVIRONMENT)
        self.ends(self.flowd("batch", "record", "B-1", "-o", self.path("shop", "journal.db", "x.pdf")),
                  EXIT_ENVIRONMENT)


class Odd(Shop):
    """Names and texts as nobody would write them."""

    def test_texts(self):
        reason = "x" * 20000 + " \u202eover\u202c <b>&amp;</b> \\ \" \n\t" + LEFTWARD
        name = "B 1/" + LEFTWARD + "'\""
        self.all_done([{"command": "admit_person", "person": LEFTWARD, "roles": "operator,quality"},
                       {"command": "receive_lot", "lot": "SP-1", "what": "pla_black", "supplier": reason[-60:]},
                       {"command": "open_batch", "batch": name, "product": "desk_hook", "purpose": "sample"},
                       {"command": "add_units", "batch": name, "sku": "DH-100-black-small", "count": 12},
                       {"command": "start_batch", "batch": name}] + self.printing(name, 12) +
                      [self.leave(name, "screen", 1, 1, "reject", reason),
                       {"command": "open_issue", "issue": "I", "product": "desk_hook", "batch": name, "what": reason}])
        record = self.json("batch", "record", name)
        self.assertEqual(list(mistakes(schema(), record, schema())), [])
        self.assertEqual(record["batch"], name)
        self.assertEqual(record["issues"][0]["what"], reason)
        self.done("batch", "record", name, "-o", self.path("odd.pdf"))
        text = pages(self.path("odd.pdf"))
        self.assertLess(len(text), 25)
        self.assertEqual(sum(page.count("(note 1)") for page in text), 2)  # where it was left by, and the issue
        self.assertGreater(sum(page.count("xxx") for page in text), 20000 // 100 - 20)

    def test_before_it_starts(self):
        self.done("batch", "open", "B-1", "desk_hook", "--purpose", "production")
        record = self.json("batch", "record", "B-1")
        self.assertEqual(list(mistakes(schema(), record, schema())), [])
        self.assertEqual((record["state"], record["unit_count"]), ("open", 0))
        self.done("batch", "record", "B-1", "-o", self.path("empty.pdf"))
        self.done("batch", "cancel", "B-1", "nobody wants it")
        record = self.json("batch", "record", "B-1")
        self.assertEqual((record["state"], record["cancelled_reason"]), ("cancelled", "nobody wants it"))


class Issues(Shop):
    def test_they_are_shown_when_the_next_batch_opens(self):
        opened = self.done("batch", "open", "B-1", "desk_hook", "--purpose", "sample").out
        self.assertNotIn("known to go wrong", opened)
        self.done("issue", "open", "I-1", "desk_hook", "caps fall off", "--batch", "B-1")
        self.done("issue", "open", "I-2", "desk_hook", "label is crooked")
        self.done("issue", "answer", "I-1", "too little glue", "two drops")
        self.done("issue", "close", "I-1", "B-1 held")
        text = self.done("batch", "open", "B-2", "desk_hook", "--purpose", "sample").out
        self.assertLess(text.index("I-2"), text.index("I-1"))  # the open one first
        for words in ("label is crooked", "cause: too little glue", "action: two drops", "closed: B-1 held"):
            self.assertIn(words, text)
        answer = json.loads(self.done("batch", "open", "B-3", "desk_hook", "--purpose", "sample", "--json").out)
        self.assertEqual([(issue["issue"], issue["state"]) for issue in answer["issues"]],
                         [("I-2", "open"), ("I-1", "closed")])

    def test_list(self):
        self.assertEqual(self.done("issue", "list").out, "no issues\n")
        self.assertEqual(self.json("issue", "list"), [])
        self.done("issue", "open", "I-1", "desk_hook", "caps fall off")
        self.refused("", "", "issue", "close", "I-9", "why")
        [issue] = self.json("issue", "list", "--open", "--product", "desk_hook")
        self.assertEqual((issue["state"], issue["opened"]["by"], issue["answered"]), ("open", "anna", None))
        self.assertEqual(self.json("issue", "list", "--product", "other"), [])
        self.done("issue", "close", "I-1", "seen")
        self.assertEqual(self.json("issue", "list", "--open"), [])
        self.assertEqual(self.ends(self.flowd("issue", "list", "x"), EXIT_USAGE).status, EXIT_USAGE)
        self.assertEqual(self.done("issue", "list").status, EXIT_CLEAN)


class Beside(Served):
    """While a server has the journal."""

    def test_records_and_issues(self):
        self.serve()
        self.done("issue", "open", "I-1", "desk_hook", "caps fall off")
        self.assertIn("caps fall off", self.done("batch", "open", "B-1", "desk_hook", "--purpose", "sample").out)
        self.done("batch", "add", "B-1", "DH-100-black-small", "12")
        record = self.json("batch", "record", "B-1")
        self.assertEqual((record["state"], record["unit_count"]), ("open", 12))
        self.done("batch", "record", "B-1", "-o", self.path("b.pdf"))
        self.assertEqual(self.json("issue", "list")[0]["issue"], "I-1")
