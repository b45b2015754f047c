"""`GET /l/{slug}`: sends a browser to where a link of a message led, and has the click of a person recorded before.

A link leads only where the text of its message had it lead, so it is nobody's open redirection. Whoever has a link may
use it: it is the key. HEAD shows where it leads. A click is durable before the answer, unless the store takes longer
than a second.
"""

from typing import Final

from tellwire.kernel.clock import Clock, to_ms
from tellwire.kernel.links.clicks import location_of
from tellwire.kernel.links.members import with_members
from tellwire.kernel.links.slugs import is_slug
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import Receive, Scope, Send, answer, header, peer
from tellwire.kernel.web.dispatch import Route, route
from tellwire.platform.model.link import PATH
from tellwire.platform.ports.errors import StoreError
from tellwire.platform.ports.links import Link
from tellwire.platform.receipts.clicks import ClickRecorder
from tellwire.platform.receipts.link_book import LinkBook
from tellwire.platform.receipts.visitors import Visitors

CLICKS_LIMIT: Final = (
    1_000  # of one link that are recorded; whoever follows it more often gets there all the same
)

_GO: Final = ((b"cache-control", b"no-store"), (b"x-robots-tag", b"noindex"))
_GONE: Final = b"This link leads nowhere (any more).\n"
_COME_AGAIN: Final = ((b"retry-after", b"5"),)


class LinkApi:
    """Follows short links."""

    def __init__(self, book: LinkBook, recorder: ClickRecorder, clock: Clock) -> None:
        self._book = book
        self._recorder = recorder
        self._clock = clock
        self._visitors = Visitors()

    def routes(self) -> list[Route]:
        """Return the address of short links."""
        return [route("GET", f"{PATH}{{slug}}", self.follow)]

    async def follow(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Serve one request."""
        slug = scope["path_params"]["slug"]
        try:
            link = await self._book.find(slug) if is_slug(slug) else None
        except StoreError as error:
            log("link.clicked", "error", error=error)
            await answer(send, 503, b"Please try again in a moment.\n", headers=_COME_AGAIN)
            return
        if link is None:
            metrics.count("tellwire_link_visits_total", kind="nowhere")
            await answer(send, 404, _GONE, headers=_GO)
            return
        await self._note(scope, link)
        target = location_of(with_members(link.target, link.members))
        await answer(send, 302, headers=((b"location", target), *_GO))

    async def _note(self, scope: Scope, link: Link) -> None:
        """Record the click, if a person goes there."""
        now = self._clock.now()
        visitor = self._visitors.visitor(
            method=scope["method"],
            agent=(header(scope, b"user-agent") or b"").decode("latin-1"),
            purpose=header(scope, b"sec-purpose") or header(scope, b"purpose") or b"",
            address=peer(scope),
            slug=link.slug,
            message_id=link.message_id,
            at_ms=to_ms(now),
        )
        metrics.count("tellwire_link_visits_total", kind=visitor)
        if visitor == "person" and self._book.count(link, CLICKS_LIMIT):
            await self._recorder.record(link, now)
