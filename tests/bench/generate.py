#!/usr/bin/env python3
"""Writes what the benchmarks read. Same arguments, same bytes.

usage: generate.py KIND LINES FOLDER

A KIND of file of about LINES lines is written into FOLDER, with what it needs beside it; prints its path:
    catalogue   one .flow with products of several shapes (products.py), its shop and its models
    product     one product, and beside it the shop file it uses
    folder      as many products as make the lines full, each in a file of its own in products/, and their shop
    mistakes    a catalogue in which every product has several mistakes
    siblings    one block with a great many entries: a product with a dimension a line
    list        one entry that lists a great many things
    errors      nothing but lines that cannot be read
    dts, jsonnet, proto   as much for dtc, jsonnet and protoc: products in their own notation
"""
import hashlib
import math
import os
import struct
import sys

import products
import shapes


# ---- models: tubes, closed, of a few hundred triangles ----

def tube(outer, inner, height, segments=48):
    """A binary STL of a tube, in millimetres."""
    def ring(radius, z):
        return [(radius * math.cos(2 * math.pi * i / segments), radius * math.sin(2 * math.pi * i / segments), z)
                for i in range(segments)]
    low_out, high_out, low_in, high_in = ring(outer, 0), ring(outer, height), ring(inner, 0), ring(inner, height)
    triangles = []
    for i in range(segments):
        j = (i + 1) % segments
        for a, b, c, d in ((low_out[i], low_out[j], high_out[j], high_out[i]),
                           (low_in[j], low_in[i], high_in[i], high_in[j]),
                           (high_out[i], high_out[j], high_in[j], high_in[i]),
                           (low_in[i], low_in[j], low_out[j], low_out[i])):
            triangles += [(a, b, c), (a, c, d)]
    facets = b"".join(struct.pack("<12fH", 0, 0, 0, *a, *b, *c, 0) for a, b, c in triangles)
    return b"tube".ljust(80) + struct.pack("<I", len(triangles)) + facets


def write_models(folder):
    """Six models; their SHA-256 by number."""
    os.makedirs(os.path.join(folder, "models"), exist_ok=True)
    pins = {}
    for number in range(1, 7):
        data = tube(20 + number, 8 + number, 10 + 2 * number)
        pins[number] = hashlib.sha256(data).hexdigest()
        with open(os.path.join(folder, "models", f"tube_{number}.stl"), "wb") as file:
            file.write(data)
    return pins


# ---- .flow ----

def fill(lines, begin, piece):
    """Pieces of text until there are that many lines."""
    text, count, index = [begin], begin.count("\n"), 0
    while count < lines:
        text.append(piece(index))
        count += text[-1].count("\n")
        index += 1
    return "".join(text)


def catalogue(lines, folder):
    pins = write_models(folder)
    return fill(lines, shapes.SHOP, lambda index: products.product(index, pins))


def product(lines, folder):
    """A kit with as many parts as make the lines full; its shop stands in shop.flow."""
    pins = write_models(folder)
    values = products.facts(0, pins)
    with open(os.path.join(folder, "shop.flow"), "w", encoding="utf-8") as file:
        file.write(shapes.SHOP + products.supplies(values))
    head = 'edition 1\nuse "shop.flow"\n'
    for parts in range(2, len(products.OBJECTS) + 1):
        text = head + products.kit(values, parts, False)
        if text.count("\n") >= lines:
            break
    return text


def folder_of_products(lines, folder):
    """Returns the shop; the products stand in files of their own."""
    pins = write_models(folder)
    os.makedirs(os.path.join(folder, "products"), exist_ok=True)
    count, index = 0, 0
    while count < lines:
        values = products.facts(index, pins)
        supplies = products.supplies(values)
        text = products.product(index, pins).replace(supplies, "", 1)
        uses = all(f"{one}_{values['group']}" in text for one in ("screw", "insert", "magnet"))
        text = 'edition 1\nuse "../shop.flow"\n' + supplies * uses + text.replace("models/", "../models/")
        with open(os.path.join(folder, "products", f"product_{index:05d}.flow"), "w", encoding="utf-8") as file:
            file.write(text)
        count += text.count("\n")
        index += 1
    return shapes.SHOP


MISTAKES = (
    ("    at     printing\n", "    at     printng\n"),        # unknown_name, with a suggestion to look for
    ("    time    8 s per unit\n", "    time    8 mm per unit\n"),
    ("    time    25 s per unit\n", "    tme     25 s per unit\n"),
    ("    yield   97%\n", "    yield   197%\n"),
    ("    record   spindle_speed rpm\n", "    record   spindle_speed rmp\n"),
    ("    reject -> quarantine\n", "    reject -> quarantaine\n"),
    ("  margin  at least 25%\n", "  margin  at least 25% )\n"),
)


def mistakes(lines, folder):
    pins = write_models(folder)

    def piece(index):
        text = products.product(index, pins)
        for right, wrong in MISTAKES:
            text = text.replace(right, wrong)
        return text
    return fill(lines, shapes.SHOP, piece)


def siblings(lines, _):
    text = ["edition 1\nuse std.processes\npart plate_of_holes \"Plate\" {\n  process cnc_mill\n"]
    for i in range(lines - 5):
        text.append(f"  dimension hole_{i} {4 + i % 40}.2 mm +/- 0.1 mm major gauge \"Pin gauge {i % 90}\"\n")
    return "".join(text) + "}\n"


def one_list(lines, _):
    """As many items, and a product that contains each of them on a line of its own, all one entry."""
    half = (lines - 20) // 2
    items = "".join(f"item piece_{i} \"Piece {i}\" {{ cost 0.0{1 + i % 9} USD }}\n" for i in range(half))
    listed = ",\n    ".join(f"piece_{i} x {1 + i % 4}" for i in range(half))
    return (f"edition 1\nshop s \"Shop\" {{ currency USD }}\nstation desk {{ rate 20 USD/h }}\n{items}"
            f"product bag \"Bag\" {{\n  number \"B-1\"\n  revision A\n  contains {listed}\n}}\n"
            f"workflow bag {{\n  inspect count {{ at desk; sample all; check count \"All there.\"; time 9 s per unit\n"
            f"    reject -> scrap }}\n  pack bag_it {{ at desk; contains bag x 1; label batch; time 9 s\n"
            f"    consume {listed} }}\n  ship out {{ at desk; cost 4 USD per order }}\n}}\n")


def errors(lines, _):
    return "edition 1\n" + "".join(f"item ) thing_{i} {{ cost {i % 7} $\n" for i in range(lines - 1))


# ---- the same for other tools ----

def facts_of(index):
    return products.facts(index, {1: "0" * 64, 2: "1" * 64, 6: "2" * 64})


def dts(lines, _):
    def piece(index):
        v = facts_of(index)
        steps = "".join(f"""
\t\tstep_{number} {{
\t\t\tstation = "{station}";
\t\t\ttime-s = <{v['fit_s'] + number}>;
\t\t\tsetup-s = <{60 * v['batch_min']}>;
\t\t\tyield-ppm = <{990000 - v['pull']}>; /* of a million */
\t\t\tdo = "Push the part in until it clicks", "tool {number}";
\t\t}};
""" for number, station in enumerate(("printing", "bench", "qc", "bench", "shipping")))
        return f"""
\t// {v['title']}
\t{v['name'].replace('_', '-')} {{
\t\tcompatible = "shop,kit";
\t\ttitle = "{v['title']}";
\t\tnumber = "TW-{v['id']}";
\t\trevision = "{v['revision']}";
\t\tsize-um = <{v['size']}200 200>;
\t\tmass-mg = <{v['small_g']}500 {v['large_g']}000>;
\t\tprint-min = <{v['small_min']} {v['large_min']}>;
\t\tsell-cents = <1 {v['price']}00 10 {v['price_10']}50 50 {v['price_50']}00>;
{steps}\t}};
"""
    return fill(lines - 3, "/dts-v1/;\n/ {\n", piece) + "};\n"


def jsonnet(lines, _):
    begin = "// Values that all products share.\nlocal rate = 24;\nlocal overhead = 9;\n{\n"

    def piece(index):
        v = facts_of(index)
        steps = "".join(f"""      {{
        name: 'step_{number}',
        station: '{station}',
        time_s: {v['fit_s'] + number},
        setup_s: 60 * {v['batch_min']},
        cost: rate * (self.time_s + self.setup_s) / 3600,  // labour
        text: 'Push the part in until it clicks',
      }},
""" for number, station in enumerate(("printing", "bench", "qc", "bench", "shipping")))
        return f"""  // {v['title']}
  {v['name']}: {{
    title: '{v['title']}',
    number: 'TW-{v['id']}',
    revision: '{v['revision']}',
    size_mm: {v['size']}.2,
    mass_g: {{ small: {v['small_g']}.5, large: {v['large_g']} }},
    print_min: {{ small: {v['small_min']}, large: {v['large_min']} }},
    sell: {{ '1': {v['price']}, '10': {v['price_10']}.5, '50': {v['price_50']} }},
    overhead_usd: overhead * {v['price']} / 100,
    steps: [
{steps}    ],
  }},

"""
    return fill(lines - 1, begin, piece) + "}\n"


def proto(lines, _):
    begin = 'syntax = "proto3";\npackage shop;\n\nmessage Quantity {\n  int64 number = 1;\n  string unit = 2;\n}\n'

    def piece(index):
        v = facts_of(index)
        name = "".join(word.capitalize() for word in v["name"].split("_"))
        steps = "".join(f"""
  message Step{number} {{
    string station = 1;  // {station}
    Quantity time = 2;
    Quantity setup = {3 + v['pull']};
    repeated string instructions = {8 + v['cent']};
  }}
""" for number, station in enumerate(("printing", "bench", "qc", "bench", "shipping")))
        return f"""
// {v['title']}
message {name} {{
  enum Size {{
    SMALL = 0;
    LARGE = {v['small_g']};
  }}
  string title = 1;
  string number = 2;  // TW-{v['id']}
  string revision = 3;
  Size size = 4;
  Quantity mass = {5 + v['pull']};
  map<string, Quantity> sell = {20 + v['size']};
{steps}
  repeated Step0 steps = 12;
}}
"""
    return fill(lines, begin, piece)


KINDS = {"catalogue": (catalogue, "catalogue.flow"), "product": (product, "product.flow"),
         "mistakes": (mistakes, "mistakes.flow"), "folder": (folder_of_products, "shop.flow"), "siblings": (siblings, "siblings.flow"),
         "list": (one_list, "list.flow"), "errors": (errors, "errors.flow"), "dts": (dts, "catalogue.dts"),
         "jsonnet": (jsonnet, "catalogue.jsonnet"), "proto": (proto, "catalogue.proto")}


def generate(kind, lines, folder):
    """Writes the file of a kind; its path and its number of lines."""
    make, name = KINDS[kind]
    os.makedirs(folder, exist_ok=True)
    text = make(lines, folder)
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path, text.count("\n")


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in KINDS or not sys.argv[2].isdigit():
        print(__doc__.strip(), file=sys.stderr)
        return 2
    path, lines = generate(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    print(f"{path}: {lines} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
