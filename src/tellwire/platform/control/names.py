"""Names that people give to things: what is none. Pure."""

import re
from typing import Final

from tellwire.platform.model.value import fold

# Control characters and line breaks, and marks that turn the direction of all that stands behind a name.
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def no_name(name: str, thing: str) -> str:
    """Return why this cannot be the name of a thing, in a sentence; empty if it can. White space around it is none."""
    if not fold(name):
        return f"Give the {thing} a name."
    if _UNFIT.search(name.strip()):
        return "A name stands on one line: take the control characters out of it."
    return ""
