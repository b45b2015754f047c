"""A callback's body becomes words about messages, whichever of the known wires it speaks.

An array, or a single object, of CleverTap's groups and 8x8's envelopes, even mixed: each says which it is. What people
wrote is also read in the forms of other vendors.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from tellwire.kernel.provider.receipt import Unreadable
from tellwire.kernel.status import Receipt
from tellwire.platform.receipts.body import objects_in
from tellwire.platform.receipts.formats.clevertap import read_group
from tellwire.platform.receipts.formats.eightbyeight import is_envelope, read_envelope
from tellwire.platform.receipts.formats.texts import form_of, items_of, read_text
from tellwire.platform.receipts.words import Click, Foreign, InboundText, Incomplete, Reply, Word

ITEMS_LIMIT: Final = 10_000  # of one callback; CleverTap states none (contract 2)


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """What one callback said: `words` about messages and `texts` by number, each in their order.

    `missing_fields` names what items lacked, `foreign` how many were of no concern; `items` counts all of them,
    `incomplete` those that lacked something. Who posts a form does not read JSON.
    """

    words: tuple[Receipt | Click | Reply, ...] = ()
    texts: tuple[InboundText, ...] = ()
    missing_fields: tuple[str, ...] = ()
    foreign: int = 0
    items: int = 0
    incomplete: int = 0
    is_form: bool = False


def read_callback(body: bytes, now: datetime, content_type: str = "") -> Callback | Unreadable:
    """Read a callback that came at `now`. What is well-formed is read even beside what is not."""
    groups = objects_in(body, content_type)
    if groups is None:
        return Unreadable("The body has to be a JSON array of objects.")
    count = sum(_items_in(group) for group in groups)
    if count > ITEMS_LIMIT:
        return Unreadable(f"{count} items are too many: send at most {ITEMS_LIMIT} in one callback.")
    read = list(_read(groups, now))
    missing = dict.fromkeys(name for word in read if isinstance(word, Incomplete) for name in word.missing)
    return Callback(
        words=tuple(word for word in read if isinstance(word, (Receipt, Click, Reply))),
        texts=tuple(word for word in read if isinstance(word, InboundText)),
        missing_fields=tuple(missing),
        foreign=sum(isinstance(word, Foreign) for word in read),
        items=len(read),
        incomplete=sum(isinstance(word, Incomplete) for word in read),
        is_form="form" in content_type.casefold(),
    )


def _items_in(group: dict[str, Any]) -> int:
    data = group.get("data") if "event" in group else group.get("results")
    return len(data) if isinstance(data, list) and data else 1


def _read(items: list[dict[str, Any]], now: datetime) -> Iterator[Word]:
    for item in items:
        texts = [(one, form_of(one)) for one in items_of(item) if isinstance(one, dict)]
        if any(form is not None for _, form in texts):
            yield from (Foreign() if form is None else read_text(form, one, now) for one, form in texts)
        elif is_envelope(item):
            yield read_envelope(item, now)
        else:
            yield from read_group(item)
