#!/usr/bin/env python3
"""The documents of every example and contract spec: the same bytes from another folder at another time, sound PDFs without
an empty page, everything in them that the bench and the customer need, nothing in a packet that stays in the shop.

What a document must say is taken from spec.json, what must stay inside from docs/spec.schema.json (x-audience).
Codes are read back from rendered pages by zbarimg. Prints what is wrong, and ends with `N passed, M failed`.
"""
import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree
import zipfile
from fractions import Fraction

from shops import TOP, product_specs
A4, LETTER = (595.28, 841.89), (612.0, 792.0)
NUMBER = re.compile(r"(?<![\w.,#/-])(\d[\d,]*(?:\.\d+)?)(?![\d.]*\d)\s?(%|[A-Z]{3}\b(?:/[A-Za-z^0-9]+)?)?")
MODELS = (".stl", ".3mf", ".obj", ".step", ".stp", ".gcode", ".scad", ".ini")  # geometry and settings: no text of ours


class Judge:
    """Counts what holds; says what does not."""

    def __init__(self):
        self.passed = self.failed = 0
        self.about = ""

    def holds(self, condition, message):
        self.passed += bool(condition)
        self.failed += not condition
        if not condition:
            print(f"{self.about}: {message}", flush=True)


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, **more)


def files_of(folder):
    """{relative path: bytes}"""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


# ---- building ----

def build(flowc, folder, name, out, environment, *more):
    done = subprocess.run([flowc, "build", name, "-o", out, *more], cwd=folder, env={**os.environ, **environment},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"check_documents: flowc build {name} ends with {done.returncode}:\n{done.stderr}")


def build_all(flowc, scratch):
    """Each spec where it stands and, later, as a copy elsewhere; [(name, first folder, second folder)]."""
    specs = list(product_specs())
    first = {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    second = {"TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1000000000",
              "HOME": os.path.join(scratch, "home")}
    for number, (tree, path) in enumerate(specs):
        folder, name = os.path.split(os.path.join(tree, path))
        build(flowc, folder, name, os.path.join(scratch, "first", str(number)), first)
    time.sleep(2.1)  # a zip file counts time in steps of two seconds
    for number, (tree, path) in enumerate(specs):
        copy = os.path.join(scratch, "a copy, elsewhere", os.path.basename(tree))
        if not os.path.isdir(copy):
            shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("cases"))
        build(flowc, copy, path, os.path.join(scratch, "second", str(number)), second)
    return [(path, os.path.join(scratch, "first", str(number)), os.path.join(scratch, "second", str(number)))
            for number, (_, path) in enumerate(specs)]


# ---- reading documents ----

def pdf_text(path):
    """In the order it was drawn, so that a cell's lines stay together."""
    return run("pdftotext", "-raw", "-enc", "UTF-8", path, "-").stdout.decode("utf-8")


def squeezed(text):
    """Without white space: a line may break anywhere."""
    return re.sub(r"\s+", "", text)


def page_sizes(path):
    out = run("pdfinfo", "-f", "1", "-l", "9999", path).stdout.decode()
    return [(float(a), float(b)) for a, b in re.findall(r"size:\s+([\d.]+) x ([\d.]+)", out)]


def codes_of(path, pages, scratch, dots=300):
    """What zbarimg reads on the pages: {(kind, text)}."""
    found = set()
    for page in pages:
        picture = os.path.join(scratch, "page")
        run("pdftoppm", "-r", str(dots), "-gray", "-png", "-f", str(page), "-l", str(page), "-singlefile", path, picture)
        out = run("zbarimg", "-q", "--nodbus", picture + ".png").stdout.decode("utf-8")
        found |= {tuple(line.split(":", 1)) for line in out.splitlines()}
    return found


def pages_with(path, texts):
    pages = pdf_text(path).split("\f")
    return [number for number, page in enumerate(pages, 1) if any(squeezed(text) in squeezed(page) for text in texts)]


# ---- what the spec says ----

def texts_in(value):
    """The texts of a value of spec.json, each case of a choice."""
    if isinstance(value, dict):
        if "text" in value:
            return [value["text"]] if isinstance(value["text"], str) else texts_in(value["text"])
        return [text for case in value.get("cases", {}).values() for text in texts_in(case)]
    return [text for item in value for text in texts_in(item)] if isinstance(value, list) else []


def sizes_in(value):
    return [size for case in value["cases"].values() for size in sizes_in(case)] if "cases" in value else [value]


def references_in(value):
    if isinstance(value, dict):
        if "reference" in value:
            yield value["reference"]
        for item in value.values():
            yield from references_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from references_in(item)


class Spec:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.all = json.load(file)
        self.named = {(one["kind"], one["name"]): one for one in self.all["declarations"]}
        self.skus = [one["sku"] for one in self.all["skus"]]
        fields = self.named["product", self.all["product"]]["fields"]
        self.number = texts_in(fields["number"])[0]
        self.parts = [self.named["part", name] for name in references_in(fields["contains"]) if ("part", name) in self.named]

    def lines(self):
        """The `do` lines of the steps and of the standards they use."""
        for step in self.all["steps"]:
            yield from step["fields"].get("do", ())
            for name in references_in(step["fields"].get("using", [])):
                yield from self.named["standard", name]["fields"].get("do", ())

    def cautions(self):
        return [text for line in self.lines() for text in texts_in(line.get("caution", []))]

    def titles(self):
        return [text for step in self.all["steps"] for text in texts_in(step.get("title", {}))]

    def dimension(self, part, name):
        rows = self.named["part", part]["fields"]["dimension"]
        return next(row for row in rows if row["name"]["word"] == name)

    def checks(self):
        """(texts that must stand there, sizes whose limits must) of each check."""
        for step in self.all["steps"]:
            for check in step["fields"].get("check", ()):
                if check["form"] == "dimension":
                    name = check["name"]
                    yield [name["member"]], sizes_in(self.dimension(name["reference"], name["member"])["size"])
                elif check["form"] == "none of":
                    defects = [self.named["defect", name] for name in references_in(check["defects"])]
                    yield [text for one in defects for text in texts_in(one.get("title", {})) +
                           texts_in(one["fields"].get("says", {}))], []
                else:
                    yield texts_in(check["text"]), []


def limits_of(size):
    return [(Fraction(size[limit]["value"]), size[limit].get("unit")) for limit in ("lower", "upper") if limit in size]


def quantities_in(text):
    return {(Fraction(number), unit) for number, unit in re.findall(r"(\d+(?:\.\d+)?)\s?([a-zA-Z]+)?", text)}


# ---- what stays inside ----

def internal_fields():
    """{kind: names of its internal fields}, of steps too."""
    with open(os.path.join(TOP, "docs", "spec.schema.json"), encoding="utf-8") as file:
        definitions = json.load(file)["$defs"]
    found = {}
    for name, definition in definitions.items():
        kind = re.match(r"(?:kind|step)_(\w+)$", name)
        fields = definition.get("properties", {}).get("fields", {}).get("properties", {})
        if kind:
            found[kind[1]] = {field for field, about in fields.items() if about.get("x-audience") == "internal"}
    assert sum(map(len, found.values())) > 10, "the schema marks no internal fields any more"
    return found


def figures_in(value):
    """(number, unit) of the quantities of a value, and of the figures in its texts."""
    if isinstance(value, dict):
        if "value" in value and re.fullmatch(r"-?\d+(\.\d+)?", str(value["value"])):
            yield Fraction(value["value"]), value.get("unit", "")
        for key, item in value.items():
            if key != "line":
                yield from figures_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from figures_in(item)
    elif isinstance(value, str):
        for number, unit in NUMBER.findall(value):
            yield Fraction(number.replace(",", "")), unit


def split_figures(spec):
    """The spec's figures: those of internal fields, and those of all others."""
    inside, outside = set(), set()
    fields = internal_fields()
    for one in spec.all["declarations"] + spec.all["steps"]:
        for name, value in one["fields"].items():
            (inside if name in fields.get(one["kind"], ()) else outside).update(figures_in(value))
        outside.update(figures_in(texts_in(one.get("title", {}))))
    currency = spec.all["currency"]
    for cost in spec.all["costs"]:
        for name, figure in cost["per_unit"].items():
            if figure and Fraction(figure) and name != "margin":
                inside |= {(round(Fraction(figure), 2), currency), (Fraction(figure), currency)}
    return inside, outside


def leaks_in(text, inside, outside, bare=True):
    """Internal figures in a text: with their unit; or bare, with a fraction, where no public figure is the same."""
    public = {number for number, _ in outside}
    money = {number for number, unit in inside if re.match(r"[A-Z]{3}\b", unit)}
    for number, unit in NUMBER.findall(text):
        figure = Fraction(number.replace(",", ""))
        if unit and unit[:3].isalpha() and figure in money and (figure, unit) not in outside:
            yield f"{number} {unit}"
        elif unit == "%" and (figure, "%") in inside - outside:
            yield f"{number} %"
        elif bare and "." in number and figure in {one for one, _ in inside} and figure not in public:
            yield number


def texts_of_file(name, content, scratch):
    """(name, text) of what a person or a program reads in a file; archives are opened."""
    ending = os.path.splitext(name)[1].lower()
    if ending == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.namelist():
                yield from texts_of_file(f"{name}/{entry}", archive.read(entry), scratch)
    elif ending == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.namelist():
                if entry.endswith((".xml", ".rels")):
                    root = xml.etree.ElementTree.fromstring(archive.read(entry))
                    yield f"{name}/{entry}", "\n".join(one.text for one in root.iter() if one.text)
    elif ending == ".pdf":
        path = os.path.join(scratch, "file.pdf")
        with open(path, "wb") as file:
            file.write(content)
        yield name, pdf_text(path)
    elif ending not in MODELS and ending not in (".png", ".jpg"):
        yield name, content.decode("utf-8")


# ---- the checks ----

def check_same(judge, first, second):
    a, b = files_of(first), files_of(second)
    judge.holds(a and sorted(a) == sorted(b), f"other files: {sorted(set(a) ^ set(b))}")
    for path in sorted(set(a) & set(b)):
        judge.holds(a[path] == b[path], f"{path} differs from build to build")


def check_sound(judge, folder):
    for path in sorted(files_of(folder)):
        if not path.endswith(".pdf"):
            continue
        full = os.path.join(folder, path)
        done = subprocess.run(["qpdf", "--check", full], capture_output=True, text=True, check=False)
        judge.holds(done.returncode == 0, f"{path}: qpdf says {done.stdout[-300:]}")
        pages = pdf_text(full).split("\f")[:-1]
        judge.holds(len(pages) == len(page_sizes(full)), f"{path}: {len(pages)} pages of text")
        for number, page in enumerate(pages, 1):
            lines = [line for line in page.splitlines() if line.strip()]
            frame = 4 if path.rsplit("/", 1)[-1].startswith(("instructions", "forms", "packet")) else 0
            judge.holds(len(lines) > frame, f"{path}: page {number} is empty")


def says(judge, document, text, wanted):
    for one in wanted:
        judge.holds(squeezed(one) in squeezed(text), f"{document} does not say: {one}")


def check_instructions(judge, folder, spec):
    text = pdf_text(os.path.join(folder, "instructions.pdf"))
    says(judge, "instructions.pdf", text, spec.titles() + spec.cautions())
    check_checks(judge, "instructions.pdf", text, spec)


def check_checks(judge, document, text, spec):
    quantities = quantities_in(text)
    for texts, sizes in spec.checks():
        says(judge, document, text, texts)
        for limit in [limit for size in sizes for limit in limits_of(size)]:
            judge.holds(limit in quantities or (limit[0], "") in quantities and not limit[1],
                        f"{document} lacks the limit {limit}")


def check_forms(judge, folder, spec):
    text = pdf_text(os.path.join(folder, "forms.pdf"))
    says(judge, "forms.pdf", text, spec.titles())
    check_checks(judge, "forms.pdf", text, spec)
    quantities = quantities_in(text)
    for part in spec.parts:
        for row in part["fields"].get("dimension", ()):
            says(judge, "forms.pdf", text, [row["name"]["word"]] + texts_in(row.get("gauge", {})))
            for limit in [limit for size in sizes_in(row["size"]) for limit in limits_of(size)]:
                judge.holds(limit in quantities, f"forms.pdf lacks the limit {limit}")


def allowed_reasons(one):
    return [text for row in one["fields"].get("allow", ()) for text in texts_in(row["reason"])]


def check_packets(judge, folder, spec):
    """What the packet itself says, what the approval hangs on, why a rule was turned off in what it asks for."""
    for one in spec.all["declarations"]:
        if one["kind"] != "packet":
            continue
        name = f"packet_{one['packet']}.pdf" if one.get("packet") else "packet.pdf"
        text, fields = pdf_text(os.path.join(folder, name)), one["fields"]
        wanted = [spec.number, spec.all["fingerprint"][:16]]
        for field in ("quantity", "marking", "contact", "note"):
            wanted += texts_in(fields.get(field, [])) + [row["value"] for row in fields.get(field, []) if "value" in row]
        for release in (other for other in spec.all["declarations"] if other["kind"] == "release"):
            wanted += [row["word"] for row in release["fields"].get("void_on", []) if "word" in row]
        for deliver in [fields["deliver"]] if "deliver" in fields else []:
            wanted += [deliver["date"]["date"], *texts_in(deliver["place"])]
            wanted += [f"{deliver['incoterm']['word']} {texts_in(deliver['place'])[0]}, Incoterms 2020"] \
                if "incoterm" in deliver else []
        asked = set(references_in(fields.get("of", [])))
        for part in spec.parts:
            if not asked or part["name"] in asked:
                wanted += texts_in(part.get("title", {})) + allowed_reasons(part)
        says(judge, name, text, wanted)
        for heading in ("Your prices", "Revision and approval", "Acceptance", "Files in this packet"):
            says(judge, name, text, [heading])


def check_labels(judge, folder, spec, scratch):
    sheet = os.path.join(folder, "labels.pdf")
    for name in ("labels.pdf", "labels_62mm.pdf", "labels_4x6.pdf"):
        says(judge, name, pdf_text(os.path.join(folder, name)), spec.skus + [spec.number])
    codes = codes_of(sheet, pages_with(sheet, spec.skus), scratch)
    expected = {text for kind, text in codes if kind == "QR-Code"}
    fingerprint = spec.all["fingerprint"][:16]
    for sku in spec.skus:
        judge.holds(any(text.split(";")[0] == spec.number and text.split(";")[2:] == [sku, fingerprint]
                        for text in expected), f"labels.pdf: no QR code of {sku} is read")
        if len(sku) <= 24 and sku.isascii():
            judge.holds(("CODE-128", sku) in codes, f"labels.pdf: no Code 128 of {sku} is read")
    for name in ("labels_62mm.pdf", "labels_4x6.pdf"):
        codes = codes_of(os.path.join(folder, name), [1], scratch)
        judge.holds(any(kind == "QR-Code" and f";{spec.skus[0]};" in text for kind, text in codes),
                    f"{name}: the first QR code is not read")
    last = len(page_sizes(sheet))  # lots or parcels
    judge.holds(any(kind == "QR-Code" for kind, _ in codes_of(sheet, [last], scratch)),
                "labels.pdf: no code on the last page is read")


def check_inside(judge, folder, spec, scratch):
    """Packets, labels and forms leave the shop or may be seen by who does not belong to it."""
    inside, outside = split_figures(spec)
    for path, content in sorted(files_of(folder).items()):
        name = path.replace(os.sep, "/")
        if not re.match(r"(packet|first_article|labels|forms)", name):
            continue
        for where, text in texts_of_file(name, content, scratch):
            own = "/files/" in where  # a drawing is full of figures of its own; with a currency they count
            found = sorted(set(leaks_in(text, inside, outside, bare=not own)))
            judge.holds(not found, f"{where} holds internal figures: {found}")
    with open(os.path.join(folder, "workbook.xlsx"), "rb") as file:  # which is full of them: the check can find some
        texts = texts_of_file("workbook.xlsx", file.read(), scratch)
        judge.holds(any(found for _, text in texts for found in leaks_in(text, inside, outside)),
                    "the search finds no internal figure even in the workbook")


def models_in(archive, flowc, scratch):
    """{name: [length, width, height] as a drawing says them}"""
    found = {}
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            if not name.endswith(".stl"):
                continue
            path = os.path.join(scratch, "model.stl")
            with open(path, "wb") as file:
                file.write(files.read(name))
            facts = json.loads(run(flowc, "mesh", "--no-cache", "--format", "json", path).stdout)["meshes"][0]
            sides = [high - low for low, high in zip(facts["low_mm"], facts["high_mm"])]
            found[os.path.basename(name)] = [f"{side:.2f}".rstrip("0").rstrip(".") for side in sides]
    return found


def check_pictures(judge, flowc, folder, spec, scratch):
    """Each model that goes along in four views with its overall dimensions; the parts in the instructions."""
    for name in sorted(os.listdir(folder)):
        if not re.fullmatch(r"packet.*[.]zip", name):
            continue
        document = name.replace(".zip", ".pdf")
        path = os.path.join(folder, document)
        models, words = models_in(os.path.join(folder, name), flowc, scratch), set(pdf_text(path).split())
        for model, sides in models.items():
            judge.holds(f"{model}," in words, f"{document} has no drawing of {model}")
            for side in sides:
                judge.holds(side in words, f"{document} does not say that {model} is {side} mm")
        images = run("pdfimages", "-list", path).stdout.decode().splitlines()[2:]
        judge.holds(len(images) >= 4 * len(models), f"{document} has {len(images)} images of {len(models)} models")
    with open(os.path.join(folder, "instructions.html"), encoding="utf-8") as file:
        shown = set(re.findall(r'id="(picture-\d+)"', text := file.read()))
    levels = [0] + [int(level) for level in re.findall(r"<h(\d)", text)]
    for above, level in zip(levels, levels[1:]):
        judge.holds(level <= above + 1, f"instructions.html: a heading h{level} below an h{above}")
    again = set(re.findall(r'href="#(picture-\d+)"', text))
    modeled = [part for part in spec.parts if "model" in part["fields"]]
    judge.holds(len(shown) >= len(modeled), f"instructions.html shows {len(shown)} of {len(modeled)} parts")
    judge.holds(again <= shown, f"instructions.html shows {again - shown} without having them")
    images = run("pdfimages", "-list", os.path.join(folder, "instructions.pdf")).stdout.decode().splitlines()[2:]
    judge.holds(len(images) >= len(shown), f"instructions.pdf has {len(images)} images of {len(shown)} pictures")


def check_paper(judge, flowc, folder, name, scratch):
    for paper, (width, height) in (("a4", A4), ("letter", LETTER)):
        out = os.path.join(scratch, paper)
        build(flowc, folder, name, out, {}, "--paper", paper, "--only", "instructions,packet,labels,forms")
        for path in sorted(files_of(out)):
            if not path.endswith(".pdf") or "/files/" in path or "labels_" in path:
                continue
            sizes = page_sizes(os.path.join(out, path))
            judge.holds(sizes and all(abs(w - width) < 0.1 and abs(h - height) < 0.1 for w, h in sizes),
                        f"--paper {paper}: {path} has pages of {sorted(set(sizes))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flowc", required=True)
    flowc = os.path.abspath(parser.parse_args().flowc)
    judge = Judge()
    with tempfile.TemporaryDirectory(prefix="flow-documents-") as scratch:
        for name, first, second in build_all(flowc, scratch):
            judge.about = name
            check_same(judge, first, second)
            for product in sorted(os.listdir(first)):
                folder = os.path.join(first, product)
                judge.about = f"{name}, {product}"
                spec = Spec(os.path.join(folder, "spec.json"))
                check_sound(judge, folder)
                check_instructions(judge, folder, spec)
                check_labels(judge, folder, spec, scratch)
                check_forms(judge, folder, spec)
                check_packets(judge, folder, spec)
                check_inside(judge, folder, spec, scratch)
                check_pictures(judge, flowc, folder, spec, scratch)
            print(f"{name}: {judge.passed} passed, {judge.failed} failed so far", flush=True)
        judge.about = "desk-hook"
        check_paper(judge, flowc, os.path.join(TOP, "tests", "contract", "desk-hook"), "desk_hook.flow", scratch)
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed else 0


if __name__ == "__main__":
    sys.exit(main())
