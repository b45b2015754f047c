"""Short links in the store: written with their messages, oldest by their slugs, forgotten when they end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import bulk
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.embedded.profile_hash import profile_hash
from tellwire.platform.model.message import Message, MessageId
from tellwire.platform.ports.links import Link, LinkSource

FORGET_LIMIT: Final = 200  # links that one step looks at: some 3 ms
EVER_MS: Final = 1 << 53  # when a link ends that does not


class EmbeddedLinks:
    """See `ports.links.Links`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.erasures = 0

    async def of_message(self, message_id: MessageId, slugs: Sequence[str]) -> Sequence[Link]:
        """Return those of these links that a message has."""
        links = await self._database.read(_find, slugs, 0) if slugs else []
        return [link for link in links if link.message_id == message_id]

    async def find(self, slugs: Sequence[str], now: datetime) -> Mapping[str, Link]:
        """Return the links of these slugs that there are and that have not ended."""
        links = await self._database.read(_find, slugs, to_ms(now)) if slugs else []
        return {link.slug: link for link in links}


_INSERT: Final = """
INSERT INTO link (slug, message_id, profile_id, profile_hash, source, target, members, made_ms, ends_ms)
"""
_FIND: Final = """
SELECT json_group_array(json_array(
  slug, message_id, json(source), target, members, made_ms, ends_ms, clicks, clicked_ms))
FROM json_each(?) AS given CROSS JOIN link ON slug = given.value AND ends_ms > ?
"""
_LINKS = decoder(list[Link])


def insert(connection: apsw.Connection, messages: Iterable[Message]) -> None:
    """Write the links of new messages."""
    bulk.insert(connection, _INSERT, _rows(messages))


def _rows(messages: Iterable[Message]) -> Iterator[tuple[bulk.Cell, ...]]:
    for message in messages:
        person, made_ms = message.profile_id, to_ms(message.created_at)
        source = encode(_source(message)) if message.links else ""
        for link in message.links:
            ends_ms = EVER_MS if link.life_ms is None else made_ms + link.life_ms
            yield (
                *(link.slug, message.id, person, profile_hash(person)),
                *(source, link.target, link.members, made_ms, ends_ms),
            )


def _source(message: Message) -> LinkSource:
    return LinkSource(message.campaign_id, message.provider_id, message.subject, message.to)


def _find(connection: apsw.Connection, slugs: Sequence[str], now_ms: int) -> list[Link]:
    return _LINKS.decode(connection.execute(_FIND, (encode(slugs), now_ms)).get)


# By age: a life that was made shorter leaves some a little longer, which lead nowhere by then.
_OLDEST: Final = """
SELECT json_group_array(json_array(seq, ends_ms) ORDER BY seq) FROM (
  SELECT seq, ends_ms FROM link WHERE seq > ? AND seq < (SELECT max(seq) FROM link) ORDER BY seq LIMIT ?)
"""
_ENDS = decoder(list[tuple[int, int]])
_DELETE: Final = "DELETE FROM link WHERE seq IN (SELECT value FROM json_each(?))"


def forget(connection: apsw.Connection, calls: list[tuple[datetime, int]]) -> list[Step]:
    """Delete links that have ended, from the oldest on."""
    return [_forget_some(connection, to_ms(now), after) for now, after in calls]


def _forget_some(connection: apsw.Connection, now_ms: int, after: int) -> Step:
    oldest = _ENDS.decode(connection.execute(_OLDEST, (after, FORGET_LIMIT)).get)
    ended = [seq for seq, ends_ms in oldest if ends_ms <= now_ms]
    if not ended:
        return Step(rows={}, resume=None)  # those that are younger end later
    connection.execute(_DELETE, (encode(ended),))
    return Step(
        rows={"link": connection.changes()}, resume=oldest[-1][0] if len(oldest) == FORGET_LIMIT else None
    )
