"""The specs on every rule's page: the first breaks that rule and no other, the second is clean.

They use the small shop and the models beside the pages. What else a page needs is a block with a file's name. Where a
page says that its rule may be allowed, `allow` in each place that it names makes the broken spec clean.
"""
import glob
import os
import re
import shutil

from harness import EXIT_CLEAN, EXIT_FINDINGS, TOP, FlowcTest

PAGES = os.path.join(TOP, "docs", "rules")
BLOCK = re.compile(r"^```flow(?: (\S+))?\n(.*?)^```", re.M | re.S)
ALLOWING = re.compile(r"^It may be allowed: write\s+`allow (\w+) \"why\"`\s+(.*?)\.\s+The\s+reason", re.M | re.S)
PLACE = re.compile(r"\(`(\w+)`\)")
ROW = re.compile(r"^RULE\((\w+), \"\w+\", \w+, (true|false)", re.M)
WIDEST = 80  # a page is read in a terminal


def rule_pages():
    """Of each page: its rule, its text, its blocks as (file name or "", text)."""
    for path in sorted(glob.glob(os.path.join(PAGES, "*.md"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        yield os.path.basename(path)[:-len(".md")], text, BLOCK.findall(text)


def allowed_in(spec, name, rule):
    """The spec with an `allow` in the block of that name."""
    return re.sub(r"^( *\w+ " + name + r"\b[^{\n]*\{)", r'\1 allow ' + rule + ' "why";', spec, count=1, flags=re.M)


class RulePages(FlowcTest):
    def test_broken_and_mended(self):
        pages = 0
        for rule, _, blocks in rule_pages():
            pages += 1
            with self.subTest(rule=rule):
                specs = [text for name, text in blocks if not name]
                self.assertEqual(len(specs), 2, "a page shows two specs: broken and mended")
                self.lay_out({name: text for name, text in blocks if name})
                self.assertEqual(self.rules_of(specs[0], EXIT_FINDINGS), {rule})
                self.assertEqual(self.rules_of(specs[1], EXIT_CLEAN), set())
        self.assertTrue(pages)

    def test_allowing(self):
        with open(os.path.join(TOP, "compiler", "schema", "rules.def"), encoding="utf-8") as file:
            allowable = {rule for rule, may in ROW.findall(file.read()) if may == "true"}
        for rule, text, blocks in rule_pages():
            with self.subTest(rule=rule):
                said = ALLOWING.search(text)
                self.assertEqual(said is not None, rule in allowable, rule)
                if not said:
                    continue
                self.assertEqual(said.group(1), rule)
                self.lay_out({name: block for name, block in blocks if name})
                broken = next(block for name, block in blocks if not name)
                places = PLACE.findall(said.group(2))
                self.assertTrue(places)
                for place in places:
                    spec = allowed_in(broken, place, rule)
                    self.assertNotEqual(spec, broken, place)
                    self.assertEqual(self.rules_of(spec, EXIT_CLEAN), set(), place)

    def test_width(self):
        for rule, text, _ in rule_pages():
            with self.subTest(rule=rule):
                self.assertEqual([line for line in text.split("\n") if len(line) > WIDEST], [])

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
