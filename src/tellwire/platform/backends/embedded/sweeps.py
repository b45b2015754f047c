"""Sweeps of campaigns over all people, and what their runs did: written with a recording, read with facts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import apsw
import msgspec

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.backends.embedded import audiences, bulk
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.address import Address, key_of
from tellwire.platform.model.campaign import IN_USE, CampaignId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.run import AudienceSlice, NumberOfRun, RunRecord, Sweep, SweepPage, Swept
from tellwire.platform.ports.catalog import PutCampaign
from tellwire.platform.ports.run_reports import PlannedRun, SweepProgress

RunKey = tuple[CampaignId, str]


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording changes here, as SQL takes it; what is empty writes nothing."""

    swept: Swept | None
    runs: list[tuple[bulk.Cell, ...]]
    numbers: list[tuple[bulk.Cell, ...]]


def rows_of(swept: Swept | None, runs: Iterable[RunRecord], numbers: Iterable[NumberOfRun]) -> Rows:
    """Return the rows of a recording."""
    return Rows(
        swept=swept,
        runs=[(one.campaign_id, one.run, to_ms(one.at), encode(one)) for one in runs],
        numbers=[(one.campaign_id, one.run, key_of(one.address), one.profile_id) for one in numbers],
    )


# A run that was made is not made again, whatever the clock does.
_PLAN = """
INSERT OR IGNORE INTO sweep (campaign_id, run, at_ms, next_ms, after, upto, is_paused, is_chosen)
SELECT ?1, ?2, ?3, ?3, -1, NULL, 0, 0
WHERE ?2 = '' OR NOT EXISTS (SELECT 1 FROM campaign_run WHERE campaign_id = ?1 AND run = ?2)
"""
_GO_ON = """
UPDATE sweep SET after = ifnull(?3, after), upto = ifnull(upto, (SELECT ifnull(max(seq), 0) FROM profile)),
  next_ms = ifnull(?4, next_ms)
WHERE campaign_id = ?1 AND run = ?2
"""
_END = "DELETE FROM sweep WHERE campaign_id = ? AND run = ?"
_RUNS = """
WITH given (campaign_id, run, at_ms, body) AS (VALUES {rows})
INSERT INTO campaign_run (campaign_id, run, at_ms, body) SELECT * FROM given WHERE campaign_id IS NOT NULL
ON CONFLICT (campaign_id, run) DO UPDATE SET body = excluded.body
"""
_NUMBERS = "INSERT OR IGNORE INTO run_number (campaign_id, run, phone, profile_id)"


def write(connection: apsw.Connection, rows: Rows) -> None:
    """Write all of it. A sweep that a save took away meanwhile stays away."""
    if rows.swept is not None:
        sweep = rows.swept.sweep
        key = (sweep.campaign_id, sweep.run)
        resumes_at = rows.swept.resumes_at
        connection.execute(_GO_ON, (*key, rows.swept.after, resumes_at and to_ms(resumes_at)))
        if rows.swept.is_over:
            connection.execute(_END, key)
            audiences.forget_mergers(connection)
    if rows.runs:
        bulk.write(connection, _RUNS, rows.runs)
    if rows.numbers:
        bulk.insert(connection, _NUMBERS, rows.numbers)


def begin(connection: apsw.Connection, sweep: Sweep) -> None:
    """Plan a sweep."""
    connection.execute(_PLAN, (sweep.campaign_id, sweep.run, to_ms(sweep.at)))


# A run whose moment has come is not lost by a save.
_REPLACE = "DELETE FROM sweep WHERE campaign_id = ?1 AND (?3 OR (upto IS NULL AND at_ms > ?2))"
_PAUSE = "UPDATE sweep SET is_paused = ?2 WHERE campaign_id = ?1"


def replan(connection: apsw.Connection, change: PutCampaign) -> None:
    """Plan what a campaign that was saved goes through people for: see `ports.catalog.PutCampaign`.

    A run that came while it was paused is not made up.
    """
    campaign = change.campaign
    ends = change.restarts or campaign.state not in IN_USE
    if ends or change.chooses_anew:
        audiences.begin_anew(connection, campaign.id)
    connection.execute(_REPLACE, (campaign.id, to_ms(campaign.updated_at), ends))
    if campaign.state == "running" and campaign.paused_at is not None:
        connection.execute(_NOT_MADE_UP, (campaign.id, to_ms(campaign.paused_at)))
    connection.execute(_PAUSE, (campaign.id, campaign.state == "paused"))
    if ends:
        audiences.forget_mergers(connection)
    if change.sweep is not None:
        begin(connection, change.sweep)


_NOT_MADE_UP = "DELETE FROM sweep WHERE campaign_id = ?1 AND upto IS NULL AND is_paused AND at_ms > ?2"


_DUE = """
SELECT campaign_id, run, at_ms, after, upto FROM sweep
WHERE is_paused = 0 AND next_ms <= ? AND (run = '' OR is_chosen) ORDER BY next_ms LIMIT 1
"""
_NEXT = "SELECT min(next_ms) FROM sweep WHERE is_paused = 0"
_PAGE = """
SELECT group_concat('[' || seq || ',' || body || ']', ',' ORDER BY seq) FROM (
  SELECT seq, body FROM profile WHERE seq > ?1 AND seq <= ifnull(?2, (SELECT max(seq) FROM profile))
  ORDER BY seq LIMIT ?3)
"""
_PEOPLE = decoder(list[tuple[int, Profile]])


def page(connection: apsw.Connection, now: datetime, limit: int) -> audiences.Page | None:
    """Return the people who are next in the first sweep that is due, None if none is."""
    row = next(connection.execute(_DUE, (to_ms(now),)), None)
    if row is None:
        return None
    campaign_id, run, at_ms, after, upto = row
    sweep = Sweep(campaign_id=campaign_id, run=run, at=from_ms(at_ms))
    if run:
        return audiences.page(connection, sweep, after, limit)
    people = _PEOPLE.decode(lines_of(connection.execute(_PAGE, (after, upto, limit)).get))
    return audiences.Page(SweepPage(sweep=sweep, people=people, is_last=len(people) < limit), dict(people))


def take_down(connection: apsw.Connection, calls: list[AudienceSlice]) -> list[None]:
    """Write slices of audiences, each if it is the next; the first plans the run after its own."""
    for one in calls:
        if audiences.take(connection, one) and one.following is not None:
            begin(connection, one.following)
    return [None] * len(calls)


def next_due(connection: apsw.Connection) -> datetime | None:
    """Return when the next sweep is due, None if none is planned."""
    at_ms = connection.execute(_NEXT).get
    return None if at_ms is None else from_ms(at_ms)


_OPEN = "SELECT campaign_id, after, ifnull(upto, 9223372036854775807) FROM sweep WHERE run = ''"


def unmet(
    connection: apsw.Connection, people: Mapping[int, Profile]
) -> frozenset[tuple[CampaignId, ProfileId]]:
    """Return those of these people whom a sweep without a run is still to meet, by campaign."""
    return frozenset(
        (campaign_id, profile.id)
        for campaign_id, after, upto in connection.execute(_OPEN)
        for seq, profile in people.items()
        if after < seq <= upto
    )


_RUNS_OF = """
SELECT group_concat(r.body) FROM json_each(?) AS given
CROSS JOIN campaign_run AS r ON r.campaign_id = given.value->>0 AND r.run = given.value->>1
"""
_RUN_BODIES = decoder(list[RunRecord])


def runs(connection: apsw.Connection, keys: Iterable[RunKey]) -> Sequence[RunRecord]:
    """Return what these runs did; one that has not begun is absent."""
    wanted = encode(list(keys))
    return _RUN_BODIES.decode(lines_of(connection.execute(_RUNS_OF, (wanted,)).get))


_NUMBERS_OF = """
SELECT json_group_array(json_array(n.campaign_id, n.run, n.phone, n.profile_id))
FROM json_each(?1) AS one CROSS JOIN json_each(?2) AS given
CROSS JOIN run_number AS n ON n.campaign_id = one.value->>0 AND n.run = one.value->>1 AND n.phone = given.value
"""
_NUMBER_ROWS = decoder(list[tuple[CampaignId, str, int, ProfileId]])


def numbers(
    connection: apsw.Connection, keys: Iterable[RunKey], addresses: Iterable[Address]
) -> Sequence[NumberOfRun]:
    """Return which of these addresses these runs wrote to."""
    by_key: Mapping[int, Address] = {key_of(address): address for address in addresses}
    rows = connection.execute(_NUMBERS_OF, (encode(list(keys)), encode(list(by_key)))).get
    return [
        NumberOfRun(campaign_id, run, by_key[phone], profile_id)
        for campaign_id, run, phone, profile_id in _NUMBER_ROWS.decode(rows)
    ]


_RUNS_OF_CAMPAIGN = """
SELECT group_concat(body, ',' ORDER BY at_ms DESC) FROM (
  SELECT at_ms, body FROM campaign_run WHERE campaign_id = ? ORDER BY at_ms DESC LIMIT ?)
"""


def of_campaign(connection: apsw.Connection, campaign_id: CampaignId, limit: int) -> list[RunRecord]:
    """Return the last runs of a campaign, newest first."""
    return _RUN_BODIES.decode(lines_of(connection.execute(_RUNS_OF_CAMPAIGN, (campaign_id, limit)).get))


_PLANNED = """
SELECT json_group_array(json_array(run, at_ms, is_chosen, next_ms)) FROM sweep WHERE campaign_id = ?
"""
_PLANNED_ROWS = decoder(list[tuple[str, int, int, int]])


def planned(connection: apsw.Connection, campaign_id: CampaignId) -> list[SweepProgress]:
    """Return the sweeps of a campaign that are planned or under way."""
    rows = _PLANNED_ROWS.decode(connection.execute(_PLANNED, (campaign_id,)).get)
    return [
        SweepProgress(run=run, at=from_ms(at_ms), is_chosen=bool(is_chosen), next_at=from_ms(next_ms))
        for run, at_ms, is_chosen, next_ms in rows
    ]


_NEXT_RUNS = """
SELECT json_group_array(json_array(campaign_id, run, at_ms, upto IS NOT NULL) ORDER BY at_ms) FROM sweep
WHERE run <> ''
"""
_NEXT_RUN_ROWS = decoder(list[tuple[CampaignId, str, int, int]])


def next_runs(connection: apsw.Connection) -> list[PlannedRun]:
    """Return the runs that campaigns will make next or are making, the first one first."""
    return [
        PlannedRun(campaign_id=campaign_id, run=run, at=from_ms(at_ms), has_begun=bool(has_begun))
        for campaign_id, run, at_ms, has_begun in _NEXT_RUN_ROWS.decode(connection.execute(_NEXT_RUNS).get)
    ]


_RUNS_BETWEEN = """
SELECT group_concat(body, ',' ORDER BY at_ms) FROM (
  SELECT at_ms, body FROM campaign_run WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms LIMIT ?)
"""


def between(connection: apsw.Connection, begin: datetime, end: datetime, limit: int) -> list[RunRecord]:
    """Return the runs whose moment is in [begin, end), in order of time."""
    bodies = connection.execute(_RUNS_BETWEEN, (to_ms(begin), to_ms(end), limit)).get
    return _RUN_BODIES.decode(lines_of(bodies))


_AT_WORK = """
SELECT json_group_array(value) FROM json_each(?)
WHERE EXISTS (SELECT 1 FROM sweep WHERE campaign_id = value)
  OR EXISTS (SELECT 1 FROM enrollment WHERE campaign_id = value)
"""
_IDS = decoder(list[CampaignId])


def at_work(connection: apsw.Connection, campaign_ids: Sequence[CampaignId]) -> frozenset[CampaignId]:
    """Return those of these campaigns that have a sweep, or somebody inside."""
    return frozenset(_IDS.decode(connection.execute(_AT_WORK, (encode(campaign_ids),)).get))
