"""Where a message goes: a phone number, or a user of an app that knows no numbers.

A number is an address of SMS. Every other channel names its users by `ChannelUser`, also where its ids are numbers:
an address says its channel, and what stands about one channel's address says nothing of another's.
Which channels there are is said by `model.channel`.
"""

import hashlib
import re
from typing import Final, NamedTuple, TypeAlias

from tellwire.kernel.address import Msisdn

SCOPE_LIMIT: Final = 64  # characters: an account of ours at the app, as apps write them
ID_LIMIT: Final = 256  # characters: LINE's have 33, others up to a hundred
_SHOWN_FROM: Final = 8  # characters of an id: the end of a shorter one would say too much


class ChannelUser(NamedTuple):
    """One user of an app, as the app names them to us; `str`, `repr` and `format` show it masked.

    `scope` is within what the id holds, where that is not the whole app: LINE gives each of its channels other ids
    for the same person. Ids are compared as they are written. Made by `channel_user`.
    """

    # A named tuple and no struct: stored messages tell it from a number by its being an array.
    channel: str
    scope: str
    id: str

    @property
    def written(self) -> str:
        """The whole address as text: `line:<scope>:<id>`."""
        return f"{self.channel}:{self.scope}:{self.id}"

    @property
    def masked(self) -> str:
        """The user as people may see it: the channel and the last two characters, as `line:…9f`."""
        return f"{self.channel}:…{self.id[-2:] if len(self.id) >= _SHOWN_FROM else ''}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"ChannelUser({self.masked})"

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Show `rich`, which asks tuples for their items, the masked user too."""
        return [("masked", self.masked)]


Address: TypeAlias = Msisdn | ChannelUser


def channel_user(channel: str, scope: str, identifier: str) -> ChannelUser | None:
    """Return the user of these parts, or None if they can be none.

    A channel is up to 16 lower-case ASCII letters, digits and underscores, and begins with a letter. Scope and id may
    be any text within their limits, without control characters and halves of surrogate pairs; the scope has no colon.
    """
    if not (_CHANNEL.fullmatch(channel) and len(scope) <= SCOPE_LIMIT and 0 < len(identifier) <= ID_LIMIT):
        return None
    if ":" in scope or _UNFIT.search(scope + identifier):
        return None
    return ChannelUser(channel, scope, identifier)


_CHANNEL: Final = re.compile("[a-z][a-z0-9_]{0,15}")
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def whole(address: Address) -> str:
    """Return an address in full, for those who may see it."""
    return address.e164 if isinstance(address, Msisdn) else address.written


def identifier_of(address: Address) -> str:
    """Return what the carrier of the channel knows the recipient by: digits, or the user's id."""
    return address.digits if isinstance(address, Msisdn) else address.id


def key_of(address: Address) -> int:
    """Return the integer by which stores find an address: the digits of a number, or a negative hash of a user.

    The hash has 62 bits: among a billion users two share one with a chance of one in ten.
    """
    if isinstance(address, Msisdn):
        return int(address.digits)
    digest = hashlib.blake2b(address.written.encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest) >> 2)
