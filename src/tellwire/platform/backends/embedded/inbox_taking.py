"""Takes texts of people in: keeps them, makes the changes they ask for, and puts their answers into the outbox.

What is known of the numbers is read by a constant number of statements, however many texts wait; the texts are then
gone through in their order, and written in few statements (docs/decisions/0002).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.platform.backends.embedded import bulk, fact_changes, outbox, suppressions
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.address import Address, key_of
from tellwire.platform.model.inbound import (
    TEXTS_AN_HOUR,
    Arrival,
    Inbound,
    Recent,
    Taken,
    is_answered,
    is_heard,
    is_settled,
)
from tellwire.platform.model.message import Message
from tellwire.platform.model.profile import SuppressionChange

_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS


def take(connection: apsw.Connection, calls: list[tuple[Sequence[Arrival], datetime]]) -> list[list[Taken]]:
    """Take the texts of every call that waits, in order."""
    arrivals = [(one, to_ms(now)) for some, now in calls for one in some]
    taken = iter(_take_all(connection, arrivals))
    return [[next(taken) for _ in some] for some, _ in calls]


def _take_all(connection: apsw.Connection, arrivals: Sequence[tuple[Arrival, int]]) -> list[Taken]:
    known = _known(connection, [one.inbound.key for one, _ in arrivals])
    new: dict[str, tuple[Arrival, int]] = {}
    for one, now_ms in arrivals:
        if one.inbound.key not in known:
            new.setdefault(one.inbound.key, (one, now_ms))
    books = _Books(connection, list(new.values()))
    kept = {key: books.take(one, now_ms) for key, (one, now_ms) in new.items()}
    books.write(connection)
    return [_answered(one.inbound.key, known, kept) for one, _ in arrivals]


def _answered(key: str, known: Mapping[str, Inbound], kept: dict[str, Taken]) -> Taken:
    """Return what became of one of the texts; the second of two in one call is known by then."""
    if key in known:
        return Taken(inbound=known[key], is_new=False)
    first = kept[key]
    kept[key] = Taken(inbound=first.inbound, is_new=False, is_heard=first.is_heard)
    return first


class _Books:
    """What stands about the numbers of some texts, as the texts before have left it; and what is to be written."""

    def __init__(self, connection: apsw.Connection, arrivals: Sequence[tuple[Arrival, int]]) -> None:
        addresses = list(dict.fromkeys(one.inbound.address for one, _ in arrivals))
        now_ms = max((now_ms for _, now_ms in arrivals), default=0)
        self._connection = connection
        self._standing = suppressions.standing(connection, addresses)
        self._recent = _recent(connection, addresses, now_ms) if addresses else {}
        self._rows: list[tuple[bulk.Cell, ...]] = []
        self._answers: list[Message] = []
        self._has_changed = False

    def take(self, arrival: Arrival, now_ms: int) -> Taken:
        """Take one text that is new."""
        inbound = arrival.inbound
        stood, recent = self._standing.get(inbound.address), self._recent.get(inbound.address, Recent())
        took_effect = self._change(arrival.change)
        answers = is_answered(arrival, stood, recent, took_effect=took_effect)
        if answers and arrival.answer is not None:
            self._answers.append(arrival.answer)
        kind = inbound.keyword or "" if answers else ""
        is_news = not is_settled(arrival, stood, took_effect=took_effect, is_answered=answers)
        self._recent[inbound.address] = Recent(
            recent.texts + 1, (*recent.answers, (kind, True)) if kind else recent.answers
        )
        self._rows.append(
            (inbound.key, inbound.person.key, key_of(inbound.address), now_ms, kind, is_news, encode(inbound))
        )
        return Taken(inbound=inbound, is_new=True, is_heard=is_heard(recent), is_answered=answers)

    def _change(self, change: SuppressionChange | None) -> bool:
        """Make a change at once: it is rare, and the next text of the number has to see it."""
        if change is None:
            return False
        (took_effect,) = suppressions.write(self._connection, [change])
        if took_effect:
            self._standing[change.address] = change
            self._has_changed = True
        return took_effect

    def write(self, connection: apsw.Connection) -> None:
        """Write what the texts led to."""
        if self._has_changed:
            fact_changes.following(connection)
        if self._answers:
            outbox.put(connection, self._answers)
        if self._rows:
            newest = connection.execute(_NEWEST).get
            bulk.insert(connection, _INBOUND, self._rows)
            connection.execute(_CONVERSATIONS, (newest,))


_NEWEST: Final = "SELECT ifnull(max(seq), 0) FROM inbound"
_INBOUND: Final = "INSERT INTO inbound (key, person, address, received_ms, answer, is_news, body)"
# What a machine has acted on is no news for people. The plus keeps SQLite from going through the index of people.
_CONVERSATIONS: Final = """
INSERT INTO conversation (person, last, unread)
SELECT person, max(seq), sum(is_news) FROM inbound WHERE seq > ? GROUP BY +person
ON CONFLICT (person) DO UPDATE SET last = excluded.last, unread = unread + excluded.unread
"""

_KNOWN: Final = """
SELECT group_concat('[' || json_quote(key) || ',' || body || ']') FROM inbound
WHERE key IN (SELECT value FROM json_each(?))
"""
_INBOUNDS = decoder(list[tuple[str, Inbound]])


def _known(connection: apsw.Connection, keys: Iterable[str]) -> dict[str, Inbound]:
    """Return the texts of these keys that are kept already."""
    return dict(_INBOUNDS.decode(lines_of(connection.execute(_KNOWN, (encode(list(keys)),)).get)))


# As many as bounds look at: a number that floods costs no more than one that writes now and then.
_RECENT: Final = """
SELECT json_group_array(json_array(given.key,
  (SELECT count(*) FROM (SELECT 1 FROM inbound WHERE address = given.value AND received_ms > ?2 LIMIT ?4)),
  json((SELECT json_group_array(json_array(answer, json(iif(received_ms > ?2, 'true', 'false')))) FROM inbound
   WHERE address = given.value AND received_ms > ?3 AND answer <> ''))))
FROM json_each(?1) AS given
"""
_RECENT_ROWS = decoder(list[tuple[int, int, tuple[tuple[str, bool], ...]]])


def _recent(connection: apsw.Connection, addresses: Sequence[Address], now_ms: int) -> dict[Address, Recent]:
    keys = encode([key_of(address) for address in addresses])
    bounds = (keys, now_ms - _HOUR_MS, now_ms - _DAY_MS, TEXTS_AN_HOUR)
    rows = _RECENT_ROWS.decode(connection.execute(_RECENT, bounds).get)
    return {addresses[index]: Recent(texts, answers) for index, texts, answers in rows}
