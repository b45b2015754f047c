"""A short link, and the events of its use."""

import msgspec

from tellwire.gateway.contract.drafts import CallbackStyle, Variable
from tellwire.gateway.contract.happenings import HappeningKind


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell about the message `seq`: to `url` without credentials, or (None) to the webhook there is."""

    seq: int
    account: str
    subaccount: str
    kind: HappeningKind
    at_ms: int
    body: str
    style: CallbackStyle = "8x8"
    url: str | None = None


class NewLink(msgspec.Struct, frozen=True, array_like=True):
    """One short link as the store inserts it; the order of the fields is that of the store's statement.

    It leads to `target`, or to the form of `survey`. `url` is what stands in the text of the message `umid`.
    """

    slug: str
    umid: str
    url: str
    target: str
    survey: str | None
    variables: tuple[Variable, ...]
    expires_ms: int


class Owner(msgspec.Struct, frozen=True, array_like=True):
    """The message that a link came with, as far as posts about the link need it."""

    seq: int
    account: str
    subaccount: str
    destination: str
    client_id: str | None
    style: CallbackStyle
    callback_url: str | None


class Link(NewLink, frozen=True, array_like=True):
    """A short link as it was made, and what became of it. `owner` None: its message is gone already."""

    opened_ms: int | None
    answered_ms: int | None
    owner: Owner | None


class Clicked(msgspec.Struct, frozen=True, kw_only=True):
    """A click on the link `slug`, and whom to tell of it."""

    slug: str
    happenings: list[Happening]
