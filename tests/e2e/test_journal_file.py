"""A journal whose chain is whole, made by somebody else: what its events say cannot be, and is refused with the event."""
import hashlib
import json
import sqlite3
import struct

from harness import EXIT_CLEAN, EXIT_ENVIRONMENT, FlowcTest


class Forged(FlowcTest):
    def append(self, shop, event):
        """As the journal would, without the engine."""
        database = sqlite3.connect(self.path(shop, "journal.db"))
        sequence, before = database.execute("SELECT sequence, hash FROM head").fetchone()
        body = json.dumps(event)
        own = hashlib.sha256(before + struct.pack("<qq", sequence + 1, 1) + body.encode()).digest()
        database.execute("INSERT INTO event VALUES (?, 1, ?, ?)", (sequence + 1, body, own))
        database.execute("UPDATE head SET sequence = ?, hash = ?", (sequence + 1, own))
        database.commit()
        database.close()

    def test_nonsense_is_refused(self):
        events = [{"event": "units_left", "batch": "B-1", "step": "x", "first": 1, "count": 9, "outcome": "pass"},
                  {"event": "lot_held", "lot": "L"}, {"event": "no_such_thing"}]
        for number, event in enumerate(events):
            shop = f"shop-{number}"
            self.ends(self.flowd("init", shop, "--owner", "anna"), EXIT_CLEAN)
            self.append(shop, event)
            done = self.ends(self.flowd("status", "--shop", self.path(shop)), EXIT_ENVIRONMENT)
            self.assertIn("event 2 of the journal", done.err)
            self.ends(self.flowd("verify", "--shop", self.path(shop)), EXIT_CLEAN)
