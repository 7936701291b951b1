"""flowc preview: a page on this machine that shows every output and follows the files, and hands out nothing else."""
import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import time
import unittest

import browser
import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_USAGE, FlowcTest

HOOK = os.path.join(CONTRACT, "desk-hook")
PATIENCE_S = 120


class Preview(FlowcTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(HOOK, self.path("shop"), ignore=shutil.ignore_patterns("cases"))
        self.spec = os.path.join("shop", "desk_hook.flow")
        self.text = self.read(self.spec).decode()
        os.mkdir(self.path("temporary"))

    def preview(self, *arguments, what=None):
        self.process = subprocess.Popen(
            [harness.FLOWC, "preview", what or self.spec, *arguments], cwd=self.folder, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
            env=dict(os.environ, LSAN_OPTIONS=harness.LEAKS, TMPDIR=self.path("temporary")))
        self.addCleanup(self.stop)
        self.assertTrue(select.select([self.process.stdout], [], [], PATIENCE_S)[0], "no address after all this time")
        self.address = self.process.stdout.readline().strip()
        self.assertRegex(self.address, r"^http://127\.0\.0\.1:\d+/$")
        self.port = int(self.address.split(":")[2].strip("/"))

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE_S)
        self.process.stdout.close()
        return status

    def ask(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, {"Host": f"127.0.0.1:{self.port}", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def state(self, wanted):
        """The state of the page, as soon as `wanted` is true of it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            state = json.loads(self.ask("/state.json")[2])
            if state and not state["working"] and wanted(state):
                return state
            time.sleep(0.05)
        raise AssertionError(f"never as it should be: {state}")

    def test_every_output(self):
        self.preview("-o", "out", "--port", "0")
        state = self.state(lambda s: s["products"])
        product = state["products"][0]
        names = {document["name"] for document in product["documents"]}
        self.assertEqual(names, set(os.listdir(self.path("out/desk_hook"))))
        self.assertLessEqual({"instructions.html", "diagram.svg", "packet.pdf", "labels.pdf", "forms.pdf",
                              "workbook.xlsx"}, names)
        for document in product["documents"]:
            status, headers, body = self.ask(f"/files/desk_hook/{document['name']}?v={document['version']}")
            self.assertEqual(status, 200)
            self.assertEqual(body, self.read(f"out/desk_hook/{document['name']}"))
            self.assertEqual(len(body), document["size"])
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Cache-Control"], "no-store")
        self.costs_are_those_of_flowc_cost(product["costs"])
        self.assertEqual(self.stop(signal.SIGINT), EXIT_CLEAN)
        self.assertTrue(os.path.exists(self.path("out/desk_hook/packet.pdf")))

    def costs_are_those_of_flowc_cost(self, costs):
        for sheet in costs["skus"][0]["sheets"]:
            done = self.flowc("cost", self.spec, "--quantity", sheet["quantity"], "--format", "json")
            one = json.loads(done.out)["costs"][0]
            self.assertEqual(one["sku"], costs["skus"][0]["sku"])
            for ours, theirs in ("unit", "unit_cost"), ("price", "price"), ("fees", "fees"):
                self.assertAlmostEqual(float(sheet[ours].split()[0]), float(one["per_unit"][theirs]), delta=0.0051)

    def test_it_follows_the_files(self):
        self.preview()
        before = self.state(lambda s: s["products"])["products"][0]
        events = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        events.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        got = self.until_event(events, b"")
        self.write(self.spec, self.text.replace("Magnetic desk hook", "Hook <b>&amp;"))
        self.until_event(events, got)
        events.close()
        after = self.state(lambda s: s["products"][0]["title"] == "Hook <b>&amp;")["products"][0]
        changed = {document["name"] for document in after["documents"] if document not in before["documents"]}
        self.assertIn("instructions.html", changed)
        self.write(self.spec, self.text + "nosuch thing { }\n")
        bad = self.state(lambda s: s["files"][0]["errors"] == 1)
        self.assertIn("nosuch", bad["files"][0]["findings"])
        self.assertEqual(bad["products"][0], after)  # the last good ones
        status, _, body = self.ask("/files/desk_hook/instructions.html")
        self.assertEqual(status, 200)
        self.assertIn(b"Hook &lt;b&gt;&amp;amp;", body)
        self.write(self.spec, self.text)
        again = self.state(lambda s: s["files"][0]["errors"] == 0)["products"][0]
        self.assertEqual(again, before)
        self.assertEqual(os.listdir(self.path("temporary")), [name for name in os.listdir(self.path("temporary"))
                                                              if name.startswith("flowc-preview-")])
        self.assertEqual(self.stop(), EXIT_CLEAN)
        self.assertEqual(os.listdir(self.path("temporary")), [])

    def until_event(self, events, before):
        got = b""
        while not re.search(rb"data: \d+", got):
            piece = events.recv(4096)
            self.assertTrue(piece, "the news ended")
            got += piece
        return before + got

    def test_errors_from_the_start(self):
        self.write(self.spec, self.text + "nosuch thing { }\n")
        self.preview()
        state = self.state(lambda s: s["files"])
        self.assertEqual((state["products"], state["files"][0]["errors"]), ([], 1))
        self.assertEqual(self.ask("/")[0], 200)

    def test_nothing_else_is_handed_out(self):
        self.write("out/desk_hook/secret.txt", "secret")
        self.preview("-o", "out")
        self.state(lambda s: s["products"])
        for path in ("/files/desk_hook/secret.txt", "/files/desk_hook/../../shop/desk_hook.flow", "/../../etc/passwd",
                     "/files/desk_hook/%2e%2e/%2e%2e/shop/desk_hook.flow", "//etc/passwd", "/etc/passwd",
                     "/files/desk_hook/", "/files/desk_hook/packet.pdf/",
                     "/files//desk_hook/packet.pdf", "/page.html", "/" + "a" * 3000):
            self.assertEqual(self.ask(path)[0], 404, path)
        for host in ("evil.example", f"evil.example:{self.port}", "127.0.0.1", "127.0.0.1:1",
                     f"127.0.0.1:{self.port}.evil.example", ""):
            for path in "/", "/state.json", "/files/desk_hook/packet.pdf", "/events":
                self.assertIn(self.ask(path, Host=host)[0], (400, 403), host)
        self.assertEqual(self.ask("/", Host=f"localhost:{self.port}")[0], 200)
        for method in "POST", "PUT", "DELETE", "OPTIONS":
            self.assertEqual(self.ask("/", method, b"x" * 100000)[0], 405, method)
        self.assertEqual(self.ask("/", "HEAD")[::2], (200, b""))
        for site in "cross-site", "same-site":
            headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
            self.assertEqual(self.ask("/files/desk_hook/packet.pdf", **headers)[0], 403)
        self.policies()
        self.hostile_bytes()
        self.assertEqual(self.ask("/")[0], 200)

    def policies(self):
        page = self.ask("/")[1]["Content-Security-Policy"]
        self.assertIn("default-src 'none'", page)
        self.assertNotIn("unsafe", page)
        document = self.ask("/files/desk_hook/instructions.html")[1]["Content-Security-Policy"]
        self.assertIn("default-src 'none'", document)
        self.assertNotIn("script-src", document)
        for name in "/", "/page.js", "/page.css", "/icon.svg":
            status, headers, body = self.ask(name)
            self.assertEqual(status, 200)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(re.findall(rb"(?<!xmlns=\")https?://[^\s\"']+", body), [], name)
        with open(f"/proc/{self.process.pid}/net/tcp", encoding="ascii") as file:
            here = [line.split()[1] for line in file if line.split()[1].endswith(f":{self.port:04X}")]
        self.assertTrue(here)
        for address in here:
            self.assertTrue(address.startswith("0100007F:"), "it listens to others")

    def hostile_bytes(self):
        for rubbish in (b"\0" * 5000, b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"GET " + b"/" * 100000,
                        b"GET / HTTP/1.1\r\nHost: " + b"a" * 100000 + b"\r\n\r\n", b"\r\n" * 3000, b"GET"):
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                try:
                    connection.sendall(rubbish)
                    connection.shutdown(socket.SHUT_WR)
                    answer = connection.recv(200)
                except OSError:
                    continue
                self.assertNotIn(b" 200 ", answer.split(b"\r\n")[0], rubbish[:30])

    def test_many_pages(self):
        self.preview()
        self.state(lambda s: s["products"])
        pages = []
        for _ in range(70):
            page = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
            page.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
            pages.append(page)
        for page in pages:
            page.close()
        self.write(self.spec, self.text + "\n# again\n")  # those who left are found out
        deadline = time.monotonic() + PATIENCE_S
        answered = 0
        while answered != 200 and time.monotonic() < deadline:
            try:
                answered = self.ask("/state.json")[0]
            except (OSError, http.client.HTTPException):  # a connection that is closed at once
                time.sleep(0.1)
        self.assertEqual(answered, 200)

    def test_the_command_line(self):
        for arguments in ([], ["-"], [self.spec, "--port", "65536"], [self.spec, "--port", "x"], [self.spec, "--jobs", "0"],
                          [self.spec, "--paper", "a5"]):
            self.ends(self.flowc("preview", *arguments), EXIT_USAGE)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            done = self.flowc("preview", self.spec, "--port", str(taken.getsockname()[1]))
            self.ends(done, EXIT_ENVIRONMENT)
            self.assertIn("cannot be used", done.err)
            self.assertEqual(len(done.err.splitlines()), 1, done.err)
        os.makedirs(self.path("empty"))
        self.ends(self.flowc("preview", "empty"), EXIT_ENVIRONMENT)

    def test_everybody_is_told_to_end(self):
        """As Ctrl-C and a service manager do: the signal comes to both processes, and to either first."""
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([harness.FLOWC, "preview", self.spec], cwd=self.folder, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, start_new_session=True,
                                       env=dict(os.environ, LSAN_OPTIONS=harness.LEAKS, TMPDIR=self.path("temporary")))
            self.addCleanup(process.kill)
            process.stdout.readline()
            os.killpg(process.pid, number)
            self.assertNotIn("died", process.communicate(timeout=PATIENCE_S)[1])
            self.assertEqual(process.returncode, EXIT_CLEAN)
            self.assertEqual(os.listdir(self.path("temporary")), [])

    def test_open(self):
        self.write("bin/xdg-open", f"#!/bin/sh\necho \"$1\" > '{self.path('opened')}'\n")
        os.chmod(self.path("bin/xdg-open"), 0o755)
        before = os.environ["PATH"]
        os.environ["PATH"] = self.path("bin") + ":" + before
        try:
            self.preview("--open")
        finally:
            os.environ["PATH"] = before
        deadline = time.monotonic() + PATIENCE_S
        while not (os.path.exists(self.path("opened")) and self.read("opened")) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(self.read("opened").decode().strip(), self.address)

    @unittest.skipUnless(browser.PROGRAM, "no chromium")
    def test_in_a_browser(self):
        """Every tab, on a desk and on a phone; a document that changes is shown anew, errors stand on the page."""
        self.preview()
        self.state(lambda s: s["products"])
        for width in 1280, 360:
            self.write(self.spec, self.text)
            page = browser.Browser(width)
            try:
                self.look(page, width)
            finally:
                page.close()

    def look(self, page, width):
        page.go(self.address)
        page.until("document.querySelectorAll('#tabs button').length > 1")
        tabs = page.value("[...document.querySelectorAll('#tabs button')].map(b => b.id.slice(4))")
        self.assertEqual(tabs, "instructions diagram packet labels forms costs files findings".split())
        for tab in tabs:
            page.value(f"document.getElementById('tab-{tab}').click()")
            page.until(f"document.getElementById('tab-{tab}').getAttribute('aria-selected') === 'true'")
            page.until("document.querySelector('#content').firstElementChild !== null")
            self.assertEqual(page.value("document.documentElement.scrollWidth"), width, tab)
            box = page.value("(r => [r.left, r.right])(document.querySelector('[aria-selected=true]')"
                             ".getBoundingClientRect())")
            self.assertTrue(-1 <= box[0] and box[1] <= width + 1, (tab, box))
        page.value("document.getElementById('tab-instructions').click()")
        frame = "document.querySelector('iframe')?.contentDocument?.body?.innerText"
        page.until(f"{frame}?.includes('Magnetic desk hook')")
        self.write(self.spec, self.text.replace("Magnetic desk hook", "Hook of the page"))
        page.until(f"{frame}?.includes('Hook of the page') && document.title.includes('Hook of the page')")
        self.write(self.spec, self.text + "nosuch thing { }\n")
        page.until("!document.getElementById('banner').hidden")
        page.value("document.querySelector('#banner button').click()")
        page.until("document.querySelector('pre .c31') && document.querySelector('pre').innerText.includes('nosuch')")
        self.write(self.spec, self.text)
        page.until("document.getElementById('banner').hidden")
        page.value("document.getElementById('tab-costs').click()")
        page.until("document.querySelector('td') && document.querySelector('table').innerText.includes('a unit costs')")
