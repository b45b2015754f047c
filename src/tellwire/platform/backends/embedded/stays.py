"""Reads who stands where in campaigns, and how people left: for the pages that show it."""

from collections.abc import Sequence
from datetime import datetime

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import MessageStatus
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Enrollment, Left
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.campaign_reports import StepSums
from tellwire.platform.ports.inside_reports import PersonInside, Stays, Waiting

_WAITING = """
SELECT json_group_array(json_object('version', version, 'step', step, 'people', people)) FROM (
  SELECT version, step, count(*) AS people FROM enrollment WHERE campaign_id = ? GROUP BY version, step)
"""
_WAITING_ROWS = decoder(list[Waiting])


def waiting(connection: apsw.Connection, campaign_id: CampaignId) -> list[Waiting]:
    """Return how many people stand at each step of each version of a campaign."""
    return _WAITING_ROWS.decode(connection.execute(_WAITING, (campaign_id,)).get)


_STEP_SUMS = """
SELECT json_group_array(json_array(kind, name, value)) FROM counter
WHERE campaign_id = ? AND kind IN ('came', 'left at', 'skipped at', 'numbered') AND value <> 0
"""
_STEP_ROWS = decoder(list[tuple[str, str, int]])


def step_sums(connection: apsw.Connection, campaign_id: CampaignId) -> StepSums:
    """Return a campaign's sums by step."""
    by_kind: dict[str, dict[str, int]] = {"came": {}, "left at": {}, "skipped at": {}, "numbered": {}}
    for kind, name, value in _STEP_ROWS.decode(connection.execute(_STEP_SUMS, (campaign_id,)).get):
        by_kind[kind][name] = value
    numbered: dict[int, dict[MessageStatus, int]] = {}
    for name, value in by_kind["numbered"].items():
        number, _, status = name.partition(" ")
        numbered.setdefault(int(number), {})[MessageStatus(status)] = value
    return StepSums(
        came=by_kind["came"], left=by_kind["left at"], skipped=by_kind["skipped at"], numbered=numbered
    )


_PEOPLE = """
SELECT group_concat(line, ',') FROM (
  SELECT '[' || json_array(e.version, e.step, e.profile, e.id) || ',' || p.body || ',' || e.body || ']' AS line
  FROM enrollment AS e INDEXED BY enrollment_by_campaign CROSS JOIN profile AS p ON p.seq = e.profile
  WHERE e.campaign_id = ?1 AND (?2 IS NULL OR e.step = ?2) AND (e.version, e.step, e.profile, e.id) > (?3, ?4, ?5, ?6)
  ORDER BY e.version, e.step, e.profile, e.id LIMIT ?7)
"""
_PEOPLE_ROWS = decoder(list[tuple[tuple[int, str, int, str], Profile, Enrollment]])
_CURSOR = decoder(tuple[int, str, int, str])
_FIRST = (-1, "", -1, "")


def people(
    connection: apsw.Connection, campaign_id: CampaignId, step: str | None, limit: int, after: str
) -> list[PersonInside]:
    """Return people inside a campaign, from the cursor on; one that is none begins anew."""
    rows = connection.execute(_PEOPLE, (campaign_id, step, *_place(after), limit)).get
    return [
        PersonInside(subjects=profile.subjects, enrollment=enrollment, cursor=encode(place))
        for place, profile, enrollment in _PEOPLE_ROWS.decode(lines_of(rows))
    ]


def _place(cursor: str) -> tuple[int, str, int, str]:
    try:
        return _CURSOR.decode(cursor) if cursor else _FIRST
    except ValueError:
        return _FIRST


_ENROLLMENTS = (
    "SELECT group_concat(body) FROM enrollment WHERE profile = (SELECT seq FROM profile WHERE id = ?)"
)
_DEPARTURES = """
SELECT group_concat(body, ',' ORDER BY seq DESC) FROM (
  SELECT seq, body FROM departure WHERE profile = (SELECT seq FROM profile WHERE id = ?) ORDER BY seq DESC LIMIT ?)
"""
_ENROLLMENT_ROWS = decoder(list[Enrollment])
_LEFT_ROWS = decoder(list[Left])


def of_profile(connection: apsw.Connection, profile_id: ProfileId, limit: int) -> Stays:
    """Return where a person stands, and the last of how they left campaigns."""
    inside = connection.execute(_ENROLLMENTS, (profile_id,)).get
    gone = connection.execute(_DEPARTURES, (profile_id, limit)).get
    return Stays(
        enrollments=_ENROLLMENT_ROWS.decode(lines_of(inside)), departures=_LEFT_ROWS.decode(lines_of(gone))
    )


_DUE_BETWEEN = """
SELECT json_group_array((
  SELECT count(*) FROM (
    SELECT 1 FROM enrollment INDEXED BY enrollment_by_wake
    WHERE wake_ms >= given.value->>0 AND wake_ms < given.value->>1 LIMIT ?2)) ORDER BY given.key)
FROM json_each(?1) AS given
"""
_COUNTS = decoder(list[int])


def due_between(
    connection: apsw.Connection, spans: Sequence[tuple[datetime, datetime]], limit: int
) -> list[int]:
    """Return how many people become due in each span, at most `limit` each."""
    bounds = encode([(to_ms(begin), to_ms(end)) for begin, end in spans])
    return _COUNTS.decode(connection.execute(_DUE_BETWEEN, (bounds, limit)).get)
