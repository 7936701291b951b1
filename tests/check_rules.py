#!/usr/bin/env python3
"""Every rule of rules.def has its page docs/rules/NAME.md and a case that breaks it; no page is left over.

Ends with `N passed, M failed`, a rule counting one.
"""
import os
import re
import sys

CASES = ("tests/contract/cases", "tests/cases")
EXPECTED = re.compile(r"^#! (?:error|warning) (\w+)", re.M)


def rules_met_by_cases():
    met = set()
    for top in CASES:
        for folder, _, files in os.walk(top):
            for name in files:
                if name.endswith(".flow"):
                    with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                        met.update(EXPECTED.findall(file.read(4000)))
    return met


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    with open("compiler/schema/rules.def", encoding="utf-8") as file:
        rules = re.findall(r"^RULE\((\w+)", file.read(), re.M)
    pages = {name[:-len(".md")] for name in os.listdir("docs/rules") if name.endswith(".md")}
    pages.discard("README")
    met = rules_met_by_cases()
    failed = 0
    for rule in rules:
        lacks = [what for what, there in (("page docs/rules/" + rule + ".md", rule in pages),
                                          ("case in " + " or ".join(CASES), rule in met)) if not there]
        if lacks:
            failed += 1
            print(f"{rule}: no {', no '.join(lacks)}")
    for page in sorted(pages - set(rules)):
        failed += 1
        print(f"docs/rules/{page}.md: no such rule")
    print(f"{len(rules) + len(pages - set(rules)) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
