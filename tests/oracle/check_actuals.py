#!/usr/bin/env python3
"""A second reckoning of bench times and yields, in exact fractions and written from docs/actuals.md.

Random days at a bench (several people, batches side by side, nights, late taps, no begin, reworks) go as events through
`test_actuals FILE`, on the desk hook; every median, quartile, count and verdict must be the same. Here each unit is a
number in a list that is sorted; there they are weighed. Ends with `N passed, M failed`.

    tests/oracle/check_actuals.py --program build/dev/tests/test_actuals [--count 100]
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

# what the desk hook says: seconds a unit, and shares that are expected
TIMED = {"screen": 20, "touch_up": 40, "cleanup": 55, "inserts": 65, "box": 60}
ALL = ["collect", "plate", "screen", "touch_up", "cleanup", "inserts", "first_piece", "final", "box", "out"]
EXPECTED = {("screen", "rework"): Fraction(5, 100), ("screen", "reject"): Fraction(15, 1000),
            ("plate", "failure"): Fraction(4, 100), ("inserts", "failure"): Fraction(1, 100)}
OTHER = {"screen": ["rework", "reject"], "inserts": ["failure"], "plate": ["failure"]}
TOGETHER, PAUSE = 5000, 6 * 3600 * 1000


def events_of(chance):
    """Lists of (ms, event)."""
    batches = [f"B-{i}" for i in range(chance.randint(1, 3))]
    events = []
    for batch in batches:
        events += [(0, {"event": "batch_opened", "batch": batch, "product": "desk_hook", "snapshot": "snapshot-1",
                        "purpose": "production"}),
                   (0, {"event": "units_added", "batch": batch, "sku": chance.choice(
                       ["DH-100-black-small", "DH-100-white-large"]), "count": 40}),
                   (0, {"event": "batch_started", "batch": batch})]
    ms = 8 * 3600 * 1000
    place = {}
    for _ in range(chance.randint(5, 400)):
        person = chance.choice(["anna", "ben", "carl"][:chance.randint(1, 3)])
        move = chance.random()
        if person not in place or move < 0.05:
            place[person] = (chance.choice(batches), chance.choice(list(TIMED) + ["plate"]))
            if chance.random() < 0.8:
                batch, step = place[person]
                events.append((ms, {"event": "step_begun", "by": person, "batch": batch, "step": step}))
            continue
        batch, step = place[person]
        ms += chance.choice([chance.randint(500, 4999), chance.randint(5000, 6000), chance.randint(15000, 90000),
                             chance.randint(15000, 90000), chance.randint(15000, 90000)])
        if chance.random() < 0.02:
            ms += chance.choice([2, 6, 14]) * 3600 * 1000
        if step == "screen" and chance.random() < 0.2:
            events.append((ms, {"event": "unit_measured", "by": person, "batch": batch, "step": step, "unit": 1,
                                "part": "hook", "dimension": "bore", "value": "4.3", "within": 1}))
            continue
        first = chance.randint(1, 36)
        outcome = chance.choice(OTHER[step]) if step in OTHER and chance.random() < 0.15 else "pass"
        events.append((ms, {"event": "units_left", "by": person, "batch": batch, "step": step, "first": first,
                            "count": chance.choice([1, 1, 1, 2, 4]), "outcome": outcome, "to": "done", "reason": "so"}))
    return events


class Step:
    """What was seen of one."""

    def __init__(self):
        self.observations = []  # [ms, units]
        self.unmarked = self.paused = self.left = 0
        self.outcomes = {}


def reckon(events):
    steps = {name: Step() for name in ALL}
    people = {}
    for ms, event in events:
        kind = event["event"]
        if "step" not in event:
            continue
        where = event["batch"], event["step"]
        here = people.get(event["by"])
        if not here or here["where"] != where:
            here = people[event["by"]] = {"where": where, "since": None, "last": None, "left": None}
        step = steps[event["step"]]
        if kind == "step_begun":
            here.update(since=ms, last=None)
        if kind == "units_left":
            step.left += event["count"]
            step.outcomes[event["outcome"]] = step.outcomes.get(event["outcome"], 0) + event["count"]
            if event["step"] in TIMED:
                observe(step, here, ms, event["count"])
            here.update(since=ms, left=ms)
    return steps


def observe(step, here, ms, units):
    if here["since"] is None:
        step.unmarked += units
    elif ms - here["since"] > PAUSE:
        step.paused += 1
        here["last"] = None
    elif here["last"] is not None and ms - here["left"] < TOGETHER:
        here["last"][0] += ms - here["since"]
        here["last"][1] += units
    else:
        here["last"] = [ms - here["since"], units]
        step.observations.append(here["last"])


def quantile(numbers, quarters):
    """Of a sorted list: where a share of it ends, between two numbers where it ends between them."""
    at = Fraction(len(numbers) * quarters, 4)
    if at.denominator == 1:
        return (numbers[int(at) - 1] + numbers[int(at)]) / 2 if 0 < at < len(numbers) else numbers[int(at) - 1]
    return numbers[int(at)]


def line_of(name, step):
    """As test_actuals prints it."""
    low = median = high = spec = Fraction(0)
    firm = False
    if step.observations:
        spec = Fraction(TIMED[name])
        each = sorted(Fraction(ms, 1000 * units) for ms, units in step.observations for _ in range(units))
        low, median, high = (quantile(each, quarters) for quarters in (1, 2, 3))
        off, spread, count = median / spec - 1, (high - low) / spec, len(step.observations)
        firm = count >= 10 and abs(off) >= Fraction(1, 10) and off ** 2 * count > (Fraction(157, 100) * spread) ** 2
    words = [name, len(step.observations), sum(units for _, units in step.observations), step.unmarked, step.paused,
             int(firm), spec, low, median, high, step.left]
    said = {outcome: count for outcome, count in step.outcomes.items()}
    return words, {outcome: (count, is_firm_share(name, step, outcome)) for outcome, count in said.items()}


def is_firm_share(name, step, outcome):
    expected = EXPECTED.get((name, outcome), Fraction(0))
    if outcome == "pass":
        expected = 1 - sum(share for (at, _), share in EXPECTED.items() if at == name)
    off = Fraction(step.outcomes[outcome], step.left) - expected
    return (step.left >= 50 and abs(off) >= Fraction(1, 100) and
            off ** 2 * step.left > Fraction(38416, 10000) * expected * (1 - expected))


def differences(program, events):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write("".join(f"{ms} {json.dumps(event)}\n" for ms, event in events))
    try:
        said = subprocess.run([program, file.name], capture_output=True, text=True, timeout=60)
    finally:
        os.unlink(file.name)
    if said.returncode:
        return f"status {said.returncode}: {said.stderr[:500]}"
    steps = reckon(events)
    for line, name in zip(said.stdout.splitlines(), ALL):
        words, outcomes = line_of(name, steps[name])
        got = line.split()
        if got[0] != name or [Fraction(word) for word in got[1:11]] != words[1:]:
            return f"{line}\n  expected {' '.join(map(str, words))}"
        shares = {word.split(":")[0]: (int(word.split(":")[1]), word.endswith("1")) for word in
                  (word if word[-2] == ":" else "" for word in got[11:])}
        if shares != outcomes:
            return f"{line}\n  expected {outcomes}"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    passed = failed = 0
    for case in range(asked.count):
        wrong = differences(asked.program, events_of(chance))
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print(f"case {case}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
