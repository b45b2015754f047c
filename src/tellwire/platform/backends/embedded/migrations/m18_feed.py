"""Migration 18: what changed, for the copy in columns."""

from typing import Final

# fed_*       what changed of people, numbers and lists, for a copy in columns (`feed`): `is_taken` has been read and
#             not said to be kept. Each name stands here at most twice, however often it changes. Triggers write them,
#             so that no writer can forget to; they run inside its statement and hand nothing over.
# fed_from    who this store is: a copy that was made of another is made anew.
SCRIPT: Final = """
CREATE TABLE fed_from (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL) STRICT;
INSERT INTO fed_from (only, id) VALUES (1, lower(hex(randomblob(12))));
CREATE TABLE fed_person (
  is_taken INTEGER NOT NULL,
  profile INTEGER NOT NULL,
  PRIMARY KEY (is_taken, profile)
) STRICT, WITHOUT ROWID;
CREATE TABLE fed_number (
  is_taken INTEGER NOT NULL,
  phone INTEGER NOT NULL,
  PRIMARY KEY (is_taken, phone)
) STRICT, WITHOUT ROWID;
CREATE TABLE fed_member (
  is_taken INTEGER NOT NULL,
  list INTEGER NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (is_taken, list, key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER feed_new_person AFTER INSERT ON profile BEGIN
  INSERT OR IGNORE INTO fed_person (is_taken, profile) VALUES (0, new.seq);
END;
CREATE TRIGGER feed_person AFTER UPDATE ON profile BEGIN
  INSERT OR IGNORE INTO fed_person (is_taken, profile) VALUES (0, new.seq);
END;
CREATE TRIGGER feed_gone_person AFTER DELETE ON profile BEGIN
  INSERT OR IGNORE INTO fed_person (is_taken, profile) VALUES (0, old.seq);
END;
CREATE TRIGGER feed_number AFTER INSERT ON suppression BEGIN
  INSERT OR IGNORE INTO fed_number (is_taken, phone) VALUES (0, new.phone);
END;
CREATE TRIGGER feed_changed_number AFTER UPDATE ON suppression BEGIN
  INSERT OR IGNORE INTO fed_number (is_taken, phone) VALUES (0, new.phone);
END;
CREATE TRIGGER feed_gone_number AFTER DELETE ON suppression BEGIN
  INSERT OR IGNORE INTO fed_number (is_taken, phone) VALUES (0, old.phone);
END;
CREATE TRIGGER feed_member AFTER INSERT ON list_member BEGIN
  INSERT OR IGNORE INTO fed_member (is_taken, list, key) VALUES (0, new.list, new.key);
END;
CREATE TRIGGER feed_gone_member AFTER DELETE ON list_member BEGIN
  INSERT OR IGNORE INTO fed_member (is_taken, list, key) VALUES (0, old.list, old.key);
END;
"""
