-- A journal as version 1 wrote it. Made by make.py.
PRAGMA application_id = 1179406167;
PRAGMA user_version = 1;
CREATE TABLE event (sequence INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE answer (command TEXT PRIMARY KEY, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
INSERT INTO event VALUES (1, 1790000000001, '{"event":"person_admitted","person":"anna","roles":"admin"}', x'77cc744cd32d42913c81736b974c7558a3a6e9832fbc9605ea9bf8ea2d7ff17f');
INSERT INTO event VALUES (2, 1790000000002, '{"event":"lot_received","by":"anna","lot":"SP-1","what":"pla_black","amount":"1 kg"}', x'e54faa859b6d5a3b38fe02c340d96cc0a9e1d18433133e4a0919f5c419282487');
INSERT INTO event VALUES (3, 1790000000003, '{"event":"lot_held","by":"anna","lot":"SP-1","reason":"the supplier called"}', x'bb1e7c8456eb07d95ee3edcd2f8b4ffb9f88c8bd23ef7ec215ad7e20d871d244');
INSERT INTO event VALUES (4, 1790000000004, '{"event":"lot_freed","by":"anna","lot":"SP-1","reason":"tested \"good\""}', x'8c49804400ddd289d0ab65bf62ff86f7f4b367601314ab222e80f07f26162fca');
INSERT INTO answer VALUES ('01890a5d-ac96-774b-bcce-b302099a8057', '{"accepted":true,"first":2,"last":2}');
INSERT INTO head VALUES (1, 4, x'8c49804400ddd289d0ab65bf62ff86f7f4b367601314ab222e80f07f26162fca');
