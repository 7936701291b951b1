#!/usr/bin/env python3
"""first_article.xlsx of every example and contract spec with a packet, as LibreOffice opens and reckons it.

- the one beside the packet is the one in its archive, and the manifest names it with its sum;
- each dimension of each part that the packet asks for stands on a form 3, for every case, with its limits and unit from
  spec.json, under the number it has in packet.pdf, forms.pdf and instructions.pdf;
- only the yellow cells are unlocked, every sheet is protected, has a print area, and heads that stay;
- blank, every formula is as it was stored; filled in, a result on the limit passes, one beyond it fails, the overview says so.
Prints what is wrong, and ends with `N passed, M failed`.
"""
import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

from check_documents import Judge, Spec, build, pdf_text, references_in, sizes_in, squeezed, texts_in
from check_workbook import MAIN, Book, Office, stored_wrong
from shops import product_specs

STEP = Decimal("0.001")  # beyond a limit, in its unit


def archives_in(folder):
    """(archive, workbook beside it) of each packet."""
    for name in sorted(os.listdir(folder)):
        found = re.fullmatch(r"packet(_\w+)?\.zip", name)
        if found:
            yield os.path.join(folder, name), os.path.join(folder, f"first_article{found[1] or ''}.xlsx")


def check_archive(judge, archive, beside):
    with zipfile.ZipFile(archive) as packed:
        inside = packed.read("first_article.xlsx")
        manifest = json.loads(packed.read("manifest.json"))
    with open(beside, "rb") as file:
        judge.holds(file.read() == inside, "another first_article.xlsx is in the archive")
    named = [one for one in manifest["files"] if one["name"] == "first_article.xlsx"]
    judge.holds(len(named) == 1 and named[0]["sha256"] == hashlib.sha256(inside).hexdigest() and
                named[0]["bytes"] == len(inside), "manifest.json does not name first_article.xlsx with its sum")


def lines_of(book):
    """(sheet, row, {head: cell}) of every form 3."""
    for sheet in book.sheets:
        if sheet.endswith(" F3"):
            for row, cells in book.rows(sheet, 8):
                yield sheet, row, cells


def check_limits(judge, book, spec, archive, asked):
    numbers = {}
    for sheet, _, cells in lines_of(book):
        numbers.setdefault((sheet.split()[1], cells["8 Characteristic"].split(" (")[0]), []).append(cells)
    text = re.sub(r"\s+", " ", pdf_text(archive.replace(".zip", ".pdf")))
    for part in spec.parts:
        for row in part["fields"].get("dimension", ()) if part["name"] in asked else ():
            name = row["name"]["word"]
            found = numbers.get((part["name"][:20], name), [])
            judge.holds(found, f"{part['name']}.{name} is on no form 3")
            judge.holds(len({cells["5 No."] for cells in found}) == 1, f"{part['name']}.{name} has several numbers")
            number = found[0]["5 No."] if found else 0
            judge.holds(re.search(rf"\b{number:.0f} {re.escape(name)}\b", text),
                        f"packet.pdf does not say {number:.0f} {name}")
            for other in ("forms.pdf", "instructions.pdf"):
                said = squeezed(pdf_text(os.path.join(os.path.dirname(archive), other)))
                checked = [texts for texts, _ in spec.checks() if texts == [name]]
                title = (texts_in(part.get("title", {})) or [part["name"]])[0]
                judge.holds(squeezed(f"{number:.0f}{title}:{name}") in said or other[0] == "i" and not checked,
                            f"{other} does not say {number:.0f} {title}: {name}")
            for size in sizes_in(row["size"]):
                wanted = {limit: Decimal(size[limit]["value"]) for limit in ("lower", "upper") if limit in size}
                judge.holds(any(matches(cells, wanted, size) for cells in found),
                            f"{part['name']}.{name}: no line with {wanted}")


def matches(cells, wanted, size):
    heads = {"lower": "Lower limit", "upper": "Upper limit"}
    for limit, head in heads.items():
        if (cells[head] != "") != (limit in wanted):
            return False
        if limit in wanted and abs(Decimal(repr(cells[head])) - wanted[limit]) > Decimal("1e-9"):
            return False
    units = {size[limit].get("unit", "") for limit in wanted}
    return cells["Unit"] in units or "scale" in size


# ---- cells ----

def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check_locks(judge, path, book):
    parts = parts_of(path)
    styles = ElementTree.fromstring(parts["xl/styles.xml"])
    unlocked, yellow = set(), set()
    fills = [fill.find(f"{MAIN}patternFill/{MAIN}fgColor") for fill in styles.find(MAIN + "fills")]
    for number, style in enumerate(styles.find(MAIN + "cellXfs")):
        lock = style.find(MAIN + "protection")
        if lock is not None and lock.get("locked") == "0":
            unlocked.add(number)
        fill = fills[int(style.get("fillId"))]
        if fill is not None and fill.get("rgb") == "FFFFF9D6":
            yellow.add(number)
    judge.holds(unlocked and unlocked == yellow, f"unlocked are {unlocked}, yellow {yellow}")
    workbook = parts["xl/workbook.xml"].decode()
    for sheet, part in book.parts.items():
        root = ElementTree.fromstring(parts[part])
        judge.holds(root.find(MAIN + "sheetProtection") is not None, f"{sheet} is not protected")
        judge.holds(root.find(f"{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane") is not None, f"{sheet}: no head stays")
        judge.holds(f"'{sheet}'!$A$1:" in workbook or f"{sheet}!$A$1:" in workbook, f"{sheet} has no print area")
        for cell in root.iter(MAIN + "c"):
            if int(cell.get("s", 0)) in unlocked:
                judge.holds(cell.find(MAIN + "v") is None or not cell.findtext(MAIN + "v"),
                            f"{sheet} {cell.get('r')} is to be filled in and holds something")


def fill_in(path, results, out):
    """Writes results, {sheet part: {cell: number or word}}, as a person would."""
    parts = parts_of(path)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            text = data.decode("utf-8") if name in results else None
            for cell, value in results.get(name, {}).items():
                kind, inner = ("inlineStr", f"<is><t>{value}</t></is>") if isinstance(value, str) else \
                    ("n", f"<v>{value}</v>")
                text, times = re.subn(rf'<c r="{cell}"( s="\d+")/>', rf'<c r="{cell}"\1 t="{kind}">{inner}</c>', text)
                assert times == 1, (name, cell)
            target.writestr(name, text.encode("utf-8") if text is not None else data)


def plan(cells, kind):
    """Results of pieces 1 and 2, and the verdict that must come: good, bad by a step, or words."""
    lower, upper = cells["Lower limit"], cells["Upper limit"]
    if not isinstance(lower, float) and not isinstance(upper, float):
        return ("pass", "fail", "fail") if kind == "bad" else ("pass", "pass", "pass")
    good = Decimal(repr(lower if isinstance(lower, float) else upper))
    other = Decimal(repr(upper if isinstance(upper, float) else lower))
    if kind == "bad":
        beyond = other + STEP if isinstance(upper, float) else other - STEP
        return good, beyond, "fail"
    return good, other, "pass"


def check_verdicts(judge, office, path, book, scratch, kind):
    """Fills in every line; 'bad' spoils the first line of each form."""
    results, wanted, spoiled = {}, {}, set()
    for sheet, row, cells in lines_of(book):
        bad = kind == "bad" and sheet not in spoiled
        spoiled.add(sheet)
        one, two, verdict = plan(cells, "bad" if bad else "good")
        results.setdefault(book.parts[sheet], {}).update({f"J{row}": one, f"K{row}": two})
        wanted[sheet, f"N{row}"] = verdict
    filled = os.path.join(scratch, f"{kind}.xlsx")
    fill_in(path, results, filled)
    after = Book(office.recalculate([filled])[0])
    for (sheet, place), verdict in wanted.items():
        judge.holds(after.sheets[sheet].get(place) == verdict,
                    f"{kind}: {sheet} {place} says {after.sheets[sheet].get(place)!r}, not {verdict}")
    for _, cells in after.rows("Overview", 5):
        if cells["Lines"] == "":
            continue
        failed = 1 if kind == "bad" else 0
        judge.holds(cells["Judged"] == cells["Lines"] and cells["Failed"] == failed and
                    cells["Verdict"] == ("fail" if failed else "pass"), f"{kind}: the overview says {cells}")


def asked_parts(spec, path):
    """The names of the parts that a packet asks for."""
    name = re.fullmatch(r"packet(?:_(\w+))?\.zip", os.path.basename(path))[1]
    for one in spec.all["declarations"]:
        if one["kind"] == "packet" and one.get("packet_name", one.get("packet")) == name:
            named = set(references_in(one["fields"].get("of", [])))
            if not named:
                break
            steps = [step for step in spec.all["steps"] if step["name"] in named]
            return named | {part for step in steps for field in ("makes", "works")
                            for part in references_in(step["fields"].get(field, []))}
    return {part["name"] for part in spec.parts}


def check_one(judge, office, spec, archive, beside, scratch):
    check_archive(judge, archive, beside)
    before = Book(beside)
    judge.holds(any(True for _ in lines_of(before)), "no form 3 has a line")
    check_limits(judge, before, spec, archive, asked_parts(spec, archive))
    check_locks(judge, beside, before)
    for message in stored_wrong(before, Book(office.recalculate([beside])[0])):
        judge.holds(False, message)
    for kind in ("good", "bad"):
        check_verdicts(judge, office, beside, before, scratch, kind)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flowc", required=True)
    flowc = os.path.abspath(parser.parse_args().flowc)
    judge, seen = Judge(), 0
    with tempfile.TemporaryDirectory(prefix="flow-first-article-") as scratch:
        office = Office(scratch)
        for number, (tree, path) in enumerate(product_specs()):
            folder, name = os.path.split(os.path.join(tree, path))
            out = os.path.join(scratch, str(number))
            build(flowc, folder, name, out, {}, "--only", "packet,forms,instructions,spec")
            for product in sorted(os.listdir(out)):
                spec = Spec(os.path.join(out, product, "spec.json"))
                for archive, beside in archives_in(os.path.join(out, product)):
                    judge.about = f"{path}, {os.path.basename(beside)}"
                    seen += 1
                    check_one(judge, office, spec, archive, beside, tempfile.mkdtemp(dir=scratch))
                    print(f"{judge.about}: {judge.passed} passed, {judge.failed} failed so far", flush=True)
    judge.about = "all"
    judge.holds(seen >= 5, f"only {seen} packets were looked at")
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed else 0


if __name__ == "__main__":
    sys.exit(main())
