#!/usr/bin/env python3
"""Every figure of every workbook, recalculated by LibreOffice.

Builds the workbook of each product in the specs given (all examples, the contract's three and tests/workbook without), lets LibreOffice
recalculate it, and holds three things:
- every formula's recalculated value is the value that was stored beside it;
- each SKU and quantity of Price breaks is what `flowc cost` says, to the cent, and every kind of cost to the fourth digit;
- changed inputs (rates, yields, prices, batch sizes and more, at least four kinds of them) do what the same change in
  the spec does, and Sensitivity is in order before and after.
Prints a line for each product, and ends with `N passed, M failed`.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

from shops import TOP, product_specs
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
SHEETS = ["Inputs", "Bench time and labor", "Shipping and packaging", "Order scorecard", "Price breaks", "Batch size",
          "Sensitivity"]
CLOSE = 1e-9  # of what was stored: both are reckoned in binary fractions
EDITS_AT_MOST = 20
KINDS_AT_LEAST = 4
SHOWN_QUANTITY = "C4"  # on Inputs


class Book:
    """The cells of a workbook: values by sheet and place, and which of them are formulas."""

    def __init__(self, path):
        self.sheets, self.formulas = {}, {}
        with zipfile.ZipFile(path) as archive:
            texts = self.shared_texts(archive)
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            targets = {r.get("Id"): r.get("Target") for r in relations}
            self.parts = {}
            self.names = {name.get("name"): name.text for name in book.iter(MAIN + "definedName")}
            for sheet in book.iter(MAIN + "sheet"):
                part = "xl/" + targets[sheet.get(RELATION + "id")].removeprefix("/xl/")
                self.parts[sheet.get("name")] = part
                self.read_sheet(sheet.get("name"), ElementTree.fromstring(archive.read(part)), texts)

    @staticmethod
    def shared_texts(archive):
        if "xl/sharedStrings.xml" not in archive.namelist():
            return []
        root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        return ["".join(t.text or "" for t in item.iter(MAIN + "t")) for item in root.iter(MAIN + "si")]

    def read_sheet(self, name, root, texts):
        cells, formulas = {}, set()
        for cell in root.iter(MAIN + "c"):
            place, value = cell.get("r"), cell.find(MAIN + "v")
            text = value.text or "" if value is not None else ""
            kind = cell.get("t", "n")
            if cell.find(MAIN + "f") is not None:
                formulas.add(place)
            if kind == "s":
                cells[place] = texts[int(text)]
            elif kind == "n":
                cells[place] = float(text) if text else ""
            else:
                cells[place] = text
        self.sheets[name], self.formulas[name] = cells, formulas

    def named(self, name):
        sheet, _, place = self.names[name].rpartition("!")
        return self.sheets[sheet.strip("'")][place.replace("$", "")]

    def rows(self, name, head_row):
        """The rows under a line of heads, each as {head: value}, as far as the first column is filled."""
        cells = self.sheets[name]
        heads = {re.match("[A-Z]+", place)[0]: value for place, value in cells.items()
                 if re.fullmatch(f"[A-Z]+{head_row}", place)}
        row = head_row + 1
        while cells.get(f"A{row}", "") != "":
            yield row, {head: cells.get(f"{column}{row}", "") for column, head in heads.items()}
            row += 1


class Office:
    """LibreOffice, with a profile of its own that recalculates what it opens."""

    def __init__(self, folder):
        self.folder = folder
        user = os.path.join(folder, "profile", "user")
        os.makedirs(user)
        with open(os.path.join(user, "registrymodifications.xcu"), "w", encoding="utf-8") as file:
            file.write(PROFILE)

    def recalculate(self, paths):
        """The recalculated copies, in the order of the paths."""
        out = tempfile.mkdtemp(dir=self.folder)
        inputs = []
        for number, path in enumerate(paths):
            inputs.append(os.path.join(out, f"in{number}.xlsx"))
            shutil.copy(path, inputs[-1])
        subprocess.run(["soffice", f"-env:UserInstallation=file://{self.folder}/profile", "--headless",
                        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out + "/done", *inputs],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
        return [os.path.join(out, "done", f"in{number}.xlsx") for number in range(len(paths))]


def near(a, b, tolerance):
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def stored_wrong(before, after):
    """Formulas whose stored value is not what LibreOffice reckons."""
    for sheet, formulas in before.formulas.items():
        for place in sorted(formulas):
            old = before.sheets[sheet].get(place, "")
            new = after.sheets[sheet].get(place, "")
            if isinstance(old, float) and isinstance(new, float):
                if not near(old, new, CLOSE):
                    yield f"{sheet} {place}: {old!r} is stored, {new!r} is reckoned"
            elif old != new:
                yield f"{sheet} {place}: {old!r} is stored, {new!r} is reckoned"


def cost_of(flowc, path, product, sku, quantity):
    done = subprocess.run([flowc, "cost", path, "--quantity", str(quantity), "--product", product, "--sku", sku,
                           "--format", "json"], capture_output=True, text=True)
    if done.returncode not in (0, 1) or not done.stdout:  # a changed spec may sell at a loss: its figures are said all the same
        raise RuntimeError(f"flowc cost ends with {done.returncode}: {done.stderr.strip()[:500]}")
    costs = json.loads(done.stdout)["costs"]
    assert len(costs) == 1, (sku, len(costs))
    return costs[0]


def differs(name, cell, figure, tolerance):
    """A message where a cell is not the figure; null in the figures is an empty cell."""
    if figure is None:
        return None if cell == "" else f"{name} is {cell!r}, but nothing is sold"
    if not isinstance(cell, float):
        return f"{name} is {cell!r}, not {figure}"
    if abs(Decimal(repr(cell)) - Decimal(figure)) > Decimal(tolerance):
        return f"{name} is {cell!r}, not {figure}"
    return None


def figures_wrong(flowc, path, product, book):
    """Rows of Price breaks that are not what `flowc cost` says."""
    count = 0
    for row, cells in book.rows("Price breaks", 4):
        if not isinstance(cells["quantity"], float):
            break
        count += 1
        cost = cost_of(flowc, path, product, cells["SKU"], int(cells["quantity"]))
        unit = cost["per_unit"]
        pairs = [(kind, cells[kind], unit[kind], "0.000001") for kind in
                 ("labour", "machine", "energy", "material", "items", "outside", "shipping", "once", "overhead", "fees")]
        pairs += [("unit cost", cells["unit cost"], unit["unit_cost"], "0.000001"),
                  ("price", cells["price"], unit["price"], "0.000001"),
                  ("margin", cells["margin"], unit["margin"], "0.000001"),
                  ("total", cells["cost of the quantity"], cost["total"], "0.005")]
        for pair in pairs:
            message = differs(*pair)
            if message:
                yield f"Price breaks row {row}, {cells['SKU']} x {int(cells['quantity'])}: {message}"
    if count == 0:
        yield "Price breaks has no row"


# ---- changed inputs ----

# Counts that say what the product is and when a price holds: one more of them is another product.
WHAT_IT_IS = {"contains", "spare", "consumes", "break at"}
# What an owner tries first; each is changed in every workbook that has it in a line of its own.
TRIED_FIRST = ["rate", "yield", "price from", "largest batch"]
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


def kind_of(what):
    """`print time` of `print time, size small`, `price from` of `price from 10`."""
    return re.sub(r"[,\d].*", "", what).strip()


def possible_edits(book, folder, main):
    """(cells, what, new value, file, line number, new line) for inputs that are the one number of a line of the spec."""
    seen, cells_of = set(), {}
    for row, cells in book.rows("Inputs", 8):  # what `like` took along stands on Inputs for each that has it
        cells_of.setdefault((cells["from"], cells["what"], cells["value"]), []).append(f"C{row}")
    for row, cells in book.rows("Inputs", 8):
        source, _, line = str(cells["from"]).rpartition(":")
        path = os.path.normpath(os.path.join(folder, os.path.dirname(main), source))
        if not source or not isinstance(cells["value"], float) or not os.path.isfile(path):
            continue
        if not path.startswith(folder + os.sep):
            raise RuntimeError(f"{source} is outside of the copy that is changed")
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        text = lines[int(line) - 1]
        code = re.sub(r'"[^"]*"', lambda m: "?" * len(m[0]), text.split("#")[0])
        percent = "%" in code and cells["unit"] == ""
        count = not percent and cells["unit"] == ""
        if count and kind_of(cells["what"]) in WHAT_IT_IS:
            continue
        wanted = Decimal(repr(cells["value"])) * (100 if percent else 1)
        found = [m for m in NUMBER.finditer(code) if Decimal(m[0]) == wanted]
        if len(found) != 1 or (path, line) in seen or path.endswith(".yaml"):
            continue
        seen.add((path, line))
        if count:
            changed = wanted + 1
        else:
            changed = wanted - 1 if percent else (wanted * Decimal("1.5")).normalize()
        value = changed / 100 if percent else changed
        if percent and changed <= 0:
            continue
        yield (cells_of[cells["from"], cells["what"], cells["value"]], cells["what"], float(value), path, int(line),
               text[:found[0].start()] + format(changed, "f") + text[found[0].end():])


def spread(edits):
    """Some of each kind of input, not the first dozen."""
    by_what = {what: [] for what in TRIED_FIRST}
    for edit in edits:
        by_what.setdefault(kind_of(edit[1]), []).append(edit)
    by_what = {what: some for what, some in by_what.items() if some}
    chosen = []
    while by_what and len(chosen) < EDITS_AT_MOST:
        for what in list(by_what):
            chosen.append(by_what[what].pop(0))
            if not by_what[what]:
                del by_what[what]
    return chosen[:EDITS_AT_MOST]


def order_wrong(book):
    """Lines of Sensitivity out of order, or a line that is there twice."""
    effects, lines = [], []
    for _, cells in book.rows("Sensitivity", 6):
        effects.append(max(abs(cells["left of one changes, lower"]), abs(cells["left of one changes, higher"])))
        lines.append(cells["line of What if"])
    if len(effects) < KINDS_AT_LEAST:
        yield f"Sensitivity has {len(effects)} lines"
    if sorted(set(lines)) != sorted(lines):
        yield "Sensitivity has an input twice"
    for number, (before, after) in enumerate(zip(effects, effects[1:]), 1):
        if after > before + 2e-6:  # effects are put in order by six digits
            yield f"Sensitivity: line {number + 1} does more than line {number}"


def known_left_out(book):
    """Sensitivity without what no line of the spec says: a slicer's figure, an estimate."""
    tried = [cells["input"] for _, cells in book.rows("Sensitivity", 6)]
    for by in (", G-code", ", estimate"):
        if any(str(cells["what"]).endswith(by) for _, cells in book.rows("Inputs", 8)):
            if not any(str(title).endswith(by) for title in tried):
                yield f"Sensitivity has nothing of{by[1:]}"


def shown_wrong(book, quantity):
    """Whether what shows one run shows the first SKU at the quantity chosen on Inputs."""
    wanted = next(cells for _, cells in book.rows("Price breaks", 4) if cells["quantity"] == quantity)
    _, base = next(book.rows("What if", 4))
    for where, cost in (("What if", base["unit cost"]), ("Order scorecard", book.named("shown_unit_cost"))):
        if not isinstance(cost, float) or not near(cost, wanted["unit cost"], CLOSE):
            yield f"{where} shows a unit cost of {cost!r} at {quantity}, not {wanted['unit cost']!r}"


def edits_wrong(book, edits):
    """Whether what an owner tries first was tried."""
    kinds = {kind_of(edit[1]) for edit in edits}
    if len(kinds) < KINDS_AT_LEAST:
        yield f"only {', '.join(sorted(kinds))} could be changed: the test proves too little"
    for what in ("rate", "price from"):
        if what not in kinds and any(kind_of(cells["what"]) == what for _, cells in book.rows("Inputs", 8)):
            yield f"no {what} was changed"


def write_changed(book, path, edits, out):
    part = book.parts["Inputs"]
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            data = source.read(item.filename)
            if item.filename == part:
                text = data.decode()
                for cell, value in ((cell, edit[2]) for edit in edits for cell in edit[0]):
                    text, times = re.subn(rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)',
                                          lambda m, v=value: f"{m[1]}{v!r}{m[2]}", text)
                    assert times == 1, cell
                data = text.encode()
            target.writestr(item, data)


def change_spec(edits):
    for _, _, _, path, line, text in edits:
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        lines[line - 1] = text
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))


# ---- all of it ----

def build(flowc, path, out):
    done = subprocess.run([flowc, "build", path, "-o", out, "--only", "workbook"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"flowc build ends with {done.returncode}: {done.stderr.strip()[:500]}")
    return [line for line in done.stdout.splitlines() if line.endswith(".xlsx")]


def check_product(flowc, office, path, workbook, scratch):
    product = os.path.basename(os.path.dirname(workbook))
    before = Book(workbook)
    missing = [name for name in SHEETS if name not in before.sheets]
    if missing:
        return [f"there is no sheet {missing[0]}"], 0, []
    after = Book(office.recalculate([workbook])[0])
    wrong = list(stored_wrong(before, after))
    wrong += figures_wrong(flowc, path, product, after)
    formulas = sum(len(places) for places in before.formulas.values())

    root = os.path.dirname(os.path.dirname(os.path.abspath(path)))
    copy = os.path.join(os.path.realpath(scratch), product + "-changed")
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("build", ".git"))
    main = os.path.relpath(os.path.abspath(path), root)
    edits = spread(possible_edits(before, copy, main))
    changed = os.path.join(scratch, product + "-changed.xlsx")
    first = next(before.rows("Price breaks", 4))[1]["SKU"]
    largest = max(cells["quantity"] for _, cells in before.rows("Price breaks", 4) if cells["SKU"] == first)
    write_changed(before, workbook, edits + [([SHOWN_QUANTITY], "shown quantity", largest)], changed)
    change_spec(edits)
    again = Book(office.recalculate([changed])[0])
    said = [f"after changing {', '.join(e[1] for e in edits)}: {m}"
            for m in figures_wrong(flowc, os.path.join(copy, main), product, again)]
    said += shown_wrong(again, largest)
    said += edits_wrong(before, edits)
    wrong += order_wrong(after)
    wrong += known_left_out(after)
    said += order_wrong(again)
    if again.sheets["Price breaks"] == after.sheets["Price breaks"]:
        said.append("changed inputs change nothing")
    return wrong + said, formulas, edits


def default_specs():
    return [os.path.join(TOP, "tests/workbook", name) for name in ("edges.flow", "known.flow")] + [os.path.join(*where) for where in product_specs()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flowc", default=os.path.join(TOP, "build/release/flowc"))
    parser.add_argument("specs", nargs="*")
    arguments = parser.parse_args()
    flowc = os.path.abspath(arguments.flowc)
    os.environ.setdefault("FLOW_SPECS", os.path.join(os.path.abspath(TOP), "specs"))
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        office = Office(scratch)
        for number, path in enumerate(arguments.specs or default_specs()):
            try:
                workbooks = build(flowc, path, os.path.join(scratch, f"out{number}"))
            except RuntimeError as error:
                print(f"{path}: {error}")
                failed += 1
                continue
            for workbook in workbooks:
                folder = tempfile.mkdtemp(dir=scratch)
                name = f"{os.path.relpath(path)}: {os.path.basename(os.path.dirname(workbook))}"
                try:
                    wrong, formulas, edits = check_product(flowc, office, path, workbook, folder)
                except RuntimeError as error:
                    wrong = [str(error)]
                if wrong:
                    failed += 1
                    print(f"{name}: {len(wrong)} wrong")
                    for message in wrong[:10]:
                        print(f"  {message}")
                else:
                    passed += 1
                    kinds = ", ".join(dict.fromkeys(kind_of(edit[1]) for edit in edits))
                    print(f"{name}: {formulas} formulas and {len(edits)} changed inputs hold ({kinds})")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
