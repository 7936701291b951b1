#!/usr/bin/env python3
"""published.py on tiny instances of our own, in the publishers' formats: that it reads them, that its three ways keep the rules, and
that a schedule which breaks one is found out. Ends with `N passed, M failed`.

    check_published.py --build build/release
"""
import argparse
import contextlib
import io
import os
import sys
import tempfile
import zipfile

import published
from published_instances import read_all

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

# Two machines; three parts, of which the second is too fine for the second machine, and the third comes at 3.
PARTS = ([[0, 1, 2], [2], [3], [3], [10, 20, 30], [4, 6, 5], [50, 40, 60], [1, 2, 1], [0, 0, 3]]
         + [[10, 10, 0], [100, 60, 0], [3, 1, 0], [2, 1, 0], [0.1, 0.2, 0], [1, 0.5, 0], [3, 3, 0]])
RESULT = [["obj", "time", "gap", "bound"], [12.5, 1, 0, 12]]

# One oven, which is set up for the second attribute; two jobs of the first, and one of the second.
OVEN = """m=1; n=3; a=2; s=2; min_cap=[0]; max_cap=[10]; initState=[2];
setup_times=[|1,2,
|3,1,
|0,0|];
m_a_s = [|0,50|]; m_a_e = [|31,100|];
eligible_machine = [{1}, {1}, {1}];
earliest_start=[0,0,0]; latest_end=[40,10,100]; min_time=[10,20,5]; max_time=[30,30,30]; size=[4,5,6]; attribute=[1,1,2];
"""


def write_workbook(path, rows):
    """Texts are kept apart, as spreadsheets do."""
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    cells = "".join("<row>" + "".join(f'<c t="s"><v>{texts.index(cell)}</v></c>' if isinstance(cell, str)
                                      else f"<c><v>{cell}</v></c>" for cell in row) + "</row>" for row in rows)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
                                         '<sheet name="Sheet_1" r:id="rId7"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">'
                                                    '<Relationship Id="rId7" Target="worksheets/any.xml"/></Relationships>')
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>")
        book.writestr("xl/worksheets/any.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>')


def write_all(folder):
    for name in ("Data", os.path.join("Results", "LBBD_results"), "instances", "data"):
        os.makedirs(os.path.join(folder, name))
    write_workbook(os.path.join(folder, "Data", "data_output_2_3.xlsx"), PARTS)
    write_workbook(os.path.join(folder, "Results", "LBBD_results", "lbbd_results-V1-2-3.xlsx"), RESULT)
    for path, text in ((("instances", "7Oven.dzn"), OVEN),
                       (("data", "theoretical-lower-bounds.csv"), "instance_number,number of too late jobs\n7,1\n"),
                       (("data", "upper-bounds.csv"), "instance_number;number of too late jobs\n7;2\n")):
        with open(os.path.join(folder, *path), "w", encoding="utf-8") as file:
            file.write(text)


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def same(self, what, found, wanted):
        if found == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: {found}, and not {wanted}")

    def broken(self, why, shop, schedule):
        """That the schedule is found to break the rule."""
        try:
            published.evaluate(shop, schedule)
            found = "it is allowed"
        except published.Broken as broken:
            found = str(broken)
        self.same(why, why in found, True)


def check_parts(checks, parts, planner):
    checks.same("what was published", parts.published, {"makespan": 12.5, "bound": 12.0})
    wanted = {"makespan": 12.5, "changes": 0, "late": 0, "lateness": 0, "batches": 2}
    checks.same("parts, first come", published.evaluate(parts, published.run(parts, published.first_come)), wanted)
    checks.same("parts, round robin", published.evaluate(parts, published.run(parts, published.RoundRobin())), wanted)
    checks.same("parts, the planner", published.evaluate(parts, published.run(parts, planner))["makespan"] >= 12.5, True)
    alone = [(0, 0, (0, 1)), (0, 11, (2,))]
    checks.same("one after the other", published.evaluate(parts, alone)["makespan"], 11 + 2 + 3 + 5)
    checks.broken("too early", parts, [(0, 0, (0, 1)), (0, 10, (2,))])
    checks.broken("too early", parts, [(0, 0, (0, 1)), (1, 2, (2,))])
    checks.broken("not allowed", parts, [(1, 0, (1,)), (0, 0, (0,)), (0, 8, (2,))])
    checks.broken("not allowed", parts, [(0, 3, (0, 1, 2))])
    checks.broken("done twice", parts, [(0, 0, (0, 1)), (0, 11, (2,)), (1, 0, (0,))])
    checks.broken("never done", parts, [(0, 0, (0, 1))])


def check_oven(checks, oven, planner):
    checks.same("what was published", oven.published, {"late": 2, "late_bound": 1})
    wanted = {"makespan": 30, "changes": 2, "late": 1, "lateness": 13, "batches": 2}
    checks.same("oven, first come", published.evaluate(oven, published.run(oven, published.first_come)), wanted)
    checks.same("oven, round robin", published.evaluate(oven, published.run(oven, published.RoundRobin())), wanted)
    checks.same("oven, the planner", published.evaluate(oven, published.run(oven, planner)), wanted)
    checks.broken("too early", oven, [(0, 0, (0, 1)), (0, 22, (2,))])
    checks.broken("not there", oven, [(0, 0, (0, 1)), (0, 40, (2,))])
    checks.broken("not there", oven, [(0, 0, (0, 1)), (0, 25, (2,))])
    checks.broken("not allowed", oven, [(0, 0, (0, 2)), (0, 50, (1,))])
    oven.capacity = [8]
    checks.broken("not allowed", oven, [(0, 0, (0, 1)), (0, 23, (2,))])


def check_report(checks, build, folder):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        checks.same("without a folder", published.main(["--build", build]), 0)
        checks.same("with one", published.main(["--build", build, folder]), 0)
    for wanted in ("skipped: no folder", "UAMSP-R: 1 instances", "1.000 of the published makespan", "oven scheduling: 1 instances",
                   "published late_bound: 1"):
        checks.same(wanted, wanted in said.getvalue(), True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    options = parser.parse_args()
    os.environ.pop("FLOW_INSTANCES", None)
    checks, planner = Checks(), published.Planner(options.build)
    with tempfile.TemporaryDirectory() as folder:
        write_all(folder)
        parts, oven = read_all([folder])
        check_parts(checks, parts, planner)
        check_oven(checks, oven, planner)
        check_report(checks, options.build, folder)
    planner.close()
    print(f"{checks.passed} passed, {checks.failed} failed")
    return int(checks.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
