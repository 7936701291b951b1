"""Specs in real repositories: drivers, history, who set it, packets made again, the hook and the workflow."""
import json
import os
import re
import shutil
import subprocess
import zipfile

import yaml

import harness
from harness import CONTRACT, EXIT_CLEAN, EXIT_ENVIRONMENT, EXIT_FINDINGS, EXIT_USAGE, FlowcTest


class Repository(FlowcTest):
    """Real repositories, with git as it is here."""

    def setUp(self):
        super().setUp()
        shutil.copytree(os.path.join(CONTRACT, "desk-hook"), self.path("shop"))
        self.shop = self.path("shop")
        self.variables = {"GIT_CONFIG_GLOBAL": self.write("gitconfig", "[user]\nname=Ann\nemail=ann@shop.example\n"
                                                          "[init]\ndefaultBranch=main\n"), "GIT_CONFIG_NOSYSTEM": "1",
                          "GIT_AUTHOR_DATE": "2026-03-01T10:00:00Z", "GIT_COMMITTER_DATE": "2026-03-01T10:00:00Z"}
        self.git("init", "-q")
        self.commit("The hook")

    def git(self, *arguments, status=0):
        done = subprocess.run(["git", *arguments], cwd=self.shop, capture_output=True, check=False,
                              env={**os.environ, **self.variables, "LSAN_OPTIONS": harness.LEAKS})
        text = (done.stdout + done.stderr).decode()
        self.assertEqual(done.returncode, status, text)
        return text

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def change(self, *pairs, name="desk_hook.flow"):
        text = self.read(f"shop/{name}").decode()
        for old, new in pairs:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        self.write(f"shop/{name}", text)

    def here(self, *arguments, **how):
        return self.flowc(*arguments, folder=self.shop, environment=self.variables, **how)

    def test_revisions(self):
        self.ends(self.here("diff", "--exit-code", "desk_hook.flow"), EXIT_CLEAN)
        self.change(("9.7 g", "9.9 g"))
        for arguments in (["desk_hook.flow"], ["HEAD:desk_hook.flow", "desk_hook.flow"], ["HEAD:desk_hook.flow"]):
            done = self.ends(self.here("diff", "--exit-code", *arguments), EXIT_FINDINGS)
            self.assertIn("mass of hook for small rises from 9.7 to 9.9 g", done.out)
        self.commit("Heavier")
        self.change(("rate 24 USD/h", "rate 25 USD/h"), name="shop.flow")
        self.commit("Dearer")  # what a spec uses is of the revision too
        done = self.ends(self.here("diff", "--exit-code", "HEAD~1:desk_hook.flow", "HEAD:desk_hook.flow"), EXIT_FINDINGS)
        self.assertIn("1 change, process", done.out)
        self.assertIn("rate of bench rises from 24 to 25 USD/h", done.out)
        for revision in ("nope", "HEAD~9"):
            self.ends(self.here("diff", "--exit-code", f"{revision}:desk_hook.flow", "desk_hook.flow"), EXIT_ENVIRONMENT)
        self.assertIn("has no file", self.ends(self.here("diff", "--exit-code", "HEAD:no.flow", "desk_hook.flow"), EXIT_ENVIRONMENT).err)
        self.assertEqual(self.git("status", "--short"), "")

    def test_submodules(self):
        """What a spec uses of a submodule is of the revision too, as it was then."""
        os.rename(self.path("shop", "shop.flow"), self.path("common.flow"))
        top, self.shop = self.shop, self.path("common")
        os.makedirs(self.shop)
        os.rename(self.path("common.flow"), self.path("common", "shop.flow"))
        self.git("init", "-q")
        self.commit("The shop")
        self.shop = top
        self.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", self.path("common"), "common")
        self.change(('use "shop.flow"', 'use "common/shop.flow"'))
        self.commit("A submodule")
        self.change(("rate 24 USD/h", "rate 25 USD/h"), name="common/shop.flow")
        self.shop = self.path("shop", "common")
        self.commit("Dearer")
        self.shop = top
        self.commit("The shop is dearer")
        for arguments in (["HEAD~1:desk_hook.flow", "HEAD:desk_hook.flow"], ["HEAD~1:desk_hook.flow", "desk_hook.flow"]):
            done = self.ends(self.here("diff", *arguments), EXIT_CLEAN)
            self.assertIn("1 change, process", done.out)
            self.assertIn("rate of bench rises from 24 to 25 USD/h", done.out)
        self.assertIn("no difference", self.here("diff", "desk_hook.flow").out)
        self.assertIn("Ann: The shop is dearer\n    - rate of bench rises from 24 to 25 USD/h\n", self.here("log", "desk_hook").out)
        said = self.here("blame", "desk_hook.flow", "bench.rate").out
        self.assertRegex(said, r"bench.rate: 25 USD/h\n.*Ann: The shop is dearer\nbefore: 24 USD/h")

    def test_a_revision_in_place_of_a_file(self):
        self.git("tag", "v1.0")
        for arguments, meant in ((["v1.0", "desk_hook.flow"], "v1.0:desk_hook.flow"), (["desk_hook.flow", "HEAD"], "HEAD:desk_hook.flow"),
                                 (["HEAD", "v1.0:desk_hook.flow"], "HEAD:desk_hook.flow"), (["v1.0"], "v1.0:PATH.flow"),
                                 (["v1.0", "HEAD"], "v1.0:PATH.flow")):
            said = self.ends(self.here("diff", *arguments), EXIT_USAGE).err
            self.assertIn(f"is a revision, and a spec is wanted: `{meant}`", said)
        said = self.ends(self.here("diff", "nope", "desk_hook.flow"), EXIT_ENVIRONMENT).err  # no revision either
        self.assertNotIn("revision", said)
        shutil.copy(self.path("shop/desk_hook.flow"), self.path("shop/v1.0"))  # a file of that name is that file
        self.ends(self.here("diff", "--exit-code", "v1.0", "desk_hook.flow"), EXIT_CLEAN)

    def test_git_diff_difftool_and_setup(self):
        first = self.ends(self.here("git-setup"), EXIT_CLEAN).out
        self.assertIn("added", first)
        before = self.read("shop/.git/config")
        self.assertIn("already", self.ends(self.here("git-setup"), EXIT_CLEAN).out)
        self.assertEqual(self.read("shop/.git/config"), before)
        self.assertEqual(self.read("shop/.gitattributes"), b"*.flow diff=flow merge=flow\n")
        self.commit("By flowc")
        self.change(("9.7 g", "9.9 g"))
        self.assertIn("mass of hook for small rises from 9.7 to 9.9 g", self.git("diff"))
        self.assertIn("9.7 to 9.9 g", self.git("difftool", "-y", "--tool=flow"))
        self.write("shop/new.flow", "edition 1\n")
        self.git("add", "new.flow")
        self.assertIn("new.flow is new", self.git("diff", "--cached"))
        self.ends(self.here("git-setup", "--remove"), EXIT_CLEAN)
        self.assertNotIn(b"flow", self.read("shop/.git/config"))
        self.assertFalse(os.path.exists(self.path("shop", ".gitattributes")))
        self.ends(self.here("git-setup", "--remove"), EXIT_CLEAN)
        self.write("shop/.gitattributes", "*.stl binary")
        self.ends(self.here("git-setup"), EXIT_CLEAN)
        self.assertEqual(self.read("shop/.gitattributes"), b"*.stl binary\n*.flow diff=flow merge=flow\n")
        self.ends(self.here("git-setup", "--remove"), EXIT_CLEAN)
        self.assertEqual(self.read("shop/.gitattributes"), b"*.stl binary\n")

    def test_git_merge(self):
        self.ends(self.here("git-setup"), EXIT_CLEAN)
        self.commit("By flowc")
        self.git("checkout", "-qb", "theirs")
        self.change(("infill      20%", "infill      30%"), ("50 -> 15.00", "50 -> 14.50"))
        self.commit("Fuller")
        self.git("checkout", "-q", "main")
        self.change(("layer       0.2 mm\n", "layer       0.3 mm  # coarse\n"))
        self.commit("Coarser")
        self.git("merge", "-q", "theirs")  # neighbours: lines would be a conflict
        text = self.read("shop/desk_hook.flow").decode()
        for part in ("layer       0.3 mm  # coarse\n", "infill      30%", "50 -> 14.50"):
            self.assertIn(part, text)
        self.git("checkout", "-q", "theirs")
        self.change(("4.10 mm .. 4.50 mm", "4.00 mm .. 4.50 mm"))
        self.commit("Wider")
        self.git("checkout", "-q", "main")
        self.change(("4.10 mm .. 4.50 mm", "4.10 mm .. 4.60 mm"))
        self.commit("Wider, above")
        self.git("merge", "-q", "theirs", status=1)
        text = self.read("shop/desk_hook.flow").decode()
        self.assertEqual(text.count("<<<<<<<"), 1)
        self.assertEqual(len(re.search(r"<<<<<<<.*>>>>>>>", text, re.S).group().split("\n")), 5)

    def test_log_and_blame(self):
        self.change(("4.10 mm .. 4.50 mm", "4.05 mm .. 4.50 mm"), ("revision  C", "revision  D"))
        self.commit("Wider bore | for new inserts")
        self.git("mv", "desk_hook.flow", "hook.flow")
        self.commit("Another name")
        self.change(("rate 24 USD/h", "rate 25 USD/h"), name="shop.flow")
        self.commit("Dearer")
        done = self.ends(self.here("log", "desk_hook", "--format", "json"), EXIT_CLEAN)
        commits = json.loads(done.raw)["commits"]
        self.assertEqual([(one["subject"], one["revision"], one["class"]) for one in commits],
                         [("Dearer", "D", "process"), ("Another name", "D", "says the same"),
                          ("Wider bore | for new inserts", "D", "breaks compatibility"), ("The hook", "C", "first")])
        self.assertEqual((commits[0]["author"], commits[0]["date"]), ("Ann", "2026-03-01"))
        self.assertIn("bore of hook opens from 4.10 .. 4.50 mm to 4.05 .. 4.50 mm", commits[2]["changes"])
        self.assertIn("revision D, process", self.ends(self.here("log", "hook.flow", "--limit", "1"), EXIT_CLEAN).out)
        self.assertIn("| D | 2026-03-01 |", self.ends(self.here("log", "hook.flow", "--format", "markdown"), EXIT_CLEAN).out)
        for field, subject in (("hook.bore", "Wider"), ("hook.width", "The hook"), ("bench.rate", "Dearer"),
                               ("desk_hook.revision", "Wider"), ("iron", "The hook"), ("screen.surface", "The hook")):
            done = self.ends(self.here("blame", "hook.flow", field), EXIT_CLEAN)
            self.assertIn(f"Ann: {subject}", done.out)
        self.change(("9.7 g", "9.9 g"), name="hook.flow")
        self.assertIn("not committed yet", self.ends(self.here("blame", "hook.flow", "hook.mass"), EXIT_CLEAN).out)
        self.ends(self.here("blame", "hook.flow", "hook.nothing"), EXIT_USAGE)
        self.ends(self.here("blame", "hook.flow"), EXIT_USAGE)
        self.ends(self.here("log", "no_product"), EXIT_USAGE)

    def test_verify(self):
        self.git("tag", "v1")
        self.ends(self.here("build", "desk_hook.flow", "-o", self.path("out"), "--only", "packet"), EXIT_CLEAN)
        packet = self.path("out", "desk_hook", "packet.zip")
        done = self.ends(self.here("verify", packet), EXIT_CLEAN)
        self.assertIn("revision C", done.out)
        self.assertIn("each untouched", done.out)
        self.assertIn("byte for byte", self.ends(self.here("verify", packet, "--spec", "desk_hook.flow"), EXIT_CLEAN).out)
        self.change(("4.10 mm .. 4.50 mm", "4.05 mm .. 4.50 mm"))
        self.commit("Wider")
        self.git("mv", "desk_hook.flow", "hook.flow")
        self.commit("Another name")
        done = self.ends(self.here("verify", packet, "--spec", "hook.flow"), EXIT_FINDINGS)
        self.assertIn("packet.pdf differs", done.out)
        self.assertIn("the spec has the fingerprint", done.out)
        self.assertIn("byte for byte", self.ends(self.here("verify", packet, "--tag", "v1"), EXIT_CLEAN).out)
        self.ends(self.here("verify", packet, "--tag", "v9"), EXIT_ENVIRONMENT)
        first = self.git("rev-parse", "--short=10", "v1").strip()
        done = self.ends(self.here("verify", packet, "--search"), EXIT_CLEAN)
        self.assertIn(f"hook.flow as of {first}, 2026-03-01 makes the same packet, byte for byte", done.out)
        self.change(("4.05 mm .. 4.50 mm", "4.00 mm .. 4.50 mm"), name="hook.flow")
        self.ends(self.here("build", "hook.flow", "-o", self.path("never"), "--only", "packet"), EXIT_CLEAN)
        done = self.ends(self.here("verify", self.path("never", "desk_hook", "packet.zip"), "--search"), EXIT_FINDINGS)
        self.assertIn("no commit of", done.out)
        self.ends(self.here("verify", packet, "--search", "--tag", "v1"), EXIT_USAGE)
        self.write("quote.xlsx", "another")
        subprocess.run(["python3", "-c", "import zipfile, sys, warnings; warnings.simplefilter('ignore')\n"
                        "old = zipfile.ZipFile(sys.argv[1]); new = zipfile.ZipFile(sys.argv[2], 'w')\n"
                        "for name in old.namelist():\n"
                        "    new.writestr(name, b'another' if name == 'quote.xlsx' else old.read(name))\n"
                        "new.writestr('more.txt', b'more'); new.close()", packet, self.path("touched.zip")], check=True)
        done = self.ends(self.here("verify", self.path("touched.zip")), EXIT_FINDINGS)
        self.assertIn("quote.xlsx is not what was packed", done.out)
        self.assertIn("1 file that the manifest does not list", done.out)
        self.ends(self.here("verify", "shop.flow"), EXIT_ENVIRONMENT)

    def test_a_packet_takes_its_revisions_along(self):
        """Whoever gets it reads what changed, and nothing that is the shop's own; it can still be made again."""
        self.change(("4.10 mm .. 4.50 mm", "4.05 mm .. 4.50 mm"), ("revision  C", "revision  D"), ("225 degC", "230 degC"),
                    ("50 -> 15.00", "50 -> 15.10"))
        self.change(("rate 28 USD/h", "rate 27 USD/h"), ("22 USD/kg", "21.50 USD/kg"), ("jet black", "coal black"),
                    name="shop.flow")
        self.commit("A secret message")
        self.change(("250 -> 13.90", "250 -> 14.20"))
        self.commit("Dearer")
        self.write("shop/other.flow", 'edition 1\nuse "desk_hook.flow"\npart lid "Lid" { process fdm; material pla_black }\n')
        self.commit("Another customer's lid")
        told = self.ends(self.here("log", "desk_hook", "--public", "--format", "markdown"), EXIT_CLEAN).out
        self.assertEqual(told.count("\n"), 4, told)
        self.assertIn("| D | 2026-03-01 |", told)
        for words in ("bore of hook opens from 4.10 .. 4.50 mm to 4.05 .. 4.50 mm", "coal black", "Set the iron to 230 degC",
                      "changes from C to D"):
            self.assertIn(words, told)
        for secret in ("secret", "Ann", "Dearer", "14.20", "15.10", "21.50", "27", "USD", "Lid"):
            self.assertNotIn(secret, told)
        commits = json.loads(self.here("log", "desk_hook", "--public", "--format", "json").out)["commits"]
        self.assertEqual([sorted(one) for one in commits],
                         [["changes", "class", "commit", "date", "revision"]] * 2)
        self.write("history/desk_hook.md", told)
        self.git("tag", "v2")
        for history in ([], ["--history", self.path("history")]):
            out = self.path("with" if history else "without")
            self.ends(self.here("build", "desk_hook.flow", "-o", out, "--only", "packet", *history), EXIT_CLEAN)
            packet = os.path.join(out, "desk_hook", "packet.zip")
            with zipfile.ZipFile(packet) as archive:
                self.assertEqual("history.md" in archive.namelist(), bool(history))
                if history:
                    self.assertEqual(archive.read("history.md").decode(), told)
            for how in (["--spec", "desk_hook.flow"], ["--tag", "v2"]):
                self.assertIn("byte for byte", self.ends(self.here("verify", packet, *how), EXIT_CLEAN).out)
        self.ends(self.here("build", "desk_hook.flow", "-o", out, "--history", self.path("nowhere")), EXIT_ENVIRONMENT)

    def test_the_hook_refuses_a_broken_spec(self):
        hook = shutil.copy(os.path.join(harness.TOP, "docs", "git", "pre-commit"), self.path("shop", ".git", "hooks"))
        self.assertTrue(os.access(hook, os.X_OK))
        self.variables["PATH"] = os.path.dirname(os.path.abspath(harness.FLOWC)) + ":" + os.environ["PATH"]
        self.ends(self.here("fmt", "."), EXIT_CLEAN)
        self.change(("9.7 g", "9.9 g"))
        self.commit("Heavier")
        self.change(("9.9 g", "9.9 mm"))
        self.git("add", "-A")
        self.assertIn("unit_mismatch", self.git("commit", "-qm", "Longer", status=1))
        self.assertIn("Heavier", self.git("log", "-1", "--format=%s"))

    def test_the_workflow_runs(self):
        """Its scripts, as a runner would run them for a pull request; what only a server has is left out."""
        with open(os.path.join(harness.TOP, "docs", "git", "workflow.yml"), encoding="utf-8") as file:
            steps = yaml.safe_load(file)["jobs"]["specs"]["steps"]
        scripts = {step["name"]: step["run"] for step in steps if "run" in step}
        self.assertEqual(list(scripts), ["Check", "Layout", "Say what changed", "Build"])
        self.ends(self.here("fmt", "."), EXIT_CLEAN)
        self.commit("Laid out")
        base = self.git("rev-parse", "HEAD").strip()
        self.change(("4.10 mm .. 4.50 mm", "4.05 mm .. 4.50 mm"))
        self.commit("Wider")
        summary = self.path("summary.md")
        environment = {**os.environ, **self.variables, "BASE": base, "GITHUB_STEP_SUMMARY": summary,
                       "PATH": os.path.dirname(os.path.abspath(harness.FLOWC)) + ":" + os.environ["PATH"]}

        def run(name):
            return subprocess.run(["bash", "-eo", "pipefail", "-c", scripts[name]], cwd=self.shop, env=environment,
                                  capture_output=True, check=False).returncode

        self.assertEqual([run(name) for name in scripts], [0, 0, 0, 0])
        self.assertIn("bore of hook opens", self.read("summary.md").decode())
        self.assertTrue(os.path.exists(os.path.join(self.shop, "documents", "desk_hook", "packet.zip")))
        results = json.loads(self.read("shop/findings.sarif"))["runs"][0]["results"]
        self.assertFalse([one for one in results if one["level"] == "error"])
        self.change(("at      qc", "at      nobody"))
        self.assertEqual((run("Check"), run("Build")), (1, 1))
        results = json.loads(self.read("shop/findings.sarif"))["runs"][0]["results"]
        self.assertIn(("unknown_name", "desk_hook.flow"), {(one["ruleId"], one["locations"][0]["physicalLocation"][
            "artifactLocation"]["uri"]) for one in results if one["level"] == "error"})
        self.change(("at      nobody", "at qc"))
        self.assertEqual(run("Layout"), 1)

    def test_no_git_and_no_repository(self):
        done = self.ends(self.flowc("diff", "--exit-code", "HEAD:a.flow", "b.flow"), EXIT_ENVIRONMENT)
        self.assertIn("is in no git repository", done.err)
        for arguments in (["git-setup"], ["log", "shop/desk_hook.flow"], ["blame", "shop/desk_hook.flow", "hook.mass"]):
            done = self.flowc(*arguments, environment={"PATH": self.folder})
            self.assertIn("git is not installed", self.ends(done, EXIT_ENVIRONMENT).err)
