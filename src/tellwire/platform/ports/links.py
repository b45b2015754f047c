"""Short links: where they lead. They are written with their messages (`ports.ledger`), and outlive these."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.provider import ProviderId


class LinkSource(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What is known of a link's message, also when that is forgotten: whose it is, what made it and who carried it."""

    campaign_id: CampaignId
    provider_id: ProviderId
    subject: Subject
    to: Address


class Link(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Where a link leads, and of which message it is. `clicks` are those of people, counted since it was made."""

    slug: str
    message_id: MessageId
    source: LinkSource
    target: str
    members: str
    made_ms: int
    ends_ms: int
    clicks: int = 0
    clicked_ms: int | None = None


class Links(Protocol):
    """Readers see a link as soon as its message may be handed over."""

    @property
    def erasures(self) -> int:
        """How often links were erased in this process: whoever remembers links asks again once it has grown."""
        ...

    async def of_message(self, message_id: MessageId, slugs: Sequence[str]) -> Sequence[Link]:
        """Return those of these links that a message has, also such as have ended."""
        ...

    async def find(self, slugs: Sequence[str], now: datetime) -> Mapping[str, Link]:
        """Return the links of these slugs that there are and that have not ended."""
        ...
