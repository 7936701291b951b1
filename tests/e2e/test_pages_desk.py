"""What waits for a person besides the steps: parcels, quarantine, approvals, as the pages show and do it."""
import unittest

from test_pages import Bench
from test_print import LabelPrinter
from tablet import settle


class Parcels(Bench):
    checked = True

    def setUp(self):
        super().setUp()
        self.all_done(self.printing("B-1", 12) + self.screening("B-1", range(1, 13)) +
                      [self.leave("B-1", "screen", 1, 12)] + self.finishing("B-1", 1, 12))

    def test_unit_by_unit(self):
        tablet = self.tablet("ben")
        tablet.show("//parcels")
        tablet.until("document.querySelector('.task')")
        tablet.scan("B-1/3")  # of which order it is
        tablet.until("document.querySelector('#parcel')")
        tablet.scan("B-1/3")
        tablet.until("document.querySelectorAll('#parcel .chip').length === 1")
        tablet.scan("DH-100;C;DH-100-black-small;df76971de55ebfdb")  # the label of a SKU: the next one
        tablet.until("document.querySelectorAll('#parcel .chip').length === 2")
        self.print_the_label(tablet)
        tablet.scan("B-1/3")
        tablet.until("document.querySelector('#pack-wrong.panel')?.innerText.includes('already')")
        tablet.wait_and_touch("#pack-wrong button")
        tablet.wait_and_touch(".pack-lines button:nth-child(2)")
        tablet.until("document.querySelectorAll('#parcel .chip').length === 12")
        tablet.wait_and_touch("#parcel .chip:nth-child(12)")
        tablet.until("document.activeElement?.id === 'why'")
        tablet.type("#why", "scratched")
        tablet.until("!document.querySelector('dialog .primary').disabled")
        tablet.wait_and_touch("dialog .primary")
        tablet.until("document.querySelectorAll('#parcel .chip').length === 11")
        tablet.wait_and_touch("#ship summary")
        tablet.until("document.querySelector('#ship').open")
        for field, text in (("carrier", "DHL"), ("tracking", "JJD-1")):
            tablet.type("#" + field, text)
        tablet.until("!document.querySelector('#ship .primary.big').disabled")
        tablet.wait_and_touch("#ship .primary.big")
        settle(lambda: self.events("parcel_shipped"))
        self.assertEqual([(event["parcel"], event["carrier"], event["tracking"], event["by"]) for event in self.events("parcel_shipped")],
                         [("1001-1", "DHL", "JJD-1", "ben")])
        packed = [unit for event in self.events("units_packed") for unit in range(event["first"], event["first"] + event["count"])]
        self.assertEqual(sorted(packed), list(range(1, 13)))
        self.assertEqual([event["reason"] for event in self.events("units_unpacked")], ["scratched"])
        tablet.until("document.querySelector('#parcel h2').innerText.includes('1001-2')")

    def print_the_label(self, tablet):
        settle(lambda: len(self.events("units_packed")) == 2)
        printer = LabelPrinter()
        self.addCleanup(printer.door.close)
        self.write("shop/label-printers", f"packing 127.0.0.1:{printer.port} 4x6\n")
        tablet.wait_and_touch("#parcel .print")
        tablet.wait_and_touch("dialog button.big")
        tablet.until("document.querySelector('#printed')?.innerText.includes('packing')")
        self.assertTrue(printer.whole.wait(120))
        self.assertIn(b"^FDMA,1001-1^FS", printer.got)
        address = tablet.value("document.querySelector('dialog a').getAttribute('href')")
        self.assertEqual(self.ask(address)[1]["Content-Type"], "application/pdf")
        tablet.key("Escape")
        tablet.until("!document.querySelector('dialog')")

    def test_what_does_not_belong_there_is_refused_aloud(self):
        self.all_done([
            {"command": "take_line", "order": "2002", "line": "1", "product": "desk_hook", "sku": "DH-100-white-large", "count": 8},
            {"command": "open_batch", "batch": "W-1", "product": "desk_hook", "purpose": "production"},
            {"command": "add_units", "batch": "W-1", "sku": "DH-100-white-large", "count": 8, "order": "2002", "line": "1"},
            {"command": "start_batch", "batch": "W-1"}])
        tablet = self.tablet("ben")
        tablet.show("//parcels/1001")
        tablet.until("document.querySelector('#parcel')")
        for scanned, said in (("W-1/2", "DH-100-white-large"), ("B-7/1", "B-7/1"), ("DH-100;C;DH-100-white-large;df76971de55ebfdb", "WRONG")):
            tablet.scan(scanned)
            tablet.until(f"document.querySelector('#pack-wrong.panel strong')?.innerText.includes('{said}')")
            self.assertIn("12 × DH-100-black-small", tablet.value("document.querySelector('#pack-wrong').innerText"))  # what it should be
            tablet.wait_and_touch("#pack-wrong button")
            tablet.until("!document.querySelector('#pack-wrong.panel')")
        self.assertEqual(self.events("units_packed"), [])


class Quarantine(Bench):
    checked = True

    def say_why(self, tablet, reason, button):
        """Nothing is decided without a reason."""
        tablet.until("document.activeElement?.id === 'why'")
        self.assertTrue(tablet.value(f"document.querySelector('{button}').disabled"))
        tablet.type("#why", reason)
        tablet.until(f"!document.querySelector('{button}').disabled")

    def test_a_decision(self):
        self.all_done(self.printing("B-1", 12) + [{"command": "hold_lot", "lot": "SP-1", "reason": "damp spool"}])
        ben, cleo = self.tablet("ben"), self.tablet("cleo")
        for tablet in (ben, cleo):
            tablet.show("//quarantine")
            tablet.until("document.querySelectorAll('[id^=unit-B-1]').length === 12")
        self.assertIn("damp spool", ben.value("document.querySelector('[id=\"unit-B-1/1\"]').innerText"))
        self.assertIn("SP-1", ben.value("document.querySelector('#lot-SP-1').innerText"))
        where = "Math.round(document.querySelector('[id=\"unit-B-1/2\"]').getBoundingClientRect().top)"
        before = ben.value(where)
        cleo.wait_and_touch("[id='unit-B-1/1'] button")
        self.say_why(cleo, "cracked", "dialog .outcome.reject")
        cleo.wait_and_touch("dialog .outcome.reject")
        settle(lambda: self.events("unit_disposed"))
        self.assertEqual([(event["unit"], event["to"], event["reason"], event["by"]) for event in self.events("unit_disposed")],
                         [(1, "scrap", "cracked", "cleo")])
        ben.until("document.querySelector('[id=\"unit-B-1/1\"]').classList.contains('gone')")
        self.assertEqual(ben.value(where), before)  # nothing moves under a finger
        cleo.wait_and_touch("[id='unit-B-1/2'] button")
        cleo.wait_and_touch("#all-alike")
        cleo.type("#why", "looked at: dry")
        cleo.until("!document.querySelector('dialog .outcome.rework').disabled")
        cleo.wait_and_touch("dialog .outcome.rework")
        settle(lambda: len(self.events("unit_disposed")) == 12)

    def test_who_may_not_and_who_frees_the_lot(self):
        self.all_done(self.printing("B-1", 12) + [{"command": "hold_lot", "lot": "SP-1", "reason": "damp"},
                                                  {"command": "admit_person", "person": "ben", "roles": "operator"}])
        tablet = self.tablet("ben")
        tablet.wait_and_touch(".desks .button:nth-child(2)")
        tablet.until("document.querySelectorAll('[id^=unit-B-1]').length === 12")
        self.assertEqual(tablet.value("document.querySelectorAll('.queue button, #lot-SP-1 button').length"), 0)
        cleo = self.tablet("cleo")
        cleo.show("//quarantine")
        cleo.wait_and_touch("#lot-SP-1 button")
        self.say_why(cleo, "dried", "#free")
        cleo.key("Enter")
        settle(lambda: self.events("unit_returned"))
        self.assertEqual([(event["lot"], event["reason"], event["by"]) for event in self.events("lot_freed")], [("SP-1", "dried", "cleo")])
        tablet.until("!document.querySelector('#lot-SP-1') && !document.querySelector('.queue .card:not(.gone)')")


class Approvals(Bench):
    """The sample is finished, and nobody signed."""

    def release(self):
        self.make_sample()

    def start(self):
        pass

    def test_a_signature_under_the_sample(self):
        tablet = self.tablet("ben")
        line, = self.get("/orders/1001")["lines"]
        self.assertEqual((line["differs"], line["wants_approval"]), (False, "pp_sample"))
        tablet.wait_and_touch(".desks .button:nth-child(3)")
        tablet.wait_and_touch("#approval-desk_hook-pp_sample button")
        tablet.wait_and_touch("dialog .people li:nth-child(2) button")
        tablet.enter("#pin", "1234")
        settle(lambda: self.events("sample_approved"))
        self.assertEqual([(event["by"], event["role"]) for event in self.events("sample_approved")], [("cleo", "quality")])
        tablet.until("document.querySelector('#sample-desk_hook')?.classList.contains('gone')")
        self.assertEqual(self.ask(tablet.value("document.querySelector('#sample-desk_hook a').getAttribute('href')"))[1]["Content-Type"], "application/pdf")


if __name__ == "__main__":
    unittest.main()
