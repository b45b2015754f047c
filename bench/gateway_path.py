"""From HTTP to submit_sm, receipt and webhook on one bind: messages/s and processor time a message.

    python bench/gateway_path.py [--messages 20000]

The carrier is the simulated one in a process of its own (answers at once, receipts 50 ms later), the webhook receiver
is a bare asyncio server in a third; only the gateway's own processor time is counted. Prints one JSON line a figure.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop
from bench.gateway_accept import KEY, SUB, UNLIMITED, request

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.simulator.carrier import Simulator

CARRIER = "carrier"


class Sink(asyncio.Protocol):
    """Answers 200 to every whole request."""

    def __init__(self) -> None:
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            head, gap, rest = self.buffer.partition(b"\r\n\r\n")
            if not gap:
                return
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def peers(pipe: Connection) -> None:
    async def serve() -> None:
        simulator = Simulator()
        await simulator.start()
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        pipe.send((simulator.port, server.sockets[0].getsockname()[1]))
        await asyncio.to_thread(pipe.recv)

    uvloop.run(serve())


async def run(gateway: Gateway, hook: str, count: int) -> tuple[float, float]:
    await until_bound(gateway)
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    for first in range(0, count, 1000):
        items = [
            {"destination": f"+6591{n:06d}", "source": "ACME", "text": "Hello"}
            for n in range(first, first + 1000)
        ]
        body = {"messages": items, "template": {"dlrCallbackUrl": hook}}
        writer.write(request("messages/batch", json.dumps(body).encode()))
        await reader.read(1000)
    done = False
    while not done:
        await asyncio.sleep(0.5)  # the look itself reads every message
        done = (await gateway.standings()).get(
            "delivered", 0
        ) == count and not await gateway.callbacks_waiting()
    after = resource.getrusage(resource.RUSAGE_SELF)
    writer.close()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return count / (time.perf_counter() - began), 1000 * cpu / count


async def until_bound(gateway: Gateway) -> None:
    up = False
    while not up:
        await asyncio.sleep(0.05)
        up = gateway.traffic.lanes[CARRIER].carrier.is_up


async def main(count: int) -> None:
    sys.setswitchinterval(0.0005)
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=peers, args=(there,))
    process.start()
    smpp_port, hook_port = await asyncio.to_thread(here.recv)
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(
            GatewayOptions(
                data=Path(folder),
                admin_token="x",
                has_simulator=False,
                carriers={CARRIER: (Simulator(port=smpp_port).link_config(),)},
                allow_private_targets=True,
                limits=UNLIMITED,
            )
        )
        await gateway.start()
        await gateway.ensure_subaccount(SUB)
        await gateway.ensure_api_key("bench", KEY)
        rate, cpu_ms = await run(gateway, f"http://127.0.0.1:{hook_port}/", count)
        await gateway.stop()
    here.send("stop")
    await asyncio.to_thread(process.join)
    print(json.dumps({"figure": "gateway path", "messages_per_s": round(rate), "webhooks_per_message": 2}))
    print(json.dumps({"figure": "gateway path", "cpu_ms_per_message": round(cpu_ms, 3), "limit": 0.4}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=20_000)
    uvloop.run(main(parser.parse_args().messages))
