#!/usr/bin/env python3
"""Writes the words of the language into the editors' files, from the schema's tables.

usage: words.py [--check]

Kinds come from compiler/schema/kinds.def, units from compiler/schema/units.c. Each list in an editor's file is found by
its first and last word and the signs between them; --check writes nothing and ends with 1 where a list is not the
table's.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "..", "..", "compiler", "schema")
FILES = ["vscode/syntaxes/flow.tmLanguage.json", "vim/syntax/flow.vim", "emacs/flow-mode.el"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def kinds(first):
    """The kinds from a table of them on: of all blocks, or of steps."""
    text = read(os.path.join(SCHEMA, "kinds.def"))
    tables = text[text.index(f"#define {first}"):text.index("#define FIELDS_shop")]
    return re.findall(r"^\s*K\((\w+),", tables, re.M)


def units():
    """Those that are words; `%` and the degree sign have patterns of their own."""
    rows = re.findall(r'^    \{"([A-Za-z]+)", [A-Z_]+, ', read(os.path.join(SCHEMA, "units.c")), re.M)
    assert rows[0] == "um", rows
    return rows


def mended(text, words):
    """Every list that begins with the first word and has the second is the whole list, in its signs."""
    first, second = words[0], words[1]
    signs = r'\\?\||"\s+"'
    found = re.compile(rf"(?<=[(\"':?])({first})({signs})({second})((?:(?:{signs})\w+)*)")

    def whole(match):
        sign = match.group(2)
        if '"' not in sign:
            return sign.join(words)
        lines = [""]  # Lisp: strings, in lines
        for word in words:
            if len(lines[-1]) + len(word) > 108:
                lines.append("")
            lines[-1] += f'{word}" "'
        return '\n    "'.join(line[:-3] + '"' for line in lines)[:-1]

    return found.subn(whole, text)


def main():
    check, wrong = sys.argv[1:] == ["--check"], 0
    for name in FILES:
        path = os.path.join(HERE, name)
        text = new = read(path)
        lists = [kinds("TOP_KINDS"), units()]
        if name.endswith(".json"):  # colors the names of steps as functions
            lists.append(kinds("STEP_KINDS"))
        for words in lists:
            new, count = mended(new, words)
            if not count:
                print(f"{name}: a list of {words[0]}, {words[1]}, ... was not found")
                wrong += 1
        if new != text and check:
            print(f"{name}: its words are not those of the tables; run grammar/editors/words.py")
            wrong += 1
        elif new != text:
            with open(path, "w", encoding="utf-8") as file:
                file.write(new)
    print(f"{len(FILES) - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
