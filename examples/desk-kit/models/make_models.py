#!/usr/bin/env python3
"""Writes the models of the desk kit, in the way they lie on the bed."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
from solid import Stack, circle, rounded, slot, write_stl  # noqa: E402

DEPTH = 36        # of the rail, front to back
PITCH = {"small": 70, "large": 130}   # between the two insert bosses
SLOTS = {"small": 4, "large": 9}      # teeth between the cables


def rail(size):
    """A plate with two magnet pockets, two bosses for inserts, and teeth that the cables run between. All opens upwards."""
    length = PITCH[size] + 22
    outline, foot = rounded(0, 0, length, DEPTH, 5), rounded(0, 0, length - 1, DEPTH - 1, 4.5)
    middle = PITCH[size] / 2
    pockets = [circle(s * (middle - 14), 10, 10.2) for s in (-1, 1)]
    bosses = [circle(s * middle, 0, 8.4) for s in (-1, 1)]
    holes = [circle(s * middle, 0, 4.2, 32) for s in (-1, 1)]
    count = SLOTS[size]
    teeth = [rounded((i - (count - 1) / 2) * 12, -6, 3, 18, 1.4, 4) for i in range(count)]
    tapered = [rounded((i - (count - 1) / 2) * 12, -6, 2, 17, 0.9, 4) for i in range(count)]
    return (Stack()
            .layer(0.6, [foot], [outline])                    # chamfer: no elephant foot to trim
            .layer(1.4, [outline])
            .layer(3.2, [outline, *pockets])                  # the magnet is 3 mm: 0.2 mm of glue
            .layer(0.6, bosses + teeth)
            .layer(6.2, bosses + holes + teeth)               # insert 5.7 mm and 0.5 mm below it
            .layer(3.0, teeth)
            .layer(2.0, teeth, tapered))                      # lets the cable find its gap


def cover(size):
    """Lies over the teeth. The face that shows is on the bed; two seats find the bosses."""
    length = PITCH[size] + 18
    outline, foot = rounded(0, 0, length, 32, 5), rounded(0, 0, length - 1, 31, 4.5)
    middle = PITCH[size] / 2
    holes = [circle(s * middle, 0, 3.4, 32) for s in (-1, 1)]
    seats = [circle(s * middle, 0, 9.0) for s in (-1, 1)]
    return (Stack()
            .layer(0.6, [foot, *holes], [outline, *holes])
            .layer(1.4, [outline, *holes])
            .layer(1.0, [outline, *seats]))


def tag():
    """A tag to write on, with a slot for the cable tie."""
    outline = rounded(0, 0, 34, 14, 3)
    window, eye = rounded(4, 0, 22, 9, 1.5), slot(-12.5, 0, 5.4, 2.6, 6)
    frame = [outline, window, eye]
    return Stack().layer(1.2, [outline, eye]).layer(0.6, frame)


def main(folder=HERE):
    for size in PITCH:
        write_stl(folder / f"rail_{size}.stl", rail(size))
        write_stl(folder / f"cover_{size}.stl", cover(size))
    write_stl(folder / "tag.stl", tag())


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:2]))
