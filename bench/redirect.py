"""How many short links a second are followed, each click durable before its answer and decided behind it.

    PYTHONPATH=. .venv/bin/python bench/redirect.py

The whole platform in its own process, with a campaign that wrote to `PEOPLE` people. Every link is followed once by a
browser, which finds it in the store, and then once more, which finds it in memory. The load comes from this process,
on the same two cores. The latency is that of one browser after the other, with nothing else to do.
"""

import sqlite3
import time
from collections.abc import Sequence
from http.client import HTTPConnection

import uvloop
from bench._figures import figure, percentile
from bench._load import flood
from bench._platform import Platform, add_provider, order, platform, profiles, sink, upload

PEOPLE = 10_000
PER_S_LIMIT, P50_LIMIT_MS = 5_000, 5.0
RUNS = 1
CONNECTIONS = 128
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"


def main() -> None:
    found: list[float] = []
    remembered: list[float] = []
    alone: list[float] = []
    for _ in range(RUNS):
        with sink() as provider, platform(is_public=True) as running:
            slugs = written(running, provider.port)
            found.append(followed(running, slugs))
            remembered.append(followed(running, slugs))
            alone += latencies(running, slugs[:2_000])
    figure("redirects, links found in the store", found, "links/s", PER_S_LIMIT)
    figure("redirects, links remembered", remembered, "links/s", PER_S_LIMIT)
    figure("redirect, p50", [percentile(alone, 0.5)], "ms", P50_LIMIT_MS, at_most=True)
    figure("redirect, p99", [percentile(alone, 0.99)], "ms")


def written(running: Platform, sink_port: int) -> Sequence[str]:
    """Let a campaign write to everybody, and return the codes of the links."""
    add_provider(running, sink_port)
    form = {
        "name": "bench",
        "event": "Order Placed",
        "content": {"text": "Look: https://shop.example/sale?item={{ Event.Amount }}"},
    }
    made = running.ask("POST", "/api/campaigns", form)
    running.ask("POST", f"/api/campaigns/{made['id']}/publish", {})
    uvloop.run(flood(running.port, profiles(PEOPLE), 2))
    orders = [upload([order(n + k) for k in range(100)]) for n in range(0, PEOPLE, 100)]
    uvloop.run(flood(running.port, orders, 4))
    running.await_metric("tellwire_messages_total", PEOPLE)
    store = sqlite3.connect(f"file:{running.data}/tellwire.db?mode=ro", uri=True)
    slugs = [row[0] for row in store.execute("SELECT slug FROM link ORDER BY seq")]
    store.close()
    assert len(slugs) == PEOPLE, len(slugs)
    return slugs


def followed(running: Platform, slugs: Sequence[str]) -> float:
    """Return the links a second that were followed, and wait until all clicks are decided."""
    before = running.metric("tellwire_entries_decided_total")
    requests = [
        f"GET /l/{slug} HTTP/1.1\r\nHost: bench\r\nUser-Agent: {BROWSER}\r\n\r\n".encode() for slug in slugs
    ]
    took = uvloop.run(flood(running.port, requests, CONNECTIONS, b"HTTP/1.1 302"))
    running.await_metric("tellwire_entries_decided_total", before + len(slugs))
    return len(slugs) / took


def latencies(running: Platform, slugs: Sequence[str]) -> list[float]:
    """Return how long one redirect after the other took, in milliseconds."""
    connection = HTTPConnection("127.0.0.1", running.port)
    took = []
    for slug in slugs:
        begun = time.perf_counter()
        connection.request("GET", f"/l/{slug}", headers={"User-Agent": BROWSER})
        answer = connection.getresponse()
        answer.read()
        took.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 302, answer.status
    return took


if __name__ == "__main__":
    main()
