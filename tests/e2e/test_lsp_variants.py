"""flowc lsp on axes and cases of a variant, and on what the customer gives: find, go to, rename, hover."""
import os
import re

from language_client import uri_of
from language_shop import CLIP, SHOP, LspTest

# every place where the language takes an axis, a case, or what is asked with an order
RICH = (CLIP.replace("  variant   size small, large\n", "  variant   size small, large\n  variant   lid 8, \"10 mm\"\n"
                     "  variant   color red, blue\n  asks      engraving \"What it says\"\n  sku       \"C-{size}-{lid}-{color}\"\n")
        .replace("  mass        5 g\n", "  mass        (by  size: small -> 5 g,\n    large -> 6 g)\n"
                 "  layer       by lid: 8 -> 0.2 mm, \"10 mm\" -> 0.3 mm\n")
        .replace("plate  body x 4\n", "plate  body x 4\n    do     \"Choose {size} for {engraving}.\" { time 5 s }\n")
        .replace("  pack wrap", "  inspect look \"Look\" {\n    only for small, red\n    at bench\n    sample all\n"
                 "    check face \"No {color} spot over 0.2 mm.\"\n    time 20 s\n    reject -> scrap\n  }\n\n  pack wrap")
        .replace("label     sku, batch", "label     sku, batch, size, engraving")
        .replace("  sell    10 -> 20 USD, 100", "  sell for small, \"10 mm\"  10 -> 20 USD\n  sell    10 -> 21 USD, 100"))


class Variants(LspTest):
    def setUp(self):
        super().setUp()
        self.clip = self.write("clip.flow", RICH)
        self.client_ = self.started()
        self.client_.open(self.clip)
        self.assertEqual([one["code"] for one in self.client_.said_of(self.clip) if one["severity"] == 1], [])

    def places(self, needle, inside=0):
        found = self.client_.ask("textDocument/references", self.client_.at(
            self.clip, needle, inside, context={"includeDeclaration": True}))
        self.assertTrue(all(one["uri"] == uri_of(self.clip) for one in found))
        return sorted(self.client_.offset(RICH, one["range"]["start"]) for one in found)

    def words(self, word):
        """Where the word stands by itself, but for comments, prose and titles."""
        return [match.start() for match in re.finditer(rf"(?<![-.\w]){word}\b", RICH)]

    def test_all_places_from_each_place(self):
        for word, count in (("size", 6), ("small", 5), ("red", 2), ("color", 3), ("engraving", 3), ("lid", 3),
                            ("10 mm", 3)):
            where = self.words(word)
            self.assertEqual(len(where), count, word)
            for at in where:
                asked = self.client_.ask("textDocument/references", self.client_.of(
                    self.clip, position=self.client_.place(RICH, at + 1), context={"includeDeclaration": True}))
                self.assertEqual(sorted(self.client_.offset(RICH, one["range"]["start"]) for one in asked or []), where,
                                 (word, RICH[at - 20:at + 20]))

    def test_declaration_left_out_and_highlights(self):
        found = self.client_.ask("textDocument/references", self.client_.at(
            self.clip, "size small", 1, context={"includeDeclaration": False}))
        self.assertEqual(len(found), 5)
        marks = self.client_.ask("textDocument/documentHighlight", self.client_.at(self.clip, "{size}", 2))
        self.assertEqual({self.client_.slice(self.clip, one["range"]) for one in marks}, {"size"})

    def test_definition_and_hover(self):
        found = self.client_.ask("textDocument/definition", self.client_.at(self.clip, "only for small", 10))
        self.assertEqual(self.client_.offset(RICH, found["range"]["start"]), RICH.index("small, large"))
        said = self.client_.ask("textDocument/hover", self.client_.at(self.clip, "C-{size}", 4))["contents"]["value"]
        self.assertIn("variant   size small, large", said)

    def test_rename(self):
        for needle, inside, word, name in (("{color}", 2, "color", "paint"), ("only for small", 10, "small", "tiny"),
                                           ("label     sku, batch, size", 23, "size", "width"),
                                           ("sell for small, \"10 mm\"", 18, "10 mm", "wide"),
                                           ("by lid: 8", 8, "8", "narrow"), ("{engraving}", 3, "engraving", "words")):
            edit = self.client_.ask("textDocument/rename", self.client_.at(self.clip, needle, inside, newName=name))
            new = self.applied(self.client_, edit)[self.clip]
            self.assertEqual(new, re.sub(rf"(?<![-.\w]){word}\b", name, RICH), word)
            before = self.fresh(self.clip, RICH)
            after = self.fresh(self.clip, new)
            self.assertEqual([one[5] for one in before], [one[5] for one in after])

    def test_rename_is_refused(self):
        for needle, inside, name in (("size small", 1, "color"), ("size small", 1, "engraving"), ("size small", 1, "minutes"),
                                     ("size small", 1, "body"), ("size small", 5, "large"), ("size small", 5, "blue"),
                                     ("{engraving}", 3, "lid"), ("let minutes", 5, "size"), ("part body", 6, "color")):
            answer = self.client_.finish(self.client_.begin("textDocument/rename", self.client_.at(
                self.clip, needle, inside, newName=name)))
            self.assertEqual(answer.get("error", {}).get("code"), -32803, (needle, name))
        edit = self.client_.ask("textDocument/rename", self.client_.at(self.clip, "size small", 5, newName="pla"))
        self.assertTrue(edit["changes"])  # a case hides nothing


class Shared(LspTest):
    """A part that products of two files share varies by an axis of each: all of them are renamed together."""

    def test_what_stands_together_goes_together(self):
        head, part = CLIP.index("part body"), CLIP.index("workflow clip")
        body = CLIP[head:part].replace("large -> minutes", "large -> 12 min")
        self.write("shop.flow", SHOP + body)
        rest = (CLIP[:head] + CLIP[part:]).replace("## How long one takes.\nlet minutes = 12 min\n", "")
        self.clip = self.write("clip.flow", rest)
        pin = self.write("pin.flow", rest.replace("clip", "pin").replace("C-1", "P-1"))
        client = self.started()
        client.open(pin)
        self.assertEqual(client.said_of(pin), [])
        for word, name, needle in (("size", "length", "size small"), ("small", "short", "small, large")):
            edit = client.ask("textDocument/rename", client.at(pin, needle, 1, newName=name))
            texts = self.applied(client, edit)
            self.assertEqual({os.path.basename(path) for path in texts}, {"shop.flow", "clip.flow", "pin.flow"})
            for path, text in texts.items():
                with open(path, encoding="utf-8") as file:
                    self.assertEqual(text, re.sub(rf"\b{word}\b", name, file.read()), path)
