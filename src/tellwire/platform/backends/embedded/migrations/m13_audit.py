"""Migration 13: the audit log."""

from typing import Final

# audit       who changed what and when (`audit`): written in the transaction of the change. `object_id` is a text, for
#             audiences and lists go by their names; `catalog_version` is the catalog's number that the change made.
SCRIPT: Final = """
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  author TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  catalog_version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_object ON audit (kind, object_id);
"""
