#!/usr/bin/env python3
"""`flowd serve` with a thousand printers: its share of a core, its memory, and how long a free printer waits for a job.

    farm.py --build build/release [--printers 1000] [--seconds 20] [--jobs 200] [--waiting 0] [--check]

The printers are one process that answers as OctoPrint does. With --waiting all of them are free the whole time, and so many jobs,
on a hundred different plates, wait for a material that none has. With --check it fails beyond 30 % of a core, 300 MB, or 20 ms at the
99th percentile from "printer free" to "upload begins" (docs/performance.md).
"""
import argparse
import asyncio
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = os.path.join(HERE, "..", "contract", "desk-hook")
JOB = {"job": {"file": {"path": None}}, "progress": {"completion": None, "printTimeLeft": None}, "state": "Operational"}


async def answer(reader, writer):
    """Idle for ever; an upload is taken and never heard of again."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"content-length: (\d+)", head, re.I)
            if length:
                await reader.readexactly(int(length[1]))
            body = json.dumps(JOB if head.startswith("GET /api/job") else {}).encode()
            status = "200 OK" if head.startswith("GET /api/job") else "503 Busy"
            writer.write(b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                         % (status.encode(), len(body)) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def be_printers(told):
    async def run():
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=4096)
        told.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()
    asyncio.run(run())


class Shop:
    def __init__(self, folder, build):
        self.folder, self.build = folder, build
        self.environment = dict(os.environ, FLOW_SHOP=os.path.join(folder, "shop"), FLOW_PERSON="anna")

    def flowd(self, *arguments, stdin=None):
        done = subprocess.run([os.path.join(self.build, "flowd"), *arguments], env=self.environment, cwd=self.folder,
                              input=stdin, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"flowd {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def do(self, commands):
        return self.flowd("do", "-", stdin="".join(json.dumps(command) + "\n" for command in commands))

    def wait_in_vain(self, jobs, printers):
        units = 24
        self.do([{"command": "open_batch", "batch": "B-2", "product": "desk_hook", "purpose": "sample"},
                 {"command": "add_units", "batch": "B-2", "sku": "DH-100-white-small", "count": units},
                 {"command": "start_batch", "batch": "B-2"},
                 {"command": "leave_step", "batch": "B-2", "step": "collect", "first": 1, "count": units, "outcome": "pass"}])
        self.do({"command": "queue_job", "job": f"W-{number}", "batch": "B-2", "step": "plate",
                 "parts": f"hook={1 + number % 100}", "file": "plate.gcode"} for number in range(jobs))
        self.do({"command": "empty_plate", "printer": f"p{number}"} for number in range(printers))

    def make(self, printers, port):
        shutil.copytree(SPEC, os.path.join(self.folder, "spec"))
        self.flowd("init", "shop", "--owner", "anna")
        self.flowd("adopt", "spec/desk_hook.flow")
        self.do([{"command": "receive_lot", "lot": "SP-1", "what": "pla_black", "amount": "1"},
                 {"command": "open_batch", "batch": "B-1", "product": "desk_hook", "purpose": "sample"},
                 {"command": "add_units", "batch": "B-1", "sku": "DH-100-black-small", "count": 24},
                 {"command": "start_batch", "batch": "B-1"},
                 {"command": "leave_step", "batch": "B-1", "step": "collect", "first": 1, "count": 24, "outcome": "pass"}])
        with open(os.path.join(self.folder, "shop", "plate.gcode"), "w", encoding="utf-8") as file:
            file.write("G1 X10 Y10\n" * 10000)
        self.make_farm([f"http://127.0.0.1:{port}"] * printers)

    def make_farm(self, addresses):
        with open(os.path.join(self.folder, "shop", "farm.yaml"), "w", encoding="utf-8") as file:
            file.write("printers:\n" + "".join(
                f"  p{number}: {{machine: mk4, protocol: octoprint, address: '{address}', "
                "loaded: [{material: pla_black, lot: SP-1}]}\n"
                for number, address in enumerate(addresses)))

    def serve(self):
        token = self.flowd("token", "issue", "anna", "bench").strip()
        server = subprocess.Popen([os.path.join(self.build, "flowd"), "serve", "--listen", "127.0.0.1:0"],
                                  env=self.environment, cwd=self.folder, stdout=subprocess.PIPE, text=True)
        return server, server.stdout.readline().strip(), token


def processor_s(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) / 1024


def waited_ms(address, token, share):
    """The upper bound of the bucket that the share of all waits lies below, and how many there were."""
    request = urllib.request.Request(address + "metrics", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answered:
        text = answered.read().decode()
    buckets = [(float(bound.replace("+Inf", "inf")), int(float(count))) for bound, count in
               re.findall(r'flow_scheduling_seconds_bucket\{le="([^"]+)"\} (\S+)', text)]
    total = buckets[-1][1]
    return next(bound * 1000 for bound, count in buckets if count >= share * total), total


def measure(options, folder):
    told = multiprocessing.Queue()
    printers = multiprocessing.Process(target=be_printers, args=(told,), daemon=True)
    printers.start()
    shop = Shop(folder, os.path.abspath(options.build))
    shop.make(options.printers, told.get())
    server, address, token = shop.serve()
    try:
        if options.waiting:
            shop.wait_in_vain(options.waiting, options.printers)
        time.sleep(5)  # each was asked once
        before_s, begun = processor_s(server), time.monotonic()
        time.sleep(options.seconds)
        core = (processor_s(server) - before_s) / (time.monotonic() - begun)
        if options.waiting:
            return core, memory_mb(server), 0, 0, 0
        shop.do({"command": "queue_job", "job": f"J-{number}", "batch": "B-1", "step": "plate", "parts": "hook=1",
                 "file": "plate.gcode"} for number in range(options.jobs))
        shop.do({"command": "empty_plate", "printer": f"p{number}"} for number in range(options.jobs))
        deadline = time.monotonic() + 60
        middle, count = waited_ms(address, token, 0.5)
        while count < options.jobs and time.monotonic() < deadline:
            time.sleep(0.5)
            middle, count = waited_ms(address, token, 0.5)
        late, count = waited_ms(address, token, 0.99)
        return core, memory_mb(server), middle, late, count
    finally:
        server.terminate()
        server.wait()
        printers.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--printers", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--waiting", type=int, default=0)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        core, memory, middle, late, count = measure(options, folder)
    print(f"{options.printers} printers, asked every 2 s: {core:.1%} of a core, {memory:.0f} MB")
    if count:
        print(f"{count} jobs, from 'printer free' to 'upload begins': half within {middle:g} ms, 99 % within {late:g} ms")
    return int(options.check and (core > 0.3 or memory > 300 or late > 20))


if __name__ == "__main__":
    sys.exit(main())
