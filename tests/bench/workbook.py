#!/usr/bin/env python3
"""Measures the workbook beside libxlsxwriter alone, and `flowc build` by output, in one run.

usage: tests/bench/workbook.py [--build build/release] [SPEC...]

For each product: the cells of its workbook, the CPU seconds `flowc build --only workbook` takes for them beyond what an
output of a few bytes takes (the start, reading, checking), and what `bench_cells` takes to write as many formulas, numbers
and texts. Then each output's CPU time, and all of them. Each figure is the least of five runs.
"""
import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import zipfile

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "tests"))
from shops import product_specs  # noqa: E402 (it stands beside this folder)

RUNS = 5
OUTPUTS = ["instructions", "diagram", "workbook", "packet", "labels", "forms", "spec"]


def cpu(command):
    """The least of the CPU seconds of the runs, and what the last printed."""
    least, said = float("inf"), ""
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least, said


def cells_of(path):
    """Formulas, numbers and texts of a workbook."""
    formulas = numbers = texts = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
                sheet = archive.read(name).decode()
                here = sheet.count("<f>") + sheet.count("<f ")
                text = len(re.findall(r'<c [^>]*t="s"', sheet))
                formulas, texts = formulas + here, texts + text
                numbers += sheet.count("<v>") - here - text
    return formulas, numbers, texts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(TOP, "build", "release"))
    parser.add_argument("specs", nargs="*")
    wanted = parser.parse_args()
    os.environ.setdefault("FLOW_SPECS", os.path.join(TOP, "specs"))
    flowc, alone = os.path.join(wanted.build, "flowc"), os.path.join(wanted.build, "bench_cells")
    specs = wanted.specs or [os.path.join(*where) for where in product_specs() if where[0].endswith("examples")]
    with tempfile.TemporaryDirectory() as scratch:
        print(f"{'':24} {'cells':>8} {'CPU s':>7} {'M cells/s':>9} {'alone':>9} {'ratio':>6}   all outputs, CPU ms")
        for spec in specs:
            by_output = {}
            for output in OUTPUTS:
                by_output[output], said = cpu([flowc, "build", spec, "-o", scratch, "--only", output])
                if output == "workbook":
                    cells = cells_of(said.split("\n")[0])
            whole, _ = cpu([flowc, "build", spec, "-o", scratch])
            ours = by_output["workbook"] - by_output["spec"]
            library, _ = cpu([alone, *map(str, cells), os.path.join(scratch, "alone.xlsx")])
            outputs = ", ".join(f"{name} {seconds * 1000:.0f}" for name, seconds in by_output.items())
            print(f"{os.path.basename(spec):24} {sum(cells):8} {ours:7.3f} {sum(cells) / ours / 1e6:9.2f} "
                  f"{sum(cells) / library / 1e6:9.2f} {ours / library:6.2f}   {whole * 1000:.0f}: {outputs}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
