#!/usr/bin/env python3
"""Tries the judge of the cases (run_contract.py) on answers that are right and wrong in every way it must see.

Ends with `N passed, M failed`.
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run_contract  # noqa: E402 (its folder has just been named)


def found(rule, line, severity="error", file="a.flow", column=1):
    return {"rule": rule, "severity": severity, "message": "m", "file": file, "line": line, "column": column}


# (what, headers, diagnostics, exit status, whether the judge must be content)
CHECKS = [
    ("clean", "", [], 0, True),
    ("clean, but status 1", "", [], 1, False),
    ("an error nobody expects", "", [found("syntax", 3)], 1, False),
    ("the warnings nobody lists", "", [found("no_gauge", 3, "warning")], 0, True),
    ("met", "#! error syntax 3", [found("syntax", 3)], 1, True),
    ("met, but status 0", "#! error syntax 3", [found("syntax", 3)], 0, False),
    ("a crash", "#! error syntax 3", [found("syntax", 3)], -11, False),
    ("another line", "#! error syntax 3", [found("syntax", 4)], 1, False),
    ("another rule", "#! error syntax 3", [found("unknown_name", 3)], 1, False),
    ("another severity", "#! warning no_gauge 3", [found("no_gauge", 3)], 1, False),
    ("another file", "#! error syntax 3", [found("syntax", 3, file="lib/b.flow")], 1, False),
    ("one more error", "#! error syntax 3", [found("syntax", 3), found("syntax", 9)], 1, False),
    ("twice at one place", "#! error syntax 3", [found("syntax", 3), found("syntax", 3, column=7)], 1, True),
    ("open place takes all", "#! error syntax -", [found("syntax", 3), found("syntax", 9)], 1, True),
    ("open place, nothing", "#! error syntax -", [], 1, False),
    ("column", "#! error syntax 3:7", [found("syntax", 3, column=7)], 1, True),
    ("another column", "#! error syntax 3:7", [found("syntax", 3, column=8)], 1, False),
    ("a used file", "#! error syntax lib/b.flow:3", [found("syntax", 3, file="./lib/b.flow")], 1, True),
    ("a used file, another line", "#! error syntax lib/b.flow:3", [found("syntax", 4, file="lib/b.flow")], 1, False),
    ("absent", "#! absent no_gauge", [found("unused_name", 2, "warning")], 0, True),
    ("not absent", "#! absent no_gauge", [found("no_gauge", 2, "warning")], 0, False),
    ("a warning that must be there", "#! warning no_gauge 3", [], 0, False),
]
EXPECTED = {"sku": "A", "total": "1.000000", "steps": [{"step": "s", "n": "2.000000", "samples": None}]}
FIGURES = [
    ("equal, with more keys", {**EXPECTED, "more": 1}, True),
    ("another figure", {**EXPECTED, "total": "1.000001"}, False),
    ("a number for a text", {**EXPECTED, "total": 1.0}, False),
    ("a key missing", {"sku": "A", "total": "1.000000"}, False),
    ("a step too many", {**EXPECTED, "steps": EXPECTED["steps"] * 2}, False),
    ("a text for null", {**EXPECTED, "steps": [{"step": "s", "n": "2.000000", "samples": "0"}]}, False),
]


def main():
    passed = failed = 0

    def count(what, wrong, content):
        nonlocal passed, failed
        if bool(wrong) != content:
            passed += 1
        else:
            failed += 1
            print(f"{what}: the judge says {wrong or 'all is well'}")

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.flow")
        for what, headers, diagnostics, status, content in CHECKS:
            with open(path, "w", encoding="utf-8") as file:
                file.write(headers + "\nedition 1\n")
            answer = json.dumps({"diagnostics": diagnostics}).encode()
            run_contract.run = lambda *_, answer=answer, status=status: (status, answer, b"")
            count(what, run_contract.judge_check("flowc", path), content)
    for what, got, content in FIGURES:
        count(what, run_contract.differences([EXPECTED], [got], "costs"), content)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
