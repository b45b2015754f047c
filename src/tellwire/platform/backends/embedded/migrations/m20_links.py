"""Migration 20: short links and clicks."""

from typing import Final

# link        short links of messages (`links`): they outlive these. `profile_hash` as of `activity`; from `ends_ms` on
#             a link leads nowhere. `source` is what events of clicks need of the message; `clicks` are those of people.
# click       messages of which a link was clicked, and how often, whoever saw it: who has one clicked once.
# campaign    what was published before has its links as they were (`stored_campaign`).
SCRIPT: Final = """
CREATE TABLE link (
  seq INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  message_id TEXT NOT NULL,
  profile_id TEXT NOT NULL,
  profile_hash INTEGER NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  members TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL,
  clicks INTEGER NOT NULL DEFAULT 0,
  clicked_ms INTEGER
) STRICT;
CREATE INDEX link_by_profile ON link (profile_hash);
CREATE TABLE click (message INTEGER PRIMARY KEY, clicks INTEGER NOT NULL, first_ms INTEGER NOT NULL) STRICT;
UPDATE campaign SET body = json_set(body, '$.links_before', json('true'))
WHERE id IN (SELECT campaign_id FROM campaign_version);
UPDATE campaign_version SET body = json_set(body, '$.links_before', json('true'));
"""
