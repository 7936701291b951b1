"""flowc mesh: figures, verdicts, many files, the cache."""
import hashlib
import json
import os
import struct
import threading

from harness import EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, FlowcTest


def box(low, high, inward=False):
    """The twelve triangles of a box; inward: of a cavity of that shape."""
    x, y, z = zip(low, high)
    sides = [((0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 0)), ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
             ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)), ((0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 1, 0)),
             ((0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0)), ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1))]
    faces = []
    for side in sides:
        a, b, c, d = [(x[i], y[j], z[k]) for i, j, k in side]
        faces += [(a, b, c), (a, c, d)]
    return [(a, c, b) for a, b, c in faces] if inward else faces


def stl(faces):
    head = bytes(80) + struct.pack("<I", len(faces))
    return head + b"".join(struct.pack("<12fH", 0, 0, 0, *a, *b, *c, 0) for a, b, c in faces)


CUBE = box((0, 0, 0), (10, 10, 10))
HOLLOW = CUBE + box((2, 2, 2), (8, 8, 8), inward=True)


class Mesh(FlowcTest):
    def mesh(self, *arguments, **more):
        return self.flowc("mesh", *arguments,
                          environment={"XDG_CACHE_HOME": self.path("cache"), **more.pop("environment", {})}, **more)

    def one(self, faces, *arguments):
        """The object of JSON for a model of these faces, and the status."""
        self.write("one.stl", stl(faces))
        done = self.mesh("one.stl", "--format", "json", *arguments)
        rows = json.loads(done.out)["meshes"]
        self.assertEqual(len(rows), 1, done)
        return rows[0], done.status

    def test_a_cube(self):
        row, status = self.one(CUBE)
        self.assertEqual(status, EXIT_CLEAN)
        self.assertEqual(row["verdict"], "solid")
        self.assertEqual((row["triangles"], row["vertices"], row["edges"], row["shells"]), (12, 8, 18, 1))
        self.assertEqual((row["volume_mm3"], row["area_mm2"]), (1000, 600))
        self.assertEqual((row["low_mm"], row["high_mm"]), ([0, 0, 0], [10, 10, 10]))
        self.assertTrue(row["closed"] and row["two_manifold"])
        self.assertEqual((row["problems"], row["warnings"]), ([], []))
        done = self.mesh("one.stl")
        self.assertIn("one.stl: solid, binary STL\n", done.out)
        self.assertIn("1000.00 mm^3", done.out)
        self.assertIn("10.00 x 10.00 x 10.00 mm", done.out)
        self.assertEqual(done.err, "")

    def test_a_hollow_body(self):
        row, status = self.one(HOLLOW)
        self.assertEqual(status, EXIT_CLEAN)
        self.assertEqual(row["volume_mm3"], 1000 - 216)
        self.assertEqual([shell["inside"] for shell in row["shell_list"]], [None, 0])

    def test_an_open_one(self):
        row, status = self.one(CUBE[:-1])
        self.assertEqual((status, row["verdict"], row["open_edges"]), (EXIT_FINDINGS, "broken", 3))
        self.assertEqual(row["problems"][0]["kind"], "open_edges")
        self.assertEqual(row["problems"][0]["at_mm"][0], 10)
        done = self.mesh("one.stl")
        self.assertIn("error: 3 edges are open, the first at (10, ", done.out)
        self.assertIn("help: ", done.out)

    def test_a_hole_beside_the_kernel(self):
        """Inside out, with a body in a body, and touching along an edge."""
        row, status = self.one(box((0, 0, 0), (1, 1, 1), inward=True))
        self.assertEqual((status, row["inside_out_shells"], row["volume_mm3"]), (EXIT_FINDINGS, 1, -1))
        row, status = self.one(CUBE + box((2, 2, 2), (8, 8, 8)))
        self.assertEqual((status, row["verdict"], row["shells_within"]), (EXIT_CLEAN, "solid", 1))
        row, status = self.one(CUBE + box((10, 10, 0), (20, 20, 10)))
        self.assertEqual((status, row["verdict"], row["crowded_edges"]), (EXIT_CLEAN, "solid", 1))
        self.assertEqual(row["warnings"][0]["kind"], "crowded_edges")

    def test_rounded_corners_are_joined(self):
        near = CUBE[:-1] + [tuple(tuple(2.0 ** -20 if c == 0 else c for c in corner) for corner in CUBE[-1])]
        row, status = self.one(near)
        self.assertEqual((status, row["verdict"], row["closed"]), (EXIT_CLEAN, "solid", False))
        self.assertTrue(row["when_joined"]["closed"])
        self.assertIn("note: ", self.mesh("one.stl").out)

    def test_no_triangle(self):
        row, status = self.one([])
        self.assertEqual((status, row["verdict"], row["problem"]), (EXIT_FINDINGS, "broken", "it has no triangle"))
        self.assertNotIn("low_mm", row)

    def test_what_is_no_model(self):
        self.write("cut.stl", stl(CUBE)[:-30])
        done = self.mesh("cut.stl")
        self.assertEqual(done.status, EXIT_FINDINGS)
        self.assertIn("cut.stl: malformed", done.out)
        done = self.mesh("nosuch.stl")
        self.assertEqual(done.status, EXIT_ENVIRONMENT)
        self.assertIn("nosuch.stl: absent", done.out)

    def test_usage(self):
        for arguments in ([], ["--format", "xml", "a.stl"], ["--jobs", "0", "a.stl"], ["--jobs", "x", "a.stl"]):
            with self.subTest(arguments=arguments):
                done = self.mesh(*arguments)
                self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))

    def test_a_folder_in_order_and_whoever_is_faster(self):
        os.mkdir(self.path("models"))
        for i in range(30):
            self.write(f"models/{i:02}.{'STL' if i % 2 else 'stl'}",
                       stl(box((0, 0, 0), (1 + i, 1, 1)) * (200 if i % 3 else 1)))
        self.write("models/readme.txt", "no model")
        done = self.mesh("models", "--jobs", "1", "--no-cache", "--format", "json")
        rows = json.loads(done.out)["meshes"]
        self.assertEqual([os.path.basename(row["file"])[:2] for row in rows], [f"{i:02}" for i in range(30)])
        self.assertEqual(self.mesh("models", "--jobs", "4", "--no-cache", "--format", "json").out, done.out)
        for _ in range(2):
            known = json.loads(self.mesh("models", "--format", "json").out)["meshes"]
            for row in known:
                with open(self.path(row["file"]), "rb") as file:
                    self.assertEqual(row.pop("sha256"), hashlib.sha256(file.read()).hexdigest())
            self.assertEqual(known, rows)
        self.assertIn("30 models: ", self.mesh("models").out)
        os.mkdir(self.path("empty"))
        self.assertEqual(self.mesh("empty").status, EXIT_ENVIRONMENT)

    def kept(self):
        return sorted(os.listdir(self.path("cache", "flowc", "mesh")))

    def test_the_cache(self):
        unknown, _ = self.one(HOLLOW, "--no-cache")
        self.assertFalse(os.path.exists(self.path("cache")))
        row, _ = self.one(HOLLOW)
        self.assertEqual({**row, "sha256": None}, {**unknown, "sha256": None})
        self.assertEqual(self.kept(), [row["sha256"]])
        self.assertEqual(self.one(HOLLOW)[0], row)
        kept = self.read(f"cache/flowc/mesh/{row['sha256']}")
        for spoiled in (b"", kept[:-1], kept[:200] + b"\x55" + kept[201:], b"9" + kept[1:]):
            with self.subTest(length=len(spoiled)):
                self.write(f"cache/flowc/mesh/{row['sha256']}", spoiled)
                self.assertEqual(self.one(HOLLOW)[0], row)
                self.assertEqual(self.read(f"cache/flowc/mesh/{row['sha256']}"), kept)

    def test_the_cache_is_asked(self):
        """What another model's bytes left there is not believed, and what its own left is."""
        row, _ = self.one(CUBE)
        other, _ = self.one(HOLLOW)
        self.write(f"cache/flowc/mesh/{row['sha256']}", self.read(f"cache/flowc/mesh/{other['sha256']}"))
        self.assertEqual(self.one(CUBE)[0], row)

    def test_crossings(self):
        standing, through = CUBE + box((2, 2, 10), (8, 8, 20)), CUBE + box((3, 4, 5), (8, 7, 20))
        self.assertNotIn("crossings", self.one(through)[0])
        for _ in range(2):  # the second time from the cache
            row, status = self.one(through, "--crossings")
            self.assertEqual((status, row["verdict"], row["crossings"]["complete"]), (EXIT_CLEAN, "solid", True))
            self.assertGreaterEqual(row["crossings"]["pairs"], 4)
            self.assertEqual(row["crossings"]["at_mm"][2], 10)
        self.assertIn("go through one another, the first at (", self.mesh("one.stl", "--crossings").out)
        row, _ = self.one(standing, "--crossings")
        self.assertEqual(row["crossings"], {"pairs": 0, "complete": True})

    def repaired(self, faces):
        """What `--repair` says of a model of these faces, and the new file's object, None where there is none."""
        self.write("old.stl", stl(faces))
        if os.path.exists(self.path("new.stl")):
            os.remove(self.path("new.stl"))
        done = self.mesh("--repair", "old.stl", "-o", "new.stl")
        self.assertEqual(self.read("old.stl"), stl(faces))
        if not os.path.exists(self.path("new.stl")):
            return done, None
        return done, json.loads(self.mesh("new.stl", "--format", "json").out)["meshes"][0]

    def test_repair(self):
        done, row = self.repaired(CUBE + CUBE[3:5])
        self.assertEqual((done.status, row["verdict"], row["triangles"]), (EXIT_CLEAN, "solid", 12))
        self.assertIn("new.stl: repaired from old.stl", done.out)
        self.assertIn("2 triangles that were there twice are taken out", done.out)
        done, row = self.repaired(box((0, 0, 0), (1, 1, 1), inward=True))
        self.assertEqual((done.status, row["volume_mm3"]), (EXIT_CLEAN, 1))
        self.assertIn("1 shell that was inside out is turned", done.out)
        turned = [(a, c, b) if i in (0, 5, 6) else (a, b, c) for i, (a, b, c) in enumerate(HOLLOW)]
        done, row = self.repaired(turned)
        self.assertEqual((done.status, row["volume_mm3"]), (EXIT_CLEAN, 784))

    def test_repair_refuses(self):
        for faces in (CUBE[:-1], [], box((0, 0, 0), (9, 9, 9), True) + box((2, 2, 2), (8, 8, 8), True)):
            done, row = self.repaired(faces)
            self.assertEqual((done.status, row, done.out), (EXIT_FINDINGS, None, ""))
            self.assertIn("not certain", done.err)
        done, row = self.repaired(CUBE)
        self.assertEqual((done.status, row), (EXIT_CLEAN, None))
        self.assertIn("a solid already", done.out)
        self.write("new.stl", "mine")
        for output in ("new.stl", "old.stl"):
            done = self.mesh("--repair", "old.stl", "-o", output)
            self.assertEqual(done.status, EXIT_ENVIRONMENT)
        self.assertEqual(self.read("new.stl"), b"mine")
        self.assertEqual(self.mesh("--repair", "nosuch.stl", "-o", "x.stl").status, EXIT_ENVIRONMENT)
        for arguments in (["--repair", "old.stl"], ["-o", "x.stl", "old.stl"],
                          ["--repair", "old.stl", "old.stl", "-o", "x.stl"],
                          ["--repair", "old.stl", "-o", "x.stl", "--format", "json"]):
            self.assertEqual(self.mesh(*arguments).status, EXIT_USAGE)

    def test_no_place_for_the_cache(self):
        self.write("file", "")
        self.write("one.stl", stl(CUBE))
        for environment in ({"XDG_CACHE_HOME": self.path("file")}, {"XDG_CACHE_HOME": "", "HOME": ""},
                            {"XDG_CACHE_HOME": "relative", "HOME": "/dev/null"}):
            with self.subTest(environment=environment):
                done = self.mesh("one.stl", environment=environment)
                self.assertEqual((done.status, done.err), (EXIT_CLEAN, ""))
        self.assertFalse(os.path.exists(self.path("relative")))

    def test_two_at_once(self):
        for i in range(20):
            self.write(f"models/{i}.stl", stl(box((0, 0, 0), (1 + i, 1, 1))))
        out = []
        threads = [threading.Thread(target=lambda: out.append(self.mesh("models", "--format", "json").out))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(out)), 1)
        self.assertEqual(len(self.kept()), 20)  # and no temporary is left
