"""The simulated carrier's post: receipts and replies on their way to the binds that receive.

What nobody can take waits; what was refused or never answered comes again; what exceeds a limit is dropped and
counted, as a real carrier's would be.
"""

import asyncio
from collections import deque
from collections.abc import Mapping

import msgspec

from tellwire.gateway.smpp.pdu import DeliverSm
from tellwire.gateway.smpp.states import Answered, Event, Unanswered, Unsent
from tellwire.gateway.smpp.wire import Wire

WAITING = 100_000  # receipts and replies that wait for a bind
TRIES = 10
RETRY_S = 1.0


class Counters(msgspec.Struct):
    """Counts since the start."""

    submits: int = 0
    throttled: int = 0
    refused: int = 0
    shown: int = 0
    receipts: int = 0
    replies: int = 0
    delivers_refused: int = 0
    dropped: int = 0
    disconnects: int = 0


class _Letter(msgspec.Struct):
    """A deliver_sm on its way; an empty `system_id` means that any bind will do."""

    message: DeliverSm
    system_id: str
    tries: int = 0


class Post:
    """Letters to the binds of `wires`, which says who each is bound as."""

    def __init__(self, wires: Mapping[Wire, str], counters: Counters) -> None:
        self._wires = wires
        self._counters = counters
        self._letters: deque[_Letter] = deque()

    def send(self, message: DeliverSm, system_id: str = "") -> None:
        """Send one deliver_sm to a bind of `system_id`, or to any."""
        self._post(_Letter(message, system_id))

    def take(self, events: list[Event]) -> None:
        """Take what became of letters: refused, unanswered and unsent ones come again."""
        for event in events:
            letter = getattr(event, "token", None)
            if not isinstance(letter, _Letter):
                continue
            if isinstance(event, Answered) and event.status:
                self._counters.delivers_refused += 1
                self._send_again(letter)
            elif isinstance(event, Unanswered | Unsent):
                self._send_again(letter)
        self.pump()

    def pump(self) -> None:
        """Hand waiting letters to binds that can take them."""
        now_s = asyncio.get_running_loop().time()
        while self._letters:
            wire = self._receiver(self._letters[0].system_id)
            if wire is None:
                return
            letter = self._letters.popleft()
            wire.session.request(letter.message, letter, now_s)
            wire.flush_soon()

    def _post(self, letter: _Letter) -> None:
        if len(self._letters) >= WAITING:
            self._letters.popleft()
            self._counters.dropped += 1
        self._letters.append(letter)
        self.pump()

    def _receiver(self, system_id: str) -> Wire | None:
        """A bind of the ESME that sent the message, or for a reply any; the one with the most room."""
        able = [
            wire for wire, bound_as in self._wires.items()
            if wire.is_writable and wire.session.free and (not system_id or bound_as == system_id)
        ]  # fmt: skip
        return max(able, key=lambda wire: wire.session.free, default=None)

    def _send_again(self, letter: _Letter) -> None:
        letter.tries += 1
        if letter.tries < TRIES:
            asyncio.get_running_loop().call_later(RETRY_S, self._post, letter)
        else:
            self._counters.dropped += 1
