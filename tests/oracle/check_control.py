#!/usr/bin/env python3
"""A second reckoning of control charts, in exact fractions and written from the books, not from control.c.

Random readings (steady, drifting, stepped, coarse, with ties) go through `test_control FILE`; every centre, limit and
broken rule must be the same. Ends with `N passed, M failed`.

    tests/oracle/check_control.py --program build/dev/tests/test_control [--count 200]
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

D2 = {2: "1.128379167", 3: "1.692568751", 4: "2.058750746", 5: "2.325928947", 6: "2.534412721",
      7: "2.704356751", 8: "2.847200612"}
D3 = {2: "0.8525025", 3: "0.8883680", 4: "0.8798082", 5: "0.8640819", 6: "0.8480397", 7: "0.8332053",
      8: "0.8198315"}
ROOT = {2: "1.41421356237", 3: "1.73205080757", 4: "2", 5: "2.23606797750", 6: "2.44948974278",
        7: "2.64575131106", 8: "2.82842712475"}


def zones(values, centre, sigma):
    """The four zone tests, each side by itself, as sets of (point, rule bit, side)."""
    found = set()
    for side in (1, -1):
        away = [side * (value - c) / s for value, c, s in zip(values, centre, sigma)]
        for i in range(len(values)):
            def last(n, beyond):
                window = away[max(0, i - n + 1):i + 1]
                return sum(a > beyond for a in window)
            if away[i] > 3:
                found.add((i, 1, side))
            if away[i] > 2 and last(3, 2) >= 2:
                found.add((i, 2, side))
            if away[i] > 1 and last(5, 1) >= 4:
                found.add((i, 4, side))
            if i >= 7 and all(a > 0 for a in away[i - 7:i + 1]):
                found.add((i, 8, side))
    return found


def beyond(values, centre, sigma):
    return {(i, 1, 1 if v > c else -1) for i, (v, c, s) in enumerate(zip(values, centre, sigma)) if abs(v - c) > 3 * s}


def reckon(readings, sizes):
    if sizes:
        groups, at = [], 0
        for size in sizes:
            groups.append(readings[at:at + size])
            at += size
        values = [sum(g) / len(g) for g in groups]
        ranges = [max(g) - min(g) for g in groups]
        sigma = sum(r / Fraction(D2[n]) for r, n in zip(ranges, sizes)) / len(sizes)
        deviations = [sigma / Fraction(ROOT[n]) for n in sizes]
    else:
        values = readings
        ranges = [abs(b - a) for a, b in zip(readings, readings[1:])]
        sigma = sum(ranges) / len(ranges) / Fraction(D2[2])
        deviations = [sigma] * len(values)
    if sigma == 0:
        return None
    of = sizes or [2] * len(ranges)
    centre = [sum(readings) / len(readings)] * len(values)
    middle = [sigma * Fraction(D2[n]) for n in of]
    spread = [sigma * Fraction(D3[n]) for n in of]
    return [(values, centre, deviations, [c - 3 * d for c, d in zip(centre, deviations)],
             zones(values, centre, deviations)),
            (ranges, middle, spread, [max(Fraction(0), c - 3 * d) for c, d in zip(middle, spread)],
             beyond(ranges, middle, spread))]


def readings_of(chance, count):
    kind = chance.randrange(5)
    places = chance.choice([1, 2, 3])
    numbers = []
    for i in range(count):
        number = 10 + chance.gauss(0, 0.2)
        number += {1: i * 0.02, 2: 0.6 * (i > count // 2), 3: -0.5 * (i % 2)}.get(kind, 0)
        numbers.append(f"{number - (10 if kind == 4 else 0):.{places}f}")
    return numbers


def differences(program, numbers, sizes):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write((" ".join(map(str, sizes)) if sizes else "one") + "\n" + " ".join(numbers) + "\n")
    try:
        said = subprocess.run([program, file.name], capture_output=True, text=True, timeout=60)
    finally:
        os.unlink(file.name)
    if said.returncode:
        return f"status {said.returncode}: {said.stderr}"
    lines = said.stdout.splitlines()
    charts = reckon([Fraction(number) for number in numbers], sizes)
    if charts is None:
        return "" if lines[0].startswith("0 ") else "figures where there is no spread"
    count = len(sizes or numbers)
    broken = sum(len({i for i, _, _ in chart[4]}) for chart in charts)
    if lines[0] != f"1 {int(count < 20)} {broken}":
        return f"head `{lines[0]}`, expected 1 {int(count < 20)} {broken}"
    rows = iter(lines[1:])
    for values, centre, deviations, lower, found in charts:
        for i, value in enumerate(values):
            row = next(rows).split()
            upper = centre[i] + 3 * deviations[i]
            if [Fraction(n) for n in row[:5]] != [value, centre[i], deviations[i], lower[i], upper]:
                return f"point {i}: {row}"
            if int(row[5]) != sum(bit for at, bit, _ in found if at == i):
                return f"point {i} breaks {row[5]}: {sorted(found)}"
            if int(row[6]) != (value > centre[i]) - (value < centre[i]):
                return f"point {i}: side {row[6]}"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=6)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    passed = failed = 0
    for case in range(asked.count):
        groups = chance.choice([0, 0, chance.randint(2, 30)])
        size = chance.randint(2, 8)
        sizes = [size if case % 3 else chance.randint(2, 8) for _ in range(groups)]
        numbers = readings_of(chance, sum(sizes) if sizes else chance.randint(2, 60))
        wrong = differences(asked.program, numbers, sizes)
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print(f"case {case}: {wrong}\n  {sizes} {' '.join(numbers)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
