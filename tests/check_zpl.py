#!/usr/bin/env python3
"""labels_62mm.zpl and labels_4x6.zpl of every example and contract spec, and of one whose names are full of what ZPL would
read as a command.

A small reader of its own takes the files apart as a printer does. It holds that
- they are plain ASCII, every label is whole (^XA, ^CI28, a size, ^XZ), every field escaped (^FH) and UTF-8 behind the escapes;
- everything that is printed is inside the label, and nothing is upon anything else;
- label for label they say what the PDF of the same name says, and the codes are those that zbarimg reads from it;
- each SKU has its QR code with number, revision, SKU and fingerprint.
Prints what is wrong, and ends with `N passed, M failed`.
"""
import argparse
import os
import re
import sys
import tempfile

from check_documents import Judge, Spec, build, codes_of, page_sizes, pdf_text, squeezed
from shops import product_specs

DOTS = 203.2  # to the inch
QR_SHIFT = 10  # printers set a QR code that much lower
ODD_TITLES = ["Ünïque ^XZ thing ~JA with_under_5E", "Größe", "Schauen ~ prüfen_^ \\& ,"]
ODD = """edition 1
shop odds "Ecken & Kanten ^FS" { currency EUR }
station bench "Bank_1" { rate 30 EUR/h }
item screw "%s" { cost 1 EUR; tracked lot; sku "S>1^2~3_4" }
product odd "%s" {
  number "O^1~>_"
  revision A
  variant color rot, blau
  contains screw x 1
}
workflow odd {
  inspect look "%s" { at bench; sample all; check count "Eins."; time 1 s; reject -> scrap }
  pack box "Pack" { at bench; contains odd x 1; consume screw x 1; label sku, batch; time 1 min; check count "Eins." }
  ship out "Weg" { carrier "Post ~ ^XZ %s"; cost 1 EUR per order }
}
""" % (ODD_TITLES[1], ODD_TITLES[0], ODD_TITLES[2].replace("\\", "\\\\"), "x" * 200)


# ---- reading ----

class Field:
    """Something that is printed: where, how large, and what it says."""

    def __init__(self, kind, x, y, width, height, data=""):
        self.kind, self.x, self.y, self.width, self.height, self.data = kind, x, y, width, height, data

    def __repr__(self):
        return f"{self.kind} {self.data!r} at {self.x},{self.y}, {self.width:.0f} x {self.height:.0f}"

    def over(self, other):
        return (self.x < other.x + other.width and other.x < self.x + self.width and
                self.y < other.y + other.height and other.y < self.y + self.height)


def unescaped(data):
    """What ^FH makes of field data; raises where the bytes are no UTF-8."""
    out, at = bytearray(), 0
    while at < len(data):
        if data[at] == "_":
            out.append(int(data[at + 1:at + 3], 16))
            at += 3
        else:
            out += data[at].encode("ascii")
            at += 1
    return out.decode("utf-8")


def qr_side(text, scale):
    holds = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666]  # level M
    version = next(number for number, most in enumerate(holds, 1) if len(text.encode()) <= most)
    return (17 + 4 * version) * scale


def code128_text(data):
    """Of ^BC field data: `>:` begins subset B, `>0` is a >."""
    assert data.startswith(">:"), data
    assert not re.search(r">[^0]", data[2:]), data
    return data[2:].replace(">0", ">")


class Label:
    """One ^XA ... ^XZ, as a printer goes through it."""

    def __init__(self, text):
        self.width = self.height = self.module = 0
        self.fields, self.commands, self.at, self.waits = [], [], (0, 0), None
        self.escaped = self.utf8 = self.reversed = self.endless = False
        for name, rest in re.findall(r"\^([A-Z][A-Z0-9])([^^]*)", text):
            self.commands.append(name)
            getattr(self, name, self.unknown(name))(rest.rstrip("\n"))

    @staticmethod
    def unknown(name):
        def raises(_):
            raise ValueError(f"^{name} is no command that the labels use")
        return raises

    def XA(self, rest):
        assert not rest, rest

    XZ = XA

    def CI(self, rest):
        self.utf8 = rest == "28"

    def PW(self, rest):
        self.width = int(rest)

    def LL(self, rest):
        self.height = int(rest)

    def LH(self, rest):
        assert rest == "0,0"

    def MN(self, rest):
        self.endless = rest == "N"

    def LR(self, rest):
        self.reversed = rest == "Y"

    def PQ(self, rest):
        assert rest == "1"

    def FO(self, rest):
        assert self.waits is None, "a field begins within a field"
        self.at = tuple(map(int, rest.split(",")))
        self.escaped = False

    def BY(self, rest):
        self.module = int(rest)

    def A0(self, rest):
        size, same = map(int, rest.removeprefix("N,").split(","))
        assert size == same
        self.waits = ("text", size, None)

    def FB(self, rest):
        width, lines, space, justify = rest.split(",")
        assert (lines, space, justify) == ("1", "0", "C")
        self.waits = ("text", self.waits[1], int(width))

    def BQ(self, rest):
        assert rest.startswith("N,2,")
        self.waits = ("qr", int(rest[4:]), None)

    def BC(self, rest):
        height, *options = rest.removeprefix("N,").split(",")
        assert options == ["N", "N", "N", "N"]
        self.waits = ("bars", int(height), None)

    def GB(self, rest):
        width, height, thick = map(int, rest.split(","))
        kind = "line" if height == thick == 2 else "box" if thick == height else "frame"
        self.fields.append(Field(kind, *self.at, width, height))

    def FH(self, rest):
        assert not rest
        self.escaped = True

    def FD(self, rest):
        assert self.escaped and self.waits, "data that is not escaped, or of no field"
        data, (kind, size, block) = unescaped(rest), self.waits
        x, y = self.at
        if kind == "text":
            width = sum(0.8 if letter in "MW@%mw" else 0.3 if letter in "ijlI.,:;'|!() " else 0.5 for letter in data) * size
            if block:
                assert width <= block, f"{data!r} is wider than its block"
                x += (block - width) / 2
            self.fields.append(Field("text", x, y, width, size, data))
        elif kind == "qr":
            assert data.startswith("MA,"), data
            side = qr_side(data[3:], size)
            self.fields.append(Field("qr", x, y, side, side + QR_SHIFT, data[3:]))
        else:
            text = code128_text(data)
            self.fields.append(Field("bars", x, y, (11 * (len(text) + 2) + 13) * self.module, size, text))
        self.waits = None

    def FS(self, rest):
        assert not rest, f"after a field stands {rest!r}"

    def of(self, *kinds):
        return [field for field in self.fields if field.kind in kinds]


def labels_in(judge, path):
    with open(path, "rb") as file:
        content = file.read()
    judge.holds(all(byte == 10 or 32 <= byte < 127 for byte in content), f"{path} is not plain ASCII")
    text = content.decode("ascii", "replace")
    judge.holds("~" not in text, f"{path} has a ~, which is a command at once")
    parts = text.split("^XZ\n")
    judge.holds(parts[-1] == "" and all(part.startswith("^XA\n^CI28^PW") for part in parts[:-1]),
                f"{path} has something between labels")
    found = []
    for number, part in enumerate(parts[:-1], 1):
        try:
            found.append(Label(part + "^XZ"))
        except (AssertionError, ValueError, UnicodeDecodeError, StopIteration) as error:
            judge.holds(False, f"{path}: label {number}: {error!r}")
    return found


# ---- checks ----

def check_places(judge, name, number, label):
    for field in label.fields:
        judge.holds(field.x >= 8 and field.y >= 8 and field.x + field.width <= label.width - 8 and
                    field.y + field.height <= label.height - 8, f"{name}: label {number}: {field} is not inside")
    solid = label.of("text", "qr", "bars", "line")
    for at, one in enumerate(solid):
        for other in solid[at + 1:]:
            judge.holds(not one.over(other), f"{name}: label {number}: {one} is upon {other}")
    for bars in label.of("bars"):  # what a reader needs left and right
        quiet = bars.x >= 10 * label.module and label.width - bars.x - bars.width >= 10 * label.module
        judge.holds(quiet and label.module >= 2, f"{name}: label {number}: {bars} has no quiet zone")


def check_like_pdf(judge, name, labels, pdf, scratch):
    pages = pdf_text(pdf).split("\f")[:-1]
    sizes = page_sizes(pdf)
    judge.holds(len(pages) == len(labels), f"{name}: {len(labels)} labels, {len(pages)} pages in the PDF")
    for number, (label, page, size) in enumerate(zip(labels, pages, sizes), 1):
        judge.holds(abs(label.width - size[0] / 72 * DOTS) < 2, f"{name}: label {number} is {label.width} dots wide")
        judge.holds(label.endless or abs(label.height - size[1] / 72 * DOTS) < 2,
                    f"{name}: label {number} is {label.height} dots high")
        said = squeezed(page.replace("→", ">").replace("−", "-"))
        for field in label.of("text"):
            data = squeezed(field.data.removesuffix("..."))
            known = data in said or data[:12] in said or any(f";{data};" in f"{code.data};" for code in label.of("qr"))
            judge.holds(known, f"{name}: label {number}: the PDF does not say {field.data!r}")
        words = set(re.findall(r"\w+", " ".join(field.data for field in label.of("text"))))
        cut = any(field.data.endswith("...") or "and" in words for field in label.of("text"))
        missing = [word for word in re.findall(r"\w+", page) if word not in words and not any(word in one for one in words)]
        judge.holds(cut or not missing, f"{name}: label {number} lacks {missing}")
    for number in (1, len(labels)):
        if number <= len(pages):
            read = {text for kind, text in codes_of(pdf, [number], scratch) if kind == "QR-Code"}
            judge.holds({field.data for field in labels[number - 1].of("qr")} == read,
                        f"{name}: label {number} has other codes than the PDF: {read}")


def check_units(judge, name, labels, spec):
    fingerprint = spec.all["fingerprint"][:16]
    codes = [field.data for label in labels for field in label.of("qr")]
    for sku in spec.skus:
        judge.holds(any(code.startswith(spec.number + ";") and code.endswith(f";{sku};{fingerprint}") for code in codes),
                    f"{name}: no QR code of {sku}")
        bars = [field.data for label in labels for field in label.of("bars")]
        judge.holds(sku in bars or len(sku) > 17 or not sku.isascii(), f"{name}: no bars of {sku}")


def check_product(judge, folder, scratch):
    spec = Spec(os.path.join(folder, "spec.json"))
    for name in ("labels_62mm", "labels_4x6"):
        labels = labels_in(judge, os.path.join(folder, name + ".zpl"))
        for number, label in enumerate(labels, 1):
            judge.holds(label.utf8 and label.of("qr"), f"{name}: label {number} has no QR code")
            judge.holds(label.endless == (name == "labels_62mm"), f"{name}: label {number} is on the wrong medium")
            check_places(judge, name, number, label)
        check_like_pdf(judge, name, labels, os.path.join(folder, name + ".pdf"), scratch)
        check_units(judge, name, labels, spec)


def check_odd(judge, folder):
    labels = labels_in(judge, os.path.join(folder, "labels_4x6.zpl"))
    said = [" ".join(field.data for field in label.of("text")) for label in labels]
    for wanted in ODD_TITLES:
        judge.holds(any(squeezed(wanted) in squeezed(text) for text in said), f"nothing says {wanted!r}: {said}")
    judge.holds(any(field.data == "O^1~>_-rot" for label in labels for field in label.of("bars")), "no bars of O^1~>_-rot")
    judge.holds(any(field.data.startswith("O^1~>_;A;O^1~>_-rot;") for label in labels for field in label.of("qr")),
                "no QR code of O^1~>_-rot")
    judge.holds(any(label.of("box") for label in labels), "no band is black")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flowc", required=True)
    flowc = os.path.abspath(parser.parse_args().flowc)
    judge = Judge()
    with tempfile.TemporaryDirectory(prefix="flow-zpl-") as scratch:
        odd = os.path.join(scratch, "odd")
        os.mkdir(odd)
        with open(os.path.join(odd, "odd.flow"), "w", encoding="utf-8") as file:
            file.write(ODD)
        for number, (folder, path) in enumerate([*product_specs(), (odd, "odd.flow")]):
            inside, name = os.path.split(os.path.join(folder, path))
            out = os.path.join(scratch, str(number))
            build(flowc, inside, name, out, {}, "--only", "labels,spec")
            for product in sorted(os.listdir(out)):
                judge.about = f"{path}, {product}"
                check_product(judge, os.path.join(out, product), scratch)
                if folder == odd:
                    check_odd(judge, os.path.join(out, product))
                print(f"{judge.about}: {judge.passed} passed, {judge.failed} failed so far", flush=True)
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed else 0


if __name__ == "__main__":
    sys.exit(main())
