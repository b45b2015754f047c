"""Short links: where they lead. They are written with their messages (`ports.ledger`), and outlive these."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.platform.model.message import MessageId


class Link(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Where a link leads, and of which message it is. `clicks` are those of people, counted since it was made."""

    slug: str
    message_id: MessageId
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

    async def find(self, slugs: Sequence[str], now: datetime) -> Mapping[str, Link]:
        """Return the links of these slugs that there are and that have not ended."""
        ...
