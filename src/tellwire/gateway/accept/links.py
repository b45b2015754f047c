"""Short links: finds the links of a text and puts short ones in their place, and in the place of a survey's. Pure.

A short link is `{base}/s/{slug}`. Whoever has it may use it, so a slug is made from the caller's entropy and nobody
can guess one. Where it leads is stored with its message; nothing in the link itself says so.
"""

import re
from datetime import datetime, timedelta
from hashlib import blake2b
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from msgspec.structs import replace

from tellwire.gateway.contract.drafts import LINK_PLACE, Draft, SurveyLink
from tellwire.gateway.contract.web_url import URL_LIMIT, is_web_url
from tellwire.gateway.model.link import NewLink
from tellwire.kernel.clock import to_ms

PATH: Final = "/s/"
# 8x8 tells of answers within 48 hours (8x8 contract 3.5); a survey with a closing date takes them until then.
SURVEY_LIFE: Final = timedelta(hours=48)
# Longer than people scroll back; a link that ends one day can be forgotten one day.
TARGET_LIFE: Final = timedelta(days=90)

_DIGITS: Final = digits + ascii_uppercase + ascii_lowercase
_PAIRS: Final = tuple(first + second for first in _DIGITS for second in _DIGITS)
# Two characters tell when, in steps of ten minutes, which keeps links made together together in the store; they
# come again after 26 days. Ten are dice, 59 bits: at the 3,000 tries a second that one address may make, finding
# one of a million links of the same ten minutes takes nine years.
_STEP_MS: Final = 600_000
_STEP_PAIRS: Final = 1
_DICE_PAIRS: Final = 5
_DICE_BYTES: Final = 8
ENTROPY_BYTES: Final = 32
SLUG_LENGTH: Final = 2 * (_STEP_PAIRS + _DICE_PAIRS)

# A text of ten parts whose every link is as long as a link may be is shorter.
TEXT_LIMIT: Final = 64 * 1024
_LINK: Final = re.compile(rf"https?://[^\s{LINK_PLACE}<>\"]+", re.IGNORECASE)
# What ends a sentence is not of the link that ends it too.
_ENDS: Final = ".,;:!?'\u2026\u3002\u3001\uff0c\uff01\uff1f"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


class Slugs:
    """Makes the slugs of one request from its entropy: `ENTROPY_BYTES` that nobody can guess."""

    def __init__(self, entropy: bytes, now: datetime) -> None:
        self._key = entropy
        self._when = _written(to_ms(now) // _STEP_MS, _STEP_PAIRS)
        self._count = 0

    def make(self) -> str:
        """Return the next one."""
        self._count += 1
        dice = blake2b(self._count.to_bytes(8), key=self._key, digest_size=_DICE_BYTES).digest()
        return self._when + _written(int.from_bytes(dice), _DICE_PAIRS)


class Linker:
    """Puts the short links of one request into its texts.

    `base` is where they start; with `shortens` every link of a text gets one, without only surveys' do.
    """

    def __init__(self, base: str, slugs: Slugs, now: datetime, *, shortens: bool) -> None:
        self._prefix = base + PATH
        self._slugs = slugs
        self._now = now
        self._shortens = shortens

    def put(self, draft: Draft, umid: str) -> tuple[Draft, list[NewLink]]:
        """Return a draft with its short links in place, and the links."""
        links: dict[str, NewLink] = {}
        text = self._shortened(draft.text, umid, links) if self._shortens else draft.text
        if draft.survey is not None:
            link = self._survey_link(draft.survey, draft.scheduled or self._now, umid)
            links[LINK_PLACE] = link
            text = text.replace(LINK_PLACE, link.url)
        return (replace(draft, text=text) if links else draft), list(links.values())

    def _shortened(self, text: str, umid: str, links: dict[str, NewLink]) -> str:
        """Return a text with short links; one that is too long to be sent stays as it is."""
        if len(text) > TEXT_LIMIT:
            return text
        expires_ms = to_ms(self._now + TARGET_LIFE)

        def short(found: re.Match[str]) -> str:
            if len(found[0]) > 2 * URL_LIMIT:
                return found[0]
            target, rest = cut_link(found[0])
            if target.startswith(self._prefix) or not is_web_url(target):
                return found[0]
            if target not in links:
                slug = self._slugs.make()
                links[target] = NewLink(slug, umid, self._prefix + slug, target, None, (), expires_ms)
            return links[target].url + rest

        return _LINK.sub(short, text)

    def _survey_link(self, survey: SurveyLink, due: datetime, umid: str) -> NewLink:
        slug = self._slugs.make()
        expires_ms = to_ms(survey.closes_at or due + SURVEY_LIFE)
        return NewLink(slug, umid, self._prefix + slug, "", survey.survey, survey.variables, expires_ms)


def cut_link(found: str) -> tuple[str, str]:
    """Return a link without the end of the sentence around it, and that end."""
    end = len(found)
    while end:
        last = found[end - 1]
        opening = _BRACKETS.get(last)
        is_open = opening is not None and found.count(opening, 0, end) >= found.count(last, 0, end)
        if last not in _ENDS and (opening is None or is_open):
            break
        end -= 1
    return found[:end], found[end:]


def is_slug(text: str) -> bool:
    """Say whether a part of a path can be a slug at all."""
    return len(text) == SLUG_LENGTH and text.isascii() and text.isalnum()


def _written(number: int, pairs: int) -> str:
    """Return the last `pairs` digits of a number to the base 3844, each two characters to the base 62."""
    written = ""
    for _ in range(pairs):
        number, last = divmod(number, len(_PAIRS))
        written += _PAIRS[last]
    return written
