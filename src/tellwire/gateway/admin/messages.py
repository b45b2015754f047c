"""The endpoints of messages: search, one message, and the search's result as CSV."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any, Final

import msgspec

from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, Raw, is_number, wrong
from tellwire.gateway.admin.looking import look
from tellwire.gateway.admin.money import write_micro
from tellwire.gateway.admin.privacy import shown_id, shown_number, shown_url
from tellwire.gateway.contract.delivery_errors import sentence
from tellwire.gateway.store.reports import (
    NEWEST,
    CallbackTry,
    MessageRow,
    MessageWhole,
    Reports,
    Wanted,
)
from tellwire.kernel.address import msisdn_of_digits, parse_msisdn
from tellwire.kernel.clock import Clock, from_ms, to_ms
from tellwire.kernel.csv_lines import csv_line
from tellwire.kernel.sms import compose

PAGE: Final = 50
# The overview looks at 50,000 messages for what failed, however few of them did.
FAILURES_AMONG: Final = 10
CSV_ROWS: Final = 100_000
_FAILED: Final = ["undelivered", "rejected", "expired"]
_STATUSES: Final = {
    "queued": ["queued"],
    "sent": ["sent"],
    "delivered": ["delivered", "read"],
    "failed": _FAILED,
}
_NO_NUMBER: Final = "-"  # is in none
_LONGEST: Final = timedelta(days=3650)


class MessagesPage:
    """Messages as people look for them."""

    def __init__(self, reports: Reports, *, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    async def search(self, ask: Ask) -> object:
        """`GET /admin/api/messages?q&status&subaccount&carrier&hours&before`: newest first, `next` to go on."""
        before = ask.query.get("before", "")
        if before and not is_number(before):
            return wrong(before="This is no place in the list.")
        page = await look(
            partial(self._reports.search, _wanted(ask, self._clock)), int(before) if before else NEWEST, PAGE
        )
        return {
            "messages": [_listed(row, is_full=ask.sees_private) for row in page.rows],
            "next": None if page.next_seq is None else str(page.next_seq),
            "looked_at": page.looked_at,
            "reached": page.reached,
        }

    async def show(self, ask: Ask) -> object:
        """`GET /admin/api/messages/{umid}`: number and text in full for those who may see them."""
        message = await self._reports.message(ask.path["umid"])
        return UNKNOWN if message is None else _whole(message, is_private=not ask.sees_private)

    async def csv(self, ask: Ask) -> object:
        """`GET /admin/api/messages.csv`, with the search's own query: at most `CSV_ROWS` rows, never a text."""
        wanted = _wanted(ask, self._clock)
        name = f"messages-{self._clock.now():%Y%m%d-%H%M}.csv"
        return Raw(
            kind=b"text/csv; charset=utf-8", name=name, chunks=self._rows(wanted, is_full=ask.sees_private)
        )

    async def newest_failures(self, limit: int) -> list[dict[str, Any]]:
        """Return the newest messages that failed, of the newest `FAILURES_AMONG` chunks of messages."""
        failed = partial(self._reports.search, Wanted(statuses=_FAILED))
        page = await look(failed, NEWEST, limit, chunks=FAILURES_AMONG)
        return [_listed(row, is_full=False) for row in page.rows]

    async def _rows(self, wanted: Wanted, *, is_full: bool) -> AsyncIterator[bytes]:
        yield csv_line(_CSV_COLUMNS)
        place: int | None = NEWEST
        written = 0
        while place is not None and written < CSV_ROWS:
            page = await self._reports.search(wanted, place, min(1000, CSV_ROWS - written))
            place = page.next_seq
            written += len(page.rows)
            if page.rows:
                yield b"".join(csv_line(_csv_row(row, is_full=is_full)) for row in page.rows)


def _wanted(ask: Ask, clock: Clock) -> Wanted:
    words = ask.query.get("q", "").strip()[:128] or None
    digits = "" if words is None else digits_in(words)
    number = parse_msisdn(digits) if digits else None
    if digits and not ask.sees_private:
        digits = _NO_NUMBER  # piece by piece a masked number could be guessed; `number` finds a whole one
    since = hours_in(ask)
    return Wanted(
        words=words,
        digits=digits or None,
        number=None if number is None else number.digits,
        statuses=_STATUSES.get(ask.query.get("status", "")),
        subaccount=ask.query.get("subaccount") or None,
        carrier=ask.query.get("carrier") or None,
        since_ms=None if since is None else to_ms(clock.now() - since),
    )


def hours_in(ask: Ask) -> timedelta | None:
    """Return how far back the query wants to look, None without a bound."""
    hours = ask.query.get("hours", "")
    return min(timedelta(hours=int(hours)), _LONGEST) if hours.isdecimal() and len(hours) < 6 else None


def digits_in(words: str) -> str:
    """Return the digits of what can be a number or a part of one, else nothing."""
    bare = words.translate(str.maketrans("", "", "+ -()./"))
    return bare if bare.isascii() and bare.isdecimal() and 3 <= len(bare) <= 15 else ""


def error_words(code: int) -> str:
    """Return what an error code means, nothing for none."""
    return sentence(code) if code else ""


def _listed(row: MessageRow, *, is_full: bool) -> dict[str, Any]:
    """Return a message as lists show it: numbers masked for everybody."""
    return {
        "umid": row.umid,
        "created_at": from_ms(row.created_ms),
        "changed_at": from_ms(row.changed_ms),
        "subaccount": row.subaccount,
        "source": row.source,
        "to": shown_number(row.destination, is_full=False),
        "status": row.status,
        "detail": row.detail,
        "error_code": row.error,
        "error": error_words(row.error),
        "parts": row.parts,
        "carrier": row.carrier,
        "client_id": shown_id(row.client_id, is_full=is_full),
        "price": write_micro(row.price_micro),
        "currency": row.currency,
    }


def _whole(message: MessageWhole, *, is_private: bool) -> dict[str, Any]:
    row = message.row
    composition = compose(message.body, message.encoding)
    return {
        **_listed(row, is_full=not is_private),
        "to": shown_number(row.destination, is_full=not is_private),
        "country": msisdn_of_digits(row.destination).country if row.destination else None,
        "mcc": message.mcc or None,
        "mnc": message.mnc or None,
        "account": message.account,
        "batch": message.batch,
        "client_batch": shown_id(message.client_batch, is_full=not is_private),
        "is_private": is_private,
        "text": None if is_private else message.body,
        "encoding": message.encoding,
        "cut": [
            {"units": part.units, "text": None if is_private else part.text} for part in composition.parts
        ],
        "due_at": None if message.due_ms is None else from_ms(message.due_ms),
        "expires_at": from_ms(message.expiry_ms),
        "attempts": message.attempts,
        "callback_url": message.callback_url and shown_url(message.callback_url, is_full=not is_private),
        "style": message.style,
        "steps": [
            {
                "at": from_ms(change.at_ms),
                "status": change.status,
                "detail": change.detail,
                "error_code": change.error,
                "error": error_words(change.error),
            }
            for change in message.changes
        ],
        "carried": [msgspec.structs.asdict(part) for part in message.parts],
        "tries": [_tried(tried, is_full=not is_private) for tried in message.tries],
        "callbacks": [
            {
                "id": waiting.id,
                "url": shown_url(waiting.url, is_full=not is_private),
                "status": waiting.status,
                "detail": waiting.detail,
                "attempts": waiting.attempts,
                "due_at": from_ms(waiting.due_ms) if waiting.due_ms else None,
            }
            for waiting in message.callbacks
        ],
    }


def _tried(tried: CallbackTry, *, is_full: bool) -> dict[str, Any]:
    return {
        "id": tried.id,
        "at": from_ms(tried.at_ms),
        "url": shown_url(tried.url, is_full=is_full),
        "event": tried.event,
        "attempt": tried.attempt,
        "status": tried.status,
        "reason": tried.reason,
        "is_over": bool(tried.is_over),
    }


_CSV_COLUMNS: Final = (
    "umid", "created_at", "changed_at", "subaccount", "source", "destination", "status", "detail", "error_code",
    "error", "parts", "carrier", "client_message_id", "price", "currency",
)  # fmt: skip


def _csv_row(row: MessageRow, *, is_full: bool) -> tuple[str, ...]:
    return (
        row.umid,
        from_ms(row.created_ms).isoformat(timespec="milliseconds"),
        from_ms(row.changed_ms).isoformat(timespec="milliseconds"),
        row.subaccount,
        row.source,
        shown_number(row.destination, is_full=is_full),
        row.status,
        row.detail or "",
        str(row.error or ""),
        error_words(row.error),
        str(row.parts),
        row.carrier,
        shown_id(row.client_id, is_full=is_full) or "",
        write_micro(row.price_micro),
        row.currency,
    )
