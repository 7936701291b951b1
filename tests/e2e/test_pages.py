"""The station page in a browser: the desk hook's whole run by three operators at once, with the network cut; what is counted in
touches; two tablets on one batch; languages, and what no text may become."""
import json
import os
import re
import threading
import time
import unittest

import harness
from browser import PROGRAM
from serving import Served
from tablet import Relay, Tablet, settle

PINS = {"ben": "4711", "cleo": "1234", "dora": "2580"}
ORDERS = "order,line,sku,quantity,customer,due\n1001,1,DH-100-black-small,12,Bench & Bed,2027-02-01\n"


@unittest.skipUnless(PROGRAM, "chromium is not there")
class Bench(Served):
    """A released desk hook, three people with PINs, a trusted tablet's token; batch B-1 of twelve is started."""
    STEERS = "a browser"

    checked = False  # browsers take their time: with sanitizers only those run that ask the server for everything

    def setUp(self):
        if harness.CHECKED and not self.checked:
            self.skipTest("others ask the server with sanitizers for the same")
        super().setUp()
        self.receive_lots()
        self.release()
        for person, pin in PINS.items():
            self.done("people", "admit", person, "operator,quality")
            self.done("people", "pin", person, stdin=pin.encode())
        self.done("people", "admit", "tablet-1", "tablet")
        self.tablet_token = self.done("token", "issue", "tablet-1").out.strip()
        self.write("orders.csv", ORDERS)
        self.done("orders", "import", "orders.csv")
        self.start()
        self.serve()
        self.before = self.get("/status")["last_event"]

    def start(self):
        self.done("batch", "open", "B-1", "desk_hook", "--purpose", "production")
        self.done("batch", "fill", "B-1")
        self.done("batch", "start", "B-1")

    def tablet(self, person="ben", port=None, **how):
        tablet = Tablet(port or self.port, self.tablet_token, person, PINS.get(person), **how)
        self.addCleanup(tablet.close)
        return tablet

    def relay(self):
        relay = Relay(self.port)
        self.addCleanup(relay.close)
        return relay

    def events(self, *kinds):
        """What happened since the batch was started."""
        items, after = [], self.before
        while after is not None:
            page = self.get(f"/events?after={after}&limit=1000")
            items += page["items"]
            after = page.get("next")
        return [event for event in items if not kinds or event["event"] in kinds]


class Robot(threading.Thread):
    """An operator: takes what waits at their stations and does what the page asks for, one thing after the other."""

    def __init__(self, tablet, stations, readings=None, defects=None, lots=None, halves=()):
        super().__init__(daemon=True)
        self.tablet, self.stations = tablet, stations
        self.readings, self.defects = readings or {}, defects or {}
        self.lots, self.halves, self.over, self.failed = lots or {}, set(halves), False, None
        self.last, self.idle = "", 0

    # What the page shows, all at once: a page that changes between two questions answers neither.
    LOOK = """(() => {
        const one = (selector) => document.querySelector('#main ' + selector);
        const hash = location.hash.split('/').map(decodeURIComponent);
        return {batch: hash[1] ?? '', step: hash[2] ?? '', gone: !!one('a.primary.big'), shown: !!one('.step-head'),
            start: !!one('.start button'), need: one('.need .ask')?.closest('.need').id ?? '', right: !!one('.card .choices .primary'),
            judge: one('.judge')?.id ?? '', measure: one('form.measure')?.id ?? '', bad: one('.panel')?.id ?? '',
            pass: !!one('#pass'), refused: document.querySelectorAll('.refused').length,
            tasks: [...document.querySelectorAll('.task')].map(task => task.getAttribute('href'))}})()"""

    def run(self):
        try:
            while not self.over:
                if not self.act(self.tablet.value(self.LOOK)):
                    time.sleep(0.05)
        except Exception as problem:  # pylint: disable=broad-exception-caught
            self.failed = problem

    def act(self, page):
        if not page["batch"]:
            mine = [href for href in page["tasks"] if href.split("/")[2] in self.stations]
            mine = [href for href in mine if href != self.last] or mine
            if mine:
                self.last = mine[0]
                self.tablet.value(f"location.hash = {json.dumps(mine[0])}")
            return bool(mine)
        if page["gone"]:
            self.tablet.show("/")
            return True
        return page["shown"] and self.work(page)

    def work(self, page):
        tablet = self.tablet
        if page["start"]:
            tablet.touch(".start button")
        elif page["need"]:
            self.choose_lot(page["need"])
        elif page["bad"]:
            unit = int(page["bad"].split("-")[1])
            tablet.touch(f"#{page['bad']} .outcome." + ("reject" if unit in self.defects else "rework"))
        elif page["judge"]:
            unit = int(page["judge"].split("-")[1])
            wrong = self.defects.get(unit) if page["judge"].endswith("-surface") else None
            tablet.touch(f"[id='{page['judge']}'] " + ("button.defect:nth-of-type(4)" if wrong else "button.primary"))
        elif page["measure"]:
            self.measure(page["measure"])
        elif page["right"]:
            tablet.touch("#main .card .choices .primary")
        elif page["pass"]:
            self.pass_on(page["step"])
        else:
            return self.go_back()
        self.idle = 0
        return True

    def go_back(self):
        """Where nothing is asked for a while something else may wait: a sample may want a unit that stands at the step before."""
        self.idle += 1
        if self.idle < 20:
            return False
        self.idle = 0
        self.tablet.show("/")
        return True

    def choose_lot(self, need):
        if need in self.lots:
            self.tablet.scan(self.lots[need])
        else:
            self.tablet.touch(f"#{need} .choices button")

    def measure(self, form):
        _, unit, name = re.match(r"form-measure-()(\d+)-(.+)$", form).groups()
        value = self.readings.get(int(unit), [])
        first = {"hook.bore": "4,30", "cap.pocket": "10.1", "hook.width": "30.2"}[name]
        self.tablet.put(f"[id='{form[5:]}']", value.pop(0) if value and name == "hook.bore" else first)

    def pass_on(self, step):
        if step in self.halves:  # six first, then another lot
            self.halves.discard(step)
            for count in range(12, 6, -1):  # whoever counts looks
                self.tablet.until(f"document.querySelector('.stepper output')?.textContent === '{count}'")
                self.tablet.wait_and_touch(".stepper button:first-child")
            self.tablet.until("document.querySelector('.stepper output')?.textContent === '6'")
            self.tablet.wait_and_touch("#pass")
            self.tablet.until("document.querySelector('.step-head .count')?.textContent.includes('6')")
            self.tablet.wait_and_touch(".need details summary")
            self.tablet.wait_and_touch(".need details .choices button")
            return
        self.tablet.touch("#pass")


class WholeRun(Bench):
    checked = True
    STATIONS = {"ben": {"collect", "plate"}, "cleo": {"screen", "first_piece", "final"},
                "dora": {"touch_up", "cleanup", "inserts", "box", "out"}}

    def cut(self, relay, event, mode):
        """Cuts a line once such an event has come, for a while in which its operator goes on."""
        settle(lambda: self.events(event), 240)
        relay.set(mode)
        time.sleep(2)
        if mode == "deaf":
            relay.cut_after_deaf()
        relay.set("on")

    def test_three_operators(self):
        relays = {person: self.relay() for person in self.STATIONS}
        special = {"ben": {"lots": {"need-pla_black": "SP-1"}, "halves": ["plate"]},
                   "cleo": {"readings": {5: ["4.62"]}, "defects": {9: "warp"}}}
        robots = {person: Robot(self.tablet(person, relays[person].port), steps, **special.get(person, {}))
                  for person, steps in self.STATIONS.items()}
        for robot in robots.values():
            robot.start()
        self.cut(relays["ben"], "lot_used", "off")
        self.cut(relays["cleo"], "unit_measured", "deaf")
        self.cut(relays["dora"], "lot_judged", "off")
        settle(lambda: self.events("batch_closed") or any(robot.failed for robot in robots.values()), 480)
        for robot in robots.values():
            robot.over = True
        for person, robot in robots.items():
            robot.join()
            self.assertIsNone(robot.failed, person)
            settle(lambda tablet=robot.tablet: tablet.waiting() == 0)
            refused = robot.tablet.value("[...document.querySelectorAll('.refused')].map(one => one.textContent)")
            self.assertEqual(refused, [], person)
        self.check_record()

    def check_record(self):
        """Exactly what was done, once, by whoever did it."""
        left = {}
        for event in self.events("units_left"):
            for unit in range(event["first"], event["first"] + event["count"]):
                left.setdefault(unit, []).append((event["step"], event["outcome"], event["by"]))
        way = [(step, "pass", person) for step, person in [
            ("collect", "ben"), ("plate", "ben"), ("screen", "cleo"), ("cleanup", "dora"), ("inserts", "dora"),
            ("first_piece", "cleo"), ("final", "cleo"), ("box", "dora"), ("out", "dora")]]
        again = [("screen", "rework", "cleo"), ("touch_up", "pass", "dora")]
        for unit in range(1, 13):
            wanted = way[:2] + again + way[2:] if unit == 5 else way[:2] + [("screen", "reject", "cleo")] if unit == 9 else way
            self.assertEqual(left[unit], wanted, unit)
        found = [(event["step"], event["unit"], event.get("part", "") + event.get("dimension", event.get("check", "")))
                 for event in self.events("unit_measured", "check_judged") if event.get("unit")]
        twice = {one for one in found if found.count(one) > 1}
        self.assertEqual(twice, {("screen", 5, "surface"), ("screen", 5, "hookbore")})
        self.assertEqual(len([one for one in found if one[0] == "screen"]), 2 * 12 - 1 + 2)  # the warped one is not measured, the fifth twice
        self.assertEqual([(event["step"], event["lot"]) for event in self.events("lot_used") if event["step"] == "plate"],
                         [("plate", "SP-1"), ("plate", "SP-2")])
        reasons = [event["reason"] for event in self.events("units_left") if event.get("reason")]
        self.assertEqual(len(reasons), 2)
        self.assertTrue(reasons[0].startswith("Hook body: bore 4.62 mm"), reasons)
        self.assertEqual(reasons[1], "Warping")
        steps = [event["step"] for event in self.events("step_begun")]
        self.assertEqual(len(steps), len(set(steps)), steps)
        self.assertEqual({event["by"] for event in self.events() if event["event"] != "batch_closed"} - set(self.STATIONS), set())
        self.done("verify")


class Touches(Bench):
    def test_from_scanning_to_the_first_finished_unit(self):
        tablet = self.tablet("ben")
        tablet.until("document.querySelector('.task')")
        tablet.scan("B-1")
        tablet.until("document.querySelector('.step-head')")
        settle(lambda: self.events("step_begun"))  # whoever scans it begins
        tablet.wait_and_touch("#one")
        settle(lambda: self.events("units_left"))
        self.assertEqual([(event["first"], event["count"]) for event in self.events("units_left")], [(1, 1)])
        self.assertLessEqual(tablet.touches, 4)

    def test_by_keyboard_alone(self):
        tablet = self.tablet("ben")
        tablet.until("document.querySelector('.task')")
        tablet.tab_to("document.activeElement.classList.contains('task')")
        tablet.key("Enter")
        tablet.until("document.querySelector('#pass')")
        tablet.tab_to("document.activeElement.id === 'pass'")
        tablet.key("Enter")
        settle(lambda: self.events("units_left"))
        self.assertEqual(self.events("units_left")[0]["count"], 12)

    def test_signing_in_by_touch_and_by_keys(self):
        tablet = Tablet(self.port, self.tablet_token)
        self.addCleanup(tablet.close)
        tablet.wait_and_touch(".person")
        for digit in PINS["ben"]:
            tablet.wait_and_touch(f".key:nth-child({digit})")
        tablet.wait_and_touch(".key.primary")
        tablet.until("document.querySelector('.task')")
        self.assertEqual(tablet.value("document.querySelector('#who').innerText.trim()"), "ben")
        tablet.wait_and_touch("#who")
        tablet.wait_and_touch(".sheet .form .big")
        tablet.wait_and_touch(".people li:nth-child(2) button")
        tablet.enter("#pin", "9999")
        tablet.until("document.querySelector('#pin-wrong')?.textContent.includes('not right')")
        tablet.enter("#pin", PINS["cleo"])
        tablet.until("document.querySelector('#who').innerText.trim() === 'cleo'")


class Recorded(Bench):
    """What a step records is wanted by the name that its field has, not by the spec's word for it."""

    def start(self):
        with open(self.path("spec", "desk_hook.flow"), encoding="utf-8") as file:
            text = file.read()
        self.write("spec/desk_hook.flow", text.replace("    yield  96%\n", "    yield  96%\n    record bed_clean \"Sheet washed\"\n", 1))
        self.done("adopt", "spec/desk_hook.flow")
        super().start()

    def test_one_name_of_it(self):
        self.all_done([self.leave("B-1", "collect", 1, 12)])
        tablet = self.tablet("ben")
        tablet.show("/B-1/plate")
        tablet.until("document.querySelector('.missing')")
        self.assertIn("Sheet washed", tablet.value("document.querySelector('.missing').innerText"))
        tablet.show("/")
        tablet.until("document.querySelector('.task')?.innerText.includes('Sheet washed')")


class WhatMayGo(Bench):
    """Pass is offered when the engine would take it, and not before."""

    def test_a_sample_that_is_not_whole(self):
        self.all_done(self.printing("B-1", 12) + self.screening("B-1", range(1, 13)) + [
            self.leave("B-1", "screen", 1, 12), self.leave("B-1", "cleanup", 1, 12), self.use("B-1", "inserts", "IN-1"),
            self.use("B-1", "inserts", "MA-1"), self.leave("B-1", "inserts", 1, 12), self.judge("B-1", "first_piece", 1, "fit"),
            self.leave("B-1", "first_piece", 1, 2)])
        final = [command for unit in (1, 2) for command in (
            self.measure("B-1", "final", unit, "cap", "pocket", "10.1"), self.measure("B-1", "final", unit, "hook", "width", "30.2"),
            self.judge("B-1", "final", unit, "pull"))]
        tablet = self.tablet("cleo")
        tablet.show("/B-1/final")
        tablet.until("document.querySelector('.judge, .measure')")
        self.all_done(final)  # two of twelve: ten are still to come
        tablet.until("document.querySelector('.missing')?.innerText.includes('10')")
        self.assertFalse(tablet.value("!!document.querySelector('#pass')"))
        self.assertEqual(self.get("/batches/B-1/steps/final")["sample_left"], 10)

    def test_a_lot_on_hold(self):
        self.all_done(self.printing("B-1", 12)[:3])
        tablet = self.tablet("ben")
        tablet.show("/B-1/plate")
        tablet.until("document.querySelector('#pass')")
        self.all_done([{"command": "hold_lot", "lot": "SP-1", "reason": "damp"}])
        tablet.until("document.querySelector('.missing')?.innerText.includes('SP-1') && !document.querySelector('#pass')")

    def test_another_lot_all_along(self):
        self.all_done(self.printing("B-1", 12)[:3])
        tablet = self.tablet("ben")
        tablet.show("/B-1/plate")
        tablet.wait_and_touch(".need .state button")
        tablet.until("document.querySelector('dialog [data-scan]')")
        tablet.value("document.activeElement.blur()")
        tablet.scan("material;pla_black;SP-2")  # wherever the focus is
        settle(lambda: len(self.events("lot_used")) == 2)
        self.assertEqual([(event["lot"], event.get("reason", "")) for event in self.events("lot_used")],
                         [("SP-1", ""), ("SP-2", "The wrong lot was named")])
        tablet.until("document.querySelector('.need .state')?.innerText.includes('SP-2')")


class TwoTablets(Bench):
    def test_they_see_each_other(self):
        self.all_done(self.printing("B-1", 12)[:-1])
        one, other = self.tablet("ben"), self.tablet("cleo")
        for tablet in (one, other):
            tablet.show("/B-1/screen")
        one.wait_and_touch(".card .choices .primary")  # counted
        other.until("document.querySelector('.state.done')?.innerText.includes('12')")
        one.wait_and_touch(".judge .primary")
        other.until("document.querySelector('.happened')?.innerText.includes('ben')")
        other.until("!document.querySelector('[id=\"judge-1-surface\"]')")
        other.enter("[id='measure-1-hook.bore']", "4.2")
        one.until("document.querySelector('.chip.good')")

    def test_a_reload_loses_nothing(self):
        relay = self.relay()
        self.all_done(self.printing("B-1", 12)[:-1])
        tablet = self.tablet("ben", relay.port)
        tablet.show("/B-1/screen")
        tablet.until("document.querySelector('.judge')")
        relay.set("off")
        tablet.wait_and_touch(".card .choices .primary")
        tablet.wait_and_touch(".judge .primary")
        tablet.enter("[id='measure-1-hook.bore']", "4.2")
        tablet.until("document.querySelector('.chip.good')")  # it is shown, and shown as waiting
        settle(lambda: tablet.waiting() == 4)
        self.assertEqual(self.events("check_judged", "unit_measured"), [])
        tablet.until("document.querySelector('#offline')")
        relay.set("on")
        tablet.value("window.stop()")
        tablet.reload()
        settle(lambda: tablet.waiting() == 0)
        self.assertEqual([event["event"] for event in self.events("check_judged", "unit_measured", "step_begun")][1:],
                         ["step_begun", "check_judged", "check_judged", "unit_measured"])

    def test_a_reload_in_a_dead_corner(self):
        relay = self.relay()
        tablet = self.tablet("ben", relay.port)
        tablet.show("/B-1/collect")
        tablet.until("document.querySelector('#one')")
        settle(lambda: tablet.value("caches.open('flow-page').then(cache => cache.match('/view_step.js')).then(found => !!found)"))
        tablet.reload()  # under the worker's eyes
        tablet.until("navigator.serviceWorker.controller && document.querySelector('#one')")
        relay.set("off")
        tablet.wait_and_touch("#one")
        settle(lambda: tablet.waiting() == 2)
        tablet.reload()
        tablet.until("document.querySelector('#offline')?.innerText.includes('2')")
        tablet.until("document.querySelector('.step-head .count')?.innerText.includes('11')")
        tablet.wait_and_touch("#one")
        settle(lambda: tablet.waiting() == 3)
        self.assertEqual(self.events("units_left"), [])
        relay.set("on")
        settle(lambda: tablet.waiting() == 0)
        self.assertEqual([(event["first"], event["count"]) for event in self.events("units_left")], [(1, 1), (2, 1)])

    def test_a_page_of_before_an_entry_has_it(self):
        """Without a line a page is shown as it was read last: what was entered since, and answered, is not asked for again."""
        relay = self.relay()
        tablet = self.tablet("ben", relay.port)
        tablet.show("/B-1/collect")
        tablet.until("document.querySelector('#one')")
        settle(lambda: tablet.value("caches.open('flow-page').then(cache => cache.match('/view_step.js')).then(found => !!found)"))
        tablet.reload()
        tablet.until("navigator.serviceWorker.controller && document.querySelector('#one')")
        tablet.value("document.querySelector('#one').click(); location.hash = '#//parcels'")  # which is of after it
        settle(lambda: self.events("units_left") and tablet.waiting() == 0)
        tablet.until("document.querySelector('#view h1')")
        time.sleep(1)  # the desk is read anew after what happened
        relay.set("off")
        for _ in range(2):
            tablet.show("/B-1/collect")
            tablet.until("document.querySelector('#old')")
            tablet.until("document.querySelector('.step-head .count')?.innerText.includes('11')")
            tablet.reload()
        relay.set("on")
        tablet.until("!document.querySelector('#old') && document.querySelector('.step-head .count')?.innerText.includes('11')")
        tablet.wait_and_touch("#one")
        settle(lambda: len(self.events("units_left")) == 2)
        self.assertEqual([(event["first"], event["count"]) for event in self.events("units_left")], [(1, 1), (2, 1)])

    def test_entries_wait_for_their_person(self):
        relay = self.relay()
        tablet = self.tablet("ben", relay.port)
        tablet.show("/B-1/collect")
        tablet.until("document.querySelector('#one')")
        relay.set("off")
        tablet.wait_and_touch("#one")
        settle(lambda: tablet.waiting() == 2)
        self.done("people", "pin", "ben", stdin=b"1111")  # ends his session
        relay.set("on")
        tablet.until("document.querySelector('.people')")
        tablet.post("/session", {"person": "cleo", "pin": PINS["cleo"]})
        tablet.reload()
        tablet.until("document.querySelector('.notes').innerText.includes('ben')")
        time.sleep(1)
        self.assertEqual(self.events("units_left"), [])
        tablet.post("/session", {"person": "ben", "pin": "1111"})
        tablet.reload()
        settle(lambda: self.events("units_left"))
        self.assertEqual([event["by"] for event in self.events("units_left")], ["ben"])

    def test_what_is_refused_is_shown(self):
        relay = self.relay()
        tablet = self.tablet("ben", relay.port)
        tablet.show("/B-1/collect")
        tablet.until("document.querySelector('#pass')")
        relay.set("off")
        tablet.wait_and_touch("#pass")
        settle(lambda: tablet.waiting() == 2)
        self.all_done([self.leave("B-1", "collect", 1, 3)])
        relay.set("on")
        tablet.until("document.querySelector('.refused')?.innerText.includes('is not at collect: it is at plate')")
        tablet.value("localStorage.setItem('flow-language', 'de')")  # and so it is said whenever it is read
        tablet.reload()
        tablet.until("document.querySelector('.refused p[lang=de]')?.innerText.includes('Stück 1 von Los B-1 steht nicht bei „collect“: Es steht bei „plate“')")  # until somebody has read it
        tablet.wait_and_touch(".refused button")
        tablet.until("!document.querySelector('.refused')")
        tablet.until("document.querySelector('.step-head .count').innerText.includes('9')")


class Page(Bench):
    def test_both_languages_are_whole(self):
        tablet = self.tablet("ben")
        tables = tablet.value("import('/board_texts.js').then(() => import('/texts.js')).then(module => module.texts)")
        self.assertEqual(set(tables), {"en", "de"})
        keys = {name: set(table) for name, table in tables.items()}
        self.assertEqual(keys["en"], keys["de"])
        for key, text in tables["en"].items():
            self.assertEqual(set(re.findall(r"{\w+}", text)), set(re.findall(r"{\w+}", tables["de"][key])), key)
            self.assertTrue(text.strip() and tables["de"][key].strip(), key)
        runtime = os.path.join(os.path.dirname(__file__), "..", "..", "runtime")
        folder = os.path.join(runtime, "station", "assets")
        spoken = ""  # the engine's own sentences, each literal whole
        for name in sorted(os.listdir(os.path.join(runtime, "engine"))):
            if name.endswith(".c"):
                with open(os.path.join(runtime, "engine", name), encoding="utf-8") as file:
                    spoken += re.sub(r'"\s*\n\s*"', "", file.read())
        spoken = re.sub(r"%(?:lld|ld|d|s)", "{}", spoken)
        for sentence, text in tablet.value("import('/refusals.js').then(module => module.refusals)")["de"].items():
            self.assertIn(f'"{sentence}"', spoken)
            self.assertLessEqual({int(n) for n in re.findall(r"{(\d)}", text)}, set(range(1, sentence.count("{}") + 1)), sentence)
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                used = re.findall(r"\bt\(\"(\w+)\"", file.read())
            for key in used:  # "place_" is the beginning of several
                self.assertTrue(any(one == key or (key[-1] == "_" and one.startswith(key)) for one in keys["en"]), (name, key))

    def test_it_is_small_and_soon_there(self):
        tablet = self.tablet("ben")
        tablet.call("Network.enable")
        tablet.call("Network.setCacheDisabled", cacheDisabled=True)
        tablet.reload()
        tablet.until("document.querySelector('.task')")
        sizes = tablet.value("""[performance.getEntriesByType('navigation')[0], ...performance.getEntriesByType('resource')]
            .map(one => one.transferSize).reduce((a, b) => a + b)""")
        self.assertLess(sizes, 100 * 1024)
        when = tablet.value("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        if os.environ.get("FLOW_QUIET"):  # a machine with nothing else to do
            self.assertLess(when, 300)
        others = tablet.value("""performance.getEntriesByType('resource').map(one => new URL(one.name).origin)
            .filter(origin => origin !== location.origin)""")
        self.assertEqual(others, [])

    def test_no_text_becomes_more_than_text(self):
        evil = "<img src=x onerror=\"document.title='stolen'\"><script>document.title='stolen'</script>{{7*7}}"
        for command in ({"command": "receive_lot", "lot": evil, "what": "pla_black"},
                        {"command": "admit_person", "person": evil[:90], "roles": "operator"},
                        {"command": "describe_order", "order": "X", "customer": evil},
                        {"command": "take_line", "order": "X", "line": "1", "product": "desk_hook",
                         "sku": "DH-100-black-small", "count": 8, "customer": evil, "due": evil},
                        {"command": "answer_ask", "order": "X", "line": "1", "name": "engraving", "value": evil},
                        {"command": "open_batch", "batch": evil[:90], "product": "desk_hook", "purpose": "production"},
                        {"command": "add_units", "batch": evil[:90], "sku": "DH-100-black-small", "count": 8, "order": "X", "line": "1"},
                        {"command": "start_batch", "batch": evil[:90]},
                        {"command": "open_issue", "issue": evil[:90], "product": "desk_hook", "what": evil}):
            status, answer = self.command(command)
            self.assertIn(status, (200, 409), (command, answer))
        self.done("people", "pin", evil[:90], stdin=b"6666")
        tablet = self.tablet("ben")
        tablet.until("document.querySelectorAll('.task').length === 2")
        tablet.value("document.querySelector('.task[href*=img]').click()")
        tablet.until("document.querySelector('#pass')")
        tablet.wait_and_touch("#pass")
        tablet.until("document.querySelector('.note.large')")
        self.all_done([{"command": "hold_lot", "lot": "SP-1", "reason": evil}])  # of which the sample was made
        tablet.show("//quarantine")
        tablet.until("document.querySelector('.queue .card')?.innerText.includes('stolen')")
        tablet.show("//parcels")
        tablet.until("document.querySelector('h1').innerText === 'Parcels'")
        self.assertEqual(tablet.value("document.querySelectorAll('#main script, #main img[src=x]').length"), 0)
        tablet.show("/" + "B-1/collect")
        tablet.scan(evil)
        time.sleep(0.5)
        self.assertNotIn("stolen", tablet.value("document.title"))
        self.assertEqual(tablet.value("document.querySelectorAll('#main script, #main img[src=x]').length"), 0)
        tablet.wait_and_touch("#who")
        tablet.wait_and_touch(".sheet .form .big")
        tablet.until("document.querySelectorAll('.person').length === 4")
        self.assertNotIn("stolen", tablet.value("document.title"))

    def test_paths_lead_nowhere_else(self):
        snapshot = self.get("/products")["items"][0]["snapshot"]
        for path in ("/../flowd", "/%2e%2e/journal.db", "/assets/app.js", "/app.js/", "//app.js", "/app.js%00.css",
                     f"/api/v1/specs/{snapshot}/files/manifest.json", f"/api/v1/specs/{snapshot}/files/..%2F..%2F..%2Fjournal.db",
                     f"/api/v1/specs/{snapshot}/files/spec%2Fdesk_hook.flow", f"/api/v1/specs/..%2F/files/x.png",
                     f"/api/v1/specs/{snapshot}/files/%2Fetc%2Fpasswd", f"/api/v1/specs/{'0' * 64}/files/x.png",
                     "/api/v1/batches/B-1/parts/--help", "/api/v1/batches/--shop/parts/hook", "/api/v1/batches/B-1/steps/nowhere"):
            self.assertIn(self.ask(path)[0], (400, 404, 409), path)
        status, headers, body = self.ask("/api/v1/batches/B-1/parts/hook?sku=DH-100-black-small")
        self.assertEqual((status, headers["Content-Type"]), (200, "image/svg+xml"))
        self.assertIn(b"<svg", body)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])  # opened by itself it runs nothing

    def test_what_the_page_is_sent_with(self):
        for path in ("/", "/app.js", "/style.css"):
            status, headers, body = self.ask(path, token="none")
            self.assertEqual(status, 200)
            self.assertNotIn("unsafe", headers["Content-Security-Policy"])
            self.assertIn("script-src 'self'", headers["Content-Security-Policy"])
            again, _, empty = self.ask(path, token="none", If_None_Match=headers["ETag"])
            self.assertEqual((again, empty), (304, b""))
            self.assertNotIn(b"http://", body.replace(b"http://www.w3.org", b""))
            packed = self.ask(path, token="none", Accept_Encoding="gzip")
            self.assertEqual(packed[1]["Content-Encoding"], "gzip")
            import gzip
            self.assertEqual(gzip.decompress(packed[2]), body)
