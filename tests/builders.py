"""Ready-made nouns for tests: each function gives a valid one, and what a test is about is named at its call."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from tests.clock import NOON as NOON  # noqa: PLC0414 - the moment of all that is made here

from tellwire.gateway.accept.submission import make_umids
from tellwire.gateway.model.message import Claimed, NewMessage
from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.kernel.choice.price import Price
from tellwire.kernel.choice.routing import Rule, Share
from tellwire.kernel.clock import to_ms
from tellwire.kernel.sms import Encoding
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.decision import Decision, Send
from tellwire.platform.model.event import Change, Event, EventId, ProfileChange, Subject
from tellwire.platform.model.flat import Flat, flat_of, structure_of
from tellwire.platform.model.message import Message, message_id
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import JsonParameters, Provider, ProviderId

IDENTIFIER = "0199f3c2a1b7e4d2c0100a00"  # of the event, and so of the occasion of the message
NUMBER = "+6591230000"


# Of both halves


def a_number(text: str = NUMBER) -> Msisdn:
    number = parse_msisdn(text)
    assert number is not None
    return number


# Of the platform


def a_subject(value: str = "u1") -> Subject:
    return Subject("identity", value)


def an_event(*, properties: Mapping[str, Any] | bytes = b"{}", **changed: Any) -> Event:
    written = properties if isinstance(properties, bytes) else msgspec.json.encode(properties)
    fields: dict[str, Any] = {
        "id": EventId(IDENTIFIER),
        "subject": a_subject(),
        "name": "Order Placed",
        "occurred_at": NOON,
        "received_at": NOON,
        "properties": msgspec.Raw(written),
    }
    return Event(**{**fields, **changed})


def a_change(*changes: Change, **changed: Any) -> ProfileChange:
    fields: dict[str, Any] = {
        "id": EventId(IDENTIFIER),
        "subject": a_subject(),
        "occurred_at": NOON,
        "received_at": NOON,
        "changes": changes,
    }
    return ProfileChange(**{**fields, **changed})


def a_profile(**changed: Any) -> Profile:
    fields: dict[str, Any] = {
        "id": ProfileId("p1"),
        "subjects": (a_subject(),),
        "properties": {},
        "phone": a_number(),
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Profile(**{**fields, **changed})


def a_message(**changed: Any) -> Message:
    occasion_id = changed.get("occasion_id", OccasionId(IDENTIFIER))
    campaign_id = changed.get("campaign_id", CampaignId(12))
    fields: dict[str, Any] = {
        "id": message_id(occasion_id, campaign_id),
        "occasion_id": occasion_id,
        "campaign_id": campaign_id,
        "profile_id": ProfileId("p1"),
        "subject": a_subject(),
        "provider_id": ProviderId("acme"),
        "to": a_number(),
        "text": "Hello Ann",
        "encoding": Encoding.GSM7,
        "parts": 1,
        "give_up_at": NOON + timedelta(hours=4),
        "created_at": NOON,
    }
    return Message(**{**fields, **changed})


def a_decision(message: Message, **changed: Any) -> Decision:
    """Return the decision to send a message; `verdict` changes it to another one about the same occasion."""
    fields: dict[str, Any] = {
        "occasion_id": message.occasion_id,
        "event_name": "Order Placed",
        "campaign_id": message.campaign_id,
        "campaign_version": 1,
        "profile_id": message.profile_id,
        "subject": message.subject,
        "decided_at": NOON,
        "trace": (),
        "verdict": Send(message),
    }
    return Decision(**{**fields, **changed})


def a_provider(**changed: Any) -> Provider:
    fields: dict[str, Any] = {
        "id": ProviderId("acme"),
        "nickname": "acme",
        "endpoint": "http://127.0.0.1:9/sms",
        "parameters": JsonParameters('{"to":"$$To","text":"$$Body","id":"$$MessageID"}'),
        "callback_key": "k" * 43,
        "is_default": True,
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Provider(**{**fields, **changed})


def a_campaign(**changed: Any) -> Campaign:
    fields: dict[str, Any] = {
        "id": CampaignId(12),
        "name": "order thanks",
        "state": "running",
        "event": "Order Placed",
        "content": Content(text="Hello {{ Profile.Name | default: 'there' }}"),
        "created_at": NOON,
        "updated_at": NOON,
    }
    return flat_campaign(**{**fields, **changed})


def flat_campaign(**fields: Any) -> Campaign:
    """Return a campaign by the fields of the flat form, and those that it has beside."""
    flat = Flat(**{name: fields.pop(name) for name in Flat.__struct_fields__ if name in fields})
    return Campaign(**structure_of(flat)._asdict(), **fields)


def rewritten(campaign: Campaign, **fields: Any) -> Campaign:
    """Return the campaign with other fields, some of the flat form."""
    flat = flat_of(campaign)
    assert flat is not None
    kept = msgspec.structs.asdict(campaign)
    for name in ("start", "who", "steps"):
        del kept[name]
    return flat_campaign(**{**kept, **msgspec.structs.asdict(flat), **fields})


# Of the gateway


def a_umid(number: int = 1, at: datetime = NOON) -> str:
    return make_umids(at, number.to_bytes(8) * 2)[0]


def a_new_message(number: int = 1, at: datetime = NOON, **changed: Any) -> NewMessage:
    """Return a message that the store has not taken yet, to a number and with a umid of its own."""
    fields: dict[str, Any] = {
        "umid": a_umid(number, at),
        "account": "a",
        "subaccount": "s",
        "batch": None,
        "client_batch": None,
        "created_ms": to_ms(at),
        "source": "ACME",
        "destination": f"65912{number:05d}",
        "body": "hi",
        "encoding": Encoding.GSM7,
        "parts": 1,
        "client_id": None,
        "due_ms": None,
        "expiry_ms": to_ms(at + timedelta(days=1)),
        "callback_url": None,
        "style": "8x8",
        "is_tracked": False,
        "price_micro": 0,
        "currency": "EUR",
        "lane": "sim",
    }
    return NewMessage(**{**fields, **changed})


def a_claimed(**changed: Any) -> Claimed:
    fields: dict[str, Any] = {
        "place": 1,
        "seq": 1,
        "umid": "u-1",
        "source": "ACME",
        "destination": NUMBER.removeprefix("+"),
        "body": "hi",
        "encoding": Encoding.GSM7,
        "expiry_ms": 0,
        "attempts": 0,
        "taken": None,
        "account": "demo",
    }
    return Claimed(**{**fields, **changed})


def a_price(part_micro: int, **changed: Any) -> Price:
    """Return what one part to Singapore costs, whichever network carries it."""
    fields: dict[str, Any] = {
        "direction": "outbound",
        "prefix": "65",
        "country": "SG",
        "country_name": "Singapore",
        "operator": "",
        "mcc": "",
        "mnc": "",
    }
    return Price(**{**fields, **changed}, part_micro=part_micro)


def a_rule(name: str, *carriers: str, **changed: Any) -> Rule:
    """Return a rule that gives each of its carriers as much as another; without conditions it fits all numbers."""
    return Rule(id=name, shares=tuple(Share(carrier) for carrier in carriers), **changed)
