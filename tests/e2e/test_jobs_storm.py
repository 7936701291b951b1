"""Plates on printers while everything goes wrong: answers are lost, printers forget, people interfere, the server is killed.
What the doubles really did is held against what the journal says."""
import json
import random
import signal
import subprocess
import sys
import time
import urllib.request

from test_jobs import DOUBLE, Jobs

PROTOCOLS = ("octoprint", "moonraker", "prusalink")
FAULTS = ("drop_before", "drop_after", "slow", "busy", "5xx", "garbage")
SEED, PRINTERS, JOBS, STORM_S, CALM_S = 20261121, 6, 12, 25, 170


class Storm(Jobs):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(SEED)

    def truth(self, name):
        with urllib.request.urlopen(self.addresses[name] + "/double") as answer:
            return json.load(answer)

    def spoil(self):
        name = self.chance.choice(list(self.addresses))
        what = self.chance.random()
        if what < 0.7:
            self.tell(name, "/double/fault", match="/", fault=self.chance.choice(FAULTS), count=self.chance.randint(1, 3),
                      seconds=1)
        elif what < 0.8:
            self.tell(name, "/double/do", what="forget")
        elif what < 0.85:
            self.tell(name, "/double/do", what="cancel")
        elif what < 0.9:
            self.stop(signal.SIGKILL)
            self.serve()

    def attend(self):
        """What the people of the shop do: they look, answer, and clear plates."""
        for job in self.get("/jobs?limit=100")["items"]:
            if job["stage"] == "asked":
                truth = self.truth(job["printer"])
                row = truth["prints"].get(job["attempt"])
                if row == "in_progress":
                    continue
                outcome = {None: "not_started", "completed": "finished"}.get(row, "failed")
                self.flowd("job", "end", job["job"], outcome, "--reason", "seen at the printer")
            elif job["stage"] == "aside":
                self.flowd("job", "requeue", job["job"], "looked at")
        for name, printer in self.printers().items():
            if not printer["plate_empty"] and not printer.get("job") and printer["state"] not in ("printing", "paused"):
                self.flowd("printers", "empty", name)
            if printer["out_of_use"]:
                self.flowd("printers", "back", name, "looked at")

    def test_every_plate_is_printed_and_none_twice(self):
        protocols = {}
        for number in range(PRINTERS):
            name = f"p{number}"
            protocols[name] = PROTOCOLS[number % 3]
            self.double(name, protocols[name], print_s=0.7)
        self.farm("out_after: 5 of 5", **protocols)
        self.serve()
        for name in self.addresses:
            self.done("printers", "empty", name)
        for number in range(JOBS):
            self.queue(f"J-{number}", "--parts", "hook=1,cap=2")
        begun = time.monotonic()
        while time.monotonic() - begun < STORM_S:
            self.spoil()
            self.attend()
            time.sleep(0.3)
        for name in self.addresses:
            self.tell(name, "/double/calm")
        while time.monotonic() - begun < STORM_S + CALM_S:
            jobs = self.get("/jobs?limit=100")["items"]
            if all(job["stage"] == "done" for job in jobs):
                break
            self.attend()
            time.sleep(0.5)
        else:
            self.fail([job for job in jobs if job["stage"] != "done"])
        self.assert_told_as_it_was()

    def assert_told_as_it_was(self):
        events, after = [], 0
        while after is not None:
            page = self.get(f"/events?limit=1000&after={after}")
            events, after = events + page["items"], page.get("next")
        starts, finished = {}, {}
        for name in self.addresses:
            truth = self.truth(name)
            starts.update(truth["starts"])
            self.assertEqual(truth["destroyed"], 0, name)
        for event in events:
            if event["event"] == "attempt_begun":
                name = event.get("name", "")
                self.assertLessEqual(starts.get(name, 0), 1, name)
            if event["event"] == "attempt_ended" and event["outcome"] == "finished":
                finished[event["job"]] = finished.get(event["job"], 0) + 1
        self.assertEqual(finished, {f"J-{number}": 1 for number in range(JOBS)})
        self.assertEqual(self.standing("screen"), 12)
