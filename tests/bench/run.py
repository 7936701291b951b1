#!/usr/bin/env python3
"""Measures flowc beside dtc, jsonnet and protoc, on inputs of the same size, in one run.

usage: tests/bench/run.py [--build build/release] [--lines 1000000] [--folder FOLDER]

Prints a table of CPU seconds (user and system), lines a CPU second, and the peak of resident memory a line; then what
issue and docs/performance.md ask for, beside what was measured. Each figure is the best of three runs. Nothing here
fails for being slow: a machine may be busy. What guards against regressions counts instructions: check_instructions.py.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
sys.path.insert(0, HERE)
import generate  # noqa: E402 (it stands beside this file)

RUNS = 3


def run(command):
    """CPU seconds and peak bytes of one run."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            os.execvp(command[0], command)
        finally:
            os.write(writing, b"!")
            os._exit(127)
    os.close(writing)
    _, _, used = os.wait4(pid, 0)
    failed = os.read(reading, 1)
    os.close(reading)
    if failed:
        raise RuntimeError(f"{command[0]} cannot be run")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def elapsed(command):
    """The least of three times from start to end."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append(time.perf_counter() - begun)
    return min(times)


def best(command):
    runs = [run(command) for _ in range(RUNS)]
    return min(cpu for cpu, _ in runs), min(peak for _, peak in runs)


def lines_of(path):
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


class Bench:
    def __init__(self, build, folder):
        self.flowc = os.path.join(build, "flowc")
        self.phases = os.path.join(build, "bench_phases")
        self.folder = folder

    def make(self, kind, lines):
        return generate.generate(kind, lines, os.path.join(self.folder, f"{kind}-{lines}"))[0]

    def row(self, what, command, path):
        lines = lines_of(path)
        cpu, peak = best(command)
        print(f"{what:34} {lines:9} {cpu:8.3f} {lines / cpu / 1e6:9.2f} {peak / lines:9.0f}", flush=True)
        return cpu, peak / lines

    def shelf(self, lines):
        """A folder of products, each in its own file: the products a second, on one core and on all."""
        self.make("folder", lines)
        folder = os.path.join(self.folder, f"folder-{lines}")
        count = len(os.listdir(os.path.join(folder, "products")))
        alone = elapsed([self.flowc, "check", "--jobs", "1", folder])
        together = elapsed([self.flowc, "check", folder])
        cores = len(os.sched_getaffinity(0))
        print(f"\n{count} files of products in a folder: {count / alone:.0f} a second on one core, "
              f"{count / together:.0f} on {cores}, {alone / together:.2f} times as many")

    def peers(self, lines):
        for kind, command in (("dts", ["dtc", "-q", "-O", "dtb", "-o", os.devnull]),
                              ("jsonnet", ["jsonnet", "-o", os.devnull]),
                              ("proto", ["protoc", "--descriptor_set_out=" + os.devnull])):
            if not shutil.which(command[0]):
                print(f"{command[0]:34} not installed")
                continue
            path = self.make(kind, lines)
            more = ["--proto_path=" + os.path.dirname(path)] if kind == "proto" else []
            self.row(command[0], command + more + [path], path)


def goals(rows):
    print()
    for what, measured, goal, unit, larger in rows:
        good = measured >= goal if larger else measured <= goal
        print(f"{what:46} {measured:8.2f} {unit:14} {'at least' if larger else 'at most'} {goal:g}"
              f"  {'' if good else 'MISSED'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(TOP, "build", "release"))
    parser.add_argument("--lines", type=int, default=1000000)
    parser.add_argument("--folder", help="where inputs are kept between runs")
    wanted = parser.parse_args()
    os.environ.setdefault("FLOW_SPECS", os.path.abspath(os.path.join(TOP, "specs")))
    subprocess.run(["cmake", "--build", wanted.build, "--target", "flowc", "bench_phases"], check=True,
                   stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(wanted.build, wanted.folder or scratch)
        large, tenth = bench.make("catalogue", wanted.lines), bench.make("catalogue", wanted.lines // 10)
        product, mistakes = bench.make("product", 300), bench.make("mistakes", 40000)
        print(f"{'':34} {'lines':>9} {'CPU s':>8} {'M lines/s':>9} {'B/line':>9}")
        parse, _ = bench.row("flowc: reading", [bench.phases, "parse", large], large)
        bench.row("flowc: reading and binding", [bench.phases, "load", large], large)
        check, memory = bench.row("flowc check", [bench.flowc, "check", large], large)
        small, _ = bench.row("flowc check, a tenth", [bench.flowc, "check", tenth], tenth)
        one, _ = bench.row("flowc check, one product", [bench.flowc, "check", product], product)
        drawn, _ = bench.row("flowc check, all mistakes drawn", [bench.flowc, "check", "--max-errors", "0", mistakes],
                             mistakes)
        silent, _ = bench.row("flowc check, the same, counted only", [bench.phases, "check", mistakes], mistakes)
        bench.peers(wanted.lines // 10)
        bench.shelf(wanted.lines)
        done = subprocess.run([bench.flowc, "check", "--format", "short", "--max-errors", "0", mistakes], capture_output=True, check=False)
        count = done.stdout.count(b"\n") + done.stderr.count(b"\n")
    print(f"\n{count} diagnostics in the file of mistakes")
    goals([("reading", wanted.lines / parse / 1e6, 3, "M lines/s", True),
           ("whole check", wanted.lines / check / 1e6, 1, "M lines/s", True),
           ("ten times the lines", check / small, 12, "times the CPU", False),
           ("peak memory", memory, 300, "bytes a line", False),
           ("drawing 10,000 diagnostics", (drawn - silent) * 10000 / max(count, 1), 0.3, "s", False),
           ("one product of 300 lines, start included", one * 1000, 5, "ms", False)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
