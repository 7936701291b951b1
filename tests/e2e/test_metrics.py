"""GET /metrics: who may read it, that it is sound, and that its figures are the shop's. Then a real Prometheus reads a shop, and
is asked what the dashboard and the alert rules ask."""
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

try:  # of the Debian package, where the tests run by Debian's Python
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
except ImportError:
    text_string_to_metric_families = None

from collector import Collector
from harness import TOP
from serving import Served
from test_jobs import Jobs

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
SKU = "DH-100-black-small"


class Watched(Served):
    def page(self, **headers):
        status, answered, body = self.ask("/metrics", **headers)
        self.assertEqual(status, 200, body)
        return answered["Content-Type"], body.decode()

    def figures(self):
        """Every sample: its name with labels as it is written, and its value."""
        lines = [line for line in self.page()[1].splitlines() if not line.startswith("#")]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    def order(self, count):
        self.all_done([{"command": "take_line", "order": "1001", "line": "1", "product": "desk_hook", "sku": SKU,
                        "count": count},
                       {"command": "open_batch", "batch": "B-2", "product": "desk_hook", "purpose": "production"},
                       {"command": "add_units", "batch": "B-2", "sku": SKU, "count": count, "order": "1001",
                        "line": "1"}])

    def print_by_hand(self):
        """Two jobs on an old printer, one of which fails; by a person, since no farm is about."""
        self.all_done([{"command": "load_slot", "printer": "old", "slot": 1, "material": "pla_black", "lot": "SP-1",
                        "grams": "900"}])
        for job, outcome in (("H-1", "failed"), ("H-2", "finished")):
            self.all_done([{"command": "empty_plate", "printer": "old"},
                           {"command": "queue_job", "job": job, "batch": "S-2", "step": "plate", "file": "a.gcode"},
                           {"command": "begin_attempt", "job": job, "printer": "old", "machine": "mk4"},
                           {"command": "end_attempt", "job": job, "outcome": outcome, "reason": "seen"}])

    def sample_to_print(self):
        self.all_done([{"command": "open_batch", "batch": "S-2", "product": "desk_hook", "purpose": "sample"},
                       {"command": "add_units", "batch": "S-2", "sku": SKU, "count": 12},
                       {"command": "start_batch", "batch": "S-2"}, self.leave("S-2", "collect", 1, 12)])


class Metrics(Watched):
    def test_who_may_read_it(self):
        self.serve()
        self.assertEqual(self.ask("/metrics", token="flow_wrong")[0], 401)
        self.assertEqual(self.ask("/metrics", Authorization="")[0], 401)
        self.done("people", "admit", "prometheus", "monitor")
        token = self.done("token", "issue", "prometheus", "the monitoring").out.strip()
        self.assertEqual(self.ask("/metrics", token=token)[0], 200)
        status, answer = self.command({"command": "receive_lot", "lot": "L", "what": "pla_black"}, token=token)
        self.assertEqual((status, answer["accepted"]), (409, False), answer)

    def test_both_forms_are_sound(self):
        self.receive_lots()
        self.release()
        self.serve()
        kind, text = self.page()
        self.assertEqual(kind, "text/plain; version=0.0.4; charset=utf-8")
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True,
                                 check=False)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))
        kind, text = self.page(Accept=OPEN_METRICS + ",text/plain;q=0.5")
        self.assertEqual(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8")
        self.assertTrue(text.endswith("\n# EOF\n"))
        if text_string_to_metric_families:
            self.assertGreater(len(list(text_string_to_metric_families(text))), 20)

    def test_figures_are_the_shops(self):
        self.receive_lots()
        self.release()
        self.serve()
        self.order(8)
        figures = self.figures()
        self.assertEqual(figures['flow_units_owed{product="desk_hook"}'], 8)
        self.assertEqual(figures["flow_orders_owed"], 1)
        self.assertEqual(figures['flow_batches{product="desk_hook",state="filling"}'], 1)
        self.assertEqual(figures['flow_batches{product="desk_hook",state="running"}'], 0)
        self.assertEqual(figures['flow_commands_total{command="take_line",answer="accepted"}'], 1)
        commits = figures["flow_journal_commit_seconds_count"]
        self.assertGreaterEqual(commits, 1)
        self.all_done([{"command": "start_batch", "batch": "B-2"}, self.leave("B-2", "collect", 1, 5)])
        self.done("hold", "SP-2", "--reason", "damp")
        self.refused("no batch B-9", "", "batch", "start", "B-9")
        figures = self.figures()
        self.assertEqual(figures['flow_units_standing{product="desk_hook",step="collect"}'], 3)
        self.assertEqual(figures['flow_units_standing{product="desk_hook",step="plate"}'], 5)
        self.assertEqual(figures['flow_units_left_total{product="desk_hook",step="collect",outcome="pass"}'], 17)
        self.assertEqual(figures['flow_commands_total{command="start_batch",answer="refused"}'], 1)
        self.assertEqual(figures["flow_lots_held"], 1)
        self.assertGreater(figures["flow_journal_commit_seconds_count"], commits)
        self.assertGreater(figures["process_resident_memory_bytes"], 1e6)
        self.assertLess(abs(figures["process_start_time_seconds"] - time.time()), 600)
        # What the journal tells outlasts a restart.
        self.stop()
        self.serve()
        again = self.figures()
        for name in figures:
            if name.startswith(("flow_units", "flow_events", "flow_batch", "flow_orders", "flow_builds")):
                self.assertEqual(again[name], figures[name], name)

    def test_prints_by_machine_and_material(self):
        self.receive_lots()
        self.serve()
        self.sample_to_print()
        self.print_by_hand()
        figures = self.figures()
        for outcome in ("finished", "failed"):
            self.assertEqual(
                figures[f'flow_builds_total{{machine="mk4",material="pla_black",outcome="{outcome}"}}'], 1)
        self.assertEqual(figures['flow_printer_out{printer="old",machine="mk4"}'], 0)

    def test_unit_cost_is_that_of_the_visits(self):
        """Twelve good of twelve: each step was visited twelve times, less than the spec expects."""
        self.receive_lots()
        self.release()
        self.serve()
        sheet, = json.loads(self.flowc("cost", "spec/desk_hook.flow", "--quantity", "12", "--sku", SKU, "--format",
                                       "json").out)["costs"]
        steps = [(float(step["n"]), sum(map(float, step["amounts"].values())), step["step"])
                 for step in sheet["steps"]]
        rest = float(sheet["total"]) - sum(amount for _, amount, _ in steps)
        expected = (sum(amount / n * 12 for n, amount, name in steps if name != "touch_up") + rest) / 12
        figures = self.figures()
        self.assertAlmostEqual(figures['flow_batch_unit_cost{product="desk_hook",currency="USD"}'], expected, 5)
        self.assertLess(expected, float(sheet["per_unit"]["unit_cost"]))
        self.assertEqual(figures['flow_batch_good_units{product="desk_hook"}'], 12)


class Farm(Watched, Jobs):
    """Printers of farm.yaml, as test_jobs.py has them."""

    def test_a_print(self):
        collector = Collector()
        self.addCleanup(collector.close)
        self.double("left", print_s=600)
        self.double("away")
        self.addresses["away"] = "http://127.0.0.1:1"
        self.farm("  mill: {machine: mill, protocol: manual}")
        self.serve("--otlp", collector.address)
        self.done("printers", "empty", "left")
        self.queue()
        printing = 'flow_printer_state_seconds_total{printer="left",machine="mk4",state="printing"}'
        collector.wait(lambda _: self.figures().get(printing, 0) > 0.1)
        self.tell("left", "/double/do", what="finish")
        self.ends_as("done")
        for state in ('printer="left",machine="mk4",state="finished"', 'printer="away",machine="mk4",state="offline"'):
            # looked at a few times a second
            collector.wait(lambda _, state=state: self.figures().get(f"flow_printer_state{{{state}}}") == 1)
        figures = self.figures()
        self.assertEqual([name for name in figures if "mill" in name and "state" in name], [])  # nobody asks it
        self.assertEqual(figures['flow_builds_total{machine="mk4",material="pla_black",outcome="finished"}'], 1)
        self.assertEqual(figures["flow_scheduling_seconds_count"], 1)
        self.assertLess(figures["flow_scheduling_seconds_sum"], 60)
        for command, count in (("load_slot", 2), ("begin_attempt", 1), ("intend_start", 1), ("confirm_start", 1), ("end_attempt", 1)):  # the farm's own
            self.assertEqual(figures[f'flow_commands_total{{command="{command}",answer="accepted"}}'], count, command)
        self.assertEqual(figures['flow_jobs{stage="printing"}'], 0)
        collector.wait(lambda one: any(span["name"] == "print" for span in one.spans))
        span, = [span for span in collector.spans if span["name"] == "print"]
        self.assertEqual((span["facts"]["flow.batch"], span["facts"]["flow.job"], span["facts"]["flow.printer"],
                          span["facts"]["flow.outcome"]), ("B-1", "J-1", "left", "finished"))
        self.assertIn("parentSpanId", span)


class Prometheus(Watched, Jobs):
    """A Prometheus of the Debian package beside the server."""
    STEERS = "Prometheus"

    def start(self):
        shutil.copytree(os.path.join(TOP, "examples", "monitoring"), self.path("monitoring"))
        self.write("monitoring/flowd.token", self.token)
        self.edit("monitoring/prometheus.yaml", ("127.0.0.1:8420", f"127.0.0.1:{self.port}"), ("15s", "1s"))
        with open(self.path("prometheus.log"), "wb") as log:
            process = subprocess.Popen(["prometheus", "--config.file=monitoring/prometheus.yaml", "--storage.tsdb.path=data",
                                        "--web.listen-address=127.0.0.1:0"], cwd=self.folder, stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 60
        while not (found := re.search(rb"msg=\"?Listening on.*address=127\.0\.0\.1:(\d+)", self.read("prometheus.log"))):
            self.assertLess(time.monotonic(), deadline, self.read("prometheus.log"))
            time.sleep(0.1)
        self.prometheus = f"http://127.0.0.1:{int(found[1])}"
        while not self.ready():  # it listens before it has its storage open, and answers 503 until then
            self.assertLess(time.monotonic(), deadline, self.read("prometheus.log"))
            time.sleep(0.1)

    def ready(self):
        try:
            with urllib.request.urlopen(f"{self.prometheus}/-/ready"):
                return True
        except urllib.error.HTTPError as refused:
            self.assertEqual(refused.code, 503, refused)
            return False

    def edit(self, name, *changes):
        text = self.read(name).decode()
        for before, after in changes:
            self.assertIn(before, text)
            text = text.replace(before, after)
        self.write(name, text)

    def api(self, path, **query):
        with urllib.request.urlopen(f"{self.prometheus}/api/v1/{path}?{urllib.parse.urlencode(query)}") as answer:
            found = json.load(answer)
        self.assertEqual(found["status"], "success")
        return found["data"]

    def until(self, expression, good):
        deadline = time.monotonic() + 60
        while not good(found := self.api("query", query=expression)["result"]):
            self.assertLess(time.monotonic(), deadline, f"{expression}: {found}")
            time.sleep(0.3)
        return found

    def test_every_panel_and_rule_of_a_real_prometheus(self):
        self.release()
        self.double("left")
        self.farm()
        self.serve()
        self.order(8)
        self.sample_to_print()
        self.start()
        self.until("count_over_time(flow_jobs{stage='asked'}[1h])", lambda found: found and int(found[0]["value"][1]) > 1)
        self.print_by_hand()  # while it looks, so that counters rise
        self.print_again()
        self.done("printers", "empty", "left")
        self.queue()
        self.ends_as("done")
        for rises in ("increase(flow_builds_total{outcome='failed'}[1d])", "increase(flow_scheduling_seconds_count[1d])"):
            self.until(rises, lambda found: found and float(found[0]["value"][1]) > 0)
        with open(os.path.join(TOP, "examples", "monitoring", "dashboard.json"), encoding="utf-8") as file:
            panels = json.load(file)["panels"]
        asked = [target["expr"] for panel in panels for target in panel.get("targets", ())]
        self.assertGreater(len(asked), 25)
        for expression in asked:
            self.until(expression, bool)
        rules = self.api("rules")["groups"][0]["rules"]
        self.assertEqual(len(rules), 8)
        for rule in rules:
            self.assertIn(rule["health"], ("ok", "unknown"), rule)
        self.assertEqual(self.until("up{job='flowd'}", bool)[0]["value"][1], "1")

    def print_again(self):
        """The one that failed, which is tried again, fails again: seen by Prometheus between the two."""
        self.until("flow_builds_total{outcome='failed'}", bool)
        self.all_done([{"command": "empty_plate", "printer": "old"},
                       {"command": "begin_attempt", "job": "H-1", "printer": "old", "machine": "mk4"},
                       {"command": "end_attempt", "job": "H-1", "outcome": "failed", "reason": "seen"}])
