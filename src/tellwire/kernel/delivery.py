"""How many were delivered: of the messages that have an end, and no figure where no end can be known. Pure.

A share of all messages says less the younger they are, and 0 % where a provider sends no receipts is not true.
Both halves say it by this one definition.
"""

import msgspec


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """`delivered` of `ended`; `share` is None where nothing has ended, or where `has_receipts` is False.

    `has_receipts` is False when messages were handed over and no receipt of any came, True before that.
    """

    delivered: int
    ended: int
    share: float | None
    has_receipts: bool


def delivery_of(*, delivered: int, failed: int, on_the_way: int, heard_of: int) -> Delivery:
    """Return the delivery of messages of which `on_the_way` were handed over and have no end.

    `heard_of` is how many have an end by a receipt: what was refused when it was handed over has an end without one.
    """
    ended = delivered + failed
    has_receipts = heard_of > 0 or on_the_way == 0
    share = delivered / ended if ended and has_receipts else None
    return Delivery(delivered=delivered, ended=ended, share=share, has_receipts=has_receipts)
