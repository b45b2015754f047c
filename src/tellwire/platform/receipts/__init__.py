"""Stage 5: what providers tell about messages moves their status and becomes events."""
