"""Migration 16: audiences of runs."""

from typing import Final

# audience    whom a run is for, taken down before its first message: places of profiles, ascending, some in a row, and
#             `last` is the greatest of them.
# merger      who became part of whom while a run was under way: the one that remains has the other's place in it.
# sweep       gains `is_chosen`: whether its audience stands, and `after` goes through that; `next_ms` is when it goes
#             on. A run that was under way goes on with an audience of those whom it had not come by.
SCRIPT: Final = """
CREATE TABLE audience (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  last INTEGER NOT NULL,
  members TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run, last)
) STRICT;
CREATE TABLE merger (profile INTEGER PRIMARY KEY, into_profile INTEGER NOT NULL) STRICT;
CREATE INDEX merger_by_remaining ON merger (into_profile);
ALTER TABLE sweep ADD COLUMN is_chosen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sweep ADD COLUMN next_ms INTEGER NOT NULL DEFAULT 0;
UPDATE sweep SET next_ms = at_ms;
DROP INDEX sweep_by_moment;
CREATE INDEX sweep_by_moment ON sweep (is_paused, next_ms);
CREATE INDEX sweep_under_way ON sweep (is_chosen, campaign_id) WHERE upto IS NOT NULL AND run <> '';
UPDATE campaign_run SET body = json_set(body,
  '$.members', (body->>'people') - ifnull(body->>'$.refused.profile_conditions', 0),
  '$.met', (body->>'people') - ifnull(body->>'$.refused.profile_conditions', 0),
  '$.refused', json(json_remove(ifnull(body->'refused', '{}'), '$.profile_conditions')))
WHERE campaign_id IN (
  SELECT id FROM campaign WHERE body->>'$.start.type' = 'schedule' AND ifnull(body->>'$.start.zone', '') <> 'person');
"""
