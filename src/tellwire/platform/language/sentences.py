"""What the reader (msgspec) says of a form, as a sentence for whoever wrote it. Pure."""

import re
from typing import Any, Final

from tellwire.platform.language.choices import with_choices
from tellwire.platform.language.near import near

UNKNOWN: Final = re.compile(r"^Object contains unknown field `(.*)`\.?$")
_TOO_MANY: Final = re.compile(r"Expected `array` of length <= (\d+)\.?")
_NO_MOMENT: Final = "Invalid RFC3339 encoded datetime"


def sentence_of(why: str, kind: Any, path: str = "") -> str:
    """Return why what stands at a path of `kind` was refused, with what was perhaps meant."""
    why = with_choices(why, kind, path)
    if why.startswith(_NO_MOMENT):
        return "This is not a moment: write 2026-06-06T09:00:00, which is UTC, or with a zone's offset behind it."
    if too_many := _TOO_MANY.fullmatch(why):
        return f"There are more than {too_many[1]}, and more cannot stand here."
    unknown = UNKNOWN.match(why)
    word = None if unknown is None else near(unknown[1])
    if word is None or unknown is None:
        return why if why.endswith((".", "?")) else f"{why}."
    why = why.rstrip(".")
    return f"`{word}` does not stand here." if word == unknown[1] else f"{why}: did you mean `{word}`?"
