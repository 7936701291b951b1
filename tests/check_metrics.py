#!/usr/bin/env python3
"""Holds docs/metrics.md, the alert rules and the dashboard against the table of metrics, runtime/telemetry/metrics.def:
every metric is explained as it is, and nothing asks for one or for a label that there is not. promtool (Debian's
`prometheus`) checks the rules and runs tests/monitoring/alerts_test.yaml on them. Ends with `N passed, M failed`.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
ROW = re.compile(r'^METRIC\((\w+),\s*"(\w+)",\s*(GAUGE|COUNTER|HISTOGRAM),\s*"([^"]*)",\s*"([^"]*)"\)', re.M)
PROMETHEUS_OWN = {"up": {"job", "instance"}}
TARGET_LABELS = {"job", "instance"}  # Prometheus adds them
results = {True: 0, False: 0}


def judge(good, text):
    results[bool(good)] += 1
    if not good:
        print(text)
    return good


def read(*names):
    with open(os.path.join(TOP, *names), encoding="utf-8") as file:
        return file.read()


def metrics():
    """Name: (type, labels, help), as the table has them."""
    text = read("runtime", "telemetry", "metrics.def")
    rows = {name: (kind.lower(), labels.split(), words) for _, name, kind, labels, words in ROW.findall(text)}
    judge(len(rows) == len(re.findall(r"^METRIC\(", text, re.M)), "metrics.def: a row is not read here")
    for name, (kind, _, _) in rows.items():
        judge(name.endswith("_total") == (kind == "counter"), f"{name}: a counter ends in _total, and nothing else")
        judge(name.startswith(("flow_", "process_")), f"{name}: begins with neither flow_ nor process_")
    return rows


def check_docs(rows):
    told = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]*)\| (.*) \|$", read("docs", "metrics.md"), re.M)
    judge([name for name, *_ in told] == list(rows), "docs/metrics.md: not the metrics of metrics.def in their order")
    for name, kind, labels, words in told:
        known = rows.get(name)
        judge(known and (kind, labels.replace(",", " ").split()) == known[:2], f"docs/metrics.md: {name}: {known}")
        judge(known and words.startswith(known[2]), f"docs/metrics.md: {name} does not begin with its help")


def known_labels(rows, name):
    """Labels of a series, None where there is no such metric."""
    for suffix in ("", "_bucket", "_sum", "_count"):
        if suffix and not name.endswith(suffix):
            continue
        row = rows.get(name[:len(name) - len(suffix)] if suffix else name)
        if row and (row[0] == "histogram") == bool(suffix):
            return set(row[1]) | TARGET_LABELS | ({"le"} if suffix == "_bucket" else set())
    return PROMETHEUS_OWN.get(name)


def check_expression(rows, where, expression):
    """Every name of a metric, and every label beside it or behind `by`, is known."""
    plain = re.sub(r'"[^"]*"', '""', expression)
    found = re.findall(r"\b((?:flow|process)_\w+|up)\b(?:\{([^}]*)\})?", plain)
    judge(found, f"{where}: asks for no metric of ours: {expression}")
    together = set()
    for name, selector in found:
        labels = known_labels(rows, name)
        if not judge(labels is not None, f"{where}: there is no {name}"):
            continue
        together |= labels
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector):
            judge(label in labels, f"{where}: {name} has no label {label}")
    for names in re.findall(r"\bby\s*\(([^)]*)\)", plain):
        for label in names.replace(",", " ").split():
            judge(label in together, f"{where}: groups by {label}, which none of its metrics has")


def check_dashboard(rows):
    board = json.loads(read("examples", "monitoring", "dashboard.json"))
    panels = board["panels"]
    judge(len({panel["id"] for panel in panels}) == len(panels), "dashboard: two panels have one id")
    judge(board["templating"]["list"][0]["type"] == "datasource", "dashboard: no choice of the data source")
    taken = set()
    for panel in panels:
        where, at = f"dashboard: {panel['title']}", panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        judge(not cells & taken and at["x"] + at["w"] <= 24, f"{where}: lies over another, or beside the page")
        taken |= cells
        if panel["type"] == "row":
            continue
        judge(panel["datasource"]["uid"] == "${datasource}", f"{where}: a data source of its own")
        judge(panel["fieldConfig"]["defaults"]["unit"] and panel["targets"], f"{where}: no unit, or nothing asked")
        judge(len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]), f"{where}: refId twice")
        for target in panel["targets"]:
            check_expression(rows, where, target["expr"])
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                judge(label in target["expr"] or re.fullmatch(r'\w+(\{[^}]*\})?(\[5m\])?|rate\(.*\)', target["expr"]),
                      f"{where}: its legend has {label}, its query has not")


def check_rules(rows):
    text = read("examples", "monitoring", "alerts.yaml")
    named = re.findall(r"- alert: (\w+)\n\s+expr: (?:\|\n((?:\s{10,}.*\n)+)|(.*)\n)", text)
    judge(len(named) == text.count("- alert:"), "alerts.yaml: a rule is not read here")
    for name, block, line in named:
        check_expression(rows, f"alerts.yaml: {name}", block or line)
    told = re.findall(r"^\| `(Flow\w+)` \|", read("docs", "metrics.md"), re.M)
    judge(told == [name for name, *_ in named], "docs/metrics.md: not the alerts of alerts.yaml in their order")
    tested = set(re.findall(r"alertname: (\w+)", read("tests", "monitoring", "alerts_test.yaml")))
    judge(tested == {name for name, *_ in named}, "alerts_test.yaml: an alert without a test")


def check_with_promtool():
    if not judge(shutil.which("promtool"), "promtool is missing; on Debian: apt-get install prometheus"):
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("examples/monitoring/alerts.yaml", "examples/monitoring/prometheus.yaml",
                     "tests/monitoring/alerts_test.yaml"):
            shutil.copy(os.path.join(TOP, name), folder)
        with open(os.path.join(folder, "flowd.token"), "w", encoding="utf-8") as file:
            file.write("token")
        for command in (["check", "config", "prometheus.yaml"], ["check", "rules", "alerts.yaml"],
                        ["test", "rules", "alerts_test.yaml"]):
            done = subprocess.run(["promtool", *command], cwd=folder, capture_output=True, text=True, check=False)
            judge(done.returncode == 0, f"promtool {' '.join(command)}:\n{done.stdout}{done.stderr}")


def main():
    rows = metrics()
    check_docs(rows)
    check_dashboard(rows)
    check_rules(rows)
    check_with_promtool()
    print(f"{results[True]} passed, {results[False]} failed")
    return 1 if results[False] else 0


if __name__ == "__main__":
    sys.exit(main())
