#!/usr/bin/env python3
"""Holds that nothing got slower: instructions that callgrind counts, which do not depend on how busy the machine is.

usage: tests/bench/check_instructions.py --build build/release [--update]

instructions.txt beside this file has the counts, and the compiler they are of: another compiler counts otherwise, and
then the counts are shown and not judged. More than 3% over is a failure; more than 3% under asks for --update, so that
what was won is kept. Ends with `N passed, M failed`.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
COUNTS = os.path.join(HERE, "instructions.txt")
TOLERANCE = 0.03
sys.path.insert(0, HERE)
import generate  # noqa: E402 (it stands beside this file)


def compiler_of(build):
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        path = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", file.read(), re.M)[1]
    return subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]


def count(command, scratch):
    out = os.path.join(scratch, "callgrind.out")
    subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(out, encoding="utf-8") as file:
        return int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M)[1])


def measure(build, scratch):
    flowc, phases = os.path.join(build, "flowc"), os.path.join(build, "bench_phases")
    product, _ = generate.generate("product", 300, os.path.join(scratch, "product"))
    catalogue, _ = generate.generate("catalogue", 20000, os.path.join(scratch, "catalogue"))
    for spec in (product, catalogue):  # what is packed is kept, and no part of the next check
        subprocess.run([flowc, "check", spec], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    mistakes, _ = generate.generate("mistakes", 5000, os.path.join(scratch, "mistakes"))
    work = (("start", [flowc, "--version"]), ("product of 300 lines", [flowc, "check", product]),
            ("reading 20,000 lines", [phases, "parse", catalogue]), ("checking 20,000 lines", [flowc, "check", catalogue]),
            ("drawing mistakes", [flowc, "check", "--max-errors", "0", mistakes]),
            ("costing a product", [flowc, "cost", product, "--quantity", "50"]), ("formatting", [flowc, "fmt", "--check", catalogue]))
    return {what: count(command, scratch) for what, command in work}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--update", action="store_true")
    wanted = parser.parse_args()
    os.environ.setdefault("FLOW_SPECS", os.path.abspath(os.path.join(TOP, "specs")))
    subprocess.run(["cmake", "--build", wanted.build, "--target", "flowc", "bench_phases"], check=True,
                   stdout=subprocess.DEVNULL)
    compiler = compiler_of(wanted.build)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = os.path.join(scratch, "cache")
        counts = measure(wanted.build, scratch)
    if wanted.update:
        with open(COUNTS, "w", encoding="utf-8") as file:
            file.write(compiler + "\n" + "".join(f"{number:12} {what}\n" for what, number in counts.items()))
        return 0
    with open(COUNTS, encoding="utf-8") as file:
        known_compiler, *rows = file.read().splitlines()
    known = {what: int(number) for number, what in (row.split(maxsplit=1) for row in rows)}
    failed = 0
    for what, number in counts.items():
        ratio = number / known.get(what, 1)
        bad = known_compiler == compiler and abs(ratio - 1) > TOLERANCE
        failed += bad
        print(f"{what:24} {number:12} instructions, {100 * (ratio - 1):+.1f}%{'  FAILED' if bad else ''}")
    if known_compiler != compiler:
        print(f"the counts are of {known_compiler}, this is {compiler}: not judged")
    elif failed:
        print("if it is meant: tests/bench/check_instructions.py --build build/release --update, and say why")
    print(f"{len(counts) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
