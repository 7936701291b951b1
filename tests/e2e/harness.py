"""What the end-to-end tests share: running flowc, small specs, folders of their own."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

FLOWC = "flowc"  # set by run.py
CHECKED = False  # whether it has sanitizers
PATIENCE_S = 600  # with a program that should have ended; the machine may be busy
TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CONTRACT = os.path.join(TOP, "tests", "contract")
LEAKS = "suppressions=" + os.path.join(TOP, "tests", "leaks.txt") + ":print_suppressions=0"
EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE, EXIT_ENVIRONMENT, EXIT_OURS = range(5)
SHORT_LINE = re.compile(r"^(.+?):(\d+):(\d+): (error|warning)\[(\w+)\]: (.+)$")

# A spec without a finding, and the same with one error (an unknown name) on line 3.
CLEAN = 'edition 1\n\nrole lead "Quality lead"\n'
BROKEN = 'edition 1\n\nmachine m "M" { process nosuch; volume 1 x 1 x 1 mm; rate 1 USD/h }\n'


class Done:
    """A finished run: status (negative: killed by that signal), out and err as text."""

    def __init__(self, status, out, err):
        self.status, self.raw, self.err = status, out, err.decode("utf-8", "replace")

    @property
    def out(self):
        return self.raw.decode("utf-8", "replace")

    @property
    def text(self):
        return self.out + self.err

    def diagnostics(self):
        return json.loads(self.raw)["diagnostics"]

    def __str__(self):
        return f"status {self.status}\n--- out\n{self.out[:3000]}\n--- err\n{self.err[:3000]}"


class FlowcTest(unittest.TestCase):
    """A test with a folder of its own, removed afterwards."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="flow-e2e-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def flowd(self, *arguments, **how):
        """Runs flowd, which stands beside flowc."""
        return self.run_program(os.path.join(os.path.dirname(FLOWC), "flowd"), *arguments, **how)

    def flowc(self, *arguments, **how):
        """Runs flowc in the test's folder; memory_mb bounds its address space, and cpu_s the processor's time."""
        return self.run_program(FLOWC, *arguments, **how)

    def run_program(self, program, *arguments, folder=None, stdin=b"", environment=None, cpu_s=None,
                    memory_mb=None, stdout=subprocess.PIPE):
        command = [program, *arguments]
        if memory_mb and not CHECKED:
            command = ["prlimit", f"--as={memory_mb << 20}", f"--cpu={cpu_s or 'unlimited'}", "--core=0", "--", *command]
        variables = {**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})}
        variables.setdefault("LSAN_OPTIONS", LEAKS)
        if "NO_COLOR" not in (environment or {}):
            variables.pop("NO_COLOR", None)
        done = subprocess.run(command, cwd=folder or self.folder, input=stdin, stdout=stdout,
                              stderr=subprocess.PIPE, env=variables, timeout=PATIENCE_S, check=False)
        return Done(done.returncode, done.stdout or b"", done.stderr)

    def ends(self, done, status):
        """Asserts the exit status, showing what was printed where it differs."""
        self.assertEqual(done.status, status, str(done))
        return done

    def short(self, done):
        """The diagnostics of a `short` run: (path, line, column, severity, rule, message)."""
        found = []
        for line in done.text.splitlines():
            match = SHORT_LINE.match(line)
            if match:
                path, row, column, *rest = match.groups()
                found.append((path, int(row), int(column), *rest))
        return found


def contract_products():
    """The three specs a shop would write: (folder, file name)."""
    return [("desk-hook", "desk_hook.flow"), ("bracket", "bracket.flow"), ("figurine", "figurine.flow")]


def example_specs():
    """The main spec of every example: the one that declares a product."""
    found = []
    for path in sorted(glob.glob(os.path.join(TOP, "examples", "*", "*.flow"))):
        with open(path, encoding="utf-8") as file:
            if re.search(r"^product ", file.read(), re.M):
                found.append(path)
    return found


def all_specs():
    """Every spec of the repository that is meant to be read, cases included."""
    tops = ("tests/contract", "tests/cases", "examples", "specs")
    return sorted(path for top in tops
                  for path in glob.glob(os.path.join(TOP, top, "**", "*.flow"), recursive=True)
                  if "/out/" not in path)


def tree(folder):
    """Name -> bytes of every file under a folder."""
    found = {}
    for place, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found
