"""Events, messages and profiles as the API shows them: flat, numbers masked but for a message's own page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import Standing
from tellwire.platform.control.gate_words import reason_of, words_of
from tellwire.platform.control.provider_advice import advice_for
from tellwire.platform.model.address import whole
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.codes import GateName
from tellwire.platform.model.decision import DecisionRecord, GateResult, WordedResult
from tellwire.platform.model.device_token import DeviceToken, DeviceTokenKind
from tellwire.platform.model.event import EventId, Source, SubjectKind
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import (
    PHONE,
    SUPPRESS_PHONE,
    Profile,
    ProfileId,
    SuppressionChange,
    SuppressionSource,
)
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RecordKind, RefusedRecord
from tellwire.platform.model.value import Value, decoded, fold
from tellwire.platform.ports.message_reports import EventRow, MessageDetail, MessageRow, TimelineStep

BY: Final[Mapping[SuppressionSource, str]] = {
    "profile": f"by a profile with {SUPPRESS_PHONE}",
    "reply": "by a reply of the person",
    "api": "by a call of the API",
    "subscribe": "by a call of /1/subscribe",
    "page": "by somebody of the account",
    "import": "by a line of an imported list",
    "expiry": "as its time was over",
}
_SHOWN_OF_TOKEN: Final = 6  # enough to tell two apart


class SubjectView(msgspec.Struct, frozen=True):
    """Who an event was about, as its sender named them."""

    kind: SubjectKind
    value: str


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and how many messages and skips it led to."""

    id: EventId
    subject: SubjectView
    name: str
    occurred_at: datetime
    received_at: datetime
    properties: Mapping[str, Value]
    source: Source
    may_trigger: bool
    profile_id: ProfileId
    messages: int
    skips: int


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """A message; `to` is masked in lists."""

    id: MessageId
    campaign_id: CampaignId
    campaign_name: str
    profile_id: ProfileId
    provider_id: ProviderId
    provider_nickname: str
    to: str
    encoding: Encoding
    parts: int
    standing: Standing
    error_code: str
    description: str
    created_at: datetime
    updated_at: datetime


class GateView(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a decision."""

    gate: GateName
    has_passed: bool
    saw: str
    wanted: str


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's answer to one event: a message, or the code and reason of a skip."""

    event_id: OccasionId
    event_name: str
    campaign_id: CampaignId
    campaign_name: str
    campaign_version: int
    decided_at: datetime
    message_id: MessageId | None
    code: str
    reason: str
    trace: Sequence[GateView]


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a message; `answer` is what the provider said, masked, `advice` what to do now."""

    at: datetime
    standing: Standing
    what: str
    code: str
    description: str
    answer: str
    advice: str


class MessagePage(msgspec.Struct, frozen=True, kw_only=True):
    """A message whole: its number in full, its words, what happened to it, and why it was sent."""

    row: MessageView
    text: str
    event_id: OccasionId
    timeline: Sequence[StepView]
    decision: DecisionView | None
    links: "Sequence[LinkView]" = ()


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """A short link of a message, where it leads, and how often a person followed it; `clicked_at` is the first time."""

    short: str
    target: str
    clicks: int
    clicked_at: datetime | None


class DeviceTokenView(msgspec.Struct, frozen=True, kw_only=True):
    """A device that push messages could reach; of the token itself only the last characters are shown."""

    device: str
    kind: DeviceTokenKind
    ends_in: str
    at: datetime


class SuppressionView(msgspec.Struct, frozen=True, kw_only=True):
    """How a number was suppressed or released last; `source` is who asked for it."""

    is_suppressed: bool
    source: SuppressionSource
    at: datetime


class ProfileView(msgspec.Struct, frozen=True, kw_only=True):
    """A profile; `phone` and the property of that name are masked. `suppression` is None if there never was one."""

    id: ProfileId
    subjects: Sequence[SubjectView]
    properties: Mapping[str, Value]
    phone: str | None
    is_suppressed: bool
    suppression: SuppressionView | None
    tokens: Sequence[DeviceTokenView]
    created_at: datetime
    updated_at: datetime


class RefusedRecordView(msgspec.Struct, frozen=True, kw_only=True):
    """A record of an upload that was not taken: who and what it was about, and the code and sentence of the answer."""

    at: datetime
    subject: SubjectView | None
    kind: RecordKind
    event_name: str
    code: int
    error: str


def refused_record_view(record: RefusedRecord) -> RefusedRecordView:
    """Return a refused record as it is shown."""
    subject = record.subject
    return RefusedRecordView(
        at=record.at,
        subject=None if subject is None else SubjectView(subject.kind, subject.value),
        kind=record.kind,
        event_name=record.event_name,
        code=record.code,
        error=record.error,
    )


def event_view(row: EventRow) -> EventView:
    """Return an event as it is shown."""
    event = row.event
    return EventView(
        id=event.id,
        subject=SubjectView(event.subject.kind, event.subject.value),
        name=event.name,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        properties=decoded(event.properties),
        source=event.source,
        may_trigger=event.may_trigger,
        profile_id=row.profile_id,
        messages=row.messages,
        skips=row.skips,
    )


def message_view(row: MessageRow) -> MessageView:
    """Return a message as lists show it."""
    fields = {name: getattr(row, name) for name in MessageRow.__struct_fields__}
    return MessageView(**{**fields, "to": row.to.masked})


def message_page(detail: MessageDetail, links: Sequence[LinkView] = ()) -> MessagePage:
    """Return a message as its own page shows it."""
    return MessagePage(
        row=msgspec.structs.replace(message_view(detail.row), to=whole(detail.row.to)),
        text=detail.text,
        event_id=detail.occasion_id,
        timeline=[step_view(step, is_last=step is detail.timeline[-1]) for step in detail.timeline],
        decision=None if detail.decision is None else decision_view(detail.decision),
        links=links,
    )


def step_view(step: TimelineStep, *, is_last: bool = True) -> StepView:
    """Return a step of a message's timeline as it is shown; the last, if handing over went wrong, comes with advice."""
    has_failed = bool(step.code) and not step.what.startswith(("receipt", "handed over", "taken back"))
    return StepView(
        at=step.at,
        standing=step.standing,
        what=step.what,
        code=step.code,
        description=step.description,
        answer=step.answer,
        advice=advice_for(step.code, step.answer) if has_failed and is_last else "",
    )


def decision_view(record: DecisionRecord) -> DecisionView:
    """Return a decision as it is shown."""
    return DecisionView(
        event_id=record.occasion_id,
        event_name=record.event_name,
        campaign_id=record.campaign_id,
        campaign_name=record.campaign_name,
        campaign_version=record.campaign_version,
        decided_at=record.decided_at,
        message_id=record.message_id,
        code=record.code,
        reason=reason_of(record),
        trace=trace_view(record.trace),
    )


def trace_view(trace: Iterable[GateResult | WordedResult]) -> list[GateView]:
    """Return a trace as it is shown."""
    return [_gate_view(result) for result in trace]


def _gate_view(result: GateResult | WordedResult) -> GateView:
    words = words_of(result)
    return GateView(gate=result.gate, has_passed=result.has_passed, saw=words.saw, wanted=words.wanted)


def profile_view(profile: Profile, last: SuppressionChange | None) -> ProfileView:
    """Return a profile as it is shown; `last` is what stands about its number."""
    phone = None if profile.phone is None else profile.phone.masked
    return ProfileView(
        id=profile.id,
        subjects=[SubjectView(subject.kind, subject.value) for subject in profile.subjects],
        properties={name: _masked(name, value, phone) for name, value in profile.properties.items()},
        phone=phone,
        is_suppressed=last is not None and last.is_suppressed,
        suppression=None if last is None else suppression_view(last),
        tokens=[_token_view(token) for token in profile.tokens],
        created_at=profile.created_at,
        updated_at=profile.updated_at,
    )


def suppression_view(last: SuppressionChange) -> SuppressionView:
    """Return what stands about a number as it is shown."""
    return SuppressionView(is_suppressed=last.is_suppressed, source=last.source, at=last.at)


def _token_view(token: DeviceToken) -> DeviceTokenView:
    # A real token has a hundred characters and more; of a short one nothing would be left to guess.
    ends_in = token.value[-_SHOWN_OF_TOKEN:] if len(token.value) >= 4 * _SHOWN_OF_TOKEN else ""
    return DeviceTokenView(device=token.device, kind=token.kind, ends_in=ends_in, at=token.at)


def _masked(name: str, value: Value, phone: str | None) -> Value:
    return (phone or "***") if fold(name) == fold(PHONE) else value
