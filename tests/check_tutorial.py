#!/usr/bin/env python3
"""The guides are true: their commands are run, their edits made, in order, in an empty folder, and what the programs answer
is what the page says. A line `...` in an answer stands for any lines.

    tests/check_tutorial.py --flowc PROGRAM [--update]      --update writes the answers (of blocks without `...`) into the page

Ends with `N passed, M failed`, a block counting one.
"""
import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = [ROOT / "docs" / name for name in ("tutorial.md", "shop.md", "reorders.md")]
FENCE = re.compile(r"^```(console|diff|(?:flow|csv|gcode) add \S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Reader:
    """Does what the page says, as a reader would."""

    def __init__(self, flowc, folder):
        self.flowc, self.folder, self.worst = flowc, folder, 0
        self.environment = dict(os.environ, FLOW_SPECS=str(ROOT / "specs"), NO_COLOR="1", LC_ALL="C.UTF-8")

    def run(self, command):
        words = shlex.split(command)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return ""
        if words[0] == "export":
            self.environment.update(word.split("=", 1) for word in words[1:])
            return ""
        programs = {"flowc": str(self.flowc), "flowd": str(self.flowc.parent / "flowd"),
                    "sha256sum": "sha256sum", "ls": "ls"}
        done = subprocess.run([programs[words[0]], *words[1:]], cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.worst = max(self.worst, done.returncode)
        return done.stdout

    def console(self, block):
        """The block with the answers that its commands give."""
        out, self.worst = "", 0
        for line in block.splitlines():
            if line.startswith("$ "):
                out += line + "\n" + self.run(line[2:])
        return out

    def edit(self, block):
        """Replaces each run of `-` lines by the `+` lines that follow it. Says whether each was there, once."""
        lines = block.splitlines()
        path = self.folder / lines[0].removeprefix("--- ")
        text = path.read_text()
        for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", "\n".join(lines[1:]) + "\n", re.MULTILINE):
            old = re.sub(r"^-", "", old, flags=re.MULTILINE)
            if text.count(old) != 1:
                return False
            text = text.replace(old, re.sub(r"^\+", "", new, flags=re.MULTILINE))
        path.write_text(text)
        return True

    def add(self, name, block):
        path = self.folder / name
        path.write_text((path.read_text() if path.exists() else "") + block)


def agrees(said, real):
    """Whether the page's block is the real one, `...` standing for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in said.splitlines())
    return re.fullmatch(pattern, real) is not None


def follow(page, flowc, update):
    """Follows a page as it says; (blocks that hold, blocks that do not)."""
    text, passed, failed, edits = page.read_text(), 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(flowc, pathlib.Path(folder))
        for block in FENCE.finditer(text):
            kind, said = block[1], block[2]
            line = text.count("\n", 0, block.start()) + 1
            good = True
            if kind == "console":
                real = reader.console(said)
                good = agrees(said, real) and reader.worst <= 1  # 2 and over: it did not work
                if not good and update and reader.worst <= 1 and "..." not in said.splitlines():
                    edits.append((block.start(2), block.end(2), real))
                elif not good:
                    print(f"{page.relative_to(ROOT)}:{line}: the answer is\n{real}")
            elif kind == "diff":
                good = reader.edit(said)
                if not good:
                    print(f"{page.relative_to(ROOT)}:{line}: the lines to change are not there, or more than once")
            else:
                reader.add(kind.split()[2], said)
            passed, failed = passed + good, failed + (not good)
    for begin, end, real in reversed(edits):
        text = text[:begin] + real + text[end:]
    if edits:
        page.write_text(text)
    return passed, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--flowc", required=True)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    results = [follow(page, pathlib.Path(options.flowc).resolve(), options.update) for page in PAGES]
    passed, failed = (sum(column) for column in zip(*results))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
