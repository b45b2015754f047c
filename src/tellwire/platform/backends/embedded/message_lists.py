"""Messages, their timelines and figures, and what is new: the statements of `reports` about messages."""

from collections import defaultdict
from collections.abc import Sequence

import apsw
import msgspec

from tellwire.kernel.clock import from_ms
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail
from tellwire.platform.backends.embedded import event_lists
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.sums import (
    ENTRY,
    HELD_OUT_ENTRY,
    HELD_OUT_REACHED,
    REACHED,
    REVENUE,
    THOUSANDTHS,
)
from tellwire.platform.model.address import Address, key_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.message import Message, MessageId
from tellwire.platform.ports.campaign_reports import Funnel, GoalFigures
from tellwire.platform.ports.message_reports import Changes, MessageDetail, MessageRow, TimelineStep

FIRST_CHANGES = 20  # what a live page shows before anything happens
_FROM_NEWEST = 2**62  # above every seq


class Fate(msgspec.Struct, frozen=True, array_like=True):
    """What became of a message, and how its campaign and provider are called today."""

    status: MessageStatus
    detail: StatusDetail | None
    error_code: str
    description: str
    updated_ms: int
    campaign_name: str
    provider_nickname: str

    @property
    def standing(self) -> Standing:
        """Status and detail as one point of the lattice."""
        return Standing(self.status, self.detail)


LINES = decoder(list[tuple[Message, Fate]])  # joined lines of `message_line`


def _row(message: Message, fate: Fate) -> MessageRow:
    return MessageRow(
        id=message.id,
        campaign_id=message.campaign_id,
        campaign_name=fate.campaign_name,
        profile_id=message.profile_id,
        provider_id=message.provider_id,
        provider_nickname=fate.provider_nickname,
        to=message.to,
        encoding=message.encoding,
        parts=message.parts,
        standing=fate.standing,
        error_code=fate.error_code,
        description=fate.description,
        created_at=message.created_at,
        updated_at=from_ms(fate.updated_ms),
    )


def rows(joined: str | None) -> list[MessageRow]:
    """Return the rows that joined lines of `message_line` stand for."""
    return [_row(message, fate) for message, fate in LINES.decode(lines_of(joined))]


_SEQ = "SELECT seq FROM message WHERE id = ?"
_RECENT = """
SELECT group_concat(line, ',' ORDER BY seq DESC)
FROM (SELECT seq, line FROM message_line WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2)
"""
_OF_CAMPAIGN = """
SELECT group_concat(line, ',' ORDER BY seq DESC)
FROM (SELECT seq, line FROM message_line WHERE campaign_id = ?3 AND seq < ?1 ORDER BY seq DESC LIMIT ?2)
"""
_OF_NUMBER = """
SELECT group_concat(line, ',' ORDER BY seq DESC) FROM (
  SELECT seq, line FROM message_line WHERE phone = ?4 AND seq < ?1 AND (?3 IS NULL OR campaign_id = ?3)
  ORDER BY seq DESC LIMIT ?2)
"""


def recent(
    connection: apsw.Connection,
    limit: int,
    before: str,
    campaign_id: CampaignId | None,
    to: Address | None,
) -> list[MessageRow]:
    """Return messages newest first, from the one before `before` on."""
    start = connection.execute(_SEQ, (before,)).get if before else _FROM_NEWEST
    if to is not None:
        lines = connection.execute(_OF_NUMBER, (start, limit, campaign_id, key_of(to))).get
    elif campaign_id is not None:
        lines = connection.execute(_OF_CAMPAIGN, (start, limit, campaign_id)).get
    else:
        lines = connection.execute(_RECENT, (start, limit)).get
    return [_row(message, fate) for message, fate in LINES.decode(lines_of(lines))]


_WHOLE = "SELECT line FROM message_line WHERE id = ?"
# Not by time, for clocks of others differ; and a receipt that overtakes our own note of the sending tells what
# happened after it.
_TIMELINE = """
SELECT json_group_array(
  json_array(at_ms, status, detail, what, code, description, answer) ORDER BY what = 'receipt', seq)
FROM timeline WHERE message = (SELECT seq FROM message WHERE id = ?)
"""
_STEPS = decoder(list[tuple[int, MessageStatus, StatusDetail | None, str, str, str, str]])


def whole(connection: apsw.Connection, message_id: MessageId) -> MessageDetail | None:
    """Return one message with its timeline and decision, or None."""
    rows = LINES.decode(lines_of(connection.execute(_WHOLE, (message_id,)).get))
    if not rows:
        return None
    message, fate = rows[0]
    decisions = event_lists.decisions(connection, message.occasion_id)
    return MessageDetail(
        row=_row(message, fate),
        text=message.text,
        occasion_id=message.occasion_id,
        timeline=(_queued(message), *_timeline(connection, message_id)),
        decision=next((d for d in decisions if d.message_id == message.id), None),
    )


def _queued(message: Message) -> TimelineStep:
    """Return the first step, which every message has: it is no row, as it would tell nothing new."""
    return TimelineStep(at=message.created_at, standing=Standing(MessageStatus.QUEUED), what="queued")


def _timeline(connection: apsw.Connection, message_id: MessageId) -> list[TimelineStep]:
    rows = _STEPS.decode(connection.execute(_TIMELINE, (message_id,)).get)
    return [
        TimelineStep(
            at=from_ms(at_ms),
            standing=Standing(status, detail),
            what=what,
            code=code,
            description=description,
            answer=answer,
        )
        for at_ms, status, detail, what, code, description, answer in rows
    ]


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The newest `seq` of each table that a live page watches.

    One thread writes: numbers are given in the order of commits, and `retention` never lets one be given again.
    """

    activity: int
    message: int
    timeline: int


_NEWEST = """
SELECT ifnull((SELECT max(seq) FROM activity), 0), ifnull((SELECT max(seq) FROM message), 0),
  ifnull((SELECT max(seq) FROM timeline), 0)
"""
_NEW_EVENTS = """
SELECT group_concat(line, ',' ORDER BY seq DESC)
FROM (SELECT seq, line FROM event_line WHERE seq > ? ORDER BY seq DESC LIMIT ?)
"""
_NEW_MESSAGES = """
SELECT group_concat(line, ',' ORDER BY seq DESC) FROM (
  SELECT seq, line FROM message_line WHERE seq IN (
    SELECT seq FROM (SELECT seq FROM message WHERE seq > ?1 ORDER BY seq DESC LIMIT ?3)
    UNION SELECT message FROM (SELECT message FROM timeline WHERE seq > ?2 ORDER BY seq DESC LIMIT ?3))
  ORDER BY seq DESC LIMIT ?3)
"""


def changes(connection: apsw.Connection, cursor: str, limit: int) -> Changes:
    """Return what is new since `cursor`, newest first, and where to go on."""
    newest = _Cursor(*next(connection.execute(_NEWEST)))
    since = _read_cursor(cursor)
    if since is None:
        since, limit = _Cursor(0, 0, 0), min(limit, FIRST_CHANGES)
    events = connection.execute(_NEW_EVENTS, (since.activity, limit)).get
    messages = connection.execute(_NEW_MESSAGES, (since.message, since.timeline, limit)).get
    return Changes(
        cursor=encode(newest),
        events=tuple(event_lists.event_rows(events)),
        messages=tuple(_row(message, fate) for message, fate in LINES.decode(lines_of(messages))),
    )


def _read_cursor(text: str) -> _Cursor | None:
    try:
        return msgspec.json.decode(text, type=_Cursor)
    except msgspec.DecodeError:
        return None


_COUNTERS = """
SELECT json_group_array(json_array(campaign_id, kind, counter.name, counter.value))
FROM json_each(?) AS given CROSS JOIN counter ON campaign_id = given.value WHERE counter.value <> 0
"""
_COUNTER_ROWS = decoder(list[tuple[CampaignId, str, str, int]])


def funnels(connection: apsw.Connection, campaign_ids: Sequence[CampaignId]) -> list[Funnel]:
    """Return each campaign's numbers."""
    ids = encode(sorted(set(campaign_ids)))
    figures: dict[CampaignId, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for campaign_id, kind, name, value in _COUNTER_ROWS.decode(connection.execute(_COUNTERS, (ids,)).get):
        figures[campaign_id][kind][name] = value
    return [_funnel(campaign_id, figures[campaign_id]) for campaign_id in campaign_ids]


def _funnel(campaign_id: CampaignId, figures: dict[str, dict[str, int]]) -> Funnel:
    return Funnel(
        campaign_id=campaign_id,
        by_status={MessageStatus(name): value for name, value in figures["status"].items()},
        sent_or_further=figures["sent"].get("", 0),
        skips=figures["skip"],
        errors=figures["error"],
        parts=figures["parts"].get("", 0),
        inside=figures["inside"].get("", 0),
        left=figures["left"],
        calls=figures["call"],
        clicked=figures["clicked"].get("", 0),
        clicks=figures["clicks"].get("", 0),
        goal=_goal(figures["goal"]) if figures["goal"] else None,
    )


def _goal(figures: dict[str, int]) -> GoalFigures:
    return GoalFigures(
        entered=figures.get(ENTRY, 0),
        reached=figures.get(REACHED, 0),
        revenue=figures.get(REVENUE, 0) / THOUSANDTHS,
        held_out=figures.get(HELD_OUT_ENTRY, 0),
        held_out_reached=figures.get(HELD_OUT_REACHED, 0),
    )


_QUEUED = "SELECT ifnull(sum(value), 0) FROM counter WHERE kind = 'status' AND name = ?"


def queued(connection: apsw.Connection) -> int:
    """Return how many messages wait to be handed over, by the counters of all campaigns."""
    count: int = connection.execute(_QUEUED, (MessageStatus.QUEUED,)).get
    return count
