"""flowd simulate: a shop that works by itself, always the same for the same seed."""
import json
import os

from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_USAGE, FlowcTest, contract_products, example_specs

HOOK = os.path.join(CONTRACT, "desk-hook", "desk_hook.flow")


class Simulate(FlowcTest):
    def run_shop(self, name, *arguments, spec=HOOK):
        return json.loads(self.ends(self.flowd("simulate", spec, "-o", name, "--json", *arguments),
                                    EXIT_CLEAN).out)

    def head(self, shop):
        return json.loads(self.ends(self.flowd("verify", "--shop", shop, "--json"), EXIT_CLEAN).out)["head"]

    def test_every_spec_runs(self):
        specs = [os.path.join(CONTRACT, folder, name) for folder, name in contract_products()] + example_specs()
        for i, spec in enumerate(specs):
            with self.subTest(spec=spec):
                done = self.run_shop(f"shop{i}", "--demand", "40", spec=spec)
                self.assertEqual(done["units_shipped"], 40)
                self.assertGreaterEqual(done["units_made"], 40)
                status = json.loads(self.flowd("status", "--shop", f"shop{i}", "--json").out)
                self.assertEqual(status["orders"]["owed_units"], 0)
                self.assertEqual(status["open_batches"], [])

    def test_same_seed_same_journal(self):
        heads = {seed: [] for seed in ("7", "8")}
        for turn in range(2):
            for seed in heads:
                self.run_shop(f"shop-{seed}-{turn}", "--seed", seed)
                heads[seed].append(self.head(f"shop-{seed}-{turn}"))
        self.assertEqual(heads["7"][0], heads["7"][1])
        self.assertEqual(heads["8"][0], heads["8"][1])
        self.assertNotEqual(heads["7"][0], heads["8"][0])

    def test_what_is_expected_happens(self):
        made = scrapped = 0
        for seed in range(4):
            done = self.run_shop(f"shop{seed}", "--demand", "250", "--seed", str(seed))
            made += done["units_made"]
            scrapped += done["units_scrapped"]
        self.assertGreater(scrapped / (made + scrapped), 0.005)  # the screen rejects 1.5%, more is lost elsewhere
        self.assertLess(scrapped / (made + scrapped), 0.10)

    def test_what_the_release_forbids_waits(self):
        done = self.run_shop("shop", "--demand", "400")  # at most 300 may be produced
        self.assertIn("at most 300", done["waits"])
        self.assertLessEqual(done["units_made"], 300 + 12)
        self.assertGreater(done["units_shipped"], 200)

    def test_trouble(self):
        self.ends(self.flowd("simulate", HOOK), EXIT_USAGE)
        self.ends(self.flowd("simulate", HOOK, "-o", "x", "--demand", "none"), EXIT_USAGE)
        self.ends(self.flowd("simulate", "nowhere.flow", "-o", "y"), EXIT_ENVIRONMENT)
        self.write("parts.flow", 'edition 1\n\nrole lead "Lead"\n')
        done = self.ends(self.flowd("simulate", "parts.flow", "-o", "z"), EXIT_ENVIRONMENT)
        self.assertIn("no product with a workflow", done.err)
        self.run_shop("shop")
        done = self.ends(self.flowd("simulate", HOOK, "-o", "shop"), EXIT_ENVIRONMENT)
        self.assertIn("there is a shop already", done.err)
