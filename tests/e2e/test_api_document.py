"""The document of the API of flowd serve: sound, whole, and every answer is as it says."""
import json
import os
import re

import jsonschema

try:  # where it is there: Debian 12 has one that is too old
    from openapi_spec_validator import OpenAPIV31SpecValidator
except ImportError:
    OpenAPIV31SpecValidator = None

from harness import TOP
from serving import Served, new_id


def read(*names):
    with open(os.path.join(TOP, *names), encoding="utf-8") as file:
        return file.read()


def every(value):
    """Every dictionary within a value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from every(one)


class Document(Served):
    """The OpenAPI document, and that every answer is as it says."""

    def setUp(self):
        super().setUp()
        self.serve()
        self.document = self.get("/openapi.json", token="none")

    def test_every_route_and_command(self):
        routes = re.findall(r'\{"(GET|POST)", (V1 )?"([^"]+)"', read("runtime", "station", "endpoints.c"))
        self.assertGreater(len(routes), 12)
        for method, below, path in routes:
            self.assertIn(method.lower(), self.document["paths"][("/api/v1" if below else "") + path])
        self.assertEqual(sum(len(item) for item in self.document["paths"].values()), len(routes))
        schemas = self.document["components"]["schemas"]
        for kind, name in re.findall(r"^(COMMAND|EVENT)\((\w+),",
                                     read("runtime", "engine", "messages.def"), re.M):
            self.assertEqual(schemas[name]["properties"][kind.lower()], {"const": name})
            choice = schemas["Command" if kind == "COMMAND" else "Event"]["oneOf"]
            self.assertIn({"$ref": f"#/components/schemas/{name}"}, choice)

    def test_structure(self):
        self.assertEqual(self.document["openapi"], "3.1.0")
        if OpenAPIV31SpecValidator:
            OpenAPIV31SpecValidator(self.document).validate()
        for part in every(self.document):
            if isinstance(part.get("$ref"), str):
                at = self.document
                for name in part["$ref"].split("/")[1:]:
                    at = at[name]
        for name, schema in self.document["components"]["schemas"].items():
            with self.subTest(schema=name):
                jsonschema.Draft202012Validator.check_schema(schema)
                self.assertNotIn(None, schema.get("required", []))
        for path, item in self.document["paths"].items():
            for operation in item.values():
                self.assertTrue(operation["summary"])
                named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
                self.assertEqual(named, set(re.findall(r"{(\w+)}", path)))
                self.assertIn("200", operation["responses"])

    def schema(self, reference):
        return {"$ref": reference, "components": self.document["components"]}

    def holds(self, pattern, path, wanted=200):
        """What is read at a path is as the document says of its pattern."""
        status, headers, body = self.ask("/api/v1" + path)
        self.assertEqual(status, wanted, body)
        response = self.document["paths"]["/api/v1" + pattern]["get"]["responses"][str(wanted)]
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].split("/")[-1]]
        reference = response["content"][headers["Content-Type"]]["schema"]["$ref"]
        jsonschema.validate(json.loads(body), self.schema(reference), jsonschema.Draft202012Validator)
        return json.loads(body)

    def test_answers_are_as_it_says(self):
        self.receive_lots()
        self.all_done([{"command": "take_line", "order": "1001", "line": "1", "product": "desk_hook",
                        "sku": "DH-100-black-small", "count": 10, "customer": "Cara"},
                       {"command": "describe_order", "order": "1001", "channel": "etsy",
                        "customer": "Cara", "address": '{"name":"Cara","city":"Ulm"}'},
                       {"command": "take_line", "order": "1001", "line": "2", "product": "desk_hook",
                        "sku": "DH-9", "count": 1},
                       {"command": "hold_lot", "lot": "SP-2", "reason": "damp"}])
        self.release()
        self.done("batch", "open", "B/1 ä", "desk_hook", "--purpose", "production")
        self.done("batch", "fill", "B/1 ä")
        for path in ["/health", "/status", "/people", "/lots", "/products", "/orders", "/batches", "/events",
                     "/plan", "/board", "/today", "/printers"]:
            with self.subTest(path=path):
                self.holds(path, path)
        board = self.holds("/board", "/board")
        self.assertEqual([(line["line"], line["owed"], line["unmade"], line["held"]) for line in board["lines"]],
                         [("1", 10, 0, False), ("2", 1, 1, True)])
        self.assertEqual([(batch["batch"], batch["state"], batch["waiting"], batch["orders"]) for batch in board["batches"]],
                         [("B/1 ä", "filling", 10, ["1001"])])
        self.assertEqual([lot["lot"] for lot in board["held_lots"]], ["SP-2"])
        today = self.holds("/today", "/today")
        self.assertEqual((today["owed"], today["done"], today["scrap"]), (11, 12, 0))
        # what is planned is kept until something happens
        plan = self.holds("/plan", "/plan")
        self.assertEqual([line["order"] for line in plan["lines"]], ["1001"])
        self.assertTrue(plan["plates"])
        picture = self.ask("/api/v1/plan.svg")
        self.assertEqual((picture[0], picture[1]["Content-Type"]), (200, "image/svg+xml"))
        self.assertIn(b"</svg>", picture[2])
        self.all_done([{"command": "cancel_line", "order": "1001", "line": "1", "count": 2, "reason": "so"}])
        self.assertEqual([line["owed"] for line in self.holds("/plan", "/plan")["lines"]], [8])
        order = self.holds("/orders/{order}", "/orders/1001")
        self.assertEqual([line["owed"] for line in order["lines"]], [8, 1])
        self.assertEqual(order["address"]["city"], "Ulm")
        self.assertTrue(order["lines"][1]["held"])
        batch = self.holds("/batches/{batch}", "/batches/S-1")
        self.assertEqual((batch["state"], batch["done"], batch["under_way"]), ("closed", 12, 0))
        units = self.holds("/batches/{batch}/units", "/batches/B%2F1%20%C3%A4/units")
        self.assertEqual(units["items"][0]["unit"], "B/1 ä/1")
        self.assertEqual(units["items"][0]["order"], "1001")
        for pattern in ("/batches/{batch}", "/orders/{order}", "/batches/{batch}/units"):
            self.holds(pattern, re.sub(r"{\w+}", "none", pattern), 404)

    def test_commands_are_as_it_says(self):
        schema = self.schema("#/components/schemas/Commands")
        validator = jsonschema.Draft202012Validator(schema)
        good = {"command": "receive_lot", "id": new_id(), "lot": "L", "what": "pla_black"}
        for command, allowed in [(good, True), ([good, good], True), ({**good, "by": "x"}, False),
                                 ({**good, "lot": 1}, False), ({"command": "receive_lot"}, False),
                                 ({**good, "command": "nothing"}, False), ([], False)]:
            with self.subTest(command=command):
                status, answer = self.command(command)
                self.assertEqual(status == 200, allowed, answer)
                self.assertEqual(validator.is_valid(command), allowed)
        refused = self.command({"command": "hold_lot", "lot": "none", "reason": "x"})
        self.assertEqual(refused[0], 409)
        jsonschema.validate(refused[1], self.schema("#/components/schemas/Refusal"),
                            jsonschema.Draft202012Validator)
