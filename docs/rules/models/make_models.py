#!/usr/bin/env python3
"""Writes the models that the pages of the rules show, into the folder of its argument, or its own. Same call, same bytes."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


def corner(size):
    """A tetrahedron in the corner of a box."""
    o, x, y, z = (0, 0, 0), (size, 0, 0), (0, size, 0), (0, 0, size)
    return [(o, y, x), (o, x, z), (o, z, y), (x, y, z)]


def prism(outline, depth):
    """What is between an outline in x and z, counter-clockwise seen from the front, and the same `depth` behind it. Its
    faces go out from the first corner, which must see all others."""
    front, back = [(x, 0, z) for x, z in outline], [(x, depth, z) for x, z in outline]
    count = len(outline)
    faces = [(front[0], front[i], front[i + 1]) for i in range(1, count - 1)]
    faces += [(back[0], back[i + 1], back[i]) for i in range(1, count - 1)]
    for i in range(count):
        j = (i + 1) % count
        faces += [(front[i], back[i], back[j]), (front[i], back[j], front[j])]
    return faces


def gallows(rise):
    """A post with an arm; its underside rises by so much to the end. Sees all of it from the inner corner."""
    return prism([(10, 30), (30, 30 + rise), (30, 40 + rise), (0, 40 + rise), (0, 0), (10, 0)], 20)


def angle(thick):
    """A flange on a foot."""
    return prism([(thick, 4), (thick, 30), (0, 30), (0, 0), (30, 0), (30, 4)], 20)


def bar(length):
    return prism([(0, 0), (length, 0), (length, 10), (0, 10)], 10)


MODELS = {
    "body": corner(40),
    "long": corner(400),
    "open": corner(40)[:3],
    "arm": gallows(0),
    "braced": gallows(22),
    "thin": angle(0.4),
    "thick": angle(1.2),
    "stick": bar(300),
    "pole": bar(350),
}


def main(folder=HERE):
    for name, faces in MODELS.items():
        title = "body" if name in ("body", "long", "open") else name
        lines = [f"solid {title}"]
        for face in faces:
            lines += ["facet normal 0 0 0", " outer loop"]
            lines += ["  vertex " + " ".join(f"{c:g}" for c in place) for place in face]
            lines += [" endloop", "endfacet"]
        (folder / f"{name}.stl").write_text("\n".join(lines + [f"endsolid {title}", ""]))


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:2]))
