#!/usr/bin/env python3
"""Writes the two drawings as PDF: lines, circles and text, with nothing but the standard library. Same call, same bytes."""

import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = (842, 595)            # A4 landscape, points
SCALE = 72 / 25.4            # points to a millimetre


class Sheet:
    def __init__(self, number, title, revision, material, scale="1:1"):
        self.out = []
        self.pen(0.7)
        self.box(28, 28, PAGE[0] - 28, PAGE[1] - 28)
        self.box(PAGE[0] - 328, 28, PAGE[0] - 28, 118)
        for y in (58, 88):
            self.line(PAGE[0] - 328, y, PAGE[0] - 28, y)
        self.text(PAGE[0] - 320, 98, f"{number}  {title}", 13)
        self.text(PAGE[0] - 320, 68, material, 9)
        self.text(PAGE[0] - 320, 38, f"Revision {revision}   Scale {scale}   mm   ISO 2768-m   Ra 1.6   first angle", 9)

    def pen(self, width, dash="[] 0"):
        self.out.append(f"{width:.2f} w {dash} d")

    def line(self, x0, y0, x1, y1):
        self.out.append(f"{x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S")

    def box(self, x0, y0, x1, y1):
        self.out.append(f"{x0:.2f} {y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re S")

    def circle(self, x, y, r):
        k = r * 0.5522847498
        self.out.append(f"{x + r:.2f} {y:.2f} m "
                        f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
                        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
                        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
                        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c S")

    def text(self, x, y, words, size=9):
        for sign in "\\()":
            words = words.replace(sign, "\\" + sign)
        self.out.append(f"BT /F1 {size} Tf {x:.2f} {y:.2f} Td ({words}) Tj ET")

    def arrow(self, x, y, angle):
        for turn in (-0.25, 0.25):
            self.line(x, y, x - 7 * math.cos(angle + turn), y - 7 * math.sin(angle + turn))

    def across(self, x0, x1, y, words, reach=0):
        """A horizontal dimension at height y; reach: where its extension lines begin."""
        self.pen(0.35)
        for x in (x0, x1):
            self.line(x, reach, x, y + (4 if y > reach else -4))
        self.line(x0, y, x1, y)
        self.arrow(x0, y, math.pi)
        self.arrow(x1, y, 0)
        self.text((x0 + x1) / 2 - 2.4 * len(words), y + 3, words)
        self.pen(0.7)

    def upright(self, y0, y1, x, words, reach=0):
        self.pen(0.35)
        for y in (y0, y1):
            self.line(reach, y, x + (4 if x > reach else -4), y)
        self.line(x, y0, x, y1)
        self.arrow(x, y0, -math.pi / 2)
        self.arrow(x, y1, math.pi / 2)
        self.text(x + 4 if x > reach else x - 5 - 4.4 * len(words), (y0 + y1) / 2 - 3, words)
        self.pen(0.7)

    def leader(self, x, y, tx, ty, words):
        self.pen(0.35)
        self.line(x, y, tx, ty)
        self.line(tx, ty, tx + 14, ty)
        self.arrow(x, y, math.atan2(y - ty, x - tx))
        self.text(tx + 17, ty - 3, words)
        self.pen(0.7)

    def centre(self, x, y, r):
        self.pen(0.3, "[9 2 2 2] 0")
        self.line(x - r, y, x + r, y)
        self.line(x, y - r, x, y + r)
        self.pen(0.7)

    def write(self, path):
        stream = "\n".join(self.out).encode("cp1252")
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>" % PAGE,
            b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        data, places = b"%PDF-1.4\n", []
        for number, body in enumerate(objects, 1):
            places.append(len(data))
            data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(data)
        data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        data += b"".join(b"%010d 00000 n \n" % place for place in places)
        data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
        path.write_bytes(data)
        print(path.name)


def bracket(folder):
    s = Sheet("KD-80", "Bracket", "D2", "Aluminium EN AW-6082 T6")
    m = SCALE
    x, y = 245, 355                                       # middle of the plan
    s.box(x - 40 * m, y - 30 * m, x + 40 * m, y + 30 * m)
    for diameter in (44, 22, 18):
        s.circle(x, y, diameter / 2 * m)
    for sx in (-1, 1):
        s.circle(x + sx * 32 * m, y, 3 * m)
        s.centre(x + sx * 32 * m, y, 4.5 * m)
        for sy in (-1, 1):
            s.circle(x + sx * 32 * m, y + sy * 22 * m, 2.75 * m)
            s.circle(x + sx * 32 * m, y + sy * 22 * m, 5 * m)
            s.centre(x + sx * 32 * m, y + sy * 22 * m, 6.5 * m)
    for sy in (-1, 1):
        s.box(x - 20 * m, y + sy * 26 * m - 2.5 * m, x + 20 * m, y + sy * 26 * m + 2.5 * m)
    s.centre(x, y, 34 * m)
    s.across(x - 32 * m, x + 32 * m, y - 30 * m - 26, "64 \xb10.02  pin_pitch, critical", y - 3 * m)
    s.across(x - 40 * m, x + 40 * m, y - 30 * m - 50, "80 \xb10.3", y - 30 * m)
    s.upright(y - 30 * m, y + 30 * m, x - 40 * m - 42, "60", x - 40 * m)
    s.leader(x + 32 * m + 2.1 * m, y + 2.1 * m, x + 40 * m + 26, y + 12 * m, "2x \xd86 H7 (+0.012 0)  pin_hole, critical")
    s.leader(x + 32 * m + 3.5 * m, y + 22 * m + 3.5 * m, x + 40 * m + 26, y + 26 * m, "4x \xd85.5, \xd810 x 5.6 deep")
    s.leader(x + 11 * m * 0.707, y - 11 * m * 0.707, x + 40 * m + 26, y - 10 * m, "\xd822 H7 (+0.021 0), 7 deep  seat, critical")

    u, v = 245, 108                                       # the side, below the plan
    s.box(u - 40 * m, v, u + 40 * m, v + 10 * m)
    s.box(u - 22 * m, v + 10 * m, u + 22 * m, v + 20 * m)
    s.pen(0.35, "[4 3] 0")
    for half, low, high in ((9, 0, 13), (11, 13, 20), (3, 0, 0)):
        for sx in (-1, 1):
            s.line(u + sx * half * m, v + low * m, u + sx * half * m, v + high * m)
    s.pen(0.7)
    s.upright(v, v + 10 * m, u - 40 * m - 24, "10 \xb10.1  flange", u - 40 * m)
    s.upright(v, v + 20 * m, u + 40 * m + 24, "20 \xb10.05  height", u + 22 * m)
    s.leader(u + 30 * m, v, u + 40 * m + 10, v - 30, "flat 0.03  flatness")
    s.text(PAGE[0] - 320, 128, "Edges broken 0.2 to 0.4. Chamfer 0.5 on the boss and the lower edge.", 9)
    s.text(PAGE[0] - 320, 142, "Black anodized 12 \xb5m, seat and pin holes masked.", 9)
    s.write(folder / "bracket.pdf")


def spacer(folder):
    s = Sheet("KD-80-2", "Spacer", "D2", "Stainless 1.4305 (AISI 303), bar 22 h9", "2:1")
    m = SCALE * 2
    x, y = 200, 330
    s.box(x, y - 11 * m, x + 3 * m, y + 11 * m)
    s.box(x + 3 * m, y - 6 * m, x + 17.5 * m, y + 6 * m)
    s.box(x + 17.5 * m, y - 5.5 * m, x + 18 * m, y + 5.5 * m)
    s.pen(0.35, "[4 3] 0")
    for sy in (-1, 1):
        s.line(x, y + sy * 4 * m, x + 18 * m, y + sy * 4 * m)
    s.pen(0.3, "[9 2 2 2] 0")
    s.line(x - 20, y, x + 18 * m + 20, y)
    s.pen(0.7)
    s.across(x, x + 18 * m, y - 11 * m - 30, "18 \xb10.05  length", y - 11 * m)
    s.across(x, x + 3 * m, y + 11 * m + 22, "3", y + 11 * m)
    s.leader(x + 12 * m, y + 6 * m, x + 18 * m + 40, y + 10 * m, "\xd812 (0 -0.02)  shank, critical")
    s.leader(x + 14 * m, y - 4 * m, x + 18 * m + 40, y - 9 * m, "\xd88 (+0.03 0)  bore")
    s.leader(x + 1.5 * m, y - 11 * m, x - 60, y - 11 * m - 40, "\xd822")
    s.text(PAGE[0] - 320, 128, "Edges broken 0.2. Chamfer 0.5 x 45 degrees on the shank.", 9)
    s.write(folder / "spacer.pdf")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    bracket(target)
    spacer(target)
