"""A shop run by command line: the desk hook from its spec to its parcels, and what is refused on the way."""
import concurrent.futures
import json
import os
import shutil

from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, TOP, FlowcTest

LOTS = [("SP-1", "pla_black"), ("SP-2", "pla_black"), ("IN-1", "m3_insert"), ("MA-1", "magnet_10x3")]
UUID = "01936f2e-5b00-7000-8000-0000000000{:02x}"


class Shop(FlowcTest):
    """A shop of anna's with the desk hook adopted, from a copy of its spec that a test may change."""

    def setUp(self):
        super().setUp()
        shutil.copytree(os.path.join(CONTRACT, "desk-hook"), self.path("spec"))
        self.done("init", "shop", "--owner", "anna")
        self.done("adopt", "spec/desk_hook.flow")

    def flowd(self, *arguments, **how):
        environment = {"FLOW_SHOP": self.path("shop"), "FLOW_PERSON": "anna",
                       **how.pop("environment", {})}
        return super().flowd(*arguments, environment=environment, **how)

    def done(self, *arguments, **how):
        return self.ends(self.flowd(*arguments, **how), EXIT_CLEAN)

    def refused(self, words, place, *arguments, **how):
        done = self.ends(self.flowd(*arguments, **how), EXIT_FINDINGS)
        self.assertIn(words, done.err)
        self.assertIn(place, done.err)
        return done

    def all_done(self, commands):
        """Many commands by one process."""
        lines = "".join(json.dumps(command) + "\n" for command in commands)
        return self.done("do", "-", stdin=lines.encode())

    def json(self, *arguments):
        return json.loads(self.done(*arguments, "--json").out)

    def receive_lots(self):
        self.all_done({"command": "receive_lot", "lot": lot, "what": what, "amount": "1000"}
                      for lot, what in LOTS)

    # ---- the bench, step by step ----

    def leave(self, batch, step, first, count, outcome="pass", reason=""):
        return {"command": "leave_step", "batch": batch, "step": step, "first": first,
                "count": count, "outcome": outcome, "reason": reason}

    def use(self, batch, step, lot):
        return {"command": "use_lot", "batch": batch, "step": step, "lot": lot, "amount": "1"}

    def judge(self, batch, step, unit, check, good=1):
        return {"command": "judge_check", "batch": batch, "step": step, "unit": unit,
                "check": check, "good": good}

    def measure(self, batch, step, unit, part, dimension, value):
        return {"command": "measure", "batch": batch, "step": step, "unit": unit, "part": part,
                "dimension": dimension, "value": value}

    def printing(self, batch, count, lot="SP-1"):
        return [self.leave(batch, "collect", 1, count), self.use(batch, "plate", lot),
                {"command": "begin_step", "batch": batch, "step": "plate", "machine": "mk4"},
                self.leave(batch, "plate", 1, count), self.judge(batch, "screen", 0, "count")]

    def screening(self, batch, units, bore="4.30"):
        return [command for unit in units
                for command in (self.judge(batch, "screen", unit, "surface"),
                                self.measure(batch, "screen", unit, "hook", "bore", bore))]

    def finishing(self, batch, first, count):
        each = [command for unit in range(first, first + count)
                for command in (self.measure(batch, "final", unit, "cap", "pocket", "10.1"),
                                self.measure(batch, "final", unit, "hook", "width", "30.2"),
                                self.judge(batch, "final", unit, "pull"))]
        return [self.leave(batch, "cleanup", first, count), self.use(batch, "inserts", "IN-1"),
                self.use(batch, "inserts", "MA-1"), self.leave(batch, "inserts", first, count),
                self.judge(batch, "first_piece", first, "fit"),
                self.leave(batch, "first_piece", first, count), *each,
                self.leave(batch, "final", first, count), self.judge(batch, "box", 0, "count"),
                self.leave(batch, "box", first, count), self.leave(batch, "out", first, count)]

    def make_sample(self, batch="S-1"):
        """A sample of twelve."""
        self.done("batch", "open", batch, "desk_hook", "--purpose", "sample")
        self.done("batch", "add", batch, "DH-100-black-small", "12")
        self.done("batch", "start", batch)
        self.all_done(self.printing(batch, 12) + self.screening(batch, range(1, 13)) +
                      [self.leave(batch, "screen", 1, 12)] + self.finishing(batch, 1, 12))

    def release(self):
        """A sample is made and approved."""
        self.make_sample()
        self.done("approve", "desk_hook", "pp_sample", "--meaning", "as drawn")


class Doors(Shop):
    """The command line itself."""

    def test_shop_is_made_once(self):
        done = self.ends(self.flowd("init", "shop"), EXIT_ENVIRONMENT)
        self.assertIn("there is a shop already", done.err)

    def test_shop_is_closed_to_others(self):
        self.assertEqual(os.stat(self.path("shop")).st_mode & 0o077, 0)
        self.assertEqual(os.stat(self.path("shop", "journal.db")).st_mode & 0o077, 0)

    def test_no_shop(self):
        done = self.ends(self.flowd("status", "--shop", self.path("nowhere")), EXIT_ENVIRONMENT)
        self.assertIn("holds no shop", done.err)
        self.assertIn("flowd init", done.err)

    def test_usage(self):
        for arguments in [("step",), ("step", "uze"), ("step", "use", "B-1"), ("batch", "show"),
                          ("batch", "add", "B", "sku", "many"), ("nothing",), ("verify", "x"),
                          ("step", "pass", "B-1", "screen", "6-1")]:
            with self.subTest(arguments=arguments):
                self.ends(self.flowd(*arguments), EXIT_USAGE)
        self.assertIn("did you mean `use`", self.flowd("step", "uze").err)
        self.assertIn("there are list, admit,", self.flowd("people", "employ").err)
        self.assertIn("by `good` or `bad`", self.flowd("step", "check", "B-1", "screen", "1", "count", "godo").err)
        self.refused("there is no batch B-1", "", "step", "measure", "B-1", "screen", "1", "hook", "bore", "-0.1")

    def test_amounts_have_their_units(self):
        for amount in ("1000,5g", "5 min", "much", "1 kg of it", "-3 g"):
            with self.subTest(amount=amount):
                self.refused("is no amount; write it like `750 g`", "", "lot", "receive", "SP-1", "pla_black",
                             "--amount", amount)
        self.done("lot", "receive", "SP-1", "pla_black", "--amount", "1.5kg")
        self.refused("is there already, amount 1.5kg", "", "lot", "receive", "SP-1", "pla_black", "--amount", "2 kg")

    def test_a_material_is_wanted_once(self):
        self.done("batch", "open", "S-1", "desk_hook", "--purpose", "sample")
        self.done("batch", "add", "S-1", "DH-100-black-small", "6")
        self.done("batch", "start", "S-1")
        self.all_done([self.leave("S-1", "collect", 1, 6)])
        self.assertEqual(self.done("step", "needs", "S-1", "plate").out, "flowd step use S-1 plate LOT    (of pla_black)\n")  # of hook and cap

    def test_names_that_nobody_knows(self):
        """They are taken, for a spec or a line of farm.yaml may come later, and told."""
        self.assertEqual(self.done("lot", "receive", "L-1", "pla_black").err, "")
        self.assertIn("did you mean `pla_black`", self.done("lot", "receive", "L-2", "pla_blck").err)
        self.assertIn("did you mean `operator`", self.done("people", "admit", "zoe", "quality,operater").err)
        for role in ("tablet", "monitor", "operator", "planner"):
            self.assertNotIn("note", self.done("people", "admit", "tia", role).err)
        self.assertEqual(self.done("printers", "empty", "lefft").err, "")  # no farm.yaml says which there are
        self.write("shop/farm.yaml", "printers:\n  left: {machine: mk4, protocol: manual}\n")
        self.assertIn("farm.yaml has no printer `lefft`; did you mean `left`?", self.done("printers", "empty", "lefft").err)
        self.assertEqual(self.done("printers", "empty", "left").err, "")

    def test_every_verb_helps(self):
        listed = [line.split()[0] for line in self.done("--help").out.splitlines()
                  if line.startswith("  ") and not line.startswith("   ")]
        self.assertIn("batch", listed)
        with open(os.path.join(TOP, "docs", "man", "flowd.1"), encoding="utf-8") as file:
            manual = file.read()
        for verb in listed:
            with self.subTest(verb=verb):
                text = self.done(verb, "--help").out
                self.assertIn("Examples:", text)
                self.assertLessEqual(text.count("  --shop DIR"), 1)
                self.assertLessEqual(max(map(len, text.splitlines())), 112)
                self.assertRegex(manual, rf"\.It Cm {verb}\b")

    def test_spec_with_errors_is_not_adopted(self):
        self.write("spec/bad.flow", "edition 1\nproduct x { nonsense 3 }\n")
        done = self.ends(self.flowd("adopt", "spec/bad.flow"), EXIT_FINDINGS)
        self.assertIn("flowc check", done.err)

    def test_spec_that_is_not_there_is_no_refusal(self):
        """1 is what is wrong with a spec, 3 what is wrong with files: as `flowc check` has it."""
        for path in ("spec/nothing.flow", "spec"):
            self.ends(self.flowd("adopt", path), EXIT_ENVIRONMENT)
        self.ends(self.flowc("check", "spec/nothing.flow"), EXIT_ENVIRONMENT)
        self.write("spec/plan.flow", 'edition 1\n\nrole lead "Lead"\n')
        self.assertIn("no product", self.ends(self.flowd("adopt", "spec/plan.flow"), EXIT_FINDINGS).err)

    def test_adopted_spec_is_kept_whole(self):
        before = self.json("product", "list")
        shutil.rmtree(self.path("spec"))
        self.assertEqual(self.json("product", "list"), before)

    def test_changed_snapshot_is_found(self):
        snapshot = self.json("product", "list")[0]["snapshot"]
        with open(self.path("shop", "specs", snapshot, "spec", "desk_hook.flow"), "a",
                  encoding="utf-8") as file:
            file.write("# a line more\n")
        done = self.ends(self.flowd("status"), EXIT_ENVIRONMENT)
        self.assertIn("was changed since it was adopted", done.err)

    def test_same_command_twice(self):
        first = json.loads(self.done("lot", "receive", "L-1", "pla_black", "--id", UUID.format(1),
                                     "--json").out)
        again = json.loads(self.done("lot", "receive", "L-1", "pla_black", "--id", UUID.format(1),
                                     "--json").out)
        self.assertTrue(again["repeated"])
        self.assertEqual((first["first"], first["last"]), (again["first"], again["last"]))

    def test_two_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for done in pool.map(lambda n: self.flowd("lot", "receive", f"L-{n}", "pla_black"), range(6)):
                self.ends(done, EXIT_CLEAN)
        self.assertEqual(len(self.json("lot", "list")), 6)

    def test_backup_is_a_shop(self):
        self.receive_lots()
        self.done("backup", "copy")
        self.assertEqual(self.json("verify"), self.json("verify", "--shop", self.path("copy")))
        self.assertEqual(self.json("lot", "list"), self.json("lot", "list", "--shop", self.path("copy")))
        self.ends(self.flowd("backup", "copy"), EXIT_ENVIRONMENT)


class DeskHook(Shop):
    """Orders in, sample, approval, production of 24 with a rework, a reject, a change of lot and a deviation, parcels; then
    what record, trace, hold and actuals say of it. After that the bore is edited."""

    ORDERS = ("order,line,sku,quantity,customer,due\n"
              "1001,1,DH-100-black-small,20,Bench & Bed,2027-02-01\n"
              "1002,1,DH-100-black-small,3,R. Moll,2027-02-03\n")
    GOOD = [(1, 8), (10, 15)]  # all but unit 9

    def runs(self, step):
        return [self.leave("B-1", step, first, count) for first, count in self.GOOD]

    def order(self):
        self.write("orders.csv", self.ORDERS)
        self.done("orders", "import", "orders.csv")
        self.done("batch", "open", "B-1", "desk_hook", "--purpose", "production")
        self.done("batch", "fill", "B-1")
        self.done("batch", "add", "B-1", "DH-100-black-small", "1")

    def print_and_screen(self):
        """The spool runs out after 12; 5 is reworked, 9 rejected."""
        self.all_done([
            self.leave("B-1", "collect", 1, 24), self.use("B-1", "plate", "SP-1"),
            {"command": "begin_step", "batch": "B-1", "step": "plate", "machine": "mk4"},
            self.leave("B-1", "plate", 1, 12), self.use("B-1", "plate", "SP-2"),
            self.leave("B-1", "plate", 13, 12), self.judge("B-1", "screen", 0, "count"),
            *self.screening("B-1", [unit for unit in range(1, 25) if unit not in (5, 9)]),
            self.judge("B-1", "screen", 5, "surface"), self.measure("B-1", "screen", 5, "hook", "bore", "4.60"),
            {**self.judge("B-1", "screen", 9, "surface", 0), "defect": "warp"}])
        self.refused("unit 5 was found defective", "desk_hook.flow:68", "step", "pass", "B-1", "screen", "1-8")
        self.all_done([
            self.leave("B-1", "screen", 5, 1, "rework", "bore too wide"), self.leave("B-1", "touch_up", 5, 1),
            self.leave("B-1", "screen", 9, 1, "reject", "warped"), *self.screening("B-1", [5])])
        self.all_done(self.runs("screen"))

    def finish(self):
        """The iron was too hot for unit 3: a deviation."""
        each = [command for first, count in self.GOOD for unit in range(first, first + count)
                for command in (self.measure("B-1", "final", unit, "cap", "pocket", "10.1"),
                                self.measure("B-1", "final", unit, "hook", "width", "30.2"),
                                self.judge("B-1", "final", unit, "pull"))]
        self.all_done(self.runs("cleanup") + [self.use("B-1", "inserts", "IN-1"), self.use("B-1", "inserts", "MA-1")])
        self.done("issue", "open", "I-1", "desk_hook", "iron at 245 degC", "--batch", "B-1", "--step", "inserts",
                  "--unit", "3")
        self.done("issue", "answer", "I-1", "the dial was moved", "it is locked; unit 3 pulled at 15 N, good")
        self.all_done(self.runs("inserts") + [self.judge("B-1", "first_piece", 1, "fit")] + self.runs("first_piece") +
                      each + self.runs("final") + [self.judge("B-1", "box", 0, "count")] + self.runs("box") +
                      self.runs("out"))
        self.done("parcel", "pack", "P-1", "1001", "1", "B-1", "1-8")
        self.done("parcel", "pack", "P-1", "1001", "1", "B-1", "10-20")
        self.done("parcel", "ship", "P-1", "USPS", "--tracking", "9400")

    def run_shop(self):
        self.receive_lots()
        self.order()
        self.refused("waits for the approval pp_sample", "desk_hook.flow:145", "batch", "start", "B-1")
        self.release()
        self.done("batch", "start", "B-1")
        self.print_and_screen()
        self.finish()

    def test_run(self):
        self.run_shop()
        self.check_state()
        self.check_record()
        self.check_trace()
        self.check_actuals()
        self.check_hold()
        self.assertTrue(self.json("verify")["sound"])

    def check_state(self):
        self.assertEqual(self.json("batch", "show", "B-1")["at"], {"scrap": 1, "done": 23})
        owed = {order["order"]: order for order in self.json("orders", "list")}
        self.assertEqual(owed["1001"]["owed"], 1)  # unit 9 was for it
        self.assertEqual(owed["1002"]["owed"], 3)

    def check_record(self):
        record = self.json("batch", "record", "B-1")
        steps = {step["name"]: step for step in record["steps"]}
        self.assertEqual(record["yield"]["good"], 23)
        self.assertEqual(record["yield"]["scrap"], 1)
        self.assertEqual([(lot["lot"], lot["units"]) for lot in steps["plate"]["lots"]],
                         [("SP-1", [{"first": 1, "count": 12}]), ("SP-2", [{"first": 13, "count": 12}])])
        self.assertEqual([begin["machine"] for begin in steps["plate"]["begins"]], ["mk4"])
        left = [(way["first"], way["count"], way["outcome"], way["reason"]) for way in steps["screen"]["left"]
                if way["outcome"] != "pass"]
        self.assertEqual(left, [(5, 1, "rework", "bore too wide"), (9, 1, "reject", "warped")])
        bore = next(check for check in steps["screen"]["checks"] if check["measured"])
        self.assertEqual([(result["unit"], result["value"]) for result in bore["results"] if not result["good"]],
                         [(5, "4.60")])
        self.assertEqual(len(bore["results"]), 24)  # 23 units, one of them twice
        self.assertEqual([approval["name"] for approval in record["approvals"]], ["pp_sample"])
        self.assertIn("iron at 245 degC", json.dumps(record))
        self.assertIn("the dial was moved", json.dumps(record))
        self.done("batch", "record", "B-1", "-o", "B-1.pdf")
        self.assertEqual(self.read("B-1.pdf")[:5], b"%PDF-")

    def check_trace(self):
        lot = self.json_trace("SP-2")
        self.assertEqual([unit["number"] for unit in lot["units"]], list(range(13, 25)))
        self.assertEqual({order["customer"] for order in lot["orders"]}, {"Bench & Bed", "R. Moll"})
        unit = self.json_trace("B-1/5")
        self.assertEqual({used["lot"] for used in unit["lots"]}, {"SP-1", "IN-1", "MA-1"})
        self.assertEqual([parcel["parcel"] for parcel in unit["parcels"]], ["P-1"])

    def json_trace(self, name):
        return json.loads(self.done("trace", name, "--format", "json").out)

    def check_actuals(self):
        actuals = self.json("actuals", "desk_hook")
        screen = next(step for step in actuals["steps"] if step["step"] == "screen")
        shares = {row["outcome"]: row["units"] for row in screen["outcomes"]}
        self.assertEqual(shares, {"pass": 12 + 23, "rework": 1, "reject": 1})
        bore = next(row for row in actuals["dimensions"] if row["dimension"] == "hook.bore")
        self.assertIn("cpk", json.dumps(bore).lower())

    def check_hold(self):
        held = self.json("hold", "SP-2", "--reason", "brittle")
        groups = {(group["status"], group.get("order", "")): group["units"] for group in held["groups"]}
        self.assertEqual(groups[("shipped", "1001")], [f"B-1/{unit}" for unit in range(13, 21)])
        self.assertEqual(groups[("held", "1002")], ["B-1/21", "B-1/22", "B-1/23"])
        self.assertEqual(groups[("held", "")], ["B-1/24"])
        self.refused("on hold", "", "parcel", "pack", "P-2", "1002", "1", "B-1", "21-23")

    def test_change_of_the_bore(self):
        self.receive_lots()
        self.release()
        with open(self.path("spec", "desk_hook.flow"), encoding="utf-8") as file:
            text = file.read()
        changed = text.replace("4.10 mm .. 4.50 mm", "4.05 mm .. 4.55 mm")
        self.assertNotEqual(text, changed)
        self.write("spec/desk_hook.flow", changed)
        self.done("adopt", "spec/desk_hook.flow")
        self.done("batch", "open", "B-2", "desk_hook", "--purpose", "production")
        self.done("batch", "add", "B-2", "DH-100-black-small", "8")
        done = self.refused("pp_sample", "desk_hook.flow:145", "batch", "start", "B-2")
        self.assertRegex(done.err, r"bore.*4\.1.*4\.5.*->.*4\.05.*4\.55")
