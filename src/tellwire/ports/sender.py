"""Hands messages to one provider."""

from collections.abc import Sequence
from typing import Protocol

from tellwire.kernel.failure import Outcome
from tellwire.model.message import Message
from tellwire.model.provider import Provider


class Sender(Protocol):
    """One outcome a message, in order; never raises for what a provider can do (it is an outcome then)."""

    async def send(self, provider: Provider, messages: Sequence[Message]) -> list[Outcome]:
        """Hand over these messages in one request: one message, or a batch of at most `provider.batch.size`."""
        ...
