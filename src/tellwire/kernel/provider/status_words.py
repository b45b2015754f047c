"""Our words for a provider's statuses: a provider's description translates its own words into them. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

StatusWord: TypeAlias = Literal[
    "sent", "delivered_to_operator", "delivered", "undelivered", "rejected", "expired"
]

STANDINGS: Final[Mapping[StatusWord, Standing]] = MappingProxyType(
    {
        "sent": Standing(MessageStatus.SENT),
        "delivered_to_operator": Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR),
        "delivered": Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT),
        "undelivered": Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT),
        "rejected": Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR),
        "expired": Standing(MessageStatus.EXPIRED),
    }
)


def standings_of(words: Mapping[str, StatusWord]) -> dict[str, Standing]:
    """Return the standing of each word of a provider."""
    return {word: STANDINGS[meaning] for word, meaning in words.items()}
