#!/usr/bin/env python3
"""Tablets on one flowd, as the station page is one: each has the stream of events open, and after an event that concerns it reads the
step that it shows, as the page does (with the page's own pause). Says how long an event takes to reach each of them, and a step
to be read.

usage: tablets.py --flowc PROGRAM [--tablets 200] [--events 100] [--pause 0.25]
"""
import argparse
import json
import os
import random
import re
import selectors
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402 (its folder has just been named)
import serving  # noqa: E402


class Tablets(threading.Thread):
    """All of them, on one thread: streams, and the reads that follow."""

    def __init__(self, port, token, count):
        super().__init__(daemon=True)
        self.port, self.token = port, token
        self.seen, self.reads, self.due, self.over = [], [], [], False
        self.selector = selectors.DefaultSelector()
        for _ in range(count):
            stream = self.ask("/api/v1/events/stream")
            reader = socket.create_connection(("127.0.0.1", port))
            reader.setblocking(False)
            tablet = {"stream": stream, "reader": reader, "began": 0.0, "got": b"", "kept": b""}
            self.selector.register(stream, selectors.EVENT_READ, ("stream", tablet))
            self.selector.register(reader, selectors.EVENT_READ, ("reader", tablet))

    def head(self, path):
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n\r\n".encode()

    def ask(self, path):
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.sendall(self.head(path))
        connection.setblocking(False)
        return connection

    def run(self):
        while not self.over:
            for key, _ in self.selector.select(0.01):
                kind, tablet = key.data
                piece = key.fileobj.recv(1 << 18)
                now = time.monotonic()
                if kind == "stream":
                    self.hear(tablet, piece, now)
                else:
                    self.take(tablet, piece, now)
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                tablet = self.due.pop(0)[1]
                if not tablet["began"]:
                    tablet["began"] = now
                    tablet["reader"].sendall(self.head("/api/v1/batches/B-1/steps/screen"))

    def hear(self, tablet, piece, now):
        tablet["kept"] += piece
        names = re.findall(rb'"lot":"T-([0-9.]+)"', tablet["kept"])
        if names:
            tablet["kept"] = b""
            self.seen += [now - float(name) for name in names]
            self.due.append((now + 0.12 + random.random() * 0.08, tablet))
            self.due.sort(key=lambda one: one[0])

    def take(self, tablet, piece, now):
        tablet["got"] += piece
        head, _, body = tablet["got"].partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        if length and len(body) >= int(length[1]):
            self.reads.append(now - tablet["began"])
            tablet["began"], tablet["got"] = 0.0, b""


class Bench(serving.Served):
    options = None

    def runTest(self):
        self.receive_lots()
        self.release()
        self.done("batch", "open", "B-1", "desk_hook", "--purpose", "production")
        self.done("batch", "add", "B-1", "DH-100-black-small", "24")
        self.done("batch", "start", "B-1")
        self.all_done(self.printing("B-1", 24)[:-1])
        self.serve()
        tablets = Tablets(self.port, self.token, self.options.tablets)
        tablets.start()
        time.sleep(1)
        connection = self.connect()
        for _ in range(self.options.events):
            command = {"id": serving.new_id(), "command": "receive_lot", "lot": f"T-{time.monotonic():.6f}", "what": "pla_black"}
            status, _, answer = self.ask("/api/v1/commands", "POST", json.dumps(command).encode(), connection=connection)
            assert status == 200, answer
            time.sleep(self.options.pause)
        time.sleep(2)
        tablets.over = True
        tablets.join()
        wanted = self.options.tablets * self.options.events
        for name, times in (("event", tablets.seen), ("step", tablets.reads)):
            times.sort()
            print(f"{name}: {len(times)}, median {1000 * times[len(times) // 2]:.1f} ms, "
                  f"p99 {1000 * times[len(times) * 99 // 100]:.1f} ms, longest {1000 * times[-1]:.1f} ms")
        assert len(tablets.seen) == wanted, (len(tablets.seen), wanted)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--flowc", required=True)
    parser.add_argument("--tablets", type=int, default=200)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.25)
    Bench.options = parser.parse_args()
    harness.FLOWC = os.path.abspath(Bench.options.flowc)
    bench = Bench()
    result = bench.defaultTestResult()
    bench.run(result)
    for _, text in result.failures + result.errors:
        print(text)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
