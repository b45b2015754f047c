"""The posts to webhooks that are neither receipts nor texts: a click on a link, the answers to a survey.

8x8 contract 3.4; the body of an answer is `surveys`' part. The body is written once, when it happens, and kept
as it is: it says what was true then.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from tellwire.gateway.contract.moments import write_moment

HappeningKind: TypeAlias = Literal["clicked", "answered"]


class HappeningReport(msgspec.Struct, frozen=True, kw_only=True):
    """A happening as it is posted; `umid` is the message's that the link came with."""

    umid: str
    kind: HappeningKind
    body: bytes


class Click(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody followed a short link; `destination` is the digits of the number that it was sent to."""

    event_id: str
    at: datetime
    umid: str
    destination: str
    short_url: str
    target_url: str


def click_body(click: Click) -> bytes:
    """Return the JSON of a click."""
    return msgspec.json.encode(
        {
            "namespace": "SMS",
            "eventType": "short_url_clicked",
            "description": "Short URL from SMS clicked",
            "payload": {
                "eventId": click.event_id,
                "occurredAt": write_moment(click.at),
                "umid": click.umid,
                "destination": f"+{click.destination}",
                "shortUrl": click.short_url,
                "targetUrl": click.target_url,
            },
        }
    )
