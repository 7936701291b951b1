#!/usr/bin/env python3
"""Writes docs/spec.schema.json, the JSON Schema of spec.json, from the table of kinds and fields (kinds.def).

Without arguments it writes the file; with --check it says whether the file is what it would write. A new field needs
nothing here; a new type of row needs its shape in ROWS, as it needs its line in compiler/emit/model.c.
"""
import json
import os
import re
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
TABLE = os.path.join(TOP, "compiler/schema/kinds.def")
SCHEMA = os.path.join(TOP, "docs/spec.schema.json")
REFERENCES = {"station", "role", "process", "machine", "material", "item", "defect", "standard", "part", "product",
              "step"}
TEXTS = {"text", "file"}


def ref(name):
    return {"$ref": f"#/$defs/{name}"}


def closed(properties, required=()):
    shape = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        shape["required"] = list(required)
    return shape


def listed(shape):
    return {"type": "array", "items": shape}


STRING = {"type": "string"}
VALUE = ref("value")


def slots(*names, required=None):
    """A row that is nothing but values; all but the required ones may be left out."""
    return closed({name: VALUE for name in names}, required if required is not None else names[:1])


ROWS = {
    "flag": {"const": True},
    "exchange": slots("currency", "money", required=("currency", "money")),
    "holds": slots("length", "ratio"),
    "extent": slots("x", "y", "z", required=("x", "y", "z")),
    "per": slots("amount", "basis"),
    "counted": slots("what", "count", required=("what", "count")),
    "keep_out": slots("width", "depth", "x", "y", required=("width", "depth", "x", "y")),
    "portion": slots("material", "mass", required=("material",)),
    "consumption": slots("what", "count", "per_units", "basis", required=("what", "count")),
    "range": slots("from", "to", required=("from", "to")),
    "photo": slots("quality", "file", required=("quality", "file")),
    "programming": slots("amount", "station", required=("amount", "station")),
    "ask": slots("name", "title", "limit"),
    "approval": slots("name", "role", required=("name", "role")),
    "delivery": slots("date", "place", "incoterm", required=("date", "place")),
    "allowance": slots("rule", "reason", required=("rule", "reason")),
    "disclosure": slots("what", "reason", required=("what", "reason")),
    "dimension_row": slots("name", "size", "class", "gauge", required=("name", "size")),
    "fee": slots("name", "ratio", "fixed"),
    "parameter": closed({"name": VALUE, "title": VALUE, "unit": STRING}, ("name",)),
    "axis": closed({"name": VALUE, "cases": listed(VALUE)}, ("name", "cases")),
    "stack": closed({"name": VALUE,
                     "terms": listed(closed({"sign": {"enum": ["+", "-"]}, "dimension": VALUE},
                                            ("sign", "dimension"))),
                     "at_least": VALUE, "at_most": VALUE}, ("name", "terms")),
    "sell": closed({"for": listed(VALUE),
                    "breaks": listed(closed({"quantity": VALUE, "price": VALUE}, ("quantity", "price")))},
                   ("breaks",)),
    "charge": closed({"terms": listed(closed({"money": VALUE, "basis": VALUE}, ("money",))), "at_least": VALUE},
                     ("terms",)),
    "sample": closed({"form": {"enum": ["all", "first", "first per batch", "every", "per batch", "aql", "zero aql",
                                        "zero ltpd"]},
                      "number": VALUE, "level": {"enum": ["I", "II", "III", "S1", "S2", "S3", "S4"]}}, ("form",)),
    "check": closed({"form": {"enum": ["count", "none of", "dimension", "text"]}, "name": VALUE, "text": VALUE,
                     "defects": listed(VALUE), "class": VALUE}, ("form", "name")),
}

DECIMAL = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$"}
FIGURE = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{6}$"}
COUNT = {"type": "string", "pattern": "^[0-9]+$"}
INTEGER = {"type": "integer"}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
INTERNAL = {"internal": {"const": True}}


def value_definitions():
    return {
        "quantity": closed({"value": DECIMAL, "unit": STRING, **INTERNAL}, ("value",)),
        "text": closed({"text": STRING, "pieces": listed({"anyOf": [STRING, VALUE]}), **INTERNAL}, ("text",)),
        "date": closed({"date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, **INTERNAL}, ("date",)),
        "word": closed({"word": STRING, **INTERNAL}, ("word",)),
        "reference": closed({"reference": STRING, "kind": STRING, **INTERNAL}, ("reference", "kind")),
        "member": closed({"reference": STRING, "kind": STRING, "member": STRING, **INTERNAL},
                         ("reference", "kind", "member")),
        "size": closed({"size": {"enum": ["limits", "at most", "at least", "scale", "bare"]}, "nominal": VALUE,
                        "lower": VALUE, "upper": VALUE, "scale": STRING, **INTERNAL}, ("size",)),
        "choice": closed({"by": STRING, "cases": {"type": "object", "additionalProperties": VALUE}, **INTERNAL},
                         ("by",)),
        "value": {"anyOf": [ref(name) for name in
                            ("quantity", "text", "date", "word", "reference", "member", "size", "choice")]},
    }


def cost_definitions():
    kinds = ["labour", "machine", "energy", "material", "items", "outside", "shipping", "once", "overhead"]
    maybe = {"anyOf": [FIGURE, {"type": "null"}]}
    per_unit = {kind: FIGURE for kind in kinds}
    per_unit.update({"fees": maybe, "unit_cost": FIGURE, "price": maybe, "margin": maybe})
    step = {"step": STRING, "kind": STRING, "n": FIGURE, "batches": COUNT, "plates": COUNT, "orders": COUNT,
            "samples": maybe, "amounts": closed({kind: FIGURE for kind in kinds}),
            "estimated": listed({"enum": ["time", "mass"]}), "plan": ref("plan")}
    cost = {"product": STRING, "sku": STRING, "quantity": COUNT, "made": COUNT, "currency": STRING, "total": FIGURE,
            "per_unit": closed(per_unit, list(per_unit)),
            "steps": listed(closed(step, [key for key in step if key not in ("amounts", "plan")]))}
    return {"cost": closed(cost, list(cost)), **plan_definitions()}


def plan_definitions():
    """The operating characteristic is said only where a lot is judged by a part of it."""
    point = {"rate": {**FIGURE, "description": "Bad units, or defects, a unit."},
             "bad": {**INTEGER, "description": "Bad units in the lot; absent where no lot is meant but the work."},
             "accepted": {**FIGURE, "description": "How often it is accepted, 0 to 1."}}
    plan = {key: INTEGER for key in ("lot", "n", "ac", "re")}
    operating = {
        "counted": {"enum": ["units", "defects"]},
        "producer": {**ref("operating_point"), "description": "Work at the AQL, or 1% bad where the plan has none."},
        "producer_risk": {**FIGURE, "description": "How often that work is refused."},
        "consumer": {**ref("operating_point"), "description": "The best that is accepted one time in ten at most."},
        "consumer_risk": {**FIGURE, "description": "How often that is accepted."},
        "curve": listed(ref("operating_point"))}
    return {"plan": closed({**plan, **operating}, list(plan)),
            "operating_point": closed(point, ("rate", "accepted"))}


# ---- kinds.def ----

def macros():
    with open(TABLE, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S).replace("\\\n", " ")
    return dict(re.findall(r"^#define (\w+)\(\w+(?:, flags)?\)(.*)$", text, re.M))


def fields_of(name, table, given=""):
    """(field, row type, phrase, flags, documentation) of a list, lists inside it too; given are the flags it is told."""
    body = re.sub(r"\bflags\b", given, table[name])
    pattern = re.compile(r'\bF\((\w+), (\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*([\w| ]+?),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)'
                         r'|\b((?:FIELDS|FIELD|OWN)_\w+)\(F(?:, ([\w| ]+))?\)')
    for field, row, phrase, flags, text, other, told in pattern.findall(body):
        if other:
            yield from fields_of(other, table, told)
        else:
            yield field.rstrip("_"), row, "".join(json.loads(f'"{part}"') for part in re.findall(r'"((?:[^"\\]|\\.)*)"', phrase)), \
                flags, "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def simple_shape(phrase):
    """What the one slot of a simple row may hold, where the phrase leaves no doubt."""
    types = re.findall(r"<([^>]*)>", phrase)
    if len(types) != 1:
        return ref("word") if not types else VALUE
    kind = types[0]
    if "|" in kind or kind in ("name", "word", "case", "currency", "new", "rule"):
        return VALUE if "|" in kind else ref("word")
    if kind in REFERENCES:
        shape = "reference"
    elif kind in TEXTS:
        shape = "text"
    elif kind == "date":
        shape = "date"
    else:
        shape = "quantity"
    return {"anyOf": [ref(shape), ref("choice")]}


def field_shape(row, phrase, flags, text):
    shape = simple_shape(phrase.lstrip("!")) if row == "simple" else ref("lines") if row == "instruction" else ROWS[row]
    if "REPEATED" in flags or ",..." in phrase:
        shape = listed(shape)
    shape = dict(shape, description=f"{phrase.lstrip('!')}: {text}")
    if "INTERNAL" in flags:
        shape["x-audience"] = "internal"
    return shape


def fields_shape(kind, table):
    return closed({field: field_shape(row, phrase, flags, text)
                   for field, row, phrase, flags, text in fields_of(f"FIELDS_{kind}", table)})


def kinds_of(name, table):
    return re.findall(r"K\((\w+),", table[name])


def head(kind):
    return {"kind": {"const": kind}, "name": STRING, "title": ref("text"), "documentation": STRING, "owner": STRING,
            "like": STRING, "file": STRING, "line": {"type": "integer"}}


def build():
    table = macros()
    route = closed({"outcome": {"enum": ["pass", "approve", "rework", "failure", "reject", "refuse"]}, "step": STRING,
                    "end": {"enum": ["scrap", "quarantine", "done"]}, "at_most": VALUE, "expect": VALUE,
                    "written": {"type": "boolean"}}, ("outcome", "written"))
    lines = fields_shape("do", table)
    lines["properties"] = {"text": ref("text"), **lines["properties"]}
    lines["required"] = ["text"]
    definitions = {**value_definitions(), **cost_definitions(), "lines": lines, "route": route}
    declarations, steps = [], []
    for kind in kinds_of("TOP_KINDS", table):
        extra = {"packet": STRING} if kind == "packet" else {}
        definitions[f"kind_{kind}"] = closed({**head(kind), **extra, "fields": fields_shape(kind, table)},
                                             ("kind", "fields"))
        declarations.append(ref(f"kind_{kind}"))
    for kind in kinds_of("STEP_KINDS", table):
        definitions[f"step_{kind}"] = closed(
            {**head(kind), "inherited": {"type": "boolean"}, "fields": fields_shape(kind, table),
             "routes": listed(ref("route"))}, ("kind", "name", "inherited", "fields", "routes"))
        steps.append(ref(f"step_{kind}"))
    source = closed({"file": STRING, "sha256": HASH, "shipped": {"type": "boolean"}}, ("file", "sha256", "shipped"))
    sku = closed({"sku": STRING, "cases": {"type": "object", "additionalProperties": STRING}}, ("sku", "cases"))
    properties = {
        "format_version": {"const": "1.0"},
        "audience": {"const": "internal", "description": "It holds what never leaves the shop."},
        "product": STRING,
        "currency": STRING,
        "fingerprint": dict(HASH, description="Of what `void_on` names: docs/fingerprint.md."),
        "sources": listed(source),
        "skus": listed(sku),
        "declarations": listed({"anyOf": declarations}),
        "steps": listed({"anyOf": steps}),
        "costs": listed(ref("cost")),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "spec.json, the checked model of a product",
        "description": "Written by `flowc build`. Made from compiler/schema/kinds.def by docs/make_spec_schema.py.",
        **closed(properties, list(properties)),
        "$defs": definitions,
    }


def main():
    text = json.dumps(build(), indent=1, ensure_ascii=False) + "\n"
    if sys.argv[1:] == ["--check"]:
        with open(SCHEMA, encoding="utf-8") as file:
            if file.read() != text:
                print("docs/spec.schema.json is not what docs/make_spec_schema.py writes: run it")
                return 1
        return 0
    with open(SCHEMA, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
