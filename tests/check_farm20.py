#!/usr/bin/env python3
"""The tables of docs/farm20.md are what its commands print: within 3 %, or one of a hundred, for each change of the planner is another seed.

    check_farm20.py --build build/release [--update]

Ends with `N passed, M failed`; --update writes the tables anew. The farms that print plates of one are simulated for --update only: these
take ten times as long as the others.
"""
import argparse
import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PAGE = os.path.join(ROOT, "docs", "farm20.md")
COLUMNS = ("without all", "without batching", "without validation", "as it is")
QUICK = COLUMNS[2:]
# the page's row, the figure, how it is written
ROWS = (("units a day", "units done, a day", "{:.0f}"),
        ("failed builds", "failed builds, %", "{:.1%}"),
        ("printers printing", "printers printing, %", "{:.0%}"),
        ("of the material wasted", "of it wasted, %", "{:.1%}"),
        ("a good unit costs", "cost of a good unit, USD", "{:.2f}"),
        ("the operator works", "busiest station, %", "{:.0%}"))


def figures(build, *arguments):
    """By run. Shares are parts of one."""
    done = subprocess.run([os.path.join(os.path.abspath(build), "flowd"), "simulate", "bracket.flow", "--demand", "full", "--week", "7",
                           "--defects", "defects.csv", "--json", *arguments], check=True, capture_output=True, text=True,
                          cwd=os.path.join(ROOT, "examples", "farm20"))
    return {run["run"]: run["figures"] for run in json.loads(done.stdout)["runs"]}


def cell(form, value):
    return form.format(value).replace("%", " %")


def rewritten(page, build, columns):
    """The page with the figures of now in its tables."""
    year = figures(build, "--days", "365", *(["--without", "validation"] if columns == QUICK else ["--compare"]))
    for name, figure, form in ROWS:
        row = next(line for line in page.split("\n") if line.startswith(f"| {name} |"))
        cells = row.split(" | ")
        for column in columns:
            at, new = COLUMNS.index(column) + 1, cell(form, year[column][figure])
            cells[at] = re.sub(r"^[\d.,]+( %)?", new, cells[at])
        page = page.replace(row, " | ".join(cells))
    for row in [line for line in page.split("\n") if re.match(r"\| (nothing|`station)", line)]:
        change = re.search(r"`([^`]*)`", row)
        runs = figures(build, "--days", "60", *(["--set", change[1]] if change else []))
        run = runs["changed" if change else "as it is"]
        head = row.split(" | ")[0]
        page = page.replace(row, f"{head} | {run['units done, a day']:.0f} | {cell('{:.0%}', run['printers printing, %'])} |")
    return page


def is_near(was, now):
    numbers = [[float(number.replace(",", "")) for number in re.findall(r"\d[\d,.]*", row.split("|", 2)[2])] for row in (was, now)]
    points = 1 if "%" in now else 0
    return len(numbers[0]) == len(numbers[1]) and all(abs(a - b) <= max(0.03 * b, points) for a, b in zip(*numbers))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    now = rewritten(page, options.build, COLUMNS if options.update else QUICK)
    if options.update:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(now)
        return 0
    rows = [(was, is_now) for was, is_now in zip(page.split("\n"), now.split("\n")) if was.startswith("| ")]
    wrong = [(was, is_now) for was, is_now in rows if not is_near(was, is_now)]
    for was, is_now in wrong:
        print(f"docs/farm20.md says\n  {was}\nand it is\n  {is_now}")
    print(f"{len(rows) - len(wrong)} passed, {len(wrong)} failed")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
