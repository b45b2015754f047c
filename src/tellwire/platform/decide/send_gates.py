"""The checks of each message, asked in the order of `model.codes.GateName`; the first that says no ends it.

Most say yes or no, and a no skips the message. Quiet hours, gaps and limits of a day may say not yet: the message is
held, and all are asked again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple, TypeAlias

from tellwire.kernel.address import Msisdn
from tellwire.kernel.local_time import day_of, moment_of
from tellwire.platform.decide.caps import end_of_gap, reached
from tellwire.platform.decide.kept import kept, seconds
from tellwire.platform.decide.meeting import Meeting, Sending, Surroundings
from tellwire.platform.decide.person_zone import zone_of
from tellwire.platform.decide.quiet import Zoned, end_of_quiet, quiet_at
from tellwire.platform.decide.share import is_held_out
from tellwire.platform.model.account import Account
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import Campaign, hashed_name
from tellwire.platform.model.channel import Channel
from tellwire.platform.model.codes import PASSED, GateName
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import OnSchedule
from tellwire.platform.model.value import Value, look_up


class NotYet(NamedTuple):
    """A gate's "not yet": all gates are asked again at `until`."""

    result: GateResult
    until: datetime


SendGate: TypeAlias = Callable[[Meeting, Sending], GateResult | NotYet]


def gates_for(campaign: Campaign, account: Account) -> tuple[SendGate, ...]:
    """Return the gates of a campaign's messages in their order, without those that it never needs."""
    limits = (campaign.limits, account.limits)
    return (
        reachability,
        consent,
        suppression,
        *((holdout,) if campaign.holdout or account.holdout else ()),
        *((frequency,) if any(one.per_person for one in limits) else ()),
        *((gap,) if any(one.gap for one in limits) else ()),
        *((quiet_hours,) if campaign.quiet or account.quiet else ()),
        *((daily_limit,) if campaign.limits.per_day is not None or campaign.limits.cut_off else ()),
        *((run_limit,) if isinstance(campaign.start, OnSchedule) else ()),
        provider,
    )


def reachability(meeting: Meeting, sending: Sending) -> GateResult:
    """The profile has an address on the channel (CleverTap contract 6.2)."""
    profile, channel = meeting.profile, sending.channel
    address = channel.address_of(profile)
    if address is not None:
        return GateResult("reachability", PASSED, (_seen(address),))
    written = look_up(profile.properties, channel.address_property)
    if written is None:
        return GateResult("reachability", "no_phone")
    return GateResult("reachability", "bad_phone", (kept(written),))


def _seen(address: Address) -> Value:
    """Return an address as traces keep it: the digits of a number, and a user masked."""
    return int(address.digits) if isinstance(address, Msisdn) else address.masked


def consent(meeting: Meeting, sending: Sending) -> GateResult:
    """The profile has not opted out of the channel; an absent flag may be a yes (CleverTap contract 4.4)."""
    value = look_up(meeting.profile.properties, sending.channel.consent_flag)
    if "consent" in sending.step.passes:
        return GateResult("consent", PASSED, (kept(value), False))
    is_yes = sending.channel.is_consent(value)
    if value is None and is_yes:
        return GateResult("consent")
    return GateResult("consent", PASSED if is_yes else "no_consent", (kept(value),))


def suppression(meeting: Meeting, sending: Sending) -> GateResult:
    """The address is not on the list of those that must not be written to, whoever's profile it stands in."""
    address = sending.channel.address_of(meeting.profile)
    if address is None:
        return GateResult("suppression", "suppressed")
    code = "suppressed" if meeting.around.is_suppressed(address) else PASSED
    return GateResult("suppression", code, (_seen(address),))


def is_reachable(profile: Profile, around: Surroundings, channel: Channel) -> bool:
    """Say whether the person has an address on the channel, consents, and the address is not suppressed."""
    address = channel.address_of(profile)
    if address is None or around.is_suppressed(address):
        return False
    return channel.is_consent(look_up(profile.properties, channel.consent_flag))


def holdout(meeting: Meeting, _sending: Sending) -> GateResult:
    """The person is not one of those who are only followed (CleverTap contract 6.2)."""
    percent = held_out(meeting.profile, meeting.campaign, meeting.around.account)
    return GateResult("holdout") if percent is None else GateResult("holdout", "holdout", (percent,))


def held_out(profile: Profile, campaign: Campaign, account: Account) -> float | None:
    """Return the share of the holdout that the person is in, None if the person is in none."""
    identity = identity_of(profile)
    if account.holdout and is_held_out(identity, "", account.holdout):
        return account.holdout
    if campaign.holdout and is_held_out(identity, hashed_name(campaign), campaign.holdout):
        return campaign.holdout
    return None


def identity_of(profile: Profile) -> str:
    """Return the name by which a person is shared out: the first identity, else the first name at all."""
    named = next((subject for subject in profile.subjects if subject.kind == "identity"), None)
    if named is not None:
        return named.value
    return profile.subjects[0].value if profile.subjects else profile.id


def frequency(meeting: Meeting, sending: Sending) -> GateResult:
    """No cap is reached: the campaign's counts its own messages, the account's all (CleverTap contract 6.3)."""
    if "caps" in sending.step.passes:
        return GateResult("frequency")
    for code, caps, moments in (
        ("person_cap", meeting.campaign.limits.per_person, _own(meeting)),
        ("account_cap", meeting.around.account.limits.per_person, _all(meeting)),
    ):
        broken = reached(caps, moments, meeting.now) if caps else None
        if broken is not None:
            values = (broken.messages, broken.cap.count, str(broken.cap.window))
            return GateResult("frequency", code, values)
    return GateResult("frequency")


def gap(meeting: Meeting, sending: Sending) -> GateResult | NotYet:
    """The last message to the person is long enough ago."""
    if "caps" in sending.step.passes:
        return GateResult("gap")
    ends = [
        end
        for one, moments in (
            (meeting.campaign.limits.gap, _own(meeting)),
            (meeting.around.account.limits.gap, _all(meeting)),
        )
        if one is not None and (end := end_of_gap(one, moments, meeting.now)) is not None
    ]
    return _held("gap", "gap", max(ends)) if ends else GateResult("gap")


def _held(gate: GateName, code: str, until: datetime) -> NotYet:
    return NotYet(GateResult(gate, code, (seconds(until),)), until)


def _own(meeting: Meeting) -> Sequence[datetime]:
    contacts = meeting.around.contacts(meeting.profile)
    return [contact.at for contact in contacts if contact.campaign_id == meeting.campaign.id]


def _all(meeting: Meeting) -> Sequence[datetime]:
    return [contact.at for contact in meeting.around.contacts(meeting.profile)]


def quiet_hours(meeting: Meeting, sending: Sending) -> GateResult | NotYet:
    """It is no hour at which nobody is written to, for the campaign or the account."""
    if "quiet" in sending.step.passes:
        return GateResult("quiet_hours")
    quiet = quiet_for(meeting.profile, meeting.campaign, meeting.around.account)
    now = quiet_at(meeting.now, quiet)
    if now is None:
        return GateResult("quiet_hours")
    shown = (f"{now.hours.begins:%H:%M}-{now.hours.ends:%H:%M}", str(now.zone))
    discarding = [one for one in quiet if one.hours.then == "discard"]
    until = end_of_quiet(meeting.now, quiet)
    if until is None or quiet_at(meeting.now, discarding) is not None:
        return GateResult("quiet_hours", "quiet_hours", shown)
    return NotYet(GateResult("quiet_hours", "quiet_hours", (*shown, seconds(until))), until)


def quiet_for(profile: Profile, campaign: Campaign, account: Account) -> Sequence[Zoned]:
    """Return the hours at which a person is not written to by a campaign, its own and the account's."""
    zone = zone_of(profile, account)
    return [
        Zoned(hours, zone if hours.zone == "person" else account.clock)
        for hours in (*campaign.quiet, *account.quiet)
    ]


def daily_limit(meeting: Meeting, _sending: Sending) -> GateResult | NotYet:
    """The campaign may still send on this day of the account's zone."""
    limits, clock = meeting.campaign.limits, meeting.around.account.clock
    today = day_of(meeting.now, clock)
    tomorrow = moment_of(today + timedelta(days=1), time.min, clock)
    if limits.cut_off is not None and meeting.now >= moment_of(today, limits.cut_off, clock):
        return NotYet(GateResult("daily_limit", "cut_off", (f"{limits.cut_off:%H:%M}",)), tomorrow)
    if limits.per_day is not None:
        messages = meeting.around.sent_today(meeting.campaign.id)
        if messages >= limits.per_day:
            return NotYet(GateResult("daily_limit", "per_day", (messages, limits.per_day)), tomorrow)
    return GateResult("daily_limit")


def run_limit(meeting: Meeting, _sending: Sending) -> GateResult:
    """The run may still send, and has not written to this number for another profile (CleverTap contract 6.3)."""
    campaign, phone = meeting.campaign, meeting.profile.phone
    run = meeting.around.run(campaign.id, meeting.entrance.run)
    limit = campaign.limits.per_run
    if limit is not None and run.messages >= limit:
        return GateResult("run_limit", "per_run", (run.messages, limit))
    if phone is not None and run.numbers.get(phone, meeting.profile.id) != meeting.profile.id:
        return GateResult("run_limit", "number_twice", (int(phone.digits),))
    return GateResult("run_limit")


def provider(_meeting: Meeting, sending: Sending) -> GateResult:
    """There is a provider in use to send it through."""
    return sending.has_provider


# The gates that may answer "not yet": whoever waits for them is inside the campaign.
MAY_HOLD: Final[frozenset[SendGate]] = frozenset({gap, quiet_hours, daily_limit})
