#!/usr/bin/env python3
"""What `flowd printers` says of the real servers (tests/real/servers.py): test, snapshot, and a key by a person's yes.

    look.py --flowd PROGRAM
"""
import argparse, http.server, json, os, re, subprocess, sys, tempfile, threading, urllib.request

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402

PICTURE = b"\xff\xd8\xff\xe0" + b"a picture" * 1000


class Camera(http.server.BaseHTTPRequestHandler):
    seen = []

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.seen.append(dict(self.headers))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PICTURE)


class Look:
    def __init__(self, flowd, folder):
        self.flowd, self.folder, self.passed, self.failed = flowd, folder, 0, 0

    def hold(self, what, good, said=""):
        self.passed += bool(good)
        self.failed += not good
        print("%-4s %s%s" % ("ok" if good else "FAIL", what, "" if good else ":\n" + said), flush=True)

    def run(self, *arguments):
        result = subprocess.run([self.flowd, "printers", *arguments], cwd=self.folder, text=True, timeout=60,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        return result.returncode, result.stdout

    def farm(self, text):
        with open(os.path.join(self.folder, "farm.yaml"), "w") as file:
            file.write("printers:\n" + text)

    def look_at(self, server, camera):
        name = server.protocol
        status, said = self.run("test", name)
        self.hold(name + " test", status == 0 and "0.40 mm" in said and "200 x 200 x 200 mm" in said and
                  "pauses                     yes" in said and camera in said, said)
        Camera.seen.clear()
        status, said = self.run("snapshot", name, "-o", "picture")
        try:
            with open(os.path.join(self.folder, "picture"), "rb") as file:
                same = file.read() == PICTURE
        except FileNotFoundError:
            same = False
        self.hold(name + " snapshot", status == 0 and same, said)
        self.hold(name + " tells the camera no key", Camera.seen and "X-Api-Key" not in Camera.seen[0], str(Camera.seen))

    def fetch_key(self, server):
        """As a person: sees the request in OctoPrint's pages, and clicks."""
        os.remove(os.path.join(self.folder, "key"))
        process = subprocess.Popen([self.flowd, "printers", "key", "octoprint"], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.hold("octoprint key says what to click", "Allow" in process.stdout.readline() + process.stdout.readline())
        pending = servers.ask(server.address, "/api/plugin/appkeys") or {}
        token = next(iter(pending.get("pending", {"none": 0})))
        servers.ask(server.address, "/plugin/appkeys/decision/" + token, "POST", {"decision": True})
        rest = process.stdout.read()
        self.hold("octoprint key is fetched", process.wait() == 0 and "is in ./key" in rest or "is in key" in rest, rest)
        path = os.path.join(self.folder, "key")
        self.hold("octoprint key is secret", os.path.exists(path) and os.stat(path).st_mode & 0o777 == 0o600)
        status, said = self.run("test", "octoprint")
        self.hold("octoprint key is good", status == 0, said)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--flowd", required=True)
    options = parser.parse_args()
    kinds = [kind for kind in servers.KINDS if kind.is_there()]
    if not kinds:
        print("left out: the real servers are not here (FLOW_REAL, see tests/real/servers.py)\n0 passed, 0 failed")
        return 0
    camera = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    threading.Thread(target=camera.serve_forever, daemon=True).start()
    url = "http://localhost:%d/?action=snapshot" % camera.server_address[1]
    with tempfile.TemporaryDirectory(prefix="flow-look-") as folder:
        look = Look(os.path.abspath(options.flowd), folder)
        with open(os.path.join(folder, "key"), "w") as file:
            file.write(servers.KEY + "\n")
        running = [kind(os.path.join(folder, kind.protocol), url) for kind in kinds]
        look.farm("".join("  %s: {protocol: %s, address: %s, key_file: key}\n" % (server.protocol, server.protocol, server.address)
                          for server in running))
        try:
            for server in running:
                server.go()
            for server in running:
                server.wait()
                look.look_at(server, "127.0.0.1:%d" % camera.server_address[1])
                if server.protocol == "octoprint":
                    look.fetch_key(server)
        finally:
            for server in running:
                server.stop()
    print("%d passed, %d failed" % (look.passed, look.failed))
    return 1 if look.failed else 0


if __name__ == "__main__":
    sys.exit(main())
