#!/usr/bin/env python3
"""How many faulty models does validation find? Puts defects of known kinds into brackets of random sizes, has `flowc check`
look at each, and prints what defects.csv says:

    inject.py FLOWC > defects.csv

18 % of builds failed, it is reported elsewhere, of them 42 % for meshes that are no solid, 28 % for parts that are too big, 19 %
for overhangs, and 11 % for other causes, of which a model tells nothing. That is taken over; what is found is measured here.
"""
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = 40  # of each kind
FAILED = 0.18
CAUSES = (("not_a_solid", 0.42, ("mesh_broken", "not_whole")), ("too_big", 0.28, ("does_not_fit",)),
          ("overhang", 0.19, ("overhang",)))
OTHER = 0.11


def block(x0, y0, z0, x1, y1, z1):
    """Twelve triangles, normals outwards."""
    p = [(x, y, z) for z in (z0, z1) for y in (y0, y1) for x in (x0, x1)]
    faces = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
    return [t for a, b, c, d in faces for t in ((p[a], p[b], p[c]), (p[a], p[c], p[d]))]


def sound(chance):
    return block(0, 0, 0, chance.uniform(30, 120), chance.uniform(20, 60), chance.uniform(5, 40))


def not_a_solid(chance):
    """A hole, a face turned round, or a face twice."""
    triangles = sound(chance)
    at = chance.randrange(len(triangles))
    way = chance.randrange(3)
    if way == 0:
        del triangles[at]
    elif way == 1:
        triangles[at] = triangles[at][::-1]
    else:
        triangles.append(triangles[at])
    return triangles


def too_big(chance):
    """Longer than the bed's diagonal, or higher than the printer."""
    if chance.random() < 0.5:
        return block(0, 0, 0, chance.uniform(340, 600), chance.uniform(20, 60), chance.uniform(5, 40))
    return block(0, 0, 0, chance.uniform(230, 260), chance.uniform(225, 300), chance.uniform(230, 400))


def overhang(chance):
    """A table: its top hangs over its foot on all sides."""
    foot, reach, height = chance.uniform(10, 20), chance.uniform(6, 40), chance.uniform(10, 50)
    end = foot + reach
    lower, upper = block(-foot, -foot, 0, foot, foot, height), block(-end, -end, height, end, end, height + 4)
    side = [t for t in lower if not all(p[2] == height for p in t)]
    top = [t for t in upper if not all(p[2] == height for p in t)]
    ring = []  # the under side of the top: a square with a square hole, eight triangles
    outer, inner = [(-end, -end), (end, -end), (end, end), (-end, end)], [(-foot, -foot), (foot, -foot), (foot, foot), (-foot, foot)]
    for i in range(4):
        a, b, c, d = ((*q, height) for q in (outer[i], outer[(i + 1) % 4], inner[(i + 1) % 4], inner[i]))
        ring += [(a, c, b), (a, d, c)]
    return side + top + ring


def write_stl(path, triangles):
    with open(path, "wb") as file:
        file.write(bytes(80) + struct.pack("<I", len(triangles)))
        for triangle in triangles:
            file.write(bytes(12) + b"".join(struct.pack("<3f", *corner) for corner in triangle) + bytes(2))


def found(flowc, folder, triangles, rules):
    write_stl(os.path.join(folder, "model.stl"), triangles)
    done = subprocess.run([flowc, "check", os.path.join(folder, "bracket.flow")], capture_output=True, text=True)
    return any(re.search(r"\b%s\b" % rule, done.stdout + done.stderr) for rule in rules)


def main():
    flowc = os.path.abspath(sys.argv[1])
    makers = {"not_a_solid": not_a_solid, "too_big": too_big, "overhang": overhang}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("shop.flow", "bracket.flow"):
            with open(os.path.join(HERE, name), encoding="utf-8") as file:
                text = file.read()
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text.replace("  process     fdm\n", '  model       "model.stl"\n  process     fdm\n'))
        chance = random.Random(20)
        every = [rule for _, _, rules in CAUSES for rule in rules]
        alarms = sum(found(flowc, folder, sound(chance), every) for _ in range(MODELS))
        print("cause,share,found,stops_at")
        for name, share, rules in CAUSES:
            caught = sum(found(flowc, folder, makers[name](chance), rules) for _ in range(MODELS))
            print(f"{name},{FAILED * share:.4f},{caught / MODELS:.3f},0.5")
        print(f"other,{FAILED * OTHER:.4f},0,0.5")
        print(f"{alarms} of {MODELS} sound models were called faulty", file=sys.stderr)


if __name__ == "__main__":
    main()
