"""Migration 22: how large audiences were."""

from typing import Final

# audience_day how many belonged to a saved audience on a day of the account's, as it was last counted (`growth`).
SCRIPT: Final = """
CREATE TABLE audience_day (
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;
"""
