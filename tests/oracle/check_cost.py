#!/usr/bin/env python3
"""Figures against figures: specs made at random (the same every time), costed by flowc and by reckon.py.

usage: check_cost.py --flowc PROGRAM [--count N] [--seed N] [FILE.flow ...]

Files are costed instead of random specs. The last line is `N passed, M failed`; a spec that fails is kept and named.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import reckon
import shapes

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(flowc, *arguments):
    done = subprocess.run([flowc, *arguments], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise ValueError(f"{' '.join(arguments)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def differences(want, got, way=""):
    if isinstance(want, dict):
        return [d for key in want for d in differences(want[key], got.get(key) if got else None, f"{way}.{key}")]
    if isinstance(want, list):
        if not got or len(want) != len(got):
            return [f"{way}: {len(want)} entries, flowc has {len(got or [])}"]
        return [d for i, (a, b) in enumerate(zip(want, got)) for d in differences(a, b, f"{way}[{i}]")]
    return [] if want == got else [f"{way}: the oracle says {want}, flowc {got}"]


def compare(flowc, path, quantities, folder):
    """What differs between flowc and the oracle over all products, SKUs and quantities of a spec."""
    run(flowc, "build", path, "-o", folder, "--only", "spec")
    wrong, count = [], 0
    for product in sorted(os.listdir(folder)):
        with open(os.path.join(folder, product, "spec.json"), encoding="utf-8") as file:
            tree = json.load(file)
        for quantity in quantities:
            text = run(flowc, "cost", path, "--product", product, "--quantity", str(quantity), "--format", "json")
            costs = json.loads(text)["costs"]
            want = [reckon.cost(tree, sku, quantity) for sku in tree["skus"]]
            count += len(want)
            wrong += differences(want, costs, f"{product} x {quantity}")
    if not count:
        wrong.append("nothing was costed")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--flowc", required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    os.environ.setdefault("FLOW_SPECS", os.path.join(TOP, "specs"))
    flowc = os.path.abspath(options.flowc)
    passed = failed = 0
    folder = tempfile.mkdtemp(prefix="flow-oracle-")
    for i in range(0 if options.files else options.count):
        path = os.path.join(folder, f"spec{options.seed + i}.flow")
        with open(path, "w", encoding="utf-8") as file:
            file.write(shapes.spec(random.Random(options.seed + i)))
        options.files.append(path)
    for i, path in enumerate(options.files):
        dice = random.Random(options.seed + i)
        quantities = sorted({1, dice.randint(2, 40), dice.randint(41, 2000)})
        try:
            wrong = compare(flowc, path, quantities, os.path.join(folder, f"built{i}"))
        except (ValueError, KeyError, StopIteration) as problem:
            wrong = [f"{type(problem).__name__}: {problem}"]
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print(f"FAILED {path}", *wrong[:8], sep="\n  ")
    if not failed:
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
