#!/usr/bin/env python3
"""A printer's server that behaves as the real ones do (docs/printers.md), with faults on demand.

    printer.py octoprint|moonraker|prusalink [--port 0] [--key KEY] [--print-s 0.5] [--printers N]

The first line of output is the address (a line each with several printers). Faults are asked for at /double:
    POST /double/fault {"match": "select", "fault": "drop_after", "count": 1, "seconds": 0}
        `match` is part of "METHOD PATH BODY"; fault: drop_before, drop_after, slow, busy, 5xx, retry, huge, endless, garbage
    POST /double/do {"what": "start_other" | "pause" | "resume" | "finish" | "cancel" | "dismiss" | "forget" | "error" | "disconnect" | "hang_up"}
    POST /double/calm  no fault any more
    GET  /double  what really happened: starts of each file, how each print ended, jobs destroyed, the calls
"""
import argparse, base64, hashlib, json, re, socket, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


class Machine:
    """The truth: what is in hand and on the plate."""

    def __init__(self, print_s):
        self.print_s, self.lock = print_s, threading.RLock()
        self.state, self.file, self.ends, self.left = "idle", "", None, None
        self.files, self.starts, self.rows = {}, {}, {}
        self.prints = {}  # how each file ended, or that it has not: never forgotten
        self.job, self.destroyed, self.error, self.connected = 0, 0, "", True

    def turn(self):
        if self.state == "printing" and time.monotonic() >= self.ends:
            self.end("finished", "completed")

    def end(self, state, row):
        if self.state in ("printing", "paused"):
            self.state, self.rows[self.file] = state, row
            self.prints[self.file] = row

    def start(self, name):
        if self.state in ("printing", "paused"):
            self.destroyed += 1
            self.end("cancelled", "cancelled")
        self.job += 1
        self.state, self.file, self.ends = "printing", name, time.monotonic() + self.print_s
        self.starts[name] = self.starts.get(name, 0) + 1
        self.rows[name] = self.prints[name] = "in_progress"

    def pause(self):
        if self.state == "printing":
            self.state, self.left = "paused", self.ends - time.monotonic()

    def resume(self):
        if self.state == "paused":
            self.state, self.ends = "printing", time.monotonic() + self.left

    @property
    def busy(self):
        return self.state in ("printing", "paused")

    @property
    def heating(self):
        """The first half of a print, as in a real one's first minutes."""
        return self.busy and self.share < 0.5

    @property
    def share(self):
        left = self.left if self.state == "paused" else (self.ends or 0) - time.monotonic()
        return max(0.0, min(0.99, 1 - left / self.print_s)) if self.busy else 0.0

    def happen(self, what):
        if what == "start_other":
            self.start("other-%d.gcode" % (self.job + 1))
        elif what == "dismiss" and not self.busy:
            self.state = "idle"
        elif what == "forget":  # the server was killed, and with it what it knew
            if self.busy:
                self.prints[self.file] = "cancelled"
            self.state, self.file = "idle", ""
            self.rows = {}
        elif what == "error":
            self.end("error", "error")
            self.state, self.error = "error", "Thermal runaway; printer halted"
        elif what == "finish":
            self.end("finished", "completed")
        elif what == "disconnect":
            self.end("idle", "error")
            self.connected = not self.connected
        else:
            {"pause": self.pause, "resume": self.resume}.get(what, lambda: self.end("cancelled", "cancelled"))()


# ---- the three faces: each gives (status, body, headers) ----

def octoprint(machine, call):
    path, method = call.path, call.method
    if path == "/api/version":
        return 200, {"api": "0.1", "server": "1.11.8", "text": "OctoPrint 1.11.8"}
    if path == "/api/settings":
        return 200, {"webcam": {"snapshotUrl": call.server.camera}}
    if path == "/api/printerprofiles":
        return 200, {"profiles": {"_default": {"current": True, "extruder": {"nozzleDiameter": 0.4},
                                               "volume": {"width": 200.0, "depth": 200.0, "height": 180.0}}}}
    if path == "/plugin/appkeys/request":
        return 201, {"app_token": "TOKEN", "auth_dialog": "http://localhost/plugin/appkeys/auth/TOKEN"}
    if path == "/plugin/appkeys/request/TOKEN":  # the person says yes at the second asking
        call.server.asked += 1
        return (200, {"api_key": call.server.key}) if call.server.asked > 1 else (202, {"message": "Awaiting decision"})
    if path == "/api/job" and method == "GET":
        words = {"printing": "Printing", "paused": "Paused", "error": "Offline after error"}
        state = words.get(machine.state, "Operational") if machine.connected else "Offline"
        has = machine.file and machine.connected and machine.state != "error"
        done = {"finished": 100.0, "printing": machine.share * 100, "paused": machine.share * 100}
        body = {"job": {"file": {"path": machine.file if has else None}}, "state": state,
                "progress": {"completion": done.get(machine.state) if has else None, "printTimeLeft": None}}
        return 200, dict(body, **({"error": machine.error} if machine.error else {}))
    if path == "/api/printer":
        if not machine.connected:
            return 409, {"error": "Printer is not operational"}
        return 200, {"temperature": {"bed": {"actual": 60.1 - 39 * machine.heating, "offset": 0, "target": 60.0},
                                     "tool0": {"actual": 21.3, "offset": 0, "target": 0.0}}}
    if path == "/api/job":
        if not machine.busy:
            return 409, {"error": "Printer is neither printing nor paused"}
        order = call.json()
        machine.happen(order["action"] if order["command"] == "pause" else order["command"])
        return 204, None
    if path == "/api/files/local" and method == "POST":
        name, content = call.form_file()
        if name in machine.files and "noOverwrite" in call.form():
            return 409, {"error": "File already exists and noOverwrite was set"}
        machine.files[name] = content
        return 201, {"done": True, "effectivePrint": False, "effectiveSelect": False,
                     "files": {"local": {"name": name, "origin": "local", "path": name}}}
    name = unquote(path.rsplit("/", 1)[1])
    if name not in machine.files:
        return 404, {"error": "not found"}
    if method == "GET":
        body = {"name": name, "path": name, "size": len(machine.files[name]),
                "hash": hashlib.sha1(machine.files[name]).hexdigest()}
        row = machine.rows.get(name, "in_progress")
        if row != "in_progress":
            good = row == "completed"
            body["prints"] = {"success": int(good), "failure": int(not good), "last": {"success": good}}
        return 200, body
    if machine.busy or not machine.connected or machine.state == "error":
        return 409, {"error": "Printer is already printing, cannot select a new file"}
    machine.start(name)
    return 204, None


def moonraker(machine, call):
    def no(status, words):
        return status, {"error": {"code": status, "message": words, "traceback": "(python traceback)"}}
    path, query = call.path, parse_qs(call.query, keep_blank_values=True)
    name = query.get("filename", [""])[0]
    if path == "/server/files/upload":
        name, content = call.form_file()
        if name == machine.file and machine.busy:
            return no(403, "Forbidden")
        if call.form().get("checksum", "") not in ("", hashlib.sha256(content).hexdigest()):
            return no(422, "Unprocessable Entity")
        machine.files[name] = content
        return 201, {"action": "create_file", "item": {"path": name, "root": "gcodes", "size": len(content)},
                     "print_started": False, "print_queued": False}
    if path == "/server/files/metadata":
        if name not in machine.files:
            return no(404, "Metadata not available for <%s>" % name)
        return 200, {"result": {"size": len(machine.files[name]), "filename": name}}
    if path == "/server/webcams/list":
        return 200, {"result": {"webcams": [{"name": "a", "enabled": True, "snapshot_url": call.server.camera}]}}
    if path == "/server/history/list":
        rows = [{"filename": n, "status": s} for n, s in machine.rows.items()]
        return 200, {"result": {"count": len(rows), "jobs": rows[::-1]}}
    if not machine.connected:
        return no(503, "Klippy Host not connected")
    if path == "/printer/objects/query":
        words = {"idle": "standby", "finished": "complete", "error": "printing"}
        shut = machine.state == "error"
        return 200, {"result": {"status": {
            "pause_resume": {"is_paused": machine.state == "paused"},
            "toolhead": {"axis_minimum": [0.0, 0.0, 0.0, 0], "axis_maximum": [250.0, 210.0, 220.0, 0]},
            "configfile": {"settings": {"extruder": {"nozzle_diameter": 0.4}}},
            "webhooks": {"state": "shutdown" if shut else "ready",
                         "state_message": machine.error or "Printer is ready"},
            "print_stats": {"filename": machine.file, "print_duration": 1.0, "message": "",
                            "state": words.get(machine.state, machine.state)},
            "virtual_sdcard": {"progress": machine.share},
            "extruder": {"temperature": 21.3, "target": 0.0},
            "heater_bed": {"temperature": 60.1 - 39 * machine.heating, "target": 60.0 * machine.busy},
            "idle_timeout": {"state": "Printing" if machine.busy else "Ready"}}}}
    if path == "/printer/print/start":
        if machine.state == "error":
            return no(400, "Unknown")
        if machine.state == "printing":
            return no(400, "SD busy")
        if name not in machine.files:
            return no(400, "Unable to open file")
        machine.start(name)  # over a paused one as well
    else:
        machine.happen(path.rsplit("/", 1)[1])
    return 200, {"result": "ok"}


def prusalink(machine, call):
    path, method = call.path, call.method
    if path == "/api/v1/status":
        words = {"cancelled": "STOPPED"}
        body = {"printer": {"state": words.get(machine.state, machine.state.upper()),
                            "temp_nozzle": 21.3, "target_nozzle": 0.0,
                            "temp_bed": 60.1 - 39 * machine.heating, "target_bed": 60.0 * machine.busy}}
        if machine.busy:
            body["job"] = {"id": machine.job, "progress": int(machine.share * 100), "time_remaining": 60}
        return 200, body
    if path == "/api/v1/info":
        return 200, {"nozzle_diameter": 0.4, "mmu": False, "serial": "CZ0"}
    if path == "/api/v1/job":
        if not machine.busy:
            return 204, None
        return 200, {"id": machine.job, "state": machine.state.upper(),
                     "file": {"name": "FLOW~1.GCO", "display_name": machine.file, "path": "/usb"}}
    if path.startswith("/api/v1/job/"):
        parts = path.split("/")[4:]
        if parts[0] != str(machine.job) or not machine.busy:
            return 404, {"title": "Not found"}
        machine.happen(parts[1] if len(parts) > 1 else "cancel")
        return 204, None
    name = unquote(path.rsplit("/", 1)[1])
    if method == "PUT":
        if "Content-Length" not in call.headers:
            return 411, {}
        if name in machine.files and call.headers.get("Overwrite") != "?1":
            return 409, {"title": "File already exists"}
        machine.files[name] = call.body
        return 201, None
    if name not in machine.files:
        return 404, {}
    if method == "GET":
        return 200, {"name": "FLOW~1.GCO", "display_name": name, "size": len(machine.files[name])}
    if machine.busy or machine.state == "error":
        return 409, {"title": "Can't print right now"}
    machine.start(name)
    return 204, None


FACES = {"octoprint": octoprint, "moonraker": moonraker, "prusalink": prusalink}
DENIED = {"octoprint": 403, "moonraker": 401, "prusalink": 401}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a head waits 40 ms for its body

    def log_message(self, *_):
        pass

    def json(self):
        return json.loads(self.body or b"{}")

    def form_parts(self):
        boundary = re.search("boundary=(.*)", self.headers["Content-Type"]).group(1).strip('"').encode()
        for part in self.body.split(b"--" + boundary)[1:-1]:
            head, content = part[2:].split(b"\r\n\r\n", 1)
            yield head.decode(), content[:-2]

    def form(self):
        return {re.search(' name="(.*?)"', head).group(1): content.decode()
                for head, content in self.form_parts() if "filename=" not in head}

    def form_file(self):
        for head, content in self.form_parts():
            if "filename=" in head:
                return re.search('filename="(.*?)"', head).group(1), content
        raise ValueError("no file")

    def send(self, status, body, **headers):
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def send_picture(self):
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", "9")
        self.end_headers()
        self.wfile.write(self.server.picture)

    def websocket(self):
        """Tells who subscribed that the print's state changed, as Moonraker does; pings now and then."""
        self.close_connection = True
        proof = hashlib.sha1((self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode())
        self.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         b"Sec-WebSocket-Accept: " + base64.b64encode(proof.digest()) + b"\r\n\r\n")
        send = lambda kind, text: self.wfile.write(bytes([0x80 | kind, len(text)]) + text)
        head = self.rfile.read(8)  # 0x81, 0xFE, length in two bytes, mask
        asked = bytes(byte ^ head[4 + i % 4] for i, byte in enumerate(self.rfile.read(head[2] * 256 + head[3])))
        if json.loads(asked)["method"] != "printer.objects.subscribe":
            return
        machine, told = self.server.machine, None
        self.server.listeners += 1
        while not self.server.hangs_up.wait(0.05):
            with machine.lock:
                machine.turn()
                now = (machine.state, machine.file)
            if now != told:
                told = now
                send(9, b"ping")
                self.rfile.read(10)  # a pong, masked
                send(1, b'{"jsonrpc":"2.0","method":"notify_status_update","params":[{"print_stats":{}},1.5]}')
        self.server.listeners -= 1
        send(8, b"")

    def drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def digest_is_good(self):
        """RFC 2069, as Buddy printers want it: no qop, and so no cnonce."""
        given = self.headers.get("Authorization", "")
        field = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
        wanted = md5("%s:%s:%s" % (md5("maker:Printer API:" + self.server.key), field.get("nonce", ""),
                                   md5("%s:%s" % (self.command, self.target))))
        return given.startswith("Digest") and "qop" not in field and field.get("response") == wanted

    def knows_us(self):
        key = self.server.key
        if not key or self.headers.get("X-Api-Key") == key:
            return True
        return self.server.protocol == "prusalink" and self.digest_is_good()

    def fault(self):
        line = "%s %s %s" % (self.method, self.target, self.body[:200].decode("latin-1"))
        for fault in self.server.faults:
            if fault["count"] > 0 and fault["match"] in line:
                fault["count"] -= 1
                return fault
        return {"fault": ""}

    def torment(self, fault):
        """Faults that leave no ordinary answer; True where one of them was."""
        kind = fault["fault"]
        if kind == "drop_before":
            self.drop()
        elif kind in ("huge", "endless"):
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(40000 if kind == "huge" else 600):
                    self.wfile.write(b"[" * (32768 if kind == "huge" else 1))
                    time.sleep(0 if kind == "huge" else 0.1)
            except OSError:
                pass
            self.close_connection = True
        elif kind == "5xx":
            self.send(502, None)
        elif kind == "retry":
            self.send(503, None, Retry_After=str(fault.get("seconds", 2)))
        elif kind == "busy":
            self.send(409, {"error": "busy"})
        elif kind == "garbage":
            self.send(200, [1e308, {"state": ["\u001b[2J"]}])
        else:
            return False
        return True

    def handle_double(self):
        machine, server = self.server.machine, self.server
        asked = self.json()
        if self.path == "/double/fault":
            server.faults.append(dict({"count": 1, "seconds": 0}, **asked))
        elif self.path == "/double/calm":
            server.faults.clear()
        elif self.path == "/double/do":
            if asked["what"] == "hang_up":  # on those who listen
                server.hangs_up.set()
            else:
                machine.happen(asked["what"])
        self.send(200, {"starts": machine.starts, "prints": machine.prints, "destroyed": machine.destroyed, "state": machine.state,
                        "calls": server.calls, "listeners": server.listeners, "connections_at_most": server.most})

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        self.method, self.target = self.command, self.path
        cut = urlsplit(self.path)
        self.path, self.query = cut.path, cut.query
        with self.server.machine.lock:
            self.server.machine.turn()
            if self.path.startswith("/double"):
                return self.handle_double()
        self.server.calls.append("%s %s" % (self.method, self.target))
        public = self.path == "/camera" or self.path.startswith("/plugin/appkeys/")
        if not public and not self.knows_us():
            challenge = {"WWW_Authenticate": 'Digest realm="Printer API", nonce="0123456789abcdef", stale="false"'}
            return self.send(DENIED[self.server.protocol], {"error": "denied"},
                             **(challenge if self.server.protocol == "prusalink" else {}))
        fault = self.fault()
        if fault["fault"] == "slow":
            time.sleep(fault["seconds"])
        if self.torment(fault):
            return None
        if self.path == "/websocket" and self.server.protocol == "moonraker":
            return self.websocket()
        if self.path in ("/camera", "/api/v1/cameras/snap"):
            return self.send_picture()
        with self.server.machine.lock:
            self.server.machine.turn()
            status, body = FACES[self.server.protocol](self.server.machine, self)
        if fault["fault"] == "drop_after":
            return self.drop()
        return self.send(status, body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def setup(self):
        super().setup()
        with self.server.machine.lock:
            self.server.open += 1
            self.server.most = max(self.server.most, self.server.open)

    def finish(self):
        super().finish()
        with self.server.machine.lock:
            self.server.open -= 1


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, protocol, port, key, print_s):
        super().__init__(("127.0.0.1", port), Handler)
        self.protocol, self.key, self.machine = protocol, key, Machine(print_s)
        self.camera, self.picture, self.asked = self.address + "/camera", b"\xff\xd8\xffplate!", 0
        self.listeners, self.hangs_up = 0, threading.Event()
        self.faults, self.calls, self.open, self.most = [], [], 0, 0

    @property
    def address(self):
        return "http://127.0.0.1:%d" % self.server_address[1]

    def handle_error(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("protocol", choices=sorted(FACES))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default="")
    parser.add_argument("--print-s", type=float, default=0.5)
    parser.add_argument("--printers", type=int, default=1)
    options = parser.parse_args()
    servers = [Server(options.protocol, options.port, options.key, options.print_s)
               for _ in range(options.printers)]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    for server in servers:
        print(server.address, flush=True)
    servers[0].serve_forever()


if __name__ == "__main__":
    main()
