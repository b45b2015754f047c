"""What a request's template is made of: pieces of typed text with slots for tokens between them. Pure."""

from typing import TypeAlias

import msgspec

from tellwire.platform.senders.tokens import TOKEN


class BadTemplate(ValueError):
    """The provider's template cannot make a request; the message says what to mend. Found when it is saved."""


class Slot(msgspec.Struct, frozen=True):
    """A place for one token's value."""

    name: str
    is_array: bool = False


Piece: TypeAlias = str | Slot
Pieces: TypeAlias = tuple[Piece, ...]


def pieces_of(text: str) -> Pieces:
    """Split a text at its tokens."""
    found = TOKEN.split(text)  # text, name, text, name, ..., text
    pieces: list[Piece] = [Slot(part) if n % 2 else part for n, part in enumerate(found)]
    return tuple(piece for piece in pieces if piece != "")
