"""Hands messages to one provider."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from tellwire.kernel.failure import Outcome, Refused
from tellwire.platform.model.message import Message
from tellwire.platform.model.provider import Provider

# Which of these messages may still go. Asked right before each request leaves: a token or a batch before it may
# have taken long.
StillWanted: TypeAlias = Callable[[Sequence[Message]], Awaitable[Sequence[Message]]]
TAKEN_BACK = Refused("taken back before it went", "taken_back")


async def all_wanted(messages: Sequence[Message]) -> Sequence[Message]:
    """Let every message go."""
    return messages


class Sender(Protocol):
    """One outcome a message, in order; never raises for what a provider can do (it is an outcome then)."""

    async def send(
        self, provider: Provider, messages: Sequence[Message], still_wanted: StillWanted = all_wanted
    ) -> list[Outcome]:
        """Hand over these messages in one request: one message, or a batch of at most `provider.batch.size`.

        What is not `still_wanted` stays here, as `TAKEN_BACK`.
        """
        ...
