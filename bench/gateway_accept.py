"""Sends taken by the gateway, durable before the answer, and what a message costs from HTTP to the webhook.

    python bench/gateway_accept.py [--seconds 5]

Prints one JSON line a figure: single sends/s over 64 connections, messages/s in batches of 10,000, and CPU a message
over the whole life (accept, submit to the in-process simulated carrier, receipt) of a batch. The load generator is a
second process of ours on the same cores.
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

from tellwire.gateway.api.access import Limits
from tellwire.gateway.main import Gateway, GatewayOptions

KEY = "tw_bench-key-000001"
SUB = "bench_hq"
CONNECTIONS = 64
UNLIMITED = Limits(requests_per_s=1e9, requests_per_address_per_s=1e9)


def request(path: str, body: bytes) -> bytes:
    return (
        f"POST /api/v1/subaccounts/{SUB}/{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class Caller(asyncio.Protocol):
    """Sends the same request again as soon as its answer is whole; counts answers."""

    def __init__(self, payload: bytes, tally: list[int]) -> None:
        self.payload = payload
        self.tally = tally
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.payload)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, gap, rest = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(rest) < length:
            return
        assert head.startswith(b"HTTP/1.1 200"), (head, rest)
        self.buffer = b""
        self.tally[0] += 1
        self.transport.write(self.payload)


async def call(port: int, payload: bytes, connections: int, seconds: float) -> float:
    tally = [0]
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Caller(payload, tally), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.sleep(0.5)
    first, began = tally[0], time.perf_counter()
    await asyncio.sleep(seconds)
    rate = (tally[0] - first) / (time.perf_counter() - began)
    for transport, _ in made:
        transport.abort()
    return rate


def load(port: int, kind: str, seconds: float, pipe: Connection) -> None:
    if kind == "single":
        body = json.dumps(
            {"destination": "+6591230000", "source": "ACME", "text": "Your code is 123456"}
        ).encode()
        pipe.send(uvloop.run(call(port, request("messages", body), CONNECTIONS, seconds)))
    else:
        items = [
            {
                "destination": f"+65912{n:05d}",
                "source": "ACME",
                "text": f"Hello number {n}, here is your news of the day",
            }
            for n in range(10_000)
        ]
        payload = request("messages/batch", json.dumps({"messages": items}).encode())
        pipe.send(10_000 * uvloop.run(call(port, payload, 2, seconds)))


async def measure(port: int, kind: str, seconds: float) -> float:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=load, args=(port, kind, seconds, there))
    process.start()
    rate = await asyncio.to_thread(here.recv)
    await asyncio.to_thread(process.join)
    return rate


async def life(gateway: Gateway, count: int) -> float:
    """CPU milliseconds a message from the batch's acceptance to its last receipt, without webhooks."""
    items = [{"destination": f"+65912{n:05d}", "source": "ACME", "text": "Hello there"} for n in range(count)]
    payload = request("messages/batch", json.dumps({"messages": items}).encode())
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(payload)
    await reader.read(100)
    delivered = 0
    while delivered < count:
        await asyncio.sleep(0.05)
        delivered = (await gateway.standings()).get("delivered", 0)
    after = resource.getrusage(resource.RUSAGE_SELF)
    writer.close()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"figure": "life", "messages_per_s": round(count / (time.perf_counter() - began))}))
    return 1000 * cpu / count


async def start(folder: str, name: str, *, pauses_carriers: bool = False) -> Gateway:
    gateway = Gateway(
        GatewayOptions(
            data=Path(folder) / name, admin_token="x", pauses_carriers=pauses_carriers, limits=UNLIMITED
        )
    )
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("bench", KEY)
    return gateway


async def main(seconds: float) -> None:
    sys.setswitchinterval(0.0005)
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("single", "batch"):
            gateway = await start(folder, kind, pauses_carriers=True)
            rate = await measure(gateway.port, kind, seconds)
            await gateway.stop()
            print(json.dumps({"figure": f"accept {kind}", "messages_per_s": round(rate)}), flush=True)
        gateway = await start(folder, "life")
        print(json.dumps({"figure": "life", "cpu_ms_per_message": round(await life(gateway, 10_000), 3)}))
        await gateway.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    uvloop.run(main(parser.parse_args().seconds))
