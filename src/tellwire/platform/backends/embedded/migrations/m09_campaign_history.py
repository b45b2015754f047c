"""Migration 9: versions and logs of campaigns."""

from typing import Final

# campaign_version  campaigns as they were published; `campaign_log` when they began to run and when they stopped
#             (`history`). `catalog_version` is the catalog's number of the save that did it. Of before nothing is
#             known but that a campaign is as it is since it was last saved: that has the number 0, and what runs now
#             is version 1.
SCRIPT: Final = """
CREATE TABLE campaign_version (
  campaign_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  published_ms INTEGER NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign_id, number)
) STRICT;
CREATE TABLE campaign_log (
  campaign_id INTEGER NOT NULL,
  catalog_version INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL,
  number INTEGER NOT NULL,
  author TEXT NOT NULL,
  PRIMARY KEY (campaign_id, catalog_version)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_log_by_moment ON campaign_log (at_ms);
INSERT INTO campaign_log (campaign_id, catalog_version, at_ms, what, number, author)
SELECT id, 0, CAST(round(unixepoch(body->>'updated_at', 'subsec') * 1000) AS INTEGER),
  iif(body->>'state' = 'running', 'published', 'stopped'), body->>'state' = 'running', ''
FROM campaign WHERE body->>'state' IN ('running', 'stopped');
INSERT INTO campaign_version (campaign_id, number, published_ms, author, body)
SELECT l.campaign_id, 1, l.at_ms, '', c.body FROM campaign_log AS l CROSS JOIN campaign AS c ON c.id = l.campaign_id
WHERE l.what = 'published';
"""
