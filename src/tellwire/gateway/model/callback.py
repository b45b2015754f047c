"""A report that is due to a customer, and what became of a try to bring it."""

from datetime import datetime
from typing import TypeAlias

import msgspec

from tellwire.gateway.contract.drafts import CallbackStyle
from tellwire.gateway.contract.happenings import HappeningReport
from tellwire.gateway.contract.receipts import InboundReport, MessageReport

Report: TypeAlias = MessageReport | InboundReport | HappeningReport


class DueCallback(msgspec.Struct, frozen=True, kw_only=True):
    """One callback to post now; `attempts` were made before, `webhook` names the credentials (None: the URL's own)."""

    id: int
    url: str
    style: CallbackStyle
    webhook: int | None
    attempts: int
    report: Report


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one try at a moment: `retry_at` None means that it is over, delivered or given up.

    `status` is the receiver's answer, None when there was none; `reason` says in words what failed. One that is not
    `is_logged` is one more like the last.
    """

    id: int
    at: datetime
    status: int | None = None
    reason: str = ""
    retry_at: datetime | None = None
    is_logged: bool = True


class LoggedTry(msgspec.Struct, frozen=True, array_like=True):
    """A try as the settling handler logs it."""

    callback: int
    at_ms: int
    status: int | None
    reason: str
    is_over: bool
