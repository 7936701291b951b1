#!/usr/bin/env python3
"""A Bambu Lab printer in LAN mode: a real mosquitto (TLS) and a real vsftpd (implicit TLS, its sessions continued), and between them
a printer that behaves as docs/printers.md says; faults on demand.

    bambu.py [--serial SERIAL] [--code CODE] [--print-s 0.5] [--accept-s 0.3] [--slow-files]

Needs root (vsftpd does). The first line of output is JSON: host, port, files_port, certificate_file, address (of /double). There:
    POST /double/fault {"fault": "deaf" | "mute" | "late" | "cut_upload" | "kill_before" | "kill_after", "count": 1, "seconds": 1}
        of the next start: never carried out; nothing more is said for that long; carried out that much later; the connections
        are cut before or after it is carried out. cut_upload: files are, in the middle of one.
    POST /double/do {"what": as with printer.py, or "signed_only", "garbage", "stop_brokers", "start_brokers", "repeat"}
    GET  /double  what really happened: starts of each file, jobs destroyed, the messages that came
"""
import argparse, hashlib, json, os, random, shutil, signal, socket, subprocess, sys, tempfile, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from printer import Machine


OWNER = 54321  # of the files: a number that is nobody's


def free_port():
    """None of those that the system gives to whoever asks for any: another could have it before our server does."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def run(*words, **more):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


class Servers:
    """mosquitto and vsftpd, with a certificate that has the serial number for a name, signed by an authority of its own."""

    def __init__(self, serial, code, slow_files):
        self.folder = tempfile.mkdtemp(prefix="flow-bambu-")
        self.port, self.files_port = free_port(), free_port()
        self.running = []
        os.chmod(self.folder, 0o755)
        self.card = self.path("card")
        for folder in (self.card, self.path("empty")):
            os.mkdir(folder)
        os.chown(self.card, OWNER, OWNER)
        self.make_certificates(serial)
        self.configure_broker(code)
        self.configure_files(code, slow_files)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def make_certificates(self, serial):
        make = ("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        run(*make, "-x509", "-days", "30", "-subj", "/O=Test/CN=Test CA", "-keyout", self.path("ca.key"),
            "-out", self.path("ca.pem"))
        run(*make, "-subj", "/CN=" + serial, "-keyout", self.path("printer.key"), "-out", self.path("printer.csr"))
        run("openssl", "x509", "-req", "-days", "30", "-in", self.path("printer.csr"), "-CA", self.path("ca.pem"),
            "-CAkey", self.path("ca.key"), "-CAcreateserial", "-out", self.path("printer.pem"))

    def configure_broker(self, code):
        run("mosquitto_passwd", "-c", "-b", self.path("passwords"), "bblp", code)
        self.inside = self.path("broker.sock")
        self.write("broker.conf", f"""per_listener_settings true
user root
listener {self.port} 127.0.0.1
certfile {self.path("printer.pem")}
keyfile {self.path("printer.key")}
allow_anonymous false
password_file {self.path("passwords")}
listener 0 {self.inside}
allow_anonymous true
""")

    def configure_files(self, code, slow_files):
        secret = subprocess.run(("openssl", "passwd", "-6", code), capture_output=True, text=True).stdout.strip()
        os.mkdir(self.path("etc"))
        with open("/etc/passwd") as known:
            self.write("etc/passwd", known.read() + f"bblp:x:{OWNER}:{OWNER}::{self.card}:/bin/sh\n")
        self.write("etc/shadow", f"bblp:{secret}:19000:0:99999:7:::\n", 0o600)
        self.write("etc/vsftpd", "auth required pam_unix.so\naccount required pam_permit.so\n")
        self.write("files.conf", f"""listen=YES
listen_address=127.0.0.1
listen_port={self.files_port}
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
chroot_local_user=YES
allow_writeable_chroot=YES
secure_chroot_dir={self.path("empty")}
seccomp_sandbox=NO
isolate_network=NO
ssl_enable=YES
implicit_ssl=YES
require_ssl_reuse=YES
force_local_logins_ssl=YES
force_local_data_ssl=YES
rsa_cert_file={self.path("printer.pem")}
rsa_private_key_file={self.path("printer.key")}
ssl_ciphers=HIGH
{"local_max_rate=100000" if slow_files else ""}
""")

    def begin(self, *words):
        self.running.append(subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                             start_new_session=True))

    def start(self):
        self.begin("mosquitto", "-c", self.path("broker.conf"))
        # Whom vsftpd lets in is said in files of the system: here, in others that only it sees.
        mounts = "".join(f"mount --bind {self.path('etc')}/{name} /etc/{place} && "
                         for name, place in (("passwd", "passwd"), ("shadow", "shadow"), ("vsftpd", "pam.d/vsftpd")))
        self.begin("unshare", "-m", "sh", "-c", mounts + 'exec vsftpd "$0"', self.path("files.conf"))
        doors = [(socket.AF_INET, ("127.0.0.1", self.port)), (socket.AF_INET, ("127.0.0.1", self.files_port)),
                 (socket.AF_UNIX, self.inside)]
        while doors:
            with socket.socket(doors[0][0]) as probe:
                if probe.connect_ex(doors[0][1]) == 0:
                    doors.pop(0)
                    continue
            if any(process.poll() is not None for process in self.running):
                sys.exit("mosquitto or vsftpd has ended")
            time.sleep(0.02)

    def stop(self):
        for process in self.running:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        self.running = []
        if os.path.exists(self.inside):
            os.remove(self.inside)

    def children_of_files(self):
        listed = subprocess.run(("ps", "-o", "pid=", "--ppid", str(self.running[1].pid)), capture_output=True, text=True)
        return [int(word) for word in listed.stdout.split()]


class Printer(Machine):
    """What is said of the machine: only what changed, and everything when it is asked."""

    WORDS = {"idle": "IDLE", "printing": "RUNNING", "paused": "PAUSE", "finished": "FINISH", "cancelled": "FAILED",
             "error": "FAILED"}

    def __init__(self, options, servers):
        super().__init__(options.print_s)
        self.options, self.servers = options, servers
        self.topic = "device/%s/" % options.serial
        self.said, self.named, self.error_code, self.error_until = {}, ("", "0"), 0, 0
        self.accepted, self.begins, self.prepares = None, 0, 0
        self.muted_until, self.faults, self.messages = 0, [], []
        self.signed_only, self.refused = False, False
        self.speaker = None

    # ---- what it is and says ----

    def facts(self):
        state = self.WORDS[self.state]
        if self.state == "printing" and time.monotonic() < self.prepares:
            state = "PREPARE"
        hms = [{"attr": 0x05000500, "code": 0x00010007}] if self.refused else []
        return {"gcode_state": state, "gcode_file": "/data/Metadata/plate_1.gcode", "subtask_name": self.named[0],
                "subtask_id": self.named[1], "task_id": self.named[1], "mc_percent": int(self.share * 100),
                "mc_remaining_time": 3, "print_error": self.error_code, "hms": hms, "nozzle_temper": 25.5,
                "nozzle_target_temper": 220.0 if state == "PREPARE" else 0, "bed_temper": 24.0, "bed_target_temper": 0,
                "layer_num": 1, "total_layer_num": 9, "wifi_signal": "-40dBm", "stg_cur": 0, "sdcard": True, "nozzle_diameter": "0.4",
                "fun": "3EC1AFFF9CFF" if self.signed_only else "3EC18FFF9CFF", "ams": {"ams_exist_bits": "1"}}

    def say(self, message):
        if time.monotonic() < self.muted_until or not self.speaker:
            return
        try:
            self.speaker.stdin.write(json.dumps(message) + "\n" if isinstance(message, dict) else message + "\n")
            self.speaker.stdin.flush()
        except OSError:
            pass

    def say_all(self):
        self.said = self.facts()
        self.say({"print": dict(self.said, command="push_status", msg=0, sequence_id="1")})

    def say_changes(self):
        now = self.facts()
        changes = {name: value for name, value in now.items() if self.said.get(name) != value}
        self.said = now
        if changes:
            self.say({"print": dict(changes, command="push_status", msg=1, sequence_id="2")})

    # ---- what it does ----

    def turn(self):
        now = time.monotonic()
        if self.accepted and now >= self.begins:
            name, self.accepted = self.accepted, None
            self.start(name)
            self.prepares = now + min(0.2, self.print_s / 4)
        super().turn()
        if self.error_code and now >= self.error_until:
            self.error_code = 0
        self.say_changes()

    def happen(self, what):
        if what == "signed_only":
            self.signed_only = not self.signed_only
        elif what == "garbage":
            for text in ("{", "[1e999]", '{"print":[]}', '{"print":{"command":"push_status","gcode_state":7,"hms":{},'
                         '"subtask_id":["x"],"mc_percent":"x"}}', '{"print":{"command":"push_status","subtask_name":"%s"}}'
                         % ("y" * 100000), '"' + "z" * 200000):
                self.say(text)
        elif what == "flood":
            self.say('"' + "z" * 400000)
        elif what == "repeat":
            self.say_all()
        elif what == "stop_brokers":
            self.silence()
            self.servers.stop()
        elif what == "start_brokers":
            self.servers.start()
            self.listen()
        elif what == "start_other":
            self.named = ("other-%d" % (self.job + 1), str(self.job + 77))
            super().happen(what)
        elif what == "error":
            super().happen(what)
            self.error_code, self.error_until = 0x03008004, time.monotonic() + 3600
        elif what == "forget":  # switched off and on
            super().happen(what)
            self.named, self.accepted = ("", "0"), None
        else:
            busy = self.busy
            super().happen(what)
            if what in ("cancel", "stop") and busy:
                self.error_code, self.error_until = 0x0300400C, time.monotonic() + 3
        self.turn()

    def begin_file(self, asked):
        name = asked["file"]
        path = os.path.join(self.servers.card, name)
        if self.signed_only:
            self.refused = True
            return "fail"
        if self.busy or self.accepted:
            if self.busy:  # as the smallest model does
                self.destroyed += 1
                self.happen("cancel")
            self.error_code, self.error_until = 0x05004004, time.monotonic() + 1
            return "fail"
        good = (asked["url"] == "ftp:///" + name and os.path.exists(path) and asked["param"].startswith("Metadata/plate_")
                and asked["subtask_id"].isdigit() and 1 <= int(asked["subtask_id"]) <= 2147483647
                and isinstance(asked["ams_mapping"], list) and isinstance(asked["use_ams"], bool)
                and asked["md5"] == hashlib.md5(open(path, "rb").read()).hexdigest())
        if not good:
            self.error_code, self.error_until = 0x05004003, time.monotonic() + 1
            return "fail"
        # It names the new job at once, and is "finished" with the old one for a while.
        self.named = (asked["subtask_name"], asked["subtask_id"])
        self.accepted, self.begins = name, time.monotonic() + self.options.accept_s
        return "success"

    def fault(self):
        for fault in self.faults:
            if fault["count"] > 0 and fault["fault"] != "cut_upload":
                fault["count"] -= 1
                return fault
        return {"fault": ""}

    def start_asked(self, asked):
        fault = self.fault()
        kind, seconds = fault["fault"], fault.get("seconds", 1)
        if kind == "deaf":
            return
        if kind == "kill_before":
            return self.cut_off(seconds)
        if kind == "late":
            threading.Timer(seconds, self.locked, (self.begin_file, asked)).start()
            return
        if kind == "mute":
            self.muted_until = time.monotonic() + seconds
        result = self.begin_file(asked)
        if kind == "kill_after":
            return self.cut_off(seconds)
        self.say({"print": dict(asked, result=result, reason="" if result == "success" else "busy")})
        self.turn()

    def cut_off(self, seconds):
        self.silence()
        self.servers.stop()
        threading.Timer(seconds, self.locked, (self.happen, "start_brokers")).start()

    def locked(self, deed, *words):
        with self.lock:
            deed(*words)

    def hear(self, text):
        message = json.loads(text)
        kind, asked = next(iter(message.items()))
        command = asked["command"]
        self.messages.append(command if kind != "print" else json.dumps(asked))
        if command == "pushall":
            self.say_all()
        elif command == "get_version":
            self.say({"info": {"command": "get_version", "module": [{"name": "ota", "sw_ver": "01.07.00.00"}]}})
        elif command == "project_file":
            self.start_asked(asked)
        elif not self.signed_only:
            self.happen(command)

    # ---- its end of the broker ----

    def listen(self):
        place = ("--unix", self.servers.inside)
        listener = subprocess.Popen(("mosquitto_sub", *place, "-t", self.topic + "request"), stdout=subprocess.PIPE, text=True,
                                    stderr=subprocess.DEVNULL)
        hears = threading.Event()
        self.speaker = subprocess.Popen(("mosquitto_pub", *place, "-t", self.topic + "report", "-l"), stdin=subprocess.PIPE,
                                        text=True, stderr=subprocess.DEVNULL)
        self.ears = listener

        def heard():
            for line in listener.stdout:
                if line == "do you hear?\n":
                    hears.set()
                else:
                    self.locked(self.hear, line)
        threading.Thread(target=heard, daemon=True).start()
        while not hears.wait(0.05) and listener.poll() is None:
            run("mosquitto_pub", *place, "-t", self.topic + "request", "-m", "do you hear?")

    def silence(self):
        for process in (self.speaker, self.ears):
            process.kill()
        self.speaker = None

    def cut_uploads(self):
        """A file that begins to come while that is asked for: its connection dies."""
        while True:
            time.sleep(0.01)
            armed = [fault for fault in self.faults if fault["fault"] == "cut_upload" and fault["count"] > 0]
            if armed and any(0 < entry.stat().st_size < 50000 for entry in os.scandir(self.servers.card)):
                armed[0]["count"] -= 1
                for child in self.servers.children_of_files():
                    os.kill(child, signal.SIGKILL)


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self):
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        printer = self.server.printer
        with printer.lock:
            if self.path == "/double/fault":
                printer.faults.append(dict({"count": 1}, **asked))
            elif self.path == "/double/do":
                printer.happen(asked["what"])
            body = json.dumps({"starts": printer.starts, "destroyed": printer.destroyed, "state": printer.state,
                               "files": sorted(os.listdir(printer.servers.card)), "messages": printer.messages}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--serial", default="01P00A000000001")
    parser.add_argument("--code", default="12345678")
    parser.add_argument("--print-s", type=float, default=0.5)
    parser.add_argument("--accept-s", type=float, default=0.3)
    parser.add_argument("--slow-files", action="store_true")
    options = parser.parse_args()
    servers = Servers(options.serial, options.code, options.slow_files)
    control = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    control.printer = printer = Printer(options, servers)

    def end(*_):
        servers.stop()
        if printer.speaker:
            printer.silence()
        shutil.rmtree(servers.folder, ignore_errors=True)
        os._exit(0)
    signal.signal(signal.SIGTERM, end)
    servers.start()
    printer.listen()
    print(json.dumps({"host": "127.0.0.1", "port": servers.port, "files_port": servers.files_port,
                      "certificate_file": servers.path("ca.pem"), "own_certificate": servers.path("printer.pem"),
                      "address": "http://127.0.0.1:%d" % control.server_address[1]}), flush=True)
    threading.Thread(target=control.serve_forever, daemon=True).start()
    threading.Thread(target=printer.cut_uploads, daemon=True).start()
    while os.getppid() != 1:  # whoever began it is there
        time.sleep(0.05)
        printer.locked(printer.turn)
    end()


if __name__ == "__main__":
    main()
