"""Migration 12: trials of splits, and those who are overdue."""

from typing import Final

# trial       which branch of a split wins (`trials`): one of each split, version of the campaign, and run; `due_ms` is
#             when it is to be decided, NULL once it is. tried: who is in one that is not decided, clustered by person.
# parked_ms   when somebody became due whose campaign is paused, that is whose `wake_ms` is NULL.
# resumption  campaigns that go on after a pause, and how many of those who are overdue have (`resuming`).
SCRIPT: Final = """
CREATE TABLE trial (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  step TEXT NOT NULL,
  version INTEGER NOT NULL,
  due_ms INTEGER,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run, step, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_by_due ON trial (due_ms) WHERE due_ms IS NOT NULL;
CREATE TABLE tried (
  profile INTEGER NOT NULL,
  id TEXT NOT NULL,
  step TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (profile, id, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX tried_by_moment ON tried (at_ms);
ALTER TABLE enrollment ADD COLUMN parked_ms INTEGER;
UPDATE enrollment SET parked_ms = CAST(round(unixepoch(body->>'due_at', 'subsec') * 1000) AS INTEGER)
WHERE wake_ms IS NULL;
CREATE INDEX enrollment_by_parking ON enrollment (campaign_id, parked_ms, profile, id, version, step, wake_ms)
WHERE wake_ms IS NULL;
CREATE TABLE resumption (campaign_id INTEGER PRIMARY KEY, done INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
"""
