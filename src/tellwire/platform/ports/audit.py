"""The audit log, read. It is written by what changes something, in the transaction of the change."""

from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.platform.model.audit import AuditKind, AuditLine


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are asked for: all that fit every field that is set. `since` is included, `until` is not."""

    kind: AuditKind | None = None
    object_id: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditLog(Protocol):
    """What was changed, by whom and when.

    A line never changes once its change is whole; lines are kept as long as events are (`Retention.forget_audit`).
    """

    async def lines(self, query: AuditQuery, limit: int, before: int | None = None) -> list[AuditLine]:
        """Return lines, the newest first; `before` is the `seq` to go on from."""
        ...
