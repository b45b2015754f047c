"""The references that join a long text's parts on the handset: none twice for one recipient within minutes. Pure.

A message keeps its reference when some of its parts go again, so it starts from the message's own number; only where
that meets another message's reference to the same recipient (one in 256 does, with 8 bits) is it moved on.
"""

from collections import OrderedDict
from typing import Final

RECIPIENTS_LIMIT: Final = 20_000  # the memory: some 10 MB, and minutes of long texts at a hundred a second
RECENT: Final = 8  # long texts to one recipient that have different references
_SPAN: Final = 256  # what the narrowest header carries


class References:
    """The references of recent long texts, by recipient."""

    def __init__(self) -> None:
        self._recent: OrderedDict[str, dict[int, int]] = OrderedDict()

    def of(self, destination: str, message: int) -> int:
        """Return the reference of a message (by number) to a recipient, the same however often it is asked for."""
        recent = self._recent.setdefault(destination, {})
        self._recent.move_to_end(destination)
        if message not in recent:
            recent[message] = _free(message, recent)
            if len(recent) > RECENT:
                del recent[next(iter(recent))]
        if len(self._recent) > RECIPIENTS_LIMIT:
            self._recent.popitem(last=False)
        return recent[message]


def _free(message: int, recent: dict[int, int]) -> int:
    used = {reference % _SPAN for reference in recent.values()}
    reference = message
    while reference % _SPAN in used:
        reference += 1
    return reference
