"""Money between people and the store: decimal text outside, integer millionths of a currency inside. Pure."""

import re
from typing import Final

_FORM: Final = re.compile(r"(-?)([0-9]{1,9})(?:\.([0-9]{1,6}))?")


def read_micro(text: str) -> int | None:
    """Return the millionths that "12.5" means, None when it is no amount.

    An amount has at most nine digits before the point and six after it.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    micro = int(whole) * 1_000_000 + int((fraction or "").ljust(6, "0"))
    return -micro if sign else micro


def write_micro(micro: int) -> str:
    """Return millionths as decimal text with at least two decimals."""
    whole, fraction = divmod(abs(micro), 1_000_000)
    decimals = f"{fraction:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if micro < 0 else ''}{whole}.{decimals}"
