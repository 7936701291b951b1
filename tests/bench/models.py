#!/usr/bin/env python3
"""`flowc mesh` beside admesh over a folder of models, and a torus of a million triangles: seconds in one run.

usage: tests/bench/models.py --flowc build/release/flowc FOLDER

CPU seconds are of user and system together, of the best of three runs; what a busy machine does to the time by the clock it
does not do to them. admesh is started once a file, as it must be, and stopped after five seconds: on some files it never
ends. `bytes` is the limit: the same files read once.
"""
import argparse
import array
import math
import os
import resource
import struct
import subprocess
import tempfile
import time

AROUND = 708  # 2 * 708^2 triangles


def torus(path):
    """A million triangles, each corner a float of its own."""
    def corner(i, j):
        a, b = 2 * math.pi * (i % AROUND) / AROUND, 2 * math.pi * (j % AROUND) / AROUND
        ring = 40 + 15 * math.cos(b)
        return struct.pack("<3f", ring * math.cos(a), ring * math.sin(a), 15 * math.sin(b))
    rows = [[corner(i, j) for j in range(AROUND)] for i in range(AROUND)]
    faces = bytearray()
    for i in range(AROUND):
        row, following = rows[i], rows[(i + 1) % AROUND]
        for j in range(AROUND):
            a, b, c, d = row[j], following[j], following[(j + 1) % AROUND], row[(j + 1) % AROUND]
            faces += bytes(12) + a + b + c + bytes(14) + a + c + d + bytes(2)
    with open(path, "wb") as file:
        file.write(bytes(80) + struct.pack("<I", 2 * AROUND * AROUND) + faces)


def cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command, limit_s=60):
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        return False
    return True


def measure(what, work):
    """The least of three: (CPU seconds, seconds by the clock)."""
    least = []
    for _ in range(3):
        clock, cpu = time.monotonic(), cpu_s()
        work()
        least.append((cpu_s() - cpu, time.monotonic() - clock))
    cpu, clock = min(each[0] for each in least), min(each[1] for each in least)
    print(f"{what:34} {cpu:7.3f} CPU s {clock:7.3f} s")
    return cpu, clock


def read_all(paths):
    buffer = array.array("B", bytes(1 << 20))
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            while file.readinto(buffer):
                pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flowc", required=True)
    parser.add_argument("folder")
    wanted = parser.parse_args()
    paths = sorted(os.path.join(top, name) for top, _, names in os.walk(wanted.folder) for name in names
                   if name.lower().endswith(".stl"))
    print(f"{len(paths)} models, {sum(map(os.path.getsize, paths)) / 1e6:.1f} MB")
    measure("bytes", lambda: read_all(paths))
    mesh = [wanted.flowc, "mesh", "--format", "json"]
    one = measure("flowc, one thread", lambda: run([*mesh, "--no-cache", "--jobs", "1", *paths]))
    measure("flowc, two threads", lambda: run([*mesh, "--no-cache", "--jobs", "2", *paths]))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        run([*mesh, *paths])
        measure("flowc, known before", lambda: run([*mesh, *paths]))
        million = os.path.join(folder, "torus.stl")
        torus(million)
        measure("flowc, a million triangles", lambda: run([*mesh, "--no-cache", million]))
        measure("the same with --crossings", lambda: run([*mesh, "--no-cache", "--crossings", million]))
    ended = [path for path in paths if run(["admesh", path], 5)]
    other = measure(f"admesh, {len(ended)} of them", lambda: [run(["admesh", path]) for path in ended])
    print(f"on one thread flowc is {other[1] / one[1]:.1f} times as fast, and takes 1/{other[0] / one[0]:.1f} of the CPU")


if __name__ == "__main__":
    main()
