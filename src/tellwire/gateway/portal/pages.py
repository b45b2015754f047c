"""Serves the portal's files and answers every address below /portal with its one page."""

from typing import Final

from tellwire.kernel.web.asgi import Receive, Scope, Send, answer
from tellwire.kernel.web.dispatch import Route, route
from tellwire.kernel.web.site import Site

HOME: Final = b"/portal/"
# As in static/main.js; a test compares them.
PAGES: Final = {
    "/portal": "overview",
    "/portal/overview": "overview",
    "/portal/messages": "messages",
    "/portal/messages/:umid": "message",
    "/portal/inbound": "inbound",
    "/portal/inbound/:umid": "inbound-text",
    "/portal/carriers": "carriers",
    "/portal/keys": "keys",
    "/portal/subaccounts": "subaccounts",
    "/portal/surveys": "surveys",
    "/portal/surveys/:id": "survey",
    "/portal/webhooks": "webhooks",
    "/portal/routes": "routes",
    "/portal/senders": "senders",
    "/portal/prices": "prices",
    "/portal/simulator": "simulator",
    "/portal/people": "people",
    "/portal/menu": "menu",
}


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
