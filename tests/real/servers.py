"""The real servers, as they stand on a machine: started in a folder of their own, on 127.0.0.1, killed and started again.

FLOW_REAL names a folder with commands of these names (each a program or a link or script that runs one); those that are missing
are not tested. How they got there is the business of whoever put them there: nothing of them is part of this repository.
    octoprint                       OctoPrint's command, with its virtual printer plugin
    moonraker, klippy, klipper_mcu  Moonraker, Klipper's host, and Klipper's microcontroller as a Linux process
    printer.cfg                     if it is there: Klipper's settings, with @MCU@ where the port of klipper_mcu goes; else
                                    a machine without motors and heaters, which wants no GPIO
"""
import http.client, json, os, re, signal, socket, subprocess, time, urllib.request

FOLDER = os.environ.get("FLOW_REAL", "")
KEY = "flow" * 8


def there(*commands):
    return FOLDER and all(os.access(os.path.join(FOLDER, name), os.X_OK) for name in commands)


def ask(address, path, method="GET", body=None, key=KEY, timeout=10):
    request = urllib.request.Request(address + path, method=method, headers={"X-Api-Key": key},
                                     data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
            return json.loads(text) if text else {}
    except (OSError, ValueError, http.client.HTTPException):  # urllib's errors are OSErrors
        return None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(what, seconds, so):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if so():
            return
        time.sleep(0.25)
    raise TimeoutError("%s: not within %d s" % (what, seconds))


class Processes:
    """Those of one server, each with a group of its own, so that whatever it started dies with it."""

    def __init__(self, folder):
        self.folder, self.running = folder, {}
        os.makedirs(folder, exist_ok=True)

    def start(self, name, *arguments):
        log = open(os.path.join(self.folder, name + ".out"), "ab")
        self.running[name] = subprocess.Popen([os.path.join(FOLDER, name), *arguments], stdout=log, stderr=log,
                                              stdin=subprocess.DEVNULL, start_new_session=True)
        log.close()

    def kill(self, name):
        process = self.running.pop(name, None)
        if process:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def freeze(self, name, seconds):
        """It hangs: connections are taken, and nothing is answered."""
        os.killpg(self.running[name].pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(self.running[name].pid, signal.SIGCONT)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def stop(self):
        for name in list(self.running):
            self.kill(name)


OCTOPRINT_CONFIG = """
accessControl: {salt: flow}
server: {firstRun: false, onlineCheck: {enabled: false}, pluginBlacklist: {enabled: false}}
serial: {port: VIRTUAL, autoconnect: true}
webcam: {snapshot: "@SNAPSHOT@"}
plugins:
  _disabled: [softwareupdate, announcements, tracking, discovery, backup, pluginmanager, firmware_check, file_check,
    health_check, achievements, errortracking, action_command_prompt, gcodeviewer]
  virtual_printer: {enabled: true}
"""
OCTOPRINT_USERS = "flow: {active: true, apikey: %s, groups: [users, admins], password: '', permissions: [], roles: [user, admin], settings: {}}\n"


class Octoprint(Processes):
    protocol, parts = "octoprint", ("octoprint",)

    @staticmethod
    def is_there():
        return there("octoprint")

    def __init__(self, folder, snapshot=""):
        super().__init__(folder)
        self.port = free_port()
        self.address = "http://127.0.0.1:%d" % self.port
        self.write("config.yaml", OCTOPRINT_CONFIG.replace("@SNAPSHOT@", snapshot))
        self.write("users.yaml", OCTOPRINT_USERS % KEY)

    def go(self, part="octoprint"):
        self.start(part, "serve", "--iknowwhatimdoing", "--basedir", self.folder, "--host", "127.0.0.1", "--port",
                   str(self.port))

    def state(self):
        return (ask(self.address, "/api/job") or {}).get("state", "")

    def wait(self):
        wait_for("OctoPrint", 90, lambda: self.state() == "Operational")

    def clear(self):
        """Whatever is in hand is ended."""
        if self.state() not in ("Operational", ""):
            ask(self.address, "/api/job", "POST", {"command": "cancel"})
        if self.state().startswith(("Offline", "Error")):
            ask(self.address, "/api/connection", "POST", {"command": "connect"})
        self.wait()

    def log(self):
        return "".join(self.read("logs/" + name) for name in sorted(os.listdir(os.path.join(self.folder, "logs")))
                       if name.startswith("octoprint.log"))

    def begun(self, name):
        return len(re.findall("Print job started - origin: local, path: %s," % re.escape(name), self.log()))

    def done(self, name):
        return len(re.findall("Print job done - origin: local, path: %s," % re.escape(name), self.log()))

    def fault(self):
        """The machine breaks off."""
        ask(self.address, "/api/printer/command", "POST", {"command": "!!DEBUG:trigger_fatal_error_marlin"})


KLIPPER_CONFIG = """
[printer]
kinematics: none
max_velocity: 300
max_accel: 3000
[mcu]
serial: @MCU@
[virtual_sdcard]
path: @GCODES@
[pause_resume]
[display_status]
"""
KLIPPER_TRUTH = """
[gcode_macro FLOW_BEGUN]
gcode:
  {action_respond_info("flow begun " + params.NAME)}
[gcode_macro FLOW_DONE]
gcode:
  {action_respond_info("flow done " + params.NAME)}
"""
MOONRAKER_CONFIG = """
[server]
host: 127.0.0.1
port: %d
klippy_uds_address: %s
[authorization]
trusted_clients:
  127.0.0.1
[announcements]
dev_mode: True
[file_manager]
[history]
"""
MOONRAKER_WEBCAM = """
[webcam flow]
stream_url: /stream
snapshot_url: %s
"""


class Moonraker(Processes):
    protocol, parts = "moonraker", ("moonraker", "klippy", "klipper_mcu")

    @staticmethod
    def is_there():
        return there("moonraker", "klippy", "klipper_mcu")

    def __init__(self, folder, snapshot=""):
        super().__init__(folder)
        self.port = free_port()
        self.address = "http://127.0.0.1:%d" % self.port
        at = lambda name: os.path.join(folder, name)
        for name in ("gcodes", "config", "logs", "comms"):
            os.makedirs(at(name), exist_ok=True)
        self.socket, self.mcu = at("comms/klippy.sock"), at("comms/mcu")
        own = os.path.join(FOLDER, "printer.cfg")
        with open(own) if os.path.exists(own) else open(os.devnull) as file:
            settings = file.read() or KLIPPER_CONFIG
        self.write("config/printer.cfg",
                   (settings + KLIPPER_TRUTH).replace("@MCU@", self.mcu).replace("@GCODES@", at("gcodes")))
        self.write("config/moonraker.conf", MOONRAKER_CONFIG % (self.port, self.socket) +
                   (MOONRAKER_WEBCAM % snapshot if snapshot else ""))
        self.has_heaters = "[heater_bed]" in settings

    def go(self, part=None):
        for name, arguments in (("klipper_mcu", ["-I", self.mcu]),
                                ("klippy", ["-a", self.socket, "-l", os.path.join(self.folder, "logs/klippy.log"),
                                            os.path.join(self.folder, "config/printer.cfg")]),
                                ("moonraker", ["-d", self.folder, "-l", os.path.join(self.folder, "logs/moonraker.log")])):
            if part in (None, name):
                self.start(name, *arguments)
                time.sleep(0.5)

    def status(self):
        answer = ask(self.address, "/printer/objects/query?webhooks&print_stats&idle_timeout") or {}
        return answer.get("result", {}).get("status", {})

    def state(self):
        status = self.status()
        if status.get("webhooks", {}).get("state") != "ready":
            return ""
        return status.get("print_stats", {}).get("state", "")

    def wait(self):
        wait_for("Moonraker", 90, lambda: self.state() not in ("", "printing", "paused"))

    def clear(self):
        if self.state() in ("printing", "paused"):
            ask(self.address, "/printer/print/cancel", "POST", {}, timeout=60)
        if self.status().get("webhooks", {}).get("state") in ("shutdown", "error"):
            ask(self.address, "/printer/firmware_restart", "POST", {})
            time.sleep(3)
        self.wait()
        wait_for("quiet", 60, lambda: self.status().get("idle_timeout", {}).get("state") in ("Idle", "Ready"))

    def log(self):
        return "".join(self.read("logs/" + name) for name in sorted(os.listdir(os.path.join(self.folder, "logs")))
                       if name.startswith("klippy.log"))

    def begun(self, name):
        return len(re.findall("flow begun %s$" % re.escape(name), self.log(), re.M))

    def done(self, name):
        return len(re.findall("flow done %s$" % re.escape(name), self.log(), re.M))

    def fault(self):
        ask(self.address, "/printer/emergency_stop", "POST", {})


KINDS = [Octoprint, Moonraker]
