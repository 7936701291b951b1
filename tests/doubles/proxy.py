#!/usr/bin/env python3
"""Stands between us and a printer's server, and spoils what passes: one request at a time, one connection a request.

    proxy.py TARGET_PORT [--port 0]          as a program: faults at POST /proxy/fault, what passed at GET /proxy
    Proxy(target_port)                       as a part of a test

A fault: {"match": part of "METHOD PATH BODY", "fault": ..., "count": 1, "seconds": 0}
    drop_before   the request never arrives          drop_after   it is carried out, its answer is lost
    hold          carried out, the answer kept back for `seconds`, then lost
    late          the answer comes after `seconds`   delay        the request goes on after `seconds`
    late_deed     answered with a cut at once, and carried out after `seconds`
    twice         carried out twice; the second answer comes back (as something in between that asks again)
    cut           half of the request goes over, then the connection is cut
    409, 502, 503 answered so, never carried out     502_after    carried out, answered with 502
    page          a page of something else, 200
"""
import argparse, json, socket, threading, time

KINDS = ("drop_before", "drop_after", "late", "delay", "late_deed", "twice", "cut", "409", "502", "503", "502_after", "page")


class Proxy:
    def __init__(self, target, port=0):
        self.target, self.faults, self.passed, self.lock = target, [], [], threading.Lock()
        self.chance = None  # a random.Random: one request in five suffers one of these
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.address = "http://127.0.0.1:%d" % self.port
        self.begun, self.happened = threading.Event(), threading.Event()  # a fault: its request came; it was given
        threading.Thread(target=self.serve, daemon=True).start()

    def fault(self, match, fault, count=1, seconds=0):
        with self.lock:
            self.faults.append({"match": match, "fault": fault, "count": count, "seconds": seconds})

    def take_fault(self, line):
        with self.lock:
            self.passed.append(line[:200])
            for fault in self.faults:
                if fault["count"] > 0 and fault["match"] in line:
                    fault["count"] -= 1
                    return dict(fault)
            if self.chance and self.chance.random() < 0.2:
                return {"fault": self.chance.choice(KINDS), "seconds": self.chance.choice((1, 4, 10))}
        return {"fault": "", "seconds": 0}

    def serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.attend, args=(client,), daemon=True).start()

    def close(self):
        self.socket.close()

    # ---- one connection ----

    def attend(self, client):
        with client:
            try:
                while self.request(client):
                    pass
            except OSError:
                pass

    @staticmethod
    def read_message(stream):
        """Head and body of a request, or of an answer; (b"", b"") at the end."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = stream.recv(65536)
            if not more:
                return b"", b""
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        lower = head.lower()
        if b"content-length:" in lower:
            length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                more = stream.recv(65536)
                if not more:
                    break
                body += more
        elif b"chunked" in lower:
            while not body.endswith(b"0\r\n\r\n"):
                more = stream.recv(65536)
                if not more:
                    break
                body += more
        return head + b"\r\n\r\n", body

    def carry_out(self, head, body):
        head = head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.target), timeout=120) as server:
            server.sendall(head + body)
            answer = b""
            while True:
                more = server.recv(65536)
                if not more:
                    return answer
                answer += more

    def request(self, client):
        head, body = self.read_message(client)
        if not head:
            return False
        method, path = head.split(b" ", 2)[:2]
        line = "%s %s %s" % (method.decode(), path.decode(), body[:300].decode("latin-1"))
        fault = self.take_fault(line)
        kind, seconds = fault["fault"], fault["seconds"]
        if b"upgrade: websocket" in head.lower():
            return self.tunnel(client, head)
        if kind:
            self.begun.set()
        answer = self.suffer(kind, seconds, head, body)
        if kind:
            self.happened.set()
        if kind == "late":
            time.sleep(seconds)
        if answer:
            client.sendall(answer)
        return False

    def suffer(self, kind, seconds, head, body):
        """The answer that comes back; None for none."""
        said = {"409": b"409 Conflict", "502": b"502 Bad Gateway", "503": b"503 Service Unavailable"}
        if kind in said:
            return b"HTTP/1.1 " + said[kind] + b"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        if kind == "page":
            return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Sign in to this network</html>"
        if kind == "drop_before":
            return None
        if kind == "cut":
            with socket.create_connection(("127.0.0.1", self.target), timeout=10) as server:
                server.sendall(head + body[:len(body) // 2])
            return None
        if kind == "late_deed":
            threading.Timer(seconds, self.carry_out_quietly, (head, body)).start()
            return None
        if kind == "delay":
            time.sleep(seconds)
        answer = self.carry_out(head, body)
        if kind == "twice":
            answer = self.carry_out(head, body)
        if kind == "502_after":
            return b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        if kind == "hold":
            self.happened.set()
            time.sleep(seconds)
        return None if kind in ("drop_after", "hold") else answer

    def carry_out_quietly(self, head, body):
        try:
            self.carry_out(head, body)
        except OSError:
            pass

    def tunnel(self, client, head):
        with socket.create_connection(("127.0.0.1", self.target)) as server:
            server.sendall(head)
            back = threading.Thread(target=self.pump, args=(server, client), daemon=True)
            back.start()
            self.pump(client, server)
            back.join(5)
        return False

    @staticmethod
    def pump(source, to):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=int)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", action="append", default=[], help='as JSON: {"match": ..., "fault": ...}')
    options = parser.parse_args()
    proxy = Proxy(options.target, options.port)
    for fault in options.fault:
        proxy.fault(**json.loads(fault))
    print(proxy.address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
