"""Migration 17: what rules ask of behaviour."""

from typing import Final

# asked       what live rules ask of behaviour (`tallies`): a line under a key, and the folded name of its event.
#             Activity behind `after` up to `upto`, the last when it was asked, is still to be counted; NULL is all
#             counted. Ids are never given twice, for tallies of a line that nobody asks any more go by and by.
# tally       the cells of a person for a line, clustered by person. The index is for forgetting.
# absorbed    who became part of whom, for activity keeps the profile that it was recorded for; from this version on.
SCRIPT: Final = """
CREATE TABLE asked (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  event TEXT NOT NULL,
  after INTEGER,
  upto INTEGER NOT NULL
) STRICT;
CREATE TABLE tally (
  profile INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (profile, asked)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_by_line ON tally (asked, profile);
CREATE TABLE absorbed (profile_id TEXT PRIMARY KEY, into_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX absorbed_by_remaining ON absorbed (into_id);
"""
