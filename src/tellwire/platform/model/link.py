"""Short links in place of the links of a text: what they lead to, and by which rules they are made."""

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias

import msgspec

from tellwire.platform.model.bounds import Name

PATH: Final = "/l/"  # below the address where short links start
SLUG_PLACE: Final = "0" * 12  # stands for a slug where a text is only looked at
_NO_KEY: Final = bytes(32)

Utm: TypeAlias = Annotated[
    Mapping[Name, Name],
    msgspec.Meta(
        max_length=20,
        description="What is appended to links: `source` as `utm_source`, `medium` as `utm_medium` and so on.",
    ),
]


class ShortLink(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One link of one message: where its text had it lead, and the members that are added on the way (`a=1&b=2`).

    `life_ms` None is for ever.
    """

    slug: str
    target: str
    members: str = ""
    life_ms: int | None = None


class Shortening(msgspec.Struct, frozen=True, kw_only=True):
    """How this installation makes short links.

    `prefix` is the address that they all begin with, `{base}/l/`. `key` is a secret of 32 octets: slugs are made of it
    and of the message's id, so that nobody else can guess one. `life_ms` None is for ever.
    """

    prefix: str
    key: bytes
    life_ms: int | None = None

    def rehearsed(self) -> "Shortening":
        """Return the same without the secret: what is only looked at has slugs that lead nowhere."""
        return msgspec.structs.replace(self, key=_NO_KEY)

    def __repr__(self) -> str:
        """Leave the key out of logs and traces."""
        return f"Shortening({self.prefix})"


def shortening_at(base: str) -> Shortening | None:
    """Return how links are shortened in a rehearsal for an installation at this address; empty: they stay."""
    return Shortening(prefix=base.rstrip("/") + PATH, key=_NO_KEY) if base else None


class LinkPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What the account says of links: whether any is shortened, and the UTM members of all campaigns."""

    shorten: bool = True
    utm: Utm = {}
