"""`flowd printers` and `flowd printers test NAME`, against doubles of the servers."""
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
import urllib.request

from harness import EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, FlowcTest

DOUBLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "doubles", "printer.py")


class Printers(FlowcTest):
    def setUp(self):
        super().setUp()
        self.doubles = []

    def tearDown(self):
        for double in self.doubles:
            double.kill()
            double.wait()
            double.stdout.close()
        super().tearDown()

    def double(self, protocol, *options):
        process = subprocess.Popen([sys.executable, DOUBLE, protocol, "--key", "geheim-42", *options],
                                   stdout=subprocess.PIPE, text=True)
        self.doubles.append(process)
        return process.stdout.readline().strip()

    def tell(self, address, path, **what):
        request = urllib.request.Request(address + path, json.dumps(what).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def farm(self, text):
        self.write("key", "geheim-42\n")
        return self.write("farm.yaml", text)

    def test_one_that_people_serve(self):
        self.farm("printers:\n  mill: {machine: mk4, protocol: manual}\n")
        begun = time.monotonic()
        self.assertIn("people serve it", self.said().out)
        self.assertIn("People serve it", self.ends(self.flowd("printers", "test", "mill", "--farm", "farm.yaml"), EXIT_CLEAN).out)
        self.assertLess(time.monotonic() - begun, 8)  # its answer is not waited for: that would be 10 s each time

    def test_a_table_of_three(self):
        octoprint, klipper, prusa = map(self.double, ("octoprint", "moonraker", "prusalink"))
        self.tell(klipper, "/double/do", what="start_other")
        self.tell(klipper, "/double/do", what="pause")
        self.farm(f"""printers:
  old-one:
    machine: mk3
    protocol: octoprint
    address: {octoprint}
    key_file: key
    loaded:
      - material: pla_black
        lot: SP-1
        grams: 740.5
  voron: {{protocol: moonraker, address: '{klipper}', key_file: key}}
  mk4: {{protocol: prusalink, address: '{prusa}/', password_file: key, nozzle_mm: 0.4}}
  away: {{protocol: prusalink, address: 'http://127.0.0.1:1'}}
""")
        table = self.said().out
        lines = {line.split()[0]: line for line in table.splitlines()}
        for name, words in {"old-one": ("mk3", "idle", "pla_black SP-1 740.5 g"), "voron": ("paused", "other-1.gcode"),
                            "mk4": ("idle",), "away": ("offline",)}.items():
            for word in words:
                self.assertIn(word, lines[name])
        rows = json.loads(self.said("--json").out)
        self.assertEqual([row["state"] for row in rows], ["idle", "paused", "idle", "offline"])
        self.assertEqual(rows[0]["loaded"], [{"slot": 1, "material": "pla_black", "lot": "SP-1", "left_mg": 740500}])
        self.assertEqual(rows[2]["nozzle_um"], 400)
        self.assertNotIn("geheim", json.dumps(rows) + table)

    def said(self, *arguments, status=EXIT_CLEAN):
        return self.ends(self.flowd("printers", *arguments, "--farm", self.path("farm.yaml")), status)

    def walk(self, protocol, address, line, status=EXIT_FINDINGS, key="key_file: key"):
        self.farm(f"printers:\n  one: {{protocol: {protocol}, address: '{address}', {key}}}\n")
        said = self.said("test", "one", status=status).out
        self.assertIn(line, said)
        self.assertNotIn("geheim", said)

    def test_what_is_in_the_way(self):
        address = self.double("octoprint")
        self.walk("octoprint", address, "one is idle", EXIT_CLEAN)
        self.walk("octoprint", "http://127.0.0.1:1", "nothing listens at that address")
        self.write("wrong", "other")
        self.walk("octoprint", address, "the key is refused: make a user key", key="key_file: wrong")
        self.walk("moonraker", address, "something else answers at that address")
        self.tell(address, "/double/do", what="start_other")
        self.tell(address, "/double/do", what="pause")
        self.walk("octoprint", address, "a print is paused: resume or cancel it at the printer")
        self.tell(address, "/double/do", what="error")
        self.walk("octoprint", address, "look at the printer, mend it")
        klipper = self.double("moonraker")
        self.tell(klipper, "/double/do", what="disconnect")
        self.walk("moonraker", klipper, "Klippy Host not connected")

    def test_what_it_is(self):
        for protocol, words in {"octoprint": ("0.40 mm", "200 x 200 x 180 mm", "/camera"),
                                "moonraker": ("0.40 mm", "250 x 210 x 220 mm", "/camera"),
                                "prusalink": ("0.40 mm", "/api/v1/cameras/snap")}.items():
            address = self.double(protocol)
            for word in words:
                self.walk(protocol, address, word, EXIT_CLEAN)
            picture = self.path(protocol + ".jpg")
            self.said("snapshot", "one", "-o", picture)
            with open(picture, "rb") as file:
                self.assertEqual(file.read(), b"\xff\xd8\xffplate!")
        self.walk("prusalink", address, "farm.yaml says another", EXIT_CLEAN, key="key_file: key, nozzle_mm: 0.6")

    def test_no_picture(self):
        address = self.double("octoprint")
        self.farm(f"printers:\n  one: {{protocol: octoprint, address: '{address}', key_file: key}}\n")
        picture = self.path("plate.jpg")
        for fault, said in {"garbage": "neither JPEG, PNG nor WebP", "5xx": "gives no picture (it answers 502)",
                            "huge": "does not answer, or with over 16 MB"}.items():
            self.tell(address, "/double/fault", match="GET /camera", fault=fault)
            self.assertIn(said, self.said("snapshot", "one", "-o", picture, status=EXIT_FINDINGS).err)
        self.assertFalse(os.path.exists(picture))
        self.farm(f"printers:\n  one: {{protocol: octoprint, address: '{address}', key_file: key, "
                  f"camera: '{address}/camera'}}\n")
        self.said("snapshot", "one", "-o", picture)

    def test_a_key(self):
        address = self.double("octoprint")
        self.farm(f"printers:\n  one: {{protocol: octoprint, address: '{address}', key_file: made}}\n"
                  f"  two: {{protocol: octoprint, address: '{address}/two'}}\n")
        self.assertIn("made", self.said("test", "one", status=EXIT_ENVIRONMENT).err)
        said = self.said("key", "one").out
        self.assertIn('click "Allow"', said)
        self.assertNotIn("geheim", said)
        self.assertEqual(os.stat(self.path("made")).st_mode & 0o777, 0o600)
        self.assertIn("key_file", self.said("key", "two", status=EXIT_USAGE).err)
        self.said("test", "one")

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mosquitto") and shutil.which("vsftpd"),
                         "wants root, mosquitto and vsftpd")
    def test_a_bambu_lab_printer(self):
        process = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(DOUBLE), "bambu.py"), "--code", "geheim-42"],
                                   stdout=subprocess.PIPE, text=True)
        try:
            self.walk_bambu(json.loads(process.stdout.readline()))
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()

    def walk_bambu(self, places):
        def walk(line, status=EXIT_FINDINGS, **changed):
            keys = {"protocol": "bambu", "address": places["host"], "port": places["port"], "serial": "01P00A000000001",
                    "files_port": places["files_port"], "access_code_file": "key",
                    "certificate_file": places["certificate_file"], **changed}
            self.farm("printers:\n  one:\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items()))
            said = self.said("test", "one", status=status).out
            self.assertIn(line, said)
            self.assertNotIn("geheim", said)
        walk("one is idle", EXIT_CLEAN)
        walk("0.40 mm", EXIT_CLEAN)
        walk("its certificate is not that of this serial number", serial="01P00A000000002")
        walk("its certificate is not that of this serial number", certificate_file="/etc/ssl/certs/ca-certificates.crt")
        self.write("wrong", "87654321")
        walk("the access code is refused", access_code_file="wrong")
        walk("nothing listens at that address", port=1)
        walk("its files are reached      NO: no answer", files_port=1)
        self.tell(places["address"], "/double/do", what="signed_only")
        walk("turn on LAN Only and Developer Mode")

    def test_a_hostile_printer(self):
        address = self.double("moonraker")
        self.tell(address, "/double/fault", match="objects", fault="garbage", count=99)
        self.walk("moonraker", address, "something else answers")
        self.tell(address, "/double/fault", match="objects", fault="huge", count=99)
        self.walk("moonraker", address, "NO")

    def test_mistakes_in_the_farm(self):
        for text, said in {
            "printers:\n  a:\n    protocol: octo\n": ":3: no protocol `octo`; there are octoprint",
            "printers:\n  a:\n    key: geheim-42\n": ":3: a secret does not stand here",
            "printers:\n  a:\n    key_file: nowhere\n": ":3: the secret cannot be read",
            "printers:\n  a:\n    key_env: FLOW_NO_SUCH\n": ":3: the environment has no FLOW_NO_SUCH",
            "printers:\n  a: {protocol: octoprint}\n": ":2: a has no address",
            "printers:\n  a:\n    address: 192.168.1.2\n    protocol: octoprint\n": ":2: `address` of a wants http://",
            "printers:\n  a: {protocol: bambu, address: 'http://h'}\n": ":2: `address` of a wants only the host",
            "printers:\n  a: {protocol: bambu, address: h}\n": ":2: a has no serial",
            "printers:\n  a:\n    serial: 01p00a000000001\n": ":3: `serial` wants the serial number",
            "printers:\n  a:\n    certificate_file: key\n": ":3: key is no certificate",
            "printers:\n  a: {protocol: octoprint, address: 'http://h', port: 3}\n": ":2: a has a serial",
            "printers:\n  a: {protocol: octoprint, address: 'http://h'}\n  b: {protocol: octoprint, address: 'http://h'}\n":
                ":3: b has the address of a at line 2",
            "printers:\n  a:\n    access_code: geheim-42\n": ":3: a secret does not stand here",
            "printers:\n  a:\n    address: http://u:geheim-42@h\n": ":3: `address` has only host",
            "printers:\n  a:\n    colour: red\n": ":3: unknown key `colour`",
            "printers:\n  a:\n    loaded:\n      - lot: SP-1\n": ":4: which material?",
            "printers:\n  a:\n    loaded:\n      - {material: x, grams: 1e3}\n": "wants a number",
            "printers: [\n": "this is no YAML",
            "- a\n": "no printers",
            "": "no printers",
        }.items():
            self.farm(text)
            result = self.said(status=EXIT_ENVIRONMENT)
            self.assertIn(said, result.err)
            self.assertNotIn("geheim", result.err)
        os.remove(self.path("farm.yaml"))
        self.assertIn("farm.yaml", self.ends(self.flowd("printers"), EXIT_ENVIRONMENT).err)
        self.ends(self.flowd("printers", "jump"), EXIT_USAGE)
        self.farm("printers: {}\n")
        self.assertIn("no printer x", self.said("test", "x", status=EXIT_ENVIRONMENT).err)
