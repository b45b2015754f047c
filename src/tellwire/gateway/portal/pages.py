"""Serves the portal's files and answers every address below /portal with its one page."""

from typing import Final

from tellwire.kernel.web.asgi import Receive, Scope, Send, answer
from tellwire.kernel.web.dispatch import Route, route
from tellwire.kernel.web.index import index_page
from tellwire.kernel.web.pages import Guarded
from tellwire.kernel.web.statics import Statics, load_files, send_file

HOME: Final = b"/portal/"


def portal_routes() -> list[Route]:
    """Return the routes of the portal; its files are read now, once."""
    own = load_files(__package__, "static")

    index = index_page(
        title="Tellwire gateway",
        own="/static/portal",
        sheet="portal.css",
        without_script="This page needs JavaScript. All that it shows can also be had as JSON: /admin/api.",
    )

    async def page(scope: Scope, _receive: Receive, send: Send) -> None:
        await send_file(index, scope, send)

    return [
        route("GET", "/", _go_home),
        route("GET", "/portal", _go_home),
        route("GET", "/portal/*", Guarded(page)),
        route("GET", "/static/portal/*", Guarded(Statics(own))),
        route("GET", "/static/shared/*", Guarded(Statics(load_files("tellwire.kernel.web", "static")))),
    ]


async def _go_home(_scope: Scope, _receive: Receive, send: Send) -> None:
    await answer(send, 303, headers=[(b"location", HOME)])
