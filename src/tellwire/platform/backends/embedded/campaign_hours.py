"""Reads each campaign's last days by the hour: what it decided, and what became of the messages of that hour."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.status import MessageStatus
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.sums import HOUR_MS, SKIP
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.ports.campaign_reports import CampaignHour, CampaignHours, CampaignSeries

_HOURS: Final = """
SELECT json_group_array(json_array(campaign_id, hour, kind, campaign_hour.value))
FROM json_each(?1) AS given CROSS JOIN campaign_hour ON campaign_id = given.value AND hour >= ?2
WHERE campaign_hour.value > 0
"""
_HOUR_ROWS = decoder(list[tuple[CampaignId, int, str, int]])
_LAST: Final = """
SELECT json_group_array(json_array(given.value, (SELECT max(hour) FROM campaign_hour WHERE campaign_id = given.value)))
FROM json_each(?) AS given
"""
_LAST_ROWS = decoder(list[tuple[CampaignId, int | None]])


def since(
    connection: apsw.Connection, campaign_ids: Sequence[CampaignId], start: datetime
) -> list[CampaignHours]:
    """Return what each campaign did from the hour of `start` on, in the order asked for."""
    ids = encode(sorted(set(campaign_ids)))
    by_campaign: dict[CampaignId, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = connection.execute(_HOURS, (ids, to_ms(start) // HOUR_MS)).get
    for campaign_id, hour, kind, value in _HOUR_ROWS.decode(rows):
        by_campaign[campaign_id][hour][kind] = value
    last = dict(_LAST_ROWS.decode(connection.execute(_LAST, (ids,)).get))
    return [
        CampaignHours(
            campaign_id=campaign_id,
            hours=tuple(_hour(hour, kinds) for hour, kinds in sorted(by_campaign[campaign_id].items())),
            last_at=None if last[campaign_id] is None else from_ms((last[campaign_id] or 0) * HOUR_MS),
        )
        for campaign_id in campaign_ids
    ]


# Kinds that are statuses tell where an hour's messages stand now: their sum is how many were made in it.
_SERIES: Final = """
SELECT json_group_array(json_array(campaign_id, span, messages)) FROM (
  SELECT campaign_id, (hour - ?2) / ?3 AS span, sum(campaign_hour.value) AS messages
  FROM json_each(?1) AS given CROSS JOIN campaign_hour ON campaign_id = given.value AND hour >= ?2
  WHERE kind IN (SELECT value FROM json_each(?4)) GROUP BY campaign_id, span)
"""
_SERIES_ROWS = decoder(list[tuple[CampaignId, int, int]])
_LAST_MESSAGES: Final = """
SELECT json_group_array(json_array(given.value, (
  SELECT created_ms FROM message WHERE seq = (SELECT max(seq) FROM message WHERE campaign_id = given.value))))
FROM json_each(?) AS given
"""
_STATUSES: Final = encode(list(MessageStatus))


def series(
    connection: apsw.Connection, campaign_ids: Sequence[CampaignId], start: datetime, hours: int, spans: int
) -> list[CampaignSeries]:
    """Return how many messages each campaign made in spans of `hours` hours from that of `start` on."""
    ids = encode(sorted(set(campaign_ids)))
    first = to_ms(start) // HOUR_MS
    made: dict[CampaignId, dict[int, int]] = defaultdict(dict)
    for campaign_id, span, messages in _SERIES_ROWS.decode(
        connection.execute(_SERIES, (ids, first, hours, _STATUSES)).get
    ):
        made[campaign_id][span] = messages
    last = dict(_LAST_ROWS.decode(connection.execute(_LAST_MESSAGES, (ids,)).get))
    return [
        CampaignSeries(
            campaign_id=campaign_id,
            messages=tuple(made[campaign_id].get(span, 0) for span in range(spans)),
            last_message_at=None if (at := last[campaign_id]) is None else from_ms(at),
        )
        for campaign_id in campaign_ids
    ]


def _hour(hour: int, kinds: dict[str, int]) -> CampaignHour:
    statuses = {MessageStatus(kind): value for kind, value in kinds.items() if kind in set(MessageStatus)}
    skips = {kind.removeprefix(SKIP): value for kind, value in kinds.items() if kind.startswith(SKIP)}
    return CampaignHour(
        at=from_ms(hour * HOUR_MS),
        by_status=statuses,
        taken=kinds.get("taken", 0),
        dropped=kinds.get("dropped", 0),
        skips=skips,
    )
