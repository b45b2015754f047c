"""The gateway side by side with Kannel: throughput and processor time, latency, and finding a carrier's rate.

    python bench/kannel.py [path] [latency] [pace]

Both are fed over HTTP, submit over one bind with a window of 50 to the same carrier (`_smpp_sink`: it answers at once,
the receipt follows 50 ms later) and call the same webhook. Every measurement starts its system anew, with an empty
store. The load generator (this process), the carrier and the system measured share the machine's cores.
Kannel is Debian's (`apt-get install kannel`), with its spool store, which it does not sync and which lies in memory
where it can; ours is on the disk and synced. Without Kannel only our figures are printed.
"""

import asyncio
import operator
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import uvloop
from bench import _load
from bench._figures import RUNS, cpu_s, figure, machine, percentile
from bench._gateways import BATCH, ENDINGS, Running, Sink, batch, has_kannel, kannel, sink, tellwire

CONNECTIONS = 64
MESSAGES = 20_000
WEBHOOKS_S = 300.0
CPU_LIMIT_MS = 0.4
LATENCY_PER_S, LATENCY_S = 500, 10
ANSWER_S = 2.0
P50_LIMIT_MS, P99_LIMIT_MS = 5.0, 25.0
ALLOWED_PER_S, SETTLE_S, PACE_S = 200, 5, 20
SHARE_LIMIT = 0.95

Start = Callable[[Sink], AbstractContextManager[Running]]
Way = tuple[Start, Callable[[Sink, Running], list[bytes]]]
OURS, KANNEL = "Tellwire", "Kannel"


def main(parts: list[str]) -> None:
    print(f'{{"machine": "{machine()}"}}', flush=True)
    systems: dict[str, Start] = {OURS: tellwire}
    if has_kannel():
        systems[KANNEL] = kannel
    with sink() as peers:
        for part in parts or list(PARTS):
            PARTS[part](peers, systems)


def path(peers: Sink, systems: dict[str, Start]) -> None:
    """Tell messages/s from the first request to the last webhook, and what one costs."""
    ways: dict[str, Way] = {name: (start, singles) for name, start in systems.items()}
    ways[f"{OURS}, {BATCH} a request"] = (tellwire, batches)
    if KANNEL in systems:
        ways[f"{KANNEL}, one webhook a message"] = (partial(kannel, mask=ENDINGS), singles)
    rates, costs = defaultdict(list), defaultdict(list)
    for _ in range(RUNS):
        for name, (start, requests) in ways.items():
            with start(peers) as system:
                rate, cost = end_to_end(peers, system, requests(peers, system))
            rates[name].append(rate)
            costs[name].append(cost)
            print(f"  {name}: {rate:.0f}/s, {cost:.3f} ms", file=sys.stderr)
    theirs = round(statistics.median(rates[KANNEL])) if KANNEL in rates else None
    for name in ways:
        is_ours = name.startswith(OURS)
        limits = (theirs, CPU_LIMIT_MS) if is_ours else (None, None)
        figure(f"{name}: HTTP to webhook", rates[name], "messages/s", limits[0])
        figure(f"{name}: processor time a message", costs[name], "ms", limits[1], at_most=True)


def singles(_: Sink, system: Running) -> list[bytes]:
    return [system.message(n, f"Hello number {n}") for n in range(MESSAGES)]


def batches(peers: Sink, _: Running) -> list[bytes]:
    return [batch(peers, first) for first in range(0, MESSAGES, BATCH)]


def end_to_end(peers: Sink, system: Running, requests: list[bytes]) -> tuple[float, float]:
    """Return messages/s and the system's CPU milliseconds a message."""
    peers.ask("/clear")
    used_s, sink_used_s, began_s = system.cpu_s(), cpu_s(peers.process.pid), time.monotonic()
    uvloop.run(_load.flood(system.port, requests, CONNECTIONS))
    accepted_s = time.monotonic() - began_s
    expected = MESSAGES * system.webhooks
    seen = peers.until("webhooks", lambda count: count >= expected, WEBHOOKS_S)
    took_s = seen["last_webhook_s"] - began_s
    busy = (cpu_s(peers.process.pid) - sink_used_s) / took_s
    print(
        f"  taken in {accepted_s:.1f} s, done in {took_s:.1f} s, sink {busy:.0%} of a core", file=sys.stderr
    )
    return MESSAGES / took_s, 1000 * (system.cpu_s() - used_s) / MESSAGES


def latency(peers: Sink, systems: dict[str, Start]) -> None:
    """Tell how long a request takes to become a submit_sm."""
    halves, tails = defaultdict(list), defaultdict(list)
    for _ in range(RUNS):
        for name, start in systems.items():
            with start(peers) as system:
                ages_ms = submit_ages_ms(peers, system)
            halves[name].append(percentile(ages_ms, 0.50))
            tails[name].append(percentile(ages_ms, 0.99))
            print(f"  {name}: {halves[name][-1]:.2f} and {tails[name][-1]:.2f} ms", file=sys.stderr)
    for name in systems:
        limits = (P50_LIMIT_MS, P99_LIMIT_MS) if name == OURS else (None, None)
        title = f"{name}: HTTP to submit_sm at {LATENCY_PER_S}/s"
        figure(f"{title}, p50", halves[name], "ms", limits[0], at_most=True)
        figure(f"{title}, p99", tails[name], "ms", limits[1], at_most=True)


def submit_ages_ms(peers: Sink, system: Running) -> list[float]:
    numbers = iter(range(1_000_000))

    def one() -> bytes:
        return system.message(next(numbers), f"{time.monotonic():.6f}")

    for seconds in (1, LATENCY_S):  # the first is to warm up
        peers.ask("/clear")
        uvloop.run(_steadily(system.port, one, seconds))
        expected = LATENCY_PER_S * seconds
        seen = peers.until("submits", partial(operator.le, expected))
    ages_ms: list[float] = seen["ages_ms"]
    return ages_ms


async def _steadily(port: int, one: Callable[[], bytes], seconds: int) -> None:
    await _load.steady(port, one, LATENCY_PER_S, seconds)
    await asyncio.sleep(ANSWER_S)  # Kannel forgets a request whose connection closes before the answer


def pace(peers: Sink, systems: dict[str, Start]) -> None:
    """Tell which share of what the carrier allows each system gets, and how often it asks in vain for it."""
    shares, in_vain = defaultdict(list), defaultdict(list)
    peers.ask(f"/allow?{ALLOWED_PER_S}")
    for _ in range(RUNS):
        for name, start in systems.items():
            with start(peers) as system:
                taken, throttled = taken_and_throttled(peers, system)
            shares[name].append(taken / (ALLOWED_PER_S * PACE_S))
            in_vain[name].append(throttled / taken)
            print(f"  {name}: {taken} taken, {throttled} throttled", file=sys.stderr)
    peers.ask("/allow?0")
    for name in systems:
        title = f"{name}: carrier of {ALLOWED_PER_S}/s"
        figure(f"{title}, share reached", shares[name], "of 1", SHARE_LIMIT if name == OURS else None)
        figure(f"{title}, throttled for each taken", in_vain[name], "submits")


def taken_and_throttled(peers: Sink, system: Running) -> tuple[int, int]:
    """Return what the carrier took and throttled in `PACE_S` whole seconds of its clock."""
    peers.ask("/clear")
    count = int(ALLOWED_PER_S * (SETTLE_S + PACE_S + 1) * 1.1)
    requests = [system.message(n, "Hello") for n in range(count)]
    first_s = int(time.monotonic()) + 1 + SETTLE_S
    uvloop.run(_load.flood(system.port, requests, CONNECTIONS))
    time.sleep(max(0.0, first_s + PACE_S + 0.1 - time.monotonic()))
    seen = peers.stats()
    seconds = [str(second) for second in range(first_s, first_s + PACE_S)]
    taken, throttled = (sum(seen[what].get(one, 0) for one in seconds) for what in ("taken", "throttled"))
    return taken, throttled


PARTS = {"path": path, "latency": latency, "pace": pace}


if __name__ == "__main__":
    main(sys.argv[1:])
