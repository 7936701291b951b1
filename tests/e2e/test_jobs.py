"""Plates on printers: `flowd serve` with a farm.yaml, against doubles of the printers' servers."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
import urllib.request
import zipfile

from harness import EXIT_CLEAN
from serving import PATIENCE_S, Served

DOUBLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "doubles", "printer.py")


class Jobs(Served):
    """Eight units at the print step, and a G-code file."""

    protocol = "moonraker"

    def setUp(self):
        super().setUp()
        self.receive_lots()
        self.done("batch", "open", "B-1", "desk_hook", "--purpose", "sample")
        self.done("batch", "add", "B-1", "DH-100-black-small", "12")
        self.done("batch", "start", "B-1")
        self.all_done([self.leave("B-1", "collect", 1, 12)])
        self.write("shop/plate.gcode", "G1 X10 Y10\n" * 1000)
        self.addresses = {}

    def double(self, name, protocol=None, print_s=0.5):
        process = subprocess.Popen([sys.executable, DOUBLE, protocol or self.protocol, "--print-s", str(print_s)],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addresses[name] = process.stdout.readline().strip()

    def tell(self, name, path, **what):
        request = urllib.request.Request(self.addresses[name] + path, json.dumps(what).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def starts(self, name):
        with urllib.request.urlopen(self.addresses[name] + "/double") as answer:
            return json.load(answer)["starts"]

    def farm(self, *more, **keys):
        lines = ["printers:"]
        for name, address in self.addresses.items():
            lines += [f"  {name}:", "    machine: mk4", f"    protocol: {keys.get(name, self.protocol)}",
                      f"    address: {address}",
                      "    loaded: [{material: pla_black, lot: SP-1, grams: 500}]"]
        self.write("shop/farm.yaml", "\n".join([*lines, *more]) + "\n")

    def queue(self, job="J-1", *more):
        self.done("job", "queue", job, "B-1", "plate", "--file", "plate.gcode", *more)

    def job(self, name="J-1"):
        return self.json("job", "show", name)

    def wait(self, wanted, job="J-1", seconds=PATIENCE_S):
        deadline = time.monotonic() + seconds
        while not wanted(self.job(job)):
            if time.monotonic() > deadline:
                self.fail(f"never came: {self.job(job)}")
            time.sleep(0.1)
        return self.job(job)

    def ends_as(self, stage, job="J-1"):
        return self.wait(lambda one: one["stage"] == stage, job)

    def standing(self, step):
        return next(one["standing"] for one in self.get("/batches/B-1")["steps"] if one["step"] == step)

    def printers(self):
        return {one["printer"]: one for one in self.get("/printers")["items"]}

    def until(self, wanted, printer="left"):
        deadline = time.monotonic() + PATIENCE_S
        while not wanted(one := self.printers()[printer]):
            self.assertLess(time.monotonic(), deadline, f"never came: {one}")
            time.sleep(0.1)


class OnePrinter(Jobs):
    def test_a_plate_is_printed_once_and_its_units_go_on(self):
        self.double("left")
        self.farm()
        self.serve()
        self.write("shop/secret", "root:x:0:0\n")
        self.done("job", "queue", "J-0", "B-1", "plate", "--file", "secret")
        self.queue()
        self.assertIn("nobody has seen the plate of left empty", self.done("job", "show", "J-1").out)
        time.sleep(1.5)
        self.assertEqual(self.job()["stage"], "waiting")  # nobody saw the plate
        self.queue("J-2", "--parts", "hook=1")
        self.done("printers", "empty", "left")
        self.assertIn("there is no G-code in it", self.ends_as("aside", "J-0")["reason"])
        self.ends_as("done")
        self.assertEqual(list(self.starts("left").values()), [1])
        self.assertEqual(self.standing("screen"), 12)
        left = self.printers()["left"]
        self.assertFalse(left["plate_empty"])
        self.assertEqual(left["plate"], "J-1")
        table = self.done("printers", "--once").out  # the server's, which knows of plates
        for word in ("left", "mk4", "J-1", "pla_black SP-1"):
            self.assertIn(word, table)
        self.assertLess(left["loaded"][0]["left_mg"], 500000)
        self.assertIn("SP-1", self.done("trace", "B-1/7").out)
        time.sleep(1.5)
        self.assertEqual(self.job("J-2")["stage"], "waiting")  # the first still lies there
        self.assertEqual(self.stop(), 0)

    def test_a_file_that_is_not_there_is_told_at_once(self):
        """Who queues it can still mend it; when a printer is free, nobody may be there. With a server as without."""
        self.write("here.gcode", "G1 X10\n")  # where we are, which is not the shop's folder
        self.assertEqual(self.done("job", "queue", "J-1", "B-1", "plate", "--file", "plate.gcode", "--parts", "hook=1").err, "")
        for job, served in (("J-2", False), ("J-4", True)):
            if served:
                self.serve()
            done = self.done("job", "queue", job, "B-1", "plate", "--file", "nowhere.gcode", "--parts", "hook=1")
            self.assertIn("nowhere.gcode is not there yet; without it the job is set aside", done.err)
            done = self.done("job", "queue", job + "b", "B-1", "plate", "--file", "here.gcode", "--parts", "hook=1")
            self.assertIn("is taken from the shop's folder, not from here", done.err)
        self.assertEqual(self.job("J-4")["stage"], "waiting")  # it is a note, and no refusal

    def test_a_file_of_another_material_is_not_printed(self):
        said = "; generated by PrusaSlicer 2.5.0\nG1 X10\n; filament used [mm] = 1000.00\n; filament used [g] = 3.00\n; filament_type = {}\n"
        self.write("shop/petg.gcode", said.format("PETG"))
        self.write("shop/plate.gcode", said.format("PLA"))
        self.double("left")
        self.farm()
        self.serve()
        self.done("printers", "empty", "left")
        self.done("job", "queue", "J-1", "B-1", "plate", "--file", "petg.gcode", "--parts", "hook=1")
        self.assertIn("petg.gcode is sliced for PETG, and the job is of pla_black", self.ends_as("aside")["reason"])
        self.assertEqual(self.starts("left"), {})
        self.done("job", "cancel", "J-1", "sliced for another material")
        self.queue("J-2")
        self.ends_as("done", "J-2")
        self.assertEqual(list(self.starts("left").values()), [1])

    def test_a_server_that_is_killed_goes_on_where_it_was(self):
        self.double("left", print_s=600)
        self.farm()
        self.serve()
        self.done("printers", "empty", "left")
        self.queue()
        self.ends_as("printing")
        self.stop(signal.SIGKILL)
        self.serve()
        self.tell("left", "/double/do", what="finish")
        self.ends_as("done")
        self.assertEqual(list(self.starts("left").values()), [1])
        self.assertEqual(self.job()["attempts"], 1)

    def test_what_people_print_there_lies_on_the_plate(self):
        self.double("left", print_s=600)
        self.farm()
        self.serve()
        self.done("printers", "empty", "left")
        self.tell("left", "/double/do", what="start_other")
        self.until(lambda left: not left["plate_empty"])
        self.tell("left", "/double/do", what="finish")
        self.until(lambda left: left["state"] == "finished")
        self.queue()
        time.sleep(4)
        self.assertEqual(self.job()["stage"], "waiting")
        self.assertIn("left has other-1.gcode on its plate", self.done("job", "show", "J-1").out)

    def test_it_is_paused_resumed_and_cancelled_by_order(self):
        self.double("left", print_s=600)
        self.farm()
        self.serve()
        self.done("printers", "empty", "left")
        self.queue()
        self.ends_as("printing")
        for word, state in (("pause", "paused"), ("resume", "printing")):
            self.done("printers", word, "left")
            self.until(lambda left, state=state: left["state"] == state)
            self.assertNotIn("asks", self.printers()["left"])  # whoever ordered it knows why
        self.refused("say why", "", "printers", "cancel", "left", "")
        self.done("printers", "cancel", "left", "wrong color")
        self.wait(lambda job: job["failed"] == 1)
        self.assertEqual(self.standing("plate"), 12)  # it counts for nothing

    def test_a_spool_that_runs_out_asks_for_the_next_lot(self):
        self.double("left", print_s=600)
        self.farm()
        self.serve()
        self.done("lot", "receive", "SP-9", "pla_black", "--amount", "1")
        self.done("printers", "empty", "left")
        self.queue()
        self.ends_as("printing")
        self.tell("left", "/double/do", what="pause")
        self.until(lambda left: "J-1 stopped by itself" in left.get("asks", ""))
        self.assertIn("flowd printers load left", self.done("printers", "--once").out)
        self.done("printers", "load", "left", "1", "pla_black", "--lot", "SP-9", "--grams", "900")
        self.until(lambda left: "J-1 stopped by itself" not in left.get("asks", ""))
        self.done("printers", "resume", "left")
        self.until(lambda left: left["state"] == "printing")
        self.tell("left", "/double/do", what="finish")
        self.ends_as("done")
        for lot in ("SP-1", "SP-9"):
            self.assertIn("units 1-12", self.done("trace", lot).out)


class Farm(Jobs):
    def test_a_job_that_fails_goes_to_another_printer(self):
        self.double("left", print_s=600)
        self.double("right", "octoprint")
        self.farm(right="octoprint")
        self.serve()
        self.done("printers", "empty", "left")
        self.queue()
        self.ends_as("printing")
        self.done("printers", "empty", "right")
        self.tell("left", "/double/do", what="error")
        job = self.ends_as("done")
        self.assertEqual((job["printer"], job["failed"], job["attempts"]), ("right", 1, 2))
        self.assertEqual(self.standing("screen"), 12)

    def test_one_that_fails_too_often_is_taken_out(self):
        self.double("left", print_s=600)
        self.farm("out_after: 1 of 2")
        self.serve()
        self.done("printers", "empty", "left")
        self.queue()
        self.ends_as("printing")
        self.tell("left", "/double/do", what="cancel")
        self.wait(lambda job: job["failed"] == 1)
        self.until(lambda left: "1 of its last 2 attempts" in left.get("reason", ""))
        self.done("printers", "empty", "left")
        self.assertIn("left is out of use", self.done("job", "show", "J-1").out)
        self.done("printers", "back", "left", "a new sheet")

    def test_not_all_of_a_circuit_heat_at_once(self):
        for name in ("one", "two", "three"):
            self.double(name, print_s=3)
        self.farm("circuits: {wall: {heating_at_most: 1}}")
        text = self.read("shop/farm.yaml").decode().replace("    machine: mk4", "    machine: mk4\n    circuit: wall")
        self.write("shop/farm.yaml", text)
        self.serve()
        for name in self.addresses:
            self.done("printers", "empty", name)
        for number in range(3):
            self.queue(f"J-{number}", "--parts", "hook=1")
        for number in range(3):
            self.ends_as("done", f"J-{number}")
        events = self.get("/events?limit=1000")["items"]
        heats = 0
        for event in events:  # each begins after the one before was seen printing
            heats += {"attempt_begun": 1, "start_confirmed": -1}.get(event["event"], 0)
            self.assertLessEqual(heats, 1)

    def test_a_mill_is_worked_by_hand(self):
        self.write("shop/farm.yaml", "printers:\n  mill: {machine: mk4, protocol: manual}\n")
        self.serve()
        self.queue()
        self.done("printers", "empty", "mill")
        self.done("printers", "load", "mill", "1", "pla_black", "--lot", "SP-1")
        self.assertIn("begin it there", self.done("job", "show", "J-1").out)
        self.done("job", "start", "J-1", "mill", "mk4")
        self.assertEqual(self.printers()["mill"]["state"], "printing")
        self.done("job", "end", "J-1", "finished")
        self.assertEqual(self.standing("screen"), 12)

    def test_a_lost_answer_prints_nothing_twice(self):
        for protocol in ("octoprint", "moonraker", "prusalink"):
            self.double(protocol, protocol, print_s=2)
            self.tell(protocol, "/double/fault", match="start" if protocol == "moonraker" else "select"
                      if protocol == "octoprint" else "POST", fault="drop_after", count=1)
        self.farm(**{name: name for name in self.addresses})
        self.serve()
        for name in self.addresses:
            self.done("printers", "empty", name)
        for number in range(3):
            self.queue(f"J-{number}", "--parts", "hook=1")
        for number in range(3):
            self.ends_as("done", f"J-{number}")
        for name in self.addresses:
            self.assertEqual(list(self.starts(name).values()), [1], name)


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("mosquitto") and shutil.which("vsftpd"),
                     "wants root, mosquitto and vsftpd")
class BambuLab(Jobs):
    """A plate of two materials, and a file with three filaments of which it lays the first and the third."""

    def setUp(self):
        super().setUp()
        self.all_done([{"command": "receive_lot", "lot": "SP-9", "what": "pla_white", "amount": "1000"}])
        self.done("batch", "open", "B-2", "desk_hook", "--purpose", "sample")
        self.done("batch", "add", "B-2", "DH-100-white-small", "12")
        self.done("batch", "start", "B-2")
        self.all_done([self.leave("B-2", "collect", 1, 12)])
        process = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(DOUBLE), "bambu.py"), "--code", "geheim"],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        self.places = json.loads(process.stdout.readline())
        self.addresses["p1s"] = self.places["address"]
        self.write("shop/code", "geheim\n")

    def package(self, name, kinds, used):
        with zipfile.ZipFile(self.path("shop", name), "w") as package:
            package.writestr("Metadata/plate_2.gcode", f"""; BambuStudio 01.09.05.51
; model printing time: 20m 34s; total estimated time: 26m 35s
; total filament length [mm] : {",".join("1000.00" for _ in used)}
; total filament weight [g] : {",".join("3.00" for _ in used)}
; filament: {",".join(str(number) for number in used)}
; filament_type = {";".join(kinds)}
G28
""")

    def mixed(self, job, file):
        self.done("job", "queue", job, "B-1", "plate", "--file", file, "--parts", "hook=1")
        self.done("job", "add", job, "B-2", "plate", "--parts", "cap=1")

    def test_each_filament_comes_from_its_slot(self):
        self.write("shop/farm.yaml", f"""printers:
  p1s:
    machine: mk4
    protocol: bambu
    address: {self.places["host"]}
    port: {self.places["port"]}
    files_port: {self.places["files_port"]}
    serial: 01P00A000000001
    access_code_file: code
    certificate_file: {self.places["certificate_file"]}
    loaded:
      - {{slot: outside, material: pla_black, lot: SP-1, grams: 500}}
""")
        self.package("two.gcode.3mf", ("PLA", "PETG", "PLA"), (1, 3))
        self.package("petg.gcode.3mf", ("PLA", "PETG", "PLA"), (1, 2))
        self.package("one.gcode.3mf", ("PLA", "PLA"), (2,))
        self.serve()
        for job, file in (("J-1", "petg.gcode.3mf"), ("J-2", "one.gcode.3mf"), ("J-3", "two.gcode.3mf")):
            self.mixed(job, file)
        self.done("printers", "empty", "p1s")
        self.wait(lambda job: "pla_white is not loaded in p1s; flowd printers load p1s SLOT pla_white"
                  in self.done("job", "show", "J-3").out, "J-3")
        self.done("printers", "load", "p1s", "6", "pla_white", "--lot", "SP-9", "--grams", "400")
        self.assertIn("filament 2 of", self.ends_as("aside", "J-1")["reason"])
        self.assertIn("lays 1 filament, and the job is of 2 (pla_black, pla_white)", self.ends_as("aside", "J-2")["reason"])
        self.ends_as("done", "J-3")
        with urllib.request.urlopen(self.places["address"] + "/double") as answer:
            asked, = (json.loads(one) for one in json.load(answer)["messages"] if "project_file" in one)
        self.assertEqual((asked["param"], asked["use_ams"], asked["ams_mapping"]),
                         ("Metadata/plate_2.gcode", True, [-1, -1, 5]))
        self.assertEqual(asked["ams_mapping2"], [{"ams_id": 255, "slot_id": 0}, {"ams_id": 255, "slot_id": 255},
                                                 {"ams_id": 1, "slot_id": 1}])
