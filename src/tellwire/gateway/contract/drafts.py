"""The nouns between reading a body and taking its messages: a draft, a flaw, and the request they came in.

8x8 contract 2.2 and 2.3. How they are read is `sending`'s part, what becomes of them `submission`'s.
"""

from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.gateway.contract.errors import ApiError
from tellwire.kernel.sms import Encoding

CallbackStyle: TypeAlias = Literal["8x8", "clevertap", "webengage", "smpp", "smpp_failures"]

# Where in a text the link to a survey will stand: reading takes this character out of everything that comes.
LINK_PLACE: Final = "\0"


class Variable(msgspec.Struct, frozen=True, array_like=True):
    """A value that a survey was sent with; `is_shown` when its form may show it to the holder of the link."""

    name: str
    value: str
    is_shown: bool


class SurveyLink(msgspec.Struct, frozen=True, kw_only=True):
    """The survey that a text's `LINK_PLACE` will lead to; until `closes_at`, None for the usual time."""

    survey: str
    closes_at: datetime | None = None
    variables: tuple[Variable, ...] = ()


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One message as its sender wants it; `destination` is E.164 digits, `encoding` None means automatic.

    `written` is the destination as the sender wrote it, for a refusal.
    `source` is empty when the sender left it to the subaccount. `callback_url` overrides the subaccount's webhook
    and `style` says whose receipt form it expects. `client_ip` is the address of the sender's own customer.
    """

    destination: str
    text: str
    source: str = ""
    encoding: Encoding | None = None
    client_id: str | None = None
    scheduled: datetime | None = None
    expiry: datetime | None = None
    callback_url: str | None = None
    style: CallbackStyle = "8x8"
    tracked: bool = False
    client_ip: str | None = None
    written: str = ""
    survey: SurveyLink | None = None

    @property
    def client_ips(self) -> frozenset[str]:
        """The address of the customer, where one is named."""
        return frozenset() if self.client_ip is None else frozenset((self.client_ip,))


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """One message that cannot be accepted, and why; `destination` is what the sender wrote."""

    error: ApiError
    destination: str = ""
    client_id: str | None = None


class BatchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A batch as understood; `is_bare` when it came as one object without a list (8x8 contract 2.4)."""

    items: list[Draft | Flaw]
    client_batch_id: str | None = None
    client_ip: str | None = None
    wants_messages: bool = False
    is_bare: bool = False

    @property
    def client_ips(self) -> frozenset[str]:
        """The addresses of customers that the batch or any of its messages names."""
        own = (item.client_ip for item in self.items if isinstance(item, Draft))
        return frozenset(filter(None, (self.client_ip, *own)))

    @property
    def is_survey(self) -> bool:
        """Whether any of the texts has the place of a link to a survey."""
        return any(isinstance(item, Draft) and item.survey is not None for item in self.items)
