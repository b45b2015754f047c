"""What comes in: things that profiles did, changes to profiles, and calls. All travel on one stream, in order."""

from datetime import datetime, timedelta
from typing import Final, Literal, NewType, TypeAlias

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.device_token import DeviceToken
from tellwire.platform.model.value import Value

EventId = NewType("EventId", str)
SubjectKind = Literal["identity", "device", "facebook", "google"]
Source = Literal["api", "web", "mobile", "receipt", "test", "replay", "call"]

NO_PROPERTIES = msgspec.Raw(b"{}")
CALLED: Final = "Campaign Called"  # how a call stands among what a profile did; its source is "call"

# An event triggers campaigns only if it occurred within these of its arrival (CleverTap contract 4.2).
TRIGGERS_AFTER = timedelta(hours=2)
TRIGGERS_BEFORE = timedelta(minutes=2)


class Subject(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Who an entry is about, as its sender named them; the ledger knows which profile that is."""

    kind: SubjectKind
    value: str

    @property
    def key(self) -> str:
        """The text by which the stream orders entries."""
        return f"{self.kind}:{self.value}"


class Event(msgspec.Struct, frozen=True, gc=False, kw_only=True, array_like=True, tag="e"):
    """Something a profile did.

    `properties` is the JSON object as it came, checked at intake and read only by who needs it.
    `may_trigger` is False when `occurred_at` lay outside the triggering window at intake (contract 4.2).
    `depth` and `cause` are of our own events: how many of them in a row led here, and the campaign whose message
    it was. Read them with `model.chain`, which knows where earlier releases wrote them.
    """

    id: EventId
    subject: Subject
    name: str
    occurred_at: datetime
    received_at: datetime
    properties: msgspec.Raw = NO_PROPERTIES
    source: Source = "api"
    may_trigger: bool = True
    depth: int = 0
    cause: CampaignId | None = None


class SetValue(msgspec.Struct, frozen=True, array_like=True, tag="set"):
    """Put a value, replacing what was there."""

    key: str
    value: Value


class AddValues(msgspec.Struct, frozen=True, array_like=True, tag="add"):
    """Append to a multi-value property; a single value becomes a list first (contract 4.4)."""

    key: str
    values: tuple[str, ...]


class RemoveValues(msgspec.Struct, frozen=True, array_like=True, tag="remove"):
    """Take out of a multi-value property; the last one removed deletes the property."""

    key: str
    values: tuple[str, ...]


class Increment(msgspec.Struct, frozen=True, array_like=True, tag="incr"):
    """Add a number, negative to subtract; an absent property counts as 0."""

    key: str
    by: int | float


class DeleteValue(msgspec.Struct, frozen=True, array_like=True, tag="delete"):
    """Remove the property."""

    key: str


class LinkSubject(msgspec.Struct, frozen=True, array_like=True, tag="link"):
    """Say that this other name is the same person's."""

    subject: Subject


class KeepToken(msgspec.Struct, frozen=True, array_like=True, tag="token"):
    """Push messages reach the device by this token now; the one before is dead (contract 4.2)."""

    token: DeviceToken


Change: TypeAlias = SetValue | AddValues | RemoveValues | Increment | DeleteValue | LinkSubject | KeepToken


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True, array_like=True, tag="p"):
    """A profile record: changes applied in order, all at once."""

    id: EventId
    subject: Subject
    occurred_at: datetime
    received_at: datetime
    changes: tuple[Change, ...]
    source: Source = "api"


class Called(msgspec.Struct, frozen=True, gc=False, kw_only=True, array_like=True, tag="c"):
    """One person whom a call of the API names for campaigns: each of them that starts by a call meets the person.

    `values` is the JSON object that came with the call, what `ExternalTrigger` stands for in texts. `text` is what the
    campaign's message says instead of its own words, empty for these.
    """

    id: EventId
    subject: Subject
    campaigns: tuple[CampaignId, ...]
    received_at: datetime
    values: msgspec.Raw = NO_PROPERTIES
    text: str = ""


def event_of_call(called: Called) -> Event:
    """Return a call as it stands among what the profile did: it triggers nothing by that."""
    return Event(
        id=called.id,
        subject=called.subject,
        name=CALLED,
        occurred_at=called.received_at,
        received_at=called.received_at,
        properties=called.values,
        source="call",
        may_trigger=False,
    )


Entry: TypeAlias = Event | ProfileChange | Called
