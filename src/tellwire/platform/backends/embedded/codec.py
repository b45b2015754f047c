"""Nouns to the JSON of a column and back. Not a wire of anybody else: only this back end reads it.

JSON goes to SQLite as text, never as bytes: a six-byte blob may be taken for SQLite's own binary JSON.
"""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
ENCODER = msgspec.json.Encoder()


def encode(value: Any) -> str:
    """Return the value as JSON text."""
    return ENCODER.encode(value).decode()


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return what reads `kind` back out of its JSON."""
    return msgspec.json.Decoder(kind)


def lines_of(text: str | None) -> str:
    """Return comma-joined JSON values, as `group_concat` makes them, as one array."""
    return f"[{text or ''}]"
