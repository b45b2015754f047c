"""The addresses that people bind keys and logins to."""

from ipaddress import ip_address
from typing import Final

ADDRESSES: Final = 100  # of one key or login; each request looks through them


def flaw_of_addresses(addresses: list[str]) -> str:
    """Return what to say of the first text that is no IP address, nothing when all are."""
    for address in addresses:
        try:
            ip_address(address)
        except ValueError:
            return f"{address} is no IP address. Write one a line, such as 203.0.113.7."
    return ""
