"""Migration 1: the stream, the ledger, the outbox, sums, and the catalog."""

from typing import Final

# stream      `chunk`: the entries of one group commit, comma-joined JSON; positions are dense, `position` is that
#             of the last. `entry`: ids seen; `chunk` is the position of the first entry of the chunk it is in.
# ledger      `progress` is how far each partition was decided. `activity` is what profiles did, in that order.
#             `profile_hash` is crc32(profile_id): an index of small integers costs half of one of ids (5 us an
#             event less at 20,000 profiles), and readers compare the id too.
#             `standing` is apart from `message` because it changes: a page of it holds ten times the rows.
# outbox      `outbox` waits, clustered by provider and due time; `claim` is taken until `lease_ms`. A row moves
#             between them.
# counter     sums of what was recorded, written in the transactions that record it.
# *_line      a row of a list as one JSON array, names of today's catalog included. A list is one statement that
#             joins its lines to one text: each row that a statement steps through hands the interpreter lock over.
#             CROSS JOIN, here and elsewhere, is SQLite's word for "in this order": what is given, then by its keys.
#             A provider that was deleted is called by its id.
SCRIPT: Final = """
CREATE TABLE chunk (
  position INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE entry (id TEXT PRIMARY KEY, chunk INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE progress (partition INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT;
INSERT INTO progress (partition, position) VALUES (0, 0);
CREATE TABLE profile (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  phone INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX profile_by_phone ON profile (phone) WHERE phone IS NOT NULL;
CREATE TABLE subject (key TEXT PRIMARY KEY, profile INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE suppression (
  phone INTEGER PRIMARY KEY,
  is_suppressed INTEGER NOT NULL,
  source TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE activity (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  profile_id TEXT NOT NULL,
  profile_hash INTEGER NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX activity_by_profile ON activity (profile_hash);
CREATE TABLE decision (
  event_id TEXT NOT NULL,
  campaign_id INTEGER NOT NULL,
  is_send INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (event_id, campaign_id)
) STRICT;
CREATE TABLE message (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  campaign_id INTEGER NOT NULL,
  phone INTEGER NOT NULL,
  provider_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX message_by_campaign ON message (campaign_id);
CREATE INDEX message_by_phone ON message (phone);
CREATE TABLE standing (
  message INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  detail TEXT,
  error_code TEXT NOT NULL,
  description TEXT NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE timeline (
  seq INTEGER PRIMARY KEY,
  message INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  detail TEXT,
  what TEXT NOT NULL,
  code TEXT NOT NULL,
  description TEXT NOT NULL
) STRICT;
CREATE INDEX timeline_by_message ON timeline (message);

CREATE TABLE outbox (
  provider_id TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  message INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  PRIMARY KEY (provider_id, due_ms, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim (message INTEGER PRIMARY KEY, lease_ms INTEGER NOT NULL, attempt INTEGER NOT NULL) STRICT;

CREATE TABLE counter (
  campaign_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  version INTEGER NOT NULL,
  next_campaign_id INTEGER NOT NULL
) STRICT;
INSERT INTO catalog (only, version, next_campaign_id) VALUES (1, 0, 1);
CREATE TABLE campaign (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE provider (id TEXT PRIMARY KEY, nickname TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIEW event_line (seq, event_id, profile_id, profile_hash, name, line) AS
SELECT a.seq, a.event_id, a.profile_id, a.profile_hash, a.name,
  '[' || json_quote(a.profile_id) || ',' || a.body || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND d.is_send) || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND NOT d.is_send) || ']'
FROM activity AS a;
CREATE VIEW message_line (seq, id, campaign_id, phone, line) AS
SELECT m.seq, m.id, m.campaign_id, m.phone,
  '[' || m.body || ',' || json_array(
    s.status, s.detail, s.error_code, s.description, s.updated_ms,
    ifnull(c.name, ''), ifnull(p.nickname, m.provider_id)) || ']'
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq
LEFT JOIN campaign AS c ON c.id = m.campaign_id LEFT JOIN provider AS p ON p.id = m.provider_id;
CREATE VIEW decision_line (event_id, campaign_id, line) AS
SELECT d.event_id, d.campaign_id, '[' || d.body || ',' || json_quote(ifnull(c.name, '')) || ']'
FROM decision AS d LEFT JOIN campaign AS c ON c.id = d.campaign_id;
"""
