"""Migration 7: what campaigns decided, by the hour."""

from typing import Final

# campaign_hour  what a campaign decided in an hour of the last days (`campaign_hours`). Those of before are filled in
#             as far as they are looked at.
SCRIPT: Final = """
CREATE TABLE campaign_hour (
  campaign_id INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  kind TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, hour, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO campaign_hour (campaign_id, hour, kind, value)
SELECT m.campaign_id, m.created_ms / 3600000, s.status, count(*)
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq
WHERE m.created_ms > (SELECT max(created_ms) FROM message) - 691200000 GROUP BY 1, 2, 3;
INSERT INTO campaign_hour (campaign_id, hour, kind, value)
SELECT m.campaign_id, m.created_ms / 3600000, 'taken', count(*) FROM message AS m
WHERE m.created_ms > (SELECT max(created_ms) FROM message) - 691200000 AND EXISTS (
  SELECT 1 FROM timeline AS t
  WHERE t.message = m.seq AND t.what IN ('handed over', 'perhaps handed over', 'receipt'))
GROUP BY 1, 2;
"""
