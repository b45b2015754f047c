"""Answering a person: who it is, whether they may be written to now, and the message."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple

import msgspec

from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.ids import new_id
from tellwire.kernel.sms import compose
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.model.address import Address
from tellwire.platform.model.channel import SMS
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import NO_CAMPAIGN, Message, MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.value import look_up
from tellwire.platform.ports.inbox import Said

# Who wrote within these wants an answer, whatever the profile says of texts in general.
ASKED_WITHIN: Final = timedelta(hours=24)
OFFERED_FOR: Final = timedelta(hours=24)  # an answer that cannot be handed over for longer is not sent
TEXT_LIMIT: Final = 1_600  # characters; ten parts are the most


class WhoForm(msgspec.Struct, frozen=True, kw_only=True):
    """Who is meant: by one of these."""

    identity: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    object_id: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=32)] = ""


class AnswerForm(WhoForm, frozen=True, kw_only=True):
    """An answer to a person.

    `through` is a provider's nickname, empty for the one by which the person wrote, else the default one; `tokens` are
    what its own `$$` names stand for. With `key`, the same answer sent twice is one message.
    """

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_LIMIT)]
    through: Annotated[str, msgspec.Meta(max_length=256)] = ""
    tokens: Annotated[dict[str, str], msgspec.Meta(max_length=100)] = {}
    key: Annotated[str, msgspec.Meta(max_length=128)] = ""


class Who(NamedTuple):
    """A person, as far as they are known: under which names, and where they can be written to."""

    subject: Subject
    names: Sequence[Subject]
    profile: Profile | None
    address: Address | None
    said: Sequence[Said]  # the last text, if there is one


async def who_is(desk: Desk, identity: str, object_id: str, phone: str) -> Who:
    """Return who is meant. Raises a `Problem` if nobody is, or nobody is known."""
    subject, profile = await _named(desk, identity, object_id, phone)
    names = profile.subjects if profile is not None else (subject,)
    said = await desk.inbox.said(names, 1)
    if profile is None and not said:
        raise not_found("such person, nor a text of theirs")
    address = SMS.address_of(profile) if profile is not None else None
    if address is None and said:
        address = said[0].inbound.address
    return Who(subject, names, profile, address, said)


async def _named(desk: Desk, identity: str, object_id: str, phone: str) -> tuple[Subject, Profile | None]:
    if identity or object_id:
        subject = Subject("identity", identity) if identity else Subject("device", object_id)
        return subject, await desk.reports.profile(subject)
    number = parse_msisdn(phone, desk.options.default_region) if phone else None
    if number is None:
        raise invalid({"identity": "Name a person: identity, object_id or phone."})
    holders = sorted(await desk.reports.profile_by_number(number), key=lambda one: one.updated_at)
    if not holders:
        return Subject("identity", number.e164), None
    names = holders[-1].subjects
    return next((one for one in names if one.kind == "identity"), names[0]), holders[-1]


async def hindrance(desk: Desk, who: Who) -> Problem | None:
    """Return why the person may not be answered now, None if they may."""
    if who.address is None:
        return Problem(409, "no_phone", "This person has no phone number.")
    if await desk.reports.is_suppressed(who.address):
        return Problem(
            409, "suppressed", "The number is suppressed: nothing is sent to it until it is released."
        )
    if _has_asked(who, desk.clock.now()) or who.profile is None:
        return None
    if SMS.is_consent(look_up(who.profile.properties, SMS.consent_flag)):
        return None
    message = "This person opted out of texts, and has not written in the last 24 hours."
    return Problem(409, "no_consent", message)


def _has_asked(who: Who, now: datetime) -> bool:
    return bool(who.said) and who.said[0].inbound.event.received_at >= now - ASKED_WITHIN


async def provider_for(desk: Desk, through: str, who: Who) -> Provider:
    """Return the provider that is meant: the one that was named, by which the person wrote, or the default one."""
    newest = await desk.catalog.snapshot()
    usable = {one.id: one for one in newest.providers.values() if one.archived_at is None}
    if through:
        named = next((one for one in usable.values() if one.nickname.casefold() == through.casefold()), None)
        if named is None:
            raise invalid({"through": f"There is no provider “{through[:64]}” in use."})
        return named
    wrote_by = usable.get(who.said[0].inbound.provider_id) if who.said else None
    provider = wrote_by or newest.default_provider()
    if provider is None:
        raise invalid({"through": "Name a provider: none is the default one."})
    return provider


def message_of(data: AnswerForm, who: Who, provider: Provider, now: datetime) -> Message:
    """Return the message that an answer becomes. Raises a `Problem`."""
    text = data.text.strip()
    composition = compose(text)
    if not text or len(composition.parts) > SMS.parts_limit:
        raise invalid({"text": f"Write 1 to {SMS.parts_limit} parts of text."})
    assert who.address is not None  # noqa: S101 - without one there was a hindrance
    made = _digest(data.key, who) if data.key else new_id(now, secrets.randbits(32))
    return Message(
        id=MessageId(f"{made}-o"),
        occasion_id=OccasionId(made),
        campaign_id=NO_CAMPAIGN,
        profile_id=who.profile.id if who.profile else ProfileId(""),
        subject=who.subject,
        provider_id=provider.id,
        to=who.address,
        text=composition.text,
        encoding=composition.encoding,
        parts=len(composition.parts),
        tokens=data.tokens,
        give_up_at=now + OFFERED_FOR,
        created_at=now,
        passes=("consent",) if _has_asked(who, now) else (),
    )


def _digest(key: str, who: Who) -> str:
    named = f"{who.subject.key}\0{key}".encode("utf-8", "replace")
    return hashlib.blake2b(named, digest_size=12).hexdigest()
