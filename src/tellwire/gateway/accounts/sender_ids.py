"""Which sender IDs a subaccount may use, and towards which numbers (8x8 contract 7.1). Pure."""

from collections.abc import Iterable

from tellwire.gateway.model.number import AllowedSender


class SenderRules:
    """All allowed senders; a subaccount that has none registered may use any."""

    def __init__(self, senders: Iterable[AllowedSender]) -> None:
        self._allowed: dict[str, dict[str, tuple[str, ...]]] = {}
        for sender in senders:
            self._allowed.setdefault(sender.subaccount, {})[sender.source.casefold()] = sender.prefixes

    def may_send(self, subaccount: str, source: str, destination: str) -> bool:
        """Say whether a subaccount's message may carry `source` to `destination` (digits)."""
        allowed = self._allowed.get(subaccount)
        if allowed is None:
            return True
        prefixes = allowed.get(source.casefold())
        return prefixes is not None and (not prefixes or destination.startswith(prefixes))
