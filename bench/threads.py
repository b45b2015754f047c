"""Where the platform's processor time goes, a message: by thread. bench/PROFILE.md has it by function.

`scripts/bench --against REV threads` sets old code beside new. Processor time is what to trust on a machine that
others keep busy: rates there say more about them.
"""

import time
from pathlib import Path

import uvloop
from bench import _load
from bench._figures import RUNS, figure, machine
from bench._platform import Platform, Sink, order, platform, profiles, set_up_campaign, sink, upload

PROFILES = 5_000
MESSAGES = 15_000
WARM_UP = 3_000
# In the order in which the process starts them; a second one is uvloop's for what blocks, and mostly idle.
THREADS = {"loop": 0, "thread that writes": 2, "thread that reads": 3}


def main() -> None:
    print(f'{{"machine": "{machine()}"}}', flush=True)
    with sink() as provider, platform() as running:
        set_up_campaign(running, provider.port)
        uvloop.run(_load.flood(running.port, profiles(PROFILES), 2))
        running.await_metric("tellwire_entries_decided_total", PROFILES)
        deliver(running, provider, WARM_UP)
        costs = [deliver(running, provider, MESSAGES) for _ in range(RUNS)]
    for name, place in THREADS.items():
        figure(f"processor time a message, {name}", [one[place] for one in costs], "us")
    figure("processor time a message, the platform's process", [sum(one) for one in costs], "us")


def deliver(running: Platform, provider: Sink, messages: int) -> list[float]:
    """Return the microseconds a message that each thread took, in the order of their numbers."""
    provider.stats(clear=True)
    records = [order(n % PROFILES) for n in range(messages)]
    requests = [upload(records[n : n + 100]) for n in range(0, messages, 100)]
    before = processor_ns(running.process.pid)
    uvloop.run(_load.flood(running.port, requests, 4))
    while provider.stats()["count"] < messages:
        time.sleep(0.05)
    time.sleep(0.3)  # for the last settlements
    after = processor_ns(running.process.pid)
    return [(ns - before.get(thread, 0)) / messages / 1000 for thread, ns in sorted(after.items())]


def processor_ns(pid: int) -> dict[int, int]:
    """Return what each thread of a process has used so far."""
    tasks = Path(f"/proc/{pid}/task")
    return {int(task.name): int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()}


if __name__ == "__main__":
    main()
