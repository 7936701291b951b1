"""flowc lsp by a plain client of the protocol: lifecycle, trouble on the wire, diagnostics, random edits, the specs of
shops. What a place in a text can be asked is in test_lsp_asking.py."""
import json
import os
import random
import re
import shutil

import harness
from harness import CONTRACT, TOP
from language_client import uri_of
from language_shop import CLIP, SHOP, LspTest


class Lifecycle(LspTest):
    def test_greeting_says_what_it_can(self):
        client = self.client(encoding="utf-8")
        answer = client.start()
        self.assertEqual(answer["serverInfo"]["name"], "flowc")
        can = answer["capabilities"]
        self.assertEqual(can["positionEncoding"], "utf-8")
        self.assertEqual(can["textDocumentSync"]["change"], 2)
        for name in ("hover", "definition", "references", "documentHighlight", "documentSymbol", "workspaceSymbol",
                     "foldingRange", "inlayHint", "documentFormatting", "completion", "codeLens", "rename",
                     "signatureHelp", "codeAction", "semanticTokens"):
            self.assertIn(name + "Provider", can)

    def test_every_method_of_the_table_answers(self):
        """A method that is promised has a handler, and a request without parameters is refused, not fatal."""
        with open(os.path.join(TOP, "compiler", "flowc", "lsp", "methods.c"), encoding="utf-8") as file:
            rows = re.findall(r'\{"([^"]+)", (true|false), ', file.read())
        self.assertGreater(len(rows), 20)
        client = self.opened()
        for name, notification in rows:
            if name in ("initialize", "shutdown"):
                continue
            if notification == "true":
                client.tell(name, {})
                continue
            answer = client.finish(client.begin(name, {}))
            self.assertTrue("result" in answer or answer["error"]["code"] == -32602, (name, answer))
        self.assertIn("result", client.finish(client.begin("shutdown", None)))

    def test_order_of_things(self):
        client = self.client()
        self.assertEqual(client.finish(client.begin("textDocument/hover", {}))["error"]["code"], -32002)
        client.start()
        self.assertEqual(client.finish(client.begin("initialize", {}))["error"]["code"], -32600)
        self.assertEqual(client.finish(client.begin("flow/nothing", {}))["error"]["code"], -32601)
        self.assertIsNone(client.ask("shutdown", None))
        self.assertEqual(client.finish(client.begin("textDocument/hover", {}))["error"]["code"], -32600)
        client.tell("exit", None)
        self.assertEqual(client.process.wait(120), 0)

    def test_exit_without_shutdown_and_an_editor_that_is_gone(self):
        client = self.started()
        client.tell("exit", None)
        self.assertEqual(client.process.wait(120), 1)
        client = self.started()
        client.process.stdin.close()
        self.assertEqual(client.process.wait(120), 1)

    def test_cancelled_request(self):
        client = self.opened()
        text = client.texts[self.clip]
        params = client.at(self.clip, "body x 1")
        hover = {"jsonrpc": "2.0", "id": 900, "method": "textDocument/hover", "params": params}
        cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 900}}
        raw = b""
        for message in (hover, cancel):
            body = json.dumps(message).encode()
            raw += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        client.send_raw(raw)
        self.assertEqual(client.finish(900)["error"]["code"], -32800)
        self.assertTrue(text)

    def test_wire_that_is_torn_goes_on(self):
        client = self.opened()
        for raw in (b"Content-Length: x\r\n\r\n", b"Content-Length: 3\r\n\r\n{]}", b"nonsense\r\n\r\n",
                    b"Content-Length: 2\r\n\r\n[]", b"content-length:4\n\nnull"):
            client.send_raw(raw)
        self.assertIsNotNone(client.ask("textDocument/hover", client.at(self.clip, "body x 1")))

    def test_half_a_character_in_json(self):
        client = self.opened()
        body = json.dumps({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": {"uri": uri_of(self.clip), "version": 7},
            "contentChanges": [{"text": "edition 1\n# HALF \U0001f600\nrole r \"R\"\n"}]}}).replace("HALF", "\\ud83d")
        client.send_raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body.encode()))
        client.texts[self.clip], client.versions[self.clip] = "edition 1\n", 7
        self.assertEqual(client.said_of(self.clip), [])


class Diagnostics(LspTest):
    def test_diagnostic_has_all_it_can_have(self):
        client = self.opened()
        at = client.texts[self.clip].index("material    pla")
        client.change(self.clip, [(at + 12, at + 15, "bench")])
        found = [one for one in client.said_of(self.clip) if one["code"] == "wrong_kind"]
        self.assertEqual(len(found), 1)
        self.assertEqual((found[0]["severity"], found[0]["source"]), (1, "flowc"))
        self.assertEqual(client.slice(self.clip, found[0]["range"]), "bench")
        related = found[0]["relatedInformation"][0]
        self.assertEqual((related["location"]["uri"], related["message"]), (uri_of(self.shop), "declared here"))
        page = found[0]["codeDescription"]["href"]
        self.assertTrue(page.endswith("/wrong_kind.md") and os.path.exists(page[len("file://"):]), page)

    def test_way_of_an_order_rule_and_unused_tag(self):
        client = self.opened()
        text = client.texts[self.clip]
        begin, end = text.index("  inspect screen"), text.index("  pack wrap")
        client.change(self.clip, [(begin, end, "")])
        said = {one["code"]: one for one in client.said_of(self.clip)}
        self.assertIn("late_screen", said)
        steps = [client.slice(self.clip, one["location"]["range"])
                 for one in said["late_screen"]["relatedInformation"]]
        self.assertTrue(any("plate" in step for step in steps), steps)
        client.replace(self.clip, CLIP.replace("large -> minutes", "large -> 12 min"))
        unused = [one for one in client.said_of(self.clip) if one["code"] == "unused_name"]
        self.assertEqual([one["tags"] for one in unused], [[1]])

    def test_unsaved_text_stands_over_the_saved_file(self):
        client = self.opened()
        client.open(self.shop, SHOP.replace("material pla", "material abs"))
        client.said_of(self.shop)
        client.wait(lambda: client.diagnostics[uri_of(self.clip)][1], "diagnostics of the file that uses it")
        self.assertEqual([one["code"] for one in client.diagnostics[uri_of(self.clip)][1]], ["unknown_name"])
        client.close(self.shop)
        client.wait(lambda: not client.diagnostics[uri_of(self.clip)][1], "all clear")

    def test_new_file_that_is_not_saved(self):
        client = self.started()
        client.open(self.clip, CLIP.replace('"shop.flow"', '"new.flow"'))
        self.assertIn("import_missing", [one["code"] for one in client.said_of(self.clip)])
        client.open(self.path("new.flow"), SHOP)
        client.wait(lambda: not client.diagnostics[uri_of(self.clip)][1], "all clear")

    def test_used_file_shows_what_its_users_say(self):
        client = self.started()
        client.open(self.shop, SHOP.replace("250 x 210 x 220 mm", "1 x 1 x 1 mm"))
        client.said_of(self.shop)
        self.write("clip.flow", CLIP.replace("pla", "nothing"))
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(self.clip), "type": 2}]})
        client.wait(lambda: client.diagnostics.get(uri_of(self.clip), (0, []))[1], "diagnostics of a closed file")
        client.close(self.shop)
        client.wait(lambda: not client.diagnostics[uri_of(self.clip)][1], "all clear")

    def test_yaml_is_seen_with_its_users_eyes(self):
        yaml = self.write("shelf.yaml", "item:\n  screw:\n    title: Screw\n    cost: 0.1 USD\n")
        self.write("clip.flow", CLIP.replace('use "shop.flow"', 'use "shop.flow"\nuse "shelf.yaml"'))
        client = self.started()
        client.open(self.clip)
        client.said_of(self.clip)
        client.open(yaml, "item:\n  screw:\n    title: Screw\n    cost: 0.1 m\n", "yaml")
        client.wait(lambda: client.diagnostics.get(uri_of(yaml), (0, []))[1], "diagnostics of the YAML file")
        self.assertEqual([one["code"] for one in client.diagnostics[uri_of(yaml)][1]], ["unit_mismatch"])
        self.assertIn("**item** `screw`", client.ask("textDocument/hover", client.at(yaml, "screw", 2))["contents"]["value"])
        self.assertEqual(client.ask("textDocument/completion", client.at(yaml, "screw"))["items"], [])

    def test_buffer_without_a_file(self):
        client = self.started()
        uri = "untitled:Untitled-1"
        client.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "flow", "version": 3,
                                                              "text": "role\n"}})
        client.wait(lambda: client.diagnostics.get(uri, (0,))[0] == 3, "diagnostics")
        self.assertIn("edition_missing", [one["code"] for one in client.diagnostics[uri][1]])

    def test_both_encodings_point_at_the_same_bytes(self):
        text = CLIP.replace('"Clip"', '"Clip \U0001f600 ä"').replace('number    "C-1"', 'nmber "ä\U0001f600" nmber')
        for encoding in ("utf-8", "utf-16"):
            client = self.started(encoding=encoding)
            client.open(self.clip, text)
            self.assertEqual(self.typed(client, self.clip), self.fresh(self.clip, text), encoding)


class Folders(LspTest):
    """A workspace of several folders, that come and go."""

    def folders(self, client, **event):
        client.tell("workspace/didChangeWorkspaceFolders", {"event": {
            name: [{"uri": uri_of(path), "name": os.path.basename(path)} for path in paths] for name, paths in event.items()}})

    def symbols(self, client):
        return {os.path.relpath(one["location"]["uri"][len("file://"):], self.folder)
                for one in client.ask("workspace/symbol", {"query": "tray"})}

    def test_folders_come_and_go(self):
        shelf, attic = (self.path(name) for name in ("shelf", "attic"))
        for name in ("shelf/one.flow", "shelf/rev1.2/two.flow", "attic/three.flow"):
            self.write(name, "edition 1\nuse std.processes\nrole tray \"Tray\"\nstation s { rate nothing }\n")
        os.symlink("..", os.path.join(shelf, "up"))
        os.symlink("../../shelf", os.path.join(shelf, "rev1.2", "round"))
        client = self.client()
        client.folder = shelf
        client.start()
        self.assertEqual(self.symbols(client), {"shelf/one.flow", "shelf/rev1.2/two.flow"})
        self.folders(client, added=[attic], removed=[])
        self.assertEqual(self.symbols(client), {"shelf/one.flow", "shelf/rev1.2/two.flow", "attic/three.flow"})
        one = os.path.join(shelf, "one.flow")
        client.open(one)
        self.assertTrue(client.said_of(one))
        self.folders(client, added=[], removed=[shelf])
        self.assertEqual(self.symbols(client), {"shelf/one.flow", "attic/three.flow"})  # it is open
        client.close(one)
        client.wait(lambda: not client.diagnostics[uri_of(one)][1], "all clear")
        self.assertEqual(self.symbols(client), {"attic/three.flow"})
        self.folders(client, added=[shelf], removed=[attic])
        self.assertEqual(self.symbols(client), {"shelf/one.flow", "shelf/rev1.2/two.flow"})


class Edits(LspTest):
    """Random incremental changes leave the server with what a fresh check says of the final text."""

    count = int(os.environ.get("FLOW_EDITS", "120"))
    pieces = ["{", "}", "(", ")", '"', '"""', ";", "\n", "\r\n", " ", ",", "->", "..", "x", "by size:", "at most", "#",
              "##", "1 mm", "5 min", "20%", "edition 1", "like", "let a = a\n", "part p {", "body", "clip", "screen",
              "sample aql 9", "{minutes}", "é", "\U0001f600", "\t", "use \"clip.flow\"\n", "reject -> scrap", "1e9 kg"]

    def edit(self, chance, text):
        begin = chance.randrange(len(text) + 1)
        how = chance.random()
        if how < 0.35:  # a key
            return begin, begin, chance.choice("abcdefxyz {}\n\".,0123456789#")
        if how < 0.6:
            return begin, begin, chance.choice(self.pieces)
        if how < 0.85:  # a piece goes
            return begin, min(len(text), begin + chance.randrange(1, 30)), ""
        lines = text.splitlines(True)
        if not lines:
            return 0, 0, "edition 1\n"
        at = chance.randrange(len(lines))
        begin = sum(map(len, lines[:at]))
        return begin, begin + len(lines[at]), chance.choice(["", lines[at] * 2, chance.choice(lines)])

    def test_random_edits_end_as_a_fresh_check(self):
        chance = random.Random(int(os.environ.get("FLOW_SEED", "20")))
        start = self.path("start.flow")
        for encoding in ("utf-8", "utf-16"):
            client = self.started(encoding=encoding)
            client.open(start, CLIP)
            sent = 0
            while sent < self.count // 2:
                if sent % 80 < 3 or len(client.texts[start]) > 6000:
                    client.replace(start, CLIP)
                edits, text = [], client.texts[start]
                for _ in range(chance.randrange(1, 4)):
                    begin, end, new = self.edit(chance, text)
                    edits.append((begin, end, new))
                    text = text[:begin] + new + text[end:]
                client.change(start, edits)
                sent += len(edits)
                self.assertEqual(client.texts[start], text)
                if "\r" in text.replace("\r\n", ""):
                    client.replace(start, text.replace("\r", ""))  # a line's end to editors, a blank to flowc
                self.assertEqual(self.typed(client, start), self.fresh(start, client.texts[start]),
                                 f"after {edits} in {client.texts[start]!r}")


class Contract(LspTest):
    def test_specs_of_shops_are_clean_and_every_word_can_be_asked(self):
        """The three specs a shop would write: every name's hover, definition and completion answers."""
        for folder, name in harness.contract_products():
            copied = self.path(folder)
            shutil.copytree(os.path.join(CONTRACT, folder), copied)
            path = os.path.join(copied, name)
            client = self.started()
            client.open(path)
            expected = self.fresh(path, client.texts[path])
            self.assertEqual(self.typed(client, path), expected)
            for match in list(re.finditer(r"\w+", client.texts[path]))[::7]:
                at = client.of(path, position=client.place(client.texts[path], match.start() + 1))
                for method in ("hover", "definition", "completion", "signatureHelp", "documentHighlight"):
                    client.ask("textDocument/" + method, at)
            client.__exit__()
