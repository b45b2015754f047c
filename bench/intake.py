"""How many uploads a second one process takes, each durable before its answer: one event each, and 500 each.

    PYTHONPATH=. .venv/bin/python bench/intake.py [--profile]

The server is the real one (uvicorn, httptools, uvloop, SQLite with a synced log) in its own process, without the
deciding behind it; the load comes from this process, over keep-alive connections, on the same two cores.
`--profile` has the server write `intake.prof` when it ends. Yardstick: raw ASGI on this kind of machine takes 73,000
one-event posts a second without storing them.
"""

import asyncio
import cProfile
import gc
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from bench._figures import figure, repeated
from bench._load import flood, post

from tellwire.cli import GC_THRESHOLDS, SWITCH_INTERVAL_S
from tellwire.kernel import telemetry
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.web.dispatch import Dispatch
from tellwire.kernel.web.server import HttpServer
from tellwire.platform.intake.clevertap.admission import admit
from tellwire.platform.intake.clevertap.api import UploadApi
from tellwire.platform.intake.clevertap.door import Access
from tellwire.platform.intake.clevertap.record import Rules
from tellwire.platform.intake.clevertap.records import Malformed, records_of
from tellwire.wiring.backend import open_backend

KEYS = {
    "X-CleverTap-Account-Id": "BENCH",
    "X-CleverTap-Passcode": "bench-passcode",
    "Content-Type": "application/json",
}
SINGLE, BATCHES, BATCH = 40_000, 400, 500
SINGLE_LIMIT, BATCH_LIMIT, RECORD_LIMIT_US = 15_000, 200_000, 2.5


def record(number: int) -> dict[str, object]:
    return {
        "identity": f"u{number % 20_000}",
        "ts": int(time.time()),
        "type": "event",
        "evtName": "Order Placed",
        "evtData": {"Amount": 12.5 + number, "Currency": "SGD", "Items": 3, "Paid": True},
    }


def request(first: int, count: int) -> bytes:
    body = json.dumps({"d": [record(first + n) for n in range(count)]}, separators=(",", ":")).encode()
    return post("/1/upload", KEYS, body)


def main() -> None:
    if sys.argv[1:2] == ["--serve"]:
        profile = cProfile.Profile() if "--profile" in sys.argv else None
        if profile is None:
            uvloop.run(serve(Path(sys.argv[2])))
        else:
            profile.runcall(uvloop.run, serve(Path(sys.argv[2])))
            profile.dump_stats("intake.prof")
        return
    figure("intake_us_per_record", repeated(parse), "us", RECORD_LIMIT_US, at_most=True)
    single = [request(n, 1) for n in range(SINGLE)]
    batches = [request(n * BATCH, BATCH) for n in range(BATCHES)]
    figure("intake_single_per_s", repeated(lambda: rate(single, 1, 128)), "events/s", SINGLE_LIMIT)
    figure("intake_batch_500_per_s", repeated(lambda: rate(batches, BATCH, 16)), "events/s", BATCH_LIMIT)


def parse() -> float:
    """Return the processor microseconds that a record of an upload of 500 costs, from bytes to entries."""
    body = request(0, BATCH).partition(b"\r\n\r\n")[2]
    now, rules, known = datetime.now(UTC), Rules(), frozenset({"orderplaced"})
    started = time.process_time()
    for _ in range(100):
        records = records_of(body)
        assert not isinstance(records, Malformed)
        admit(records, now=now, entropy=1, rules=rules, known=known)
    return (time.process_time() - started) / (100 * BATCH) * 1e6


def rate(requests: list[bytes], events: int, connections: int) -> float:
    """Return the events a second that a fresh server took."""
    data = Path(tempfile.mkdtemp(prefix="tellwire-bench-"))
    command = [sys.executable, __file__, "--serve", str(data), *sys.argv[1:]]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        return len(requests) * events / uvloop.run(flood(port, requests, connections))
    finally:
        server.communicate(timeout=20)  # its closed input is the sign to end
        shutil.rmtree(data)


async def serve(data: Path) -> None:
    telemetry.configure(level="error")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    backend = await open_backend(data)
    access = Access(KEYS["X-CleverTap-Account-Id"], [KEYS["X-CleverTap-Passcode"]])
    app = Dispatch(UploadApi(backend.stream, backend.event_types, SystemClock(), access).routes())
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    print(server.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)  # the parent closes it to end us
    await server.stop()
    await backend.close()


if __name__ == "__main__":
    main()
