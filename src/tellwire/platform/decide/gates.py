"""The checks between an event and a message, in the order of `model.decision.GateName`; the first no ends it.

Each says what it saw and what it wanted, in words for people: numbers masked, values cut short. A gate that cannot
tell says no. The last gate, `content`, is the writing of the message itself and stands in `engine`.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.platform.decide.predicate import first_unmet
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.chain import CHAIN_LIMIT, cause_of, depth_of
from tellwire.platform.model.decision import GateName, GateResult, Skip
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import CONSENT_SMS, PHONE, Profile, allows
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.system_event import FAILED, is_fresh
from tellwire.platform.model.value import Properties, Value, date_of, look_up

SHOWN_LIMIT: Final = 60  # characters of one value in a trace


class Occasion(NamedTuple):
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


class Check(NamedTuple):
    """What a gate answered: its line in the trace, and the skip if it said no."""

    result: GateResult
    skip: Skip | None = None


class Standing(NamedTuple):
    """A campaign during one batch, and the gates that ask nothing of event and profile: answered once."""

    campaign: Campaign
    provider: Provider | None
    schedule: Check
    has_provider: Check


def standing_of(campaign: Campaign, provider: Provider | None, now: datetime) -> Standing:
    """Return how a campaign stands now; `provider` is the one that it sends through."""
    return Standing(campaign, provider, _schedule(campaign, now), _provider(campaign, provider))


def schedule(occasion: Occasion) -> Check:
    """The campaign has started and has not ended."""
    return occasion.standing.schedule


def _schedule(campaign: Campaign, now: datetime) -> Check:
    if campaign.starts_at is None and campaign.ends_at is None:
        return _yes("schedule", "no start and no end")
    saw, wanted = _moment(now), _period(campaign.starts_at, campaign.ends_at)
    if campaign.starts_at is not None and now < campaign.starts_at:
        return _no("schedule", "not_started", "The campaign had not started yet.", saw, wanted)
    if campaign.ends_at is not None and now >= campaign.ends_at:
        return _no("schedule", "ended", "The campaign had ended.", saw, wanted)
    return _yes("schedule", saw, wanted)


def triggering_window(occasion: Occasion) -> Check:
    """The event is fresh (CleverTap contract 4.2), and not this campaign's own doing.

    An event that a campaign's message caused never triggers that campaign, and automatic events end after
    `CHAIN_LIMIT` in a row, so that no ring of campaigns sends for ever.
    """
    event, campaign = occasion.event, occasion.campaign
    wanted = "at most 2 h before and 2 min after it arrived"
    saw = f"happened {_moment(event.occurred_at)}, arrived {_moment(event.received_at)}"
    if cause_of(event, occasion.properties) == campaign.id:
        reason = "The event was caused by a message of this very campaign."
        return _no("triggering_window", "own_doing", reason, "caused by this campaign", "caused by another")
    depth = depth_of(event)
    if not event.may_trigger and depth > CHAIN_LIMIT:
        saw = f"{depth} automatic events in a row"
        reason = "Messages answered messages too often in a row."
        return _no("triggering_window", "chain_too_long", reason, saw, f"at most {CHAIN_LIMIT}")
    if not event.may_trigger and event.name == FAILED and is_fresh(event.occurred_at, event.received_at):
        reason = "The message was taken back on purpose, which no campaign is to answer."
        return _no("triggering_window", "taken_back", reason, "a message taken back", "one that failed")
    if not event.may_trigger:
        reason = "The event happened too long before it arrived, or after."
        return _no("triggering_window", "outside_triggering_window", reason, saw, wanted)
    return _yes("triggering_window", saw, wanted)


def event_conditions(campaign: Campaign, properties: Properties) -> Check:
    """Say whether an event with these properties starts the campaign.

    It is no gate: an event that starts nothing leaves no row, and who wants to know why asks here.
    """
    return _conditions("event_conditions", campaign.event_conditions, properties, "event")


def profile_conditions(occasion: Occasion) -> Check:
    """The profile's properties meet the campaign's conditions."""
    conditions = occasion.campaign.profile_conditions
    return _conditions("profile_conditions", conditions, occasion.profile.properties, "profile")


def reachability(occasion: Occasion) -> Check:
    """The profile has a phone number (CleverTap contract 6.2)."""
    profile = occasion.profile
    if profile.phone is not None:
        return _yes("reachability", profile.phone.masked, "a phone number")
    written = look_up(profile.properties, PHONE)
    if written is None:
        return _no(
            "reachability", "no_phone", "The profile has no phone number.", "no Phone", "a phone number"
        )
    reason = "The profile's Phone is no number that can be written to."
    return _no("reachability", "bad_phone", reason, f"Phone = {_shown(written)}", "a phone number")


def consent(occasion: Occasion) -> Check:
    """The profile has not opted out of text messages; an absent `MSG-sms` is a yes (CleverTap contract 4.4)."""
    value = look_up(occasion.profile.properties, CONSENT_SMS)
    saw = f"{CONSENT_SMS} = {_shown(value)}" if value is not None else f"{CONSENT_SMS} is not set"
    if not occasion.campaign.respects_consent:
        return _yes("consent", saw, "nothing: this campaign sends what a person must get")
    if allows(value):
        return _yes("consent", saw, f"{CONSENT_SMS} not false")
    reason = "The profile has opted out of text messages."
    return _no("consent", "no_consent", reason, saw, f"{CONSENT_SMS} not false")


def suppression(occasion: Occasion) -> Check:
    """The number is not on the list of those that must not be written to, whoever's profile it stands in."""
    phone = occasion.profile.phone
    if phone is None or occasion.is_suppressed(phone):
        saw = "no number" if phone is None else f"{phone.masked} is suppressed"
        return _no("suppression", "suppressed", "The number must not be written to.", saw, "not suppressed")
    return _yes("suppression", f"{phone.masked} is not suppressed", "not suppressed")


def provider(occasion: Occasion) -> Check:
    """There is a provider in use to send it through."""
    return occasion.standing.has_provider


def _provider(campaign: Campaign, provider: Provider | None) -> Check:
    if provider is not None:
        return _yes("provider", provider.nickname, "a provider in use")
    named = campaign.provider_id
    saw = "no default provider" if named is None else "the campaign's provider is archived or gone"
    return _no(
        "provider", "no_provider", "There is no provider to send it through.", saw, "a provider in use"
    )


# In the order of `GateName`, without `event_conditions`, which is the start's, and `content`.
GATES: Final[tuple[Callable[[Occasion], Check], ...]] = (
    schedule,
    triggering_window,
    profile_conditions,
    reachability,
    consent,
    suppression,
    provider,
)


def in_words(conditions: Iterable[Condition]) -> str:
    """Return conditions as people read them."""
    return "; ".join(_condition_in_words(condition) for condition in conditions)


def _conditions(
    gate: GateName, conditions: tuple[Condition, ...], properties: Properties, whose: str
) -> Check:
    if not conditions:
        return _yes(gate, "", "no conditions")
    unmet = first_unmet(conditions, properties)
    if unmet is None:
        saw = "; ".join(_seen(condition, properties) for condition in conditions)
        return _yes(gate, saw, in_words(conditions))
    reason = f"The {whose}'s {unmet.property} is not as the campaign wants it."
    return _no(gate, gate, reason, _seen(unmet, properties), in_words([unmet]))


def _seen(condition: Condition, properties: Properties) -> str:
    value = look_up(properties, condition.property)
    return f"{condition.property} " + ("is not set" if value is None else f"= {_shown(value)}")


def _condition_in_words(condition: Condition) -> str:
    words = condition.operator.replace("_", " ")
    if condition.operator in {"exists", "does_not_exist"}:
        return f"{condition.property} {words}"
    return f"{condition.property} {words} {_shown(condition.value)}"


_DIGITS: Final = re.compile(r"\+?[0-9][0-9 ().-]{5,}[0-9]")


def _shown(value: Value) -> str:
    """Return a value for people: dates readable, long ones cut, and what may be a phone number masked."""
    moment = date_of(value)
    if moment is not None:
        return _moment(moment)
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = _DIGITS.sub(_masked, text)
    return text if len(text) <= SHOWN_LIMIT else f"{text[:SHOWN_LIMIT]}…"


def _masked(found: re.Match[str]) -> str:
    number = parse_msisdn(found[0])
    return f"…{found[0][-2:]}" if number is None else number.masked


def _moment(at: datetime) -> str:
    """Return an instant that whoever shows it can find in the text, and write in its own zone."""
    text = (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()  # strftime costs four times that
    return f"{text[:19]}Z"


def _period(start: datetime | None, end: datetime | None) -> str:
    first = "" if start is None else f"from {_moment(start)} "
    return (first + ("" if end is None else f"until {_moment(end)}")).strip()


def _yes(gate: GateName, saw: str, wanted: str = "") -> Check:
    return Check(GateResult(gate, has_passed=True, saw=saw, wanted=wanted))


def _no(gate: GateName, code: str, reason: str, saw: str, wanted: str) -> Check:
    return Check(GateResult(gate, has_passed=False, saw=saw, wanted=wanted), Skip(code, reason))
