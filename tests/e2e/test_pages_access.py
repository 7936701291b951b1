"""Every page as it looks on a phone, a tablet and a desk, light and dark: for tests/check_pages.sh, which brings axe-core."""
import os
import time
import unittest

from test_pages import Bench
from test_pages_board import BY_HAND, GONE, Board
from tablet import Tablet
from test_reorder import Reorders

PLACE = os.environ.get("FLOW_PAGES", "")
SIZES = ((360, 740), (1024, 768), (1280, 800))
RULES = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()


@unittest.skipUnless(PLACE, "it is for tests/check_pages.sh")
class Access(Bench):
    def look(self, tablet, name, sizes=SIZES):
        """No barrier, nothing wider than the window, no target under 44 px; a picture of each."""
        with open(os.path.join(PLACE, "node_modules", "axe-core", "axe.min.js"), encoding="utf-8") as file:
            axe = file.read()
        for theme in ("light", "dark"):
            tablet.value(f"document.documentElement.dataset.theme = '{theme}'")
            for width, height in sizes:
                tablet.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
                tablet.value("document.activeElement.blur()")
                time.sleep(0.3)
                tablet.picture(os.path.join(PLACE, f"{name}-{width}-{theme}.png"))
                with self.subTest(page=name, width=width, theme=theme):
                    tablet.value(axe + ";1")
                    found = tablet.value(f"axe.run({{runOnly: {RULES}}}).then(result => result.violations.map(one => "
                                         "[one.id, one.help, ...one.nodes.map(node => node.html.slice(0, 150) + ' ' + node.failureSummary)]))")
                    self.assertEqual(found, [])
                    self.assertLessEqual(tablet.value("document.documentElement.scrollWidth"), width)
                    small = tablet.value("""[...document.querySelectorAll('button, a, summary, select, input:not([type=checkbox], [type=radio])')]
                        .filter(one => one.checkVisibility()).map(one => [one.getBoundingClientRect(), one.outerHTML.slice(0, 120)])
                        .filter(([box]) => box.width && (box.width < 44 || box.height < 44)).map(([box, html]) => html)""")
                    self.assertEqual(small, [])

    def open(self, tablet, place, ready):
        tablet.call("Emulation.setDeviceMetricsOverride", width=1024, height=768, deviceScaleFactor=1, mobile=False)
        tablet.show(place)
        tablet.until(f"document.querySelector({ready!r})")
        time.sleep(0.4)

    def test_signing_in(self):
        tablet = Tablet(self.port)
        self.addCleanup(tablet.close)
        self.look(tablet, "password")
        tablet.post("/session/tablet", {"token": self.tablet_token})
        tablet.reload()
        self.look(tablet, "people")
        tablet.wait_and_touch(".person")
        tablet.until("document.querySelector('dialog')")
        self.look(tablet, "pin")

    def test_the_run(self):
        tablet = self.tablet("ben")
        self.open(tablet, "/", ".task")
        self.look(tablet, "queue")
        tablet.wait_and_touch("#who")
        self.look(tablet, "settings")
        tablet.key("Escape")
        self.open(tablet, "/B-1/collect", "#pass")
        self.look(tablet, "collect")
        self.write("shop/label-printers", "packing 127.0.0.1:9 62mm\noffice 127.0.0.1:9 4x6\n")
        tablet.wait_and_touch(".print")
        tablet.until("document.querySelectorAll('dialog button.big').length === 2")
        self.look(tablet, "print-sheet")
        tablet.key("Escape")
        self.all_done([self.leave("B-1", "collect", 1, 12)])
        self.open(tablet, "/B-1/plate", ".need")
        self.look(tablet, "print")
        self.all_done(self.printing("B-1", 12)[1:-1])
        self.open(tablet, "/B-1/screen", ".judge")
        self.look(tablet, "inspect")
        tablet.wait_and_touch(".card .choices .primary")
        tablet.type(".measure input", "4.62")
        time.sleep(0.3)
        self.look(tablet, "out-of-limits")
        tablet.put("[id='measure-1-hook.bore']", "4.62")
        tablet.until("document.querySelector('.panel')")
        self.look(tablet, "not-good")
        tablet.wait_and_touch(".finish button:last-child")
        tablet.until("document.querySelector('dialog')")
        self.look(tablet, "other-way")
        tablet.key("Escape")
        tablet.wait_and_touch(".state.bad button")
        self.look(tablet, "correct")
        tablet.key("Escape")
        self.all_done([self.judge("B-1", "screen", 0, "count")] if not self.events("check_judged") else [])
        self.all_done(self.screening("B-1", range(2, 13)) + [self.leave("B-1", "screen", 2, 11)])
        self.open(tablet, "/B-1/cleanup", ".line")
        self.look(tablet, "work")
        self.all_done([self.leave("B-1", "cleanup", 2, 11)])
        self.open(tablet, "/B-1/inserts", ".line")
        tablet.wait_and_touch(".tick input")
        self.look(tablet, "assemble")
        self.open(tablet, "/B-1/plate", ".note.large")
        self.look(tablet, "gone")

    def test_the_other_work(self):
        self.all_done(self.printing("B-1", 12) + self.screening("B-1", range(1, 13)) +
                      [self.leave("B-1", "screen", 1, 12)] + self.finishing("B-1", 1, 12) +
                      [{"command": "take_line", "order": "1002", "line": "1", "product": "desk_hook", "sku": "DH-100-black-small", "count": 8,
                        "customer": "Łódź & Söhne", "due": "2026-01-01"}])
        tablet = self.tablet("ben")
        self.open(tablet, "//parcels", ".task")
        self.look(tablet, "parcels")
        self.open(tablet, "//parcels/1001", "#parcel")
        tablet.scan("B-1/1")
        tablet.scan("DH-100;C;DH-100-white-large;df76971de55ebfdb")
        tablet.until("document.querySelector('#pack-wrong.panel')")
        tablet.wait_and_touch("#ship summary")
        self.look(tablet, "packing")
        self.all_done([{"command": "hold_lot", "lot": "IN-1", "reason": "wrong thread"}])
        self.open(tablet, "//quarantine", ".queue .card")
        self.look(tablet, "quarantine")
        tablet.wait_and_touch(".queue .card button")
        tablet.until("document.querySelector('dialog')")
        self.look(tablet, "decide")
        tablet.key("Escape")
        tablet.wait_and_touch("#lot-IN-1 button")
        tablet.until("document.querySelector('dialog #free')")
        self.look(tablet, "free-lot")
        tablet.key("Escape")
        with open(self.path("spec", "desk_hook.flow"), encoding="utf-8") as file:
            text = file.read()
        self.write("spec/desk_hook.flow", text.replace("+/- 0.4 mm", "+/- 0.3 mm"))
        self.done("adopt", "spec/desk_hook.flow")
        self.open(tablet, "//approvals", ".queue .card")
        self.look(tablet, "approvals")

    def test_without_a_line(self):
        relay = self.relay()
        tablet = self.tablet("ben", relay.port)
        self.open(tablet, "/B-1/collect", "#one")
        relay.set("off")
        tablet.wait_and_touch("#one")
        tablet.until("document.querySelector('#offline')")
        self.look(tablet, "offline")
        self.all_done([self.leave("B-1", "collect", 1, 3)])
        relay.set("on")
        tablet.until("document.querySelector('.refused')")
        self.look(tablet, "refused")


@unittest.skipUnless(PLACE, "it is for tests/check_pages.sh")
class BoardAccess(Access, Reorders, Board):
    """The board, its questions, a story, and the wall."""

    BATCHES = "C-"
    FARM = "printers:\n" + "".join((GONE if i > 4 else BY_HAND).format(f"mk4-{i:02}") for i in range(1, 15))
    test_signing_in = test_the_run = test_without_a_line = None

    def test_the_board_and_the_wall(self):
        self.order(2)
        self.change("3 mm +/- 0.4 mm", "3 mm +/- 0.3 mm")
        self.all_done([{"command": "empty_plate", "printer": f"mk4-{i:02}"} for i in range(1, 4)] +
                      [{"command": "hold_lot", "lot": "SP-2", "reason": "damp"}, {"command": "admit_person", "person": "paula", "roles": "planner,operator,quality"}])
        relay = self.relay()
        tablet = self.board(port=relay.port)
        tablet.until("document.querySelectorAll('.tile').length === 14 && document.querySelector('.tile.bad')")
        tablet.value("document.querySelector('#fold-mk4').open = true")
        self.look(tablet, "board", SIZES[::2])
        self.press(tablet, "[id='do-differences-O-2/1']", "document.querySelector('dialog #reason')")
        self.look(tablet, "board-differs", SIZES[::2])
        tablet.key("Escape")
        tablet.until("!document.querySelector('dialog')")
        self.choose(tablet, "batch:B-1@collect", "hold")
        tablet.until("document.querySelector('#reason')")
        self.look(tablet, "board-hold", SIZES[::2])
        tablet.put("#reason", "the customer rings back")
        tablet.until("document.querySelector('#undo-button')")
        tablet.show("/B-1")
        tablet.until("document.querySelector('.story-line')")
        self.look(tablet, "story", SIZES[::2])
        tablet.go(tablet.address + "/wall")
        tablet.until("document.querySelectorAll('.wall-tile').length === 14")
        relay.set("off")
        tablet.until("document.querySelector('#stale')")
        self.look(tablet, "wall", SIZES[::2])
