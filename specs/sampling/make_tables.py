#!/usr/bin/env python3
"""Writes the sampling tables of this folder from the rule that stands behind them.

The master tables of MIL-STD-105E look like 1,248 unrelated cells. They are not: number the code letters from A and
the AQLs from 0.010, add the two numbers, and the sum alone says what stands in the cell. That rule is short enough
to be read and checked by a person; 1,248 typed cells are not.

    make_tables.py                  writes the tables beside this file
    make_tables.py --check          exit 1 if a table here is not what the rule gives
    make_tables.py --compare DIR    counts the cells that equal those of DIR/iso2859_single_*.csv
"""

import csv
import io
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent

# The letters I and O are not used, so that nobody reads them as digits.
LETTERS = "ABCDEFGHJKLMNPQR"
AQLS = ["0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5",
        "4.0", "6.5", "10", "15", "25", "40", "65", "100", "150", "250", "400", "650", "1000"]

# Table I: the first lot size of each range, and the letter of each range by inspection level.
LOT_STARTS = [2, 9, 16, 26, 51, 91, 151, 281, 501, 1201, 3201, 10001, 35001, 150001, 500001]
LEVELS = {
    "S1": "AAAABBBBCCCCDDD",
    "S2": "AAABBBCCCDDDEEE",
    "S3": "AABBCCDDEEFFGGH",
    "S4": "AABCCDEEFGGHJJK",
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
}

# Sample sizes by letter. S is a row of its own that only one tightened plan reaches.
SIZES = [2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000]
SIZES_REDUCED = [2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800]
PLAN_S = (3150, 1)

UP, DOWN = -1, 1


def last_sum(row):
    """The diagonal a row's plans end on: the small samples of A to E allow more nonconformities than they have units."""
    return 26 if row <= 4 else 24


def normal(row, column):
    """The cell of normal inspection: an acceptance number, or the arrow to follow."""
    sum_ = row + column
    if row == 15 and sum_ <= 16:
        return UP  # no row below R
    if row == 0 and sum_ == 15:
        return DOWN  # no row above A
    if sum_ < 14 or sum_ == 16:
        return DOWN
    if sum_ == 14:
        return ("accept", 0)
    if sum_ == 15 or sum_ > last_sum(row):
        return UP
    return ("accept", [1, 2, 3, 5, 7, 10, 14, 21, 30, 44][sum_ - 17])


def tightened(row, column):
    """The cell of tightened inspection. Row A at AQL 10 is read as an arrow down: see README.md."""
    sum_ = row + column
    if row == 15 and sum_ == 16:
        return UP
    if row == 0 and sum_ == 15:
        return DOWN
    if sum_ < 15 or sum_ in (16, 17):
        return DOWN
    if sum_ == 15:
        return ("accept", 0)
    if sum_ > last_sum(row):
        return UP
    return ("accept", [1, 2, 3, 5, 8, 12, 18, 27, 41][sum_ - 18])


def reduced(row, column):
    """The cell of reduced inspection, the variant without a gap between acceptance and rejection."""
    sum_ = row + column
    numbers, first = [1, 2, 3, 5, 6, 8, 10, 14, 21], 18
    if row <= 1:
        numbers = [1, 2, 3, 5, 7, 10, 14, 21, 30]
    if row == 0:
        first = 17  # A's sample is as large as B's, so its plans stand one column earlier
    if (row == 15 and 15 <= sum_ <= 17) or (row == 14 and sum_ == 16):
        return UP
    if row == 0 and sum_ == 15:
        return DOWN
    if sum_ < 14 or 16 <= sum_ < first:
        return DOWN
    if sum_ == 14:
        return ("accept", 0)
    if sum_ == 15 or sum_ > last_sum(row):
        return UP
    return ("accept", numbers[sum_ - first])


def resolve(rule, sizes, row, column):
    """Follows the arrows; the plan they lead to brings its own sample size. Returns n, Ac."""
    cell = rule(row, column)
    while not isinstance(cell, tuple):
        row += cell
        if row == len(LETTERS):
            return PLAN_S
        cell = rule(row, column)
    return sizes[row], cell[1]


MASTER = {
    "single_normal.csv": (normal, SIZES),
    "single_tightened.csv": (tightened, SIZES),
    "single_reduced.csv": (reduced, SIZES_REDUCED),
}

# Accept on zero. No rule is known to give this table, so it is typed; README.md says how far it is to be trusted.
ZERO_AQLS = AQLS[:16]
ZERO = """
ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL 5 3 2 2
ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL 13 8 5 3 2 2
ALL ALL ALL ALL ALL ALL ALL ALL ALL 20 13 8 5 3 3 2
ALL ALL ALL ALL ALL ALL ALL ALL 32 20 13 8 5 5 5 3
ALL ALL ALL ALL ALL ALL 80 50 32 20 13 8 7 6 5 4
ALL ALL ALL ALL ALL 125 80 50 32 20 13 12 11 7 6 5
ALL ALL ALL ALL 200 125 80 50 32 20 20 19 13 10 7 6
ALL ALL ALL 315 200 125 80 50 48 47 29 21 16 11 9 7
ALL 800 500 315 200 125 80 75 73 47 34 27 19 15 11 8
1250 800 500 315 200 125 120 116 73 53 42 35 23 18 13 9
1250 800 500 315 200 192 189 116 89 68 50 38 29 22 15 9
1250 800 500 315 300 294 189 135 108 77 60 46 35 29 15 9
1250 800 500 490 476 294 218 170 123 96 74 56 40 29 15 9
1250 800 750 715 476 345 270 200 156 119 90 64 40 29 15 9
1250 1200 1112 715 556 435 303 244 189 143 102 64 40 29 15 9
"""


def lot_ranges():
    """The lot ranges as text pairs; the last has no end."""
    ends = [str(start - 1) for start in LOT_STARTS[1:]] + [""]
    return [[str(start), end] for start, end in zip(LOT_STARTS, ends)]


def tables():
    """Every file of this folder as rows, header first."""
    letters = [["lot_min", "lot_max", *LEVELS]]
    letters += [lots + [LEVELS[level][i] for level in LEVELS] for i, lots in enumerate(lot_ranges())]
    zero = [["lot_min", "lot_max", *ZERO_AQLS]]
    zero += [lots + line.split() for lots, line in zip(lot_ranges(), ZERO.strip().splitlines())]
    result = {"code_letters.csv": letters, "accept_zero.csv": zero}
    for name, (rule, sizes) in MASTER.items():
        rows = [["code_letter", "aql", "n", "ac", "re"]]
        for row, letter in enumerate(LETTERS):
            for column, aql in enumerate(AQLS):
                n, accept = resolve(rule, sizes, row, column)
                rows.append([letter, aql, str(n), str(accept), str(accept + 1)])
        result[name] = rows
    return result


def text_of(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def compare(folder):
    """How many cells equal those of another transcription, with the ones that do not."""
    same = total = 0
    for name, rows in tables().items():
        if name not in MASTER:
            continue
        with open(pathlib.Path(folder) / f"iso2859_{name}", newline="") as file:
            theirs = {(line["code_letter"], line["aql"]): [line["n"], line["ac"], line["re"]]
                      for line in csv.DictReader(file)}
        for letter, aql, *plan in rows[1:]:
            total += 1
            if theirs.get((letter, aql)) == plan:
                same += 1
            else:
                print(f"{name}: {letter} at {aql}: {plan}, theirs {theirs.get((letter, aql))}")
    print(f"{same} of {total} cells are equal")
    return same == total


def main(arguments):
    if arguments[:1] == ["--compare"] and len(arguments) == 2:
        return 0 if compare(arguments[1]) else 1
    wrong = 0
    for name, rows in tables().items():
        path, text = FOLDER / name, text_of(rows)
        if arguments == ["--check"]:
            if not path.exists() or path.read_text() != text:
                print(f"{name} is not what the rule gives; run make_tables.py")
                wrong = 1
        else:
            path.write_text(text)
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
