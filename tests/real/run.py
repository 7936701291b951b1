#!/usr/bin/env python3
"""Prints through our connectors on the real servers (tests/real/servers.py), with faults; asks the servers' own logs what was printed.

    run.py --build FOLDER [--quick] [--jobs N] [--list] [NAME ...]       NAME is a part of a scenario's name

A run may end as finished only if its file was printed to its end once; as failed only if it was begun once and not ended; as
not started or refused only if it was never begun; and no file may ever be begun twice. Beyond that each scenario says how it
should end. Exits with 0 and a line that says so where none of the servers is there.
"""
import argparse, collections, os, queue, random, re, signal, subprocess, sys, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "../doubles")]
import proxy, servers  # noqa: E402

RUN_AT_MOST_S = 420
GOOD, BAD, NOT, ASK = "finished", "failed", "not started", "unknown"
Scenario = collections.namedtuple("Scenario", "name protocol ends faults kill at part restart orders stop quick")


def scenario(name, protocol, ends, faults=(), kill=None, at=None, part=None, restart=True, orders=(), stop=None, quick=False):
    """`faults` may be the seed of any; `kill` is server, freeze, machine or us; `at` a stage, or a fault whose moment it is; `part` of the server."""
    return Scenario(name, protocol, (ends,) if isinstance(ends, str) else ends, faults, kill, at, part, restart, orders, stop, quick)


# what each protocol calls its calls
CALLS = {
    "octoprint": {"look": "GET /api/job", "upload": "POST /api/files/local ", "check": "GET /api/files/local/",
                  "start": "\"select\"", "pause": "\"pause\"}", "resume": "\"resume\"}", "cancel": "\"cancel\"}"},
    "moonraker": {"look": "GET /printer/objects", "upload": "POST /server/files/upload", "check": "GET /server/files/metadata",
                  "start": "POST /printer/print/start", "pause": "POST /printer/print/pause",
                  "resume": "POST /printer/print/resume", "cancel": "POST /printer/print/cancel"},
}


def scenarios_of(protocol):
    calls = CALLS[protocol]
    octo = protocol == "octoprint"
    yield scenario("plain", protocol, GOOD, quick=True)
    for call in ("look", "upload", "check", "start"):
        for fault in ("drop_after", "drop_before", "502", "502_after", "page", "503"):
            never = call == "start" and fault in ("drop_before", "502", "503", "page")
            yield scenario("%s-%s" % (call, fault), protocol, NOT if never else GOOD, [(calls[call], fault)],
                           quick=(call, fault) in (("start", "drop_after"), ("upload", "drop_after")))
        yield scenario("%s-late" % call, protocol, (GOOD, ASK) if call == "start" else GOOD, [(calls[call], "late", 1, 12)])
        yield scenario("%s-delay" % call, protocol, (GOOD, ASK) if call == "start" else GOOD, [(calls[call], "delay", 1, 12)])
    yield scenario("start-409", protocol, NOT, [(calls["start"], "409")])
    yield scenario("start-twice", protocol, GOOD, [(calls["start"], "twice")])
    yield scenario("start-late-deed", protocol, GOOD, [(calls["start"], "late_deed", 1, 10)])
    yield scenario("upload-cut", protocol, GOOD, [(calls["upload"], "cut")], quick=True)
    yield scenario("upload-cut-twice", protocol, GOOD, [(calls["upload"], "cut", 2)])
    yield scenario("upload-twice", protocol, GOOD, [(calls["upload"], "twice")])
    yield scenario("upload-late-deed", protocol, GOOD, [(calls["upload"], "late_deed", 1, 6)])
    yield scenario("all-dropped-once", protocol, GOOD, [(calls[call], "drop_after") for call in ("look", "upload", "check", "start")])
    yield scenario("look-away", protocol, GOOD, [(calls["look"], "drop_after", 3)])
    # orders
    yield scenario("pause-resume", protocol, GOOD, orders=("pause", "resume"), quick=True)
    yield scenario("cancel", protocol, BAD, orders=("cancel",), quick=True)
    yield scenario("pause-cancel", protocol, BAD, orders=("pause", "cancel"))
    for order, end in (("pause", GOOD), ("resume", GOOD), ("cancel", BAD)):
        for fault in ("drop_after", "drop_before", "502", "twice"):
            given = ("pause", "resume") if order in ("pause", "resume") else ("cancel",)
            yield scenario("%s-%s" % (order, fault), protocol, end, [(calls[order], fault)], orders=given)
    # the plug is pulled on us
    for stage in ("looking", "uploading", "checking the file", "looking again", "intending"):
        yield scenario("us-killed-%s" % stage.replace(" ", "-"), protocol, GOOD, stop=stage)
    yield scenario("us-killed-intended", protocol, ASK, stop="intended")
    yield scenario("us-killed-starting", protocol, ASK, stop="starting")
    yield scenario("us-killed-confirming", protocol, GOOD, stop="confirming")
    yield scenario("us-killed-printing", protocol, GOOD, stop="printing", quick=True)
    yield scenario("us-killed-in-upload", protocol, GOOD, [(calls["upload"], "hold", 1, 3)], kill="us", at="fault")
    yield scenario("us-killed-in-start", protocol, GOOD, [(calls["start"], "hold", 1, 3)], kill="us", at="fault")
    # the plug is pulled on them
    for part in {"octoprint": ["octoprint"], "moonraker": ["moonraker", "klippy", "klipper_mcu"]}[protocol]:
        rest = dict(kill="server", part=part)
        looks = (GOOD, NOT) if part != "klipper_mcu" else (GOOD, NOT, BAD)  # Klipper misses it when the print begins
        forgets = ASK if octo else GOOD if part == "moonraker" else BAD
        anyhow = (GOOD, BAD, NOT, ASK)
        yield scenario("%s-killed-looking" % part, protocol, looks, [(calls["look"], "hold", 1, 3)], at="fault", **rest)
        yield scenario("%s-killed-in-upload" % part, protocol, looks, [(calls["upload"], "hold", 1, 3)], at="fault", **rest)
        yield scenario("%s-killed-before-upload" % part, protocol, looks, [(calls["upload"], "delay", 1, 3)], at="delay", **rest)
        yield scenario("%s-killed-checking" % part, protocol, looks, [(calls["check"], "hold", 1, 3)], at="fault", **rest)
        yield scenario("%s-killed-in-start" % part, protocol, anyhow, [(calls["start"], "hold", 1, 3)], at="fault", **rest)
        yield scenario("%s-killed-before-start" % part, protocol, anyhow, [(calls["start"], "delay", 1, 3)], at="delay", **rest)
        yield scenario("%s-killed-confirming" % part, protocol, anyhow, at="confirming", **rest)
        yield scenario("%s-killed-printing" % part, protocol, (forgets, ASK) if part == "klippy" else forgets, at="printing", **rest)
        yield scenario("%s-killed-at-the-end" % part, protocol, anyhow, at="late", **rest)
        if part != "klipper_mcu":
            for at in ("uploading", "starting", "confirming", "printing"):
                yield scenario("%s-frozen-%s" % (part, at), protocol, anyhow, kill="freeze", part=part, at=at)
    for seed in range(8):
        yield scenario("random-%d" % seed, protocol, (GOOD, NOT, ASK), seed)
    yield scenario("cancel-late-deed", protocol, BAD, [(calls["cancel"], "late_deed", 1, 5)], orders=("cancel",))
    yield scenario("machine-breaks", protocol, BAD, kill="machine", at="printing")


class Drive:
    """The program of ours, and what it says."""

    def __init__(self, program, folder, *arguments):
        self.lines, self.seen = [], queue.Queue()
        self.process = subprocess.Popen([program, os.path.join(folder, "farm.yaml"), "it", *arguments], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append("%6.1f %s" % (time.monotonic() % 10000, line.rstrip("\n")))
            self.seen.put(line)
        self.seen.put(None)

    def says(self, pattern, seconds):
        """Waits for such a line; False where it ended without."""
        until = time.monotonic() + seconds
        while True:
            line = self.seen.get(timeout=max(0.1, until - time.monotonic()))
            if line is None:
                self.seen.put(None)
                return False
            if re.match(pattern, line):
                return True

    def order(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.says("ordered ", 120)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self, seconds):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        time.sleep(0.2)
        ends = [re.match(r" *[\d.]+ stage (finished|failed|not started|refused|unknown): (.*)", line) for line in self.lines]
        return next(((end.group(1), end.group(2)) for end in ends if end), ("never ended", ""))


class Bench:
    """A real server, our proxy before it, and one scenario after the other."""

    def __init__(self, kind, index, options, folder):
        self.folder, self.options = os.path.join(folder, "%s-%d" % (kind.protocol, index)), options
        self.server = kind(self.folder)
        self.count = 0

    def go(self):
        for part in self.server.parts[::-1]:
            self.server.go(part)
        self.server.wait()

    def file(self, name):
        path = os.path.join(self.folder, "print.gcode")
        lines = []
        if self.server.protocol == "moonraker":
            lines.append("FLOW_BEGUN NAME=" + name)
            heats = ["M140 S40", "M104 S60", "M109 S60"] if self.server.has_heaters else []
        else:
            heats = ["M140 S40", "M104 S60", "M109 S60"]
        lines += heats
        for second in range(10):  # progress goes by bytes
            lines += ["G4 P1000"] + ["; %d %03d " % (second, i) + "x" * 60 for i in range(40)]
        lines += ["M104 S0", "M140 S0"] * bool(heats)
        if self.server.protocol == "moonraker":
            lines.append("FLOW_DONE NAME=" + name)
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def start_again(self, part):
        self.server.kill(part)
        time.sleep(1)
        self.server.go(part)

    def disturb(self, row, drive, between):
        """Does what the scenario wants at its moment."""
        if row.at in ("fault", "delay"):
            if row.at == "delay":
                between.begun.wait(60)
            else:
                between.happened.wait(60)
            time.sleep(0.3)
        elif row.at == "late":
            drive.says("report printing .* (8|9)\\d", 120)
        elif row.at:
            drive.says("stage " + row.at, 60)
            time.sleep(2 if row.at == "printing" else 0)
        if row.kill == "us":
            drive.kill()
        elif row.kill == "server":
            self.start_again(row.part)
        elif row.kill == "freeze":
            self.server.freeze(row.part, 15)
        elif row.kill == "machine":
            self.server.fault()

    def run(self, row):
        self.count += 1
        name = "flow-%s-%d-%d.gcode" % (row.name, self.count, os.getpid())
        try:
            self.server.clear()
        except TimeoutError:  # after a kill: all anew
            self.server.stop()
            self.go()
        path, between = self.file(name), proxy.Proxy(self.server.port)
        if isinstance(row.faults, int):
            between.chance = random.Random("%s %d" % (row.protocol, row.faults))
        else:
            for fault in row.faults:
                between.fault(*fault)
        with open(os.path.join(self.folder, "farm.yaml"), "w") as file:
            file.write("printers:\n  it: {protocol: %s, address: %s, key_file: key}\n" % (self.server.protocol, between.address))
        self.server.write("key", servers.KEY + "\n")
        arguments = [path, name] + (["stop=" + row.stop] if row.stop else [])
        drive = Drive(self.options.drive, self.folder, *arguments)
        lines = drive.lines
        if row.kill:
            self.disturb(row, drive, between)
        for order in row.orders:
            if order == row.orders[0]:
                drive.says("report printing .* [1-9]", 60)
            drive.order(order)
        if row.stop:
            drive.process.wait(120)
        if row.stop or row.kill == "us":
            time.sleep(0.5)
            durable = any("intended" in line for line in lines)
            drive = Drive(self.options.drive, self.folder, path, name, *(["resume"] if durable else []))
            lines.append("        -- we come up again%s" % (", the intent was durable" if durable else ""))
            drive.lines = lines
        end, why = drive.end(RUN_AT_MOST_S)
        between.close()
        return name, end, why, lines

    def check(self, row, name, end):
        """What is wrong, in words; "" for nothing."""
        if end in (NOT, "refused"):
            time.sleep(2)
        begun, done = self.server.begun(name), self.server.done(name)
        if begun > 1:
            return "begun %d times" % begun
        if end == GOOD and (begun, done) != (1, 1):
            return "begun %d, done %d" % (begun, done)
        if end == BAD and (begun, done) != (1, 0):
            return "begun %d, done %d" % (begun, done)
        if end in (NOT, "refused") and begun:
            return "begun"
        return "" if end in row.ends else "should have ended as " + " or ".join(row.ends)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="the build's folder; `drive` is built in it")
    parser.add_argument("--quick", action="store_true", help="some of them, within a minute or two")
    parser.add_argument("--jobs", type=int, default=1, help="servers of each kind")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep", help="a folder for what the servers write")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    kinds = [kind for kind in servers.KINDS if kind.is_there()]
    rows = [row for kind in (servers.KINDS if options.list else kinds) for row in scenarios_of(kind.protocol)
            if (not options.quick or row.quick) and
            (not options.names or any(name in row.protocol + "/" + row.name for name in options.names))]
    if options.list:
        print("\n".join("%s/%s" % (row.protocol, row.name) for row in rows))
        return 0
    if not kinds:
        print("left out: the real servers are not here (FLOW_REAL, see tests/real/servers.py)\n0 passed, 0 failed")
        return 0
    subprocess.run(["cmake", "--build", options.build, "--target", "drive"], check=True, stdout=subprocess.DEVNULL)
    options.drive = os.path.join(options.build, "drive")
    failed, passed, printing = [], 0, threading.Lock()
    with tempfile.TemporaryDirectory(prefix="flow-real-") as temporary:
        folder = options.keep or temporary
        waiting = {kind: queue.Queue() for kind in kinds}
        for row in rows:
            waiting[next(kind for kind in kinds if kind.protocol == row.protocol)].put(row)

        def work(kind, index):
            nonlocal passed
            if waiting[kind].empty():
                return
            bench = Bench(kind, index, options, folder)
            try:
                bench.go()
                while True:
                    try:
                        row = waiting[kind].get_nowait()
                    except queue.Empty:
                        return
                    began = time.monotonic()
                    try:
                        name, end, why, lines = bench.run(row)
                        wrong = bench.check(row, name, end)
                    except Exception as error:  # the scenario itself went wrong
                        end, why, lines, wrong = "broken", repr(error), [], "the scenario broke off"
                    with printing:
                        passed += not wrong
                        failed.extend([row] if wrong else [])
                        print("%-4s %s/%s: %s%s (%.0f s)%s" % ("FAIL" if wrong else "ok", row.protocol, row.name, end,
                              ": " + why if why else "", time.monotonic() - began, ": " + wrong if wrong else ""), flush=True)
                        if wrong:
                            print("\n".join("       " + line for line in lines), flush=True)
            finally:
                bench.server.stop()

        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda pair: work(*pair), [(kind, index) for kind in kinds for index in range(options.jobs)]))
    print("%d passed, %d failed" % (passed, len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
