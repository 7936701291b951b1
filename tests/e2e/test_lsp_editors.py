"""flowc lsp through the clients of editors, as they are installed: Neovim's own, Emacs with eglot; their colors."""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import harness
from harness import TOP
from language_shop import CLIP, LspTest

EDITORS = os.path.join(TOP, "grammar", "editors")
HERE = os.path.dirname(os.path.abspath(__file__))


class Words(unittest.TestCase):
    def test_words_are_those_of_the_tables(self):
        done = subprocess.run([sys.executable, os.path.join(EDITORS, "words.py"), "--check"], capture_output=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode())


class EditorTest(LspTest):
    """An editor that runs a script of ours, which leaves what it saw as JSON."""
    STEERS = "an editor"

    def session(self, command, **more):
        out = self.path("out.json")
        wait_s = 120
        environment = {**os.environ, "FLOWC": harness.FLOWC, "FLOW_FILE": self.clip, "OUT": out, "HOME": self.folder,
                       "XDG_CACHE_HOME": self.folder, "FLOW_WAIT_MS": str(wait_s * 1000), "FLOW_WAIT_S": str(wait_s),
                       **more}
        environment.setdefault("LSAN_OPTIONS", harness.LEAKS)
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, timeout=600, check=False)
        self.assertTrue(os.path.exists(out), done.stderr.decode()[-3000:])
        with open(out, encoding="utf-8") as file:
            said = json.load(file)
        self.assertFalse(said.get("late"), said)
        return said


@unittest.skipUnless(shutil.which("nvim"), "no nvim")
class Neovim(EditorTest):
    def neovim(self, script):
        return self.session(["nvim", "--headless", "-u", "NONE", "-i", "NONE", "--cmd",
                             "set runtimepath^=" + os.path.join(EDITORS, "vim"), "-c", "filetype plugin on | syntax on",
                             "-c", "luafile " + os.path.join(HERE, script), "-c", "cquit"])

    def test_positions_in_bytes(self):
        said = self.neovim("neovim_utf8.lua")
        self.assertEqual((said["encoding"], said["unknown_field"], said["duplicate_field"]), ("utf-8", "mas", "material"))
        self.assertEqual(said["line"], 'part body "😀ä Bödy" { mas 5 g; material petg')

    def test_a_session(self):
        said = self.neovim("neovim_lsp.lua")
        self.assertEqual((said["filetype"], said["clean"], said["wrong"]), ("flow", [], ["wrong_kind"]))
        self.assertIn("`bench` is a station", said["message"])
        self.assertEqual(said["related"][0]["message"], "declared here")
        self.assertEqual((said["actions"], said["mended"]), (["write `mass`"], CLIP))
        self.assertIn("**part** `body`", said["hover"])
        self.assertEqual((said["definition"], said["references"]), ('part body "Body" {', 5))
        self.assertTrue(any("screen" in one for one in said["symbols"]), said["symbols"])
        self.assertGreater(said["folds"], 7)
        self.assertIn("pla", said["completion"])
        self.assertNotIn("mk4", said["completion"])
        self.assertEqual(said["signature"], "material <material>")
        renamed = re.sub(r"\bbody\b", "shell", CLIP)
        self.assertEqual((said["renamed"], said["formatted"]), (renamed, renamed))
        self.assertEqual((said["lenses"], said["omnifunc"]), (["flowc.build", "flowc.preview"], "v:lua.vim.lsp.omnifunc"))
        self.assertEqual(said["colors"], ["flowKind", "flowName", "flowField", "flowUnit", "flowText", "flowRoute",
                                          "flowOperator", "flowClass"])


def has_eglot():
    if not shutil.which("emacs"):
        return False
    asked = subprocess.run(["emacs", "--batch", "-l", "eglot"], capture_output=True, check=False)
    return asked.returncode == 0


@unittest.skipUnless(has_eglot(), "no emacs with eglot")
class Emacs(EditorTest):
    def test_a_session(self):
        said = self.session(["emacs", "--batch", "-l", os.path.join(HERE, "emacs_lsp.el")],
                            FLOW_MODE=os.path.join(EDITORS, "emacs"))
        self.assertEqual((said["mode"], said["indented"]), ("flow-mode", True))
        self.assertEqual(said["faces"], ["font-lock-type-face", "font-lock-function-name-face", "font-lock-builtin-face",
                                         "font-lock-preprocessor-face", "font-lock-type-face", "font-lock-string-face",
                                         "font-lock-comment-face", "font-lock-keyword-face"])
        self.assertIn("`bench` is a station", said["wrong"][0])
        self.assertIn("**part** `body`", said["hover"])
        self.assertIn("part body", said["definition"])
        self.assertGreaterEqual(said["references"], 4)
        self.assertTrue(said["outline"])
        self.assertIn("pla", said["completion"])
        renamed = re.sub(r"\bbody\b", "shell", CLIP)
        self.assertEqual((said["renamed"], said["formatted"]), (renamed, renamed))
