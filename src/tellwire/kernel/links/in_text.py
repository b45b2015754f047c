"""The links of a text, and others in their place. Pure."""

import re
from collections.abc import Callable
from typing import Final

from tellwire.kernel.links.web_url import URL_LIMIT, is_web_url

# A text of ten parts whose every link is as long as a link may be is shorter.
TEXT_LIMIT: Final = 64 * 1024
_LINK: Final = re.compile(r"https?://[^\s\0<>\"]+", re.IGNORECASE)
# What ends a sentence does not belong to the link at its end.
_ENDS: Final = ".,;:!?'\u2026\u3002\u3001\uff0c\uff01\uff1f"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


def replace_links(text: str, short_of: Callable[[str], str | None]) -> str:
    """Return a text with other links in place of its own; `short_of` returns None for one that stays.

    A text that is too long to be sent stays as it is, and so does what is not a web address.
    """
    if len(text) > TEXT_LIMIT:
        return text

    def replaced(link: re.Match[str]) -> str:
        if len(link[0]) > 2 * URL_LIMIT:
            return link[0]
        target, rest = cut_link(link[0])
        short = short_of(target) if is_web_url(target) else None
        return link[0] if short is None else short + rest

    return _LINK.sub(replaced, text)


def cut_link(link: str) -> tuple[str, str]:
    """Return a link without the end of the sentence around it, and that end."""
    end = len(link)
    while end:
        last = link[end - 1]
        opening = _BRACKETS.get(last)
        is_open = opening is not None and link.count(opening, 0, end) >= link.count(last, 0, end)
        if last not in _ENDS and (opening is None or is_open):
            break
        end -= 1
    return link[:end], link[end:]
