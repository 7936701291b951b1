"""A shop with its server, as a program meets it."""
import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import threading
import time
import uuid

import harness
from test_flowd import Shop

PATIENCE_S = 120


def new_id():
    """A UUIDv7: commands come in the order of their making."""
    value = (int(time.time() * 1000) << 80) | (uuid.uuid4().int & ((1 << 80) - 1))
    value = (value & ~(0xF << 76)) | (7 << 76)
    return str(uuid.UUID(int=(value & ~(3 << 62)) | (2 << 62)))


class Stream:
    """Server-sent events, read by a thread of its own."""

    def __init__(self, connection, answer):
        self.connection, self.answer, self.events, self.ended = connection, answer, [], False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        event = {}
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if not name and event:
                    self.events.append(event)
                    event = {}
                elif name in ("id", "event", "data"):
                    event[name] = value
        except (OSError, ValueError, AttributeError, http.client.HTTPException):  # cut off, or closed by the test
            pass
        self.ended = True

    def wait(self, wanted):
        deadline = time.monotonic() + PATIENCE_S
        while not wanted(self):
            if time.monotonic() > deadline:
                raise AssertionError(f"never came; there are {self.events[-3:]}")
            time.sleep(0.01)


class Served(Shop):
    """The shop of test_flowd, served at a free port; `self.token` is anna's. SETTINGS are of the server's environment."""

    SETTINGS = {}

    def setUp(self):
        super().setUp()
        self.token = self.done("token", "issue", "anna", "tests").out.strip()

    def serve(self, *arguments, listen="127.0.0.1:0"):
        program = os.path.join(os.path.dirname(harness.FLOWC), "flowd")
        self.process = subprocess.Popen(
            [program, "serve", "--shop", "shop", "--listen", listen, *arguments], cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=dict(os.environ, LSAN_OPTIONS=harness.LEAKS, **self.SETTINGS))
        self.addCleanup(self.stop)
        self.address = self.process.stdout.readline().strip()
        match = re.match(r"^https?://(.+):(\d+)/$", self.address)
        self.assertTrue(match, self.address)
        self.port = int(match[2])

    def stop(self, number=signal.SIGTERM):
        """Ends the server; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE_S)
        self.process.stdout.close()
        self.process.stderr.close()
        return status

    def connect(self):
        if self.address.startswith("https"):
            context = ssl.create_default_context(cafile=self.path("cert.pem"))
            return http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE_S,
                                               context=context)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def ask(self, path, method="GET", body=None, token=None, connection=None, **headers):
        """Status, headers, body."""
        own = connection or self.connect()
        values = {"Authorization": f"Bearer {token or self.token}"}
        if body is not None:
            values["Content-Type"] = "application/json"
        values.update({name.replace("_", "-"): value for name, value in headers.items()})
        try:
            own.request(method, path, body, {k: v for k, v in values.items() if v})
            answer = own.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            if not connection:
                own.close()

    def get(self, path, **how):
        """What is read there, as JSON; it must be there."""
        status, _, body = self.ask("/api/v1" + path, **how)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def command(self, command, **how):
        """Status and answer of a command; it gets an id where it has none."""
        body = json.dumps({"id": new_id(), **command} if isinstance(command, dict) else command)
        status, _, answer = self.ask("/api/v1/commands", "POST", body.encode(), **how)
        return status, json.loads(answer)

    def follow(self, query="", **headers):
        connection = self.connect()
        connection.request("GET", "/api/v1/events/stream" + query, headers={
            "Authorization": f"Bearer {self.token}", **headers})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        return Stream(connection, answer)
