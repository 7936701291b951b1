"""The specs on every rule's page: the first breaks the rule, the second is the same spec mended."""
import glob
import os
import re

from harness import EXIT_CLEAN, EXIT_FINDINGS, TOP, FlowcTest

BLOCK = re.compile(r"^```flow\n(.*?)^```", re.M | re.S)


class RulePages(FlowcTest):
    def test_bad_and_mended(self):
        pages = sorted(glob.glob(os.path.join(TOP, "docs", "rules", "*.md")))
        self.assertTrue(pages)
        for page in pages:
            rule = os.path.basename(page)[:-len(".md")]
            if rule == "README":
                continue
            with self.subTest(rule=rule):
                with open(page, encoding="utf-8") as file:
                    blocks = BLOCK.findall(file.read())
                self.assertEqual(len(blocks), 2, "a page shows two specs: broken and mended")
                self.assertIn(rule, self.rules_of(blocks[0], None), "the first spec must break the rule")
                self.assertNotIn(rule, self.rules_of(blocks[1], EXIT_CLEAN), "the second must not")

    def rules_of(self, spec, status):
        self.write("page.flow", spec)
        done = self.flowc("check", "--format", "json", "page.flow")
        if status is None:
            self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))
        else:
            self.ends(done, status)
        return {d["rule"] for d in done.diagnostics()}
