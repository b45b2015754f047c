"""Migration 4: who is signed in."""

from typing import Final

# session     who is signed in to the dashboard: `key` is made of the cookie, which is in no store.
SCRIPT: Final = """
CREATE TABLE session (
  key TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
