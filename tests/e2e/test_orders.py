"""Orders by command line: files of each shop in, held lines mended, what is owed, papers and files out."""
import csv
import io
import json
import os
import shutil
import unicodedata

from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, TOP, FlowcTest

FILES = os.path.join(TOP, "tests", "orders")
PLATE = os.path.join(FILES, "plate.flow")
OWN = "order,line,sku,quantity,price,due,street1,country,ask:first_line,ask:second_line\n"


class Orders(FlowcTest):
    """A shop of anna's that makes desk hooks, signet rings and name plates."""

    def setUp(self):
        super().setUp()
        self.done("init", "shop", "--owner", "anna")
        self.done("adopt", os.path.join(CONTRACT, "desk-hook", "desk_hook.flow"))
        self.done("adopt", os.path.join(TOP, "examples", "resin-rings", "signet.flow"))
        self.done("adopt", PLATE)

    def flowd(self, *arguments, **how):
        environment = {"FLOW_SHOP": self.path("shop"), "FLOW_PERSON": "anna", **how.pop("environment", {})}
        return super().flowd(*arguments, environment=environment, **how)

    def done(self, *arguments, **how):
        return self.ends(self.flowd(*arguments, **how), EXIT_CLEAN)

    def orders(self, *arguments, **how):
        return self.done("orders", *arguments, **how)

    def json(self, *arguments):
        return json.loads(self.orders(*arguments, "--json").out)

    def events(self):
        return json.loads(self.done("status", "--json").out)["journal"]["events"]

    def take(self, text, *options, status=EXIT_CLEAN):
        """Imports a text as a file; the findings as JSON."""
        self.write("orders.csv", text)
        done = self.ends(self.flowd("orders", "import", self.path("orders.csv"), "--json", *options), status)
        return json.loads(done.out)["files"][0]["import"]

    def test_each_shops_file_is_taken_once(self):
        names = ["shopify", "etsy", "shipstation", "own"]
        paths = [os.path.join(FILES, name + ".csv") for name in names]
        done = self.orders("import", *paths)
        self.assertIn("shopify: 3 orders, 4 lines; 3 taken (1 held)", done.out)
        self.assertIn("did you mean DH-100-black-small? flowd orders mend 1003 1", done.err)
        before = self.events()
        for result in self.json("import", *paths)["files"]:
            self.assertEqual(result["import"]["taken"], 0)
            self.assertGreater(result["import"]["known"], 0)
            self.assertEqual({one["level"] for one in result["import"]["findings"]} - {"note"}, set())
        self.assertEqual(self.events(), before)
        self.assertEqual([row["order"] for row in self.json("list")],
                         ["1001", "1003", "3312345678", "SS-7", "W-1"])
        self.assertEqual([row["order"] for row in self.json("--held")], ["1003"])

    def test_columns_stand_below_one_another_whatever_the_script(self):
        """Each cell of a terminal's line, as Unicode's own tables have them; the columns after the names begin alike."""
        names = ["\u738b\u5c0f\u660e", "Jose\u0301", "\uae40\ubbfc\uc9c0", "Ann \U0001f600", "Bob"]
        rows = "".join(f"{i},DH-100-black-small,1,2026-03-09,{name}\n" for i, name in enumerate(names))
        self.take("order,sku,quantity,due,name\n" + rows)
        wide = {"W": 2, "F": 2}
        begins = set()
        for line in self.orders("list").out.splitlines()[1:]:
            before = line[:line.index("2026-03-09")]
            begins.add(sum(0 if unicodedata.combining(c) else wide.get(unicodedata.east_asian_width(c), 1) for c in before))
        self.assertEqual(len(begins), 1, begins)

    def test_an_order_with_a_mistake_is_left_out_whole(self):
        result = self.take("order,sku,quantity\n1,DH-100-black-small,1\n1,DH-100-black-large,1.5\n"
                           "2,DH-100-black-small,2\n", status=EXIT_FINDINGS)
        self.assertEqual((result["taken"], result["left_out"]), (1, 1))
        self.assertEqual(result["findings"][0]["line"], 3)
        self.assertEqual(result["findings"][0]["column"], 22)
        self.assertEqual([row["order"] for row in self.json()], ["2"])

    def test_a_held_line_is_mended_and_a_line_cancelled(self):
        self.orders("import", os.path.join(FILES, "shopify.csv"))
        self.assertIn("--sku DH-100-black-small", self.orders("mend").out)
        self.ends(self.flowd("orders", "mend", "1003", "1", "--sku", "DH-100"), EXIT_FINDINGS)
        self.orders("mend", "1003", "1", "--sku", "dh-100-black-small")
        self.assertEqual(self.orders("mend").out, "no line is held\n")
        line = self.json("show", "#1003")["lines"][0]
        self.assertEqual((line["sku"], line["held"]), ("DH-100-black-small", False))
        self.orders("cancel", "1003", "1", "--count", "2", "--reason", "they wrote")
        self.assertEqual(self.json("show", "1003")["owed"], 1)
        self.orders("cancel", "1003", "--reason", "they wrote again")
        self.assertNotIn("1003", [row["order"] for row in self.json("--open")])
        self.ends(self.flowd("orders", "cancel", "1003", "--reason", "once more"), EXIT_FINDINGS)

    def test_an_answer_is_given(self):
        result = self.take("order,sku,quantity\n5,NP-1-none,1\n")
        self.assertIn("flowd orders mend 5 1 --ask first_line=TEXT", [one["help"] for one in result["findings"]])
        self.orders("mend", "5", "1", "--ask", "first_line=Ada = Countess")
        self.assertEqual(self.json("show", "5")["lines"][0]["asks"], {"first_line": "Ada = Countess"})
        self.assertIn("line 1, first_line: Ada = Countess", self.orders("show", "5").out)
        self.ends(self.flowd("orders", "mend", "5", "1", "--ask", "first_line=" + 21 * "x"), EXIT_FINDINGS)

    def test_a_dry_run_writes_nothing(self):
        before = self.events()
        done = self.orders("import", "--dry-run", os.path.join(FILES, "own.csv"))
        self.assertIn("2 taken", done.out)
        self.assertIn("nothing was written", done.out)
        self.assertEqual(self.events(), before)

    def test_who_may_not_take_orders_takes_none(self):
        self.done("do", '{"command":"admit_person","person":"otto","roles":"operator"}')
        before = self.events()
        done = self.ends(self.flowd("orders", "import", os.path.join(FILES, "own.csv"), "--as", "otto"),
                         EXIT_FINDINGS)
        self.assertIn("refused", done.err)
        self.assertEqual(self.events(), before)

    def test_dates_formats_and_numbers_can_be_said(self):
        text = "order,sku,quantity,due\n1001,DH-100-black-small,1,03/04/2027\n"
        self.assertIn("--dates mdy or --dates dmy", self.take(text, status=EXIT_FINDINGS)["findings"][0]["help"])
        self.take(text, "--dates", "dmy", "--prefix", "F-")
        self.assertEqual(self.json("show", "F-1001")["lines"][0]["due"], "2027-04-03")
        self.take(text, "--format", "etsy", status=EXIT_FINDINGS)
        self.ends(self.flowd("orders", "import", self.path("orders.csv"), "--dates", "ymd"), EXIT_USAGE)

    def test_a_file_comes_by_standard_input(self):
        done = self.orders("import", "-", stdin=b"order,sku,quantity\n1,DH-100-black-small,1\n")
        self.assertIn("1 taken", done.out)

    def test_what_is_no_order_file_is_told_of(self):
        for content, words in ((b"", "the file is empty"), (b"\xff\xfeo\0r\0", "UTF-16"),
                               (b"PK\x03\x04rest", "workbook"), (b"order,sku,quantity\n1,M\xfcller,1\n", "UTF-8"),
                               (b"order,sku,quantity\n1,\"a,1\n", "not closed"), (b"a,b\n1,2\n", "nearest is")):
            self.write("bad.csv", content)
            done = self.ends(self.flowd("orders", "import", self.path("bad.csv")), EXIT_FINDINGS)
            self.assertIn(words, done.err)
        self.ends(self.flowd("orders", "import", self.path("none.csv")), EXIT_ENVIRONMENT)
        self.ends(self.flowd("orders", "import", self.folder), EXIT_ENVIRONMENT)

    def test_wrong_command_lines(self):
        for arguments in (("import",), ("show",), ("show", "1", "2"), ("cancel", "1"), ("mend", "1", "1"), ("nix",),
                          ("export",), ("export", "--format", "etsy"), ("packing-list",), ("list", "x"),
                          ("invoice", "1", "--paper", "a3")):
            self.ends(self.flowd("orders", *arguments), EXIT_USAGE)
        for arguments in (("show", "1"), ("cancel", "1", "--reason", "x"), ("packing-list", "1"), ("invoice", "1")):
            self.assertIn("there is no order 1", self.ends(self.flowd("orders", *arguments), EXIT_FINDINGS).err)

    # ---- what goes out ----

    def make_plates(self):
        """Order 7: of three plates two leave in parcel P-1."""
        self.take(OWN + "7,1,NP-1-none,3,12.00 USD,2027-01-15,1 Main St,US,Ada,Byron\n")
        batch = {"batch": "B-1"}
        commands = [{"command": "open_batch", **batch, "product": "plate", "purpose": "production"},
                    {"command": "add_units", **batch, "sku": "NP-1-none", "count": 2, "order": "7", "line": "1"},
                    {"command": "start_batch", **batch}]
        commands += [{"command": "leave_step", **batch, "step": step, "first": 1, "count": 2, "outcome": "pass"}
                     for step in ("collect", "engrave")]
        commands += [{"command": "pack_units", "parcel": "P-1", "order": "7", "line": "1", **batch, "first": 1,
                      "count": 2},
                     {"command": "ship_parcel", "parcel": "P-1", "carrier": "UPS", "service": "Ground",
                      "tracking": "1Z999"}]
        self.done("do", "-", stdin="".join(json.dumps(one) + "\n" for one in commands).encode())

    def test_what_is_owed_is_known(self):
        self.make_plates()
        order = self.json("show", "7")
        self.assertEqual((order["ordered"], order["shipped"], order["waiting"], order["owed"]), (3, 2, 1, 1))
        self.assertEqual(order["parcels"][0]["tracking"], "1Z999")
        self.assertIn("parcel P-1: 2 units, shipped", self.orders("show", "7").out)

    def test_files_go_out_with_tracking(self):
        self.make_plates()
        rows = list(csv.DictReader(io.StringIO(self.orders("export", "--format", "shipstation").out)))
        self.assertEqual([(row["Item - Qty"], row["Shipment - Tracking Number"]) for row in rows],
                         [("2", "1Z999"), ("1", "")])
        self.orders("export", "--format", "own", "-o", self.path("own.csv"))
        with open(self.path("own.csv"), encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file))
        self.assertEqual((row["quantity"], row["shipped"], row["owed"], row["ask:first_line"]), ("3", "2", "1", "Ada"))
        before = self.events()
        self.orders("import", self.path("own.csv"))
        self.assertEqual(self.events(), before)
        done = self.flowd("orders", "export", "--format", "own", "-o", "/dev/null/own.csv")
        self.ends(done, EXIT_ENVIRONMENT)

    def test_papers_go_with_a_parcel(self):
        self.make_plates()
        text = self.orders("packing-list", "7", "--parcel", "P-1").out
        self.assertIn("Packing list, order 7, parcel P-1\nSigns & Plates", text)
        self.assertIn("B-1/1-2", text)
        self.orders("packing-list", "7", "-o", self.path("list.pdf"))
        self.assertTrue(self.read("list.pdf").startswith(b"%PDF"))
        self.ends(self.flowd("orders", "packing-list", "7", "--parcel", "P-9"), EXIT_FINDINGS)
        done = self.orders("invoice", "7", "--parcel", "P-1")
        invoice = json.loads(done.out)
        self.assertEqual((invoice["total"], invoice["currency"], invoice["net_mass_g"]), ("24.00", "USD", "81.0"))
        self.assertIn("the HS code", done.err)
        said = ("--hs-code", "8310.00", "--origin", "DE", "--incoterm", "DAP Springfield", "--date", "2027-01-10")
        for wrong in (("--hs-code", "12"), ("--hs-code", "plastic"), ("--origin", "Germany"), ("--incoterm", "DAP"),
                      ("--incoterm", "ABC London"), ("--date", "03/04/2027")):
            self.ends(self.flowd("orders", "invoice", "7", *wrong), EXIT_USAGE)
        done = self.orders("invoice", "7", "-o", self.path("invoice.pdf"), *said)
        self.assertEqual(done.err, "")
        first = self.read("invoice.pdf")
        self.orders("invoice", "7", "-o", self.path("invoice.pdf"), *said)
        self.assertEqual(self.read("invoice.pdf"), first)
        if shutil.which("pdftotext"):
            text = self.run_program("pdftotext", "-layout", self.path("invoice.pdf"), "-").out
            for words in ("Commercial invoice", "8310.00", "DAP Springfield", "36.00 USD"):
                self.assertIn(words, text)
