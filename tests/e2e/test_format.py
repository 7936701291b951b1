"""flowc fmt: idempotent, keeps every comment, never changes what a spec means."""
import json
import os
import re
import shutil

from harness import EXIT_CLEAN, EXIT_FINDINGS, TOP, FlowcTest, all_specs, tree

UGLY = 'edition 1\n# about roles\nrole   lead    "Quality lead"   # signs\nstation a "A" {rate 1 USD/h;seats 2}\n'


def comments(text):
    """The comments of a spec in order; a # inside a text is none."""
    without_texts = re.sub(r'"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"', '""', text)
    return [c.rstrip() for c in re.findall(r"#[^\n]*", without_texts)]


def without_places(value):
    """A value of spec.json without the lines it stands on."""
    if isinstance(value, dict):
        return {key: without_places(inner) for key, inner in value.items() if key not in ("line", "column")}
    return [without_places(inner) for inner in value] if isinstance(value, list) else value


class Format(FlowcTest):
    def test_check_and_diff_change_nothing(self):
        self.write("a.flow", UGLY)
        self.ends(self.flowc("fmt", "--check", "a.flow"), EXIT_FINDINGS)
        done = self.flowc("fmt", "--diff", "a.flow")
        self.assertRegex(done.out, r"(?m)^-role   lead")
        self.assertRegex(done.out, r"(?m)^\+role lead")
        self.assertEqual(self.read("a.flow").decode(), UGLY)

    def test_in_place_once_is_enough(self):
        self.write("a.flow", UGLY)
        self.ends(self.flowc("fmt", "a.flow"), EXIT_CLEAN)
        once = self.read("a.flow")
        self.assertNotEqual(once.decode(), UGLY)
        self.ends(self.flowc("fmt", "--check", "a.flow"), EXIT_CLEAN)
        self.ends(self.flowc("fmt", "a.flow"), EXIT_CLEAN)
        self.assertEqual(self.read("a.flow"), once)

    def test_standard_input(self):
        done = self.ends(self.flowc("fmt", "-", stdin=UGLY.encode()), EXIT_CLEAN)
        self.write("a.flow", UGLY)
        self.flowc("fmt", "a.flow")
        self.assertEqual(done.raw, self.read("a.flow"))

    def test_what_cannot_be_read_stays(self):
        text = 'edition 1\nstation a "A" { rate ] 1 USD/h }\nrole   r "R"\n'
        self.write("a.flow", text)
        done = self.flowc("fmt", "a.flow")
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))
        self.assertIn("rate ] 1 USD/h", self.read("a.flow").decode())

    def test_every_spec_of_the_repository(self):
        """Formatted twice it is as formatted once; no comment is lost; it means the same, to checker and model."""
        for top in ("tests/contract", "tests/cases", "examples", "specs", "docs/rules"):
            if os.path.isdir(os.path.join(TOP, top)):
                shutil.copytree(os.path.join(TOP, top), self.path(top),
                                ignore=shutil.ignore_patterns("out"))
        for original in all_specs():
            name = os.path.relpath(original, TOP)
            with self.subTest(name=name):
                self.judge(original, self.path(name))

    def judge(self, original, copy):
        folder, name = os.path.split(copy)
        before = self.flowc("check", "--format", "json", name, folder=os.path.dirname(original))
        meant = self.model(folder, name, before)
        with open(original, "rb") as file:
            text = file.read().decode("utf-8", "replace")
        self.flowc("fmt", name, folder=folder)
        with open(copy, "rb") as file:
            once = file.read()
        self.assertEqual(comments(once.decode("utf-8", "replace")), comments(text.replace("\r", "")))
        self.flowc("fmt", name, folder=folder)
        with open(copy, "rb") as file:
            self.assertEqual(file.read(), once, "the second time it changed again")
        after = self.flowc("check", "--format", "json", name, folder=folder)
        found = [sorted((d["rule"], d["severity"], d["message"]) for d in run.diagnostics())
                 for run in (before, after)]
        self.assertEqual(found[0], found[1])
        self.assertEqual(self.model(folder, name, after), meant)
        shutil.copyfile(original, copy)  # others use it

    def model(self, folder, name, checked):
        """All that a spec without errors means: spec.json of its products, but for the bytes of the sources."""
        if checked.status != EXIT_CLEAN:
            return {}
        out = self.path("model")
        shutil.rmtree(out, ignore_errors=True)
        done = self.flowc("build", name, "-o", out, "--only", "spec", folder=folder)
        self.assertIn(done.status, (EXIT_CLEAN, EXIT_FINDINGS), str(done))  # a file without products has none
        models = {path: without_places(json.loads(text)) for path, text in tree(out).items()}
        for model in models.values():
            del model["sources"]
        return models
