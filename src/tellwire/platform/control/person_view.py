"""A person as pages and the API show them: reachability in a sentence, properties, consent, what happened. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from tellwire.kernel.clock import from_ms
from tellwire.platform.control.shapes import (
    BY,
    DeviceTokenView,
    SubjectView,
    event_view,
    message_view,
    profile_view,
)
from tellwire.platform.control.stay_words import StayView, how, name_of, stay_view
from tellwire.platform.model.address import whole
from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.consent import ConsentChange, ConsentLine
from tellwire.platform.model.enrollment import EndReason, Left
from tellwire.platform.model.event import EventId
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.profile import PHONE, Profile, SuppressionSource
from tellwire.platform.model.value import Value, fold, look_up
from tellwire.platform.ports.consent import Suppression
from tellwire.platform.ports.inside_reports import Stays
from tellwire.platform.ports.message_reports import EventRow, MessageRow
from tellwire.platform.ports.people import Happenings

Kind = Literal["event", "message", "consent", "left"]


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a list; `identity` is the name by which they are looked at, whatever kind of name it is."""

    identity: str
    name: str
    phone: str | None
    email: str
    subjects: Sequence[SubjectView]
    properties: Mapping[str, Value]
    created_at: datetime
    updated_at: datetime


class SuppressedView(msgspec.Struct, frozen=True, kw_only=True):
    """An address of theirs that must not be written to, who asked for it and when; `until` null is for ever."""

    address: str
    source: SuppressionSource
    at: datetime
    until: datetime | None
    reason: str


class PropertyView(msgspec.Struct, frozen=True, kw_only=True):
    """A property, and since when it has this value; null where that is not known."""

    name: str
    value: Value
    since: datetime | None


class LeftView(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody left a campaign."""

    campaign_id: CampaignId
    name: str
    reason: EndReason
    step: str
    at: datetime
    words: str


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on a timeline, with the words of it; what it is of, is found by `event_id`, `message_id` or campaign.

    Of an event `messages` and `skips` are how campaigns answered it: `/api/explain?event=` tells why.
    """

    at: datetime
    kind: Kind
    title: str
    detail: str = ""
    event_id: EventId | None = None
    message_id: MessageId | None = None
    campaign_id: CampaignId | None = None
    status: str = ""
    messages: int = 0
    skips: int = 0
    properties: Mapping[str, Value] = {}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One person whole. `phone` is in full. `next` is where the timeline goes on (`before`), null at its end."""

    identity: str
    subjects: Sequence[SubjectView]
    name: str
    phone: str | None
    email: str
    reachability: str
    consent: Mapping[str, bool]
    suppressed: Sequence[SuppressedView]
    properties: Sequence[PropertyView]
    devices: Sequence[DeviceTokenView]
    lists: Sequence[str]
    enrollments: Sequence[StayView]
    departures: Sequence[LeftView]
    timeline: Sequence[Happened]
    next: str | None
    created_at: datetime
    updated_at: datetime


def identity_of(profile: Profile) -> str:
    """Return the name by which somebody is looked at: their identity, else the first of their names."""
    names = [one.value for one in profile.subjects if one.kind == "identity"]
    return next(iter(names), profile.subjects[0].value if profile.subjects else "")


def person_row(profile: Profile) -> PersonRow:
    """Return somebody as lists show them, their number masked."""
    shown = profile_view(profile, None)
    return PersonRow(
        identity=identity_of(profile),
        name=_text(profile, "Name"),
        phone=shown.phone,
        email=_text(profile, "Email"),
        subjects=shown.subjects,
        properties=shown.properties,
        created_at=profile.created_at,
        updated_at=profile.updated_at,
    )


def person_of(
    profile: Profile,
    newest: CampaignSet,
    *,
    consent: Mapping[str, bool],
    suppressed: Sequence[Suppression],
    lines: Sequence[ConsentLine],
    lists: Sequence[str],
    stays: Stays,
    happenings: Happenings,
    is_first: bool,
) -> Person:
    """Return somebody whole; what has no place of its own on the timeline is on its first page."""
    shown = profile_view(profile, None)
    happened = [*map(_event, happenings.events), *map(_message, happenings.messages)]
    if is_first:
        happened += [*map(_consent, lines), *(_left(one, newest) for one in stays.departures)]
    return Person(
        identity=identity_of(profile),
        subjects=shown.subjects,
        name=_text(profile, "Name"),
        phone=None if profile.phone is None else profile.phone.e164,
        email=_text(profile, "Email"),
        reachability=reachability(profile, consent, suppressed),
        consent=consent,
        suppressed=[_suppressed(one) for one in suppressed],
        properties=list(_properties(profile)),
        devices=shown.tokens,
        lists=lists,
        enrollments=[stay_view(one, newest) for one in stays.enrollments],
        departures=[_left_view(one, newest) for one in stays.departures],
        timeline=sorted(happened, key=lambda one: one.at, reverse=True),
        next=None if happenings.following is None else ".".join(map(str, happenings.following)),
        created_at=profile.created_at,
        updated_at=profile.updated_at,
    )


def reachability(profile: Profile, consent: Mapping[str, bool], suppressed: Sequence[Suppression]) -> str:
    """Return a sentence that says whether a text reaches somebody, and why not."""
    if profile.phone is None:
        written = look_up(profile.properties, PHONE)
        return (
            "No text reaches them: they have no number."
            if written in (None, "")
            else f"No text reaches them: what stands in {PHONE} is no number."
        )
    if suppressed:
        one = suppressed[0]
        return f"No text reaches them: their number is suppressed since {one.at:%-d %B %Y}, {BY[one.source]}."
    if not consent.get("sms", True):
        return "No text reaches them, but those that pass consent: they opted out (MSG-sms)."
    return "Texts reach them."


def _text(profile: Profile, name: str) -> str:
    value = look_up(profile.properties, name)
    return "" if value is None else str(value)


def _suppressed(one: Suppression) -> SuppressedView:
    return SuppressedView(
        address=whole(one.address), source=one.source, at=one.at, until=one.until, reason=one.reason
    )


def _properties(profile: Profile) -> Iterable[PropertyView]:
    times = profile.times
    for name, value in sorted(profile.properties.items(), key=lambda pair: fold(pair[0])):
        since_s = times.apart_s.get(name, times.common_s)
        yield PropertyView(name=name, value=value, since=from_ms(since_s * 1000) if since_s else None)


def _event(row: EventRow) -> Happened:
    shown = event_view(row)
    return Happened(
        at=shown.occurred_at,
        kind="event",
        title=shown.name,
        event_id=shown.id,
        messages=shown.messages,
        skips=shown.skips,
        properties=shown.properties,
    )


def _message(row: MessageRow) -> Happened:
    shown = message_view(row)
    return Happened(
        at=shown.created_at,
        kind="message",
        title=shown.campaign_name,
        detail=shown.description,
        message_id=shown.id,
        campaign_id=shown.campaign_id,
        status=shown.standing.status,
    )


def _consent(line: ConsentLine) -> Happened:
    change = line.change
    return Happened(at=change.at, kind="consent", title=_change(change), detail=change.request.text)


def _change(change: ConsentChange) -> str:
    if change.what == "suppression":
        return (
            f"Number {'suppressed' if change.after else 'released'}, {_BY.get(change.source, change.source)}"
        )
    return f"{change.what} is {change.after}, {_BY.get(change.source, change.source)}"


_BY: Final[Mapping[str, str]] = {
    **{str(source): words for source, words in BY.items()},
    "campaign": "by a campaign",
    "profile": "by a record of the profile",
}


def _left(left: Left, newest: CampaignSet) -> Happened:
    view = _left_view(left, newest)
    return Happened(at=view.at, kind="left", title=view.name, detail=view.words, campaign_id=view.campaign_id)


def _left_view(left: Left, newest: CampaignSet) -> LeftView:
    campaign_id = left.enrollment.campaign_id
    return LeftView(
        campaign_id=campaign_id,
        name=name_of(campaign_id, newest),
        reason=left.reason,
        step=left.step,
        at=left.at,
        words=how(left),
    )
