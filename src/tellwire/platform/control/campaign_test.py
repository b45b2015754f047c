"""A campaign's text as a test: made as the campaign would make it for one person, and sent to a number of one's own.

Nothing is stored: no cap, goal, count or report knows of it, and a receipt for it is for nobody.
"""

import asyncio
import secrets
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.kernel.ids import new_id
from tellwire.kernel.sms import compose
from tellwire.platform.compose.draft import Undrafted, draft
from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.catalog_yaml import BadDocument, CampaignEntry, campaign_in, read_document
from tellwire.platform.control.desk import TESTS_A_MINUTE, Desk, DeskDependency
from tellwire.platform.control.gate_words import words_of
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.control.rehearsal import (
    NO_NUMBER,
    TestResult,
    ask_before_a_no,
    result_fields,
)
from tellwire.platform.control.yaml_lines import with_lines
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import Entrance
from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.message import NO_CAMPAIGN, Message, MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.start import event_of
from tellwire.platform.model.step import SendStep, sends_of
from tellwire.platform.model.value import Properties, Value, decoded

DOCUMENT_LIMIT: Final = 100_000  # characters of YAML: one campaign

Values = Annotated[dict[str, Value], msgspec.Meta(max_length=512)]


class CampaignTest(msgspec.Struct, frozen=True, kw_only=True):
    """Which text, with whose values, to which number.

    The campaign is the stored one of `campaign_id`, or as it stands in a form (`campaign`) or in a file (`yaml`, which
    has this one campaign). `step` is the id of the step that sends, empty for the first.
    With `identity` the values are those of that person, and of their last event that starts the campaign;
    `profile_properties` and `event_properties` stand over them.
    `is_confirmed` sends it also to somebody who said no to texts: the caller has seen the warning.
    """

    to: Annotated[str, msgspec.Meta(max_length=32)]
    campaign_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None
    campaign: CampaignForm | None = None
    yaml: Annotated[str, msgspec.Meta(max_length=DOCUMENT_LIMIT)] = ""
    step: Annotated[str, msgspec.Meta(max_length=64)] = ""
    identity: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    profile_properties: Values = {}
    event_properties: Values = {}
    is_confirmed: bool = False


class CampaignTestResult(TestResult, frozen=True, kw_only=True):
    """What became of the test message, and the message itself: its text, whole and part by part.

    `event_id` is the event whose values it has, null if none. `cost` is null until prices exist.
    """

    step: str
    provider: str
    text: str
    texts: tuple[str, ...]
    event_id: str | None
    cost: float | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Whose values a text has, and of which event, if one was looked up."""

    profile: Profile
    event: Event | None
    event_properties: Properties


@post("/api/campaigns/test-send", status_code=200, tags=["campaigns"])
async def send_test(data: JSONBody[CampaignTest], desk: DeskDependency) -> CampaignTestResult:
    """Send the text of a step to a number of your own, as it would be for one person; nothing counts it.

    At most ten a minute. 409 `suppressed` or `opted_out`, with who and why, for a number whose person said no: ask,
    and send `is_confirmed`.
    """
    newest = await desk.catalog.snapshot()
    # The loop has other work while a long file is read.
    campaign = await asyncio.to_thread(_campaign, data, newest, desk)
    step = _step(campaign, data.step)
    provider = newest.provider_of(step)
    if provider is None:
        raise invalid(
            {"through": "No provider in use carries this step: choose one, or make one the default."}
        )
    to = parse_msisdn(data.to, desk.options.default_region)
    if to is None:
        raise invalid(NO_NUMBER)
    sample = await _sample(data, campaign, desk)
    message = _test_of(campaign, step, provider, sample, to, desk.clock.now())
    if not data.is_confirmed:
        await ask_before_a_no(desk, to)
    _keep_pace(desk)
    rehearsal = await desk.rehearser.rehearse(provider, message)
    return CampaignTestResult(
        **result_fields(rehearsal, message),
        step=step.id,
        provider=provider.nickname,
        text=message.text,
        texts=tuple(part.text for part in compose(message.text).parts),
        event_id=None if sample.event is None else sample.event.id,
    )


HANDLERS: Final = [send_test]


def _campaign(data: CampaignTest, newest: CampaignSet, desk: Desk) -> Campaign:
    """Return the campaign that is meant. Raises a `Problem`."""
    known = newest.campaigns.get(CampaignId(data.campaign_id or 0))
    if data.campaign_id is not None and known is None:
        raise not_found("such campaign")
    now, campaign_id = desk.clock.now(), CampaignId(0) if known is None else known.id
    try:
        if data.yaml:
            entry = _entry(data.yaml)
            return campaign_in(entry, known, campaign_id, now, newest.providers)
        if data.campaign is not None:
            return campaign_of(
                data.campaign, known, campaign_id=campaign_id, now=now, providers=newest.providers
            )
    except Unreadable as problem:
        raise invalid(problem.fields) from problem
    except BadDocument as problem:
        raise Problem(422, "bad_document", str(problem)) from problem
    if known is None:
        raise invalid({"campaign_id": "Say which campaign: by campaign_id, or as campaign or yaml."})
    return known


def _entry(text: str) -> CampaignEntry:
    """Return the one campaign of a file. Raises `BadDocument`, or a `Problem` with every mistake."""
    reading = read_document(text)
    if reading.mistakes:
        raise invalid(with_lines(text, dict(reading.mistakes)))
    campaigns = reading.document.campaigns
    if len(campaigns) != 1:
        raise BadDocument("Send a file with one campaign: the one that is to be tested.")
    return campaigns[0]


def _step(campaign: Campaign, step_id: str) -> SendStep:
    sends = list(sends_of(campaign.steps))
    step = next((one for one in sends if not step_id or one.id == step_id), None)
    if step is None:
        names = ", ".join(one.id for one in sends)
        raise invalid(
            {"step": f"No step “{step_id}” sends. These do: {names}." if sends else "No step sends."}
        )
    return step


async def _sample(data: CampaignTest, campaign: Campaign, desk: Desk) -> Sample:
    """Return the values that were sent, over those of the person who was named."""
    profile, event = _nobody(desk.clock.now()), None
    if data.identity:
        person = await desk.reports.profile(Subject("identity", data.identity))
        if person is None:
            raise invalid(
                {"identity": "Nobody is known by this identity: no event or profile of theirs has come."}
            )
        profile, name = person, event_of(campaign.start)
        rows = await desk.reports.profile_events(person.id, 1, name) if name else []
        event = rows[0].event if rows else None
    properties = {} if event is None else decoded(event.properties)
    return Sample(
        profile=msgspec.structs.replace(
            profile, properties={**profile.properties, **data.profile_properties}
        ),
        event=event,
        event_properties={**properties, **data.event_properties},
    )


def _nobody(now: datetime) -> Profile:
    return Profile(id=ProfileId(""), subjects=(), properties={}, phone=None, created_at=now, updated_at=now)


def _test_of(
    campaign: Campaign, step: SendStep, provider: Provider, sample: Sample, to: Msisdn, now: datetime
) -> Message:
    """Return the message that the campaign would make, as a test: of no campaign, and for nobody in particular."""
    identifier = f"test-{new_id(now, secrets.randbits(32))}"
    entrance = Entrance(
        occasion_id=OccasionId(identifier),
        subject=Subject("identity", ""),
        name=event_of(campaign.start),
        occurred_at=now,
        received_at=now,
    )
    made = draft(
        campaign=campaign,
        send=step,
        provider=provider,
        entrance=entrance,
        properties=sample.event_properties,
        profile=sample.profile,
        to=to,
        now=now,
    )
    if isinstance(made, Undrafted):
        raise invalid({"text": words_of(GateResult("content", made.code, made.values)).sentence})
    return msgspec.structs.replace(
        made, id=MessageId(identifier), campaign_id=NO_CAMPAIGN, profile_id=ProfileId(""), step=""
    )


def _keep_pace(desk: Desk) -> None:
    wait_s = desk.test_pace.take(desk.author)
    if wait_s:
        message = f"{TESTS_A_MINUTE} tests a minute are enough. Try again in {wait_s} seconds."
        raise Problem(429, "too_many_tests", message, headers={"retry-after": str(wait_s)})
