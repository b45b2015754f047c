"""What people wrote to us: an event of the person for each text, and a suppression or release for a keyword.

A text that answers a message is known by the message's id, and the number is the message's; its event is made in
`reconcile`. A text that a wire tells by its number alone is the number's holder's: the event is made here. A keyword
counts for the number, also if it is nobody's.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import Receipt
from tellwire.platform.model.address import Address
from tellwire.platform.model.event import Event
from tellwire.platform.model.message import MessageContext, MessageId
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.model.system_event import text_received
from tellwire.platform.ports.messages import Holder
from tellwire.platform.receipts.keywords import keyword_of
from tellwire.platform.receipts.words import Click, InboundText, Reply


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """Suppressions to write before the events are appended, and how many texts were of nobody known."""

    suppressions: tuple[SuppressionChange, ...] = ()
    events: tuple[Event, ...] = ()
    unknown: int = 0


def hear(
    words: Sequence[Receipt | Click | Reply],
    texts: Sequence[InboundText],
    contexts: Mapping[MessageId, MessageContext],
    holders: Mapping[Msisdn, Holder],
    now: datetime,
) -> Heard:
    """Return what to suppress and to append; `contexts` and `holders` are those of the words and texts we know."""
    answers = [word for word in words if isinstance(word, Reply)]
    return Heard(
        suppressions=tuple(_changes(answers, texts, contexts, now)),
        events=tuple(_event(text, holders[text.sender], now) for text in texts if text.sender in holders),
        unknown=sum(text.sender not in holders for text in texts),
    )


def _changes(
    answers: Sequence[Reply],
    texts: Sequence[InboundText],
    contexts: Mapping[MessageId, MessageContext],
    now: datetime,
) -> Iterator[SuppressionChange]:
    said: list[tuple[Address, Reply | InboundText]] = [(text.sender, text) for text in texts]
    for answer in answers:
        context = contexts.get(MessageId(answer.message_id))
        said += [] if context is None else [(context.to, answer)]
    for msisdn, word in said:
        keyword = keyword_of(word.text)
        if keyword is not None:
            at = min(word.at, now)  # a fast clock must not keep the person from changing their mind
            yield SuppressionChange(address=msisdn, is_suppressed=keyword == "stop", source="reply", at=at)


def _event(text: InboundText, holder: Holder, now: datetime) -> Event:
    return text_received(holder.subject, holder.message, text.at, now, text=text.text, text_id=text.text_id)
