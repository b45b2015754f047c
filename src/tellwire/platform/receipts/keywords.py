"""The texts by which a person says "no more" or "again", as whole messages and never as a part of one.

Pure, and the only place that knows the words. Words by country and language come here when there are any.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Keyword: TypeAlias = Literal["stop", "start"]

KEYWORDS: Final[Mapping[str, Keyword]] = MappingProxyType(
    {
        "stop": "stop",
        "stopall": "stop",
        "unsubscribe": "stop",
        "cancel": "stop",
        "end": "stop",
        "quit": "stop",
        "optout": "stop",
        "start": "start",
        "unstop": "start",
        "yes": "start",
    }
)


def keyword_of(text: str) -> Keyword | None:
    """Return what a whole text asks for, or None; case, spaces, punctuation and wide letters make no difference."""
    letters = filter(str.isalnum, unicodedata.normalize("NFKC", text))
    return KEYWORDS.get("".join(letters).casefold())
