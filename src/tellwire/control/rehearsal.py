"""Test messages: sent through a provider before or after it is saved, with all that was said told (contract 1.1)."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.control.desk import Desk, DeskDependency
from tellwire.control.problem import Problem, invalid
from tellwire.control.provider_form import ProviderForm
from tellwire.control.providers import checked
from tellwire.control.shapes import BY
from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.ids import new_id
from tellwire.kernel.sms import Encoding, compose
from tellwire.model.campaign import CampaignId
from tellwire.model.event import EventId, Subject
from tellwire.model.message import Message, MessageId
from tellwire.model.profile import (
    CONSENT_SMS,
    Profile,
    ProfileId,
    SuppressionChange,
    says_no,
)
from tellwire.model.provider import Provider, ProviderId
from tellwire.senders.generic import ShownAnswer
from tellwire.senders.masking import MaskedRequest

NO_CAMPAIGN = CampaignId(0)


class TestSend(msgspec.Struct, frozen=True, kw_only=True):
    """A test message: through a provider as it stands in the form, or a stored one if only its id is given.

    `is_confirmed` sends it also to somebody who said no to texts, once the caller was told so.
    """

    provider: ProviderForm
    to: Annotated[str, msgspec.Meta(max_length=32)]
    text: Annotated[str, msgspec.Meta(max_length=1600)] = ""
    tokens: Annotated[dict[str, str], msgspec.Meta(max_length=100)] = {}
    template_id: Annotated[str, msgspec.Meta(max_length=256)] = ""
    template_variables: Annotated[tuple[str, ...], msgspec.Meta(max_length=100)] = ()
    is_confirmed: bool = False


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a test message; credentials in the request are masked."""

    outcome: Literal["accepted", "refused", "deferred", "unresolved"]
    reason: str
    request: MaskedRequest | None
    answer: ShownAnswer | None
    elapsed_ms: int
    encoding: Encoding
    parts: int


@post("/api/providers/test", status_code=200, tags=["providers"])
async def test_send(data: JSONBody[TestSend], desk: DeskDependency) -> TestResult:
    """Send a test message and tell all about it. Works before the provider is saved.

    409 `suppressed` or `opted_out`, with who and why, for a number whose person said no: ask, and send `is_confirmed`.
    """
    now = desk.clock.now()
    newest = await desk.catalog.snapshot()
    known = newest.providers.get(ProviderId(data.provider.id))
    if known is not None and not data.provider.endpoint:
        provider = known
    else:
        identifier = ProviderId(data.provider.id or new_id(now, secrets.randbits(32)))
        provider = checked(desk, data.provider, known, None, identifier, now)
    to = parse_msisdn(data.to, desk.options.default_region)
    if to is None:
        raise invalid({"to": "This is no phone number. Write it with its country code, as +65 9123 4567."})
    if not data.is_confirmed:
        await _ask_before_a_no(desk, to)
    message = _test_message(data, provider, to, now)
    rehearsal = await desk.rehearser.rehearse(provider, message)
    outcome, reason = _in_words(rehearsal.outcome)
    return TestResult(
        outcome=outcome,
        reason=reason,
        request=rehearsal.request,
        answer=rehearsal.answer,
        elapsed_ms=rehearsal.elapsed_ms,
        encoding=message.encoding,
        parts=message.parts,
    )


HANDLERS = [test_send]


async def _ask_before_a_no(desk: Desk, to: Msisdn) -> None:
    last = await desk.reports.suppression(to)
    holders = await desk.reports.profile_by_number(to)
    refusal = refusal_of(to, last, holders)
    if refusal is not None:
        code, why = refusal
        raise Problem(
            409, code, f"{why} Nothing was sent; with is_confirmed it is sent all the same.", {"to": why}
        )


def refusal_of(
    to: Msisdn, last: SuppressionChange | None, holders: Sequence[Profile]
) -> tuple[Literal["suppressed", "opted_out"], str] | None:
    """Return why a person asks for it that no text goes to this number, as a code and a sentence, or None."""
    if last is not None and last.is_suppressed:
        at = f"{last.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        return "suppressed", f"{to.masked}{_of(holders)} is suppressed since {at}, {BY[last.source]}."
    refusing = [holder for holder in holders if says_no(holder.properties, CONSENT_SMS)]
    if refusing:
        return "opted_out", f"{to.masked}{_of(refusing)} has opted out of texts ({CONSENT_SMS})."
    return None


_NAMED: Final = 3  # of the people who share a number


def _of(holders: Sequence[Profile]) -> str:
    """Return who has the number, in brackets."""
    names = [holder.subjects[0].value for holder in holders[:_NAMED]]
    more = f" and {len(holders) - _NAMED} more" if len(holders) > _NAMED else ""
    return f" ({', '.join(names)}{more})" if names else ""


def _test_message(data: TestSend, provider: Provider, to: Msisdn, now: datetime) -> Message:
    identifier = new_id(now, secrets.randbits(32))
    composition = compose(data.text)
    return Message(
        id=MessageId(f"test-{identifier}"),
        event_id=EventId(f"test-{identifier}"),
        campaign_id=NO_CAMPAIGN,
        profile_id=ProfileId(""),
        subject=Subject("identity", ""),
        provider_id=provider.id,
        to=to,
        text=composition.text,
        encoding=composition.encoding,
        parts=len(composition.parts),
        template_id=data.template_id,
        template_variables=data.template_variables,
        tokens=data.tokens,
        give_up_at=now + timedelta(minutes=1),
        created_at=now,
    )


def _in_words(
    outcome: Outcome,
) -> tuple[Literal["accepted", "refused", "deferred", "unresolved"], str]:
    match outcome:
        case Accepted():
            return "accepted", "The provider has taken the message."
        case Refused(reason=reason):
            return "refused", reason
        case Deferred(reason=reason):
            return "deferred", reason
        case Unresolved(reason=reason):
            return "unresolved", reason
