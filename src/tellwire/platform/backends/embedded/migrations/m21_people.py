"""Migration 21: people by name, and their erasure."""

from typing import Final

# profile     is found by name too, and by what stands in it behind the first space.
# erasure     receipts of people who were erased: nothing of them but the id that their profile had. `stage` and `place`
#             are how far the looking has come; `names` has what is looked for, and is empty once it has ended.
SCRIPT: Final = """
CREATE INDEX profile_by_name ON profile (lower(body->>'$.properties.Name'))
WHERE lower(body->>'$.properties.Name') IS NOT NULL;
CREATE INDEX profile_by_rest_of_name
ON profile (lower(substr(body->>'$.properties.Name', instr(body->>'$.properties.Name', ' ') + 1)))
WHERE instr(body->>'$.properties.Name', ' ') > 0;
CREATE TABLE erasure (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  profile_id TEXT NOT NULL,
  author TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  upto INTEGER NOT NULL,
  stage TEXT NOT NULL,
  place INTEGER NOT NULL,
  names TEXT NOT NULL,
  rows TEXT NOT NULL
) STRICT;
CREATE INDEX erasure_under_way ON erasure (seq) WHERE finished_ms IS NULL;
"""
