"""The endpoint of a short link: a redirection to where a text's own link led, or a survey's form.

8x8 contract 3.4 and 3.5. A link leads only where it was made to lead, so it is nobody's open redirection. Whoever has
a link may use it: it is the key, and there are no cookies that a foreign page could make use of.
HEAD shows where a link leads and does nothing else, and neither does what a browser fetches ahead of time.
"""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from tellwire.gateway.api.access import ApiAccess
from tellwire.gateway.callbacks.link_posts import click_of, submission_of
from tellwire.gateway.model.link import Link
from tellwire.gateway.store.links import Links
from tellwire.gateway.surveys.answers import read_answers, read_form, shown_values
from tellwire.gateway.surveys.book import SurveyBook
from tellwire.gateway.surveys.page import form_page, gone_page, headers, notice_page, thanks_page
from tellwire.gateway.surveys.store import SurveyStore
from tellwire.gateway.surveys.survey import Survey
from tellwire.kernel.links.clicks import is_click, location_of
from tellwire.kernel.links.slugs import is_slug
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import Receive, Scope, Send, Unread, answer, header, read_body, refuse

# Twenty answers of a thousand characters, each of them escaped as 9 or 12 bytes.
BODY_LIMIT: Final = 256 * 1024
_HTML: Final = b"text/html; charset=utf-8"
_GO: Final = ((b"cache-control", b"no-store"), (b"x-robots-tag", b"noindex"))


class LinksApi:
    """Serves short links; `on_callbacks` hears which lanes of callbacks have something new."""

    def __init__(
        self,
        access: ApiAccess,
        links: Links,
        book: SurveyBook,
        store: SurveyStore,
        on_callbacks: Callable[[Iterable[str]], None],
    ) -> None:
        self._access = access
        self._links = links
        self._book = book
        self._store = store
        self._on_callbacks = on_callbacks

    async def follow(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /s/{slug}`."""
        now = self._access.clock.now()
        link = await self._find(scope, send, now)
        if link is None:
            return
        if _is_followed(scope):
            await self._note(link, now)
        survey = self._survey_of(link, now)
        if survey is not None:
            await _show(send, 200, _page(link, survey))
        elif link.survey is None:
            await answer(send, 302, headers=((b"location", location_of(link.target)), *_GO))
        else:
            await _show(send, 404, gone_page())

    async def submit(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST /s/{slug}`: takes a survey's answers, once; then the browser is sent to look again."""
        now = self._access.clock.now()
        link = await self._find(scope, send, now)
        if link is None:
            return
        survey = self._survey_of(link, now)
        if survey is None:
            await _show(send, 404, gone_page())
            return
        body = await read_body(scope, receive, BODY_LIMIT)
        if isinstance(body, Unread):
            await refuse(send, body)
            return
        if link.answered_ms is None and not await self._take(link, survey, body, now, send):
            return
        await answer(send, 303, headers=((b"location", scope["path"].encode()), *headers()))

    async def _take(self, link: Link, survey: Survey, body: bytes, now: datetime, send: Send) -> bool:
        """Keep what was answered; False when the answer was given here, because it is not kept."""
        fields, shown = read_form(body), shown_values(link.variables)
        submitted = read_answers(survey, fields, shown)
        if submitted.flaws:
            await _show(send, 422, form_page(survey, shown, fields, submitted.flaws))
            return False
        try:
            kept = await self._store.submit(submission_of(link, survey, submitted.answers, now))
        except StoreError as lost:
            log("store.full", "error", where="survey", error=lost)
            await _show(
                send, 503, notice_page("Your answers were not taken", "Please try again in a moment.")
            )
            return False
        self._on_callbacks(kept.lanes)
        return True

    async def _find(self, scope: Scope, send: Send, now: datetime) -> Link | None:
        """Return the link of a request, or answer that there is none."""
        if self._access.quota_of_address(scope) is not None:
            await _show(
                send, 429, notice_page("Please try again", "Too many requests come from your network.")
            )
            return None
        slug = scope["path_params"]["slug"]
        link = await self._links.find(slug, now) if is_slug(slug) else None
        if link is None:
            await _show(send, 404, gone_page())
        return link

    async def _note(self, link: Link, now: datetime) -> None:
        """Note that a link was followed; the reader gets there even when that cannot be kept."""
        try:
            if link.survey is None:
                event_id = str(UUID(bytes=os.urandom(16), version=4))
                self._on_callbacks(await self._links.click(click_of(link, event_id, now)))
            elif link.opened_ms is None:
                await self._store.open(link.slug, link.survey, now)
        except StoreError as lost:
            log("store.full", "error", where="link", error=lost)

    def _survey_of(self, link: Link, now: datetime) -> Survey | None:
        """Return the survey that a link leads to and that takes answers."""
        survey = None if link.survey is None else self._book.surveys.get(link.survey)
        return survey if survey is not None and survey.is_open(now) else None


def _is_followed(scope: Scope) -> bool:
    """Say whether a person goes there now, as far as the request says."""
    purpose = header(scope, b"sec-purpose") or header(scope, b"purpose") or b""
    return is_click(scope["method"], purpose)


def _page(link: Link, survey: Survey) -> bytes:
    shown = shown_values(link.variables)
    return form_page(survey, shown, {}, {}) if link.answered_ms is None else thanks_page(survey, shown)


async def _show(send: Send, status: int, page: bytes) -> None:
    await answer(send, status, page, kind=_HTML, headers=headers())
