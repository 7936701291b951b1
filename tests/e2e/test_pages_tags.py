"""The station page with what the desk hook has not: photos, what customers ask for, a choice of machines, values to record, a reaction, a
gate that somebody else signs."""
import os
import struct
import unittest
import zlib

from browser import PROGRAM
from serving import Served
from tablet import Tablet, settle

SPEC = """\
edition 1
use std.processes

shop workbench "Workbench" { currency EUR }
station bench "Bench"    { rate 30 EUR/h }
station desk  "Desk"     { rate 30 EUR/h }
role quality "Quality"

machine laser_1 "Laser 1" {
  process  cnc_mill
  volume   300 x 200 x 50 mm
  rate     10 EUR/h
}
machine laser_2 "Laser 2" { like laser_1 }
material brass "Brass" {
  process  cnc_mill
  cost     9 EUR/kg
  tracked  lot
}
defect smear "Smear" {
  class minor
  says  "Letters run into each other."
  then  rework
  photo "photos/smear.png"
}
standard wiped "Wiped" {
  do "Wipe both sides with alcohol." { tool "Cloth"; time 5 s }
  accept "No finger print against the light."
  reject "A scratch across a letter."
  photo  good "photos/good.png"
  photo  bad  "photos/smear.png"
}

product tag "Name tag" {
  number    "TAG-1"
  revision  A
  asks      engraving "Engraving" at most 40 characters
  contains  plate x 1
}
part plate "Plate" {
  process   cnc_mill
  material  brass
  cycle     2 min
  mass      20 g
  dimension depth 0.20 mm +/- 0.05 mm major gauge "Depth gauge"
}
workflow tag {
  cut engrave "Engrave" {
    makes   plate
    on      laser_1, laser_2
    record  power "Laser power"
    at      bench
    time    1 min
    do "Clamp the plate flat." { photo "photos/clamp.png"; caution "Close the lid." }
    failure -> scrap
  }
  inspect look "Look" {
    at       bench
    sample   all
    check    count "As many as on the traveler."
    check    letters none of smear
    check    plate.depth
    reaction "Stop the laser and call Quality."
    time     20 s
    rework -> wipe at most 2
    pass   -> free
    reject -> scrap
  }
  finish wipe "Wipe" {
    at     bench
    using  wiped
    pass -> look
  }
  gate free "Release" {
    at        desk
    by        quality
    requires  "The traveler is signed", "The count is right"
    refuse -> scrap
  }
  pack box "Pack" {
    at        desk
    contains  tag x 1
    check     count "One tag in each bag."
    label     sku, batch, qr, engraving
    time      10 s
  }
}
"""


def picture(red, green, blue, width=320, height=200):
    """A PNG of a checkerboard."""
    rows = b"".join(b"\0" + b"".join(bytes((red, green, blue) if (x // 20 + y // 20) % 2 else (245, 245, 240)) for x in range(width))
                    for y in range(height))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


@unittest.skipUnless(PROGRAM, "chromium is not there")
class NameTags(Served):
    STEERS = "a browser"
    PINS = {"ben": ("operator", "4711"), "cleo": ("quality", "1234")}

    def setUp(self):
        super().setUp()
        os.makedirs(self.path("tags/photos"))
        self.write("tags/tag.flow", SPEC)
        for name, color in (("clamp", (70, 90, 160)), ("good", (60, 140, 80)), ("smear", (160, 60, 50))):
            with open(self.path(f"tags/photos/{name}.png"), "wb") as file:
                file.write(picture(*color))
        self.done("adopt", "tags/tag.flow")
        for person, (roles, pin) in self.PINS.items():
            self.done("people", "admit", person, roles)
            self.done("people", "pin", person, stdin=pin.encode())
        self.done("people", "admit", "tablet-1", "tablet")
        token = self.done("token", "issue", "tablet-1").out.strip()
        self.all_done([
            {"command": "receive_lot", "lot": "BR-1", "what": "brass"},
            {"command": "take_line", "order": "7", "line": "1", "product": "tag", "sku": "TAG-1", "count": 2, "customer": "Łódź & Söhne"},
            {"command": "answer_ask", "order": "7", "line": "1", "name": "engraving", "value": "Für Ωμέγα ❤ مرحبا"},
            {"command": "open_batch", "batch": "T-1", "product": "tag", "purpose": "production"},
            {"command": "add_units", "batch": "T-1", "sku": "TAG-1", "count": 2, "order": "7", "line": "1"},
            {"command": "start_batch", "batch": "T-1"}])
        self.serve()
        self.tablet = Tablet(self.port, token, "ben", "4711")
        self.addCleanup(self.tablet.close)

    def events(self, kind):
        return [event for event in self.get("/events?after=0&limit=1000")["items"] if event["event"] == kind]

    def keep_picture(self, name):
        if os.environ.get("FLOW_PAGES"):
            self.tablet.picture(os.path.join(os.environ["FLOW_PAGES"], name))

    def test_all_of_it(self):
        tablet = self.tablet
        tablet.until("document.querySelector('.task')")
        tablet.scan("T-1/2")
        tablet.until("document.querySelectorAll('.start button').length === 2")  # which laser is for a person to say
        self.assertEqual(tablet.value("document.querySelector('.asked strong').textContent"), "Für Ωμέγα ❤ مرحبا")
        self.assertGreaterEqual(tablet.value("parseFloat(getComputedStyle(document.querySelector('.asked strong')).fontSize)"), 32)
        tablet.until("document.querySelector('.line figure img')?.naturalWidth === 320")
        self.assertIn("Close the lid.", tablet.value("document.querySelector('.caution').innerText"))
        self.assertFalse(tablet.value("!!document.querySelector('#pass')"))
        tablet.wait_and_touch(".start button:nth-child(2)")
        tablet.until("document.querySelector('.state.begun')?.innerText.includes('Laser 2')")
        tablet.scan("material;brass;BR-1")
        tablet.until("document.querySelector('.need .state.done')")
        tablet.enter("#record-power", "65")
        tablet.until("document.querySelector('#pass')")
        tablet.wait_and_touch("#recorded-power button")
        tablet.wait_and_touch("dialog #why-1")
        tablet.enter("dialog #right-power", "68")
        tablet.until("document.querySelector('#recorded-power b')?.textContent === '68'")
        settle(lambda: len(self.events("parameter_recorded")) == 2)
        self.assertEqual([(event["value"], event.get("reason", "")) for event in self.events("parameter_recorded")],
                         [("65", ""), ("68", "Measured again")])
        self.keep_picture("tag-engrave.png")
        tablet.wait_and_touch("#pass")
        tablet.until("document.querySelector('.note.large')")
        self.inspect()
        self.sign()

    def inspect(self):
        tablet = self.tablet
        tablet.show("/T-1/look")
        tablet.until("document.querySelector('.judge .defect img')?.naturalWidth === 320")
        tablet.wait_and_touch(".card .choices .primary")
        tablet.until("document.querySelector('.state.done.card')")
        tablet.wait_and_touch(".judge button.defect:nth-of-type(2)")
        tablet.until("document.querySelector('#bad-1')")
        self.assertIn("Stop the laser and call Quality.", tablet.value("document.querySelector('#bad-1').innerText"))
        tablet.type("[id='measure-1-plate.depth']", "0,31")
        tablet.until("document.querySelector('form.out .out-now')?.innerText.includes('Stop the laser')")
        self.keep_picture("tag-look.png")
        tablet.wait_and_touch("#bad-1 .outcome.rework")
        settle(lambda: self.events("units_left")[-1:] and self.events("units_left")[-1]["outcome"] == "rework")
        self.assertEqual(self.events("units_left")[-1]["reason"], "Smear")
        tablet.show("/T-1/wipe")
        tablet.until("document.querySelectorAll('.standard img').length === 2")
        tablet.until("[...document.querySelectorAll('.standard img')].every(one => one.naturalWidth === 320)")
        self.keep_picture("tag-wipe.png")
        tablet.wait_and_touch("#pass")
        settle(lambda: len(self.events("units_left")) == 3)
        self.all_done([self.judge("T-1", "look", unit, "letters") for unit in (1, 2)] +
                      [self.measure("T-1", "look", unit, "plate", "depth", "0.21") for unit in (1, 2)] +
                      [self.leave("T-1", "look", 1, 2)])

    def sign(self):
        tablet = self.tablet
        tablet.show("/T-1/free")
        tablet.until("document.querySelector('.requires')?.innerText.includes('The traveler is signed')")
        tablet.wait_and_touch(".card .choices .primary")
        tablet.wait_and_touch(".sheet .people li:nth-child(1) button")  # ben may not
        self.type_pin("4711")
        tablet.until("document.querySelector('#pin-wrong')?.textContent.includes('signed by quality')")
        tablet.key("Escape")
        tablet.wait_and_touch(".card .choices .primary")
        tablet.wait_and_touch(".sheet .people li:nth-child(2) button")
        self.type_pin("1234")
        settle(lambda: self.events("gate_signed"))
        self.assertEqual([(event["by"], event["role"]) for event in self.events("gate_signed")], [("cleo", "quality")])
        self.assertEqual(tablet.value("document.querySelector('#who').innerText.trim()"), "ben")

    def type_pin(self, pin):
        self.tablet.enter("#pin", pin)
