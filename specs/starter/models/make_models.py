#!/usr/bin/env python3
"""Writes the model of the starter shop: a disc with a rim, as one closed skin."""

import math
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
SEGMENTS = 96


def ring(radius, z):
    return [(radius * math.cos(2 * math.pi * i / SEGMENTS), radius * math.sin(2 * math.pi * i / SEGMENTS), z)
            for i in range(SEGMENTS)]


def band(low, high):
    for i in range(SEGMENTS):
        j = (i + 1) % SEGMENTS
        yield low[i], low[j], high[j]
        yield low[i], high[j], high[i]


def cap(edge, z, up):
    for i in range(SEGMENTS):
        j = (i + 1) % SEGMENTS
        yield ((0.0, 0.0, z), edge[i], edge[j]) if up else ((0.0, 0.0, z), edge[j], edge[i])


def disc():
    foot, side, rim = ring(44.5, 0.0), ring(45.0, 0.6), ring(45.0, 5.0)
    lip, floor = ring(35.0, 5.0), ring(35.0, 2.4)
    yield from cap(foot, 0.0, False)
    yield from band(foot, side)
    yield from band(side, rim)
    yield from band(rim, lip)
    yield from band(lip, floor)
    yield from cap(floor, 2.4, True)


def main(folder=HERE):
    triangles = list(disc())
    with open(folder / "disc.stl", "wb") as out:
        out.write(b"disc".ljust(80, b"\0") + struct.pack("<I", len(triangles)))
        for triangle in triangles:
            out.write(struct.pack("<12fH", 0, 0, 0, *(c for corner in triangle for c in corner), 0))


if __name__ == "__main__":
    main()
