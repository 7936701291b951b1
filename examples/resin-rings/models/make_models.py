#!/usr/bin/env python3
"""Writes the signet ring in its sizes, standing on its shank as it is printed."""

import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
from solid import ring, write_stl  # noqa: E402

SIZES = ["16.5", "17.3", "18.2", "19"]  # inner diameter in mm: EU 52, 54, 57, 60
FACE = 1.9     # thickness at the middle of the flat face
CORNERS = 20   # points of a cross-section


def signet(bore):
    """A shank that widens and thickens towards a flat face. The angle runs from the back of the hand, 0, to the palm."""
    inner = bore / 2

    def section(angle):
        front = (1 + math.cos(angle)) / 2      # 1 at the face, 0 at the palm
        swell = front ** 3
        width = 4.2 + 6.8 * swell
        thickness = 1.7 + 2.4 * swell
        points = []
        for i in range(CORNERS):
            turn = 2 * math.pi * (i + 0.5) / CORNERS
            # A rounded box: soft where it lies on the finger, firmer outside.
            across, out = math.cos(turn), math.sin(turn)
            power = 0.55
            across = math.copysign(abs(across) ** power, across) * width / 2
            out = inner + thickness / 2 + math.copysign(abs(out) ** power, out) * thickness / 2
            x, z = out * math.sin(angle), out * math.cos(angle)
            z = min(z, inner + FACE)           # the flat of the signet
            points.append((x, across, z))
        return points

    return ring(section, 120)


def main(folder=HERE):
    for size in SIZES:
        write_stl(folder / f"ring_{size}.stl", signet(float(size)))


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:2]))
