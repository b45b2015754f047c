"""The price of a part: that of the longest prefix that a number begins with. Pure."""

from collections.abc import Iterable, Mapping

from tellwire.kernel.choice.price import Price
from tellwire.kernel.choice.routing import UNKNOWN_NETWORK, Network


class Tariff:
    """An account's prices, ready to be asked for every message."""

    def __init__(self, prices: Iterable[Price]) -> None:
        self.prices = tuple(prices)
        self._parts: Mapping[str, int] = {
            price.prefix: price.part_micro for price in self.prices if price.direction == "outbound"
        }
        self._networks: Mapping[str, Network] = {
            price.prefix: Network(price.mcc, price.mnc) for price in self.prices if price.mcc
        }
        self._longest = max((len(prefix) for prefix in self._parts), default=0)
        self.network_digits = max((len(prefix) for prefix in self._networks), default=0)

    def part_micro(self, destination: str) -> int:
        """Return what one part to `destination` (digits) costs in millionths; 0 where there is no price."""
        for length in range(min(self._longest, len(destination)), -1, -1):
            price = self._parts.get(destination[:length])
            if price is not None:
                return price
        return 0

    def network(self, destination: str) -> Network:
        """Return the network that the longest priced prefix names, as far as a prefix can tell."""
        if not self._networks:
            return UNKNOWN_NETWORK
        for length in range(len(destination), 0, -1):
            network = self._networks.get(destination[:length])
            if network is not None:
                return network
        return UNKNOWN_NETWORK
