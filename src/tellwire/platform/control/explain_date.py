"""The moments that a date makes for one person: the last, the next, and one that was missed. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from tellwire.platform.control.explain_shapes import StartLine
from tellwire.platform.control.no_answer import moment
from tellwire.platform.decide.date_start import Zones, coming, next_year
from tellwire.platform.decide.due import day_in, moment_on
from tellwire.platform.decide.person_zone import zone_of
from tellwire.platform.language.start import write_start
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import OnDate
from tellwire.platform.model.value import Properties, Value, decoded, look_up_path

_PAST: Final = timedelta(days=1_500)  # a yearly date, 29 February too, has had a moment within


def date_lines(
    campaign: Campaign,
    start: OnDate,
    profile: Profile,
    events: Sequence[Event],
    account: Account,
    now: datetime,
) -> Iterator[StartLine]:
    """Say which day the date is, its last moment and its next, and what becomes of one that was missed."""
    name = start.date.property
    if start.date.source == "event" and not events:
        return
    properties = profile.properties if start.date.source == "profile" else decoded(events[0].properties)
    value = look_up_path(properties, name)
    if value is None:
        yield StartLine(code="no_date", text=f"They have no “{name}”, so there is no day for them.")
        return
    day = day_in(value, account.clock)
    if day is None:
        yield StartLine(code="not_a_date", text=f"What they have as “{name}” is no date.")
        return
    yield StartLine(code="date", text=f"Their “{name}” is {day.isoformat()}.{_shift_words(start)}")
    yield from _date_moments(campaign, start, profile, properties, account, now)


def _shift_words(start: OnDate) -> str:
    form = write_start(start)
    shift = f" shifted by {form.shift}" if form.shift else ""
    at = f" at {form.at}, their time" if form.at else ""
    yearly = " each year" if start.yearly else ""
    return f" It starts{yearly} on that day{shift}{at}."


def _date_moments(
    campaign: Campaign,
    start: OnDate,
    profile: Profile,
    properties: Properties,
    account: Account,
    now: datetime,
) -> Iterator[StartLine]:
    value = look_up_path(properties, start.date.property)
    zones = Zones(zone_of(profile, account), account.clock)
    last = _last_moment(start, value, zones, now)
    due = coming(start, value, now, zones)
    following = None if due is None else due.due
    if last is not None:
        began = campaign.began_at
        is_before = began is not None and last < began
        text = f"The last such moment was {moment(last)}"
        text += f", before it began to run at {moment(began)}." if is_before and began else "."
        yield StartLine(code="last_moment", text=text, as_of="then", at=last)
        if is_before or following is None:
            yield StartLine(code="missed", text=_MISSED[start.missed], as_of="rule")
    if following is not None:
        yield StartLine(code="not_yet", text=f"The next such moment is {moment(following)}.", at=following)
    else:
        yield StartLine(code="over", text="No such moment comes any more.")


_MISSED: Final = {
    "now": "A moment that has passed when the date comes to be known is made up at once.",
    "skip": "A moment that has passed when the date comes to be known is left out.",
    "stop": "A moment that has passed when the date comes to be known is left out, and all later ones.",
}


def _last_moment(start: OnDate, value: Value, zones: Zones, now: datetime) -> datetime | None:
    """Return the last moment of the date that has passed."""
    if not start.yearly:
        at = moment_on(value, start.shift, start.at, zones.person, zones.account)
        return at if at is not None and at <= now else None
    last, after = None, now - _PAST
    while (at := next_year(start, value, after, zones)) is not None and at <= now:
        last = after = at
    return last
