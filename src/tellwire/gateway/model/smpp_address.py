"""Where receipts and texts for an SMPP customer go, as a URL beside those of webhooks.

    smpp://acme?source=5.0&destination=1.1&of=3&only=failures

`source` and `destination` are type of number and numbering plan as the customer wrote them in submit_sm: receipts
carry them back. `of` says in how many parts the customer submitted the text, `only` that it wants to hear of failures
and of nothing else.
"""

from typing import Final, TypeAlias
from urllib.parse import parse_qsl, quote, unquote

import msgspec

SCHEME: Final = "smpp"
TonNpi: TypeAlias = tuple[int, int]
_SOURCE: Final = (0, 0)
_DESTINATION: Final = (1, 1)


class SmppAddress(msgspec.Struct, frozen=True, kw_only=True):
    """A customer, and what the receipts of one message repeat of its submit_sm."""

    system_id: str
    source: TonNpi = _SOURCE
    destination: TonNpi = _DESTINATION
    of: int = 1
    only_failures: bool = False


def write_address(address: SmppAddress) -> str:
    """Return the URL; what is usual is left out."""
    pairs = []
    if address.source != _SOURCE:
        pairs.append(f"source={address.source[0]}.{address.source[1]}")
    if address.destination != _DESTINATION:
        pairs.append(f"destination={address.destination[0]}.{address.destination[1]}")
    if address.of != 1:
        pairs.append(f"of={address.of}")
    if address.only_failures:
        pairs.append("only=failures")
    query = "&".join(pairs)
    return f"{SCHEME}://{quote(address.system_id, safe='')}{'?' if query else ''}{query}"


def read_address(url: str) -> SmppAddress:
    """Return what `write_address` was given; `ValueError` for another URL."""
    head, _, query = url.partition("?")
    pairs = dict(parse_qsl(query))
    return SmppAddress(
        system_id=unquote(head.removeprefix(f"{SCHEME}://")),
        source=_ton_npi(pairs.get("source"), _SOURCE),
        destination=_ton_npi(pairs.get("destination"), _DESTINATION),
        of=int(pairs.get("of", "1")),
        only_failures=pairs.get("only") == "failures",
    )


def _ton_npi(text: str | None, usual: TonNpi) -> TonNpi:
    if text is None:
        return usual
    ton, npi = text.split(".")
    return int(ton), int(npi)
