"""Counts clicks on links of messages, in the transaction in which their events are decided: each event once.

Every way ends here: our own short links, and providers that tell of clicks on theirs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.links.slugs import is_slug
from tellwire.platform.backends.embedded import sums
from tellwire.platform.backends.sums import HOUR_MS, Sums
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.notification import CLICKED
from tellwire.platform.model.system_event import MESSAGE_ID, SHORT_URL
from tellwire.platform.model.value import decoded
from tellwire.platform.ports.ledger import Activity


class ClickRow(NamedTuple):
    """One click: on a link of this message; `slug` is empty where the link is not ours."""

    message_id: str
    slug: str
    at_ms: int


def rows_of(activity: Iterable[Activity]) -> Sequence[ClickRow]:
    """Return the clicks among what profiles did."""
    return [_row(one) for one in activity if one.event.name == CLICKED]


def _row(activity: Activity) -> ClickRow:
    properties = decoded(activity.event.properties)
    slug = str(properties.get(SHORT_URL) or "").rpartition("/")[2]
    return ClickRow(
        str(properties.get(MESSAGE_ID) or ""),
        slug if is_slug(slug) else "",
        to_ms(activity.event.occurred_at),
    )


_COUNT: Final = """
INSERT INTO click (message, clicks, first_ms) SELECT seq, ?2, ?3 FROM message WHERE id = ?1
ON CONFLICT DO UPDATE SET clicks = clicks + excluded.clicks RETURNING clicks = ?2, message
"""
_PLACE: Final = "SELECT campaign_id, created_ms FROM message WHERE seq = ?"
_COUNT_LINK: Final = """
UPDATE link SET clicks = clicks + ?2, clicked_ms = ifnull(clicked_ms, ?3) WHERE slug = ?1
"""


def write(connection: apsw.Connection, clicks: Sequence[ClickRow]) -> None:
    """Count clicks of messages, of links and of campaigns; of a message that is gone only its link's."""
    if not clicks:
        return
    first: dict[str, int] = {}
    for click in clicks:
        first.setdefault(click.message_id, click.at_ms)
        first.setdefault(click.slug, click.at_ms)
    for slug, count in Counter(click.slug for click in clicks if click.slug).items():
        connection.execute(_COUNT_LINK, (slug, count, first[slug]))
    added = Sums()
    for message_id, count in Counter(click.message_id for click in clicks).items():
        _count_message(connection, added, message_id, count, first[message_id])
    sums.write(connection, added)


def _count_message(connection: apsw.Connection, added: Sums, message_id: str, count: int, at_ms: int) -> None:
    for is_first, seq in list(connection.execute(_COUNT, (message_id, count, at_ms))):
        campaign_id, made_ms = next(connection.execute(_PLACE, (seq,)))
        campaign, hour = CampaignId(campaign_id), made_ms // HOUR_MS
        for kind, amount in (("clicks", count), ("clicked", int(is_first))):
            added.counters[campaign, kind, ""] += amount  # type: ignore[index]  # both are kinds
            added.hours[campaign, hour, kind] += amount
