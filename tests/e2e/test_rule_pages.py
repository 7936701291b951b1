"""The specs on every rule's page: the first breaks that rule and no other, the second is clean.

They use the small shop and the models beside the pages. What else a page needs is a block with a file's name.
"""
import glob
import os
import re
import shutil

from harness import EXIT_CLEAN, EXIT_FINDINGS, TOP, FlowcTest

PAGES = os.path.join(TOP, "docs", "rules")
BLOCK = re.compile(r"^```flow(?: (\S+))?\n(.*?)^```", re.M | re.S)
UNDECIDED = {"overhang", "thin_wall"}  # named, and not looked for yet


class RulePages(FlowcTest):
    def test_broken_and_mended(self):
        pages = sorted(glob.glob(os.path.join(PAGES, "*.md")))
        self.assertTrue(pages)
        for path in pages:
            rule = os.path.basename(path)[:-len(".md")]
            with self.subTest(rule=rule):
                with open(path, encoding="utf-8") as file:
                    blocks = BLOCK.findall(file.read())
                specs = [text for name, text in blocks if not name]
                if rule in UNDECIDED:
                    self.assertEqual(specs, [])
                    continue
                self.assertEqual(len(specs), 2, "a page shows two specs: broken and mended")
                self.lay_out({name: text for name, text in blocks if name})
                self.assertEqual(self.rules_of(specs[0], EXIT_FINDINGS), {rule})
                self.assertEqual(self.rules_of(specs[1], EXIT_CLEAN), set())

    def lay_out(self, files):
        shutil.copytree(os.path.join(PAGES, "models"), self.path("models"), dirs_exist_ok=True)
        shutil.copy(os.path.join(PAGES, "shop.flow"), self.path("shop.flow"))
        for name, text in files.items():
            self.write(name, text)

    def rules_of(self, spec, status):
        self.write("page.flow", spec)
        done = self.flowc("check", "--format", "json", "--deny", "warnings", "page.flow")
        self.ends(done, status)
        return {d["rule"] for d in done.diagnostics()}
