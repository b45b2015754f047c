"""An operator's decisions about a carrier."""

import msgspec


class ClosedCarrier(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier that an operator has disconnected, and that a restart leaves so."""

    carrier: str
