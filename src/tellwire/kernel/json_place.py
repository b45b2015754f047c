"""Where in a JSON text a mistake is: by line and column, as editors count them, and no longer by byte. Pure."""

import re
from typing import Final

_AT: Final = re.compile(r"\(byte (\d+)\)")
_PREFIX: Final = "JSON is malformed: "
_CUT: Final = "it ends before it is whole"


def json_mistake(text: bytes | str, error: Exception) -> str:
    """Return what a decoder said is wrong with a text, and where: "line 2, column 14: expected ':'"."""
    raw = text.encode() if isinstance(text, str) else text
    words, place = str(error), _AT.search(str(error))
    if place is None:
        offset, what = len(raw), _CUT if "truncated" in words else words
    else:
        offset, what = int(place[1]), words[: place.start()].strip().removeprefix(_PREFIX)
    before = raw[:offset].decode(errors="replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"line {line}, column {column}: {what}"
