"""What many campaigns cost an event that few or none of them answer: 10 and 10,000 live ones, and 1,000 on its name."""

import json

import uvloop
from bench import _load
from bench._figures import RUNS, figure, machine
from bench._platform import Platform, Sink, add_provider, order, platform, profiles, sink, upload

PROFILES = 2_000
PAGE = 500  # campaigns in one import
EVENTS = 20_000
ORDERS = 1_000


def main() -> None:
    print(f'{{"machine": "{machine()}"}}', flush=True)
    elsewhere(10)
    elsewhere(10_000)
    same_event(1)
    same_event(1_000)


def elsewhere(count: int) -> None:
    """Events that nobody listens to, beside `count` live campaigns on other events."""
    with platform() as running, sink() as provider:
        prepare(running, provider, [campaign(n, f"Other {n}") for n in range(count)])
        request = upload([{"identity": f"u{n}", "type": "event", "evtName": "Looked"} for n in range(500)])
        rates = [decided_per_s(running, [request] * (EVENTS // 500), EVENTS) for _ in range(RUNS)]
    figure(f"unmatched events beside {count:,} campaigns on other events", rates, "events/s")


def same_event(count: int) -> None:
    """Events that one campaign answers, of `count` that listen to their name, each for another city."""
    with platform() as running, sink() as provider:
        prepare(running, provider, [campaign(n, "Order Placed", city=f"City {n}") for n in range(count)])
        records = [order(n % PROFILES, City="city 0") for n in range(ORDERS)]
        requests = [upload(records[n : n + 100]) for n in range(0, ORDERS, 100)]
        rates = [decided_per_s(running, requests, ORDERS) for _ in range(RUNS)]
    figure(f"events that one of {count:,} campaigns on their name answers", rates, "events/s")


def decided_per_s(running: Platform, requests: list[bytes], events: int) -> float:
    before = running.metric("tellwire_entries_decided_total")
    begun = running.now()
    uvloop.run(_load.flood(running.port, requests, 4))
    ended = running.await_metric("tellwire_entries_decided_total", before + events)
    return events / (ended - begun)


def prepare(running: Platform, provider: Sink, campaigns: list[dict[str, object]]) -> None:
    add_provider(running, provider.port)
    for at in range(0, len(campaigns), PAGE):
        document = {"tellwire": 1, "campaigns": campaigns[at : at + PAGE]}
        running.ask_text("POST", "/api/import", json.dumps(document))  # JSON is YAML
    uvloop.run(_load.flood(running.port, profiles(PROFILES), 2))
    running.await_metric("tellwire_entries_decided_total", PROFILES)


def campaign(n: int, event: str, city: str | None = None) -> dict[str, object]:
    conditions = [] if city is None else [{"property": "City", "operator": "equals", "value": city}]
    return {
        "name": f"Campaign {n}",
        "state": "running",
        "event": event,
        "event_conditions": conditions,
        "content": {"text": f"Offer {n} for {{{{ Profile.Name | default: 'you' }}}}"},
    }


if __name__ == "__main__":
    main()
