"""A collector of OTLP over HTTP as a test meets it: keeps what comes, holds it against the field names of
opentelemetry-proto, and fails on demand."""
import http.server
import json
import re
import threading
import time

HEX_32, HEX_16, DIGITS = re.compile(r"^[0-9a-f]{32}$"), re.compile(r"^[0-9a-f]{16}$"), re.compile(r"^[0-9]+$")


def fields(thing, needed, more=""):
    """Asserts the names of an object: all that are needed, and none that the protocol does not know."""
    assert isinstance(thing, dict), thing
    assert set(needed.split()) <= set(thing) <= set(needed.split()) | set(more.split()), sorted(thing)
    return thing


def attributes(items):
    """Attributes as a dictionary; whole numbers are texts, as 64 bits are in JSON of protobuf."""
    found = {}
    for item in items:
        fields(item, "key value")
        (kind, value), = item["value"].items()
        assert kind in ("stringValue", "intValue"), kind
        assert isinstance(value, str) and (kind == "stringValue" or DIGITS.match(value)), value
        assert item["key"] not in found
        found[item["key"]] = int(value) if kind == "intValue" else value
    return found


def nanoseconds(text):
    assert isinstance(text, str) and DIGITS.match(text) and len(text) == 19, text
    return int(text)


def resource_of(thing):
    found = attributes(fields(thing["resource"], "attributes")["attributes"])
    assert found["service.name"] == "flowd" and HEX_32.match(found["service.instance.id"]), found


def spans_of(request):
    fields(request, "resourceSpans")
    for resource in request["resourceSpans"]:
        resource_of(fields(resource, "resource scopeSpans"))
        for scope in resource["scopeSpans"]:
            fields(fields(scope, "scope spans")["scope"], "name version")
            assert scope["spans"]
            for span in scope["spans"]:
                fields(span, "traceId spanId name kind startTimeUnixNano endTimeUnixNano attributes",
                       "parentSpanId status")
                assert HEX_32.match(span["traceId"]) and HEX_16.match(span["spanId"]), span
                assert HEX_16.match(span.get("parentSpanId", "0" * 16)), span
                assert span["kind"] == 1
                assert nanoseconds(span["startTimeUnixNano"]) <= nanoseconds(span["endTimeUnixNano"]), span
                if "status" in span:
                    assert fields(span["status"], "code message")["code"] == 2
                yield {**span, "facts": attributes(span["attributes"])}


def metrics_of(request):
    fields(request, "resourceMetrics")
    for resource in request["resourceMetrics"]:
        resource_of(fields(resource, "resource scopeMetrics"))
        for scope in resource["scopeMetrics"]:
            fields(fields(scope, "scope metrics")["scope"], "name version")
            for metric in scope["metrics"]:
                kind, = {"gauge", "sum", "histogram"} & set(metric)
                fields(metric, f"name description {kind}")
                data = fields(metric[kind], {"gauge": "dataPoints",
                                             "sum": "dataPoints aggregationTemporality isMonotonic",
                                             "histogram": "dataPoints aggregationTemporality"}[kind])
                assert data["dataPoints"] and data.get("aggregationTemporality", 2) == 2
                assert data.get("isMonotonic", True) is True
                for point in data["dataPoints"]:
                    if kind == "histogram":
                        fields(point, "timeUnixNano startTimeUnixNano bucketCounts explicitBounds count sum")
                        assert len(point["bucketCounts"]) == len(point["explicitBounds"]) + 1
                        assert sum(map(int, point["bucketCounts"])) == int(point["count"])
                    else:
                        fields(point, "timeUnixNano attributes asDouble", "startTimeUnixNano")
                        assert isinstance(point["asDouble"], (int, float))
                    assert kind == "gauge" or nanoseconds(point["startTimeUnixNano"])
                    nanoseconds(point["timeUnixNano"])
                yield metric


class Collector:
    """`faults`: what the next requests for traces are answered instead of 200: a status, "drop" (heard, not kept, and no
    answer), "flood" (kept, and an answer of 100 MB), or a body. `spans` has what was taken in, `wrong` what was no OTLP.
    Who asks one that is `late` is turned away until it listens."""

    def __init__(self, late=False):
        self.spans, self.metrics, self.wrong, self.faults, self.requests = [], {}, [], [], 0
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802, the library's name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.take(self, body)

            def log_message(self, format, *arguments):  # pylint: disable=redefined-builtin
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self.server.daemon_threads = True
        self.server.server_bind()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.listens = False
        if not late:
            self.listen()

    def listen(self):
        self.listens = True
        self.server.server_activate()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        if self.listens:
            self.server.shutdown()
        self.server.server_close()

    def take(self, handler, body):
        answer = b"{}"
        try:
            assert handler.headers["Content-Type"] == "application/json"
            request = json.loads(body)
            if handler.path == "/v1/metrics":
                self.metrics = {metric["name"]: metric for metric in metrics_of(request)}
            else:
                assert handler.path == "/v1/traces", handler.path
                self.requests += 1
                spans = list(spans_of(request))
                fault = self.faults.pop(0) if self.faults else None
                if isinstance(fault, int):
                    handler.send_error(fault)
                    return
                if fault == "drop":
                    handler.close_connection = True
                    return
                if fault == "flood":
                    answer = b"x" * 100_000_000
                elif fault:
                    answer = fault.encode()
                self.spans += spans
        except (AssertionError, ValueError, KeyError, TypeError) as error:
            self.wrong.append(repr(error))
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        try:
            handler.wfile.write(answer)
        except OSError:  # enough of it
            handler.close_connection = True

    def wait(self, wanted, patience_s=120):
        deadline = time.monotonic() + patience_s
        while not wanted(self):
            if time.monotonic() > deadline:
                raise AssertionError(f"never came; there are {[span['name'] for span in self.spans]}, {self.wrong}")
            time.sleep(0.02)
        assert not self.wrong, self.wrong
