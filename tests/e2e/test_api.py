"""The API of flowd serve: what is done and read by it, and what it lets nobody do; its document has test_api_document."""
import concurrent.futures
import json
import os
import random
import resource
import signal
import socket
import stat
import subprocess
import time

from harness import EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS
from serving import PATIENCE_S, Served, new_id


class Doing(Served):
    """Commands."""

    def setUp(self):
        super().setUp()
        self.serve()

    def lot(self, name, **more):
        return {"command": "receive_lot", "lot": name, "what": "pla_black", **more}

    def test_refusal_says_the_line(self):
        self.command({"command": "open_batch", "batch": "B", "product": "desk_hook",
                      "purpose": "production"})
        self.command({"command": "add_units", "batch": "B", "sku": "DH-100-black-small", "count": 12})
        status, answer = self.command({"command": "start_batch", "batch": "B"})
        self.assertEqual(status, 409)
        self.assertFalse(answer["accepted"])
        self.assertIn("pp_sample", answer["detail"])
        self.assertRegex(answer["place"], r"desk_hook\.flow:\d+$")

    def test_repeats(self):
        once = new_id()
        answers = [self.command(self.lot("L-1", id=name)) for name in (once, once, once.upper())]
        self.assertEqual([status for status, _ in answers], [200, 200, 200])
        self.assertEqual([answer.get("repeated", False) for _, answer in answers], [False, True, True])
        self.assertEqual(len({answer["first"] for _, answer in answers}), 1)
        refused = [self.command({"command": "hold_lot", "lot": "X", "reason": "r", "id": new_id()})
                   for _ in range(1)]
        self.assertEqual(refused[0][0], 409)

    def test_repeats_at_once(self):
        once = new_id()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: self.command(self.lot("L-2", id=once)), range(64)))
        self.assertEqual({status for status, _ in answers}, {200})
        self.assertEqual(len({answer["first"] for _, answer in answers}), 1)
        self.assertEqual(sum(not answer.get("repeated") for _, answer in answers), 1)

    def test_many_in_one(self):
        status, answers = self.command([{**self.lot("A"), "id": new_id()},
                                        {"command": "hold_lot", "lot": "Z", "reason": "r", "id": new_id()},
                                        {**self.lot("B"), "id": new_id()}])
        self.assertEqual(status, 200)
        self.assertEqual([answer["accepted"] for answer in answers], [True, False, True])
        before = self.get("/status")["last_event"]
        status, answer = self.command([{**self.lot("C"), "id": new_id()}, {**self.lot("D"), "id": "x"}])
        self.assertEqual(status, 400)
        self.assertIn("Command 2", answer["detail"])
        self.assertEqual(self.get("/status")["last_event"], before)

    def test_what_is_answered_is_read(self):
        for i in range(50):
            _, answer = self.command(self.lot(f"L-{i}"))
            self.assertEqual(self.get("/lots?limit=1000")["items"][-1]["lot"], f"L-{i}")
            self.assertGreaterEqual(self.get("/status")["last_event"], answer["last"])

    def test_command_line_goes_through_it(self):
        self.done("lot", "receive", "by-line", "pla_black")
        self.assertIn("by-line", [lot["lot"] for lot in self.get("/lots")["items"]])
        self.refused("say why", "", "do", '{"command":"hold_lot","lot":"by-line"}')
        done = self.ends(self.flowd("lot", "receive", "x", "pla_black",
                                    environment={"FLOW_PERSON": "nobody"}), EXIT_FINDINGS)
        self.assertIn("nobody", done.err)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("shop", "flowd.socket")).st_mode), 0o600)

    def test_second_server(self):
        done = self.ends(self.flowd("serve", "--listen", "127.0.0.1:0"), EXIT_ENVIRONMENT)
        self.assertIn("flowd", done.err)

    def test_pages(self):
        self.command([{**self.lot(f"L-{i}"), "id": new_id()} for i in range(25)])
        names, at = [], 0
        while at is not None:
            page = self.get(f"/lots?from={at}&limit=10")
            names += [lot["lot"] for lot in page["items"]]
            at = page.get("next")
        self.assertEqual(names, [f"L-{i}" for i in range(25)])
        events, after = [], 0
        while after is not None:
            page = self.get(f"/events?after={after}&limit=7")
            events += [event["sequence"] for event in page["items"]]
            after = page.get("next")
        self.assertEqual(events, list(range(1, len(events) + 1)))

    ORDERS = b"order,line,sku,quantity,customer\r\n7001,1,DH-100-black-small,3,Cara\r\n" \
             b"7002,1,DH-100-blac-small,1,Dora\r\n"

    def take_file(self, query="", body=ORDERS, **headers):
        status, _, answer = self.ask("/api/v1/orders/import" + query, "POST", body,
                                     **{"Content_Type": "text/csv", **headers})
        return status, json.loads(answer)

    def test_file_of_orders(self):
        self.assertEqual(self.take_file("?dry_run=true")[1]["done"], 0)
        self.assertEqual(self.get("/orders")["total"], 0)
        status, answer = self.take_file()
        self.assertEqual(status, 200, answer)
        self.assertGreaterEqual(answer["done"], 2)
        self.assertEqual(answer["refusals"], [])
        self.assertEqual(self.get("/orders/7001")["owed"], 3)
        self.assertTrue(self.get("/orders/7002")["lines"][0]["held"])
        before = self.get("/status")["last_event"]
        self.assertEqual(self.take_file()[1]["done"], 0)
        self.assertEqual(self.get("/status")["last_event"], before)
        self.assertEqual(self.take_file("?dates=x")[0], 400)
        large = b"".join(b"%d,1,DH-100-black-small,1,C\r\n" % i for i in range(8000, 48000))
        self.assertGreater(len(large), 1 << 20)
        for token, status in [("x", 413), (self.token, None)]:  # from somebody known it is read on
            connection = self.connect()
            connection.putrequest("POST", "/api/v1/orders/import")
            for name, value in [("Authorization", "Bearer " + token), ("Content-Type", "text/csv"),
                                ("Content-Length", len(large))]:
                connection.putheader(name, value)
            connection.endheaders()
            connection.sock.settimeout(PATIENCE_S if status else 1)
            if status:
                self.assertEqual(connection.getresponse().status, status)
            else:
                self.assertRaises(TimeoutError, connection.getresponse)
            connection.close()
        rows = self.ORDERS.split(b"\r\n")[0] + b"\r\n" + large[:200000]
        status, answer = self.take_file(body=rows[:rows.rindex(b"\r\n") + 2])
        self.assertEqual((status, answer["refusals"]), (200, []), answer)
        self.assertGreater(self.get("/orders")["total"], 5000)

    def test_trace(self):
        self.receive_lots()
        self.release()
        answer = self.get("/trace/S-1%2F7")
        self.assertIn("SP-1", json.dumps(answer))
        self.assertIn("S-1", json.dumps(self.get("/trace/SP-1?kind=lot")))
        for kind, begin in [("text", b"unit "), ("csv", b"sequence"), ("dot", b"digraph"), ("epcis", b"{")]:
            status, headers, body = self.ask(f"/api/v1/trace/S-1%2F7?as={kind}")
            self.assertEqual((status, body[:len(begin)].lower()), (200, begin), headers["Content-Type"])
        self.assertEqual(self.ask("/api/v1/trace/none")[0], 404)
        self.assertEqual(self.ask("/api/v1/trace/S-1?as=svg")[0], 400)

    def test_documents(self):
        """What a verb makes: the same as on the command line, several at once, names that look like options."""
        self.receive_lots()
        self.release()
        self.assertEqual(self.get("/batches/S-1/record")["batch"], self.json("batch", "record", "S-1")["batch"])
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: self.ask("/api/v1/batches/S-1/record.pdf"), range(6)))
        for status, headers, body in answers:
            self.assertEqual((status, headers["Content-Type"], body[:5]), (200, "application/pdf", b"%PDF-"))
        self.assertIn("steps", self.get("/products/desk_hook/actuals"))
        self.assertEqual(self.ask("/api/v1/products/desk_hook/actuals.patch")[0], 200)
        for path in ("/batches/none/record", "/products/none/actuals", "/batches/-o/record.pdf"):
            self.assertEqual(self.ask("/api/v1" + path)[0], 404)
        self.command({"command": "open_batch", "batch": "--help", "product": "desk_hook", "purpose": "production"})
        self.assertEqual(self.get("/batches/--help/record")["batch"], "--help")

    def test_known_state_is_not_sent_again(self):
        _, headers, _ = self.ask("/api/v1/lots")
        mark = headers["ETag"]
        status, _, body = self.ask("/api/v1/lots", If_None_Match=mark)
        self.assertEqual((status, body), (304, b""))
        self.command(self.lot("L"))
        self.assertEqual(self.ask("/api/v1/lots", If_None_Match=mark)[0], 200)


class Following(Served):
    """Server-sent events."""

    def setUp(self):
        super().setUp()
        self.serve()

    def lot(self, name):
        return self.command({"command": "receive_lot", "lot": name, "what": "pla_black"})[1]["last"]

    def test_live(self):
        streams = [self.follow() for _ in range(20)]
        last = self.lot("L-1")
        for stream in streams:
            stream.wait(lambda s: s.events)
            event = stream.events[0]
            self.assertEqual((event["id"], event["event"]), (str(last), "lot_received"))
            data = json.loads(event["data"])
            self.assertEqual((data["sequence"], data["lot"], data["by"]), (last, "L-1", "anna"))

    def test_nothing_is_missed(self):
        """Cut off again and again while events come, each once and in order."""
        seen = []
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            writing = pool.submit(lambda: [self.lot(f"L-{i}") for i in range(300)][-1])
            while not writing.done() or seen[-1] < writing.result():
                headers = {"Last-Event-ID": str(seen[-1])} if seen else {}
                stream = self.follow("?after=0", **headers)
                deadline = time.monotonic() + 0.15
                while time.monotonic() < deadline:
                    time.sleep(0.01)
                stream.connection.sock and stream.connection.sock.shutdown(socket.SHUT_RDWR)
                seen += [int(event["id"]) for event in list(stream.events)]
        self.assertEqual(seen, list(range(1, len(seen) + 1)))

    def test_ahead_of_the_shop(self):
        """Who has seen events that are not there, after a backup was restored, is told so and does not wait for ever."""
        last = self.get("/status")["last_event"]
        self.follow(f"?after={last}").connection.close()
        status, _, body = self.ask("/api/v1/events/stream", Last_Event_ID=str(last + 1))
        self.assertEqual(status, 400)
        self.assertIn("anew", json.loads(body)["detail"])

    def test_ends_with_the_server(self):
        streams = [self.follow() for _ in range(5)]
        self.assertEqual(self.stop(), EXIT_CLEAN)
        for stream in streams:
            stream.wait(lambda s: s.ended)


class People(Served):
    """Who may ask."""

    def setUp(self):
        super().setUp()
        self.done("people", "admit", "otto", "operator")
        self.serve()

    def issue(self, person):
        return self.done("token", "issue", person, "tablet").out.strip()

    def test_tokens(self):
        otto = self.issue("otto")
        self.assertRegex(otto, r"^flow_[A-Za-z0-9_-]{43}$")
        self.get("/status", token=otto)
        for token in (None, "", otto[:-1], otto + "A", otto.swapcase(), "flow_" + "A" * 43, "\xff" * 48):
            status, headers, _ = self.ask("/api/v1/status", token="x",
                                          Authorization=f"Bearer {token}" if token else None)
            self.assertEqual(status, 401)
            self.assertIn("Bearer", headers["WWW-Authenticate"])
        listed = self.json("token", "list")
        digest = [one["hash"] for one in listed if one["person"] == "otto"][0]
        self.done("token", "revoke", digest[:10], "--reason", "lost")
        self.assertEqual(self.ask("/api/v1/status", token=otto)[0], 401)
        self.get("/status")

    def test_token_is_kept_nowhere(self):
        otto = self.issue("otto")
        self.get("/status", token=otto)
        self.stop()
        for name in os.listdir(self.path("shop")):
            if os.path.isfile(self.path("shop", name)):
                self.assertNotIn(otto[5:].encode(), self.read(os.path.join("shop", name)))

    def test_dismissed(self):
        otto = self.issue("otto")
        self.get("/status", token=otto)
        self.done("people", "dismiss", "otto", "left")
        self.assertEqual(self.ask("/api/v1/status", token=otto)[0], 401)

    def test_roles_are_the_engine_s(self):
        otto = self.issue("otto")
        status, answer = self.command({"command": "admit_person", "person": "eve", "roles": "admin"},
                                      token=otto)
        self.assertEqual(status, 409, answer)
        self.assertIn("admin", answer["detail"])
        status, answer = self.command({"command": "receive_lot", "lot": "L", "what": "pla_black"},
                                      token=otto, Flow_Person="anna")
        events = self.get("/events?limit=1000")["items"]
        self.assertNotIn("anna", [event.get("by") for event in events if event["event"] == "lot_received"])


    def test_what_is_refused_ends_as_without_a_server(self):
        self.write("orders.csv", "order,sku,quantity\n1001,DH-100-black-small,8\n")
        asked = (("orders", "import", "orders.csv", "--as", "otto"), ("orders", "import", "orders.csv", "--as", "nobody"),
                 ("orders", "cancel", "1000", "1", "--reason", "x"), ("orders", "cancel", "1000", "1", "--reason", "x", "--as", "otto"),
                 ("orders", "mend", "1000", "1", "--sku", "DH-100-white-small", "--as", "otto"), ("batch", "open", "B-1", "hook", "--as", "nobody"))
        self.write("first.csv", "order,sku,quantity\n1000,DH-100-black-small,8\n")
        self.done("orders", "import", "first.csv")
        self.done("orders", "cancel", "1000", "1", "--reason", "once")
        ends = [[(one.status, one.err) for one in (self.flowd(*words) for words in asked)]]
        self.stop()
        ends.append([(one.status, one.err) for one in (self.flowd(*words) for words in asked)])
        self.assertEqual(*ends)
        self.assertEqual({status for status, _ in ends[0]}, {EXIT_FINDINGS})


class Bounds(Served):
    """What is wrong, too large, too slow, or not ours."""

    def setUp(self):
        super().setUp()
        self.serve()

    def raw(self, text, wait_s=PATIENCE_S):
        """The bytes of an answer to raw bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait_s) as connection:
            connection.sendall(text)
            got = b""
            try:
                while chunk := connection.recv(65536):
                    got += chunk
            except (TimeoutError, ConnectionResetError):
                pass
            return got

    def test_wrong_bodies(self):
        good = {"command": "receive_lot", "id": new_id(), "lot": "L", "what": "pla_black"}
        before = self.get("/status")["last_event"]
        for body in [b"", b"{", b"[]", b"nul", b"\xff\xfe", b'"x"', b"1e999", b"[1]", b"[[[[[[[[[[[[", b"{}" * 2,
                     b"[" * 100000, b'{"a":' * 50000, json.dumps({**good, "id": "1"}).encode(),
                     json.dumps({**good, "by": "anna"}).encode(), json.dumps({**good, "x": 1}).encode(),
                     json.dumps({**good, "lot": None}).encode(), json.dumps({**good, "lot": "a\u0000b"}).encode(),
                     json.dumps({**good, "lot": "a\u001bb"}).encode(),
                     json.dumps(good)[:-1].encode() + b',"lot":"M"}',
                     json.dumps(good).encode().replace(b'"L"', b'"\xed\xa0\x80"'),
                     json.dumps(good).encode().replace(b'"L"', b'"\xc0\xaf"')]:
            with self.subTest(body=body[:60]):
                status, headers, answer = self.ask("/api/v1/commands", "POST", body)
                self.assertEqual((status, headers["Content-Type"]), (400, "application/problem+json"), answer)
                self.assertTrue(json.loads(answer)["detail"].endswith("."))
        self.assertEqual(self.get("/status")["last_event"], before)

    def test_wrong_requests(self):
        for path, status in [("/api", 404), ("/api/v1/", 404), ("/api/v1/batches/", 404),
                             ("/api/v2/status", 404), ("/api/v1/../../etc/passwd", 400), ("//", 404),
                             ("/api/v1/batches/..%2f..%2fjournal.db", 404), ("/api/v1/batches/%2e%2e", 400),
                             ("/api/v1/batches/%00", 400), ("/api/v1/batches/%zz", 400), ("/api/v1/batches/%", 400),
                             ("/api/v1/batches/%c0%ae", 400), ("/journal.db", 404), ("/api/v1/lots?from=-1", 400),
                             ("/api/v1/lots?limit=1001", 400), ("/api/v1/lots?limit=1&limit=2", 400),
                             ("/api/v1/lots?from=99999999999999999999", 400), ("/api/v1/events?after=x", 400),
                             ("/a" * 20, 404), ("/api/v1/batches/" + "x" * 5000, 400)]:
            with self.subTest(path=path[:60]):
                got, headers, body = self.ask(path)
                self.assertEqual((got, headers["Content-Type"]), (status, "application/problem+json"))
                self.assertEqual(json.loads(body)["status"], status)

    def test_methods(self):
        for method, path, status, allow in [
                ("DELETE", "/api/v1/commands", 405, "OPTIONS, POST"), ("GET", "/api/v1/commands", 405, "OPTIONS, POST"),
                ("POST", "/api/v1/status", 405, "GET, HEAD, OPTIONS"), ("BREW", "/api/v1/lots", 405, "GET, HEAD, OPTIONS"),
                ("OPTIONS", "/api/v1/status", 204, "GET, HEAD, OPTIONS")]:
            got, headers, _ = self.ask(path, method)
            self.assertEqual((got, headers["Allow"]), (status, allow))
        status, headers, body = self.ask("/api/v1/status", "HEAD")
        self.assertEqual((status, body), (200, b""))
        self.assertGreater(int(headers["Content-Length"]), 50)
        self.assertEqual(self.ask("/api/v1/events/stream", "HEAD")[0], 200)
        body = json.dumps({"command": "receive_lot", "id": new_id()}).encode()
        for kind in ("text/plain", "application/x-www-form-urlencoded", None):
            self.assertEqual(self.ask("/api/v1/commands", "POST", body, Content_Type=kind)[0], 415)

    def test_headers(self):
        _, headers, _ = self.ask("/api/v1/status")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertNotIn("Access-Control-Allow-Origin", headers)
        self.assertIn("no-store", self.ask("/api/v1/events")[1]["Cache-Control"])

    def test_other_names(self):
        for host, status in [("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200), ("evil.example", 421),
                             ("evil.example:8420", 421), ("127.0.0.1.evil.example", 421), ("", 421)]:
            request = f"GET /api/v1/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            self.assertIn(f"HTTP/1.1 {status} ".encode(), self.raw(request.encode())[:20], host)

    def test_too_large(self):
        head = (f"POST /api/v1/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n"
                "Content-Type: application/json\r\nConnection: close\r\n").encode()
        self.assertIn(b" 413 ", self.raw(head + b"Content-Length: 1048577\r\n\r\n")[:20])
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        self.assertIn(b" 413 ", self.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 17 + b"0\r\n\r\n")[:20])
        self.assertIn(b" 431 ", self.raw(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70000)[:20])
        self.get("/status")

    def test_too_slow(self):
        """A byte now and then holds no connection: neither in the head nor in the body."""
        post = (f"POST /api/v1/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n"
                "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n").encode()
        slow, begun = [], time.monotonic()
        for begin in [b"GET /api/v1/health HTTP/1.1\r\nX: ", b"", post]:
            connection = socket.create_connection(("127.0.0.1", self.port), timeout=0.5)
            self.addCleanup(connection.close)
            connection.sendall(begin)
            slow.append((connection, b" " if begin else None))
        while slow and time.monotonic() - begun < PATIENCE_S:
            for one in list(slow):
                try:
                    if one[1]:
                        one[0].sendall(one[1])
                    if one[0].recv(1000) == b"":
                        slow.remove(one)
                except TimeoutError:
                    pass
                except OSError:
                    slow.remove(one)
        self.assertEqual(slow, [])
        self.assertGreater(time.monotonic() - begun, 10)

    def test_many_connections(self):
        """Those who only hold connections keep nobody out."""
        held, begun = [], time.monotonic()
        for _ in range(400):
            held.append(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S))
        self.get("/status")
        soon = time.monotonic() - begun < 15  # after that those are sent away who ask nothing
        for connection in held:
            connection.setblocking(False)
            if soon:
                self.assertRaises(BlockingIOError, connection.recv, 1)
            connection.close()


class Ending(Served):
    """The server is stopped, or killed: at random moments, FLOW_KILLS times (3)."""

    def write_until_gone(self, number, answered):
        """Lots whose reception was answered."""
        connection = self.connect()
        for i in range(100000):
            try:
                body = json.dumps({"command": "receive_lot", "lot": f"L-{number}-{i}", "what": "pla_black",
                                   "id": new_id()}).encode()
                status, _, _ = self.ask("/api/v1/commands", "POST", body, connection=connection)
            except OSError:
                break
            except Exception as error:  # pylint: disable=broad-except
                if "HTTP" in type(error).__mro__[1].__name__ or "Remote" in type(error).__name__:
                    break
                raise
            if status != 200:
                break
            answered.append(f"L-{number}-{i}")
        connection.close()

    def ended_under_load(self, number, after_s, turn=0):
        """Once something was answered, and so long after it."""
        self.serve()
        answered, deadline = [], time.monotonic() + PATIENCE_S
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            writers = [pool.submit(self.write_until_gone, f"{turn}-{n}", answered) for n in range(8)]
            while not answered and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(after_s)
            self.process.send_signal(number)
            for writer in writers:
                writer.result()
        status = self.stop()
        self.done("verify")
        there = {lot["lot"] for lot in self.json("lot", "list")}
        self.assertGreater(len(answered), 0)
        self.assertEqual(set(answered) - there, set())
        return status

    def test_stopped(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            self.assertEqual(self.ended_under_load(number, 0.5, number), EXIT_CLEAN)
        self.assertNotIn("flowd.socket", os.listdir(self.path("shop")))

    def test_killed(self):
        chance = random.Random(1)
        for turn in range(int(os.environ.get("FLOW_KILLS", "3"))):
            after_s = chance.uniform(0.1, 0.5)
            self.assertEqual(self.ended_under_load(signal.SIGKILL, after_s, turn), -signal.SIGKILL)
        self.serve()  # over the socket of the one that was killed
        self.done("lot", "receive", "last", "pla_black")


class DiskFull(Served):
    """The disk takes no more, and then it does again."""

    def lot(self, i):
        return self.command({"command": "receive_lot", "lot": f"L-{i}", "what": "pla_black" + "x" * 500})

    def test_full_and_room_again(self):
        self.receive_lots()
        self.release()
        self.serve()
        now = max(os.path.getsize(self.path("shop", name)) for name in ("journal.db", "journal.db-wal"))
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (now + 100000, resource.RLIM_INFINITY))
        answers = [self.lot(i) for i in range(400)]
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        refused = [i for i, (status, _) in enumerate(answers) if status != 200]
        self.assertGreater(len(refused), 0)
        for i in refused:
            self.assertEqual(answers[i][0], 503, answers[i])
            self.assertIn("Nothing was done", answers[i][1]["detail"])
        batch = self.get("/batches/S-1")
        self.assertEqual(self.lot(999)[0], 200)
        self.assertEqual(self.command({"command": "open_batch", "batch": "B-9", "product": "desk_hook",
                                       "purpose": "production"})[0], 200)
        self.assertEqual(self.get("/batches/S-1"), batch)
        self.assertEqual(self.stop(), EXIT_CLEAN)
        self.done("verify")
        there = {lot["lot"] for lot in self.json("lot", "list")}
        self.assertEqual({f"L-{i}" for i in range(400)} & there,
                         {f"L-{i}" for i in range(400) if i not in refused})


class Secure(Served):
    """TLS, and what goes without it."""

    def setUp(self):
        super().setUp()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost"], cwd=self.folder, check=True, capture_output=True)

    def test_tls(self):
        self.serve("--cert", "cert.pem", "--key", "key.pem")
        self.assertTrue(self.address.startswith("https://"))
        self.get("/status")
        self.assertEqual(self.command({"command": "receive_lot", "lot": "L", "what": "pla_black"})[0], 200)
        stream = self.follow("?after=0")
        stream.wait(lambda s: s.events and json.loads(s.events[-1]["data"]).get("lot") == "L")
        self.done("lot", "receive", "by-line", "pla_black")

    def test_not_without(self):
        for arguments, words in [(("--listen", "0.0.0.0:0"), "--cert"), (("--cert", "cert.pem"), "--key"),
                                 (("--listen", "nowhere"), "HOST:PORT"), (("--listen", "127.0.0.1:99999"), ""),
                                 (("--cert", "cert.pem", "--key", "cert.pem"), "belong together"),
                                 (("--cert", "none.pem", "--key", "key.pem"), "none.pem")]:
            with self.subTest(arguments=arguments):
                done = self.ends(self.flowd("serve", *arguments), EXIT_ENVIRONMENT)
                self.assertIn(words, done.err)

    def test_plain_where_asked(self):
        self.serve("--plain", "--names", "shop.example", listen="0.0.0.0:0")
        self.assertEqual(self.ask("/api/v1/health", Host="shop.example")[0], 200)
        self.assertEqual(self.ask("/api/v1/health", Host="other.example")[0], 421)
