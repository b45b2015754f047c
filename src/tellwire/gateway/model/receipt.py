"""A carrier's receipt for one part, and the one standing of several parts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.kernel.status import FAILURES, Standing, rank

# Later receipts produce no webhook (8x8 contract 2.9).
RECEIPT_WAIT: Final = timedelta(hours=48)


class CarrierReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier's word on one part: the id that it gave the part, where that stands, and when it came to us.

    `mcc` and `mnc` name the handset's network in digits, empty when the carrier does not tell it. `numbers` are those
    that it names (`matching`). `siblings` are the other carriers whose parts it may mean: other binds of one login.
    `is_of_message` makes it the word on every part of the message. `carrier_error` is the carrier's own, where no table
    says what it means.
    """

    carrier: str
    reference: str
    standing: Standing
    error_code: int
    at: datetime
    received: datetime
    mcc: str = ""
    mnc: str = ""
    numbers: str = ""
    siblings: tuple[str, ...] = ()
    is_of_message: bool = False
    carrier_error: str = ""


class Recorded(msgspec.Struct, frozen=True):
    """The effect of a receipt: the callback lanes that got something to do.

    `delay_s` is how long after the hand-over the first word on a part came; None for a later word, for one whose part
    is not known yet, and once the fate of the part's message is known otherwise.
    """

    callback_lanes: frozenset[str]
    delay_s: float | None = None


def fold(parts: Sequence[Standing], *, is_whole: bool) -> Standing | None:
    """Return the one standing of a message whose known parts stand like this, None while there is nothing to say.

    One part that failed fails the message at once, since its text can no longer be whole. Anything better is
    reached only when all parts have reached it, and `is_whole` says that these are all: the message is where its
    slowest part is.
    """
    for standing in parts:
        if standing.status in FAILURES:
            return standing
    return min(parts, key=rank, default=None) if is_whole else None
