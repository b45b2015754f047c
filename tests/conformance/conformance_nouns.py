"""Small valid nouns for the laws: each takes what the law is about and makes up the rest."""

from collections.abc import Sequence
from datetime import timedelta

from conformance_harness import START_OF_TIME, Backend
from tests.builders import a_campaign, a_change, a_message, a_profile, a_provider, a_subject, an_event

from tellwire.kernel.address import Msisdn, msisdn_of_digits
from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import MessageStatus, Receipt, Standing
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.decision import Decision, GateResult, Send, Skip
from tellwire.platform.model.event import Entry, Event, EventId, ProfileChange, SetValue, Subject
from tellwire.platform.model.message import Message, MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import JsonParameters, Provider, ProviderId, Sealed, SealedPair
from tellwire.platform.ports.ledger import Activity, Advance, RecordAnswer, Recording
from tellwire.platform.ports.stream import Position

NOW = START_OF_TIME
LATER = NOW + timedelta(minutes=1)  # when all that the nouns made is due
LEASE = timedelta(minutes=5)
MAIN = ProviderId("main")
QUEUED = Standing(MessageStatus.QUEUED)
SENT = Standing(MessageStatus.SENT)
DELIVERED = Standing(MessageStatus.DELIVERED)
UNDELIVERED = Standing(MessageStatus.UNDELIVERED)
REJECTED = Standing(MessageStatus.REJECTED)
READ = Standing(MessageStatus.READ)


def subject(name: str = "ann") -> Subject:
    return a_subject(name)


def number(n: int = 1) -> Msisdn:
    return msisdn_of_digits(f"65912{n:05}")


def event(
    n: int, who: str = "ann", name: str = "Order Placed", properties: bytes = b'{"Total": 5.5}'
) -> Event:
    return an_event(
        id=EventId(f"e{n:06}"),
        subject=subject(who),
        name=name,
        occurred_at=NOW,
        received_at=NOW + timedelta(milliseconds=n),
        properties=properties,
    )


def change(n: int, who: str = "ann", key: str = "Plan", value: object = "gold") -> ProfileChange:
    identifier = EventId(f"p{n:06}")
    return a_change(
        SetValue(key, value), id=identifier, subject=subject(who), occurred_at=NOW, received_at=NOW
    )


def profile(name: str = "ann", phone: Msisdn | None = None, subjects: tuple[Subject, ...] = ()) -> Profile:
    return a_profile(
        id=ProfileId(f"profile-{name}"),
        subjects=subjects or (subject(name),),
        properties={"Name": name, "Größe": "naïve 😀"},
        phone=phone,
        created_at=NOW,
        updated_at=NOW,
    )


def message(n: int, campaign: int = 1, to: int = 1, *, repeats: bool = False, who: str = "ann") -> Message:
    """The message of event number n and a campaign; created n milliseconds after the start."""
    occasion_id = OccasionId(f"e{n:06}")
    return a_message(
        occasion_id=occasion_id,
        campaign_id=CampaignId(campaign),
        profile_id=ProfileId(f"profile-{who}"),
        subject=subject(who),
        provider_id=ProviderId("main"),
        to=number(to),
        text="Your order “5” is on its way 🎉",
        encoding=Encoding.UCS2,
        parts=2,
        tokens={"template": "t1"},
        repeats_unresolved=repeats,
        give_up_at=NOW + timedelta(hours=4),
        created_at=NOW + timedelta(milliseconds=n),
    )


def send(of: Message) -> Decision:
    return _decision(of.occasion_id, of.campaign_id, Send(of))


def skip(n: int, campaign: int = 1, code: str = "consent") -> Decision:
    return _decision(OccasionId(f"e{n:06}"), CampaignId(campaign), Skip(code))


def _decision(occasion_id: OccasionId, campaign_id: CampaignId, verdict: Send | Skip) -> Decision:
    return Decision(
        occasion_id=occasion_id,
        event_name="Order Placed",
        campaign_id=campaign_id,
        campaign_version=3,
        profile_id=ProfileId("profile-ann"),
        subject=subject(),
        decided_at=NOW,
        trace=(GateResult("consent", verdict.code if isinstance(verdict, Skip) else "", (True,)),),
        verdict=verdict,
    )


def receipt(of: MessageId, standing: Standing = DELIVERED, code: str = "", seconds: int = 60) -> Receipt:
    return Receipt(message_id=of, standing=standing, at=NOW + timedelta(seconds=seconds), error_code=code)


def campaign(
    n: int = 1,
    name: str = "Thanks",
    provider_id: str | None = None,
    text: str = "Hello {{ Profile.Name }}",
) -> Campaign:
    return a_campaign(
        id=CampaignId(n),
        name=name,
        state="running",
        event="Order Placed",
        provider_id=None if provider_id is None else ProviderId(provider_id),
        content=Content(text=text, tokens={"a": "b"}),
        created_at=NOW,
        updated_at=NOW,
    )


def provider(name: str = "main", *, is_default: bool = False) -> Provider:
    return a_provider(
        id=ProviderId(name),
        nickname=f"The {name} one",
        parameters=JsonParameters('{"to": "$$To"}'),
        headers=(SealedPair("Authorization", Sealed("sealed:v1:abc")),),
        is_default=is_default,
        callback_key=f"key-{name}",
        created_at=NOW,
        updated_at=NOW,
    )


def activity(*events: Event, who: str = "ann") -> tuple[Activity, ...]:
    return tuple(Activity(ProfileId(f"profile-{who}"), e) for e in events)


async def record(backend: Backend, recording: Recording, by: int = 1) -> RecordAnswer:
    """Record from where the only partition that the laws use stands, and move it on."""
    after = await backend.ledger.position(0)
    return await backend.ledger.record(recording, Advance(partition=0, after=after, to=Position(after + by)))


async def queue(backend: Backend, *messages: Message) -> None:
    await record(backend, Recording(decisions=tuple(send(m) for m in messages)))


async def read_all(backend: Backend, limit: int = 500) -> list[Entry]:
    """Everything in the stream, partition after partition, as a reader that goes on finds it."""
    entries: list[Entry] = []
    for partition in backend.stream.partitions():
        after = Position(0)
        while found := await backend.stream.read(partition, after, limit):
            entries += [positioned.entry for positioned in found]
            after = found[-1].position
    return entries


def ids(things: Sequence[Event | ProfileChange | Message]) -> list[str]:
    return [thing.id for thing in things]
