"""The simulated phones: what texts stand on them, whether they are on, whether they have room.

Memory is bounded: the handset that was quiet longest goes first, and of one handset's texts the oldest.
`now` is passed. Not here: SMPP (`carrier`), pages (`web`).
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

from tellwire.kernel.address import Msisdn, msisdn_of_digits
from tellwire.kernel.sms import Encoding

HANDSETS = 1000
MESSAGES = 100
UNFINISHED = 50  # long texts of one handset that still lack parts
PATIENCE = timedelta(minutes=5)  # a part that comes later starts a text of its own

Verdict: TypeAlias = Literal["shown", "off", "full"]


class ShownPart(msgspec.Struct, frozen=True):
    """One part as it arrived; `units` are septets or UTF-16 code units, without the header."""

    units: int


class ShownMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A text on the handset, or a reply that was written on it."""

    umid: str
    source: str
    text: str
    encoding: Encoding
    parts: tuple[ShownPart, ...]
    received_at: datetime
    direction: Literal["in", "out"] = "in"


class ArrivedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part on its way to a handset; `umid` is the gateway's id, or else the carrier's."""

    umid: str
    source: str
    text: str
    units: int
    encoding: Encoding
    reference: int = 0
    number: int = 1
    count: int = 1


class _Unfinished(msgspec.Struct):
    began_at: datetime
    parts: dict[int, ArrivedPart]


class Handset:
    """One phone."""

    def __init__(self, number: Msisdn) -> None:
        self.number = number
        self.is_on = True
        self.is_full = False
        self.messages: deque[ShownMessage] = deque(maxlen=MESSAGES)
        self._unfinished: OrderedDict[tuple[str, int, int], _Unfinished] = OrderedDict()

    def take(self, part: ArrivedPart, now: datetime) -> ShownMessage | None:
        """Take one part; returns the text that it completes. A part that comes again changes nothing."""
        if part.count == 1:
            return self._show([part], now)
        key = (part.source, part.reference, part.count)
        unfinished = self._unfinished.get(key)
        if unfinished is None or now - unfinished.began_at > PATIENCE:
            unfinished = self._unfinished[key] = _Unfinished(now, {})
            if len(self._unfinished) > UNFINISHED:
                self._unfinished.popitem(last=False)
        unfinished.parts.setdefault(part.number, part)
        if len(unfinished.parts) < part.count:
            return None
        del self._unfinished[key]
        return self._show([unfinished.parts[number] for number in sorted(unfinished.parts)], now)

    def wrote(self, umid: str, to: str, text: str, parts: tuple[ShownPart, ...], encoding: Encoding,
              now: datetime) -> ShownMessage:  # fmt: skip
        """Keep a reply that was written on this handset; its `source` is whom it went to."""
        shown = ShownMessage(
            umid=umid, source=to, text=text, encoding=encoding, parts=parts, received_at=now, direction="out"
        )
        self.messages.append(shown)
        return shown

    def _show(self, parts: list[ArrivedPart], now: datetime) -> ShownMessage:
        first = parts[0]
        encodings = {part.encoding for part in parts}
        shown = ShownMessage(
            umid=first.umid,
            source=first.source,
            text="".join(part.text for part in parts),
            encoding=Encoding.UCS2 if Encoding.UCS2 in encodings else Encoding.GSM7,
            parts=tuple(ShownPart(part.units) for part in parts),
            received_at=now,
        )
        self.messages.append(shown)
        return shown


class Handsets:
    """All phones; a number has one from the moment somebody writes to it or looks at it.

    `watchers` are called with the handset after each change; they must be quick. `reply_to` is the number that a
    phone suggests to write to while no number wrote to it.
    """

    def __init__(self, *, handsets: int = HANDSETS) -> None:
        self.watchers: list[Callable[[Handset], None]] = []
        self.reply_to = ""
        self.on_switched_on: Callable[[Handset], None] = lambda _: None
        self._most = handsets
        self._handsets: OrderedDict[str, Handset] = OrderedDict()

    def __iter__(self) -> Iterator[Handset]:
        """Go through the phones, the one that was busy last first."""
        return reversed(list(self._handsets.values()))

    def find(self, digits: str) -> Handset | None:
        """Return a phone that there is."""
        return self._handsets.get(digits)

    def get(self, digits: str) -> Handset:
        """Return the phone of a number (digits, no plus), new if need be."""
        handset = self._handsets.get(digits)
        if handset is None:
            handset = self._handsets[digits] = Handset(msisdn_of_digits(digits))
            if len(self._handsets) > self._most:
                self._handsets.popitem(last=False)
        else:
            self._handsets.move_to_end(digits)
        return handset

    def restore(self, digits: str, messages: Iterable[ShownMessage], *, is_on: bool, is_full: bool) -> None:
        """Make a phone as it was before a restart; no listener is called."""
        handset = self.get(digits)
        handset.is_on, handset.is_full = is_on, is_full
        handset.messages.extendleft(reversed([*messages][-MESSAGES:]))

    def arrive(self, digits: str, part: ArrivedPart, now: datetime) -> Verdict:
        """Bring one part to a phone: it shows it, or is off, or is full."""
        handset = self.get(digits)
        if not handset.is_on:
            return "off"
        if handset.is_full:
            return "full"
        if handset.take(part, now) is not None:
            self.changed(handset)
        return "shown"

    def switch(self, digits: str, *, is_on: bool | None = None, is_full: bool | None = None) -> Handset:
        """Switch a phone on or off, or fill or empty its memory; what waited for it comes when it is on."""
        handset = self.get(digits)
        was_on = handset.is_on
        handset.is_on = handset.is_on if is_on is None else is_on
        handset.is_full = handset.is_full if is_full is None else is_full
        self.changed(handset)
        if handset.is_on and not was_on:
            self.on_switched_on(handset)
        return handset

    def changed(self, handset: Handset) -> None:
        """Tell the watchers."""
        for watcher in tuple(self.watchers):
            watcher(handset)
