"""Migration 14: saved views of lists."""

from typing import Final

# saved_view  views of lists that people keep by name; `folded` is the name without capitals.
SCRIPT: Final = """
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  query TEXT NOT NULL,
  author TEXT NOT NULL,
  UNIQUE (page, folded)
) STRICT;
"""
