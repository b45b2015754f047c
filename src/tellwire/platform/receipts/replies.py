"""What people wrote to us: whose each text is, what it answers, and what it asks for. Pure.

a text that names a message    its number is the message's, and it answers that message
a text known by its number     it answers the newest message to that number, if that was for who has it now
who has the number             the person the message was for, if they have it still; else who changed last
nobody has it                  whom the message was for; without one, a new person, known by the number
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import Receipt
from tellwire.platform.model.address import Address, ChannelUser, whole
from tellwire.platform.model.consent import TEXT_KEPT, ConsentRequest
from tellwire.platform.model.event import Event, EventId, ProfileChange, SetValue, Subject
from tellwire.platform.model.inbound import Arrival, Inbound
from tellwire.platform.model.message import NO_CAMPAIGN, MessageContext, MessageId
from tellwire.platform.model.profile import PHONE, ProfileId, SuppressionChange
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.replies import Keyword, ReplyRules
from tellwire.platform.model.system_event import notification_replied, text_received
from tellwire.platform.ports.messages import Holder, HolderPerson
from tellwire.platform.receipts.answers import answer_to
from tellwire.platform.receipts.keywords import keyword_of
from tellwire.platform.receipts.words import Click, InboundText, Reply


class Hearing(msgspec.Struct, frozen=True):
    """What is known where texts come in: by which provider, when, and what the account makes of keywords."""

    provider: Provider
    rules: ReplyRules
    now: datetime


def numbers_in(
    words: Sequence[Receipt | Click | Reply],
    texts: Sequence[InboundText],
    contexts: Mapping[MessageId, MessageContext],
) -> list[Msisdn]:
    """Return the numbers whose holders have to be known."""
    answered = (contexts.get(MessageId(word.message_id)) for word in words if isinstance(word, Reply))
    numbers = [context.to for context in answered if context is not None and isinstance(context.to, Msisdn)]
    return list(dict.fromkeys([*(text.sender for text in texts), *numbers]))


def arrivals_of(
    words: Sequence[Receipt | Click | Reply],
    texts: Sequence[InboundText],
    contexts: Mapping[MessageId, MessageContext],
    holders: Mapping[Msisdn, Holder],
    hearing: Hearing,
) -> list[Arrival]:
    """Return the texts to take in, in their order; `contexts` and `holders` are those that are known."""
    return [
        *_answers(words, contexts, holders, hearing),
        *(_of_number(text, holders.get(text.sender), hearing) for text in texts),
    ]


def _answers(
    words: Sequence[Receipt | Click | Reply],
    contexts: Mapping[MessageId, MessageContext],
    holders: Mapping[Msisdn, Holder],
    hearing: Hearing,
) -> Iterator[Arrival]:
    for word in words:
        context = contexts.get(MessageId(word.message_id))
        if not isinstance(word, Reply) or context is None:
            continue
        holder = None if isinstance(context.to, ChannelUser) else holders.get(context.to)
        person = _person(holder, context)
        text, keyword = readable(word.text), _keyword(context.to, word.text, hearing)
        event = notification_replied(
            context,
            word.at,
            hearing.now,
            text=text,
            subject=None if person is None else person.subject,
            keyword=keyword,
        )
        yield _arrival(event, word, text, context.to, hearing, keyword, context, person)


def _of_number(text: InboundText, holder: Holder | None, hearing: Hearing) -> Arrival:
    newest = None if holder is None else holder.message
    person = _person(holder, newest)
    context = newest if newest is not None and (person is None or _is_for(newest, person)) else None
    if person is not None:
        subject = person.subject
    else:
        subject = Subject("identity", text.sender.e164) if context is None else context.subject
    words, keyword = readable(text.text), _keyword(text.sender, text.text, hearing)
    event = text_received(
        subject, context, text.at, hearing.now, text=words, text_id=text.text_id, keyword=keyword
    )
    return _arrival(event, text, words, text.sender, hearing, keyword, context, person)


def _person(holder: Holder | None, context: MessageContext | None) -> HolderPerson | None:
    """Return who has the number: of several the one whom the message was for, else who changed last."""
    if holder is None or not holder.people:
        return None
    if context is not None:
        for one in holder.people:
            if _is_for(context, one):
                return one
    return holder.people[0]


def _is_for(context: MessageContext, person: HolderPerson) -> bool:
    return context.subject in person.names or context.profile_id == person.profile_id


def _keyword(address: Address, text: str, hearing: Hearing) -> Keyword | None:
    country = address.country if isinstance(address, Msisdn) else None
    return keyword_of(text, country, hearing.rules)


def _arrival(
    event: Event,
    word: Reply | InboundText,
    text: str,
    address: Address,
    hearing: Hearing,
    keyword: Keyword | None,
    context: MessageContext | None,
    person: HolderPerson | None,
) -> Arrival:
    inbound = Inbound(
        key=_key(word, event, hearing.provider),
        event=event,
        address=address,
        text=text,
        provider_id=hearing.provider.id,
        to=word.to,
        message_id="" if context is None else context.id,
        campaign_id=None if context is None or context.campaign_id == NO_CAMPAIGN else context.campaign_id,
        campaign_name="" if context is None else context.campaign_name,
        keyword=keyword,
        newcomer=_newcomer(event, address) if person is None and context is None else None,
    )
    profile_id = person.profile_id if person else context.profile_id if context else ProfileId("")
    return Arrival(
        inbound=inbound,
        change=_change(inbound, word.at, hearing.now),
        answer=answer_to(inbound, hearing.rules, hearing.provider, profile_id, hearing.now),
    )


def _key(word: Reply | InboundText, event: Event, provider: Provider) -> str:
    """Return what makes a text the same text: the provider's name of it, its words, and who wrote them.

    A provider's name alone would do, if none ever gave a name twice: then a stop would be lost.
    """
    if isinstance(word, Reply) or not word.text_id:
        return event.id
    named = f"{provider.id}\0{word.text_id}\0{word.sender.digits}\0{word.text}"
    return hashlib.blake2b(named.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _newcomer(event: Event, address: Address) -> ProfileChange:
    """Return the record by which a number that nobody has becomes somebody's."""
    return ProfileChange(
        id=EventId(f"{event.id}n"),
        subject=event.subject,
        occurred_at=min(event.occurred_at, event.received_at),
        received_at=event.received_at,
        changes=(SetValue(PHONE, whole(address)),),
        source="receipt",
    )


def _change(inbound: Inbound, at: datetime, now: datetime) -> SuppressionChange | None:
    if inbound.keyword not in {"stop", "start"}:
        return None
    return SuppressionChange(
        address=inbound.address,
        is_suppressed=inbound.keyword == "stop",
        source="reply",
        at=min(at, now),  # a fast clock must not keep the person from changing their mind
        request=ConsentRequest(
            key=inbound.event.id,
            text=inbound.text[:TEXT_KEPT],
            message_id=inbound.message_id,
            subject=inbound.person,
        ),
    )


def readable(text: str) -> str:
    """Return a text as people may read it: without control characters and lone halves of surrogate pairs."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
