#!/usr/bin/env python3
"""Writes the finished parts of the motor mount, as they leave the machine."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
from solid import Stack, circle, rounded, slot, write_stl  # noqa: E402


def bracket():
    """A flange with a bearing seat: 80 x 60 x 10 mm, a boss of 44 mm on it, four bolt holes, two pin holes, a weight pocket."""
    outline, edge = rounded(0, 0, 80, 60, 6), rounded(0, 0, 79, 59, 5.5)
    bolts = [circle(x, y, 5.5) for x in (-32, 32) for y in (-22, 22)]
    heads = [circle(x, y, 10.0) for x in (-32, 32) for y in (-22, 22)]
    pins = [circle(x, 0, 6.0, 32) for x in (-32, 32)]
    through, seat = circle(0, 0, 18, 96), circle(0, 0, 22, 96)
    boss, chamfered = circle(0, 0, 44, 96), circle(0, 0, 43, 96)
    pockets = [slot(0, y, 40, 5, 8) for y in (-26, 26)]
    return (Stack()
            .layer(0.5, [edge, *bolts, *pins, through], [outline, *bolts, *pins, through])
            .layer(3.5, [outline, *bolts, *pins, through])
            .layer(0.4, [outline, *bolts, *pins, *pockets, through])
            .layer(5.6, [outline, *heads, *pins, *pockets, through])
            .layer(3.0, [boss, through])
            .layer(6.5, [boss, seat])
            .layer(0.5, [boss, seat], [chamfered, seat]))


def spacer():
    """Turned: 22 mm across the flange, a 12 mm shank, an 8 mm bore."""
    flange, shank, bore = circle(0, 0, 22, 96), circle(0, 0, 12, 96), circle(0, 0, 8, 64)
    tip = circle(0, 0, 11, 96)
    return (Stack().layer(3.0, [flange, bore]).layer(14.5, [shank, bore])
            .layer(0.5, [shank, bore], [tip, bore]))


def main(folder=HERE):
    write_stl(folder / "bracket.stl", bracket())
    write_stl(folder / "spacer.stl", spacer())


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:2]))
