"""Keeps the simulated phones in a file over restarts, since everything else of a trial is kept, too.

One JSON line a phone, written as a whole after changes and at the stop. What a `kill -9` takes are the texts shown in
the last seconds: they are on no real phone, and the gateway has them still.
"""

import asyncio
import os
from pathlib import Path
from typing import Final

import msgspec

from tellwire.gateway.simulator.handsets import Handset, Handsets, ShownMessage
from tellwire.kernel.telemetry import log

# Often enough for who looks and seldom enough for a load test, whose thousand phones are some 30 MB.
SAVE_S: Final = 5.0
_AT_ONCE: Final = 20  # phones written between two breaths of the loop


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    digits: str
    is_on: bool
    is_full: bool
    messages: list[ShownMessage]


class KeptHandsets:
    """The phones' file: `load` once, then `run` and, at the end, `save`."""

    def __init__(self, handsets: Handsets, file: Path) -> None:
        self._handsets = handsets
        self._file = file
        self._is_changed = asyncio.Event()
        handsets.watchers.append(self._note)

    async def load(self) -> None:
        """Put on the phones what the file has of them; a line that cannot be read is passed over."""
        lines = (await asyncio.to_thread(_read, self._file)).splitlines()
        unread = 0
        for line in lines:
            try:
                kept = msgspec.json.decode(line, type=_Kept)
                self._handsets.restore(kept.digits, kept.messages, is_on=kept.is_on, is_full=kept.is_full)
            except (msgspec.MsgspecError, ValueError):
                unread += 1
        if unread:
            log("store.forgot", "warning", where=self._file.name, count=unread, reason="unreadable")

    async def run(self) -> None:
        """Save what changed, until cancelled."""
        while True:
            await self._is_changed.wait()
            await asyncio.sleep(SAVE_S)
            await self.save()

    async def save(self) -> None:
        """Write the file, if anything changed since the last time; a full disk costs the phones and nothing else."""
        if not self._is_changed.is_set():
            return
        self._is_changed.clear()
        lines: list[bytes] = []
        for number, handset in enumerate(reversed(list(self._handsets)), start=1):
            lines.append(msgspec.json.encode(_kept(handset)))
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        try:
            await asyncio.to_thread(_write, self._file, b"\n".join(lines))
        except OSError as problem:
            log("store.full", "warning", where=self._file.name, error=problem)

    def _note(self, _handset: Handset) -> None:
        self._is_changed.set()


def _kept(handset: Handset) -> _Kept:
    return _Kept(
        digits=handset.number.digits,
        is_on=handset.is_on,
        is_full=handset.is_full,
        messages=list(handset.messages),
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _write(file: Path, content: bytes) -> None:
    """Write all or nothing, for the owner's eyes only."""
    part = file.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    part.replace(file)
