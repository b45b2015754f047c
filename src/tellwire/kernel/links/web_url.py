"""Which text is a web address that may be posted to or linked to (8x8 contract 2.2, 3.6). Pure."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

URL_LIMIT: Final = 2048


@lru_cache(maxsize=1024)
def is_web_url(url: str) -> bool:
    """Say whether `url` is an absolute http or https address of at most `URL_LIMIT` characters.

    One with a user or password in it is refused: nothing would ever be posted to it, and it would show its secret in
    every list.
    """
    if len(url) > URL_LIMIT or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_open = parts.username is None and parts.password is None
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and has_port and is_open
