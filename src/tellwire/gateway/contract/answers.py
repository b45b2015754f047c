"""The answers of the sending endpoints (8x8 contract 2.2, 2.3, 2.4)."""

import msgspec

QUEUED = "SMS is accepted and queued for processing"


class StatusAnswer(msgspec.Struct, frozen=True):
    """`QUEUED` or `REJECTED`, and the sentence that goes with it."""

    code: str
    description: str


QUEUED_STATUS = StatusAnswer(code="QUEUED", description=QUEUED)


class MessageAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One message of an answer; `destination` has no plus when accepted and is the caller's text when not."""

    umid: str
    client_message_id: str | None
    destination: str
    encoding: str
    status: StatusAnswer


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The answer to a batch; `messages` is null unless the caller asked for it."""

    batch_id: str
    client_batch_id: str | None
    accepted_count: int
    rejected_count: int
    messages: list[MessageAnswer] | None = None


class BareAnswer(BatchAnswer, frozen=True, kw_only=True, rename="camel"):
    """The answer to one bare object sent to the batch endpoint: both shapes at once (8x8 contract 2.4)."""

    umid: str
    client_message_id: str | None
    destination: str
    encoding: str
    status: StatusAnswer


def bare_answer(batch: BatchAnswer, message: MessageAnswer) -> BareAnswer:
    """Return the union of a batch of one and its only message."""
    return BareAnswer(
        batch_id=batch.batch_id,
        client_batch_id=batch.client_batch_id,
        accepted_count=batch.accepted_count,
        rejected_count=batch.rejected_count,
        messages=[message],
        umid=message.umid,
        client_message_id=message.client_message_id,
        destination=message.destination,
        encoding=message.encoding,
        status=message.status,
    )
