"""What came in and was not taken: enough of it to find out who sent what, and nothing that was written to anybody."""

from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.platform.model.event import Subject
from tellwire.platform.model.provider import ProviderId

NOBODY: Final = 523  # the code of a person whom a call names and nobody knows (CleverTap contract 4.2)

RecordKind: TypeAlias = Literal["event", "profile", "token", "call", ""]


class RefusedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record of an upload, or one person of a call, that was refused.

    `subject` is None where the record does not say who it is about. `event_name` is the event's, or the call's. `code`
    and `error` are those of the answer; numbers of phones in them are masked.
    """

    at: datetime
    subject: Subject | None
    kind: RecordKind
    event_name: str = ""
    code: int
    error: str


class RefusedCallback(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's callback that was not taken, or not all of it: `status` is what it was answered, `reason` why.

    `items` is how many of its items that is about, 0 where the body could not be read at all.
    """

    provider_id: ProviderId
    at: datetime
    status: int
    reason: str
    items: int = 0
