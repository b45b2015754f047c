"""Each provider's messages by the hour in which they were made, and the last trouble with handing over.

Sums and notes are written in the transactions that move messages, so a page about a million messages reads a few
hundred rows. An hour's sums count what became of *its* messages: delivered is never more than taken.
"""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Final, Literal, TypeAlias

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.reports import ProviderTraffic, TrafficHour, Trouble

HOUR_MS: Final = 3_600_000
# A status: messages that stand there now. taken: those a provider is known, or assumed, to have had.
Kind: TypeAlias = MessageStatus | Literal["taken"]

_ADD = """
INSERT INTO traffic (hour, provider_id, kind, value)
SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET value = value + excluded.value
"""
_NOTE = """
INSERT INTO trouble (provider_id, at_ms, code, reason, answer)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET
  at_ms = excluded.at_ms, code = excluded.code, reason = excluded.reason, answer = excluded.answer
"""
_TAKEN = """
INSERT INTO taken (provider_id, at_ms) SELECT value->>0, value->>1 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)
"""


class TrafficTally:
    """What one transaction adds to providers' sums, and the newest of its notes about each."""

    def __init__(self) -> None:
        self._sums: Counter[tuple[int, str, Kind]] = Counter()
        self._troubles: dict[str, tuple[str, int, str, str, str]] = {}
        self._taken: dict[str, int] = {}

    def add(self, provider_id: str, created_ms: int, kind: Kind, amount: int = 1) -> None:
        """Add `amount`, which may be negative, to the hour of a message made at `created_ms`."""
        self._sums[created_ms // HOUR_MS, provider_id, kind] += amount

    def took(self, provider_id: str, at: datetime) -> None:
        """Note that the provider answered that it has a message."""
        self._taken[provider_id] = max(to_ms(at), self._taken.get(provider_id, 0))

    def trouble(self, provider_id: str, trouble: Trouble) -> None:
        """Note that handing over went wrong, and why."""
        self._troubles[provider_id] = (
            provider_id,
            to_ms(trouble.at),
            trouble.code,
            trouble.reason,
            trouble.answer,
        )

    def write(self, connection: apsw.Connection) -> None:
        """Add all of it."""
        rows = [(*key, amount) for key, amount in self._sums.items() if amount]
        for statement, given in (
            (_ADD, rows),
            (_NOTE, list(self._troubles.values())),
            (_TAKEN, list(self._taken.items())),
        ):
            if given:
                connection.execute(statement, (encode(given),))


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
    found = connection.execute(_SUMS, (to_ms(start) // HOUR_MS,)).get
    for provider_id, hour, kind, value in _SUM_ROWS.decode(found):
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
