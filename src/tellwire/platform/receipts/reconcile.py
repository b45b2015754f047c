"""News about messages, compared with our own record of them: receipts to apply and events to append.

    delivered to the recipient      -> Notification Delivered, if it moves the message
    undelivered, rejected, expired  -> Notification Failed, if it moves the message
    click                           -> Notification Clicked, one for each; a reply's is made in `replies`
    other receipts                  -> no event: they only move the message's status

Who may tell is whoever has had the message: `own`. Ids can be guessed, and a callback address proves one provider.
OutputLine early, late, twice or about nobody's message, words do no harm: events have ids made of the message and what
happened (`model.system_event`), and a status only moves forward (`kernel.status`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from tellwire.kernel.status import (
    FAILURES,
    MessageStatus,
    Receipt,
    Standing,
    StatusDetail,
    advance,
)
from tellwire.platform.model.event import Event
from tellwire.platform.model.message import MessageContext, MessageId
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.system_event import (
    notification_clicked,
    notification_delivered,
    notification_failed,
)
from tellwire.platform.receipts.words import Click, Reply


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """Receipts of our messages, in order; the events to append before them; how many words were for nobody."""

    receipts: tuple[Receipt, ...] = ()
    events: tuple[Event, ...] = ()
    unknown: int = 0


def own(
    contexts: Mapping[MessageId, MessageContext], provider_id: ProviderId
) -> dict[MessageId, MessageContext]:
    """Return the messages that this provider was given, or might have been: of others it knows nothing."""
    return {
        message_id: context
        for message_id, context in contexts.items()
        if context.provider_id == provider_id and context.was_attempted
    }


def reconcile(
    words: Sequence[Receipt | Click | Reply],
    contexts: Mapping[MessageId, MessageContext],
    now: datetime,
) -> Reconciled:
    """Return what to append and to apply; `contexts` holds those messages of the words that are ours."""
    receipts: list[Receipt] = []
    events: list[Event] = []
    standings: dict[MessageId, Standing] = {}
    for word in words:
        context = contexts.get(MessageId(word.message_id))
        if context is None:
            continue
        match word:
            case Receipt():
                before = standings.get(context.id, context.standing)
                standings[context.id] = advance(before, word.standing)
                receipts.append(word)
                events += _events_of_receipt(word, context, before, now)
            case Click():
                events.append(
                    notification_clicked(context, word.at, now, url=word.url, short_url=word.short_url)
                )
            case Reply():
                pass  # whose it is depends on who has the number by now
            case _:
                assert_never(word)
    unknown = sum(MessageId(word.message_id) not in contexts for word in words)
    return Reconciled(receipts=tuple(receipts), events=tuple(events), unknown=unknown)


def _events_of_receipt(
    receipt: Receipt, context: MessageContext, before: Standing, now: datetime
) -> tuple[Event, ...]:
    after = advance(before, receipt.standing)
    if after == before:
        return ()
    if after.status in FAILURES:
        words = receipt.description or after.status.value
        return (notification_failed(context, receipt.at, now, code=receipt.error_code, error=words),)
    if _is_with_the_recipient(after) and not _is_with_the_recipient(before):
        return (notification_delivered(context, receipt.at, now),)
    return ()


def _is_with_the_recipient(standing: Standing) -> bool:
    """Read implies delivered: some channels tell the one without the other."""
    if standing.status is MessageStatus.READ:
        return True
    return (
        standing.status is MessageStatus.DELIVERED
        and standing.detail is not StatusDetail.DELIVERED_TO_OPERATOR
    )
