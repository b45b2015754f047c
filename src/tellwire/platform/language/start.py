"""Starts: the key of each says which it is.

{event: Added To Cart, where: [{property: Amount, greater_than: 50}]}
{date: Profile.DOB, shift: -3 days, at: "09:00", yearly: true, missed: skip}
{date: Event.Departure, event: Flight Booked, shift: -2 hours}
{at: now}   {at: "2026-06-06T09:00", zone: person}   {at: ["2026-06-06T09:00Z", "2026-06-13T09:00Z"]}
{rule: "FREQ=WEEKLY;BYDAY=FR", at: "09:00", zone: person, from: 2026-06-01, until: 2026-12-31}
{joins: Big spenders, present: false}   {call: order-shipped}
"""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Annotated, Final, assert_never

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.kernel.recurrence import end_of, rule_problem
from tellwire.kernel.zones import zone_named
from tellwire.platform.language.comparison import Conditions, read_conditions, write_condition
from tellwire.platform.language.moments import read_bound, read_end, read_moment, write_bound
from tellwire.platform.language.names import no_name
from tellwire.platform.language.read_steps import read_date_of
from tellwire.platform.language.scalars import read_duration, read_time, write_time
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.start import (
    MOMENTS_LIMIT,
    RULE_LIMIT,
    WHERE,
    EventName,
    Missed,
    Moments,
    Now,
    OnCall,
    OnDate,
    OnEvent,
    OnMembership,
    OnSchedule,
    Recurring,
    Start,
)

_Written = Annotated[str, msgspec.Meta(max_length=64)]
_Many = Annotated[tuple[_Written, ...], msgspec.Meta(max_length=MOMENTS_LIMIT)]


def _help(sentence: str) -> msgspec.Meta:
    return msgspec.Meta(description=sentence)


class StartForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who enters, and when: whoever does an `event`, has a `date`, is there `at` a moment, or `joins` an audience."""

    event: EventName | UnsetType = UNSET
    where: Annotated[Conditions | UnsetType, WHERE] = UNSET
    date: Annotated[
        Name | UnsetType, _help("The property that has the date: Profile.DOB or Event.Departure.")
    ] = UNSET
    shift: Annotated[_Written | UnsetType, _help("How much earlier or later, as `-3 days`.")] = UNSET
    at: Annotated[
        _Written | _Many | UnsetType,
        _help("A time of the day; of a schedule without a rule, moments or `now`."),
    ] = UNSET
    yearly: Annotated[bool | UnsetType, _help("Whether the date comes again each year.")] = UNSET
    missed: Annotated[
        Missed | UnsetType, _help("What becomes of a date that has passed when it becomes known.")
    ] = UNSET
    rule: Annotated[
        Annotated[str, msgspec.Meta(max_length=RULE_LIMIT)] | UnsetType,
        _help("When it comes again, as RFC 5545 writes it."),
    ] = UNSET
    zone: Annotated[
        Name | UnsetType, _help("Whose clock: `person`, or a zone by name; else the account's.")
    ] = UNSET
    from_: Annotated[_Written | UnsetType, _help("The first day or moment.")] = msgspec.field(
        name="from", default=UNSET
    )
    until: Annotated[_Written | UnsetType, _help("The last day or moment.")] = UNSET
    joins: Annotated[Name | UnsetType, _help("The audience that a person becomes a member of.")] = UNSET
    present: Annotated[bool | UnsetType, _help("Whether those who are members already enter too.")] = UNSET
    call: Annotated[Name | UnsetType, _help("The name by which the API calls it.")] = UNSET


_EVENT: Final = frozenset({"event", "where"})
_DATE: Final = frozenset({"date", "shift", "at", "yearly", "missed"})
_RULE: Final = frozenset({"rule", "at", "zone", "from_", "until"})
_ACCOUNT: Final = "account"

# The fields of each kind of the model.
START_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "event": _EVENT,
    "date": _DATE | _EVENT,
    "schedule": _RULE,
    "joins": frozenset({"joins", "present"}),
    "call": frozenset({"call"}),
}


def read_start(form: StartForm, path: str = "start") -> Start:
    """Return the start that a form means. Raises `Unreadable`."""
    written = frozenset(name for name in form.__struct_fields__ if getattr(form, name) is not UNSET)
    allowed, read = _kind(written)
    strange = sorted(written - allowed)
    if strange:
        kind = "an event" if read is _event else next(name for name in _KINDS if name in written)
        name = strange[0].rstrip("_")
        raise Unreadable({f"{path}.{name}": f"A start with {kind} has no {name}."})
    return read(form, path)


_KINDS: Final = ("date", "rule", "at", "joins", "call")


def _kind(written: frozenset[str]) -> tuple[frozenset[str], Callable[[StartForm, str], Start]]:
    """Return what may be written beside the key that tells the start, and how it is read."""
    if "date" in written:
        return _DATE | _EVENT, _date
    if "rule" in written:
        return _RULE, _recurring
    if "at" in written:
        return frozenset({"at", "zone"}), _moments
    if "joins" in written:
        return frozenset({"joins", "present"}), _membership
    if "call" in written:
        return frozenset({"call"}), _call
    return _EVENT, _event


def _event(form: StartForm, path: str) -> OnEvent:
    event = "" if form.event is UNSET else form.event.strip()
    return OnEvent(event=event, where=read_conditions(form.where or (), f"{path}.where"))


def _date(form: StartForm, path: str) -> OnDate:
    date = read_date_of(_text(form.date), f"{path}.date")
    event = _text(form.event).strip()
    if date.source == "event" and not event:
        raise Unreadable({f"{path}.event": "Name the event that has the date."})
    if date.source == "profile" and (event or form.where):
        raise Unreadable({f"{path}.event": "The date is of the profile, so no event makes it."})
    return OnDate(
        date=date,
        event=event,
        where=read_conditions(form.where or (), f"{path}.where"),
        shift=None if form.shift is UNSET else read_duration(form.shift, f"{path}.shift", is_signed=True),
        at=None if form.at is UNSET else _time(form, path),
        yearly=form.yearly is True,
        missed="skip" if form.missed is UNSET else form.missed,
    )


def _recurring(form: StartForm, path: str) -> OnSchedule:
    rule, until = end_of(_text(form.rule))
    problem = rule_problem(rule)
    if problem is not None:
        raise Unreadable({f"{path}.rule": f"This is no rule of RFC 5545: {problem}."})
    if until is not None and form.until is not UNSET:
        raise Unreadable({f"{path}.until": "The rule says until when itself: write one of them."})
    begins = None if form.from_ is UNSET else read_bound(form.from_, f"{path}.from", time.min)
    ends = None if form.until is UNSET else read_bound(form.until, f"{path}.until", time.max)
    if until is not None:
        ends = read_end(until, f"{path}.rule")
    when = Recurring(rule=rule, at=_time(form, path), begins=begins, ends=ends)
    return OnSchedule(when=when, zone=_zone(form, path))


def _moments(form: StartForm, path: str) -> OnSchedule:
    zone = _zone(form, path)
    if isinstance(form.at, str) and form.at.strip().lower() == "now":
        return OnSchedule(when=Now(), zone=zone)
    texts = (form.at,) if isinstance(form.at, str) else form.at or ()
    if not texts:
        raise Unreadable({f"{path}.at": "Write now, a moment, or a list of moments."})
    places = (f"{path}.at" if isinstance(form.at, str) else f"{path}.at[{n}]" for n in range(len(texts)))
    return OnSchedule(when=Moments(tuple(map(read_moment, texts, places))), zone=zone)


def _membership(form: StartForm, path: str) -> OnMembership:
    audience = _text(form.joins).strip()
    if not audience:
        raise Unreadable({f"{path}.joins": "Name the audience."})
    return OnMembership(audience=audience, present=form.present is True)


def _call(form: StartForm, path: str) -> OnCall:
    name = _text(form.call).strip()
    if why := no_name(name, "call"):
        raise Unreadable({f"{path}.call": why})
    return OnCall(call=name)


def _text(written: str | UnsetType) -> str:
    return "" if written is UNSET else written


def _time(form: StartForm, path: str) -> time:
    if not isinstance(form.at, str):
        raise Unreadable({f"{path}.at": "Write the time of the day, as 09:00."})
    return read_time(form.at, f"{path}.at")


def _zone(form: StartForm, path: str) -> str:
    zone = _ACCOUNT if form.zone is UNSET else form.zone.strip()
    if zone not in {"person", _ACCOUNT} and zone_named(zone) is None:
        raise Unreadable(
            {f"{path}.zone": f"There is no time zone “{zone[:40]}”: write person, account or Europe/Berlin."}
        )
    return zone


def write_start(start: Start) -> StartForm:
    """Return the form of a start."""
    match start:
        case OnEvent(event=event, where=where):
            return StartForm(event=event, where=tuple(map(write_condition, where)))
        case OnDate():
            return _write_date(start)
        case OnSchedule():
            return _write_schedule(start)
        case OnMembership(audience=audience, present=present):
            return StartForm(joins=audience, present=present or UNSET)
        case OnCall(call):
            return StartForm(call=call)
        case _:
            assert_never(start)


def _write_date(start: OnDate) -> StartForm:
    source = "Profile" if start.date.source == "profile" else "Event"
    return StartForm(
        date=f"{source}.{start.date.property}",
        event=start.event or UNSET,
        where=tuple(map(write_condition, start.where)) or UNSET,
        shift=UNSET if start.shift is None else str(start.shift),
        at=UNSET if start.at is None else write_time(start.at),
        yearly=start.yearly or UNSET,
        missed=UNSET if start.missed == "skip" else start.missed,
    )


def _write_schedule(start: OnSchedule) -> StartForm:
    zone = UNSET if start.zone == _ACCOUNT else start.zone
    match start.when:
        case Now():
            return StartForm(at="now", zone=zone)
        case Moments((moment,)):
            return StartForm(at=moment.isoformat(), zone=zone)
        case Moments(moments):
            return StartForm(at=tuple(moment.isoformat() for moment in moments), zone=zone)
        case Recurring(rule=rule, at=at, begins=begins, ends=ends):
            return StartForm(
                rule=rule,
                at=write_time(at),
                zone=zone,
                from_=UNSET if begins is None else write_bound(begins, time.min),
                until=UNSET if ends is None else write_bound(ends, time.max),
            )
        case _:
            assert_never(start.when)
