"""What a simulation of ten days costs: 20,000 people, 200,000 events, five campaigns, some 40,000 messages."""

import json
import random
import tempfile
import time
from pathlib import Path

from bench._figures import RUNS, figure

from tellwire.platform.rehearse.simulation import OutputLine
from tellwire.simulating import run_simulation

PEOPLE = 20_000
EVENTS = 200_000
DAYS = 10
BEGIN = 1_780_315_200  # 2026-06-01T12:00:00Z
UNTIL = "2026-06-12T12:00:00Z"

CAMPAIGNS = """\
account: {limits: {per_person: [3 per 24 hours]}}
campaigns:
- name: Cart
  start: {event: Added To Cart, where: [{property: Amount, greater_than: 50}]}
  key: Event.cart_id
  stop: {event: Charged, same: cart_id}
  quiet: {from: "22:00", to: "08:00"}
  steps: [{id: pause, wait: {for: 30 minutes}}, {id: remind, send: {text: "{{ Profile.Name }}, your cart waits."}}]
- name: Welcome
  start: {event: Signed Up}
  limits: {ever: 1}
  steps:
  - {id: hello, send: {text: "Welcome, {{ Profile.Name }}!"}}
  - {id: day, wait: {for: 1 day}}
  - {id: nine, wait: {until: "09:00"}}
  - {id: tips, send: {text: "Three tips."}}
- name: Receipt
  priority: high
  start: {event: Charged}
  steps: [{id: receipt, send: {text: "Paid: {{ Event.Amount }}", necessary: true}}]
- name: Split
  start: {event: Page Seen, where: [{property: page, equals: offer}]}
  who: {any: [{profile: Plan, equals: gold}, {profile: Plan, equals: silver}]}
  limits: {per_person: [1 per 7 days]}
  steps:
  - id: which
    split: [{share: 50, steps: [{id: a, send: {text: A}}]}, {share: 50, steps: [{id: b, send: {text: B}}]}]
- name: Bill
  start: {event: Bill Sent}
  key: Event.bill
  steps:
  - id: thrice
    repeat: {times: 3, every: 2 days, until: {event: Bill Paid, same: bill}, steps: [{id: due, send: {text: Due.}}]}
"""
ZONES = ("+4915", "+6591", "+1202", "+9198")
SHARES = (  # of the events, by name; the rest meets nothing
    ("Added To Cart", 0.08),
    ("Charged", 0.07),
    ("Signed Up", 0.03),
    ("Page Seen", 0.10),
    ("Bill Sent", 0.02),
    ("Bill Paid", 0.01),
)


def story() -> list[str]:
    """Return the lines of the file: profiles first, then events in order of time."""
    chance = random.Random(7)
    lines = [
        json.dumps(
            {
                "identity": f"p{n}",
                "ts": BEGIN,
                "type": "profile",
                "profileData": {
                    "Name": f"Nr {n}",
                    "Phone": f"{ZONES[n % 4]}{1_000_000 + n}{n % 10 if n % 4 == 0 else ''}",
                    "Plan": ("gold", "silver", "free")[n % 3],
                },
            }
        )
        for n in range(PEOPLE)
    ]
    moments = sorted(chance.random() * DAYS * 86_400 for _ in range(EVENTS))
    names, weights = zip(*SHARES, strict=True)
    for moment in moments:
        name = chance.choices((*names, "Other"), (*weights, 1 - sum(weights)))[0]
        data = {
            "Amount": chance.randrange(200),
            "cart_id": chance.randrange(9_000),
            "bill": chance.randrange(3_000),
        }
        data["page"] = chance.choice(("offer", "home"))
        record = {"identity": f"p{chance.randrange(PEOPLE)}", "ts": round(BEGIN + moment, 3), "type": "event"}
        lines.append(json.dumps({**record, "evtName": name, "evtData": data}))
    return lines


def simulated(folder: Path) -> tuple[float, int]:
    """Return how many seconds the simulation takes, and how many messages it has."""
    begun, messages = time.perf_counter(), 0
    for line in run_simulation([folder / "c.yaml"], folder / "e.ndjson", UNTIL):
        messages += isinstance(line, OutputLine) and line.verdict == "send"
    return time.perf_counter() - begun, messages


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "c.yaml").write_text(CAMPAIGNS)
        (folder / "e.ndjson").write_text("\n".join(story()) + "\n")
        runs = [simulated(folder) for _ in range(RUNS)]
    figure("simulate: ten days", [seconds for seconds, _ in runs], "s", 30, at_most=True)
    figure("simulate: messages", [float(messages) for _, messages in runs], "messages")


if __name__ == "__main__":
    main()
