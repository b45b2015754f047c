"""The traces of what was refused: the last few of each, for people who look for what is missing."""

from collections.abc import Sequence
from typing import Final, Protocol

from tellwire.platform.model.refused import RefusedCallback, RefusedRecord

RECORDS_LIMIT: Final = 1_000  # kept for the account: as many as one upload may have
CALLBACKS_LIMIT: Final = 100  # kept for each provider


class Refusals(Protocol):
    """Bounded: the oldest go when more than the limits are noted. Nothing depends on a trace but what is shown."""

    async def note_records(self, records: Sequence[RefusedRecord]) -> None:
        """Keep these refused records of one upload."""
        ...

    async def note_callback(self, callback: RefusedCallback) -> None:
        """Keep this refused callback."""
        ...
