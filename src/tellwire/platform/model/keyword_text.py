"""The form in which a person's whole text is compared with keywords. Pure.

Case, accents, spaces, punctuation, emoji and full-width letters make no difference; another word does.
"""

import unicodedata
from typing import Final

LENGTH_LIMIT: Final = (
    100  # characters of a text that may still be a keyword: nobody puts a hundred signs around one
)

# Letters that are no letter with an accent (first the dotless i); many write them without their stroke.
_PLAIN: Final = str.maketrans(
    {"\u0131": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "\u0640": None}
)


def normal(text: str) -> str:
    """Return the letters and digits of a text as they are compared, or an empty text for what is none or too long."""
    bare = text.strip()
    if not bare or len(bare) > LENGTH_LIMIT:
        return ""
    split = unicodedata.normalize("NFKD", bare).casefold()
    letters = filter(_counts, unicodedata.normalize("NFKD", split))
    return unicodedata.normalize("NFC", "".join(letters)).translate(_PLAIN)


def _counts(sign: str) -> bool:
    """Say whether a sign makes a word another one: letters and digits, and the vowels that are marks in Asia's scripts.

    In Latin, Greek, Cyrillic, Hebrew and Arabic marks are left out by many; in Hindi बंद is "stop" and बाद is "later".
    """
    if sign.isalnum():
        return True
    return unicodedata.category(sign)[0] == "M" and any(first <= sign <= last for first, last in _VOWELS)


_VOWELS: Final = (("\u0900", "\u1cff"), ("\u3099", "\u309a"))
