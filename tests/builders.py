"""Ready-made nouns for tests: each function gives a valid one, and what a test is about is named at its call."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.kernel.sms import Encoding
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.event import Subject
from tellwire.platform.model.flat import Flat, flat_of, structure_of
from tellwire.platform.model.message import Message, message_id
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.provider import JsonParameters, Provider, ProviderId

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def a_number(text: str = "+6591230000") -> Msisdn:
    number = parse_msisdn(text)
    assert number is not None
    return number


def a_message(**changed: Any) -> Message:
    occasion_id = changed.get("occasion_id", OccasionId("0199f3c2a1b7e4d2c0100a00"))
    campaign_id = changed.get("campaign_id", CampaignId(12))
    fields: dict[str, Any] = {
        "id": message_id(occasion_id, campaign_id),
        "occasion_id": occasion_id,
        "campaign_id": campaign_id,
        "profile_id": ProfileId("p1"),
        "subject": Subject("identity", "u1"),
        "provider_id": ProviderId("acme"),
        "to": a_number(),
        "text": "Hello Ann",
        "encoding": Encoding.GSM7,
        "parts": 1,
        "give_up_at": NOON + timedelta(hours=4),
        "created_at": NOON,
    }
    return Message(**{**fields, **changed})


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
