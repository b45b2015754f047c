"""Migration 8: versions of facts."""

from typing import Final

# fact_change counts changes of profiles and suppressions. `subject.version` is the number of that which wrote the
#             subject's profile last, 0 for those of before: a recording writes nothing if a fact it was decided on
#             has another version by then.
SCRIPT: Final = """
CREATE TABLE fact_change (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL) STRICT;
INSERT INTO fact_change (only, number) VALUES (1, 0);
ALTER TABLE subject ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
"""
