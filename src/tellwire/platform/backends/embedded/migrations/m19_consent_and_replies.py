"""Migration 19: the consent ledger, suppressions with ends, and what people answer."""

from typing import Final

# consent     the ledger: what was allowed and forbidden, by whom and how. Never deleted; `key` is of the request.
# suppression gains an end (`until_ms`), why and by whom, and the address where the key is a hash of it.
# inbound     texts of people. `key` is the provider's name of the text, so that one that comes twice is one; `person`
#             is the key of the name that its event is about, `answer` the keyword that was answered by itself, and what
#             did not do all it asked for by itself `is_news`.
# conversation  the last text of each person, and how many nobody has read.
SCRIPT: Final = """
CREATE TABLE consent (
  seq INTEGER PRIMARY KEY,
  key TEXT UNIQUE,
  address INTEGER,
  profile TEXT,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX consent_by_address ON consent (address) WHERE address IS NOT NULL;
CREATE INDEX consent_by_profile ON consent (profile) WHERE profile IS NOT NULL;
ALTER TABLE suppression ADD COLUMN until_ms INTEGER;
ALTER TABLE suppression ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE suppression ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE suppression ADD COLUMN address TEXT;
CREATE INDEX suppression_by_moment ON suppression (at_ms, phone, source) WHERE is_suppressed;
CREATE INDEX suppression_by_end ON suppression (until_ms) WHERE until_ms IS NOT NULL;
CREATE TABLE inbound (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL,
  address INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  answer TEXT NOT NULL,
  is_news INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX inbound_by_person ON inbound (person);
CREATE INDEX inbound_by_address ON inbound (address, received_ms);
CREATE TABLE conversation (
  person TEXT PRIMARY KEY,
  last INTEGER NOT NULL,
  unread INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_by_last ON conversation (last);
CREATE INDEX conversation_unread ON conversation (last) WHERE unread > 0;
"""
