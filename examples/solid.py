"""Solids for the example shops, in plain Python: prisms in layers, and rings. Same call, same bytes.

A part is a stack of layers. A layer is a set of closed outlines at its bottom and, if its walls lean, as many at its top.
Where two layers meet, what one has and the other has not becomes a horizontal face. So every part is one closed skin:
no face inside, no open edge, normals outwards. That is what a printer wants, and what `flowc check` looks for.

Lengths are millimetres. Inside, coordinates are whole tenths of a micrometre, so that no test of "left of" ever rounds.
"""

import math
import struct

UNITS = 10000  # per millimetre


def point(x, y):
    return (round(x * UNITS), round(y * UNITS))


# --- Outlines: lists of points; which way around does not matter -------------------------------------------------

def circle(x, y, diameter, segments=48):
    """A circle of the true diameter across its corners' mean: bores come out neither small nor large."""
    radius = diameter / 2 / math.sqrt(math.sin(2 * math.pi / segments) / (2 * math.pi / segments))
    return [point(x + radius * math.cos(2 * math.pi * i / segments), y + radius * math.sin(2 * math.pi * i / segments))
            for i in range(segments)]


def rectangle(x0, y0, x1, y1):
    return [point(x0, y0), point(x1, y0), point(x1, y1), point(x0, y1)]


def rounded(x, y, width, height, radius, segments=8):
    """A rectangle about (x, y) with round corners."""
    corners = [(1, 1, 0), (-1, 1, 1), (-1, -1, 2), (1, -1, 3)]
    out = []
    for sx, sy, quarter in corners:
        cx, cy = x + sx * (width / 2 - radius), y + sy * (height / 2 - radius)
        for i in range(segments + 1):
            angle = math.pi / 2 * (quarter + i / segments)
            corner = point(cx + radius * math.cos(angle), cy + radius * math.sin(angle))
            if corner not in out:  # two quarters meet in one point where a side has no straight piece
                out.append(corner)
    return out


def slot(x, y, length, width, segments=16):
    """A long hole along x; length is from end to end."""
    return rounded(x, y, length, width, width / 2, segments)


def polygon(*points):
    return [point(x, y) for x, y in points]


def hexagon(x, y, across_flats):
    radius = across_flats / math.sqrt(3)
    return [point(x + radius * math.cos(math.pi / 3 * i), y + radius * math.sin(math.pi / 3 * i)) for i in range(6)]


# --- Plane geometry -----------------------------------------------------------------------------------------------

def doubled_area(loop):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(loop, loop[1:] + loop[:1]))


def side(a, b, c):
    """Over 0 where c is left of a -> b."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def inside(loop, p):
    """Whether p is inside the outline; points on it are not asked."""
    hit = False
    for a, b in zip(loop, loop[1:] + loop[:1]):
        if (a[1] > p[1]) != (b[1] > p[1]) and (side(a, b, p) > 0) == (b[1] > a[1]):
            hit = not hit
    return hit


def depth(loop, loops):
    """How many of the others a loop is inside of; decided by a corner that is on none of them."""
    count = 0
    for other in loops:
        if other is loop:
            continue
        corners = set(other)
        probe = next((p for p in loop if p not in corners), None)
        if probe is None:  # shares all its corners: ask the middle of its first edge
            probe = ((loop[0][0] + loop[1][0]) / 2, (loop[0][1] + loop[1][1]) / 2)
        count += inside(other, probe)
    return count


def triangulate(outer, holes):
    """Triangles of a region, corners left-handed about it, by bridging the holes and cutting ears."""
    ring = list(outer)
    for hole in sorted(holes, key=lambda h: -max(p[0] for p in h)):
        start = max(range(len(hole)), key=lambda i: hole[i])
        tip = hole[start]
        best = None
        for i, corner in enumerate(ring):
            if corner[0] < tip[0] or not sees(ring, holes, tip, corner, i):
                continue
            distance = (corner[0] - tip[0]) ** 2 + (corner[1] - tip[1]) ** 2
            if best is None or distance < best[0]:
                best = (distance, i)
        at = best[1]
        ring = ring[:at + 1] + hole[start:] + hole[:start + 1] + ring[at:]
    triangles = []
    while len(ring) > 3:
        best = None
        for i in range(len(ring)):
            a, b, c = ring[i - 1], ring[i], ring[(i + 1) % len(ring)]
            if side(a, b, c) <= 0 or any(p not in (a, b, c) and within(a, b, c, p) for p in ring):
                continue
            # The ear that is least a sliver: its area beside the square of its longest side.
            longest = max((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 for p, q in ((a, b), (b, c), (c, a)))
            quality = side(a, b, c) / longest
            if best is None or quality > best[0]:
                best = (quality, i, (a, b, c))
            if quality > 0.3:
                break
        if best is None:
            raise ValueError("a face that cannot be cut into triangles")
        triangles.append(best[2])
        del ring[best[1]]
    triangles.append(tuple(ring))
    return triangles


def within(a, b, c, p):
    return side(a, b, p) >= 0 and side(b, c, p) >= 0 and side(c, a, p) >= 0


def sees(ring, holes, tip, corner, index):
    """Whether the bridge from a hole's rightmost point to a corner of the ring crosses nothing."""
    before, after = ring[index - 1], ring[(index + 1) % len(ring)]
    if side(before, corner, after) > 0:
        if not (side(before, corner, tip) > 0 and side(corner, after, tip) > 0):
            return False
    elif side(before, corner, tip) <= 0 and side(corner, after, tip) <= 0:
        return False
    for loop in [ring] + holes:
        for a, b in zip(loop, loop[1:] + loop[:1]):
            if corner in (a, b) or tip in (a, b):
                continue
            if side(tip, corner, a) * side(tip, corner, b) <= 0 and side(a, b, tip) * side(a, b, corner) <= 0:
                return False
    return True


# --- Solids -------------------------------------------------------------------------------------------------------

class Stack:
    """Layers from the bottom up: Stack().layer(2, [outline, hole]).layer(3, [...])"""

    def __init__(self, z=0.0):
        self.z = z
        self.layers = []  # (z0, z1, bottom loops, top loops)

    def layer(self, height, loops, top=None):
        """The next `height` millimetres. With `top`, outline i leans to become top[i], point by point."""
        top = top or loops
        turned_bottom, turned_top = [], []
        for loop, upper in zip(loops, top):
            wanted = 1 if depth(loop, loops) % 2 == 0 else -1
            flip = doubled_area(loop) * wanted < 0
            turned_bottom.append(loop[::-1] if flip else loop)
            turned_top.append(upper[::-1] if flip else upper)
        self.layers.append((self.z, self.z + height, turned_bottom, turned_top))
        self.z += height
        return self

    def triangles(self):
        out = []
        below = []
        for z0, z1, bottom, top in self.layers:
            out += horizontal(below, bottom, z0)
            for loop, upper in zip(bottom, top):
                corners = list(zip(loop, upper))
                for (a, ua), (b, ub) in zip(corners, corners[1:] + corners[:1]):
                    quad = [(*a, height(z0)), (*b, height(z0)), (*ub, height(z1)), (*ua, height(z1))]
                    out += [(quad[0], quad[1], quad[2]), (quad[0], quad[2], quad[3])]
            below = top
        return out + horizontal(below, [], self.z)


def height(z):
    return round(z * UNITS)


def horizontal(below, above, z):
    """Faces at a level: what is below and not above looks up, what is above and not below looks down."""
    edges = {}
    for loops, turned in ((below, False), (above, True)):
        for loop in loops:
            for a, b in zip(loop, loop[1:] + loop[:1]):
                a, b = (b, a) if turned else (a, b)
                if edges.get((b, a)):
                    edges[(b, a)] -= 1
                else:
                    edges[(a, b)] = edges.get((a, b), 0) + 1
    leads = {}
    for (a, b), count in edges.items():
        for _ in range(count):
            leads.setdefault(a, []).append(b)
    loops = []
    while leads:
        start = min(leads)
        loop, here = [], start
        while True:
            loop.append(here)
            choices = leads[here]
            following = choices.pop()
            if not choices:
                del leads[here]
            here = following
            if here == start:
                break
        loops.append(loop)
    out = []
    depths = [depth(loop, loops) for loop in loops]
    for loop, level in zip(loops, depths):
        if level % 2:
            continue
        holes = [other for other, inner in zip(loops, depths) if inner == level + 1 and depth(other, [loop]) == 1]
        up = doubled_area(loop) > 0
        if up:
            faces = triangulate(loop, holes)
        else:
            faces = [(c, b, a) for a, b, c in triangulate(loop[::-1], [h[::-1] for h in holes])]
        out += [tuple((*p, height(z)) for p in face) for face in faces]
    return out


def ring(section, segments):
    """A closed band: section(angle) gives the (x, y, z) points of a cross-section, counted the same at every angle,
    in millimetres, going around so that the outside is on the right."""
    rows = [[tuple(round(v * UNITS) for v in p) for p in section(2 * math.pi * i / segments)] for i in range(segments)]
    out = []
    for row, following in zip(rows, rows[1:] + rows[:1]):
        count = len(row)
        for j in range(count):
            a, b = row[j], row[(j + 1) % count]
            c, d = following[(j + 1) % count], following[j]
            out += [(a, b, c), (a, c, d)]
    return out


# --- Checks and the file ------------------------------------------------------------------------------------------

def volume_mm3(triangles):
    total = 0
    for a, b, c in triangles:
        total += (a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
                  + a[2] * (b[0] * c[1] - b[1] * c[0]))
    return total / 6 / UNITS ** 3


def verify(name, triangles):
    """A closed skin: every edge once in each direction, no triangle without area, normals outwards."""
    edges = set()
    for triangle in triangles:
        a, b, c = triangle
        u, v = [q - p for p, q in zip(a, b)], [q - p for p, q in zip(a, c)]
        if not any((u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])):
            raise ValueError(f"{name}: a triangle without area")
        for edge in ((a, b), (b, c), (c, a)):
            if edge in edges:
                raise ValueError(f"{name}: an edge twice")
            edges.add(edge)
    if any((b, a) not in edges for a, b in edges):
        raise ValueError(f"{name}: an open edge")
    if volume_mm3(triangles) <= 0:
        raise ValueError(f"{name}: inside out")


def write_stl(path, solid):
    """A binary STL; says the volume, which is what the part's mass is reckoned from."""
    triangles = solid.triangles() if isinstance(solid, Stack) else solid
    verify(path.name, triangles)
    low = [min(p[i] for t in triangles for p in t) for i in range(3)]
    high = [max(p[i] for t in triangles for p in t) for i in range(3)]
    data = bytearray(f"example model {path.stem}".encode().ljust(80, b" "))
    data += struct.pack("<I", len(triangles))
    for a, b, c in triangles:
        u, v = [q - p for p, q in zip(a, b)], [q - p for p, q in zip(a, c)]
        normal = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
        length = math.sqrt(sum(n * n for n in normal))
        data += struct.pack("<3f", *(n / length for n in normal))
        for p in (a, b, c):
            data += struct.pack("<3f", *((v - l) / UNITS for v, l in zip(p, low)))
        data += b"\0\0"
    path.write_bytes(data)
    size = " x ".join(f"{(h - l) / UNITS:.1f}" for h, l in zip(high, low))
    print(f"{path.name}: {size} mm, {volume_mm3(triangles) / 1000:.2f} cm^3, {len(triangles)} triangles")
