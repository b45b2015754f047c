"""Memory of the gateway with 20,000 and with 200,000 messages queued for a carrier that is not there.

    python bench/gateway_queue.py

Prints one JSON line: resident memory at both, in MB; the queue waits on the disk, so they should be alike.
"""

import asyncio
import json
import os
import tempfile
from pathlib import Path

import uvloop
from bench._figures import resident_mb
from bench.gateway_accept import KEY, SUB, UNLIMITED, request

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.smpp.bind import LinkConfig

NOWHERE = LinkConfig(host="127.0.0.1", port=1, system_id="nobody")


async def fill(gateway: Gateway, count: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    for _ in range(count // 10_000):
        items = [
            {"destination": f"+65912{n:05d}", "source": "ACME", "text": "x" * 100} for n in range(10_000)
        ]
        writer.write(request("messages/batch", json.dumps({"messages": items}).encode()))
        await reader.read(1000)
    writer.close()


async def main(pid: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(
            GatewayOptions(
                data=Path(folder),
                admin_token="x",
                has_simulator=False,
                carriers={"gone": (NOWHERE,)},
                limits=UNLIMITED,
            )
        )
        await gateway.start()
        await gateway.ensure_subaccount(SUB)
        await gateway.ensure_api_key("bench", KEY)
        await fill(gateway, 20_000)
        few = resident_mb(pid)
        await fill(gateway, 180_000)
        many = resident_mb(pid)
        waiting = sum((await gateway.standings()).values())
        await gateway.stop()
    print(json.dumps({"figure": "gateway queue", "20000_mb": round(few), f"{waiting}_mb": round(many)}))


if __name__ == "__main__":
    uvloop.run(main(os.getpid()))
