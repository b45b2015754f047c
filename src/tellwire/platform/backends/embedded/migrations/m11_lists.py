"""Migration 11: lists of people."""

from typing import Final

# list_member who is on lists: `key` is a name as `subject.key` has it, or `phone:` and digits, known yet or not. By key
#             first, for rules ask about people; the other index is for who looks at a list.
# list_size   how many are on each list; its list may be gone, and then so are its members before long.
# list_change changes of lists that starts have not followed yet, in their order: kept where a start may follow them.
SCRIPT: Final = """
CREATE TABLE list_member (
  key TEXT NOT NULL,
  list INTEGER NOT NULL,
  PRIMARY KEY (key, list)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_member_by_list ON list_member (list, key);
CREATE TABLE list_size (list INTEGER PRIMARY KEY, members INTEGER NOT NULL) STRICT;
CREATE TABLE list_change (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  list INTEGER NOT NULL,
  is_added INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  catalog_version INTEGER NOT NULL
) STRICT;
CREATE INDEX list_change_by_key ON list_change (key);
"""
