#!/usr/bin/env python3
"""Judges specs by the headers in their first lines, and costs by the figures beside them, exactly as
tests/contract/README.md says. A spec without headers must have no error.

usage: run_contract.py --flowc PROGRAM [--only TEXT] [--jobs N] [--quiet] [FOLDER|FILE ...]

Without a folder: tests/contract and tests/cases. Files in a folder named lib are used, never judged. The last line
is `N passed, M failed`.
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys

LIMIT_S = 20
HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = re.compile(r"^#!\s+(error|warning|absent)\s+(\w+)(?:\s+(\S+))?\s*$")


class Header:
    """One line of what a case expects: a severity, a rule and a place."""

    def __init__(self, severity, rule, place):
        self.severity, self.rule, self.place = severity, rule, place or "-"

    def meets(self, diagnostic, case_name):
        if (diagnostic["severity"], diagnostic["rule"]) != (self.severity, self.rule):
            return False
        if self.place == "-":
            return True
        first, _, second = self.place.rpartition(":")
        name = os.path.normpath(diagnostic["file"])
        if not first:  # LINE
            return name == case_name and diagnostic["line"] == int(second)
        if first.isdigit():  # LINE:COLUMN
            place = (diagnostic["line"], diagnostic["column"])
            return name == case_name and place == (int(first), int(second))
        return name == os.path.normpath(first) and diagnostic["line"] == int(second)

    def __str__(self):
        return f"{self.severity} {self.rule} {self.place}"


def headers_of(path):
    headers = []
    with open(path, "rb") as file:
        for line in file.read().decode("utf-8", "replace").lstrip("\ufeff").splitlines():
            if not line.startswith("#!"):
                break
            match = HEADER.match(line)
            if not match:
                raise ValueError(f"not a header: {line}")
            headers.append(Header(*match.groups()))
    return headers


def run(arguments, folder):
    """Status, standard output and standard error; the status is a text where there is none."""
    try:
        done = subprocess.run(arguments, cwd=folder, timeout=LIMIT_S, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return f"still running after {LIMIT_S} s", b"", b""
    return done.returncode, done.stdout, done.stderr


def parse_json(text):
    try:
        return json.loads(text), None
    except ValueError as error:
        return None, f"standard output is no JSON: {error}: {text[:200]!r}"


def shown(diagnostic):
    return "{severity} {rule} {file}:{line}:{column}: {message}".format(**diagnostic)


def judge_check(flowc, path):
    """What is wrong with how flowc checks a case: a list of texts, empty where all is well."""
    folder, name = os.path.split(path)
    headers = headers_of(path)
    status, output, errors = run([flowc, "check", "--format", "json", name], folder)
    expected_status = 1 if any(header.severity == "error" for header in headers) else 0
    wrong = []
    if status != expected_status:
        wrong.append(f"exit status: expected {expected_status}, got {status}")
        wrong += ["  " + line for line in errors.decode("utf-8", "replace").splitlines()[:12]]
    document, problem = parse_json(output)
    if problem:
        return wrong + [problem]
    diagnostics = document["diagnostics"]
    for header in headers:
        met = [d for d in diagnostics if header.meets(d, name)]
        if header.severity == "absent":
            wrong += [f"must be absent: {shown(d)}" for d in diagnostics if d["rule"] == header.rule]
        elif not met:
            wrong.append(f"expected: {header}")
            wrong += [f"  got: {shown(d)}" for d in diagnostics if d["rule"] == header.rule]
    for diagnostic in diagnostics:
        if diagnostic["severity"] == "error" and not any(h.meets(diagnostic, name) for h in headers):
            wrong.append(f"unexpected: {shown(diagnostic)}")
    return wrong


def differences(expected, got, place):
    """Every key and string of expected that got does not have."""
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return [f"{place}: expected an object, got {got!r}"]
        found = []
        for key, value in expected.items():
            if key not in got:
                found.append(f"{place}.{key}: missing")
            else:
                found += differences(value, got[key], f"{place}.{key}")
        return found
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            count = len(got) if isinstance(got, list) else got
            return [f"{place}: expected {len(expected)} entries, got {count}"]
        found = []
        for i, value in enumerate(expected):
            name = value.get("step", value.get("sku", i)) if isinstance(value, dict) else i
            found += differences(value, got[i], f"{place}[{name}]")
        return found
    return [] if expected == got else [f"{place}: expected {expected!r}, got {got!r}"]


def judge_cost(flowc, path, run_row):
    folder, name = os.path.split(path)
    arguments = [flowc, "cost", name, "--quantity", str(run_row["quantity"])]
    for option in ("product", "sku"):
        if run_row.get(option) is not None:
            arguments += ["--" + option, run_row[option]]
    status, output, errors = run(arguments + ["--format", "json"], folder)
    wrong = []
    if status != 0:
        wrong.append(f"exit status: expected 0, got {status}")
        wrong += ["  " + line for line in errors.decode("utf-8", "replace").splitlines()[:12]]
    document, problem = parse_json(output)
    if problem:
        return wrong + [problem]
    return wrong + differences(run_row["costs"], document.get("costs"), "costs")


def cases_under(place):
    """(name, judge) of every case of a file or folder, in order."""
    if os.path.isfile(place):
        paths = [place]
    else:
        paths = []
        for folder, folders, files in os.walk(place):
            folders[:] = sorted(f for f in folders if f not in ("lib", "out"))
            paths += [os.path.join(folder, f) for f in sorted(files) if f.endswith(".flow")]
    for path in map(os.path.abspath, paths):
        name = os.path.relpath(path, HERE)
        yield name, lambda flowc, path=path: judge_check(flowc, path)
        figures = path[:-len(".flow")] + ".cost.json"
        if os.path.exists(figures):
            with open(figures, encoding="utf-8") as file:
                for row in json.load(file)["runs"]:
                    words = [f"{k}={row[k]}" for k in ("quantity", "product", "sku") if row.get(k)]
                    yield (f"{name} cost {' '.join(words)}",
                           lambda flowc, path=path, row=row: judge_cost(flowc, path, row))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--flowc", required=True)
    parser.add_argument("--only", default="", help="cases whose name has this in it")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quiet", action="store_true", help="failing names only")
    parser.add_argument("places", nargs="*")
    options = parser.parse_args()
    flowc = os.path.abspath(options.flowc)
    places = options.places or [p for p in (os.path.join(HERE, "contract"), os.path.join(HERE, "cases"))
                                if os.path.exists(p)]
    cases = [case for place in places for case in cases_under(place) if options.only in case[0]]

    def judged(case):
        try:
            return case[1](flowc)
        except (OSError, ValueError, KeyError, TypeError) as error:
            return [f"{type(error).__name__}: {error}"]

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for (name, _), wrong in zip(cases, pool.map(judged, cases)):
            if wrong:
                failed += 1
                print(f"FAILED {name}")
                if not options.quiet:
                    print("\n".join("    " + line for line in wrong[:20]))
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
