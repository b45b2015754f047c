"""What live rules ask about behaviour, each line under a stable key: only this is counted. Pure.

Rules that look at the same events, for the same property and as far back, share a line. A window that stays where it
is needs one cell; one that moves needs the events in it; what came since somebody entered needs all.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

import msgspec

from tellwire.platform.language.placed_rules import placed_rules
from tellwire.platform.model.account import Account
from tellwire.platform.model.behaviour import ALWAYS, Ago, DayBack, Entering, FirstTime, Span, Total
from tellwire.platform.model.campaign import IN_USE, Campaign
from tellwire.platform.model.rule import Condition, Conditions, Did, Edge, Member, Rule, dids_in, members_in
from tellwire.platform.model.start import OnMembership
from tellwire.platform.model.tally import Question
from tellwire.platform.model.value import fold

_SOME_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)  # a window that stays means the same at any
_ZONES_APART: Final = timedelta(
    days=2
)  # between a day and the same one of a clock elsewhere, or that was changed


class AskedLine(NamedTuple):
    """One line: events of this folded name, like this, and what of them is kept.

    With a `span` only what lies in it matters, and one cell has it all. Else cells are kept for so many milliseconds,
    or for ever if `lookback_ms` is None.
    """

    key: str
    event: str
    where: Conditions
    measured: str  # the property whose numbers count, empty without one
    condition: Condition | None
    span: Span | None
    lookback_ms: int | None = None

    @property
    def question(self) -> Question:
        """The line as stores know it."""
        return Question(self.key, self.event)


def line_of(did: Did, zone: tzinfo) -> AskedLine:
    """Return the line that answers a rule about behaviour; `zone` is the account's."""
    event = fold(did.event)
    name = did.measure.property if isinstance(did.measure, Total) else ""
    condition = did.measure.condition if isinstance(did.measure, Edge) else None
    span, lookback_ms = _span_of(did, zone), None
    if span is None:
        lookback_ms = _lookback_ms(did)
    digest = hashlib.sha256(msgspec.json.encode((event, did.where, name, condition, span, lookback_ms)))
    return AskedLine(digest.hexdigest()[:32], event, did.where, name, condition, span, lookback_ms)


def _span_of(did: Did, zone: tzinfo) -> Span | None:
    if isinstance(did.measure, FirstTime):
        return ALWAYS
    window = did.window
    if window.is_moving or isinstance(window.begins, Entering):
        return None
    return window.span(_SOME_MOMENT, zone)


def _lookback_ms(did: Did) -> int | None:
    match did.window.begins:
        case Ago(duration):
            return round(duration.span.total_seconds() * 1000)
        case DayBack(days):
            return round((timedelta(days=days) + _ZONES_APART).total_seconds() * 1000)
        case _:
            return None


class LinesInUse(NamedTuple):
    """All lines of some campaigns: by key, by folded name of the event, and by the rule that asks.

    `joined` has, by folded name, the campaigns whose audience such an event may bring somebody into.
    """

    by_key: Mapping[str, AskedLine]
    by_event: Mapping[str, tuple[AskedLine, ...]]
    by_rule: Mapping[int, tuple[Did, AskedLine]]
    joined: Mapping[str, tuple[Campaign, ...]]

    def line(self, did: Did, zone: tzinfo) -> AskedLine:
        """Return the line that answers a rule, asked in use or not."""
        known = self.by_rule.get(id(did))
        return line_of(did, zone) if known is None else known[1]


NOTHING_ASKED: Final = LinesInUse({}, {}, {}, {})


def lines_in_use(campaigns: Iterable[Campaign], account: Account) -> LinesInUse:
    """Return what these campaigns ask, as far as they are in use."""
    by_rule: dict[int, tuple[Did, AskedLine]] = {}
    joined: dict[str, dict[int, Campaign]] = {}
    zone = account.clock
    for campaign in campaigns:
        if campaign.state not in IN_USE or not (dids := list(dids_of(campaign, account))):
            continue
        by_rule.update((id(did), (did, line_of(did, zone))) for did in dids)
        for did in dids_joined(campaign, account):
            joined.setdefault(fold(did.event), {})[campaign.id] = campaign
    if not by_rule:
        return NOTHING_ASKED
    by_key = {line.key: line for _, line in by_rule.values()}
    by_event: dict[str, tuple[AskedLine, ...]] = {}
    for line in by_key.values():
        by_event[line.event] = (*by_event.get(line.event, ()), line)
    return LinesInUse(by_key, by_event, by_rule, {name: tuple(one.values()) for name, one in joined.items()})


def together(newest: LinesInUse, older: LinesInUse) -> LinesInUse:
    """Return what both ask; who joins an audience is a matter of the newest versions."""
    by_key = {**older.by_key, **newest.by_key}
    names = {line.event for line in by_key.values()}
    by_event = {name: tuple(one for one in by_key.values() if one.event == name) for name in names}
    return LinesInUse(by_key, by_event, {**older.by_rule, **newest.by_rule}, newest.joined)


def dids_of(campaign: Campaign, account: Account) -> Iterator[Did]:
    """Yield all that a campaign asks of behaviour, itself or through audiences."""
    seen: set[str] = set()
    yield from _dids_joined(campaign, account, seen)
    for _, rule in placed_rules(campaign):
        yield from _dids(rule, account, seen)


def dids_joined(campaign: Campaign, account: Account) -> Iterator[Did]:
    """Yield what the audience asks of behaviour that people join to enter."""
    yield from _dids_joined(campaign, account, set())


def _dids_joined(campaign: Campaign, account: Account, seen: set[str]) -> Iterator[Did]:
    if isinstance(campaign.start, OnMembership):
        yield from _dids(Member(campaign.start.audience), account, seen)


def _dids(rule: Rule, account: Account, seen: set[str]) -> Iterator[Did]:
    yield from dids_in(rule)
    for name in members_in(rule):
        audience = account.audiences.get(name)
        if audience is not None and name not in seen:
            seen.add(name)
            yield from _dids(audience, account, seen)
