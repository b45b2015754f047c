"""The checks between an event and a message, in the order of `model.decision.GateName`; the first no ends it.

Each answers with a code of `model.codes` and the values that it saw; no words are made here. A gate that cannot tell
says no. The last gate, `content`, is the writing of the message itself and stands in `engine`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.decide.predicate import first_unmet
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.chain import CHAIN_LIMIT, cause_of, depth_of
from tellwire.platform.model.codes import PASSED, GateName
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import CONSENT_SMS, PHONE, Profile, allows
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.rule import Condition, conditions_of
from tellwire.platform.model.start import Start, where_of
from tellwire.platform.model.step import SendStep
from tellwire.platform.model.system_event import FAILED, is_fresh
from tellwire.platform.model.value import Properties, Value, look_up

KEPT_LIMIT: Final = 160  # characters of one value in a trace; 60 are shown, after numbers in it were masked
_LARGEST: Final = 2**63  # of a JSON number that every reader takes


class Meeting(NamedTuple):
    """One event meeting one campaign, and all that the gates may look at."""

    event: Event
    properties: Properties
    profile: Profile
    standing: "Standing"
    is_suppressed: Callable[[Msisdn], bool]
    now: datetime

    @property
    def campaign(self) -> Campaign:
        """The campaign that the event meets."""
        return self.standing.campaign


class Standing(NamedTuple):
    """A campaign during one batch, what it sends and to whom, and the gates that ask nothing of event and profile."""

    campaign: Campaign
    send: SendStep
    who: tuple[Condition, ...]
    provider: Provider | None
    schedule: GateResult
    has_provider: GateResult


def standing_of(campaign: Campaign, provider: Provider | None, now: datetime) -> Standing:
    """Return how a campaign stands now; `provider` is the one that it sends through."""
    send = campaign.send
    return Standing(
        campaign,
        send,
        conditions_of(campaign.who),
        provider,
        _schedule(campaign, now),
        _provider(send, provider),
    )


def schedule(meeting: Meeting) -> GateResult:
    """The campaign has started and has not ended."""
    return meeting.standing.schedule


def _schedule(campaign: Campaign, now: datetime) -> GateResult:
    starts_at, ends_at = campaign.starts_at, campaign.ends_at
    if starts_at is None and ends_at is None:
        return GateResult("schedule")
    values = (_seconds(now), starts_at and _seconds(starts_at), ends_at and _seconds(ends_at))
    if starts_at is not None and now < starts_at:
        return GateResult("schedule", "not_started", values)
    if ends_at is not None and now >= ends_at:
        return GateResult("schedule", "ended", values)
    return GateResult("schedule", PASSED, values)


def triggering_window(meeting: Meeting) -> GateResult:
    """The event is fresh (CleverTap contract 4.2), and not this campaign's own doing.

    An event that a campaign's message caused never triggers that campaign, and automatic events end after
    `CHAIN_LIMIT` in a row, so that no ring of campaigns sends for ever.
    """
    event = meeting.event
    if cause_of(event, meeting.properties) == meeting.campaign.id:
        return GateResult("triggering_window", "own_doing")
    moments = (_seconds(event.occurred_at), _seconds(event.received_at))
    if event.may_trigger:
        return GateResult("triggering_window", PASSED, moments)
    depth = depth_of(event)
    if depth > CHAIN_LIMIT:
        return GateResult("triggering_window", "chain_too_long", (depth, CHAIN_LIMIT))
    if event.name == FAILED and is_fresh(event.occurred_at, event.received_at):
        return GateResult("triggering_window", "taken_back")
    return GateResult("triggering_window", "outside_triggering_window", moments)


def event_conditions(start: Start, properties: Properties) -> GateResult:
    """Say whether an event with these properties meets the start.

    It is no gate: an event that starts nothing leaves no row, and who wants to know why asks here.
    """
    return _conditions("event_conditions", where_of(start), properties)


def profile_conditions(meeting: Meeting) -> GateResult:
    """The profile's properties meet the campaign's conditions."""
    return _conditions("profile_conditions", meeting.standing.who, meeting.profile.properties)


def reachability(meeting: Meeting) -> GateResult:
    """The profile has a phone number (CleverTap contract 6.2)."""
    profile = meeting.profile
    if profile.phone is not None:
        return GateResult("reachability", PASSED, (int(profile.phone.digits),))
    written = look_up(profile.properties, PHONE)
    if written is None:
        return GateResult("reachability", "no_phone")
    return GateResult("reachability", "bad_phone", (_kept(written),))


def consent(meeting: Meeting) -> GateResult:
    """The profile has not opted out of text messages; an absent `MSG-sms` is a yes (CleverTap contract 4.4)."""
    value = look_up(meeting.profile.properties, CONSENT_SMS)
    if "consent" in meeting.standing.send.passes:
        return GateResult("consent", PASSED, (_kept(value), False))
    if value is None:
        return GateResult("consent")
    return GateResult("consent", PASSED if allows(value) else "no_consent", (_kept(value),))


def suppression(meeting: Meeting) -> GateResult:
    """The number is not on the list of those that must not be written to, whoever's profile it stands in."""
    phone = meeting.profile.phone
    if phone is None:
        return GateResult("suppression", "suppressed")
    code = "suppressed" if meeting.is_suppressed(phone) else PASSED
    return GateResult("suppression", code, (int(phone.digits),))


def provider(meeting: Meeting) -> GateResult:
    """There is a provider in use to send it through."""
    return meeting.standing.has_provider


def _provider(send: SendStep, provider: Provider | None) -> GateResult:
    if provider is not None:
        return GateResult("provider", PASSED, (provider.nickname,))
    return GateResult("provider", "no_provider", () if send.through is None else (send.through,))


# In the order of `GateName`, without `event_conditions`, which is the start's, and `content`.
GATES: Final[tuple[Callable[[Meeting], GateResult], ...]] = (
    schedule,
    triggering_window,
    profile_conditions,
    reachability,
    consent,
    suppression,
    provider,
)


def _conditions(gate: GateName, conditions: tuple[Condition, ...], properties: Properties) -> GateResult:
    if not conditions:
        return GateResult(gate)
    unmet = first_unmet(conditions, properties)
    if unmet is None:
        return GateResult(gate, PASSED, (tuple(_seen(condition, properties) for condition in conditions),))
    return GateResult(gate, gate, ((_seen(unmet, properties),),))


def _seen(condition: Condition, properties: Properties) -> tuple[Value, ...]:
    """Return a condition and the value it saw, as `control.gate_words` reads them."""
    value = _kept(look_up(properties, condition.property))
    return condition.property, condition.operator, _kept(condition.value), value


def _kept(value: Value) -> Value:
    """Return a value as the trace keeps it: a long one cut, and one that JSON's readers cannot hold as text."""
    if isinstance(value, str):
        return value if len(value) <= KEPT_LIMIT else _cut(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < _LARGEST:
        return value
    text = str(value) if isinstance(value, int) else msgspec.json.encode(value).decode()
    return value if len(text) <= KEPT_LIMIT and not isinstance(value, int) else _cut(text)


def _cut(text: str) -> str:
    """Return the beginning, without the half of a number at its end, which could not be told to be one."""
    return text if len(text) <= KEPT_LIMIT else f"{text[:KEPT_LIMIT].rstrip('+0123456789 ().-')}…"


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
