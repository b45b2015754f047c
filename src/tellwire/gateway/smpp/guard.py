"""How often an address may try to bind before its password is even looked at: a hash takes a core some 20 ms. Pure.

    FREE failures --> blocked for a second --one more--> blocked for two ... LONGEST_S

An address is a place and not a customer: who has bound from it before has a count of their own there, and the
failures of others beside them (behind one router) cost them nothing. Other addresses never share a count. The tries
of one address come one by one (the caller sees to that), so that 300 at once are not 300 hashes. `now_s` is a
monotonic clock's.
"""

import ipaddress
from collections import OrderedDict
from typing import Final, TypeVar

import msgspec

FREE: Final = 5
FIRST_S: Final = 1.0
LONGEST_S: Final = 300.0
QUIET_S: Final = 3600.0  # failures are forgotten after so long without another
# Each some 300 octets. What failed longest ago goes first; a place that is forgotten may fail `FREE` times again.
PLACES_LIMIT: Final = 10_000

T = TypeVar("T")


class _Failures(msgspec.Struct, frozen=True):
    count: int
    at_s: float


class BindGuard:
    """Failed binds by address, and the logins that bound from each."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._trusted: OrderedDict[str, None] = OrderedDict()

    def is_blocked(self, address: str, login: str, now_s: float) -> bool:
        """Say whether a try is to be refused unseen."""
        failures = self._failures.get(self._place(address, login))
        return failures is not None and now_s < failures.at_s + _block_s(failures.count)

    def note(self, address: str, login: str, now_s: float, *, is_right: bool) -> None:
        """Note what became of a try that was looked at.

        A right one takes back no failure: a login of one's own must not buy tries at those of others.
        """
        place = self._place(address, login)
        if is_right:
            _keep(self._trusted, _pair(address, login), None)
            return
        before = self._failures.get(place)
        is_new = before is None or now_s - before.at_s > QUIET_S
        _keep(self._failures, place, _Failures(1 if before is None or is_new else before.count + 1, now_s))

    def _place(self, address: str, login: str) -> str:
        pair = _pair(address, login)
        return pair if pair in self._trusted else network_of(address)


def network_of(address: str) -> str:
    """Return an address, of IPv6 the network that one subscriber has (/64)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def _block_s(failures: int) -> float:
    return 0.0 if failures < FREE else min(LONGEST_S, FIRST_S * 2.0 ** min(failures - FREE, 16))


def _pair(address: str, login: str) -> str:
    return f"{network_of(address)} {login}"


def _keep(places: OrderedDict[str, T], place: str, value: T) -> None:
    places[place] = value
    places.move_to_end(place)
    if len(places) > PLACES_LIMIT:
        places.popitem(last=False)
