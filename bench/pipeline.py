"""Event -> message at the provider, the whole path: throughput, processor time, latency. Unbatched, all synced."""

import os
import time

import uvloop
from bench import _load
from bench._figures import RUNS, cpu_s, figure, machine, percentile
from bench._platform import Platform, Sink, order, platform, profiles, set_up_campaign, sink, upload

PROFILES = 5_000
MESSAGES = 15_000
UNMATCHED = 100_000
LATENCY_S = 10


def main() -> None:
    print(f'{{"machine": "{machine()}"}}', flush=True)
    with sink() as provider, platform() as running:
        set_up_campaign(running, provider.port)
        uvloop.run(_load.flood(running.port, profiles(PROFILES), 2))
        running.await_metric("tellwire_entries_decided_total", PROFILES)
        throughput(running, provider)
        latency(running, provider, per_s=10, limits=(8.0, 30.0))
        latency(running, provider, per_s=300, limits=(None, 60.0))
        unmatched(running)


def throughput(running: Platform, provider: Sink) -> None:
    rates, costs = [], []
    for _ in range(RUNS):
        provider.stats(clear=True)
        records = [order(n % PROFILES) for n in range(MESSAGES)]
        requests = [upload(records[n : n + 100]) for n in range(0, MESSAGES, 100)]
        pids = (running.process.pid, provider.process.pid, os.getpid())
        before = [cpu_s(pid) for pid in pids]
        begun = time.monotonic()
        uvloop.run(_load.flood(running.port, requests, 4))
        while provider.stats()["count"] < MESSAGES:
            time.sleep(0.05)
        took = provider.stats()["last_s"] - begun
        rates.append(MESSAGES / took)
        costs.append(sum(cpu_s(pid) - b for pid, b in zip(pids, before, strict=True)) / MESSAGES * 1000)
    figure("event to message at the sink, unbatched", rates, "messages/s", 3000)
    figure("processor time a message, all processes", costs, "ms", 0.35, at_most=True)


def latency(
    running: Platform, provider: Sink, per_s: float, limits: tuple[float | None, float | None]
) -> None:
    halves, tails = [], []
    for _ in range(RUNS):
        provider.stats(clear=True)
        count = iter(range(1_000_000_000))

        def one(count: object = count) -> bytes:
            return upload([order(next(count) % PROFILES, t=f"{time.monotonic():.6f}")])  # type: ignore[call-overload]

        uvloop.run(_load.steady(running.port, one, per_s, LATENCY_S))
        time.sleep(0.5)
        ages = provider.stats()["ages_ms"]
        halves.append(percentile(ages, 0.50))
        tails.append(percentile(ages, 0.99))
    figure(f"latency event to sink at {per_s:g}/s, p50", halves, "ms", limits[0], at_most=True)
    figure(f"latency event to sink at {per_s:g}/s, p99", tails, "ms", limits[1], at_most=True)


def unmatched(running: Platform) -> None:
    """Events that no campaign listens to, from the first upload to the last one decided."""
    records = [
        {
            "identity": f"u{n % PROFILES}",
            "type": "event",
            "evtName": "Looked",
            "evtData": {"Page": "/shoes", "Seconds": 12, "Returning": True},
        }
        for n in range(500)
    ]
    request = upload(records)
    rates = []
    for _ in range(RUNS):
        before = running.metric("tellwire_entries_decided_total")
        begun = time.monotonic()
        uvloop.run(_load.flood(running.port, [request] * (UNMATCHED // 500), 4))
        ended = running.await_metric("tellwire_entries_decided_total", before + UNMATCHED)
        rates.append(UNMATCHED / (ended - begun))
    figure("events that match no campaign, uploaded and decided", rates, "events/s", 40_000)


if __name__ == "__main__":
    main()
