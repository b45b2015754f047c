"""Puts short links in place of a text's own, for one message. Pure.

The slug of a link is made of a secret, the message's id and the link's place in the text: nobody can guess it, and the
same message made twice has the same ones.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from tellwire.kernel.links.in_text import replace_links
from tellwire.kernel.links.members import members_of
from tellwire.kernel.links.slugs import ENTROPY_BYTES, Slugs
from tellwire.platform.model.content import Content
from tellwire.platform.model.link import SLUG_PLACE, LinkPolicy, Shortening, ShortLink


class Linked(NamedTuple):
    """A text with short links in it, and the links."""

    text: str
    links: tuple[ShortLink, ...]


def shortened(
    text: str, shortening: Shortening, message_id: str, now: datetime, utm: Mapping[str, str]
) -> Linked:
    """Return the text of a message with a short link for each link of its own; the same link twice is one."""
    if "://" not in text:
        return Linked(text, ())
    key = blake2b(message_id.encode(), key=shortening.key, digest_size=ENTROPY_BYTES).digest()
    return _replaced(text, shortening, Slugs(key, now).make, utm)


def as_shortened(text: str, shortening: Shortening) -> Linked:
    """Return a text as long as it will be: with a place for a slug in each short link, for nobody in particular."""
    return _replaced(text, shortening, lambda: SLUG_PLACE, {})


def utm_of(policy: LinkPolicy, content: Content, campaign: str) -> Mapping[str, str]:
    """Return the members of a campaign's links, by their names without `utm_`.

    Where there are any, and none says which campaign it is, the campaign's name does.
    """
    utm = {**policy.utm, **(content.utm or {})}
    return {**utm, "campaign": utm.get("campaign", campaign)} if utm else utm


def _replaced(text: str, shortening: Shortening, slug: Callable[[], str], utm: Mapping[str, str]) -> Linked:
    links: dict[str, ShortLink] = {}
    pairs = [(f"utm_{name}", value) for name, value in utm.items()]

    def short_of(target: str) -> str | None:
        if target.startswith(shortening.prefix):
            return None
        link = links.get(target)
        if link is None:
            members = members_of(pairs, target) if pairs else ""
            link = links[target] = ShortLink(slug(), target, members, shortening.life_ms)
        return shortening.prefix + link.slug

    return Linked(replace_links(text, short_of), tuple(links.values()))
