"""Serves the portal's files and answers every address below /portal with its one page."""

from typing import Final

from tellwire.kernel.web.asgi import Receive, Scope, Send, answer
from tellwire.kernel.web.dispatch import Route, route
from tellwire.kernel.web.site import Site

HOME: Final = b"/portal/"
# As in static/main.js; a test compares them.
PAGES: Final = (
    "/portal",
    "/portal/overview",
    "/portal/messages",
    "/portal/messages/:umid",
    "/portal/inbound",
    "/portal/inbound/:umid",
    "/portal/carriers",
    "/portal/keys",
    "/portal/subaccounts",
    "/portal/surveys",
    "/portal/surveys/:id",
    "/portal/webhooks",
    "/portal/routes",
    "/portal/senders",
    "/portal/prices",
    "/portal/simulator",
    "/portal/people",
    "/portal/menu",
)


def portal_routes() -> list[Route]:
    """Return the routes of the portal; its files are read now, once."""
    site = Site(
        package=__package__ or "",
        own="portal",
        title="Tellwire gateway",
        sheet="portal.css",
        without_script="This page needs JavaScript. All that it shows can also be had as JSON: /admin/api.",
        pages=PAGES,
    )
    return [
        route("GET", "/", _go_home),
        route("GET", "/portal", _go_home),
        route("GET", "/portal/*", site.page),
        *site.file_routes(),
    ]


async def _go_home(_scope: Scope, _receive: Receive, send: Send) -> None:
    await answer(send, 303, headers=[(b"location", HOME)])
