"""Processor time that one POST on a kept-alive connection costs in `kernel/http`; the sink is another process.

PYTHONPATH=. .venv/bin/python bench/http_client.py [--profile]
"""

import asyncio
import cProfile
import sys
import time
from pathlib import Path

import uvloop
from bench._figures import figure, repeated

from tellwire.kernel.http.client import HttpClient, HttpRequest

SINK = str(Path(__file__).with_name("_sink.py"))
POSTS = 10_000
TOGETHER = 64
BODY = (
    b'{"source":"Tellwire","destination":"+6591230000","text":"Your order is on its way, it comes at ten."}'
)


async def posts(count: int) -> float:
    """Return microseconds of processor time for one POST."""
    pipe = asyncio.subprocess.PIPE
    sink = await asyncio.create_subprocess_exec(sys.executable, SINK, stdin=pipe, stdout=pipe)
    assert sink.stdin is not None
    assert sink.stdout is not None
    port = int(await sink.stdout.readline())
    client = HttpClient(allow_private=True, connections=TOGETHER)
    await client.start()
    request = HttpRequest(
        method="POST",
        url=f"http://127.0.0.1:{port}/api/v1/subaccounts/demo/messages",
        headers=(("Authorization", "Bearer 0123456789"), ("Content-Type", "application/json")),
        body=BODY,
    )

    async def some(number: int) -> None:
        for _ in range(number):
            assert (await client.send(request)).status == 200

    try:
        await asyncio.gather(*(some(10) for _ in range(TOGETHER)))
        used = time.process_time()
        await asyncio.gather(*(some(count // TOGETHER) for _ in range(TOGETHER)))
        return (time.process_time() - used) / (count // TOGETHER * TOGETHER) * 1e6
    finally:
        await client.close()
        sink.stdin.close()
        await sink.wait()


if __name__ == "__main__":
    if "--profile" in sys.argv:
        cProfile.run("uvloop.run(posts(POSTS))", sort="tottime")
    else:
        figure("http_post_cpu_us", repeated(lambda: uvloop.run(posts(POSTS))), "us", limit=30, at_most=True)
