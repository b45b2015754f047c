"""Migration 15: people by their e-mail address."""

from typing import Final

# profile     is found by its e-mail address too: calls of the API name people by it.
SCRIPT: Final = """
CREATE INDEX profile_by_email ON profile (lower(body->>'$.properties.Email'))
WHERE lower(body->>'$.properties.Email') IS NOT NULL;
"""
