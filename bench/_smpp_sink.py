"""A carrier and a webhook receiver that cost little, in a process of their own.

`python bench/_smpp_sink.py` prints two ports: SMPP and HTTP. The carrier takes every login, answers a submit_sm at
once and sends its receipt 50 ms later; a text that is a moment of the monotonic clock tells how old it was. Over HTTP,
every request counts as a webhook, but `GET /stats` says what was seen since `/clear`, and `/allow?<n>` lets the
carrier take n messages in each second of its clock and throttle what exceeds them (0: all).
"""

import asyncio
import contextlib
import re
import sys
import time
from collections import Counter
from functools import partial
from typing import cast

import msgspec
import uvloop

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.states import BOUND, Asked, Event, Role, Timers
from tellwire.gateway.smpp.wire import Wire

RECEIPT_AFTER_S = 0.05
PATIENCE = Timers(enquire_s=60.0, idle_s=180.0, response_s=120.0)
_GRANTS: dict[type[pdu.Body], type[pdu.BindResp]] = {
    pdu.BindTransceiver: pdu.BindTransceiverResp,
    pdu.BindTransmitter: pdu.BindTransmitterResp,
    pdu.BindReceiver: pdu.BindReceiverResp,
}
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_MOMENT = re.compile(rb"\d+\.\d+")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b"


class Seen:
    """What carrier and receiver saw since it was cleared; moments are of the monotonic clock."""

    def __init__(self) -> None:
        self.wires: set[Wire] = set()
        self.allowed_per_s = 0
        self.clear()

    def clear(self) -> None:
        self.submits = self.receipts = self.webhooks = 0
        self.last_webhook_s = 0.0
        self.ages_ms: list[float] = []
        self.taken: Counter[int] = Counter()  # messages by second
        self.throttled: Counter[int] = Counter()

    def is_too_much(self, now_s: float) -> bool:
        return 0 < self.allowed_per_s <= self.taken[int(now_s)]

    def told(self) -> bytes:
        return msgspec.json.encode(
            {
                "binds": sum(wire.session.state in BOUND for wire in self.wires),
                "now_s": time.monotonic(),
                "submits": self.submits,
                "throttled": self.throttled,
                "receipts": self.receipts,
                "webhooks": self.webhooks,
                "last_webhook_s": self.last_webhook_s,
                "ages_ms": self.ages_ms,
                "taken": self.taken,
            }
        )


class Carrier:
    """The SMPP half."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._loop = asyncio.get_running_loop()
        self._number = time.time_ns() // 1000  # ids that no earlier run has used

    def connection(self) -> Wire:
        session = Session(Role.SMSC, now_s=self._loop.time(), timers=PATIENCE)
        return Wire(session, on_events=self._take, on_lost=self._lost, on_made=self._seen.wires.add)

    def _lost(self, wire: Wire, _events: list[Event], _reason: str) -> None:
        self._seen.wires.discard(wire)

    def _take(self, wire: Wire, events: list[Event]) -> None:
        now_s = time.monotonic()
        taken: list[tuple[str, pdu.SubmitSm]] = []
        for event in events:
            if not isinstance(event, Asked):
                continue
            if isinstance(event.body, pdu.SubmitSm):
                if self._seen.is_too_much(now_s):
                    self._seen.throttled[int(now_s)] += 1
                    wire.session.refuse(event.sequence, Status.RTHROTTLED)
                    continue
                taken.append((self._accept(wire, event, now_s), event.body))
            elif (grant := _GRANTS.get(type(event.body))) is not None:
                wire.session.respond(event.sequence, grant("sink"))
        if taken:
            self._note(taken, now_s)
            self._loop.call_later(RECEIPT_AFTER_S, partial(self._send_receipts, wire, taken))

    def _accept(self, wire: Wire, asked: Asked, now_s: float) -> str:
        self._number += 1
        self._seen.taken[int(now_s)] += 1
        told = str(self._number)
        wire.session.respond(asked.sequence, pdu.SubmitSmResp(told))
        return told

    def _note(self, taken: list[tuple[str, pdu.SubmitSm]], now_s: float) -> None:
        self._seen.submits += len(taken)
        for _, submit in taken:
            if _MOMENT.fullmatch(submit.short_message):
                self._seen.ages_ms.append((now_s - float(submit.short_message)) * 1000)

    def _send_receipts(self, wire: Wire, taken: list[tuple[str, pdu.SubmitSm]]) -> None:
        if wire.session.state not in BOUND:
            return
        done = time.strftime("%y%m%d%H%M", time.gmtime())
        now_s = self._loop.time()
        for told, submit in taken:
            text = (
                f"id:{told} sub:001 dlvrd:001 submit date:{done} done date:{done} stat:DELIVRD err:000 text:"
            )
            wire.session.request(_receipt(submit, text), None, now_s)
        self._seen.receipts += len(taken)
        wire.flush_soon()


def _receipt(submit: pdu.SubmitSm, text: str) -> pdu.DeliverSm:
    return pdu.DeliverSm(
        source_ton=submit.dest_ton, source_npi=submit.dest_npi, source_addr=submit.destination_addr,
        dest_ton=submit.source_ton, dest_npi=submit.source_npi, destination_addr=submit.source_addr,
        esm_class=0x04, short_message=text.encode(),
    )  # fmt: skip


class Receiver(asyncio.Protocol):
    """The HTTP half: answers 200 to every whole request."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._buffer) < whole:
                return
            line = self._buffer[: self._buffer.find(b"\r\n")]
            self._buffer = self._buffer[whole:]
            told = self._answer(line)
            self._transport.write(_ANSWER % (len(told), told))

    def _answer(self, line: bytes) -> bytes:
        _, path, _ = line.split(b" ", 2)
        name, _, asked = path.partition(b"?")
        if name == b"/stats":
            return self._seen.told()
        if name == b"/clear":
            self._seen.clear()
        elif name == b"/allow":
            self._seen.allowed_per_s = int(asked)
        else:
            self._seen.webhooks += 1
            self._seen.last_webhook_s = time.monotonic()
        return b""


async def main() -> None:
    seen = Seen()
    loop = asyncio.get_running_loop()
    carrier = Carrier(seen)
    servers = [
        await loop.create_server(carrier.connection, "127.0.0.1", 0),
        await loop.create_server(lambda: Receiver(seen), "127.0.0.1", 0),
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.to_thread(sys.stdin.read)  # the parent closes it to end us
    for server in servers:
        server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(main())
