"""Migration 5: what providers answered."""

from typing import Final

# answer      the beginning of what a provider said to an attempt, masked (`senders/provider_words`).
SCRIPT: Final = """
ALTER TABLE timeline ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE trouble ADD COLUMN answer TEXT NOT NULL DEFAULT '';
"""
