"""Numbers of sends: the ids of messages hold them, so a send keeps its own over all versions of its campaign. Pure."""

from collections.abc import Sequence

import msgspec

from tellwire.platform.language.each_send import each_send
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.step import SendStep, Step, sends_of


def last_number(campaign: Campaign) -> int:
    """Return the highest number that a send of this campaign ever had."""
    return max((campaign.last_number, *(send.number for send in sends_of(campaign.steps))))


def renumbered(steps: Sequence[Step], known: Campaign) -> tuple[Step, ...]:
    """Return the steps with the numbers that sends of the same ids had; new ones get numbers that none ever had."""
    return each_send(steps, _Numbers(known).numbered)


class _Numbers:
    def __init__(self, known: Campaign) -> None:
        self._known = {send.id: send.number for send in sends_of(known.steps)}
        self._last = last_number(known)

    def numbered(self, send: SendStep) -> SendStep:
        """Return the send with its number."""
        return msgspec.structs.replace(send, number=self._number(send.id))

    def _number(self, identifier: str) -> int:
        known = self._known.get(identifier)
        if known is None:
            self._last += 1
            known = self._known[identifier] = self._last
        return known
