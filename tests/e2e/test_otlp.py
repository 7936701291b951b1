"""The export by OTLP: each batch is one trace from order to parcel, over restarts and whatever the collector does."""
from collector import Collector
from harness import EXIT_ENVIRONMENT, EXIT_CLEAN
from serving import Served



class Traces(Served):
    def setUp(self):
        super().setUp()
        self.collector = Collector()
        self.addCleanup(self.collector.close)

    def begin(self, *arguments):
        self.serve("--otlp", self.collector.address + "/", *arguments)

    def order(self, order, count):
        self.all_done([{"command": "describe_order", "order": order, "customer": "Ida Meyer", "address": "Berlin"},
                       {"command": "take_line", "order": order, "line": "1", "product": "desk_hook",
                        "sku": "DH-100-black-small", "count": count}])

    def fill(self, batch, order, count):
        self.all_done([{"command": "open_batch", "batch": batch, "product": "desk_hook", "purpose": "production"},
                       {"command": "add_units", "batch": batch, "sku": "DH-100-black-small", "count": count,
                        "order": order, "line": "1"},
                       {"command": "start_batch", "batch": batch}])

    def ship(self, parcel, order, batch, count):
        self.all_done([{"command": "pack_units", "parcel": parcel, "order": order, "line": "1", "batch": batch,
                        "first": 1, "count": count},
                       {"command": "ship_parcel", "parcel": parcel, "carrier": "DHL", "tracking": "1"}])

    def of(self, batch):
        return [span for span in self.collector.spans if span["facts"]["flow.batch"] == batch]

    def has(self, batch, name):
        return lambda collector: any(span["name"] == name and span["facts"]["flow.batch"] == batch
                                     for span in collector.spans)

    def test_one_trace_from_order_to_parcel_over_a_restart(self):
        self.receive_lots()
        self.release()
        self.order("1001", 10)
        self.begin()
        self.fill("B-1", "1001", 10)
        self.all_done(self.printing("B-1", 10))
        self.collector.wait(self.has("B-1", "step"))
        self.assertEqual(self.stop(), EXIT_CLEAN)
        self.begin()  # the batch stands at `screen`
        self.all_done(self.screening("B-1", range(1, 11)) + [self.leave("B-1", "screen", 1, 10)] +
                      self.finishing("B-1", 1, 10))
        self.ship("P-1", "1001", "B-1", 10)
        self.collector.wait(self.has("B-1", "batch"))
        self.assertEqual(self.stop(), EXIT_CLEAN)
        spans = self.of("B-1")
        self.assertEqual(len({span["traceId"] for span in spans}), 1)
        self.assertEqual(len({span["spanId"] for span in spans}), len(spans))
        self.assertEqual([span["facts"]["flow.step"] for span in spans if span["name"] == "step"],
                         ["collect", "plate", "screen", "cleanup", "inserts", "first_piece", "final", "box", "out"])
        root, = [span for span in spans if "parentSpanId" not in span]
        self.assertEqual(root["name"], "batch")
        self.assertEqual((root["facts"]["flow.units"], root["facts"]["flow.units.good"]), (10, 10))
        for span in spans:
            if span is not root:
                self.assertEqual(span["parentSpanId"], root["spanId"])
                self.assertGreaterEqual(span["startTimeUnixNano"], root["startTimeUnixNano"])
                self.assertLessEqual(span["endTimeUnixNano"], root["endTimeUnixNano"])
        waits, = [span for span in spans if span["name"] == "order line waits"]
        self.assertEqual(waits["startTimeUnixNano"], root["startTimeUnixNano"])
        self.assertEqual(waits["facts"]["flow.order"], "1001")
        parcel, = [span for span in spans if span["name"] == "parcel"]
        self.assertEqual(parcel["endTimeUnixNano"], root["endTimeUnixNano"])
        self.assertEqual(parcel["facts"]["flow.carrier"], "DHL")
        self.assertNotIn("Ida", str(self.collector.spans))  # whoever collects need not know who bought

    def test_a_collector_that_fails(self):
        self.collector.faults = ["drop", 503, 429]
        self.begin()
        self.receive_lots()
        self.release()
        self.collector.wait(self.has("S-1", "batch"))
        self.assertGreaterEqual(self.collector.requests, 4)
        spans = [span["spanId"] for span in self.of("S-1")]
        self.assertEqual(len(set(spans)), len(spans))
        self.collector.faults = [500]  # final, by the protocol
        before = len(self.collector.spans)
        self.all_done([{"command": "open_batch", "batch": "X-1", "product": "desk_hook", "purpose": "sample"},
                       {"command": "cancel_batch", "batch": "X-1", "reason": "a mistake"}])
        self.settles("dropped", 2)  # filling, and the batch
        self.assertEqual(len(self.collector.spans), before)
        self.collector.faults = ['{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}']
        self.all_done([{"command": "open_batch", "batch": "X-2", "product": "desk_hook", "purpose": "sample"},
                       {"command": "cancel_batch", "batch": "X-2", "reason": "a mistake"}])
        self.settles("dropped", 3)
        given_up, = [span for span in self.of("X-2") if span["name"] == "batch"]
        self.assertEqual(given_up["status"], {"code": 2, "message": "it was given up"})
        self.settles("sent", len(self.collector.spans) - 1)

    def settles(self, outcome, count):
        line = f'flow_otlp_spans_total{{outcome="{outcome}"}} {count}\n'
        self.collector.wait(lambda collector: line in self.ask("/metrics")[2].decode())

    def test_a_collector_that_comes_late(self):
        self.collector = Collector(late=True)
        self.addCleanup(self.collector.close)
        self.begin()
        self.receive_lots()
        self.release()
        self.collector.listen()
        self.collector.wait(self.has("S-1", "batch"))

    def test_an_answer_without_end(self):
        self.collector.faults = ["flood"] * 3
        self.begin()
        self.receive_lots()
        self.release()
        self.collector.wait(self.has("S-1", "batch"))
        self.settles("sent", len(self.of("S-1")))
        spans = [span["spanId"] for span in self.collector.spans]
        self.assertEqual(len(set(spans)), len(spans))

    def test_what_is_left_is_sent_at_the_end(self):
        self.begin()
        self.collector.wait(lambda collector: collector.metrics)
        self.receive_lots()
        self.release()
        self.assertEqual(self.stop(), EXIT_CLEAN)
        self.assertTrue(self.has("S-1", "batch")(self.collector))

    def test_metrics(self):
        self.receive_lots()
        self.begin()
        self.collector.wait(lambda collector: collector.metrics)
        events = self.collector.metrics["flow_events_total"]
        self.assertIs(events["sum"]["isMonotonic"], True)
        self.assertIn({"attributes": [{"key": "event", "value": {"stringValue": "lot_received"}}], "asDouble": 4},
                      [{key: point[key] for key in ("attributes", "asDouble")}
                       for point in events["sum"]["dataPoints"]])
        self.assertEqual(self.collector.wrong, [])

    def test_no_collector(self):
        for wrong in ("127.0.0.1:4318", "ftp://127.0.0.1", "http://", "http://a b", "http://u:p@host", ""):
            done = self.ends(self.flowd("serve", "--listen", "127.0.0.1:0", "--otlp", wrong), EXIT_ENVIRONMENT)
            self.assertIn("is no collector", done.err)
