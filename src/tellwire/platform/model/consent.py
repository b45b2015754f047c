"""What people allowed and forbade: who asked for it, when and how, and what it changed.

The ledger of it is only ever appended to: it is what one shows to whoever asks why a number is written to, or is not.
"""

from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.event import Subject
from tellwire.platform.model.value import Value, fold

# A number that must not be written to, whoever has it; or a flag of one profile, by its name as CleverTap has it.
ConsentWhat: TypeAlias = Literal[
    "suppression",
    "MSG-sms",
    "MSG-email",
    "MSG-push",
    "MSG-whatsapp",
    "MSG-dndPhone",
    "MSG-dndEmail",
    "MSG-dndWhatsApp",
]
# "profile": a record of an upload; "reply": a text of the person; "subscribe": CleverTap's API of that name; "api" and
# "page": a person or program of the account; "import": a line of a file; "expiry": the time of a suppression is over;
# "campaign": a step that sets a property.
ConsentSource: TypeAlias = Literal[
    "profile", "reply", "api", "subscribe", "page", "import", "expiry", "campaign"
]

FLAGS: Final[dict[str, ConsentWhat]] = {
    fold(name): name
    for name in (
        "MSG-sms",
        "MSG-email",
        "MSG-push",
        "MSG-whatsapp",
        "MSG-dndPhone",
        "MSG-dndEmail",
        "MSG-dndWhatsApp",
    )
}
TEXT_KEPT: Final = 512  # characters of what somebody asked for, as of an incoming text (CleverTap contract 2)
REASON_LIMIT: Final = 200  # characters of why somebody suppressed a number


class ConsentRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By what a change was asked for: the same request makes one line of the ledger, however often it comes.

    `key` is of the event, record or call that asked, and empty for one that has none. `text` is what the person wrote,
    `message_id` the message that it answers, `subject` whom it was heard from. `by` and `reason` are of people of the
    account: who did it, and why.
    """

    key: str = ""
    text: str = ""
    message_id: str = ""
    subject: Subject | None = None
    by: str = ""
    reason: str = ""

    def __repr__(self) -> str:
        """Show nothing that a person wrote."""
        return f"ConsentRequest({self.key})"


NO_REQUEST: Final = ConsentRequest()


class ConsentChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change of what is allowed, as the ledger keeps it.

    Of a number `address` says which, and `before` and `after` whether it was suppressed; None before: nothing stood.
    Of a flag `profile_id` says whose, and `before` and `after` are the flag as written, None for absent. `at` is when
    it was asked for, which may be earlier than when it came.
    """

    what: ConsentWhat
    source: ConsentSource
    at: datetime
    before: Value = None
    after: Value = None
    address: Address | None = None
    profile_id: str = ""
    request: ConsentRequest = NO_REQUEST


class ConsentLine(msgspec.Struct, frozen=True):
    """A line of the ledger: its place, and the change. Places only grow."""

    seq: int
    change: ConsentChange


def is_flag(name: str) -> bool:
    """Say whether a property is one by which people allow and forbid."""
    return fold(name) in FLAGS
