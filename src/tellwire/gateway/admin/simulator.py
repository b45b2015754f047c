"""The endpoint of the simulated carrier: its magic numbers, its handsets, its behaviour."""

from tellwire.gateway.admin.endpoint import Ask
from tellwire.gateway.admin.privacy import shown_number
from tellwire.gateway.simulator.behaviour import Behaviour
from tellwire.gateway.simulator.fates import MAGIC
from tellwire.gateway.simulator.handsets import Handsets


class SimulatorPage:
    """The simulated carrier as people try things with it."""

    def __init__(self, handsets: Handsets, behaviour: Behaviour | None) -> None:
        self._handsets = handsets
        self._behaviour = behaviour

    async def show(self, ask: Ask) -> object:
        """`GET /admin/api/simulator`: what was tried out may have gone to numbers of people, so viewers see no more."""
        return {
            "is_private": not ask.sees_private,
            "is_running": self._behaviour is not None,
            "magic": [{"number": f"+{digits}", "fate": magic.sentence} for digits, magic in MAGIC.items()],
            "handsets": [
                {
                    "number": shown_number(handset.number.digits, is_full=ask.sees_private),
                    "is_on": handset.is_on,
                    "is_full": handset.is_full,
                    "texts": len(handset.messages),
                    "last_at": handset.messages[-1].received_at if handset.messages else None,
                }
                for handset in self._handsets
            ][:100],
            "behaviour": self._behaviour,
        }
