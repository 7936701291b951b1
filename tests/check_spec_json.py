#!/usr/bin/env python3
"""spec.json of every example and contract spec is valid by docs/spec.schema.json, and the schema is the table's.

The validator knows the part of JSON Schema (draft 2020-12) that the schema uses, and refuses a keyword it does not
know. It is tried on spoilt copies too: an unknown key, a missing one and a wrong value must each be found.
Prints a line for each product, and ends with `N passed, M failed`.
"""
import argparse
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

from shops import TOP, product_specs
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
REMARKS = {"$schema", "$defs", "title", "description", "x-audience"}
KEYWORDS = {"$ref", "type", "const", "enum", "pattern", "properties", "required", "additionalProperties", "items",
            "anyOf"}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def mistakes(schema, value, root, where="$"):
    """What is wrong with the value, nothing where it is valid."""
    unknown = set(schema) - KEYWORDS - REMARKS
    assert not unknown, f"this validator does not know {sorted(unknown)}"
    if "$ref" in schema:
        target = root
        for key in schema["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        yield from mistakes(target, value, root, where)
    if "type" in schema and not is_type(value, schema["type"]):
        yield f"{where}: no {schema['type']}"
        return
    if "const" in schema and (value != schema["const"] or type(value) is not type(schema["const"])):
        yield f"{where}: {value!r}, not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} is not like {schema['pattern']}"
    if isinstance(value, dict):
        yield from object_mistakes(schema, value, root, where)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from mistakes(schema["items"], item, root, f"{where}[{number}]")
    if "anyOf" in schema:
        tries = [list(mistakes(one, value, root, where)) for one in schema["anyOf"]]
        if all(tries):
            yield min(tries, key=lambda found: (len(found), ": no " in found[0]))[0]


def object_mistakes(schema, value, root, where):
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{where}: {key} is missing"
    properties = schema.get("properties", {})
    for key, item in value.items():
        if key in properties:
            yield from mistakes(properties[key], item, root, f"{where}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{where}: {key} is not known"
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from mistakes(schema["additionalProperties"], item, root, f"{where}.{key}")


def spoilt(document):
    """Copies with one mistake each, and what they are called."""
    for name, spoil in [
            ("an unknown key", lambda d: d.update(colour="red")),
            ("an unknown field", lambda d: d["declarations"][0]["fields"].update(colour={"word": "red"})),
            ("an unknown kind", lambda d: d["declarations"][0].update(kind="colour")),
            ("a missing key", lambda d: d.pop("fingerprint")),
            ("a number that is no text", lambda d: d["costs"][0].update(total=17)),
            ("five places", lambda d: d["costs"][0].update(total="17.12345")),
            ("an outcome that no step has", lambda d: d["steps"][0]["routes"][0].update(outcome="perhaps")),
            ("a hash too short", lambda d: d["sources"][0].update(sha256="abc"))]:
        changed = copy.deepcopy(document)
        spoil(changed)
        yield name, changed


def build(flowc, path, out):
    done = subprocess.run([flowc, "build", path, "-o", out, "--only", "spec"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"flowc build ends with {done.returncode}: {done.stderr.strip()[:500]}")
    return [line for line in done.stdout.splitlines() if line.endswith("spec.json")]


def check_file(schema, path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    wrong = list(mistakes(schema, document, schema))
    wrong += [f"{name} is not found" for name, changed in spoilt(document)
              if not list(mistakes(schema, changed, schema))]
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flowc", default=os.path.join(TOP, "build/release/flowc"))
    parser.add_argument("specs", nargs="*")
    arguments = parser.parse_args()
    os.environ.setdefault("FLOW_SPECS", os.path.join(TOP, "specs"))
    with open(os.path.join(TOP, "docs/spec.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    current = subprocess.run([sys.executable, os.path.join(TOP, "docs/make_spec_schema.py"), "--check"])
    passed, failed = (1, 0) if current.returncode == 0 else (0, 1)
    with tempfile.TemporaryDirectory() as scratch:
        for number, path in enumerate(arguments.specs or [os.path.join(*where) for where in product_specs()]):
            try:
                documents = build(arguments.flowc, path, os.path.join(scratch, str(number)))
            except RuntimeError as error:
                print(f"{path}: {error}")
                failed += 1
                continue
            for document in documents:
                wrong = check_file(schema, document)
                failed, passed = (failed + 1, passed) if wrong else (failed, passed + 1)
                print(f"{os.path.relpath(path)}: {'; '.join(wrong[:5]) or 'valid'}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
