"""Sums of what was recorded, kept in the transactions that record it, so that a funnel costs no scan."""

from collections import Counter
from typing import Literal, TypeAlias

import apsw

from tellwire.platform.backends.embedded.codec import encode
from tellwire.platform.model.campaign import CampaignId

# status: messages that stand there now. sent: messages a provider or network is known, or assumed, to have had.
# skip, error: by code. parts: of all messages.
Kind: TypeAlias = Literal["status", "sent", "skip", "error", "parts"]

_ADD = """
INSERT INTO counter (campaign_id, kind, name, value)
SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET value = value + excluded.value
"""


class Tally:
    """What one transaction adds to the counters."""

    def __init__(self) -> None:
        self._sums: Counter[tuple[CampaignId, Kind, str]] = Counter()

    def add(self, campaign_id: CampaignId, kind: Kind, name: str, amount: int = 1) -> None:
        """Add `amount`, which may be negative."""
        self._sums[campaign_id, kind, name] += amount

    def write(self, connection: apsw.Connection) -> None:
        """Add all of it to the counters."""
        rows = [(*key, amount) for key, amount in self._sums.items() if amount]
        if rows:
            connection.execute(_ADD, (encode(rows),))
