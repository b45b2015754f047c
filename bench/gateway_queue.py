"""Memory of the gateway with 20,000, 200,000 and 400,000 messages queued, after the same work.

    python bench/gateway_queue.py

A fresh process grows with its first messages whatever becomes of them: SQLite fills its page caches, 18 MB at most
(`kernel/sqlite.py`), and the allocator keeps what the largest requests needed. So the gateway first takes 200,000
messages that a carrier takes from it, and only then queues: what it needs more from there on is the queue's.
Prints one JSON line: resident memory and SQLite's share of it, in MB, at every step. The allocator alone makes the
first of them differ by some 4 MB either way.
"""

import asyncio
import json
import os
import tempfile
from pathlib import Path

import apsw
import uvloop
from bench._figures import machine, resident_mb
from bench._gateways import Sink, sink
from bench.gateway_accept import KEY, SUB, UNLIMITED, request

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.smpp.bind import LinkConfig

CARRIER = "sink"
FEW, MANY, BATCH = 20_000, 200_000, 10_000
MB = 1_000_000
LOOK_S = 1.0
SENT_S = 900.0


async def main(peers: Sink) -> None:
    link = LinkConfig(host="127.0.0.1", port=peers.smpp_port, system_id="bench", password="bench", window=50)
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(
            GatewayOptions(
                data=Path(folder),
                admin_token="x",
                has_simulator=False,
                carriers={CARRIER: (link,)},
                limits=UNLIMITED,
            )
        )
        await gateway.start()
        await gateway.ensure_subaccount(SUB)
        await gateway.ensure_api_key("bench", KEY)
        told = await steps(gateway)
        await gateway.stop()
    print(json.dumps({"figure": "gateway queue", "machine": machine(), "steps": told}))


async def steps(gateway: Gateway) -> list[dict[str, object]]:
    """Go through the steps and return what the memory was after each."""
    told = [memory("started")]
    await gateway.traffic.switch(CARRIER, is_wanted=False)
    await fill(gateway, FEW)
    told.append(memory(f"{FEW} queued, fresh"))
    await gateway.traffic.switch(CARRIER, is_wanted=True)
    await fill(gateway, MANY - FEW)
    await until_sent(gateway)
    told.append(memory(f"{MANY} taken and sent, none queued"))
    await gateway.traffic.switch(CARRIER, is_wanted=False)
    await fill(gateway, FEW)
    told.append(memory(f"{FEW} more queued"))
    await fill(gateway, MANY - FEW)
    told.append(memory(f"{MANY} more queued"))
    await fill(gateway, MANY)
    told.append(memory(f"{2 * MANY} more queued"))
    return told


async def fill(gateway: Gateway, count: int) -> None:
    """Let the gateway take `count` messages, in batches."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    for first in range(0, count, BATCH):
        items = [
            {"destination": f"+6591{n:06d}", "source": "ACME", "text": "x" * 100}
            for n in range(first, first + BATCH)
        ]
        writer.write(request("messages/batch", json.dumps({"messages": items}).encode()))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()


async def until_sent(gateway: Gateway) -> None:
    async with asyncio.timeout(SENT_S):
        queued = MANY
        while queued:
            await asyncio.sleep(LOOK_S)
            queued = (await gateway.standings()).get("queued", 0)


def memory(after: str) -> dict[str, object]:
    resident, sqlite = resident_mb(os.getpid()), apsw.memory_used() / MB
    return {"after": after, "resident_mb": round(resident, 1), "sqlite_mb": round(sqlite, 1)}


if __name__ == "__main__":
    with sink() as peers:
        uvloop.run(main(peers))
