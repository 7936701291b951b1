"""What the tests of the language server share: a shop of two files, a client that was greeted, comparing with a fresh check."""
from harness import FlowcTest
from language_client import Client

SHOP = """edition 1
use std.processes

shop works "Works" {
  currency  USD
  week      40 h
}

role lead "Lead"

station bench "Bench" {
  rate  30 USD/h
}

machine mk4 "MK4" {
  process  fdm
  volume   250 x 210 x 220 mm
  rate     1 USD/h
}

material pla "PLA" {
  process  fdm
  cost     20 USD/kg
}

item box "Box" {
  kind  packaging
  cost  1 USD
}
"""

CLIP = """edition 1
use "shop.flow"

## How long one takes.
let minutes = 12 min

product clip "Clip" {
  number    "C-1"
  revision  A
  variant   size small, large
  contains  body x 1
}

part body "Body" {
  process     fdm
  material    pla
  print_time  by size: small -> 10 min, large -> minutes
  mass        5 g

  dimension bore  4.2 mm within 4.10 mm .. 4.50 mm  critical  gauge "Pin"
}

workflow clip {
  print plate "Print" {
    makes  body
    on     mk4
    plate  body x 4
    at     bench
    time   1 min
  }

  inspect screen "Screen" {
    at      bench
    sample  aql 4.0 level II
    check   body.bore
    check   count "All are there."
    time    20 s per sample
    reject -> scrap
  }

  pack wrap "Wrap" {
    at        bench
    contains  clip x 1
    consume   box x 1
    label     sku, batch
    time      30 s
  }

  ship out "Ship" {
    at    bench
    time  10 s
    cost  4 USD per order
    pass -> done
  }
}

price clip {
  sell    10 -> 20 USD, 100 -> 15 USD
  margin  at least 10%
}
"""


class LspTest(FlowcTest):
    """A shop of two files, and a client that was greeted."""

    encoding = "utf-16"

    def setUp(self):
        super().setUp()
        self.shop, self.clip = self.write("shop.flow", SHOP), self.write("clip.flow", CLIP)

    def client(self, **how):
        client = Client(self.folder, how.pop("encoding", self.encoding), **how)
        self.addCleanup(client.__exit__)
        return client

    def started(self, **how):
        client = self.client(**how)
        client.start()
        return client

    def opened(self, **how):
        """A client with clip.flow open and checked."""
        client = self.started(**how)
        client.open(self.clip)
        self.assertEqual(client.said_of(self.clip), [])
        return client

    def labels(self, client, path, above, text):
        """What completion offers where the text is written as lines of its own below a line."""
        before = client.texts[path]
        at = before.index(above) + len(above)
        client.change(path, [(at, at, text)])
        result = client.ask("textDocument/completion", client.of(path, position=client.place(client.texts[path],
                                                                                            at + len(text))))
        client.change(path, [(at, at + len(text), "")])
        self.assertEqual(client.texts[path], before)
        return [item["label"] for item in result["items"]]

    def applied(self, client, edit):
        """The texts of the files that a workspace edit changes, by path."""
        texts = {}
        for uri, edits in edit["changes"].items():
            path = uri[len("file://"):]
            if path not in client.texts:
                with open(path, encoding="utf-8") as file:
                    client.texts[path] = file.read()
            text = client.texts[path]
            places = sorted(((client.offset(text, one["range"]["start"]), client.offset(text, one["range"]["end"]),
                              one["newText"]) for one in edits), reverse=True)
            for begin, end, new in places:
                text = text[:begin] + new + text[end:]
            texts[path] = text
        return texts

    def fresh(self, path, text):
        """What `flowc check` says of the text, as the server would write it: (line, column, end, rule, message)."""
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return sorted((d["line"], d["column"], d["end_line"], d["end_column"], d["severity"], d["rule"], d["message"])
                      for d in self.flowc("check", "--format", "json", path).diagnostics() if d["file"] == path)

    def typed(self, client, path):
        """The same of what the server said."""
        text, said = client.texts[path], []
        lines = text.split("\n")
        for one in client.said_of(path):
            begin, end = one["range"]["start"], one["range"]["end"]
            columns = [self.column(client, lines[place["line"]], place["character"]) for place in (begin, end)]
            said.append((begin["line"] + 1, columns[0], end["line"] + 1, columns[1],
                         "error" if one["severity"] == 1 else "warning", one["code"], one["message"].split("\n")[0]))
        return sorted(said)

    @staticmethod
    def column(client, line, units):
        at = 0
        while client.units(line[:at]) < units:
            at += 1
        return at + 1
