#!/usr/bin/env python3
"""Holds every figure of `flowc mesh` against a folder of real models whose figures are known (truth.csv beside them).

The folder lies beside the repository; where it is not, there is nothing to compare. Prints what differs, and ends with
`N passed, M failed`, a model counting one.

    tests/check_meshes.py --flowc PROGRAM
"""
import argparse
import csv
import json
import os
import subprocess
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared", "data", "meshes")

# A count or a yes or no: its name in the JSON, and its column of the table.
COUNTS = [
    ("bytes", "bytes"), ("triangles", "triangles"), ("vertices", "verts"), ("shells", "components"),
    ("pieces", "components_vertex"), ("closed", "closed"), ("two_manifold", "watertight"),
    ("open_edges", "boundary_edges"), ("crowded_edges", "nonmanifold_edges"),
    ("flipped_edges", "inconsistent_edges"), ("unbalanced_edges", "unbalanced_edges"),
    ("collapsed_faces", "degenerate"),
]
FORMATS = {"bin": "binary STL", "ascii": "ASCII STL"}
VOLUME_DIGITS = 1e-6  # of the figure itself
TABLE_DIGITS = 0.51e-6  # the table has six places
BOX_DIGITS = 0.51e-4  # and four of the box


def differences(model, truth):
    """What a model's figures say that the table does not."""
    for name, column in COUNTS:
        if int(model[name]) != int(truth[column]):
            yield f"{name} {int(model[name])}, not {truth[column]}"
    if model["format"] != FORMATS[truth["format"]]:
        yield f"format {model['format']}, not {truth['format']}"
    for name, column in (("volume_mm3", "volume_mm3"), ("area_mm2", "area")):
        expected = float(truth[column])
        if not abs(model[name] - expected) <= VOLUME_DIGITS * abs(expected) + TABLE_DIGITS:
            yield f"{name} {model[name]!r}, not {expected!r}"
    if model["triangles"]:
        box = model["low_mm"] + model["high_mm"]
        for said, expected in zip(box, map(float, truth["bbox"].split()), strict=True):
            if not abs(said - expected) <= BOX_DIGITS:
                yield f"a side of the box at {said!r}, not {expected!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flowc", required=True)
    flowc = os.path.abspath(parser.parse_args().flowc)
    if not os.path.isdir(FOLDER):
        print("the models are not here; nothing to compare")
        return 0
    with open(os.path.join(FOLDER, "truth.csv"), encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    run = subprocess.run([flowc, "mesh", "--no-cache", "--format", "json", *(row["file"] for row in table)],
                         cwd=FOLDER, stdout=subprocess.PIPE, check=False)
    models = {model["file"]: model for model in json.loads(run.stdout)["meshes"]}
    failed = 0
    for row in table:
        model = models.get(row["file"])
        wrong = list(differences(model, row)) if model and "format" in model else ["not read"]
        for difference in wrong:
            print(f"{row['file']}: {difference}")
        failed += bool(wrong)
    print(f"{len(table) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
