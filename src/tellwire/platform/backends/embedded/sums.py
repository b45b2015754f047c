"""Adds sums (`backends.sums`) to their tables: called by every transaction that decides or moves."""

from collections.abc import Iterable

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.platform.backends.embedded.codec import encode
from tellwire.platform.backends.sums import KEPT_HOURS, Sums
from tellwire.platform.ports.traffic_reports import Trouble

_COUNTERS = """
INSERT INTO counter (campaign_id, kind, name, value)
SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET value = value + excluded.value
"""
_TRAFFIC = """
INSERT INTO traffic (hour, provider_id, kind, value)
SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET value = value + excluded.value
"""
_HOURS = """
INSERT INTO campaign_hour (campaign_id, hour, kind, value)
SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET value = value + excluded.value
"""
_TROUBLES = """
INSERT INTO trouble (provider_id, at_ms, code, reason, answer)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET
  at_ms = excluded.at_ms, code = excluded.code, reason = excluded.reason, answer = excluded.answer
"""
_TAKEN = """
INSERT INTO taken (provider_id, at_ms) SELECT value->>0, value->>1 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)
"""
_CUT = """
DELETE FROM campaign_hour WHERE campaign_id = ?1
  AND hour < (SELECT max(hour) FROM campaign_hour WHERE campaign_id = ?1) - ?2
"""


def write(connection: apsw.Connection, sums: Sums) -> None:
    """Add all of it, and delete hours of campaigns that are too long ago."""
    for statement, rows in (
        (_COUNTERS, _rows(sums.counters.items())),
        (_TRAFFIC, _rows(sums.traffic.items())),
        (_HOURS, _rows(sums.hours.items())),
        (_TROUBLES, [_trouble(*item) for item in sums.troubles.items()]),
        (_TAKEN, list(sums.taken_ms.items())),
    ):
        if rows:
            connection.execute(statement, (encode(rows),))
    for campaign_id in dict.fromkeys(campaign_id for campaign_id, _, _ in sums.hours):
        connection.execute(_CUT, (campaign_id, KEPT_HOURS))


def _rows(amounts: Iterable[tuple[tuple[object, ...], int]]) -> list[tuple[object, ...]]:
    return [(*key, amount) for key, amount in amounts if amount]


def _trouble(provider_id: str, trouble: Trouble) -> tuple[object, ...]:
    return (provider_id, to_ms(trouble.at), trouble.code, trouble.reason, trouble.answer)
