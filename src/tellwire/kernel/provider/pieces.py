"""The pieces of a request's template: pieces of typed text with slots for tokens between them. Pure.

How a token is written is the caller's choice: a pattern that finds one, whose only group is the token's name.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import msgspec

Value: TypeAlias = str | tuple[str, ...]  # a list joins with commas, but is an array as a whole JSON string
Values: TypeAlias = Mapping[str, Value]  # by the name of the token, as the template spells it
Escape: TypeAlias = Callable[[str], str]


class BadTemplate(ValueError):
    """The template cannot make a request; the message says what to mend. Raised when it is saved, if possible."""


class Filling(msgspec.Struct, frozen=True):
    """The values of one message for a template: a value for each of its tokens, and pairs that join the parameters."""

    values: Values
    extra: Mapping[str, str] = {}


class Slot(msgspec.Struct, frozen=True):
    """A place for one token's value."""

    name: str


Piece: TypeAlias = str | Slot
Pieces: TypeAlias = tuple[Piece, ...]


def pieces_of(text: str, tokens: re.Pattern[str]) -> Pieces:
    """Split a text at its tokens."""
    parts = tokens.split(text)  # text, name, text, name, ..., text
    pieces: list[Piece] = [Slot(part) if n % 2 else part for n, part in enumerate(parts)]
    return tuple(piece for piece in pieces if piece != "")


def encoded(pieces: Pieces, escape: Escape) -> Pieces:
    """Escape the typed text around the slots."""
    return tuple(piece if isinstance(piece, Slot) else escape(piece) for piece in pieces)


def names_of(pieces: Iterable[object]) -> list[str]:
    """Return the names of all slots among these pieces."""
    return [piece.name for piece in pieces if isinstance(piece, Slot)]


def fill_text(pieces: Pieces, values: Values, escape: Escape) -> str:
    """Return the text with each slot's value in its place, escaped."""
    return "".join(
        [piece if isinstance(piece, str) else escape(as_text(values[piece.name])) for piece in pieces]
    )


def as_text(value: Value) -> str:
    """Return a value as it stands within a text."""
    return value if isinstance(value, str) else ",".join(value)
