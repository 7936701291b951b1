#!/usr/bin/env python3
"""Makespans of plans against the proven optimum: small random instances, solved by CBC as a mixed integer program.

Plates of several families go to printers that may print them; a printer changes once for each family that it prints and has not
loaded. Some are of a release that has just so many left: what of it was ordered after them is not made. `test_plan FILE` plans them.
On average a plan may end 2 % after the optimum; none may end before it. The last lines say the average and the worst case, and
`N passed, M failed`.

    tests/oracle/check_plan.py --program build/dev/tests/test_plan [--count 200]
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile


def instance(chance):
    families, printers = chance.randint(1, 3), chance.randint(2, 4)
    allowed = [[int(chance.random() < 0.7) for _ in range(printers)] for _ in range(families)]
    for row in allowed:
        row[chance.randrange(printers)] = 1
    plates = [(chance.randrange(families), chance.randint(1800, 17 * 3600)) for _ in range(chance.randint(4, 12))]
    return {"swap": chance.choice((0, 300, 900, 3600)), "allowed": allowed, "plates": plates,
            "loaded": [chance.randrange(families) for _ in range(printers)]}


def text_of(case, chance):
    released = [int(chance.random() < 0.4) for _ in case["plates"]]
    over = [(chance.randrange(len(case["allowed"])), chance.randint(1800, 17 * 3600), 1)
            for _ in range(chance.randint(0, 5))]
    plates = [plate + (of,) for plate, of in zip(case["plates"], released)] + over
    lines = ["%d %d %d %d %d" % (len(case["allowed"]), len(case["loaded"]), len(plates), case["swap"], sum(released)),
             " ".join(map(str, case["loaded"]))]
    lines += [" ".join(map(str, row)) for row in case["allowed"]]
    lines += ["%d %d %d" % plate for plate in plates]
    return "\n".join(lines) + "\n"


def program_of(case):
    """x: plate j is on printer i; y: printer i prints family f; c: the end of the last printer."""
    printers, plates = range(len(case["loaded"])), range(len(case["plates"]))
    places = {j: [i for i in printers if case["allowed"][case["plates"][j][0]][i]] for j in plates}
    rows = ["Minimize\n obj: c\nSubject To"]
    for j in plates:
        rows.append(" one%d: %s = 1" % (j, " + ".join("x%d_%d" % (i, j) for i in places[j])))
    for i in printers:
        terms = ["%d x%d_%d" % (case["plates"][j][1], i, j) for j in plates if i in places[j]]
        terms += ["%d y%d_%d" % (case["swap"], i, f) for f in range(len(case["allowed"]))
                  if f != case["loaded"][i] and case["allowed"][f][i] and case["swap"]]
        if terms:
            rows.append(" end%d: %s - c <= 0" % (i, " + ".join(terms)))
        for j in plates:
            if i in places[j]:
                rows.append(" on%d_%d: x%d_%d - y%d_%d <= 0" % (i, j, i, j, i, case["plates"][j][0]))
    names = ["x%d_%d" % (i, j) for j in plates for i in places[j]]
    names += ["y%d_%d" % (i, f) for i in printers for f in range(len(case["allowed"]))]
    return "\n".join(rows) + "\nBinary\n " + "\n ".join(names) + "\nEnd\n"


def optimum(case, folder):
    """The proven one; None where CBC does not prove it in time."""
    program, answer = os.path.join(folder, "p.lp"), os.path.join(folder, "p.txt")
    with open(program, "w", encoding="ascii") as file:
        file.write(program_of(case))
    subprocess.run(["cbc", program, "ratioGap", "0", "sec", "20", "solve", "solution", answer], check=True,
                   stdout=subprocess.DEVNULL, timeout=120)
    with open(answer, encoding="ascii") as file:
        first = file.readline()
    return round(float(first.split()[-1])) if first.startswith("Optimal") else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=9)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    cases = [instance(chance) for _ in range(asked.count)]
    failed, over = 0, []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "instances")
        with open(path, "w", encoding="ascii") as file:
            file.writelines(text_of(case, chance) for case in cases)
        told = subprocess.run([asked.program, path], check=True, capture_output=True, text=True).stdout.split()
        assert len(told) == len(cases), "a plan is missing"
        for number, (case, plan) in enumerate(zip(cases, map(int, told))):
            best = optimum(case, folder)
            if best is None:
                print(f"instance {number}: CBC did not prove an optimum")
                continue
            over.append(plan / best - 1)
            if plan < best:
                print(f"instance {number}: the plan ends after {plan} s, and no plan can before {best} s")
                failed += 1
    average, worst = sum(over) / len(over), max(over)
    print(f"{len(over)} optima: plans end {100 * average:.2f} % later on average, {100 * worst:.1f} % at worst, "
          f"{sum(o == 0 for o in over)} are optimal")
    failed += average > 0.02 or len(over) < 0.9 * len(cases)
    print(f"{len(over) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
