"""flowc lsp by a plain client of the protocol: completion, hover, navigation, outline, hints, fixes, formatting."""
import base64
import json
import os
import re
import shutil
import xml.etree.ElementTree

from harness import CONTRACT
from language_client import uri_of
from language_shop import CLIP, SHOP, LspTest


class Completion(LspTest):
    def test_what_may_be_written_where(self):
        client = self.opened()
        part, step, top = "mass        5 g\n", 'inspect screen "Screen" {\n', 'use "shop.flow"\n'
        cases = [
            (part, "  ", ["cycle", "layer", "dimension"], ["process", "sample", "makes"]),
            (part, "  lay", ["layer"], ["process"]),
            (part, "  material ", ["pla", "by size"], ["mk4", "bench", "body"]),
            (part, "  material by ", ["size"], ["pla"]),
            (part, "  material by size: ", ["small", "large"], ["pla"]),
            (part, "  material by size: small -> ", ["pla"], ["small", "bench"]),
            (part, "  layer 0.2 ", ["mm", "um"], ["kg", "min"]),
            (part, "  cycle 4 m", ["min"], ["mm"]),
            (part, "  tooling 4 ", ["USD"], ["USD/h"]),
            (part, "  programming 4 h ", ["at"], ["bench"]),
            (part, "  programming 4 h at ", ["bench"], ["mk4"]),
            (part, "  allow ", ["no_gauge", "unchecked_dimension"], ["syntax"]),
            (part, "  dimension w 3 mm ", ["+/-", "within", "critical", "gauge"], ["x"]),
            (step, "  check ", ["count", "body.bore"], ["mk4"]),
            (step, "  check body.", ["body.bore", "body.mass"], ["clip.number"]),
            (step, "  sample ", ["all", "aql", "zero"], []),
            (step, "  sample aql 1.0 level ", ["II", "S4"], ["all"]),
            (step, "  rework -> ", ["scrap", "plate", "screen"], ["bench", "body"]),
            (step, "  rework -> plate ", ["at most", "expect"], ["scrap"]),
            (step, "  time 1 min per ", ["unit", "sample", "body"], ["bench", "small"]),
            (step, "  only for ", ["small", "large"], ["by size"]),
            (step, "  ", ["pass", "rework", "sample", "check"], ["makes", "approve"]),
            (step, '  do "Turn {', ["minutes", "body", "size"], []),
            (step, '  do "Turn ', [], ["minutes", "tool"]),
            (step, '  do "Turn." { ', ["tool", "caution", "time"], ["sample"]),
            (step, "  # ", [], ["sample"]),
            ("contains  body x 1\n", "  spare ", ["body", "box"], ["pla"]),
            ("contains  body x 1\n", "  part ", [], ["number"]),
            (top, "", ["part", "product", "let", "use"], ["edition", "sample"]),
            (top, "use ", ["std.processes"], []),
            (top, 'use "', ["shop.flow", "clip.flow"], []),
            (top, "release ", ["clip"], ["body"]),
            ("label     sku, batch\n", "    label sku, ", ["qr", "size", "number"], []),
            ("sell    10 -> 20 USD, 100 -> 15 USD\n", "  run ", ["at least"], []),
        ]
        for above, text, wanted, unwanted in cases:
            labels = self.labels(client, self.clip, above, text)
            with self.subTest(text=text):
                self.assertLessEqual(set(wanted), set(labels))
                self.assertFalse(set(unwanted) & set(labels), labels)

    def test_blocks_as_snippets_check_clean_in_shape(self):
        client = self.opened()
        at = client.texts[self.clip].index("product clip")
        result = client.ask("textDocument/completion", client.of(self.clip, position=client.place(
            client.texts[self.clip], at)))
        part = next(item for item in result["items"] if item["label"] == "part")
        self.assertEqual(part["insertTextFormat"], 2)
        self.assertEqual(part["textEdit"]["newText"],
                         'part ${1:name} "${2:Title}" {\n  process   ${3:<process>}\n  material  ${4:<material>}\n  $0\n}')

    def test_no_snippets_for_an_editor_without(self):
        client = self.opened(capabilities={"textDocument": {}})
        at = client.texts[self.clip].index("product clip")
        result = client.ask("textDocument/completion", client.of(self.clip, position=client.place(
            client.texts[self.clip], at)))
        self.assertFalse([item for item in result["items"] if "$" in item["textEdit"]["newText"]])

    def test_files_of_a_folder(self):
        self.write("models/body.stl", "solid x\nendsolid x\n")
        client = self.opened()
        part = "mass        5 g\n"
        self.assertIn("models/", self.labels(client, self.clip, part, '  model "'))
        self.assertEqual(self.labels(client, self.clip, part, '  model "models/'), ["body.stl"])

    def test_signature_of_a_phrase(self):
        client = self.opened()
        at = client.texts[self.clip].index("time   1 min\n") + len("time   1 min")
        client.change(self.clip, [(at, at, " per ")])
        help_ = client.ask("textDocument/signatureHelp", client.of(self.clip, position=client.place(
            client.texts[self.clip], at + 5)))
        signature = help_["signatures"][0]
        self.assertEqual(signature["label"], "time <duration> [per <basis>]")
        begin, end = signature["parameters"][help_["activeParameter"]]["label"]
        self.assertEqual(signature["label"][begin:end], "<basis>")
        self.assertIsNone(client.ask("textDocument/signatureHelp", client.at(self.clip, "product clip")))


class Hover(LspTest):
    def hover(self, client, needle, inside=0):
        result = client.ask("textDocument/hover", client.at(self.clip, needle, inside))
        return result["contents"]["value"] if result else None

    def test_what_a_word_says(self):
        client = self.opened()
        for needle, inside, wanted in [
                ("process     fdm", 2, "How it is made. Required."),
                ("process     fdm", 13, "**process** `fdm`"),
                ("part body", 2, "A part: its model"),
                ("part body", 6, "**part** `body` — Body"),
                ("makes  body", 8, "```flow\npart body"),
                ("large -> minutes", 10, "How long one takes."),
                ("large -> minutes", 10, "= 12 min"),
                ("body.bore", 6, "From 4.1 to 4.5"),
                ("body.bore", 6, "Gauge: Pin"),
                ("4.2 mm", 1, "0.42 cm"),
                ("1 min\n", 1, "60 s"),
                ("12 min", 4, "0.2 h"),
                ("rate  30", 2, None),
                ("sell    10", 1, "Prices by quantity"),
                ("pack wrap", 6, "of its cost."),
                ("pack wrap", 6, "- labour 0.25"),
                ("reject -> scrap", 2, None)]:
            if needle not in CLIP:
                continue
            with self.subTest(needle=needle, inside=inside):
                said = self.hover(client, needle, inside)
                self.assertIn(wanted, said) if wanted else self.assertIsNone(said)

    def test_picture_of_a_part(self):
        folder = self.path("desk-hook")
        shutil.copytree(os.path.join(CONTRACT, "desk-hook"), folder)
        self.clip = os.path.join(folder, "desk_hook.flow")
        for options, wanted in (({"pictures": True}, 1), (None, 0)):
            client = self.started(options=options)
            client.open(self.clip)
            found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", self.hover(client, "part cap", 6))
            self.assertEqual(len(found), wanted)
            for one in found:
                drawn = xml.etree.ElementTree.fromstring(base64.b64decode(one))
                self.assertGreater(len(drawn[0]), 3)

    def test_rule_in_allow(self):
        client = self.started()
        client.open(self.clip, CLIP.replace("  mass        5 g\n", '  mass        5 g\n  allow no_gauge "No gauge."\n'))
        said = self.hover(client, "no_gauge", 3)
        self.assertIn("**rule** `no_gauge`", said)
        self.assertIn("no_gauge.md", said)


class Navigation(LspTest):
    def test_definition_over_files_and_std(self):
        client = self.opened()
        for needle, inside, file, text in [("makes  body", 8, "clip.flow", "body"), ("on     mk4", 8, "shop.flow", "mk4"),
                                           ("process     fdm", 13, "processes.flow", "fdm"),
                                           ("body.bore", 6, "clip.flow", "bore"),
                                           ("workflow clip", 10, "clip.flow", "clip"),
                                           ("by size: small", 4, "clip.flow", "size"),
                                           ("large -> minutes", 2, "clip.flow", "large"),
                                           ('use "shop.flow"', 7, "shop.flow", "")]:
            with self.subTest(needle=needle):
                found = client.ask("textDocument/definition", client.at(self.clip, needle, inside))
                path = found["uri"][len("file://"):]
                self.assertEqual(os.path.basename(path), file)
                with open(path, encoding="utf-8") as opened:
                    client.texts[path] = opened.read()
                self.assertEqual(client.slice(path, found["range"]), text)
        self.assertIsNone(client.ask("textDocument/definition", client.at(self.clip, "number")))

    def test_references_over_files(self):
        other = self.write("other.flow", CLIP.replace("clip", "pin").replace("C-1", "P-1"))
        client = self.opened()
        found = client.ask("textDocument/references", client.at(self.clip, "on     mk4", 8,
                                                                context={"includeDeclaration": True}))
        places = sorted((os.path.basename(one["uri"]), one["range"]["start"]["line"]) for one in found)
        line = CLIP[:CLIP.index("on     mk4")].count("\n")
        self.assertEqual(places, [("clip.flow", line), ("other.flow", line),
                                  ("shop.flow", SHOP[:SHOP.index("machine mk4")].count("\n"))])
        self.assertTrue(os.path.exists(other))
        found = client.ask("textDocument/references", client.at(self.clip, "part body", 6,
                                                                context={"includeDeclaration": False}))
        self.assertEqual(len(found), 4)  # contains, makes, plate, body.bore
        marks = client.ask("textDocument/documentHighlight", client.at(self.clip, "part body", 6))
        self.assertEqual({client.slice(self.clip, one["range"]) for one in marks}, {"body"})
        self.assertEqual(len(marks), 5)

    def test_rename(self):
        client = self.opened()
        ready = client.ask("textDocument/prepareRename", client.at(self.clip, "makes  body", 8))
        self.assertEqual(client.slice(self.clip, ready), "body")
        edit = client.ask("textDocument/rename", client.at(self.clip, "makes  body", 8, newName="shell"))
        new = self.applied(client, edit)[self.clip]
        self.assertEqual(new, re.sub(r"\bbody\b", "shell", CLIP))
        client.replace(self.clip, new)
        self.assertEqual(client.said_of(self.clip), [])
        edit = client.ask("textDocument/rename", client.at(self.clip, "bore  4.2", 1, newName="hole"))
        self.assertEqual(self.applied(client, edit)[self.clip], re.sub(r"\bbore\b", "hole", new))
        edit = client.ask("textDocument/rename", client.at(self.clip, "on     mk4", 8, newName="printer"))
        clip = client.ask("textDocument/rename", client.at(self.clip, "workflow clip", 10, newName="clasp"))
        self.assertEqual(self.applied(client, clip)[self.clip], re.sub(r"\bclip\b", "clasp", new))
        texts = self.applied(client, edit)
        self.assertEqual(texts[self.shop], SHOP.replace("mk4", "printer"))
        self.assertEqual(texts[self.clip], new.replace("mk4", "printer"))

    def test_rename_is_refused(self):
        client = self.started()
        client.open(self.clip, CLIP.replace("  dimension bore", "  dimension wide  9 mm +/- 1 mm\n  dimension bore"))
        for needle, inside, name, code in [("process     fdm", 13, "filament", -32803), ("makes  body", 8, "2x", -32602),
                                           ("makes  body", 8, "x", -32602), ("makes  body", 8, "pla", -32803),
                                           ("print plate", 7, "screen", -32803), ("bore  4.2", 1, "wide", -32803),
                                           ("number", 2, "name", -32803)]:
            answer = client.finish(client.begin("textDocument/rename",
                                                client.at(self.clip, needle, inside, newName=name)))
            self.assertEqual(answer["error"]["code"], code, (needle, name))
        for needle, inside, name in [("print plate", 7, "body"), ("bore  4.2", 1, "screen")]:
            answer = client.finish(client.begin("textDocument/rename",
                                                client.at(self.clip, needle, inside, newName=name)))
            self.assertEqual("error" in answer, name == "body", (needle, name))
        answer = client.finish(client.begin("textDocument/prepareRename", client.at(self.clip, "process     fdm", 13)))
        self.assertIn("processes.flow", answer["error"]["message"])


class Shape(LspTest):
    def test_outline(self):
        client = self.opened()
        symbols = client.ask("textDocument/documentSymbol", client.of(self.clip))
        self.assertEqual([one["name"] for one in symbols], ["minutes", "clip", "body", "clip", "clip"])
        self.assertEqual([one["name"] for one in symbols[2]["children"]], ["bore"])
        self.assertEqual([one["name"] for one in symbols[3]["children"]], ["plate", "screen", "wrap", "out"])
        for one in symbols:
            self.assertIn(client.slice(self.clip, one["selectionRange"]), client.slice(self.clip, one["range"]))
        self.assertTrue(client.slice(self.clip, symbols[2]["range"]).endswith("}"))

    def test_symbols_of_the_workspace(self):
        client = self.opened()
        names = [one["name"] for one in client.ask("workspace/symbol", {"query": "mk"})]
        self.assertEqual(names, ["mk4"])
        self.assertIn("screen", [one["name"] for one in client.ask("workspace/symbol", {"query": "scr"})])
        everything = [one["name"] for one in client.ask("workspace/symbol", {"query": ""})]
        self.assertNotIn("fdm", everything)

    def test_folding(self):
        client = self.opened()
        ranges = client.ask("textDocument/foldingRange", client.of(self.clip))
        lines = CLIP.split("\n")
        self.assertGreater(len(ranges), 7)
        for one in ranges:
            self.assertLess(one["startLine"], one["endLine"])
            self.assertTrue(lines[one["startLine"]].endswith("{"), lines[one["startLine"]])
            self.assertEqual(lines[one["endLine"] + 1].strip(), "}")

    def test_semantic_tokens(self):
        client = self.client()
        legend = client.start()["capabilities"]["semanticTokensProvider"]["legend"]
        client.open(self.clip)
        client.said_of(self.clip)
        data = client.ask("textDocument/semanticTokens/full", client.of(self.clip))["data"]
        found, line, start = {}, 0, 0
        for at in range(0, len(data), 5):
            line, start = line + data[at], data[at + 1] + (start if data[at] == 0 else 0)
            text = CLIP.split("\n")[line][start:start + data[at + 2]]
            found.setdefault(text, set()).add(legend["tokenTypes"][data[at + 3]])
        self.assertEqual({word: found[word] for word in ("part", "body", "process", "fdm", "plate", "minutes", "reject",
                                                        "mm", "4.2", '"Pin"', "bore", "small")},
                         {"part": {"keyword"}, "body": {"class"}, "process": {"property"}, "fdm": {"class"},
                          "plate": {"function", "property"}, "minutes": {"variable"}, "reject": {"event"},
                          "mm": {"type"}, "4.2": {"number"}, '"Pin"': {"string"},
                          "bore": {"property", "enumMember"}, "small": {"enumMember"}})

    def test_hints_and_lenses(self):
        client = self.opened()
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
        hints = client.ask("textDocument/inlayHint", client.of(self.clip, range=whole))
        texts = [one["label"] for one in hints]
        self.assertEqual(len([text for text in texts if text.startswith("costs ") and "margin from" in text]), 2, texts)
        self.assertIn("3 plates for 10", texts)
        line = CLIP[:CLIP.index("sell ")].count("\n")
        some = {"start": {"line": line, "character": 0}, "end": {"line": line + 1, "character": 0}}
        self.assertEqual([one["label"] for one in client.ask("textDocument/inlayHint", client.of(self.clip, range=some))],
                         [text for text in texts if text.startswith("costs")])
        self.assertTrue(any(re.match(r"n \d+, Ac \d+, Re \d+ of a lot of 10", text) for text in texts), texts)
        cost = json.loads(self.flowc("cost", self.clip, "--quantity", "10", "--format", "json").out)
        sheets = [one for one in (cost["products"] if "products" in cost else [cost])]
        self.assertTrue(sheets)
        lenses = client.ask("textDocument/codeLens", client.of(self.clip))
        self.assertEqual([one["command"]["command"] for one in lenses], ["flowc.build", "flowc.preview"])
        self.assertEqual(lenses[0]["command"]["arguments"], [uri_of(self.clip), "clip"])


class Changes(LspTest):
    def actions(self, client, needle, inside=0, **context):
        place = client.place(client.texts[self.clip], client.texts[self.clip].index(needle) + inside)
        return client.ask("textDocument/codeAction", client.of(
            self.clip, range={"start": place, "end": place}, context={"diagnostics": [], **context}))

    def test_quick_fix_likely_and_certain(self):
        client = self.started()
        client.open(self.clip, CLIP.replace("edition 1\n", "", 1).replace("mass ", "mas "))
        client.said_of(self.clip)
        fixes = self.actions(client, "mas ", 1)
        self.assertEqual([one["title"] for one in fixes if one["kind"] == "quickfix"], ["write `mass`"])
        self.assertNotIn("isPreferred", fixes[0])
        self.assertEqual(fixes[0]["diagnostics"][0]["code"], "unknown_field")
        certain = [one for one in self.actions(client, "use") if one.get("isPreferred")]
        self.assertEqual([one["title"] for one in certain], ["write `edition 1`"])
        client.replace(self.clip, self.applied(client, certain[0]["edit"])[self.clip])
        fixes = self.actions(client, "mas ", 1)
        client.replace(self.clip, self.applied(client, fixes[0]["edit"])[self.clip])
        self.assertEqual(client.said_of(self.clip), [])

    def test_fix_all_is_check_fix(self):
        text = CLIP.replace("edition 1\n", "", 1)
        client = self.started()
        client.open(self.clip, text)
        client.said_of(self.clip)
        actions = self.actions(client, "use", only=["source.fixAll"])
        self.assertEqual([one["kind"] for one in actions], ["source.fixAll.flowc"])
        self.write("clip.flow", text)
        self.flowc("check", "--fix", self.clip)
        self.assertEqual(self.applied(client, actions[0]["edit"])[self.clip], self.read("clip.flow").decode())

    def test_formatting_is_fmt(self):
        torn = CLIP.replace("  ", "      ").replace("number    ", "number ").replace("\n\n", "\n\n\n")
        client = self.started()
        client.open(self.clip, torn)
        edits = client.ask("textDocument/formatting", client.of(self.clip, options={"tabSize": 8}))
        self.write("clip.flow", torn)
        self.flowc("fmt", self.clip)
        self.assertEqual(self.applied(client, {"changes": {uri_of(self.clip): edits}})[self.clip],
                         self.read("clip.flow").decode())
        client.replace(self.clip, CLIP)
        self.assertEqual(client.ask("textDocument/formatting", client.of(self.clip, options={})), [])
        client.replace(self.clip, CLIP + "}")
        answer = client.finish(client.begin("textDocument/formatting", client.of(self.clip, options={})))
        self.assertEqual(answer["error"]["code"], -32803)
