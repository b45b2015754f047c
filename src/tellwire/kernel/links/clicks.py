"""Which request for a short link is a click, and where it sends a browser. Pure."""

from typing import Final
from urllib.parse import quote

# What stands in an address as it is; letters of other languages (RFC 3987) are escaped for the header.
_URL_SAFE: Final = "%/:?#[]@!$&'()*+,;=~-._"


def is_click(method: str, purpose: bytes) -> bool:
    """Say whether a person goes there now: not a HEAD, and not what a browser fetches ahead of time.

    `purpose` is the value of the header Sec-Purpose, or of Purpose in older browsers.
    """
    return method == "GET" and b"prefetch" not in purpose.lower()


def location_of(target: str) -> bytes:
    """Return a link's target as the header Location takes it."""
    return quote(target, safe=_URL_SAFE).encode()
