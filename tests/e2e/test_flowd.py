"""A shop run by command line: the desk hook from its spec to its parcels, and what is refused on the way."""
import json
import os
import shutil

from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, FlowcTest

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

    def release(self, batch="S-1"):
        """A sample of twelve is made and approved."""
        self.done("batch", "open", batch, "desk_hook", "--purpose", "sample")
        self.done("batch", "add", batch, "DH-100-black-small", "12")
        self.done("batch", "start", batch)
        self.all_done(self.printing(batch, 12) + self.screening(batch, range(1, 13)) +
                      [self.leave(batch, "screen", 1, 12)] + self.finishing(batch, 1, 12))
        self.done("approve", "desk_hook", "pp_sample", "--meaning", "as drawn")


class Doors(Shop):
    """The command line itself."""

    def test_shop_is_made_once(self):
        done = self.ends(self.flowd("init", "shop"), EXIT_ENVIRONMENT)
        self.assertIn("there is a shop already", done.err)

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

    def test_every_verb_helps(self):
        listed = [line.split()[0] for line in self.done("--help").out.splitlines()
                  if line.startswith("  ") and not line.startswith("   ")]
        self.assertIn("batch", listed)
        for verb in listed:
            with self.subTest(verb=verb):
                self.assertIn("Examples:", self.done(verb, "--help").out)

    def test_spec_with_errors_is_not_adopted(self):
        self.write("spec/bad.flow", "edition 1\nproduct x { nonsense 3 }\n")
        done = self.ends(self.flowd("adopt", "spec/bad.flow"), EXIT_FINDINGS)
        self.assertIn("flowc check", done.err)

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

    def test_backup_is_a_shop(self):
        self.receive_lots()
        self.done("backup", "copy")
        self.assertEqual(self.json("verify"), self.json("verify", "--shop", self.path("copy")))
        self.assertEqual(self.json("lot", "list"), self.json("lot", "list", "--shop", self.path("copy")))
        self.ends(self.flowd("backup", "copy"), EXIT_ENVIRONMENT)


class DeskHook(Shop):
    """Orders in, sample, approval, production with a rework, a reject and a change of lot; then the bore is edited."""

    def test_run(self):
        self.receive_lots()
        self.all_done([{"command": "take_line", "order": "1001", "line": "1",
                        "product": "desk_hook", "sku": "DH-100-black-small", "count": 23}])
        self.done("batch", "open", "B-1", "desk_hook", "--purpose", "production")
        self.done("batch", "fill", "B-1")
        self.done("batch", "add", "B-1", "DH-100-black-small", "1")
        self.refused("waits for the approval pp_sample", "desk_hook.flow:145", "batch", "start", "B-1")
        self.release()
        self.done("batch", "start", "B-1")
        self.all_done(self.printing("B-1", 24) + self.screening("B-1", range(1, 25)) +
                      [self.leave("B-1", "screen", 1, 6)])
        batch = self.json("batch", "show", "B-1")
        self.assertEqual(batch["at"], {"screen": 18, "cleanup": 6})
        self.assertEqual(self.json("product", "list")[0]["released"], True)

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
        self.refused("pp_sample", "desk_hook.flow:145", "batch", "start", "B-2")
