"""What moves a message, in one place for the outbox (settled claims) and the ledger (receipts).

Rows are fetched in one statement, moved in memory by `kernel.status.advance`, and written back in one statement a
table, with a timeline row for each step and the counters: so counters equal what was recorded.
"""

from collections.abc import Iterable
from datetime import datetime

import apsw
import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import FAILURES, MessageStatus, Standing, StatusDetail, advance
from tellwire.platform.backends.embedded.campaign_hours import CampaignHoursTally
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.embedded.counters import Tally
from tellwire.platform.backends.embedded.traffic import TrafficTally
from tellwire.platform.model.campaign import CampaignId


class Row(msgspec.Struct, array_like=True):
    """Where one message stands. `attempt` is that of its claim, or None if it is not claimed."""

    seq: int
    id: str
    campaign_id: CampaignId
    provider_id: str
    created_ms: int
    status: MessageStatus
    detail: StatusDetail | None
    error_code: str
    description: str
    updated_ms: int
    attempt: int | None

    @property
    def standing(self) -> Standing:
        """Status and detail as one point of the lattice."""
        return Standing(self.status, self.detail)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a message, for its timeline and perhaps for its standing."""

    at: datetime
    standing: Standing
    what: str
    code: str = ""
    description: str = ""
    answer: str = ""


_FETCH = """
SELECT json_group_array(json_array(
  m.seq, m.id, m.campaign_id, m.provider_id, m.created_ms,
  s.status, s.detail, s.error_code, s.description, s.updated_ms, c.attempt))
FROM json_each(?) AS given CROSS JOIN message AS m ON m.id = given.value CROSS JOIN standing AS s ON s.message = m.seq
LEFT JOIN claim AS c ON c.message = m.seq
"""
_STEPS = """
INSERT INTO timeline (message, at_ms, status, detail, what, code, description, answer)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7 FROM json_each(?)
"""
_STAND = """
UPDATE standing SET status = v.value->>1, detail = v.value->>2, error_code = v.value->>3,
  description = v.value->>4, updated_ms = v.value->>5
FROM json_each(?) AS v WHERE standing.message = v.value->>0
"""
_ROWS = decoder(list[Row])


class Moves:
    """The moves of one transaction."""

    def __init__(self, connection: apsw.Connection, message_ids: Iterable[str]) -> None:
        self._connection = connection
        found = connection.execute(_FETCH, (encode(sorted(set(message_ids))),)).get
        self._rows = {row.id: row for row in _ROWS.decode(found)}
        self._moved: dict[int, Row] = {}
        self._steps: list[tuple[int | str | None, ...]] = []
        self._tally = Tally()
        self.hours = CampaignHoursTally()
        self.traffic = TrafficTally()

    def row(self, message_id: str) -> Row | None:
        """Return where a message stands after the moves so far, or None if nobody sent it."""
        return self._rows.get(message_id)

    def reach(self, row: Row, step: Step, *, was_handed_over: bool) -> bool:
        """Move the message to the step's standing unless that is no step forward; say whether it moved.

        `was_handed_over`: the step proves, or lets us assume, that a provider has had the message.
        """
        before, after = row.standing, advance(row.standing, step.standing)
        if after == before:
            return False
        self._count(row, after, step.code, was_handed_over=was_handed_over)
        row.status, row.detail = after.status, after.detail
        row.error_code, row.description = step.code, step.description
        row.updated_ms = max(row.updated_ms, to_ms(step.at))
        self._moved[row.seq] = row
        return True

    def note(self, row: Row, step: Step) -> None:
        """Put the step on the message's timeline."""
        status, detail = step.standing.status, step.standing.detail
        self._steps.append(
            (row.seq, to_ms(step.at), status, detail, step.what, step.code, step.description, step.answer)
        )

    def write(self) -> None:
        """Write all of it."""
        if self._steps:
            self._connection.execute(_STEPS, (encode(self._steps),))
        if self._moved:
            self._connection.execute(_STAND, (encode([_columns(row) for row in self._moved.values()]),))
        self._tally.write(self._connection)
        self.hours.write(self._connection)
        self.traffic.write(self._connection)

    def _count(self, row: Row, after: Standing, code: str, *, was_handed_over: bool) -> None:
        self.traffic.add(row.provider_id, row.created_ms, row.status, -1)
        self.traffic.add(row.provider_id, row.created_ms, after.status)
        self.hours.add(row.campaign_id, row.created_ms, row.status, -1)
        self.hours.add(row.campaign_id, row.created_ms, after.status)
        self._tally.add(row.campaign_id, "status", row.status, -1)
        self._tally.add(row.campaign_id, "status", after.status)
        if was_handed_over and row.status is MessageStatus.QUEUED:
            self._tally.add(row.campaign_id, "sent", "")
            self.traffic.add(row.provider_id, row.created_ms, "taken")
            self.hours.add(row.campaign_id, row.created_ms, "taken")
        if after.status in FAILURES:
            self._tally.add(row.campaign_id, "error", code or after.status)


def _columns(row: Row) -> tuple[int | str | None, ...]:
    return (row.seq, row.status, row.detail, row.error_code, row.description, row.updated_ms)
