"""Names that people give to things: what is none. Pure.

A name is compared by eye, and printed among others: what nobody can see would make two that look alike, and what
turns the direction of writing would change all that stands behind it.
"""

import re
import unicodedata
from typing import Final

from tellwire.platform.model.value import fold

# Letters of no width at all, though Unicode does not call them format characters.
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")
# Joiners are part of writing Persian and Hindi, and of emoji: between two characters that are not ASCII they stay.
# The flags of England, Scotland and Wales are a black flag with letters that nobody sees.
_JOINED: Final = re.compile(
    r"(?<=[^\x00-\x7f\u200c\u200d])[\u200c\u200d](?=[^\x00-\x7f\u200c\u200d])"
    r"|(?<=\U0001f3f4)[\U000e0030-\U000e007a]+\U000e007f"
)
_LINE_ENDS: Final = frozenset("\u2028\u2029")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs"})  # controls, marks of format, halves of a pair


def no_name(name: str, thing: str) -> str:
    """Return why this cannot be the name of a thing, in a sentence; empty if it can. White space around it is none."""
    if not fold(name):
        return f"Give the {thing} a name."
    return unfit(name)


def unfit(name: str) -> str:
    """Return why nobody could read this name, empty if all can; white space around it is no part of it."""
    shown = name.strip()
    if shown.isascii() and shown.isprintable():
        return ""  # most are
    left = _JOINED.sub("", shown)
    hidden = next((letter for letter in left if _is_hidden(letter)), None)
    if hidden is None:
        return ""
    if unicodedata.category(hidden) == "Cc" or hidden in _LINE_ENDS:
        return "A name stands on one line: take the control characters out of it."
    called = unicodedata.name(hidden, "a character of no meaning")
    return f"Take U+{ord(hidden):04X} ({called.lower()}) out of the name: nobody can see it."


def _is_hidden(letter: str) -> bool:
    return letter in _LINE_ENDS or letter in _FILLERS or unicodedata.category(letter) in _HIDDEN
