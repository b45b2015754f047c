"""Serves the dashboard's files; not its data, which the browser asks `control` for.

Pages have real paths (`/campaigns/7/edit`) that only the browser tells apart: each is the same page.
"""

from typing import Final

from tellwire.kernel.web.asgi import App
from tellwire.kernel.web.dispatch import Dispatch, route
from tellwire.kernel.web.site import Site

# As in static/main.js; a test compares them.
PAGES: Final = {
    "/": "live",
    "/live": "live",
    "/campaigns": "campaigns",
    "/campaigns/new": "campaign-edit",
    "/campaigns/:id": "campaign",
    "/campaigns/:id/edit": "campaign-edit",
    "/calendar": "calendar",
    "/audiences": "audiences",
    "/audiences/new": "audience",
    "/audiences/edit": "audience",
    "/messages": "messages",
    "/messages/:id": "message",
    "/events/:id": "event",
    "/explain": "explain",
    "/profile": "profile",
    "/people": "people",
    "/people/:identity": "person",
    "/inbox": "inbox",
    "/suppressions": "suppressions",
    "/settings/engage/channels/sms": "providers",
    "/settings/engage/channels/sms/new": "provider-edit",
    "/settings/engage/channels/sms/:id": "provider-edit",
    "/settings/account": "account",
    "/settings/transfer": "transfer",
    "/settings/audit": "audit",
    "/menu": "menu",
}


def dashboard_app() -> App:
    """Return the ASGI app: the files, and the one page for every other path."""
    site = Site(
        package="tellwire.platform.dashboard",
        own="app",
        title="Tellwire",
        sheet="app.css",
        without_script="This page needs JavaScript. All that it shows can also be had from the JSON API: /api/docs.",
        pages=PAGES,
    )
    return Dispatch([*site.file_routes(), route("GET", "/*", site.page)])
