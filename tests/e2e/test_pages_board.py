"""The planner's board and the wall in a browser: where everything is, what a planner may do by touch, by keys and by dragging, and
what a screen in the shop shows."""
import json
import os
import time

from test_pages import Bench
from test_reorder import Reorders
from tablet import Tablet, settle

PIN = "8642"
BY_HAND = "  {}:\n    machine: mk4\n    protocol: manual\n"
GONE = "  {0}:\n    machine: mk4\n    protocol: moonraker\n    address: http://127.0.0.1:1/{0}\n"


class Board(Bench):
    """The bench's shop with a planner, two more orders, and printers that people serve."""

    FARM = "printers:\n" + "".join(BY_HAND.format(name) for name in ("left", "right"))

    def setUp(self):
        super().setUp()
        self.done("people", "admit", "paula", "planner,operator")
        self.done("people", "pin", "paula", stdin=PIN.encode())
        self.all_done([{"command": "take_line", "order": order, "line": "1", "product": "desk_hook", "sku": "DH-100-black-small", "count": 3,
                        "customer": "Cara", "due": due} for order, due in (("2001", "2027-03-01"), ("2002", "2020-01-01"), ("2003", "2027-03-02"))])

    def serve(self, *arguments, **how):
        self.write("shop/farm.yaml", self.FARM)
        super().serve(*arguments, **how)

    def board(self, person="paula", path="/board", port=None, **how):
        tablet = Tablet(port or self.port, self.tablet_token, person, {"paula": PIN, "ben": "4711"}.get(person), **how)
        self.addCleanup(tablet.close)
        tablet.go(tablet.address + path)
        tablet.until("document.querySelector('.column, .wall')")
        return tablet

    @staticmethod
    def card(name):
        return f"[id=\"card-{name}\"]"

    def press(self, tablet, selector, then="document.querySelector('dialog')"):
        """Touches what is there until it was meant: whoever presses just as things move meant something else, and the page knows."""
        def pressed():
            tablet.until(f"document.querySelector({json.dumps(selector)}) && performance.now() - Number(document.body.dataset.moved) > 400 || {then}")
            if not tablet.value(f"!!({then})"):
                tablet.touch(selector)
            return tablet.value(f"!!({then})")
        settle(pressed)

    def choose(self, tablet, card, action):
        self.press(tablet, self.card(card) + " .handle")
        tablet.wait_and_touch("#act-" + action)

    def undo(self, tablet):
        """It is offered once the page has the server's answer, which may have done it long before."""
        tablet.until("document.querySelector('#undo-button')?.checkVisibility()")
        self.press(tablet, "#undo-button", "document.querySelector('#undo').hidden")

    def drag(self, tablet, name, target, words=""):
        """A card, by mouse. What may be a target is there only once the drag has begun; then nothing moves any more."""
        words = words or name.split(":")[1].split("@")[0]

        def place(selector):
            return tablet.where(selector, "box.x + box.width / 2, box.y + 12")

        def mouse(what, at):
            tablet.call("Input.dispatchMouseEvent", type=what, x=at[0], y=at[1], button="left", clickCount=1, buttons=1)

        def lifted():
            begin = place(self.card(name))
            mouse("mousePressed", begin)
            mouse("mouseMoved", (begin[0] + 20, begin[1] + 3))
            if tablet.value("document.querySelector('.ghost')?.innerText ?? ''") == words:
                return True
            tablet.key("Escape")  # it moved meanwhile
            mouse("mouseReleased", (1, 1))  # where nothing is pressed by it
            return False
        settle(lifted)
        end = place(target)
        mouse("mouseMoved", end)
        tablet.until("document.querySelector('.over')")
        mouse("mouseReleased", end)

    def drag_by_finger(self, tablet, selector, target):
        """What a finger has lain on for a moment goes along with it; before that the page scrolls."""
        def finger(what, *at):
            tablet.call("Input.dispatchTouchEvent", type=what, touchPoints=[{"x": x, "y": y} for x, y in at])

        def place(of, **first):
            return tablet.where(of, "box.x + Math.min(12, box.width / 2), box.y + box.height / 2", **first)

        def lifted():
            tablet.until(f"document.querySelector({json.dumps(selector)}) && performance.now() - Number(document.body.dataset.moved) > 400")
            finger("touchStart", place(selector, first="there.scrollIntoView({block: 'center'})"))
            until = time.monotonic() + 5
            while time.monotonic() < until:  # what moved away meanwhile is not lifted
                if tablet.value("!!document.querySelector('.ghost')"):
                    return True
                time.sleep(0.05)
            finger("touchEnd")
            return False
        settle(lifted)
        finger("touchMove", place(target))
        tablet.until("document.querySelector('.over')")
        finger("touchEnd")

    def places(self, tablet):
        return tablet.value("""Object.fromEntries([...document.querySelectorAll('.column')].map(one =>
            [one.id.slice(7), [...one.querySelectorAll('.piece')].map(card => card.id.slice(5))]))""")


class Where(Board):
    checked = True

    def test_where_everything_is_as_it_happens(self):
        tablet = self.board()
        tablet.until("document.querySelector('[id=\"card-line:2003/1\"]')")
        places = self.places(tablet)
        self.assertEqual(places["orders"], ["line:2002/1", "line:2001/1", "line:2003/1"])  # what is due first
        self.assertEqual(places["bench"], ["batch:B-1@collect"])
        self.assertIn("late", tablet.value("document.querySelector('.figure.bad').innerText"))
        tablet.value("window.stays = document.querySelector('[id=\"card-line:2001/1\"]')")
        self.all_done([self.leave("B-1", "collect", 1, 12), self.use("B-1", "plate", "SP-1")])
        tablet.until("document.querySelector('#column-making [id=\"card-batch:B-1@plate\"]')")
        self.all_done(self.printing("B-1", 12)[2:] + [{"command": "hold_lot", "lot": "SP-2", "reason": "damp"}])
        tablet.until("document.querySelector('#column-bench [id=\"card-batch:B-1@screen\"]')")
        tablet.until("document.querySelector('#column-waits [id=\"card-lot:SP-2\"]')")
        self.all_done(self.screening("B-1", range(1, 13)) + [self.leave("B-1", "screen", 1, 12)] + self.finishing("B-1", 1, 12))
        tablet.until("document.querySelector('#column-done [id=\"card-batch:B-1!pack\"]')")
        self.all_done([{"command": "pack_units", "parcel": "P-1", "order": "1001", "line": "1", "batch": "B-1", "first": 1, "count": 12}])
        tablet.until("document.querySelector('#column-done [id=\"card-parcel:P-1\"]')")
        self.all_done([{"command": "ship_parcel", "parcel": "P-1", "carrier": "DHL"}])
        tablet.until("!document.querySelector('#column-done .piece')")
        self.assertTrue(tablet.value("stays.isConnected"))  # nothing was built anew, so nothing loses the focus
        tablet.show("/B-1")
        tablet.until("document.querySelector('.story-line')?.innerText.includes('P-1')")
        said = tablet.value("document.querySelector('#view').innerText")
        for words in ("Ordered: 12 × DH-100-black-small", "Bench & Bed", "lot SP-1", "24 readings", "4.30", "Parcel P-1 left by DHL", "Time at each step"):
            self.assertIn(words, said)
        tablet.call("Emulation.setEmulatedMedia", media="print")
        self.assertFalse(tablet.value("document.querySelector('header').checkVisibility()"))

    def test_who_may_what(self):
        looks = self.board(None)
        looks.until("document.querySelector('#looks-only') && document.querySelector('.piece')")
        self.assertEqual(looks.value("document.querySelectorAll('.handle, [data-drags]').length"), 0)
        ben = self.board("ben")
        ben.until("document.querySelector('#no-planner') && document.querySelector('.tile .handle')")
        self.assertEqual(ben.value("document.querySelectorAll('[data-drags]').length"), 0)
        self.press(ben, "#tile-left .handle")
        ben.wait_and_touch("#act-empty")
        settle(lambda: self.events("plate_emptied"))
        self.assertEqual([event["by"] for event in self.events("plate_emptied")], ["ben"])


class Does(Board):
    checked = True

    def test_by_keyboard_alone(self):
        tablet = self.board()
        tablet.until("document.querySelector('[id=\"card-line:2001/1\"] .handle')")
        tablet.tab_to("document.activeElement.closest('.piece')?.id === 'card-line:2001/1'")
        tablet.key("Enter")
        tablet.until("document.querySelector('#act-hold')")
        tablet.tab_to("document.activeElement.id === 'act-hold'")
        tablet.key("Enter")
        tablet.until("document.activeElement.id === 'reason'")  # without a touch
        tablet.enter("#reason", "rings back")
        tablet.until("document.querySelector('[id=\"card-line:2001/1\"] .badge.held')")
        held, = self.events("work_held")
        self.assertEqual((held["order"], held["line"], held["reason"], held["by"]), ("2001", "1", "rings back", "paula"))
        self.undo(tablet)
        tablet.until("!document.querySelector('[id=\"card-line:2001/1\"] .badge.held')")
        self.assertEqual(len(self.events("work_freed")), 1)

    def test_by_dragging(self):
        tablet = self.board()
        tablet.until("document.querySelector('[id=\"card-line:2003/1\"]')")
        self.drag(tablet, "line:2003/1", self.card("line:2001/1"))
        settle(lambda: len(self.events("work_ranked")) == 2)  # what came before it keeps its place by a rank, too
        self.assertEqual([(event["order"], event["rank"]) for event in self.events("work_ranked")], [("2002", 1), ("2003", 2)])
        settle(lambda: self.places(tablet)["orders"] == ["line:2002/1", "line:2003/1", "line:2001/1"])
        self.drag(tablet, "batch:B-1@collect", ".dock [data-drop='printer:right']")
        settle(lambda: self.events("batch_pinned"))
        self.assertEqual([(event["batch"], event["printer"]) for event in self.events("batch_pinned")], [("B-1", "right")])
        self.drag(tablet, "line:2002/1", ".dock [data-drop='do:hold']")
        tablet.until("document.activeElement.id === 'reason'")  # it asks why, and no more
        tablet.key("Escape")
        self.assertEqual(self.events("work_held"), [])
        # What is only planned is opened first, with what the plan has for it.
        tablet.until("document.querySelector('[id^=\"card-next:\"]')")
        planned = tablet.value("document.querySelector('[id^=\"card-next:\"]').id.slice(5)")
        self.drag(tablet, planned, ".dock [data-drop='printer:left']", "next batch")
        settle(lambda: len(self.events("batch_pinned")) == 2)
        self.assertEqual({(event["batch"], event["order"], event["count"]) for event in self.events("units_added")},
                         {("B-2", order, 3) for order in ("2001", "2002", "2003")})
        self.assertEqual([(event["batch"], event["printer"]) for event in self.events("batch_pinned")][1:], [("B-2", "left")])

    def test_split_and_what_is_refused(self):
        self.all_done([{"command": "open_batch", "batch": "B-2", "product": "desk_hook", "purpose": "production"},
                       {"command": "add_units", "batch": "B-2", "sku": "DH-100-black-small", "count": 3, "order": "2002", "line": "1"}])
        tablet = self.board()
        self.choose(tablet, "batch:B-2!filling", "start")
        tablet.until("document.querySelector('#wrong')?.innerText.includes('8')")  # the engine's words, where it was asked
        tablet.key("Escape")
        tablet.until("!document.querySelector('dialog')")
        self.choose(tablet, "batch:B-2!filling", "split")
        tablet.until("document.querySelector('#count')")
        self.assertEqual(tablet.value("[document.querySelector('#count').value, document.querySelector('#into').value]"), ["1", "B-3"])
        tablet.wait_and_touch("#do")
        tablet.until("document.querySelector('[id=\"card-batch:B-3!filling\"]')")
        self.assertEqual([self.get(f"/batches/{name}")["units"] for name in ("B-2", "B-3")], [2, 1])

    def test_a_plate_again(self):
        self.write("shop/plate.gcode", "G1 X10\n")
        self.all_done([self.leave("B-1", "collect", 1, 12)])
        self.done("job", "queue", "J-1", "B-1", "plate", "--file", "plate.gcode", "--parts", "hook=2,cap=4")
        tablet = self.board()
        self.choose(tablet, "batch:B-1@plate", "reprint")
        tablet.wait_and_touch(".sheet .option")
        settle(lambda: len(self.get("/jobs")["items"]) == 2)
        one, other = self.get("/jobs")["items"]
        self.assertEqual((other["job"], other["parts"], other["file"]), ("J-1-2", one["parts"], one["file"]))
        self.undo(tablet)
        settle(lambda: self.get("/jobs")["items"][1]["stage"] == "cancelled")
        tablet.show("/B-1")
        tablet.until("document.querySelector('[aria-labelledby=st_plates]')?.innerText.includes('not to be printed')")
    def set_aside(self, job):
        """Printed by hand, it fails as often as it is tried."""
        self.done("job", "queue", job, "B-1", "plate", "--file", "plate.gcode", "--parts", "hook=2,cap=4")
        self.done("printers", "load", "left", "1", "pla_black", "--lot", "SP-1", "--grams", "900")
        while {one["job"]: one["stage"] for one in self.get("/jobs")["items"]}[job] != "aside":
            self.done("printers", "empty", "left")
            self.done("job", "start", job, "left", "mk4")
            self.done("job", "end", job, "failed", "--reason", "came off")

    def test_each_plate_is_answered_for_itself(self):
        self.write("shop/plate.gcode", "G1 X10\n")
        self.all_done([self.leave("B-1", "collect", 1, 12)])
        for job in ("J-1", "J-2", "J-3"):
            self.set_aside(job)
        tablet = self.board()
        self.choose(tablet, "job:J-2", "requeue")
        tablet.enter("#reason", "bed cleaned")
        tablet.until("!document.querySelector('dialog')")
        self.assertEqual([(event["job"], event["reason"]) for event in self.events("job_requeued")], [("J-2", "bed cleaned")])
        self.choose(tablet, "job:J-3", "cancel_job")
        tablet.until("document.querySelector('dialog h2').innerText.includes('J-3')")  # it says what is not printed
        tablet.enter("#reason", "not wanted")
        tablet.until("!document.querySelector('dialog')")
        self.assertEqual([event["job"] for event in self.events("job_cancelled")], ["J-3"])

    def test_a_printer_without_a_wire_is_told_of(self):
        self.write("shop/plate.gcode", "G1 X10\n")
        self.all_done([self.leave("B-1", "collect", 1, 12)])
        for job in ("J-1", "J-2"):
            self.done("job", "queue", job, "B-1", "plate", "--file", "plate.gcode", "--parts", "hook=2,cap=4")
        self.done("printers", "load", "left", "1", "pla_black", "--lot", "SP-1", "--grams", "900")
        self.done("printers", "empty", "left")
        tablet = self.board()

        def told(state, action):
            """By the menu, once the board shows what it goes by."""
            tablet.until(f"document.querySelector('#tile-left .state').innerText === '{state}'")
            self.press(tablet, "#tile-left .handle", f"document.querySelector('#act-{action}')")
            tablet.wait_and_touch("#act-" + action)

        def begun():
            told("Free", "begin")
            tablet.wait_and_touch("dialog li:nth-child(2) .option")
            tablet.until("!document.querySelector('dialog')")

        def why(reason):
            tablet.enter("#reason", reason)
            tablet.until("!document.querySelector('dialog')")
        begun()
        self.assertEqual([(event["job"], event["printer"], event["machine"], event["by"]) for event in self.events("attempt_begun")],
                         [("J-2", "left", "mk4", "paula")])
        told("Printing", "not_started")
        why("the wrong one")
        told("Clear the plate", "empty")
        begun()
        tablet.until("document.querySelector('#tile-left .state').innerText === 'Printing'")
        self.press(tablet, "#tile-left .handle")
        self.assertFalse(tablet.value("!!document.querySelector('#act-pause, #act-begin')"))  # there is nobody whom we could tell
        tablet.wait_and_touch("#act-ended")
        tablet.until("!document.querySelector('dialog')")
        self.assertEqual([(event["job"], event["outcome"], event.get("reason")) for event in self.events("attempt_ended")],
                         [("J-2", "not_started", "the wrong one"), ("J-2", "finished", None)])
        told("Clear the plate", "out")
        why("nozzle worn")
        told("Out of use", "back")
        why("nozzle changed")
        self.assertEqual([event["reason"] for event in self.events("printer_put_back")], ["nozzle changed"])

    def test_a_finger_drags_a_plate_of_the_plan(self):
        tablet = self.board(width=360, height=740)
        self.drag_by_finger(tablet, ".plate[data-drags]", ".dock [data-drop='printer:right']")
        settle(lambda: self.events("batch_pinned"))
        self.assertEqual([(event["printer"], event["by"]) for event in self.events("batch_pinned")], [("right", "paula")])
        tablet.until("!document.querySelector('.ghost, .dock')")
        settle(lambda: self.scrolls(tablet))

    def test_the_plan_as_a_table(self):
        tablet = self.board()
        tablet.until("document.querySelector('#plan-table')")
        self.assertFalse(tablet.value("!!document.querySelector('#plan-table table')"))  # of a thousand plates it would keep the board waiting
        self.press(tablet, "#plan-table summary", "document.querySelector('#plan-table[open] tbody tr')")
        self.press(tablet, "#plan-table tbody .handle")

    def scrolls(self, tablet):
        """A finger that moves at once scrolls; on a busy machine ours may come too late for that, and lifts."""
        x, y, before = tablet.where(".plate[data-drags]", "box.x + 8, box.y + 12, window.scrollY", "there.scrollIntoView({block: 'center'})")
        tablet.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        for step in range(1, 9):
            tablet.call("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": x, "y": y + 20 * step}])
        tablet.until(f"window.scrollY < {before} - 50 || document.querySelector('.ghost')")
        lifted = tablet.value("!!document.querySelector('.ghost')")
        tablet.key("Escape")
        tablet.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        return not lifted


class Differences(Reorders, Board):
    def start(self):
        pass  # the clip's batch takes the name

    def test_what_quality_decides(self):
        self.order(2)
        self.change("3 mm +/- 0.4 mm", "3 mm +/- 0.3 mm")
        self.all_done([{"command": "hold_lot", "lot": "SP-2", "reason": "damp"}])
        differences, frees = "[id='do-differences-O-2/1']", "#do-free_lot-SP-2"
        paula = self.board()
        self.press(paula, differences)
        paula.until("document.querySelector('dialog .differences')")
        said = paula.value("document.querySelector('dialog').innerText")
        for words in ("dimension gap of part body", "2.6 mm .. 3.4 mm", "2.7 mm .. 3.3 mm", "B-1/1", "Quality decides"):
            self.assertIn(words, said)
        self.assertEqual(paula.value(f"document.querySelectorAll(\"dialog #do, {frees}\").length"), 0)  # she only plans
        ben = self.board("ben")
        self.press(ben, differences, "document.querySelector('dialog #reason')")
        self.assertEqual(self.events("lane_accepted"), [])  # first it is seen
        ben.put("#reason", "the cable is thinner")
        ben.until("document.querySelector('#undo:not([hidden])')?.innerText.includes('clip')")
        accepted, = self.events("lane_accepted")
        self.assertEqual((accepted["product"], accepted["reason"], accepted["by"]), ("clip", "the cable is thinner", "ben"))
        paula.key("Escape")
        paula.until(f"!document.querySelector(\"{differences}\")")
        self.press(ben, frees, "document.querySelector('dialog #reason')")
        ben.put("#reason", "dried")
        ben.until("!document.querySelector('[id=\"card-lot:SP-2\"]')")
        self.press(ben, "#undo-button", "document.querySelector('[id=\"card-lot:SP-2\"]')")
        self.assertEqual([(event["event"], event["reason"], event["by"]) for event in self.events("lot_freed", "lot_held")][1:],
                         [("lot_freed", "dried", "ben"), ("lot_held", "damp", "ben")])


class Safe(Board):
    def test_no_text_becomes_more_than_text(self):
        evil = "<img src=x onerror=\"document.title='stolen'\"><script>document.title='stolen'</script>{{7*7}}"
        for command in ({"command": "receive_lot", "lot": evil, "what": "pla_black"}, {"command": "hold_lot", "lot": evil, "reason": evil},
                        {"command": "describe_order", "order": evil[:90], "customer": evil},
                        {"command": "take_line", "order": evil[:90], "line": "1", "product": "desk_hook", "sku": "DH-100-black-small", "count": 8, "customer": evil, "due": evil},
                        {"command": "hold_work", "order": evil[:90], "line": "1", "reason": evil}, {"command": "free_work", "order": evil[:90], "line": "1"},
                        {"command": "open_batch", "batch": evil[:90], "product": "desk_hook", "purpose": "production"},
                        {"command": "add_units", "batch": evil[:90], "sku": "DH-100-black-small", "count": 8, "order": evil[:90], "line": "1"},
                        {"command": "start_batch", "batch": evil[:90]}, {"command": "hold_work", "batch": evil[:90], "reason": evil},
                        {"command": "empty_plate", "printer": "left"}, {"command": "take_out", "printer": "left", "reason": evil},
                        {"command": "open_issue", "issue": evil[:90], "product": "desk_hook", "batch": evil[:90], "what": evil}):
            status, answer = self.command(command)
            self.assertEqual(status, 200, (command, answer))
        tablet = self.board()
        tablet.until("document.querySelectorAll('#column-bench .piece').length === 2 && document.querySelector('#column-waits .piece')")
        self.press(tablet, "#column-bench .piece[id*=img] .handle", "document.querySelector('#act-hold, #act-free')")
        tablet.key("Escape")
        tablet.until("!document.querySelector('dialog')")
        self.press(tablet, "#column-bench .piece[id*=img] a.name", "document.querySelector('.story-line')?.innerText.includes('onerror')")
        self.assertEqual(tablet.value("document.querySelectorAll('#main script, #main img').length"), 0)
        self.assertNotIn("stolen'", tablet.value("document.title").replace(evil[:90], ""))
        self.assertNotEqual(tablet.value("document.title"), "stolen")
        wall = self.board(None, "/wall")
        wall.until("document.querySelector('.wall-tile.out')?.innerText.includes('onerror')")
        self.assertEqual(wall.value("document.querySelectorAll('#main script, #main img').length"), 0)

    def test_what_the_pages_are_sent_with(self):
        for path in ("/board", "/wall", "/board.js", "/wall.js"):
            status, headers, body = self.ask(path, token="none")
            self.assertEqual(status, 200)
            self.assertNotIn("unsafe", headers["Content-Security-Policy"])
            self.assertIn("require-trusted-types-for", headers["Content-Security-Policy"])
            self.assertNotIn(b"<script>", body)
        for path in ("/board.html", "/wall.html", "/board/", "/api/v1/board", "/api/v1/today"):
            self.assertIn(self.ask(path, token="none")[0], (401, 404), path)

    def test_small_and_from_here_only(self):
        tablet = self.board()
        tablet.call("Network.enable")
        tablet.call("Network.setCacheDisabled", cacheDisabled=True)
        for path in ("/board", "/wall"):
            tablet.go(tablet.address + path)
            tablet.until(f"location.pathname === '{path}' && document.querySelector('.piece, .wall-tile')")
            timing, sizes, others = tablet.value("""(() => { const all = [performance.getEntriesByType('navigation')[0], ...performance.getEntriesByType('resource')];
                return [all[0].domContentLoadedEventEnd, all.map(one => one.transferSize).reduce((a, b) => a + b), all.filter(one => new URL(one.name).origin !== location.origin).length] })()""")
            self.assertLess(sizes, 100 * 1024)
            self.assertEqual(others, 0)
            if os.environ.get("FLOW_QUIET"):
                self.assertLess(timing, 300)


class LongNames(Board):
    """What does not fit on a line breaks, and nothing leaves its card."""

    LONG = "Regal_2_links_oben_Prusa_MK4S_von_Susanne"
    FARM = "printers:\n" + "".join(BY_HAND.format(name) for name in ("left", LONG))

    def test_a_printer(self):
        self.write("shop/plate.gcode", "G1 X10\n")
        self.all_done([self.leave("B-1", "collect", 1, 12)])
        self.done("job", "queue", "J-1", "B-1", "plate", "--file", "plate.gcode", "--parts", "hook=2,cap=4")
        self.done("printers", "load", self.LONG, "1", "pla_black", "--lot", "SP-1", "--grams", "900")
        self.done("printers", "empty", self.LONG)
        self.done("job", "start", "J-1", self.LONG, "mk4")
        tablet = self.board(width=1024, height=768)
        tablet.until("document.querySelector('.runs')")
        self.assertEqual(tablet.value("""[...document.querySelectorAll('.piece *')].filter(one =>
            one.getBoundingClientRect().right > one.closest('.piece').getBoundingClientRect().right).map(one => one.outerHTML)"""), [])


    def test_a_person_whose_script_goes_leftward(self):
        name = "دانا رضایی از شیراز"
        self.done("people", "admit", name, "operator")
        self.done("people", "pin", name, stdin=b"2468")
        tablet = Tablet(self.port, self.tablet_token, name, "2468", width=360, height=740)
        self.addCleanup(tablet.close)
        tablet.until("document.querySelector('#who span')")
        begins, left, right = tablet.value("""(() => { const there = document.querySelector('#who span');
            const first = document.createRange();
            first.setStart(there.firstChild, 0);
            first.setEnd(there.firstChild, 1);
            const box = there.getBoundingClientRect();
            return [first.getBoundingClientRect().right, box.left, box.right] })()""")
        self.assertTrue(left < begins <= right + 1, (begins, left, right))  # its end is cut, not its beginning


class Wall(Board):
    """Fifty printers, six of which do not answer."""

    FARM = "printers:\n" + "".join((GONE if i % 8 == 3 else BY_HAND).format(f"mk4-{i:02}") for i in range(1, 51))

    def test_the_board_of_fifty_is_folded(self):
        self.all_done([{"command": "empty_plate", "printer": f"mk4-{i:02}"} for i in range(1, 51) if i % 8 != 3])
        tablet = self.board(width=360, height=740)
        tablet.until("document.querySelector('#fold-mk4 summary')?.innerText.includes('44 ×')")
        self.assertIn("6 ×", tablet.value("document.querySelector('#fold-mk4 summary').innerText"))
        first, height = tablet.value("[document.querySelector('.column').id, document.documentElement.scrollHeight]")
        self.assertEqual(first, "column-waits")  # what wants somebody
        self.assertEqual(tablet.value("document.querySelectorAll('#column-waits .piece.bad').length"), 6)
        self.assertLess(height, 8 * 740)
        self.assertEqual(tablet.value("[...document.querySelectorAll('.tile')].filter(one => one.checkVisibility()).length"), 0)
        self.press(tablet, "#fold-mk4 summary", "document.querySelector('#fold-mk4').open")
        tablet.until("[...document.querySelectorAll('.tile')].filter(one => one.checkVisibility()).length === 50")

    def test_fifty_printers_at_a_glance(self):
        self.all_done([{"command": "empty_plate", "printer": f"mk4-{i:02}"} for i in range(1, 51) if i % 8 != 3 and i != 50])
        self.done("printers", "out", "mk4-49", "nozzle worn")
        relay = self.relay()
        wall = self.board(None, "/wall", relay.port, width=1920, height=1080)
        wall.until("document.querySelectorAll('.wall-tile.bad').length === 6 && document.querySelectorAll('.wall-tile').length === 50")
        self.assertEqual(wall.value("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"), [1920, 1080])
        outside = wall.value("""[...document.querySelectorAll('.wall-tile')].map(one => one.getBoundingClientRect())
            .filter(box => box.left < 0 || box.right > 1920 || box.top < 0 || box.bottom > 1080).length""")
        self.assertEqual(outside, 0)
        order = wall.value("[...document.querySelectorAll('.wall-tile')].map(one => one.className.split(' ')[1])")
        self.assertEqual(order[:7], ["bad"] * 6 + ["warn"])  # the one whose plate nobody has seen
        self.assertEqual(order[-1], "out")
        large, small = wall.value("['.of-bad', '.of-good'].map(name => parseFloat(getComputedStyle(document.querySelector(name)).fontSize))")
        self.assertGreater(large, 1.4 * small)
        self.assertGreater(small, 20)
        for word in ("Not answering", "Look at the plate", "Free", "Out of use", "late"):  # no color alone
            self.assertIn(word, wall.value("document.body.innerText"))
        relay.set("off")
        wall.until("document.querySelector('#stale')?.innerText.includes('NO CONNECTION')")
        self.assertRegex(wall.value("document.querySelector('#stale').innerText"), r"since \d\d:\d\d")
        self.assertEqual(wall.value("document.documentElement.scrollHeight"), 1080)
        relay.set("on")
        wall.until("!document.querySelector('#stale')")
