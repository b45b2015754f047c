"""Which servers keep their connections: to others each request goes on one of its own. No I/O.

Some servers close a connection right after an answer without saying so. A request that is written just then is lost,
and nobody knows whether it was taken; so nothing is used again before it was seen to be kept:

    doubted --a connection stood idle for long enough--> proven --closed by the server--> doubted
                                                           +--and a request was lost on it--> doubted for longer
"""

from collections import OrderedDict
from typing import Final

from tellwire.kernel.http.request import Origin

# How long one connection has to stand idle, by how many requests were lost: servers that close at once do it within
# some 10 ms, slower ones have had two chances then, and 4 s (`http_connection.IDLE_S`) is never reached.
PROOFS_S: Final = (0.25, 1.0, 4.0)
FORGIVEN_S: Final = 3600.0  # after that long without a loss it was a restart of the server, and not its habit
ORIGINS_LIMIT: Final = 1024  # remembered at a time


class _Known:
    """Observations of one origin."""

    def __init__(self) -> None:
        self.is_proven = False
        self.losses = 0
        self.lost_at = 0.0


class Reuse:
    """Observations of each origin; moments are those of a clock that never goes back."""

    def __init__(self, proofs_s: tuple[float, ...] = PROOFS_S) -> None:
        self._proofs_s = proofs_s
        self._known: OrderedDict[Origin, _Known] = OrderedDict()

    def is_proven(self, origin: Origin) -> bool:
        """Say whether connections to this origin may be used again at once."""
        known = self._known.get(origin)
        return known is not None and known.is_proven

    def may_use(self, origin: Origin, idle_s: float, now: float) -> bool:
        """Say whether a connection that has stood idle for that long may be used again: if so, others may too."""
        known = self._of(origin)
        if not known.is_proven:
            losses = known.losses if now - known.lost_at <= FORGIVEN_S else 0
            known.is_proven = idle_s >= self._proofs_s[min(losses, len(self._proofs_s) - 1)]
        return known.is_proven

    def note_closed(self, origin: Origin, now: float, *, was_asked: bool) -> None:
        """Note that the server closed a kept connection: an idle one, or one with a request that is lost now.

        Those that are lost together with the first are the same loss.
        """
        known = self._of(origin)
        if was_asked and known.is_proven:
            known.losses = known.losses + 1 if now - known.lost_at <= FORGIVEN_S else 1
            known.lost_at = now
        known.is_proven = False

    def _of(self, origin: Origin) -> _Known:
        known = self._known.setdefault(origin, _Known())
        self._known.move_to_end(origin)
        while len(self._known) > ORIGINS_LIMIT:
            self._known.popitem(last=False)
        return known
