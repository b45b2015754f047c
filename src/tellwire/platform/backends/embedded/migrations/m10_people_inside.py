"""Migration 10: people inside campaigns, and what guards and reports remember of them."""

from typing import Final

# enrollment  who is inside a campaign, or will enter it at a moment of their own, clustered by person. `wake_ms` is
#             when the worker looks at it: when it is due, at once if its campaign changed, never while that is paused.
# waking      campaigns whose people are to be woken, and who was the last that was.
# departure   how those who were inside left, in that order.
# call        requests to other systems that wait; one that is taken is due again when its lease is over.
# goal_watch  who may still reach a campaign's goal.
# message     `counts` says whether caps and gaps count it: they look at the index alone.
# entering    how often somebody entered a campaign that limits it; campaign_day: messages of one on an account's day.
# sweep       campaigns that go through all people: from `after`, not included, to `upto`, the last there was when it
#             began; NULL before that. campaign_run: what each did; run_number: whom a run wrote to at which number.
# account     what holds over all campaigns, part of the catalog.
# decision    gains which step of the campaign it is about, so that one occasion may lead to several.
SCRIPT: Final = """
CREATE TABLE enrollment (
  profile INTEGER NOT NULL,
  id TEXT NOT NULL,
  campaign_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  step TEXT NOT NULL,
  wake_ms INTEGER,
  body TEXT NOT NULL,
  PRIMARY KEY (profile, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX enrollment_by_wake ON enrollment (wake_ms) WHERE wake_ms IS NOT NULL;
CREATE INDEX enrollment_by_campaign ON enrollment (campaign_id, version, step);
CREATE TABLE waking (
  campaign_id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  step TEXT NOT NULL,
  profile INTEGER NOT NULL,
  id TEXT NOT NULL
) STRICT;
CREATE TABLE departure (
  seq INTEGER PRIMARY KEY,
  profile INTEGER NOT NULL,
  campaign_id INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX departure_by_profile ON departure (profile);
ALTER TABLE message ADD COLUMN counts INTEGER NOT NULL DEFAULT 1;
UPDATE message SET counts = 0 WHERE seq IN (SELECT message FROM standing WHERE status = 'rejected');
DROP INDEX message_by_phone;
CREATE INDEX message_by_phone ON message (phone, created_ms, campaign_id, counts);
CREATE TABLE goal_watch (
  profile INTEGER NOT NULL,
  id TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (profile, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_watch_by_end ON goal_watch (until_ms);
CREATE TABLE call (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  campaign_id INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX call_by_due ON call (due_ms);
CREATE INDEX call_by_campaign ON call (campaign_id, due_ms);
CREATE TABLE entering (
  profile INTEGER NOT NULL,
  campaign_id INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (profile, campaign_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sweep (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  after INTEGER NOT NULL,
  upto INTEGER,
  is_paused INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_by_moment ON sweep (is_paused, at_ms);
CREATE INDEX sweep_by_run ON sweep (run);
CREATE TABLE campaign_run (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_run_by_moment ON campaign_run (at_ms);
CREATE TABLE run_number (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  phone INTEGER NOT NULL,
  profile_id TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run, phone)
) STRICT, WITHOUT ROWID;
CREATE TABLE account (only INTEGER PRIMARY KEY CHECK (only = 1), body TEXT NOT NULL) STRICT;
CREATE TABLE campaign_day (
  campaign_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, day)
) STRICT, WITHOUT ROWID;

DROP VIEW event_line;
DROP VIEW decision_line;
CREATE TABLE decision_by_step (
  event_id TEXT NOT NULL,
  campaign_id INTEGER NOT NULL,
  number INTEGER NOT NULL DEFAULT 0,
  visit INTEGER NOT NULL DEFAULT 0,
  is_hold INTEGER NOT NULL DEFAULT 0,
  is_send INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (event_id, campaign_id, number, visit, is_hold)
) STRICT;
INSERT INTO decision_by_step (event_id, campaign_id, is_send, body)
SELECT event_id, campaign_id, is_send, body FROM decision ORDER BY rowid;
DROP TABLE decision;
ALTER TABLE decision_by_step RENAME TO decision;
CREATE VIEW event_line (seq, event_id, profile_id, profile_hash, name, line) AS
SELECT a.seq, a.event_id, a.profile_id, a.profile_hash, a.name,
  '[' || json_quote(a.profile_id) || ',' || a.body || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND d.is_send) || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND NOT d.is_send AND NOT d.is_hold) || ']'
FROM activity AS a;
CREATE VIEW decision_line (event_id, campaign_id, line) AS
SELECT d.event_id, d.campaign_id, '[' || d.body || ',' || json_quote(ifnull(c.name, '')) || ']'
FROM decision AS d LEFT JOIN campaign AS c ON c.id = d.campaign_id;
UPDATE campaign SET body = json_set(body, '$.version',
  (SELECT max(number) FROM campaign_version WHERE campaign_id = campaign.id))
WHERE id IN (SELECT campaign_id FROM campaign_version);
"""
