"""Short links in the texts of one request: in place of the texts' own, and in the place of a survey's. Pure.

A short link is `{base}/s/{slug}`. Where it leads is stored with its message; the link itself does not say so.
"""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from tellwire.gateway.contract.drafts import LINK_PLACE, Draft, SurveyLink
from tellwire.gateway.model.link import NewLink
from tellwire.kernel.clock import to_ms
from tellwire.kernel.links.in_text import replace_links
from tellwire.kernel.links.slugs import Slugs

PATH: Final = "/s/"
# 8x8 tells of answers within 48 hours (8x8 contract 3.5); a survey with a closing date takes them until then.
SURVEY_LIFE: Final = timedelta(hours=48)
# Longer than people scroll back; a link that ends one day can be forgotten one day.
TARGET_LIFE: Final = timedelta(days=90)


class Linker:
    """Puts the short links of one request into its texts.

    `base` is where they start; with `shortens` every link of a text gets one, without only surveys' do. Links that
    begin with one of `kept` are short already.
    """

    def __init__(
        self, base: str, slugs: Slugs, now: datetime, *, shortens: bool, kept: tuple[str, ...] = ()
    ) -> None:
        self._prefix = base + PATH
        self._short = (self._prefix, *kept)
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
        """Return a text with short links in place of all but those that are short."""
        expires_ms = to_ms(self._now + TARGET_LIFE)

        def short_of(target: str) -> str | None:
            if target.startswith(self._short):
                return None
            if target not in links:
                slug = self._slugs.make()
                links[target] = NewLink(slug, umid, self._prefix + slug, target, None, (), expires_ms)
            return links[target].url

        return replace_links(text, short_of)

    def _survey_link(self, survey: SurveyLink, due: datetime, umid: str) -> NewLink:
        slug = self._slugs.make()
        expires_ms = to_ms(survey.closes_at or due + SURVEY_LIFE)
        return NewLink(slug, umid, self._prefix + slug, "", survey.survey, survey.variables, expires_ms)
