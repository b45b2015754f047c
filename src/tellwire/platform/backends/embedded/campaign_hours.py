"""Each campaign's last days by the hour: what it decided, and what became of the messages of that hour.

Written in the transactions that decide and move, and cut by them; what a campaign did in all its life is `counters`'s.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.status import MessageStatus
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.embedded.traffic import HOUR_MS
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.ports.reports import CampaignHour, CampaignHours

KEPT_HOURS: Final = 8 * 24  # a campaign that met no event for a week is told, and this is a day more
_SKIP: Final = "skip "
# A status: messages that stand there now. taken: those that a provider is known, or assumed, to have had.
# dropped: those of the rejected that were taken back before they went.
# "skip " and a code: decisions that made no message.
Kind: TypeAlias = str

_ADD: Final = """
INSERT INTO campaign_hour (campaign_id, hour, kind, value)
SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET value = value + excluded.value
"""
_CUT: Final = """
DELETE FROM campaign_hour WHERE campaign_id = ?1
  AND hour < (SELECT max(hour) FROM campaign_hour WHERE campaign_id = ?1) - ?2
"""


class CampaignHoursTally:
    """What one transaction adds to the hours of campaigns."""

    def __init__(self) -> None:
        self._sums: Counter[tuple[CampaignId, int, Kind]] = Counter()

    def add(self, campaign_id: CampaignId, at_ms: int, kind: Kind, amount: int = 1) -> None:
        """Add `amount`, which may be negative, to the hour of what was decided at `at_ms`."""
        self._sums[campaign_id, at_ms // HOUR_MS, kind] += amount

    def skip(self, campaign_id: CampaignId, at: datetime, code: str) -> None:
        """Add a decision that made no message."""
        self.add(campaign_id, to_ms(at), f"{_SKIP}{code}")

    def write(self, connection: apsw.Connection) -> None:
        """Add all of it, and let go of hours that are too long ago."""
        rows = [(*key, amount) for key, amount in self._sums.items() if amount]
        if not rows:
            return
        connection.execute(_ADD, (encode(rows),))
        for campaign_id in dict.fromkeys(campaign_id for campaign_id, _, _ in self._sums):
            connection.execute(_CUT, (campaign_id, KEPT_HOURS))


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
    asked = encode(sorted(set(campaign_ids)))
    found: dict[CampaignId, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = connection.execute(_HOURS, (asked, to_ms(start) // HOUR_MS)).get
    for campaign_id, hour, kind, value in _HOUR_ROWS.decode(rows):
        found[campaign_id][hour][kind] = value
    last = dict(_LAST_ROWS.decode(connection.execute(_LAST, (asked,)).get))
    return [
        CampaignHours(
            campaign_id=campaign_id,
            hours=tuple(_hour(hour, kinds) for hour, kinds in sorted(found[campaign_id].items())),
            last_at=None if last[campaign_id] is None else from_ms((last[campaign_id] or 0) * HOUR_MS),
        )
        for campaign_id in campaign_ids
    ]


def _hour(hour: int, kinds: dict[str, int]) -> CampaignHour:
    statuses = {MessageStatus(kind): value for kind, value in kinds.items() if kind in set(MessageStatus)}
    skips = {kind.removeprefix(_SKIP): value for kind, value in kinds.items() if kind.startswith(_SKIP)}
    return CampaignHour(
        at=from_ms(hour * HOUR_MS),
        by_status=statuses,
        taken=kinds.get("taken", 0),
        dropped=kinds.get("dropped", 0),
        skips=skips,
    )
