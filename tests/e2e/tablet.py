"""A tablet at the bench: a Chromium that is touched, typed at and scanned at, and a line to the server that can be cut."""
import json
import socket
import threading
import time

from browser import Browser


class Relay:
    """A port before the server. `mode` is "on", "off" (nobody gets through, and who was through is cut off), or "deaf"
    (what is asked gets there, and no answer comes back)."""

    def __init__(self, port):
        self.target, self.mode, self.pairs, self.lock = port, "on", [], threading.Lock()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client = self.door.accept()[0]
            except OSError:
                return
            with self.lock:  # nobody slips through while it is cut
                if self.mode == "off":
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self.target))
                self.pairs.append((client, server))
            for source, drain, deaf in ((client, server, False), (server, client, True)):
                threading.Thread(target=self.carry, args=(source, drain, deaf), daemon=True).start()

    def carry(self, source, drain, from_server):
        try:
            while piece := source.recv(65536):
                if not (from_server and self.mode == "deaf"):
                    drain.sendall(piece)
        except OSError:
            pass
        for one in (source, drain):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def set(self, mode):
        with self.lock:
            self.mode = mode
            if mode != "off":  # deaf from now on; those that end it are cut off with their answers
                return
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for one in pair:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def cut_after_deaf(self):
        """The answers that were swallowed never come: their connections end."""
        self.set("off")
        self.mode = "on"

    def close(self):
        self.door.close()
        self.set("off")


class Tablet(Browser):
    """Signed in as a person at a tablet that is trusted."""

    def __init__(self, port, token=None, person=None, pin=None, width=1024, height=768):
        super().__init__(width, height)
        self.address = f"http://127.0.0.1:{port}"
        self.touches = 0
        self.go(self.address + "/")
        self.until("document.querySelector('#view h1')")
        if token:
            self.post("/session/tablet", {"token": token})
        if person:
            self.post("/session", {"person": person, "pin": pin})
        if token:
            self.reload()

    def until(self, expression):
        return super().until(f"!!({expression})")

    def post(self, path, body):
        status = self.value(f"""fetch('/api/v1{path}', {{method: 'POST', headers: {{'Content-Type': 'application/json', 'Flow-Page': '1'}},
            body: {json.dumps(json.dumps(body))}}}).then(answer => answer.status)""")
        if status != 200:
            raise AssertionError(f"{path}: {status}")

    def reload(self):
        self.value("window.stale = 1")
        self.call("Page.reload")
        self.until("!window.stale && document.querySelector('#view h1')")

    def show(self, place):
        self.value(f"location.hash = {json.dumps('#' + place)}")

    def wait_and_touch(self, selector):
        self.until(self.press(selector))
        self.touches += 1

    def touch(self, selector):
        """Touches what is there, if it is."""
        if self.value(self.press(selector)):
            self.touches += 1
        else:
            time.sleep(0.05)

    @staticmethod
    def press(selector):
        """Pressed in the moment in which it is looked for: a page that is drawn anew between the two would get the finger where
        something else is by then. Pressed is only what a finger can reach: what is seen, and lies under nothing else."""
        return f"""(() => {{ const there = document.querySelector({json.dumps(selector)});
            there?.scrollIntoView({{block: 'nearest'}});
            const box = there?.getBoundingClientRect();
            if (!box || !there.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))) return false;
            there.focus();
            there.click();
            return true }})()"""

    def where(self, selector, at, first=""):
        """A place of what is there, of its `box`; `there` may be asked for something first."""
        return super().until(f"""(() => {{ const there = document.querySelector({json.dumps(selector)});
            if (!there) return false;
            {first};
            const box = there.getBoundingClientRect();
            return [{at}] }})()""")

    def key(self, key, text=""):
        code = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32}.get(key, ord(key[0].upper()))
        extra = {"text": text or ("\r" if key == "Enter" else key if len(key) == 1 else "")}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **{k: v for k, v in extra.items() if v})
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def tab_to(self, focused, keys_at_most=100):
        """By Tab alone, until what has the focus is it."""
        for _ in range(keys_at_most):
            if self.value(focused):
                return
            self.key("Tab")
        raise AssertionError(f"Tab does not lead there: {focused}")

    def scan(self, text):
        """As a scanner types: fast, and Enter."""
        self.value(f"""for (const key of [...{json.dumps(text)}, 'Enter']) {{
            const event = new KeyboardEvent('keydown', {{key, bubbles: true, cancelable: true}});
            (document.activeElement ?? document.body).dispatchEvent(event) }}""")

    def enter(self, selector, text):
        """Typed, and sent as Enter sends it, to that field: what has the focus may change between two keys."""
        self.type(selector, text)
        self.until(f"""(() => {{ const field = document.querySelector({json.dumps(selector)});
            if (field?.value !== {json.dumps(text)}) return false;
            field.form.requestSubmit();
            return true }})()""")

    def type(self, selector, text):
        """Into a field, once it is there, and until it has it: what has the focus may change between two keys."""
        field = f"document.querySelector({json.dumps(selector)})"
        deadline = time.monotonic() + self.patience_s
        while time.monotonic() < deadline:
            self.until(f"{field} && ({field}.focus(), {field}.select(), document.activeElement === {field})")
            self.call("Input.insertText", text=text)
            if self.value(f"document.activeElement === {field} && {field}?.value === {json.dumps(text)}"):
                return
        raise AssertionError(f"cannot be typed into {selector}")

    def put(self, selector, text):
        """A reading into its field, at once: what is focused may change between two keys."""
        self.value(f"""(() => {{ const field = document.querySelector({json.dumps(selector)});
            if (!field) return;
            field.focus();
            field.value = {json.dumps(text)};
            field.dispatchEvent(new Event('input', {{bubbles: true}}));
            field.form.requestSubmit() }})()""")

    def waiting(self):
        return self.value("Number(document.querySelector('#status')?.dataset.waiting ?? -1)")


def settle(check, patience_s=120):
    deadline = time.monotonic() + patience_s
    while not check():
        if time.monotonic() > deadline:
            raise AssertionError("it never came to that")
        time.sleep(0.1)
