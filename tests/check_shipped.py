#!/usr/bin/env python3
"""What ships as data is what its scripts write: sampling tables, models and drawings of the examples and of the
rules' pages. Names in specs/ are
one namespace, so a shop may use any two of its files. Ends with `N passed, M failed`.
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
results = {True: 0, False: 0}


def judge(good, text):
    results[good] += 1
    if not good:
        print(text)


def run(script, *arguments):
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True)


def written(script):
    """Runs a script of an example into an empty folder; every file it writes must be the one beside it."""
    with tempfile.TemporaryDirectory() as folder:
        done = run(script, folder)
        files = sorted(pathlib.Path(folder).iterdir())
        judge(done.returncode == 0 and bool(files), f"{script}: writes nothing\n{done.stderr}")
        for file in files:
            kept = script.parent / file.name
            judge(kept.is_file() and kept.read_bytes() == file.read_bytes(), f"{kept}: not what {script.name} writes")


def declared(path):
    pattern = r"^(?:process|defect|material|machine) (\w+)" if path.suffix == ".flow" else r"^  (\w+):$"
    return re.findall(pattern, path.read_text(), re.MULTILINE)


def main():
    tables = run(ROOT / "specs/sampling/make_tables.py", "--check")
    judge(tables.returncode == 0, tables.stdout)
    scripts = sorted(ROOT.glob("examples/*/*/make_*.py")) + sorted(ROOT.glob("docs/rules/*/make_*.py"))
    judge(len(scripts) > 1, "no script of an example or of the rules' pages found")
    for script in scripts:
        written(script)
    names = collections.Counter()
    for path in sorted(ROOT.glob("specs/std/*.flow")) + sorted(ROOT.glob("specs/machines/*.yaml")):
        names.update(declared(path))
    twice = [name for name, count in names.items() if count > 1]
    judge(len(names) > 100 and not twice, f"{len(names)} names in specs/, declared twice: {twice}")
    print(f"{results[True]} passed, {results[False]} failed")
    return 1 if results[False] else 0


if __name__ == "__main__":
    sys.exit(main())
