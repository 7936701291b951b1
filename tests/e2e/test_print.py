"""Labels and travelers from the shop: as PDF for the browser, as ZPL to a label printer that is one, is off, or is asked for by a name nobody
knows."""
import json
import os
import re
import socket
import threading
import unittest

from serving import Served


class LabelPrinter:
    """Takes what comes at a port, as a Zebra does."""

    def __init__(self):
        self.got, self.whole = b"", threading.Event()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        try:
            line = self.door.accept()[0]
            while piece := line.recv(65536):
                self.got += piece
            self.whole.set()
        except OSError:
            pass


class Printing(Served):
    def setUp(self):
        super().setUp()
        self.all_done([
            {"command": "receive_lot", "lot": "SP-1", "what": "pla_black"},
            {"command": "open_batch", "batch": "S-1", "product": "desk_hook", "purpose": "sample"},
            {"command": "add_units", "batch": "S-1", "sku": "DH-100-black-small", "count": 12},
            {"command": "start_batch", "batch": "S-1"}])
        self.printer = LabelPrinter()
        self.addCleanup(self.printer.door.close)
        off = socket.socket()  # has a port, and does not listen
        off.bind(("127.0.0.1", 0))
        self.addCleanup(off.close)
        self.write("shop/label-printers", f"# name address size\npacking 127.0.0.1:{self.printer.port} 62mm\noff 127.0.0.1:{off.getsockname()[1]} 4x6\n")
        self.serve()

    def print_out(self, **what):
        status, _, body = self.ask("/api/v1/labels", "POST", json.dumps(what).encode())
        return status, json.loads(body)

    def pages_of(self, path):
        status, headers, body = self.ask("/api/v1" + path)
        self.assertEqual((status, headers["Content-Type"]), (200, "application/pdf"), body[:200])
        self.assertNotIn("attachment", headers.get("Content-Disposition", ""))
        with open(self.path("got.pdf"), "wb") as file:
            file.write(body)
        if os.environ.get("FLOW_PAGES"):
            with open(os.path.join(os.environ["FLOW_PAGES"], path.strip("/").replace("/", "-").split("?")[0]), "wb") as file:
                file.write(body)
        return len(re.findall(rb"/Type\s*/Page\b", body))

    def test_papers(self):
        self.assertEqual(self.pages_of("/batches/S-1/labels.pdf?units=3-5"), 3)
        self.assertGreaterEqual(self.pages_of("/batches/S-1/traveler.pdf"), 1)
        self.assertEqual(self.ask("/api/v1/batches/S-9/labels.pdf")[0], 404)
        self.assertEqual(self.ask("/api/v1/batches/S-1/labels.pdf?units=5-40")[0], 409)
        self.assertEqual(self.ask("/api/v1/parcels/P-1/label.pdf")[0], 404)

    def test_a_label_printer(self):
        self.assertEqual(self.get("/label-printers")["items"], [{"printer": "packing", "size": "62mm"}, {"printer": "off", "size": "4x6"}])
        self.assertEqual(self.print_out(printer="packing", batch="S-1", units="1-2"), (200, {"labels": 2}))
        self.assertTrue(self.printer.whole.wait(120))
        zpl = self.printer.got.decode()
        self.assertEqual(zpl.count("^XA"), 2)
        self.assertIn("^FDMA,S-1/2^FS", zpl)  # a scan of it at the bench is that unit
        self.assertIn("DH-100-black-small", zpl)

    def test_who_does_not_answer_or_is_nobody(self):
        status, answer = self.print_out(printer="off", batch="S-1", units="1-1")
        self.assertEqual(status, 409)
        self.assertIn("does not answer", answer["detail"])
        for name in ("nobody", "127.0.0.1:22", "packing 127.0.0.1", "--help", ""):  # a name of the shop's file, and nothing else
            status, answer = self.print_out(printer=name, batch="S-1")
            self.assertEqual(status, 409, answer)
            self.assertIn("has no label printer", answer["detail"])
        self.assertEqual(self.print_out(printer="packing")[0], 400)
        self.assertEqual(self.print_out(printer="packing", batch="S-9")[0], 404)
        self.assertEqual(self.printer.got, b"")

    def test_a_mistake_in_the_file(self):
        self.write("shop/label-printers", "packing 127.0.0.1:99x 62mm\n")
        status, answer = self.print_out(printer="packing", batch="S-1")
        self.assertEqual(status, 409)
        self.assertIn("label-printers:1: the port is a number", answer["detail"])


if __name__ == "__main__":
    unittest.main()
