#!/usr/bin/env python3
"""Writes a journal of a version as SQL, for test_journal: one that an older flowd wrote must open for ever. The file of a
version is never made anew once another version is out. usage: make.py > version-1.sql"""
import hashlib
import struct

BODIES = [
    '{"event":"person_admitted","person":"anna","roles":"admin"}',
    '{"event":"lot_received","by":"anna","lot":"SP-1","what":"pla_black","amount":"1 kg"}',
    '{"event":"lot_held","by":"anna","lot":"SP-1","reason":"the supplier called"}',
    '{"event":"lot_freed","by":"anna","lot":"SP-1","reason":"tested \\"good\\""}',
]

print("""-- A journal as version 1 wrote it. Made by make.py.
PRAGMA application_id = 1179406167;
PRAGMA user_version = 1;
CREATE TABLE event (sequence INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE answer (command TEXT PRIMARY KEY, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;""")
before = b"flow journal 1".ljust(32, b"\0")
for sequence, body in enumerate(BODIES, 1):
    time_ms = 1790000000000 + sequence
    before = hashlib.sha256(before + struct.pack("<qq", sequence, time_ms) + body.encode()).digest()
    print(f"INSERT INTO event VALUES ({sequence}, {time_ms}, '{body}', x'{before.hex()}');")
print("INSERT INTO answer VALUES ('01890a5d-ac96-774b-bcce-b302099a8057', '{\"accepted\":true,\"first\":2,\"last\":2}');")
print(f"INSERT INTO head VALUES (1, {len(BODIES)}, x'{before.hex()}');")
