"""What was decided for one campaign and how people left it, read backwards from the newest, so many rows at a time.

There is no index of decisions by campaign or person: every decision would pay for it. So a page looks at a bounded
number of rows, whatever it finds among them.
"""

from collections.abc import Sequence
from typing import Final

import apsw

from tellwire.kernel.clock import from_ms
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.enrollment import Left
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.campaign_reports import DecidedPage
from tellwire.platform.ports.inside_reports import LeftPage

_NEWEST: Final = 2**62  # above every number of a row

_DECIDED = """
SELECT group_concat(body, ',' ORDER BY seq DESC) FROM (
  SELECT rowid AS seq, campaign_id, body FROM decision WHERE rowid < ?1 ORDER BY rowid DESC LIMIT ?2)
WHERE campaign_id = ?3 AND (?4 IS NULL OR body->>'profile_id' = ?4)
"""
_OLDEST_DECISION = """
SELECT rowid, body FROM decision WHERE rowid = (
  SELECT min(seq) FROM (SELECT rowid AS seq FROM decision WHERE rowid < ?1 ORDER BY rowid DESC LIMIT ?2))
"""
_DECISION = decoder(DecisionRecord)
_DECISIONS = decoder(list[DecisionRecord])


def decisions(
    connection: apsw.Connection,
    campaign_id: CampaignId,
    profile_id: ProfileId | None,
    rows: int,
    before: int | None,
) -> DecidedPage:
    """Return the decisions of a campaign among the `rows` before a place, newest first."""
    place = _NEWEST if before is None else before
    bodies = connection.execute(_DECIDED, (place, rows, campaign_id, profile_id)).get
    oldest = next(connection.execute(_OLDEST_DECISION, (place, rows)), None)
    return DecidedPage(
        decisions=_DECISIONS.decode(lines_of(bodies)),
        reached=None if oldest is None else _DECISION.decode(oldest[1]).decided_at,
        following=None if oldest is None else oldest[0],
    )


_LEFT = """
SELECT group_concat(body, ',' ORDER BY seq DESC) FROM (
  SELECT seq, campaign_id, body FROM departure WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2)
WHERE campaign_id = ?3
"""
_OLDEST_LEFT = """
SELECT seq, at_ms FROM departure WHERE seq = (
  SELECT min(seq) FROM (SELECT seq FROM departure WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2))
"""
_LEFT_ROWS = decoder(list[Left])


def departures(
    connection: apsw.Connection, campaign_id: CampaignId, rows: int, before: int | None
) -> LeftPage:
    """Return how people left a campaign, among the `rows` departures before a place, newest first."""
    place = _NEWEST if before is None else before
    bodies = connection.execute(_LEFT, (place, rows, campaign_id)).get
    oldest = next(connection.execute(_OLDEST_LEFT, (place, rows)), None)
    return LeftPage(
        departures=_LEFT_ROWS.decode(lines_of(bodies)),
        reached=None if oldest is None else from_ms(oldest[1]),
        following=None if oldest is None else oldest[0],
    )


_NAMED = """
SELECT group_concat(p.body) FROM json_each(?) AS given CROSS JOIN profile AS p ON p.id = given.value
"""
_PROFILES = decoder(list[Profile])


def names(connection: apsw.Connection, profile_ids: Sequence[ProfileId]) -> dict[ProfileId, Subject]:
    """Return by what name each of these people is known."""
    profiles = _PROFILES.decode(lines_of(connection.execute(_NAMED, (encode(list(profile_ids)),)).get))
    return {one.id: one.subjects[0] for one in profiles if one.subjects}
