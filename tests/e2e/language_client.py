"""A plain client of the language server: messages over pipes, a text kept as an editor keeps it."""
import json
import os
import queue
import subprocess
import threading
import urllib.parse

import harness


def uri_of(path):
    return "file://" + urllib.parse.quote(path)


class Client:
    """Starts `flowc lsp`; use as a context manager. Answers of the server are read by a thread."""

    def __init__(self, folder, encoding="utf-16", capabilities=None, limit_s=120, options=None):
        self.encoding, self.limit_s = encoding, limit_s
        self.folder, self.options, self.next_id = folder, options, 0
        self.texts, self.versions = {}, {}
        self.answers, self.said = {}, queue.Queue()
        self.diagnostics = {}  # uri -> (version, list)
        self.requests = []  # of the server's own
        self.changed = threading.Condition()
        self.ended = False
        environment = {**os.environ}
        environment.setdefault("LSAN_OPTIONS", harness.LEAKS)
        self.process = subprocess.Popen([harness.FLOWC, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, cwd=folder, env=environment)
        self.errors = []
        threading.Thread(target=self.read_errors, daemon=True).start()
        threading.Thread(target=self.read_all, daemon=True).start()
        self.capabilities = {"general": {"positionEncodings": [encoding, "utf-16"]},
                             "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}},
                             **(capabilities or {})}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except OSError:
                pass

    def start(self):
        answer = self.ask("initialize", {"processId": os.getpid(), "rootUri": uri_of(self.folder),
                                         "workspaceFolders": [{"uri": uri_of(self.folder), "name": "shop"}],
                                         "initializationOptions": self.options,
                                         "capabilities": self.capabilities})
        self.tell("initialized", {})
        return answer

    # ---- messages ----

    def read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))

    def read_all(self):
        stream = self.process.stdout
        while True:
            length = None
            while True:
                line = stream.readline()
                if not line:
                    with self.changed:
                        self.ended = True
                        self.changed.notify_all()
                    return
                if line == b"\r\n":
                    break
                name, _, value = line.decode().partition(":")
                if name.lower() == "content-length":
                    length = int(value)
            self.take(json.loads(stream.read(length)))

    def take(self, message):
        with self.changed:
            if "method" in message and "id" in message:
                self.requests.append(message)
                self.send({"id": message["id"], "result": None})
            elif message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                self.diagnostics[params["uri"]] = (params.get("version"), params["diagnostics"])
            elif "id" in message:
                self.answers[message["id"]] = message
            self.changed.notify_all()

    def send_raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        self.send_raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def begin(self, method, params):
        self.next_id += 1
        self.send({"id": self.next_id, "method": method, "params": params})
        return self.next_id

    def wait(self, ready, what):
        with self.changed:
            if not self.changed.wait_for(lambda: ready() or self.ended, self.limit_s) or not ready():
                raise AssertionError(f"no {what} came; {''.join(self.errors)[-3000:]}")

    def finish(self, number):
        """The whole answer to a request that was begun."""
        self.wait(lambda: number in self.answers, f"answer {number}")
        return self.answers.pop(number)

    def ask(self, method, params):
        answer = self.finish(self.begin(method, params))
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    # ---- texts ----

    def units(self, text):
        return len(text.encode("utf-8")) if self.encoding == "utf-8" else len(text.encode("utf-16-le")) // 2

    def place(self, text, offset):
        before = text[:offset]
        line = before.count("\n")
        return {"line": line, "character": self.units(before[before.rfind("\n") + 1:])}

    def offset(self, text, place):
        begin = 0
        for _ in range(place["line"]):
            begin = text.index("\n", begin) + 1
        at = begin
        while self.units(text[begin:at]) < place["character"]:
            at += 1
        return at

    def slice(self, path, span):
        """The text of a range."""
        text = self.texts[path]
        return text[self.offset(text, span["start"]):self.offset(text, span["end"])]

    def open(self, path, text=None, language="flow"):
        if text is None:
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read()
        self.texts[path], self.versions[path] = text, 1
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri_of(path), "languageId": language,
                                                            "version": 1, "text": text}})

    def change(self, path, edits):
        """Edits are (begin, end, text), each of the text after the one before."""
        changes = []
        for begin, end, new in edits:
            text = self.texts[path]
            changes.append({"range": {"start": self.place(text, begin), "end": self.place(text, end)}, "text": new})
            self.texts[path] = text[:begin] + new + text[end:]
        self.send_changes(path, changes)

    def replace(self, path, text):
        self.texts[path] = text
        self.send_changes(path, [{"text": text}])

    def send_changes(self, path, changes):
        self.versions[path] += 1
        self.tell("textDocument/didChange", {"textDocument": {"uri": uri_of(path), "version": self.versions[path]},
                                             "contentChanges": changes})

    def close(self, path):
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri_of(path)}})

    def said_of(self, path):
        """The diagnostics of the text as it is now."""
        uri, version = uri_of(path), self.versions[path]
        self.wait(lambda: self.diagnostics.get(uri, (None, None))[0] == version, f"diagnostics of version {version}")
        return self.diagnostics[uri][1]

    def at(self, path, needle, inside=0, **more):
        """Parameters of a request at a place: `inside` characters behind the begin of the needle."""
        text = self.texts[path]
        return {"textDocument": {"uri": uri_of(path)}, "position": self.place(text, text.index(needle) + inside),
                **more}

    def of(self, path, **more):
        return {"textDocument": {"uri": uri_of(path)}, **more}
