"""Serves the dashboard's files; not its data, which the browser asks `control` for.

Pages have real paths (`/campaigns/7/edit`) that only the browser tells apart: each is the same page.
"""

from typing import Final

from tellwire.kernel.web.asgi import App, Receive, Scope, Send
from tellwire.kernel.web.dispatch import Dispatch, not_found, route
from tellwire.kernel.web.index import index_page
from tellwire.kernel.web.pages import Guarded
from tellwire.kernel.web.statics import File, Statics, load_files, send_file

# Paths of machines: a wrong one must be a plain 404, never a page that a script takes for success.
_NOT_PAGES: Final = ("/api/", "/1/", "/callbacks/", "/static/")


def dashboard_app() -> App:
    """Return the ASGI app: `/static/app/*`, `/static/shared/*`, and the one page for every other path."""
    own = load_files("tellwire.dashboard", "static")
    shared = load_files("tellwire.kernel.web", "static")
    page = index_page(
        title="Tellwire",
        own="/static/app",
        sheet="app.css",
        without_script="This page needs JavaScript. All that it shows can also be had from the JSON API: /api/docs.",
    )
    return Guarded(
        Dispatch(
            [
                route("GET", "/static/app/*", Statics(own)),
                route("GET", "/static/shared/*", Statics(shared)),
                route("GET", "/*", _Page(page)),
            ]
        )
    )


class _Page:
    """Answers one file to every path that may be a page."""

    def __init__(self, file: File) -> None:
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(_NOT_PAGES):
            await not_found(scope, receive, send)
        else:
            await send_file(self._file, scope, send)
