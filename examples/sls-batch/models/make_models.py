#!/usr/bin/env python3
"""Writes the two halves of the handlebar clamp. Powder carries everything, so they are drawn as they are used."""

import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
from solid import Stack, circle, hexagon, polygon, rounded, write_stl  # noqa: E402

BAR = 32.2      # bore for a 31.8 mm handlebar
WIDTH = 54      # across the bar
LENGTH = 20     # along the bar
BOLTS = 21      # from the middle to each M4 bolt
GAP = 0.6       # between a half and the middle of the bar, so that the bolts clamp
STEPS = 14      # of the bore's curve


def half_bore(height_mm):
    """How wide the bore is, from its middle to one side, at a height above its lowest point."""
    radius = BAR / 2
    return math.sqrt(max(radius ** 2 - (radius - height_mm) ** 2, 0))


def cheeks(stack, through):
    """The two cheeks of a half from the lowest point of the bore up to the split, with what goes through each."""
    half, depth = WIDTH / 2, LENGTH / 2
    top = BAR / 2 - GAP

    def walls(reach):
        return [polygon((-half, -depth), (-reach, -depth), (-reach, depth), (-half, depth)),
                polygon((reach, -depth), (half, -depth), (half, depth), (reach, depth))]

    # Equal steps of the angle, so that the curve is even; it starts a little above the lowest point.
    heights = [BAR / 2 * (1 - math.cos(a)) for a in
               [math.acos(1 - 0.1 / (BAR / 2)) + (math.acos(1 - top / (BAR / 2)) - math.acos(1 - 0.1 / (BAR / 2)))
                * i / STEPS for i in range(STEPS + 1)]]
    for low, high in zip(heights, heights[1:]):
        stack.layer(high - low, walls(half_bore(low)) + through, walls(half_bore(high)) + through)
    return half_bore(heights[0])


def floor_outline(reach):
    """The full outline, with a corner wherever the bore begins."""
    half, depth = WIDTH / 2, LENGTH / 2
    return polygon((-half, -depth), (-reach, -depth), (reach, -depth), (half, -depth),
                   (half, depth), (reach, depth), (-reach, depth), (-half, depth))


def bolts(diameter):
    return [circle(s * BOLTS, 0, diameter, 32) for s in (-1, 1)]


def strap():
    """The lower half: the nuts sit in hexagons from below."""
    reach = half_bore(0.1)
    outline = floor_outline(reach)
    nuts = [hexagon(s * BOLTS, 0, 7.2) for s in (-1, 1)]
    stack = Stack().layer(3.4, [outline, *nuts]).layer(1.6, [outline, *bolts(4.5)])
    cheeks(stack, bolts(4.5))
    return stack


def saddle():
    """The upper half: a foot for the lamp's shoe, and counterbores for the bolt heads. Drawn upside down."""
    reach = half_bore(0.1)
    outline = floor_outline(reach)
    heads = [circle(s * BOLTS, 0, 7.8, 32) for s in (-1, 1)]
    shoe, neck = rounded(0, 0, 24, 17, 1.5), rounded(0, 0, 17, 12, 1.5)
    stack = (Stack().layer(3.0, [shoe]).layer(2.4, [neck])
             .layer(4.2, [outline, *heads]).layer(1.6, [outline, *bolts(4.5)]))
    cheeks(stack, bolts(4.5))
    return stack


def main(folder=HERE):
    write_stl(folder / "saddle.stl", saddle())
    write_stl(folder / "strap.stl", strap())


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:2]))
