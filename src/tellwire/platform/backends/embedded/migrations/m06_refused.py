"""Migration 6: refused records and callbacks."""

from typing import Final

# refused_*   the last records of uploads and callbacks of providers that were refused (`ports/refusals`).
SCRIPT: Final = """
CREATE TABLE refused_record (
  seq INTEGER PRIMARY KEY,
  subject TEXT,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX refused_record_by_subject ON refused_record (subject) WHERE subject IS NOT NULL;
CREATE TABLE refused_callback (
  seq INTEGER PRIMARY KEY,
  provider_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX refused_callback_by_provider ON refused_callback (provider_id);
"""
