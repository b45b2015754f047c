"""The content for one recipient, rendered once, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, NewType, TypeAlias

import msgspec

from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import Standing
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Subject
from tellwire.platform.model.link import ShortLink
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.permission import Permission
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.provider import ProviderId

MessageId = NewType("MessageId", str)

# Of messages that answer a person without a campaign: what the account says by itself to a keyword, and what somebody
# of the account writes. Only the answer to a stop, and to a question for help, goes to a number that is suppressed.
NO_CAMPAIGN: Final = CampaignId(0)
Pass: TypeAlias = Literal["consent", "suppression"]


def message_id(
    occasion_id: OccasionId, campaign_id: CampaignId, number: int = 0, visit: int = 0
) -> MessageId:
    """Return the id of one campaign's message on one occasion: the same each time it is asked.

    It is `$$MessageID` on the wire: short and URL-safe, and in order of time, as the ids of occasions are. `number` is
    that of the step, and `visit` which visit of it is meant; zeros at the end are left out.
    """
    return MessageId(f"{occasion_id}-{campaign_id}{suffix_of(number, visit)}")


def number_in(identifier: MessageId) -> int:
    """Return the number of the step that a message is of, as its id has it."""
    _, _, number = identifier.rpartition("-")[2].partition(".")
    return int(number.partition(".")[0]) if number else 0


def suffix_of(number: int, visit: int) -> str:
    """Return what tells the messages of one enrollment apart at the end of their ids."""
    if visit:
        return f".{number}.{visit}"
    return f".{number}" if number else ""


class Message(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A rendered message, ready to be handed to a provider; never rendered again.

    `depth` is that of the event it answers, see `model.chain`. `step` is the id of the step that made it. A test
    message of the provider page is an occasion of its own, with no campaign or profile behind it. `passes` is what a
    message that no campaign made need not ask for: see `NO_CAMPAIGN`. `links` are the short ones in its text; stores
    keep them apart, for they outlive the message.
    """

    id: MessageId
    occasion_id: OccasionId = msgspec.field(name="event_id")
    campaign_id: CampaignId
    profile_id: ProfileId
    subject: Subject
    provider_id: ProviderId
    to: Address
    text: str
    encoding: Encoding
    parts: int
    template_id: str = ""
    template_variables: tuple[str, ...] = ()
    tokens: Mapping[str, str] = {}
    extra: Mapping[str, str] = {}
    repeats_unresolved: bool = False
    attempts: int = 8
    give_up_at: datetime
    created_at: datetime
    depth: int = 0
    step: str = ""
    passes: tuple[Pass, ...] = ()
    links: tuple[ShortLink, ...] = ()

    def __repr__(self) -> str:
        """Show nothing that was written to the person."""
        return f"Message({self.id} to {self.to})"


class Claimed(msgspec.Struct, frozen=True, gc=False):
    """A message taken for sending, which try this is, from 1, and whether it may go as of the taking."""

    message: Message
    attempt: int
    permission: Permission = Permission()


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim gave: messages to send, and messages whose earlier claim ran out, which were perhaps sent."""

    taken: tuple[Claimed, ...] = ()
    run_out: tuple[Claimed, ...] = ()


class HandedOver(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The provider has it. `is_certain` False: the request left and no answer came, and policy says leave it.

    `answer`, here and below, is what the provider said, masked and cut; empty if it said nothing.
    """

    message_id: MessageId
    reference: str = ""
    is_certain: bool = True
    description: str = ""
    answer: str = ""


class TryAgain(msgspec.Struct, frozen=True, kw_only=True):
    """Not sent, or policy repeats it: due again at `at`."""

    message_id: MessageId
    at: datetime
    code: str
    reason: str
    answer: str = ""


class GivenUp(msgspec.Struct, frozen=True, kw_only=True):
    """Will not be sent: `standing` is rejected (the provider refused, or tries ran out) or expired.

    `was_tried` False: its turn came too late, or its provider was gone, and this claim tried nothing.
    """

    message_id: MessageId
    standing: Standing
    code: str
    reason: str
    answer: str = ""
    was_tried: bool = True


DropCode: TypeAlias = Literal[
    "no_consent", "suppressed", "sending_stopped", "campaign_stopped", "campaign_ended"
]


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """Taken back before it went, for it may not go any more: rejected, and no attempt was made."""

    message_id: MessageId
    code: DropCode
    reason: str


Settlement: TypeAlias = HandedOver | TryAgain | GivenUp | Dropped


class MessageContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt needs to know of its message: where it stands, and whom to tell campaigns about.

    `was_attempted`: somebody has begun at least once to hand it over to `provider_id`.
    """

    id: MessageId
    standing: Standing
    occasion_id: OccasionId
    campaign_id: CampaignId
    campaign_name: str
    profile_id: ProfileId
    subject: Subject
    to: Address
    provider_id: ProviderId
    provider_nickname: str
    created_at: datetime
    depth: int = 0
    was_attempted: bool = True
