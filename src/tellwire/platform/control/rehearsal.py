"""Test messages: sent through a provider before or after it is saved, with the whole exchange shown (contract 1.1)."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.ids import new_id
from tellwire.kernel.sms import Encoding, compose
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.control.provider_advice import advice_for
from tellwire.platform.control.provider_form import ProviderForm
from tellwire.platform.control.providers import checked
from tellwire.platform.control.shapes import BY
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import NO_CAMPAIGN, Message, MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import (
    CONSENT_SMS,
    Profile,
    ProfileId,
    SuppressionChange,
    says_no,
)
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.senders.generic import Rehearsal, ShownAnswer
from tellwire.platform.senders.masking import MaskedRequest


class TestSend(msgspec.Struct, frozen=True, kw_only=True):
    """A test message: through a provider as it stands in the form, or a stored one if only its id is given.

    `is_confirmed` sends it also to somebody who said no to texts: the caller has seen the warning.
    """

    provider: ProviderForm
    to: Annotated[str, msgspec.Meta(max_length=32)]
    text: Annotated[str, msgspec.Meta(max_length=1600)] = ""
    tokens: Annotated[dict[str, str], msgspec.Meta(max_length=100)] = {}
    template_id: Annotated[str, msgspec.Meta(max_length=256)] = ""
    template_variables: Annotated[tuple[str, ...], msgspec.Meta(max_length=100)] = ()
    is_confirmed: bool = False


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a test message; credentials in the request are masked.

    `summary` is the outcome in a few words, `code` as in a message's timeline, `advice` what to do if it went wrong.
    """

    outcome: Literal["accepted", "refused", "deferred", "unresolved"]
    summary: str
    reason: str
    code: str
    advice: str
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
        provider = _checked(desk, data, known, identifier, now)
    to = parse_msisdn(data.to, desk.options.default_region)
    if to is None:
        raise invalid(NO_NUMBER)
    if not data.is_confirmed:
        await ask_before_a_no(desk, to)
    message = _test_message(data, provider, to, now)
    rehearsal = await desk.rehearser.rehearse(provider, message)
    return TestResult(**result_fields(rehearsal, message))


HANDLERS = [test_send]

NO_NUMBER: Final = {"to": "This is no phone number. Write it with its country code, as +65 9123 4567."}


def _checked(
    desk: Desk, data: TestSend, known: Provider | None, identifier: ProviderId, now: datetime
) -> Provider:
    """Return the provider of the form, or raise what is wrong with it and with the number, all at once."""
    try:
        return checked(desk, data.provider, known, None, identifier, now)
    except Problem as problem:
        if parse_msisdn(data.to, desk.options.default_region) is None:
            problem.fields |= NO_NUMBER
        raise


async def ask_before_a_no(desk: Desk, to: Msisdn) -> None:
    """Raise a `Problem` if somebody with this number said no to texts."""
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
    identifier = f"test-{new_id(now, secrets.randbits(32))}"
    composition = compose(data.text)
    return Message(
        id=MessageId(identifier),
        occasion_id=OccasionId(identifier),
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


# What is no "try later": waiting mends none of these, though messages wait for those who do.
_DEFERRED: Final = {
    "401": "Not sent: the provider denied access",
    "402": "Not sent: the provider wants to be paid",
    "403": "Not sent: the provider denied access",
    "407": "Not sent: a proxy on the way wants credentials",
    "certificate": "Not sent: the provider's certificate is wrong",
    "not_sent": "Not sent: the provider could not be reached",
    "oauth": "Not sent: no token could be had",
    "sealed": "Not sent: the stored credentials cannot be opened",
}


def result_fields(rehearsal: Rehearsal, message: Message) -> dict[str, Any]:
    """Return the members of a `TestResult`."""
    return {
        **_in_words(rehearsal.outcome),
        "request": rehearsal.request,
        "answer": rehearsal.answer,
        "elapsed_ms": rehearsal.elapsed_ms,
        "encoding": message.encoding,
        "parts": message.parts,
    }


def _in_words(outcome: Outcome) -> dict[str, Any]:
    """Return the members of a result that follow from the outcome."""
    match outcome:
        case Accepted():
            return {
                "outcome": "accepted",
                "summary": "Accepted by the provider",
                "reason": "The provider answered that it has the message. Its answer below has the last word.",
                "code": "",
                "advice": "",
            }
        case Refused():
            is_ours = outcome.code == "template"
            kind, summary = "refused", "No request could be made" if is_ours else "Refused by the provider"
        case Deferred():
            kind, summary = (
                "deferred",
                _DEFERRED.get(outcome.code, "Not sent: the provider asks to try later"),
            )
        case Unresolved():
            came = "the provider answered with an error" if outcome.code else "no whole answer came back"
            kind, summary = "unresolved", f"Perhaps sent: {came}"
    return {
        "outcome": kind,
        "summary": summary,
        "reason": outcome.reason,
        "code": outcome.code,
        "advice": advice_for(outcome.code, outcome.answer),
    }
