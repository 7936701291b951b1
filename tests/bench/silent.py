#!/usr/bin/env python3
"""`flowd serve` with twenty printers of which two never answer: how long a free printer waits for its next job.

    silent.py --build build/release [--printers 20] [--silent 2] [--jobs 400] [--check]

The printers are the tests' double (tests/doubles/printer.py), which takes uploads, prints and ends. Of those that are silent one takes
connections and says nothing, and the next takes none, by turns. With --check it fails beyond 20 ms at the 99th percentile from "printer free"
to "upload begins" (docs/performance.md), or where one that is silent got a job.
"""
import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from farm import HERE, Shop, processor_s, waited_ms

DOUBLE = os.path.join(HERE, "..", "doubles", "printer.py")
GIVE_UP_S, UNITS = 600, 24


def be_silent(count):
    """Listeners, with what fills the queue of every second, so that nobody else gets in."""
    kept, addresses = [], []
    for number in range(count):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(0 if number % 2 else 128)
        kept.append(listener)
        for _ in range(number % 2 * 2):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
            kept.append(client)
        addresses.append("http://127.0.0.1:%d" % listener.getsockname()[1])
    return kept, addresses


class Farm(Shop):
    def make_batches(self, jobs):
        """After B-1, of so many units as that each job has one."""
        for number in range(2, (jobs + UNITS - 1) // UNITS + 1):
            batch = f"B-{number}"
            self.do([{"command": "open_batch", "batch": batch, "product": "desk_hook", "purpose": "sample"},
                     {"command": "add_units", "batch": batch, "sku": "DH-100-black-small", "count": UNITS},
                     {"command": "start_batch", "batch": batch},
                     {"command": "leave_step", "batch": batch, "step": "collect", "first": 1, "count": UNITS, "outcome": "pass"}])


def printers_of(address, token):
    request = urllib.request.Request(address + "api/v1/printers?limit=100", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answered:
        return json.load(answered)["items"]


def work_off(shop, address, token, jobs):
    """Clears every plate that is done until all jobs were begun; names of printers that had one."""
    busy, begun = set(), time.monotonic()
    while waited_ms(address, token, 0.99)[1] < jobs:
        if time.monotonic() > begun + GIVE_UP_S:
            sys.exit("the jobs do not come to an end")
        printers = printers_of(address, token)
        busy.update(one["printer"] for one in printers if one.get("job"))
        cleared = [one["printer"] for one in printers if not one["plate_empty"] and not one.get("job")]
        if cleared:
            shop.do({"command": "empty_plate", "printer": name} for name in cleared)
        time.sleep(0.2)
    return busy


def measure(options, folder):
    kept, silent = be_silent(options.silent)
    doubles = subprocess.Popen([sys.executable, DOUBLE, "octoprint", "--print-s", "0.3",
                                "--printers", str(options.printers - options.silent)], stdout=subprocess.PIPE, text=True)
    shop = Farm(folder, os.path.abspath(options.build))
    server = None
    try:
        shop.make(0, 0)
        shop.make_batches(options.jobs)
        shop.make_farm(silent + [doubles.stdout.readline().strip() for _ in range(options.printers - options.silent)])
        server, address, token = shop.serve()
        shop.do({"command": "queue_job", "job": f"J-{number}", "batch": f"B-{number // UNITS + 1}", "step": "plate", "parts": "hook=1",
                 "file": "plate.gcode"} for number in range(options.jobs))
        shop.do({"command": "empty_plate", "printer": f"p{number}"} for number in range(options.silent))
        begun, before_s = time.monotonic(), processor_s(server)
        busy = work_off(shop, address, token, options.jobs)
        core = (processor_s(server) - before_s) / (time.monotonic() - begun)
        return busy, core, waited_ms(address, token, 0.5)[0], *waited_ms(address, token, 0.99)
    finally:
        doubles.kill()
        doubles.wait()
        if server:
            server.terminate()
            server.wait()
        for one in kept:
            one.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--printers", type=int, default=20)
    parser.add_argument("--silent", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=400)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        busy, core, middle, late, count = measure(options, folder)
    fooled = busy & {f"p{number}" for number in range(options.silent)}
    print(f"{options.printers} printers, {options.silent} of them silent: {core:.1%} of a core; {len(busy)} printers had jobs")
    print(f"{count} jobs, from 'printer free' to 'upload begins': half within {middle:g} ms, 99 % within {late:g} ms")
    if fooled:
        print(f"silent, and got a job: {', '.join(sorted(fooled))}")
    return int(options.check and bool(late > 20 or fooled))


if __name__ == "__main__":
    sys.exit(main())
