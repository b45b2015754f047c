"""Entries of the stream about somebody who is erased: others that say nothing stand in their dense places."""

from collections.abc import Iterable, Sequence
from typing import Final

import apsw

from tellwire.platform.backends.embedded.codec import ENCODER, decoder
from tellwire.platform.model.event import Entry, Event, LinkSubject, ProfileChange, Subject
from tellwire.platform.model.system_event import SENT

NOBODY: Final = Subject("identity", "")
_CHUNKS: Final = """
SELECT position, body FROM chunk WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3
"""
_REWRITE: Final = "UPDATE chunk SET body = ? WHERE position = ?"
_ENTRIES = decoder(list[Entry])


def blank_slice(
    connection: apsw.Connection, names: Sequence[Subject], after: int, upto: int, limit: int
) -> tuple[int | None, int]:
    """Blank entries about these names in some chunks; return the last one's place, None at the end, and how many."""
    known, count, last = set(names), 0, None
    marks = [ENCODER.encode(name.value) for name in names]
    for position, body in list(connection.execute(_CHUNKS, (after, upto, limit))):
        last = position
        if any(mark in body for mark in marks):
            entries = _ENTRIES.decode(b"[" + body + b"]")
            kept = [blank(one) if _is_about(one, known) else one for one in entries]
            blanked = sum(new is not old for new, old in zip(kept, entries, strict=True))
            if blanked:
                connection.execute(_REWRITE, (ENCODER.encode(kept)[1:-1], position))
                count += blanked
    return last, count


def _is_about(entry: Entry, names: set[Subject]) -> bool:
    return not names.isdisjoint(_named(entry))


def _named(entry: Entry) -> Iterable[Subject]:
    yield entry.subject
    if isinstance(entry, ProfileChange):
        yield from (one.subject for one in entry.changes if isinstance(one, LinkSubject))


def blank(entry: Entry) -> Event:
    """Return an event in the place of an entry; nobody looks at it: it was decided, and its name is passed over."""
    return Event(
        id=entry.id,
        subject=NOBODY,
        name=SENT,
        occurred_at=entry.received_at,
        received_at=entry.received_at,
        source="receipt",
        may_trigger=False,
    )
