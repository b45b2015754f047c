"""Short links in the store: written with their message, found by their slug, forgotten when they end."""

from datetime import datetime
from typing import Final

import apsw

from tellwire.gateway.model.link import Clicked, Link, NewLink
from tellwire.gateway.store.happenings import tell
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import Database

# A reader who follows a link again and again still gets there, but no webhook hears of it any more.
CLICKS_TOLD: Final = 1_000
FORGET_LIMIT: Final = 500  # in one transaction: some 5 ms


class Links:
    """Where short links lead, and what people did with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, slug: str, now: datetime) -> Link | None:
        """Return a link that has not ended."""
        links = await self._database.read(_find, slug, to_ms(now))
        return links[0] if links else None

    async def click(self, clicked: Clicked) -> frozenset[str]:
        """Count a click and queue its callbacks; return the lanes that have something new."""
        return await self._database.write(_click, clicked)

    async def forget(self, now: datetime, _after: int) -> Step:
        """Drop some of the links that have ended."""
        return await self._database.write(_forget, to_ms(now))


_INSERT: Final = """
INSERT INTO link (slug, umid, url, target, survey, variables, expires_ms)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->5, value->>6 FROM json_each(?)
"""
_COUNT_SENT: Final = """
INSERT INTO survey_count (survey, question, answer, n)
SELECT value->>4 AS survey, '', 'sent', count(*) FROM json_each(?) WHERE value->>4 IS NOT NULL GROUP BY survey
ON CONFLICT DO UPDATE SET n = n + excluded.n
"""
_FIND: Final = """
SELECT json_group_array(json_array(
  l.slug, l.umid, l.url, l.target, l.survey, json(l.variables), l.expires_ms, l.opened_ms, l.answered_ms,
  CASE WHEN m.seq IS NOT NULL THEN json_array(
    m.seq, m.account, m.subaccount, m.destination, m.client_id, m.style, m.callback_url) END))
FROM link l LEFT JOIN message m ON m.umid = l.umid WHERE l.slug = ? AND l.expires_ms > ?
"""
_CLICK: Final = "UPDATE link SET clicks = clicks + 1 WHERE slug = ? AND clicks < ? RETURNING 1"
_FORGET: Final = """
DELETE FROM link WHERE slug IN (SELECT slug FROM link WHERE expires_ms < ? ORDER BY expires_ms LIMIT ?)
"""
_ERASE: Final = """
DELETE FROM link WHERE umid IN (SELECT m.umid FROM json_each(?) j CROSS JOIN message m ON m.seq = j.value)
"""
_ERASE_ANSWERS: Final = """
DELETE FROM survey_answer
WHERE umid IN (SELECT m.umid FROM json_each(?) j CROSS JOIN message m ON m.seq = j.value)
"""
_ERASE_HAPPENINGS: Final = "DELETE FROM happening WHERE seq IN (SELECT value FROM json_each(?))"


def insert_links(connection: apsw.Connection, links: list[NewLink]) -> None:
    """Store the links of messages that are being accepted."""
    rows = as_json(links)
    connection.execute(_INSERT, (rows,))
    if any(link.survey for link in links):
        connection.execute(_COUNT_SENT, (rows,))


def erase_links(connection: apsw.Connection, seqs: list[int]) -> None:
    """Erase what tells of the people that messages were sent to: links, what was done with them, and answers.

    How often an answer was given stays: that tells of nobody.
    """
    rows = as_json(seqs)
    connection.execute(_ERASE, (rows,))
    connection.execute(_ERASE_ANSWERS, (rows,))
    connection.execute(_ERASE_HAPPENINGS, (rows,))


def _find(connection: apsw.Connection, slug: str, now_ms: int) -> list[Link]:
    return read_rows(connection, _FIND, (slug, now_ms), Link)


def _click(connection: apsw.Connection, clicks: list[Clicked]) -> list[frozenset[str]]:
    return [_click_once(connection, clicked) for clicked in clicks]


def _click_once(connection: apsw.Connection, clicked: Clicked) -> frozenset[str]:
    if connection.execute(_CLICK, (clicked.slug, CLICKS_TOLD)).get is None:
        return frozenset()
    return frozenset().union(*(tell(connection, happening) for happening in clicked.happenings))


def _forget(connection: apsw.Connection, moments_ms: list[int]) -> list[Step]:
    return [_forget_some(connection, now_ms) for now_ms in moments_ms]


def _forget_some(connection: apsw.Connection, now_ms: int) -> Step:
    connection.execute(_FORGET, (now_ms, FORGET_LIMIT))
    gone = connection.changes()
    return Step(rows={"link": gone}, resume=0 if gone == FORGET_LIMIT else None)
