"""Migration 3: traffic and troubles of providers."""

from typing import Final

# traffic     each provider's sums by hour since the epoch, in which its messages were made: `kind` is a status, where
#             they stand now, or `taken`. Written with the moves they sum up.
# trouble     the last thing that went wrong in handing over to a provider; `taken` when one last had a message.
SCRIPT: Final = """
CREATE TABLE traffic (
  hour INTEGER NOT NULL,
  provider_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (hour, provider_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE trouble (
  provider_id TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE taken (provider_id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO traffic (hour, provider_id, kind, value)
SELECT m.created_ms / 3600000, m.provider_id, s.status, count(*)
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq GROUP BY 1, 2, 3;
INSERT INTO traffic (hour, provider_id, kind, value)
SELECT m.created_ms / 3600000, m.provider_id, 'taken', count(*) FROM message AS m WHERE EXISTS (
  SELECT 1 FROM timeline AS t
  WHERE t.message = m.seq AND t.what IN ('handed over', 'perhaps handed over', 'receipt'))
GROUP BY 1, 2;
"""
