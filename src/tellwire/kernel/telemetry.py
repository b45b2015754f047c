"""The log: one wide JSON line a unit of work or a batch of them; numbers to watch are in `metrics`.

Every event and key is declared here, and redaction happens before anything else sees a value: an undeclared key,
a key that names a secret, a run of digits that could be a phone number never get out.
"""

import re
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, TextIO, TypeAlias

import msgspec
import structlog

from tellwire.kernel.address import Msisdn

LogEvent: TypeAlias = Literal[
    "server.started",  # a port is open
    "server.stopped",
    "server.failed",  # a request met a bug of ours
    "loop.started",
    "loop.stopped",
    "loop.crashed",  # it is started again, unless it crashes too often
    "loop.in_trouble",  # it crashes too often: the process says that it is not ready
    "store.opened",
    "store.full",  # no room on the disk
    "store.forgot",  # rows that were old enough
    "history.made_anew",  # the copy of the past, and why
    "history.lost",  # it cannot be read any more; it is made anew
    "event.received",  # one batch of events is durable
    "event.refused",
    "event.decided",
    "profile.dropped",  # changes of properties that could not be made; one of each kind is named
    "call.failed",
    "account.saved",
    "campaign.saved",
    "campaign.stopped",
    "run.resent",
    "message.sent",
    "message.deferred",
    "message.failed",
    "message.unresolved",
    "message.received",  # MO
    "link.clicked",
    "person.erased",
    "message.answered",
    "suppressions.changed",
    "receipt.applied",
    "receipt.refused",
    "webhook.delivered",
    "webhook.deferred",
    "webhook.failed",
    "bind.up",
    "bind.down",
    "login.failed",
    "request.failed",  # a bug: the answer was 500
    "key.made",
    "key.revoked",
    "backup.made",
    "import.done",
    "list.saved",
    "list.changed",
]
Level: TypeAlias = Literal["debug", "info", "warning", "error"]

_KEYS: Final = """
    account attempt attempts bind bytes campaign campaign_id carrier channel code count country crashes
    decision decision_id duration_ms error event_id field handset host kind lag_ms loop message_id metric
    msisdn name outcome parts partition path pending port position profiles provider provider_id reason
    receipts refused retry_after_s route rows size status subaccount subaccount_id system version waited_ms
    webhook_id where wire
"""
KEYS: Final = frozenset(_KEYS.split())  # what a line may say; a value under any other key is not shown
SECRET_KEYS: Final = re.compile(
    r"text|body|secret|token|authori[sz]ation|passw|api_?key|cookie", re.IGNORECASE
)
VALUE_LIMIT: Final = 300
MASK: Final = "***"
_ID: Final = re.compile(r"[0-9a-f]{24,64}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Seven digits and more with what people write between them; shorter runs are ports, counts and codes.
_NUMBER: Final = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){6,}")
_NO_PERSONS_NUMBER: Final = re.compile(r"\w+_(ms|s)|bytes|count|host|pending|position|rows|size|version")


def configure(*, level: Level = "info", stream: TextIO | None = None, pretty: bool | None = None) -> None:
    """Send lines to `stream` (stderr): JSON, or coloured words when `pretty` or when it is a terminal."""
    out = stream or sys.stderr
    is_pretty = out.isatty() if pretty is None else pretty
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if is_pretty
        else structlog.processors.JSONRenderer(serializer=_to_json)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )


def log(event: LogEvent, level: Level = "info", **keys: object) -> None:
    """Write one line about one unit of work or one batch of them; values are redacted for every listener.

    An exception as a value becomes its type and place: its words may hold what must not be shown.
    """
    getattr(structlog.get_logger(), level)(event, **redacted(keys))


def redacted(keys: Mapping[str, object]) -> dict[str, object]:
    """Return what of `keys` may be shown."""
    return {key: _shown(key, value) for key, value in keys.items()}


def _shown(key: str, value: object) -> object:
    if isinstance(value, Msisdn):
        return value.masked
    if key not in KEYS or SECRET_KEYS.search(key):
        return MASK
    return _plain(value, may_be_number=_NO_PERSONS_NUMBER.fullmatch(key) is None)


def _plain(value: object, *, may_be_number: bool) -> object:
    match value:
        case None | bool() | float():
            return value
        case int():
            return MASK if may_be_number and abs(value) >= 10**6 else value
        case str():
            return _cut(value) if may_be_number else value[:VALUE_LIMIT]
        case datetime():
            return value.isoformat()
        case BaseException():
            return _place(value)
        case _:
            return MASK


def _cut(text: str) -> str:
    return text if _ID.fullmatch(text) else _NUMBER.sub(MASK, text)[:VALUE_LIMIT]


def _place(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # a task group's own frames tell nothing
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    at = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {at}" if at else type(error).__name__


def _to_json(line: dict[str, object], **_: object) -> str:
    return msgspec.json.encode(line).decode()
