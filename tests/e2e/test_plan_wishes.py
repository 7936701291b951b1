"""What a person wishes of the plan: held, ranked, pinned, split; the plan goes by it and says so."""
from test_plan import FARM, MONDAY, Planned


class Wishes(Planned):
    def setUp(self):
        super().setUp()
        self.without_release()
        self.write("farm.yaml", FARM)

    def planned(self):
        return self.plan("--farm", self.path("farm.yaml"), "--at", MONDAY)

    def batch(self, name, order, count):
        self.order(order, "DH-100-black-small", count)
        self.all_done([{"command": "open_batch", "batch": name, "product": "desk_hook", "purpose": "production"},
                       {"command": "add_units", "batch": name, "sku": "DH-100-black-small", "count": count,
                        "order": order, "line": "1"}])

    def test_what_is_held_waits_and_says_why(self):
        self.order("1001", "DH-100-white-small", 12)
        self.batch("B-1", "1002", 12)
        self.done("plan", "hold", "the customer rings back", "--order", "1001", "--line", "1")
        self.done("plan", "hold", "ink is late", "--batch", "B-1")
        plan = self.planned()
        self.assertEqual(plan["plates"], [])
        self.assertEqual([self.line(plan, name)["waits"] for name in ("1001", "1002")],
                         ["held by anna: the customer rings back", "held by anna: ink is late"])
        self.assertEqual(plan["batches"][0]["held"], "held by anna: ink is late")
        self.assertIn("ink is late", self.done("plan").out)
        self.assertIn("nothing is to be started", self.done("plan", "--apply").out)
        self.done("plan", "free", "--batch", "B-1")
        self.done("plan", "free", "--order", "1001", "--line", "1")
        self.assertEqual(len(self.planned()["plates"]), 2)

    def test_what_is_pinned_goes_there_or_says_why_not(self):
        self.batch("B-1", "1001", 12)
        self.assertEqual([p["printer"] for p in self.planned()["plates"]], ["right"])  # black is loaded there
        self.done("plan", "pin", "B-1", "left")
        plan = self.planned()
        self.assertEqual([p["printer"] for p in plan["plates"]], ["left"])
        self.assertEqual(plan["batches"][0]["pinned"], "left")
        self.done("plan", "pin", "B-1", "middle")
        plan = self.planned()
        self.assertNotIn("printer", plan["plates"][0])
        self.assertEqual(self.line(plan, "1001")["waits"], "B-1 is pinned to middle, which is not there")
        self.done("plan", "unpin", "B-1")
        self.assertEqual([p["printer"] for p in self.planned()["plates"]], ["right"])

    def test_a_rank_goes_before_what_is_due(self):
        self.order("1001", "DH-100-black-small", 12, "2031-03-04")
        self.order("1002", "DH-100-black-small", 12, "2031-03-20")
        self.batch("B-3", "1003", 12)
        self.done("printers", "empty", "left")
        self.done("printers", "out", "left", "broken")

        def in_order():
            plan = self.planned()
            plates = sorted(plan["plates"], key=lambda plate: plate["begin_ms"])
            orders = [piece.get("order") for plate in plates for piece in plate["pieces"]]
            return [order for at, order in enumerate(orders) if order not in orders[:at]]
        self.assertLess(in_order().index("1001"), in_order().index("1002"))
        self.done("plan", "rank", "1", "--order", "1002", "--line", "1")
        self.done("plan", "rank", "2", "--batch", "B-3")
        self.assertEqual(in_order(), ["1002", "1003", "1001"])

    def test_a_batch_is_split(self):
        self.batch("B-1", "1001", 20)
        self.done("batch", "start", "B-1")
        self.done("plan", "split", "B-1", "B-2", "8")
        self.refused("at least 8 units", "desk_hook.flow", "plan", "split", "B-1", "B-3", "6")
        plan = self.planned()
        self.assertEqual([(batch["batch"], batch["units"], batch["state"]) for batch in plan["batches"]],
                         [("B-1", 12, "started"), ("B-2", 8, "started")])
        self.assertIn("B-2/8", self.done("trace", "1001", "--kind", "order", "--format", "csv").out)
