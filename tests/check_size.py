#!/usr/bin/env python3
"""Files stay under 600 lines (the grammar 1,200) and functions under 60; a function over 90 fails.

Prints what is over, and ends with `N passed, M failed`, a file counting one.
"""
import os
import subprocess
import sys

FILE_LINES = 600
GRAMMAR_LINES = 1200
FUNCTION_LINES = 60
FUNCTION_LIMIT = 90
ENDINGS = (".c", ".h", ".def", ".l", ".y", ".py", ".sh")


def functions(lines):
    """(line, length, head) of every function of a C file: its braces stand at the line's start."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            yield start, number - start, lines[start - 2].strip()
            start = None


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    passed = failed = 0
    for path in sorted(p for p in listed if p.endswith(ENDINGS) and os.path.exists(p)):
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        limit = GRAMMAR_LINES if path.startswith("grammar/") else FILE_LINES
        wrong = len(lines) > limit
        if wrong:
            print(f"{path}: {len(lines)} lines, over {limit}")
        for line, length, head in functions(lines) if path.endswith(".c") else ():
            if length > FUNCTION_LINES:
                wrong |= length > FUNCTION_LIMIT
                print(f"{path}:{line}: {'' if length > FUNCTION_LIMIT else 'note: '}{length} lines: {head}")
        failed, passed = (failed + 1, passed) if wrong else (failed, passed + 1)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
