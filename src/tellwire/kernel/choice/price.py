"""What one part to a network costs."""

from typing import Literal

import msgspec


class Price(msgspec.Struct, frozen=True, array_like=True):
    """What one part to (or from) numbers that begin with `prefix` costs, in millionths."""

    direction: Literal["outbound", "inbound"]
    prefix: str
    country: str
    country_name: str
    operator: str
    mcc: str
    mnc: str
    part_micro: int
