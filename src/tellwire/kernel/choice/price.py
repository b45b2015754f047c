"""The price of one part to a network."""

from typing import Literal

import msgspec


class Price(msgspec.Struct, frozen=True, array_like=True):
    """The price of one part to (or from) numbers that begin with `prefix`, in millionths."""

    direction: Literal["outbound", "inbound"]
    prefix: str
    country: str
    country_name: str
    operator: str
    mcc: str
    mnc: str
    part_micro: int
