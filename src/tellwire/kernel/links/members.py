"""Members that are added to the query of a link on its way, as `utm_source=sms`. Pure."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlencode

_FIELDS: Final = 1_000  # of one query; a link of 2,048 characters has no more


def members_of(pairs: Iterable[tuple[str, str]], target: str) -> str:
    """Return the pairs as members of a query, without those that the link has itself: what was written stands."""
    _, query, _ = _taken_apart(target)
    try:
        own = {name for name, _ in parse_qsl(query, keep_blank_values=True, max_num_fields=_FIELDS)}
    except ValueError:
        return ""
    return urlencode([(name, value) for name, value in pairs if value and name not in own])


def with_members(target: str, members: str) -> str:
    """Return a link with members at the end of its query, before its fragment; without members as it was written."""
    if not members:
        return target
    before, query, fragment = _taken_apart(target)
    joint = "&" if query and not query.endswith("&") else ""
    return f"{before}?{query}{joint}{members}{fragment}"


def _taken_apart(target: str) -> tuple[str, str, str]:
    """Return what stands before the query, the query, and the fragment with its mark."""
    rest, mark, fragment = target.partition("#")
    before, _, query = rest.partition("?")
    return before, query, mark + fragment
