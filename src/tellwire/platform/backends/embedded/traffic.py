"""Reads each provider's messages by the hour in which they were made, and the last trouble with handing over."""

from collections import defaultdict
from datetime import datetime

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.backends.embedded.codec import decoder
from tellwire.platform.backends.sums import HOUR_MS
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.traffic_reports import ProviderTraffic, TrafficHour, Trouble

_SUMS = """
SELECT json_group_array(json_array(provider_id, hour, kind, value)) FROM traffic WHERE hour >= ? AND value <> 0
"""
_SUM_ROWS = decoder(list[tuple[ProviderId, int, str, int]])
_TROUBLES = "SELECT json_group_array(json_array(provider_id, at_ms, code, reason, answer)) FROM trouble"
_TROUBLE_ROWS = decoder(list[tuple[ProviderId, int, str, str, str]])
_LAST_TAKEN = "SELECT json_group_object(provider_id, at_ms) FROM taken"
_TAKEN_ROWS = decoder(dict[ProviderId, int])


def since(connection: apsw.Connection, start: datetime) -> list[ProviderTraffic]:
    """Return the traffic of every provider from the hour of `start` on, by provider id."""
    hours: dict[ProviderId, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = connection.execute(_SUMS, (to_ms(start) // HOUR_MS,)).get
    for provider_id, hour, kind, value in _SUM_ROWS.decode(rows):
        hours[provider_id][hour][kind] = value
    troubles = {
        provider_id: Trouble(at=from_ms(at_ms), code=code, reason=reason, answer=answer)
        for provider_id, at_ms, code, reason, answer in _TROUBLE_ROWS.decode(
            connection.execute(_TROUBLES).get
        )
    }
    taken = _TAKEN_ROWS.decode(connection.execute(_LAST_TAKEN).get)
    return [
        ProviderTraffic(
            provider_id=provider_id,
            hours=tuple(_hour(hour, sums) for hour, sums in sorted(hours[provider_id].items())),
            trouble=troubles.get(provider_id),
            taken_at=from_ms(taken[provider_id]) if provider_id in taken else None,
        )
        for provider_id in sorted(hours.keys() | troubles.keys() | taken.keys())
    ]


def _hour(hour: int, sums: dict[str, int]) -> TrafficHour:
    return TrafficHour(
        at=from_ms(hour * HOUR_MS),
        taken=sums.get("taken", 0),
        delivered=sums.get(MessageStatus.DELIVERED, 0) + sums.get(MessageStatus.READ, 0),
        failed=sum(sums.get(status, 0) for status in FAILURES),
        waiting=sums.get(MessageStatus.QUEUED, 0),
        on_the_way=sums.get(MessageStatus.SENT, 0),
    )
