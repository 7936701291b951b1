#!/usr/bin/env python3
"""Holds the one-way rule of docs/architecture.md: a folder includes only what stands above it.

The table says, for every folder, which folders its files may include; its own always. Prints each include that breaks
it, and each folder that the page does not name, and ends with `N passed, M failed`, a file or folder counting one.
"""
import os
import re
import sys

BASE = ["base"]
SOURCE = BASE + ["schema", "source"]
SYNTAX = SOURCE + ["syntax"]
SPEC = SYNTAX + ["spec"]
FACTS = SPEC + ["quality", "geometry", "packing", "slicing"]
COST = FACTS + ["cost"]
CHECK = COST + ["check"]
EMIT = COST + ["page", "emit"]
DIFF = EMIT + ["diff"]
PROGRAM = CHECK + ["program"]
MAY_INCLUDE = {
    "compiler/base": BASE,
    "compiler/schema": SOURCE,  # a rule's row names its severity, a diagnostic its rule
    "compiler/source": SOURCE,
    "compiler/syntax": SYNTAX + ["grammar"],
    "grammar": SYNTAX + ["grammar"],
    "compiler/spec": SPEC,
    "compiler/quality": SPEC + ["quality"],
    "compiler/geometry": SPEC + ["geometry"],
    "compiler/packing": SPEC + ["geometry", "packing"],
    "compiler/slicing": SPEC + ["geometry", "packing", "slicing"],
    "compiler/cost": COST,
    "compiler/check": CHECK,
    "compiler/page": BASE + ["geometry", "packing", "page"],
    "compiler/emit": EMIT,
    "compiler/diff": DIFF,
    "compiler/program": PROGRAM,
    "compiler/program/doors": PROGRAM + EMIT,
    "compiler/flowc": PROGRAM + DIFF + ["flowc"],
    "runtime/engine": FACTS + ["engine"],
    "runtime/store": BASE + ["store"],
    "runtime/shop": PROGRAM + EMIT + ["engine", "store", "shop"],
    "runtime/orders": PROGRAM + ["page", "engine", "store", "shop", "orders"],
    "runtime/trace": PROGRAM + EMIT + ["engine", "store", "shop", "orders", "trace"],
    "runtime/plan": COST + ["engine", "store", "shop", "plan"],
    "runtime/printers": BASE + ["printers"],
    "runtime/dispatch": PROGRAM + ["engine", "store", "shop", "printers", "dispatch"],
    "runtime/sim": PROGRAM + ["engine", "store", "shop", "plan", "printers", "sim"],
    "runtime/telemetry": PROGRAM + ["engine", "store", "shop", "printers", "telemetry"],
    "runtime/station": PROGRAM + ["engine", "store", "shop", "orders", "trace", "printers", "dispatch", "telemetry", "station"],
    "runtime/flowd": PROGRAM + DIFF + ["engine", "store", "shop", "orders", "trace", "plan", "printers", "sim", "station", "flowd"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def owner(path):
    """The row of the table that a file belongs to, None outside it."""
    rows = [row for row in MAY_INCLUDE if path.startswith(row + "/")]
    return max(rows, key=len) if rows else None


def broken(path, text):
    row = owner(path)
    for included in INCLUDE.findall(text):
        folder, _, rest = included.partition("/")
        if not rest:
            if os.path.exists(os.path.join(os.path.dirname(path), included)):
                yield f'"{included}" is written without its folder'
            continue
        if folder not in MAY_INCLUDE[row] and row.rpartition("/")[2] != folder:
            yield f'{row} must not include "{included}"'
        if row == "compiler/emit" and folder == "emit" and "/" in rest:
            own = path.split("/")[2]
            if rest.split("/")[0] not in (own, "common"):
                yield f'outputs do not include one another: "{included}"'


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    with open("docs/architecture.md", encoding="utf-8") as file:
        house = file.read()
    unnamed = [row for row in MAY_INCLUDE if not re.search(rf"\b{os.path.basename(row)}/ ", house)]
    for row in unnamed:
        print(f"docs/architecture.md does not say what {row} is")
    passed, failed = len(MAY_INCLUDE) - len(unnamed), len(unnamed)
    for top in ("compiler", "runtime", "grammar"):
        for folder, _, files in os.walk(top):
            for name in sorted(files):
                path = os.path.join(folder, name)
                if not name.endswith((".c", ".h", ".def", ".l", ".y")):
                    continue
                if not owner(path):
                    print(f"{path}: a folder that the table of tests/check_includes.py lacks")
                    failed += 1
                    continue
                with open(path, encoding="utf-8") as file:
                    found = list(broken(path, file.read()))
                for text in found:
                    print(f"{path}: {text}")
                failed, passed = (failed + 1, passed) if found else (failed, passed + 1)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
