"""A provider's receipts: where the id, the status, the time and the error code stand, and what the words mean. Pure.

They come as JSON (one object or an array of them), as a form, or in the query of the address.
Outside ids are only text here: whether there is such a message is the store's to say.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import msgspec

from tellwire.kernel.provider.answer import REFERENCE_LIMIT
from tellwire.kernel.provider.path import Path, at
from tellwire.kernel.provider.values import (
    TEXT_LIMIT,
    id_of,
    moment_of,
    moment_of_iso,
    read_json,
    spellings_of,
)
from tellwire.kernel.status import Standing

ITEMS_LIMIT: Final = 10_000  # of one request
FIELDS_LIMIT: Final = 100  # of a form or a query
UNKNOWN_KEPT: Final = 10  # words that nobody translated, as an example


class ReceiptFormat(msgspec.Struct, frozen=True, kw_only=True):
    """How a provider's receipts are read; `by` says whether `id` is ours ("id") or theirs ("reference")."""

    by: Literal["id", "reference"] = "reference"
    id: Path
    status: Path
    words: Mapping[str, Standing]
    error: Path | None = None
    at: Path | None = None


class ReadReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt: the id of the message, and where that stands; `at` None: the receipt does not say when."""

    id: str
    standing: Standing
    error: str = ""
    at: datetime | None = None


class ReadReceipts(msgspec.Struct, frozen=True, kw_only=True):
    """The receipts of one request, in their order.

    `unknown_words` are examples of status words without a meaning: such an item says nothing and is passed over.
    `without_id` is how many items name no message.
    """

    receipts: tuple[ReadReceipt, ...] = ()
    unknown_words: tuple[str, ...] = ()
    without_id: int = 0


class Unreadable(msgspec.Struct, frozen=True):
    """A body that cannot be read as a whole. `why` is a sentence for the sender."""

    why: str


def read_receipts(form: ReceiptFormat, body: bytes, query: str) -> ReadReceipts | Unreadable:
    """Read what a provider posted; without a single id in it, it is unreadable."""
    items = _items_of(body, query)
    if isinstance(items, Unreadable):
        return items
    if len(items) > ITEMS_LIMIT:
        return Unreadable(f"{len(items)} items are too many: send at most {ITEMS_LIMIT} in one request.")
    read = [_read_item(form, item) for item in items]
    without_id = read.count(None)
    if without_id == len(items):
        return Unreadable(f"There is no message id at {form.id.text}.")
    unknown = dict.fromkeys(word for word in read if isinstance(word, str))
    return ReadReceipts(
        receipts=tuple(receipt for receipt in read if isinstance(receipt, ReadReceipt)),
        unknown_words=tuple(unknown)[:UNKNOWN_KEPT],
        without_id=without_id,
    )


def _read_item(form: ReceiptFormat, item: Any) -> ReadReceipt | str | None:
    """Return the receipt, the status word that has no meaning, or None for an item without an id."""
    message_id = id_of(at(item, form.id), REFERENCE_LIMIT)
    if not message_id:
        return None
    status = spellings_of(at(item, form.status))
    standing = next((form.words[word] for word in status if word in form.words), None)
    if standing is None:
        return _first(status)
    moment = None if form.at is None else at(item, form.at)
    error = None if form.error is None else at(item, form.error)
    return ReadReceipt(
        id=message_id,
        standing=standing,
        error="" if error is None else _first(spellings_of(error)),
        at=None if moment is None else moment_of(moment) or moment_of_iso(moment),
    )


def _first(spellings: tuple[str, ...]) -> str:
    return spellings[0][:TEXT_LIMIT] if spellings else ""


def _items_of(body: bytes, query: str) -> list[Any] | Unreadable:
    """Return the objects of a JSON body, or the one object that a form or the query is."""
    value = read_json(body) if body.strip() else None
    if value is not None:
        return value if isinstance(value, list) else [value]
    try:
        fields = dict(parse_qsl(body.decode(errors="replace").strip() or query, max_num_fields=FIELDS_LIMIT))
    except ValueError:
        return Unreadable(f"A form or a query has at most {FIELDS_LIMIT} fields.")
    return [fields] if fields else Unreadable("The request is empty, or neither JSON nor a form.")
