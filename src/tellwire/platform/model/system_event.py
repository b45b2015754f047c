"""The events that we raise ourselves about a message: sent, delivered, failed, clicked, replied.

They travel on the stream like any other, so that they can trigger campaigns (CleverTap contract 6.8).
Ids are made of the message and what happened to it: the same news makes the same event when it comes twice.
"""

import hashlib
from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.model import notification
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.chain import CAMPAIGN_ID, CHAIN_LIMIT, depth_behind
from tellwire.platform.model.channel import channel_of
from tellwire.platform.model.event import TRIGGERS_AFTER, TRIGGERS_BEFORE, Event, EventId, Subject
from tellwire.platform.model.message import NO_CAMPAIGN, Message, MessageContext
from tellwire.platform.model.value import Properties, fold

SENT: Final = notification.SENT
DELIVERED: Final = notification.DELIVERED
FAILED: Final = notification.FAILED
CLICKED: Final = notification.CLICKED
REPLIED: Final = notification.REPLIED
REPLY_SENT: Final = (
    notification.REPLY_SENT
)  # what nobody's campaign sent: an answer to a person (contract 6.8)

# Contract 4.3, and `Notification Failed`, which is as much ours as the others: nobody may upload these.
RESERVED_NAMES: Final = frozenset(
    fold(name)
    for name in (
        *(SENT, DELIVERED, FAILED, CLICKED, REPLIED, "Notification Viewed", REPLY_SENT),
        *("UTM Visited", "App Launched", "App Uninstalled", "App Version Changed", "Stayed"),
        *("Experiment Rendered", "Reachable By", "Identity Set", "Identity Reset", "Identity Error"),
    )
)

AUTOMATIC_NAMES: Final = frozenset(fold(name) for name in (SENT, DELIVERED, FAILED, CLICKED, REPLIED))
MESSAGE_ID: Final = "Message ID"  # the property of our own events
SHORT_URL: Final = "wzrk_c2a_short_url"  # of a click

INCOMING_TEXT_LIMIT: Final = 512  # contract 2

_Kind: TypeAlias = Literal["sent", "delivered", "failed", "clicked", "replied"]


def context_of_sent(message: Message, campaign_name: str, provider_nickname: str) -> MessageContext:
    """Return what the events below need, for a message that was just handed over."""
    return MessageContext(
        id=message.id,
        standing=Standing(MessageStatus.SENT),
        occasion_id=message.occasion_id,
        campaign_id=message.campaign_id,
        campaign_name=campaign_name,
        profile_id=message.profile_id,
        subject=message.subject,
        to=message.to,
        provider_id=message.provider_id,
        provider_nickname=provider_nickname,
        created_at=message.created_at,
        depth=depth_behind(message),
    )


def notification_sent(context: MessageContext, at: datetime, now: datetime) -> Event:
    """The provider took the message at `at`."""
    name = REPLY_SENT if context.campaign_id == NO_CAMPAIGN else SENT
    return _automatic("sent", name, context, at, now, {})


def notification_delivered(context: MessageContext, at: datetime, now: datetime) -> Event:
    """The handset has the message."""
    return _automatic("delivered", DELIVERED, context, at, now, {"CT Source": "API"})


def notification_failed(
    context: MessageContext, at: datetime, now: datetime, *, code: str, error: str, may_trigger: bool = True
) -> Event:
    """The message will not arrive; `code` is the sender's own, `error` its words or ours.

    `may_trigger` False is for what was dropped on purpose, which no campaign is to answer.
    """
    event = _automatic("failed", FAILED, context, at, now, {"Error": error, "Error Code": code})
    return event if may_trigger else msgspec.structs.replace(event, may_trigger=False)


def notification_clicked(
    context: MessageContext, at: datetime, now: datetime, *, url: str, short_url: str = "", mark: str = ""
) -> Event:
    """Somebody opened a link of the message: each click is an event.

    `mark` tells two clicks of one millisecond apart, where we saw both ourselves.
    """
    own: Properties = {"CT Source": "API", "wzrk_c2a": url}
    if short_url:
        own[SHORT_URL] = short_url
    return _by_person("clicked", CLICKED, context, at, now, own, f"{to_ms(at)} {url} {short_url}{mark}")


def notification_replied(
    context: MessageContext,
    at: datetime,
    now: datetime,
    *,
    text: str,
    subject: Subject | None = None,
    keyword: str | None = None,
) -> Event:
    """Somebody answered the message: each answer is an event. `text` is cut at 512 characters.

    `subject` is whose the number is by now, if no longer the message's; `keyword` what the text asks for, if it is one.
    """
    said = _incoming(text, keyword)
    event = _by_person("replied", REPLIED, context, at, now, said, f"{to_ms(at)} {text}")
    return event if subject is None else msgspec.structs.replace(event, subject=subject)


def text_received(
    subject: Subject,
    context: MessageContext | None,
    at: datetime,
    now: datetime,
    *,
    text: str,
    text_id: str,
    keyword: str | None = None,
) -> Event:
    """Somebody wrote to us; `context` is the last message to that number, if there was one.

    `text_id` is the provider's: the same text makes the same event when it comes twice.
    """
    said = _incoming(text, keyword)
    return Event(
        id=EventId(_id_at(at, f"{subject.key}\0{text_id or text}")),
        subject=subject,
        name=REPLIED,
        occurred_at=at,
        received_at=now,
        properties=msgspec.Raw(msgspec.json.encode(said)) if context is None else _properties(context, said),
        source="receipt",
        may_trigger=is_fresh(at, now),
        cause=None if context is None else _cause(context),
    )


def _incoming(text: str, keyword: str | None) -> Properties:
    said: Properties = {
        "Channel": "SMS",
        "Incoming Message Type": "text",
        "Incoming text": text[:INCOMING_TEXT_LIMIT],
    }
    return said if keyword is None else {**said, "Keyword": keyword}


def _cause(context: MessageContext) -> CampaignId | None:
    return None if context.campaign_id == NO_CAMPAIGN else context.campaign_id


def is_fresh(at: datetime, now: datetime) -> bool:
    """Say whether news of `at` that came at `now` may still trigger campaigns."""
    return now - TRIGGERS_AFTER <= at <= now + TRIGGERS_BEFORE


def _automatic(
    kind: _Kind, name: str, context: MessageContext, at: datetime, now: datetime, own: Properties
) -> Event:
    # One for each message and kind, whatever moment a repeated receipt names: hence the id's time is the
    # message's own.
    depth = min(depth_behind(context) + 1, CHAIN_LIMIT + 1)
    return Event(
        id=EventId(_id(kind, context, context.created_at, "")),
        subject=context.subject,
        name=name,
        occurred_at=at,
        received_at=now,
        properties=_properties(context, own),
        source="receipt",
        may_trigger=depth <= CHAIN_LIMIT and is_fresh(at, now),
        depth=depth,
        cause=_cause(context),
    )


def _by_person(
    kind: _Kind,
    name: str,
    context: MessageContext,
    at: datetime,
    now: datetime,
    own: Properties,
    detail: str,
) -> Event:
    return Event(
        id=EventId(_id(kind, context, at, detail)),
        subject=context.subject,
        name=name,
        occurred_at=at,
        received_at=now,
        properties=_properties(context, own),
        source="receipt",
        may_trigger=is_fresh(at, now),
        cause=_cause(context),
    )


def _id(kind: _Kind, context: MessageContext, at: datetime, detail: str) -> str:
    """Return a time-ordered id as `kernel.ids` makes them, with a digest where those have entropy."""
    return _id_at(at, f"{context.id}\0{kind}\0{detail}")


def _id_at(at: datetime, what: str) -> str:
    digest = hashlib.blake2b(what.encode("utf-8", "replace"), digest_size=7)
    return f"{max(to_ms(at), 0):011x}{digest.hexdigest()[:13]}"


def _properties(context: MessageContext, own: Properties) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode({**_of_campaign(context), **_of_message(context), **own}))


def _of_campaign(context: MessageContext) -> Properties:
    if context.campaign_id == NO_CAMPAIGN:
        return {}
    return {CAMPAIGN_ID: context.campaign_id, "Campaign Name": context.campaign_name}


def _of_message(context: MessageContext) -> Properties:
    epoch = int(context.created_at.timestamp())
    return {
        "Campaign Type": channel_of(context.to).label,
        "Provider": context.provider_nickname,
        MESSAGE_ID: context.id,
        "wzrk_id": f"{context.campaign_id}_{epoch}",
        "wzrk_pivot": "wzrk_default",
    }
