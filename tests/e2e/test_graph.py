"""The flow diagram as people see it: nothing overlaps, the main way is straight, stations stand in lanes."""
import os
import random
import re

from harness import CONTRACT, EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE, FlowcTest, example_specs

NUMBER = r"-?[\d.]+"
GROUP = re.compile(r'<g id="\w+" class="(node|cluster|edge)">\s*<title>(.*?)</title>(.*?)</g>', re.S)


def box(shapes):
    """The smallest rectangle around what an SVG group draws: left, top, right, bottom."""
    points = [(float(x), float(y)) for x, y in re.findall(rf"({NUMBER}),({NUMBER})", " ".join(
        re.findall(r'(?:points|d)="([^"]*)"', shapes)))]
    for cx, cy, rx, ry in re.findall(rf'cx="({NUMBER})" cy="({NUMBER})" rx="({NUMBER})" ry="({NUMBER})"', shapes):
        points += [(float(cx) - float(rx), float(cy) - float(ry)), (float(cx) + float(rx), float(cy) + float(ry))]
    return (min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points))


def read(svg):
    """Boxes of nodes and of lanes by name, and the points of every way."""
    found, ways = {"node": {}, "cluster": {}}, []
    for kind, name, shapes in GROUP.findall(svg):
        if kind == "edge":
            path = re.search(r' d="([^"]*)"', shapes).group(1)
            ways.append([(float(x), float(y)) for x, y in re.findall(rf"({NUMBER}),({NUMBER})", path)])
        else:
            found[kind][name] = box(shapes)
    return found["node"], found["cluster"], ways


def apart(a, b):
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def inside(inner, outer):
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def workflow(steps, stations, seed):
    """A workflow with ways back, repairs beside it and steps that some SKUs pass by; its main way by name."""
    chance = random.Random(seed)
    lines = ["edition 1", "shop s { currency USD }", "item thing { cost 1 USD }"]
    lines += [f'station b{i} "Station {i}" {{ rate 20 USD/h }}' for i in range(stations)]
    lines += ['product p "A long job" { number "1"; revision A; variant size small, large; contains thing x 1 }',
              "workflow p {", " assemble first { at b0; consume thing x 1 }"]
    way = ["first"]
    for i in range(steps - 4):
        at = f"at b{chance.randrange(stations)};" if chance.random() < 0.9 else ""
        way.append(f"s{i}")
        if chance.random() < 0.3:
            back = chance.choice(way)
            lines += [f' inspect s{i} "Is number {i} good?" {{ {at} time 9 s; sample all; check good "It is";'
                      f" rework -> fix{i} at most 2 expect 3%; reject -> {back} at most 3 expect 1%; pass -> s{i + 1} }}",
                      f" finish fix{i} {{ at b{chance.randrange(stations)}; time 20 s; pass -> s{i} }}"]
        else:
            lost = chance.choice(["", "failure -> scrap expect 1%;", "failure -> quarantine expect 2%;"])
            only = chance.choice(["", "", "only for large;"])
            lines.append(f' finish s{i} "Work number {i}" {{ {at} time 5 s; {lost} {only} pass -> s{i + 1} }}')
    lines += [f' inspect s{steps - 4} {{ at b0; time 5 s; sample all; check count "As many as ordered";'
              " reject -> quarantine }", " pack box { at b0; contains p x 1; label batch }", " ship go { at b0 }", "}"]
    return "\n".join(lines) + "\n", way + [f"s{steps - 4}", "box", "go", "/done"]


class GraphTest(FlowcTest):
    def drawn(self, *arguments):
        return read(self.ends(self.flowc("graph", *arguments, "--format", "svg"), EXIT_CLEAN).out)

    def nothing_overlaps(self, nodes, ways):
        boxes = sorted(nodes.items(), key=lambda item: item[1][0])
        for at, (name, one) in enumerate(boxes):
            for other, two in boxes[at + 1:]:
                if two[0] >= one[2]:
                    break
                self.assertTrue(apart(one, two), (name, other))
        for way in ways:  # a Bezier curve lies within its points; ours are level or upright but for small corners
            for (x1, y1), (x2, y2) in zip(way, way[1:]):
                line = (min(x1, x2) + 0.5, min(y1, y2) + 0.5, max(x1, x2) - 0.5, max(y1, y2) - 0.5)
                for name, (left, top, right, bottom) in boxes:
                    self.assertTrue(apart(line, (left + 1, top + 12, right - 1, bottom - 12)), (name, line))

    def test_examples(self):
        for path in example_specs():
            for lanes in ((), ("--group-by", "station")):
                with self.subTest(path=path, lanes=lanes):
                    nodes, clusters, ways = self.drawn(path, *lanes)
                    self.nothing_overlaps(nodes, ways)
                    self.assertEqual(bool(clusters), bool(lanes))

    def test_any_workflow(self):
        for steps, stations, seed in ((5, 1, 1), (6, 9, 2), (20, 3, 3), (80, 5, 4), (80, 1, 5), (80, 12, 6)):
            text, way = workflow(steps, stations, seed)
            self.write("any.flow", text)
            for lanes in ((), ("--group-by", "station"), ("--group-by", "station", "--sku", "1-small")):
                with self.subTest(steps=steps, stations=stations, lanes=lanes):
                    nodes, clusters, ways = self.drawn("any.flow", *lanes)
                    self.nothing_overlaps(nodes, ways)
                    if lanes:
                        self.lanes_hold(nodes, clusters)
                    else:
                        self.is_straight(nodes, way)

    def is_straight(self, nodes, way):
        """The main way goes straight down; where a column ends it goes on at the right, at the top."""
        for name, after in zip(way, way[1:]):
            one, two = nodes[name], nodes[after]
            if two[1] > one[1]:
                # the ears of what is assembled stand out at one side
                self.assertAlmostEqual((one[0] + one[2]) / 2, (two[0] + two[2]) / 2, delta=2.5, msg=after)
            else:
                self.assertGreater(two[0], one[2] - (one[2] - one[0]) / 2, after)

    def lanes_hold(self, nodes, clusters):
        lanes = list(clusters.values())
        for one, two in zip(lanes, lanes[1:]):
            self.assertLess(one[2], two[0])
            self.assertEqual((one[1], one[3]), (two[1], two[3]))
        for name, one in nodes.items():
            self.assertEqual(sum(inside(one, lane) for lane in lanes), 1, name)

    def test_lanes_in_the_order_of_the_work(self):
        spec = [path for path in example_specs() if path.endswith("cable_rail.flow")][0]
        done = self.ends(self.flowc("graph", spec, "--group-by", "station"), EXIT_CLEAN)
        self.assertEqual(re.findall(r"label=<<b>(.*?)</b>>", done.out), ["Print room", "Inspection", "Bench", "Pack-out"])
        again = self.ends(self.flowc("graph", spec, "--group-by=station"), EXIT_CLEAN)
        self.assertEqual(again.out, done.out)
        for kind, begin in {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG"}.items():
            one, two = (self.ends(self.flowc("graph", spec, "--group-by", "station", "--format", kind), EXIT_CLEAN)
                        for _ in range(2))
            self.assertTrue(one.raw.startswith(begin))
            self.assertEqual(one.raw, two.raw)

    def test_lanes_of_one_sku(self):
        self.write("some.flow", "edition 1\nshop s { currency USD }\n"
                   'station bench "Bench" { rate 20 USD/h }\nstation mill "Mill" { rate 20 USD/h }\n'
                   "item thing { cost 1 USD }\n"
                   'product p { number "1"; revision A; variant size small, large; contains thing x 1 }\n'
                   "workflow p {\n assemble first { at by size: small -> bench, large -> mill; consume thing x 1 }\n"
                   ' outsource plate { supplier "Plater" }\n pack last { at bench; contains p x 1 }\n}\n'
                   "product q { number \"2\"; revision A; contains thing x 1 }\n"
                   "workflow q {\n assemble only { at mill; consume thing x 1 }\n pack last { at mill; contains q x 1 }\n}\n")
        for arguments, lanes in (((), ["Bench or Mill", "no station", "Bench"]),
                                 (("--sku", "1-small"), ["Bench", "no station"]),
                                 (("--sku", "1-large"), ["Mill", "no station", "Bench"]),
                                 (("--product", "q"), ["Mill"])):
            with self.subTest(arguments=arguments):
                done = self.ends(self.flowc("graph", "some.flow", "--group-by", "station", *arguments), EXIT_CLEAN)
                self.assertEqual(re.findall(r"label=<<[bi]>(.*?)</[bi]>>", done.out), lanes)

    def test_lanes_with_a_witness(self):
        spec = os.path.join(CONTRACT, "cases", "late_screen_01.flow")
        done = self.ends(self.flowc("graph", spec, "--explain", "late_screen", "--group-by", "station"), EXIT_FINDINGS)
        red = [line for line in done.out.splitlines() if "#c00000" in line]
        self.assertEqual(len(red), 4, red)  # two steps, the way between them, the message
        self.assertIn("subgraph cluster0", done.out)

    def test_no_such_grouping(self):
        done = self.ends(self.flowc("graph", example_specs()[0], "--group-by", "machine"), EXIT_USAGE)
        self.assertIn("--group-by is station, not `machine`", done.err)
        self.assertEqual(done.out, "")
