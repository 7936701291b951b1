"""flowc lsp where things go wrong: bytes that are no text, files that come and go, storms, what nobody has open."""
import json
import os

import harness
from language_client import uri_of
from language_shop import CLIP, SHOP, LspTest

ASKED = ["hover", "definition", "references", "documentHighlight", "completion", "signatureHelp", "documentSymbol",
         "foldingRange", "semanticTokens/full", "inlayHint", "codeLens", "codeAction", "formatting", "prepareRename", "rename"]


class Trouble(LspTest):
    def ask_all(self, client, path, position=None):
        """Every request about a document; the answers' kinds, in the order of ASKED."""
        said = []
        for method in ASKED:
            place = position or {"line": 3, "character": 4}
            answer = client.finish(client.begin("textDocument/" + method, {
                "textDocument": {"uri": uri_of(path)}, "position": place, "newName": "other",
                "context": {"diagnostics": [], "includeDeclaration": True}, "options": {"tabSize": 2},
                "range": {"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}}}))
            said.append(answer["error"]["code"] if "error" in answer else "result")
        return said

    def fine(self, client):
        """It still knows what it knew."""
        if self.clip not in client.texts:
            client.open(self.clip, CLIP)
        client.replace(self.clip, CLIP)
        self.assertEqual(client.said_of(self.clip), [])
        self.assertIn("**part** `body`", client.ask("textDocument/hover", client.at(self.clip, "part body", 6))["contents"]["value"])

    def test_documents_that_nobody_opened(self):
        client = self.opened()
        for path in (self.shop, self.path("nothing.flow"), "/"):
            self.assertEqual(set(self.ask_all(client, path)), {-32602}, path)
        for uri in ("", "file:", "file://", "http://x/y.flow", "file:///%", "file:///%00%FF%C3", "a" * 100000):
            answer = client.finish(client.begin("textDocument/hover", {"textDocument": {"uri": uri},
                                                                       "position": {"line": 0, "character": 0}}))
            self.assertEqual(answer["error"]["code"], -32602, uri[:20])
        client.tell("textDocument/didClose", {"textDocument": {"uri": uri_of(self.shop)}})
        client.tell("textDocument/didChange", {"textDocument": {"uri": uri_of(self.shop), "version": 2},
                                               "contentChanges": [{"text": "x"}]})
        self.fine(client)

    def test_places_beyond_the_text(self):
        client = self.opened()
        for line, character in ((99999, 0), (0, 99999), (2**31 - 1, 2**31 - 1), (-1, -1), (2**53, 2**53)):
            said = self.ask_all(client, self.clip, {"line": line, "character": character})
            self.assertFalse({-32603, -32602} & set(said), (line, said))
        for place in ({}, None, "x", {"line": "a", "character": []}):
            answer = client.finish(client.begin("textDocument/hover", {"textDocument": {"uri": uri_of(self.clip)},
                                                                       "position": place}))
            self.assertTrue("result" in answer or answer["error"]["code"] == -32602)
        client.send_changes(self.clip, [{"range": {"start": {"line": 50, "character": 9}, "end": {"line": 2, "character": 0}},
                                         "text": ""}, {"range": {}, "text": "x"}, {"text": 5}, {}, "x"])
        self.fine(client)

    def test_bytes_that_are_no_text_in_files(self):
        with open(self.shop, "wb") as file:
            file.write(SHOP.encode().replace(b"Works", b"W\xc3\x28rks\xff"))
        client = self.started()
        client.open(self.clip)
        client.wait(lambda: client.diagnostics.get(uri_of(self.shop), (0, []))[1], "what is wrong with the shop's file")
        self.assertEqual(client.diagnostics[uri_of(self.shop)][1][0]["code"], "syntax")
        self.write("shop.flow", SHOP)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(self.shop), "type": 2}]})
        client.wait(lambda: not client.diagnostics[uri_of(self.clip)][1], "all clear")
        self.fine(client)

    def test_torn_characters(self):
        """Half of a pair, controls, NUL, lone surrogates between edits: as JSON escapes, which is how they come."""
        client = self.opened()
        for torn in ("\\ud83d", "\\ude00", "\\ud83d\\ud83d\\ude00", "\\u0000", "\\u0001", "\\ufeff", "\\u2028", "\\uffff"):
            body = json.dumps({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
                "textDocument": {"uri": uri_of(self.clip), "version": 50}, "contentChanges": [
                    {"range": {"start": {"line": 5, "character": 3}, "end": {"line": 5, "character": 3}}, "text": "TORN"}]}})
            body = body.replace("TORN", torn).encode()
            client.send_raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.ask_all(client, self.clip, {"line": 5, "character": 4})
            self.fine(client)

    @staticmethod
    def cpu_s(client):
        """What the server has taken of the processors so far: the machine may be busy."""
        with open(f"/proc/{client.process.pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e9

    def test_one_line_of_megabytes(self):
        client = self.started()
        for long in ("let a = " + "1 + " * 500000 + "1\n", "# " + "\U0001f600" * 1000000, '"' * 1000001, "{" * 1000000,
                     "let a = " + "(" * 300000, "x" * 3000000, "part p \"" + "{a}" * 100000 + "\" {"):
            client.open(self.clip, "edition 1\n" + long)
            began = self.cpu_s(client)
            client.said_of(self.clip)
            for method in ("hover", "completion", "documentSymbol", "semanticTokens/full", "foldingRange"):
                client.finish(client.begin("textDocument/" + method, client.of(
                    self.clip, position={"line": 1, "character": len(long) // 2})))
            self.assertLess(self.cpu_s(client) - began, 40 if harness.CHECKED else 8, long[:20])
            client.close(self.clip)
        client.texts.pop(self.clip)
        self.fine(client)

    def test_files_that_go_while_they_are_open(self):
        client = self.opened()
        os.remove(self.clip)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(self.clip), "type": 3}]})
        self.fine(client)
        client.open(self.shop)
        os.remove(self.shop)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(self.shop), "type": 3}]})
        self.fine(client)  # its text stands in for it
        client.close(self.shop)
        client.wait(lambda: "import_missing" in [one["code"] for one in client.diagnostics[uri_of(self.clip)][1]], "a file that is gone")
        client.close(self.clip)
        client.texts.pop(self.clip)
        client.wait(lambda: not client.diagnostics[uri_of(self.clip)][1], "all clear")
        self.assertEqual(client.ask("workspace/symbol", {"query": "body"}), [])
        self.write("shop.flow", SHOP)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(self.shop), "type": 1}]})
        self.fine(client)

    def test_a_folder_in_place_of_a_file(self):
        client = self.opened()
        os.remove(self.shop)
        os.mkdir(self.shop)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(self.shop), "type": 2}]})
        client.wait(lambda: client.diagnostics[uri_of(self.clip)][1], "what is wrong")
        os.rmdir(self.shop)
        self.write("shop.flow", SHOP)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(self.shop), "type": 2}]})
        self.fine(client)

    def test_a_storm_of_keys(self):
        """Thousands of changes at once, with requests between: the last text is what counts, and every answer comes."""
        client = self.opened()
        at = CLIP.index("mass        5 g") + len("mass        5 g")
        asked = []
        for number in range(3000):
            client.change(self.clip, [(at, at, "x")] if number % 2 == 0 else [(at, at + 1, "")])
            if number % 50 == 0:
                asked.append(client.begin("textDocument/completion", client.at(self.clip, "mass", 1)))
        self.assertEqual(client.said_of(self.clip), [])
        self.assertTrue(all("result" in client.finish(one) for one in asked))
        self.fine(client)

    def test_the_same_file_by_a_link(self):
        os.symlink(self.folder, self.path("link"))
        linked = self.path("link", "clip.flow")
        client = self.opened()
        client.open(linked, CLIP.replace("material    pla", "material    bench"))
        self.assertIn("wrong_kind", [one["code"] for one in client.said_of(linked)])
        self.assertEqual(client.said_of(self.clip), [])
        client.close(linked)
        self.fine(client)
