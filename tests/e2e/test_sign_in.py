"""People at pages: PINs at trusted tablets, passwords elsewhere; sessions, and what is tried against them."""
import http.cookies
import json
import os
import time

from harness import EXIT_FINDINGS, EXIT_USAGE
from serving import Served, new_id

PIN, PASSWORD = "4711", "correct horse battery"


class Browser:
    """Keeps cookies, as a browser does, and says that it is our page unless told otherwise."""

    def __init__(self, test):
        self.test, self.cookies = test, {}

    def ask(self, path, body=None, page=True, method=None, **headers):
        """Status, JSON, headers."""
        values = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                  "Flow-Page": "1" if page else "", "Content-Type": "application/json" if body is not None else "",
                  **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = self.test.connect()
        connection.request(method or ("GET" if body is None else "POST"), "/api/v1" + path,
                           None if body is None else json.dumps(body),
                           {name: value for name, value in values.items() if value})
        answer = connection.getresponse()
        text = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(cookie).items():
                self.test.assertIn("HttpOnly", cookie)
                self.test.assertIn("SameSite=Strict", cookie)
                self.cookies[name] = morsel.value
        connection.close()
        return answer.status, json.loads(text) if text else None, answer.headers

    def command(self, command, **how):
        return self.ask("/commands", {"id": new_id(), **command}, **how)


class SignIn(Served):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("tmp"))
        self.done("people", "admit", "ben", "operator")
        self.done("people", "pin", "ben", stdin=PIN.encode() + b"\n")
        self.done("people", "password", "ben", stdin=PASSWORD.encode() + b"\n")
        self.done("people", "admit", "tablet-1", "tablet")
        self.tablet_token = self.done("token", "issue", "tablet-1", "by the plate").out.strip()
        self.serve()
        self.browser = Browser(self)

    def tablet(self):
        browser = Browser(self)
        self.assertEqual(browser.ask("/session/tablet", {"token": self.tablet_token})[0], 200)
        return browser

    def signed_in(self):
        browser = self.tablet()
        self.assertEqual(browser.ask("/session", {"person": "ben", "pin": PIN})[0], 200)
        return browser

    LOT = {"command": "receive_lot", "lot": "L", "what": "pla_black"}

    def test_pin_at_a_trusted_tablet(self):
        self.assertEqual(self.browser.ask("/session")[1], {"training": False, "version": "0.1.0"})
        status, answer, _ = self.browser.ask("/session", {"person": "ben", "pin": PIN})
        self.assertEqual(status, 403)
        self.assertIn("trusts", answer["detail"])
        browser = self.tablet()
        session = browser.ask("/session")[1]
        self.assertEqual((session["tablet"], session["people"]), ("tablet-1", ["ben"]))
        self.assertNotIn("person", session)
        self.assertEqual(browser.ask("/status")[0], 200)
        self.assertEqual(browser.command(self.LOT)[0], 401)  # the tablet itself does nothing
        status, session, _ = browser.ask("/session", {"person": "ben", "pin": PIN})
        self.assertEqual((status, session["person"], session["roles"]), (200, "ben", "operator"))
        self.assertEqual(browser.command(self.LOT)[0], 200)
        self.assertEqual(self.get("/events?after=0&limit=1000")["items"][-1]["by"], "ben")
        status, session, _ = browser.ask("/session/end", {})
        self.assertNotIn("person", session)
        self.assertEqual(browser.command({**self.LOT, "lot": "M"})[0], 401)

    def test_password_elsewhere(self):
        status, session, _ = self.browser.ask("/session", {"person": "ben", "password": PASSWORD})
        self.assertEqual((status, session["person"]), (200, "ben"))
        self.assertNotIn("people", session)
        self.assertEqual(self.browser.command(self.LOT)[0], 200)
        self.assertEqual(Browser(self).ask("/session", {"person": "ben", "password": PIN})[0], 401)

    def test_what_ends_a_session(self):
        for end in (("people", "pin", "ben"), ("people", "dismiss", "ben", "left")):
            browser = self.signed_in()
            self.assertEqual(browser.ask("/session")[1]["person"], "ben")
            self.done(*end, stdin=b"4242\n")
            self.assertNotIn("person", browser.ask("/session")[1])
            self.done("people", "admit", "ben", "operator")
            self.done("people", "pin", "ben", stdin=PIN.encode())

    def test_revoked_tablet(self):
        browser = self.tablet()
        tokens = [person for person in self.get("/people")["items"] if person["person"] == "tablet-1"][0]["tokens"]
        self.done("token", "revoke", tokens[0]["hash"][:12], "--reason", "lost")
        self.assertEqual(browser.ask("/status")[0], 401)
        self.assertEqual(browser.ask("/session", {"person": "ben", "pin": PIN})[0], 403)
        self.assertEqual(Browser(self).ask("/session/tablet", {"token": self.tablet_token})[0], 403)
        self.assertEqual(Browser(self).ask("/session/tablet", {"token": self.token})[0], 403)  # anna's own

    def test_other_sites(self):
        browser = self.signed_in()
        before = self.get("/status")["last_event"]
        self.assertEqual(browser.command(self.LOT, page=False)[0], 403)
        self.assertEqual(browser.command(self.LOT, Origin="https://evil.example")[0], 403)
        self.assertEqual(browser.command(self.LOT, Origin="null")[0], 403)
        self.assertEqual(browser.command(self.LOT, page=False, Content_Type="text/plain")[0], 403)
        for path, body in [("/session", {"person": "ben", "pin": PIN}), ("/session/end", {}),
                           ("/session/tablet", {"token": self.tablet_token})]:
            self.assertEqual(browser.ask(path, body, page=False)[0], 403, path)
            self.assertEqual(browser.ask(path, body, Origin="https://evil.example")[0], 403, path)
        self.assertEqual(self.get("/status")["last_event"], before)
        self.assertEqual(browser.ask("/session")[1]["person"], "ben")
        status, _, headers = browser.ask("/commands", method="OPTIONS", Origin="https://evil.example",
                                         Access_Control_Request_Headers="flow-page")
        self.assertEqual([name for name in headers if name.lower().startswith("access-control")], [])
        self.assertEqual(browser.command(self.LOT, Origin=f"http://127.0.0.1:{self.port}")[0], 200)

    def test_session_fixation(self):
        browser = self.tablet()
        for planted in ("x", "flow_" + "A" * 43):
            browser.cookies["flow_session"] = planted
            self.assertNotIn("person", browser.ask("/session")[1])
            browser.ask("/session", {"person": "ben", "pin": PIN})
            self.assertNotEqual(browser.cookies["flow_session"], planted)
            thief = Browser(self)
            thief.cookies["flow_session"] = planted
            self.assertNotIn("person", thief.ask("/session")[1])
        old = dict(browser.cookies)
        browser.ask("/session", {"person": "ben", "pin": PIN})  # somebody else's turn: the one before is over
        thief.cookies = old
        self.assertNotIn("person", thief.ask("/session")[1])

    def test_brute_force(self):
        browser, guesses = self.tablet(), []
        for guess in range(8):
            guesses.append(browser.ask("/session", {"person": "ben", "pin": f"{guess:04}"}))
        self.assertEqual([status for status, _, _ in guesses], [401] * 5 + [429] * 3)
        self.assertGreater(int(guesses[-1][2]["Retry-After"]), 20)
        self.assertEqual(browser.ask("/session", {"person": "ben", "pin": PIN})[0], 429)  # the right one, too
        self.assertEqual(self.browser.ask("/session", {"person": "ben", "password": PASSWORD})[0], 200)
        for guess in range(25):
            last = browser.ask("/session", {"person": f"nobody-{guess}", "pin": "0000"})[0]
        self.assertEqual(last, 429)  # of one tablet

    def test_nobody_is_told_who_there_is(self):
        times = {"ben": [], "nobody": []}
        for person in list(times) * 3:  # the machine may be busy: the shortest of each counts
            start = time.monotonic()
            answer = Browser(self).ask("/session", {"person": person, "password": "wrong wrong"})
            times[person].append(time.monotonic() - start)
            self.assertEqual((answer[0], answer[1]["detail"]), (401, "The name or the password is not right."))
        shortest = [min(one) for one in times.values()]
        self.assertLess(max(shortest), 6 * min(shortest) + 0.05)

    def test_hashes_stay(self):
        stream = self.follow("?after=0")
        stream.wait(lambda s: len(s.events) >= 5)
        events = self.get("/events?after=0&limit=1000")["items"]
        self.assertIn("pin_set", [event["event"] for event in events])
        self.assertIn("password_set", [event["event"] for event in events])
        for text in (json.dumps(events), json.dumps(stream.events), json.dumps(self.get("/people"))):
            self.assertNotIn("argon2", text)

    def test_pins_are_digits(self):
        for text in ("123", "12a4", "1" * 13):
            self.assertIn("4 to 12 digits",
                          self.ends(self.flowd("people", "pin", "ben", stdin=text.encode()), EXIT_USAGE).err)
        self.assertIn("10 to 200", self.ends(self.flowd("people", "password", "ben", stdin=b"short\n"), EXIT_USAGE).err)
        self.ends(self.flowd("people", "pin", "nobody", stdin=b"1234"), EXIT_FINDINGS)
        self.done("people", "pin", "ben", stdin=b"\n")
        self.assertEqual(self.tablet().ask("/session")[1]["people"], [])

    def test_a_signature_wants_the_pin(self):
        self.done("people", "admit", "cleo", "operator,quality")
        self.done("people", "pin", "cleo", stdin=b"9876")
        browser = self.signed_in()
        command = {"id": new_id(), "command": "approve_sample", "product": "desk_hook", "name": "pp_sample",
                   "meaning": "as drawn"}
        self.assertEqual(browser.ask("/commands", command)[0], 403)
        signature = {"person": "cleo", "pin": "0000", "command": command}
        self.assertEqual(browser.ask("/signatures", signature)[0], 401)
        status, answer, _ = browser.ask("/signatures", {**signature, "pin": "9876"})
        self.assertEqual(status, 409)  # asked of the engine by cleo: there is no sample yet
        self.assertIn("finished", answer["refusal"])
        self.assertEqual(browser.ask("/session")[1]["person"], "ben")
        self.assertEqual(browser.ask("/signatures", {**signature, "pin": "9876", "command": {}})[0], 400)
        self.assertEqual(browser.ask("/signatures", {"person": "cleo", "pin": "9876"})[0], 400)

    def test_a_page_means_its_own_session(self):
        self.done("people", "admit", "cleo", "operator")
        self.done("people", "pin", "cleo", stdin=b"9876")
        browser = self.signed_in()
        mark = browser.ask("/session")[1]["mark"]
        self.assertEqual(browser.command(self.LOT, page=False, Flow_Page=mark)[0], 200)
        browser.ask("/session", {"person": "cleo", "pin": "9876"})  # in another window of the same browser
        self.assertEqual(browser.command({**self.LOT, "lot": "M"}, page=False, Flow_Page=mark)[0], 401)
        self.assertEqual(browser.command({**self.LOT, "lot": "M"})[0], 200)

    def test_training_records_nothing(self):
        before = self.get("/status")["last_event"]
        lots = len(self.get("/lots")["items"])
        real, address, port = self.signed_in(), self.address, self.port
        first = self.process
        self.SETTINGS = {"TMPDIR": self.path("tmp")}
        self.serve("--training")  # beside the one that is meant
        practice = Browser(self)
        practice.cookies = real.cookies  # a browser has them for every port of a machine
        self.assertTrue(practice.ask("/session")[1]["training"])
        self.assertEqual(practice.ask("/session", {"person": "ben", "pin": PIN})[0], 200)
        self.assertEqual(practice.command(self.LOT)[0], 200)
        self.assertEqual(len(self.get("/lots")["items"]), lots + 1)
        folders = [name for name in os.listdir(self.path("tmp"))]
        self.assertEqual(len(folders), 1)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(os.listdir(self.path("tmp")), [])
        self.process, self.address, self.port = first, address, port
        self.assertEqual(self.get("/status")["last_event"], before)
        self.assertEqual(real.ask("/session")[1]["person"], "ben")
        self.assertFalse(real.ask("/session")[1]["training"])

    def test_many_at_once(self):
        import concurrent.futures
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            statuses = list(pool.map(lambda _: self.tablet().ask("/session", {"person": "ben", "pin": PIN})[0], range(24)))
        self.assertEqual(set(statuses), {200})
