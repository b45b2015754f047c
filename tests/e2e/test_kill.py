"""kill -9 of the whole program while events come in at speed, again and again, and what is left afterwards.

What a kill leaves open are the claims: messages that were perhaps handed over. The next start tells of them at once,
for no other process can hold them.
"""

import itertools
import json
import os
import random
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import apsw
import msgspec
import pytest
from tests.e2e.conftest import eventually
from tests.ports import free_ports
from tests.waiting import HANG_S

from tellwire.kernel.status import MessageStatus
from tellwire.platform.model.campaign import Policy
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.event import Event
from tellwire.platform.ports.catalog import PutCampaign
from tellwire.platform.ports.message_reports import MessageRow
from tellwire.platform.ports.messages import RUN_OUT_LIMIT
from tellwire.platform.ports.stream import START
from tellwire.wiring.backend import open_backend

KILLS = int(os.environ.get("TELLWIRE_TEST_KILLS", "3"))  # more of them at night
IDLE_S = 120.0  # a receipt that met a closed door twice waits 10 s, then 30 s
APPS = 6  # connections that upload at once
DECIDED = "Order Placed"
GATEWAY = "gateway/gateway.db"


@dataclass
class OutputLine:
    """What the program had answered, and what it had under way, before each kill."""

    acknowledged: set[int] = field(default_factory=set)
    claimed: Counter[str] = field(
        default_factory=Counter
    )  # by message id: in how many kills it was under way


@pytest.mark.timeout(KILLS * 60 + 2 * IDLE_S)
@pytest.mark.parametrize("policy", ["never_repeat", "repeat"])
async def test_kill_9_loses_no_acknowledged_event_and_repeats_only_what_the_policy_says(
    start_demo, tmp_path, policy
):
    data, ports = tmp_path / "data", tuple(free_ports(2))
    start_demo(data, ports=ports).stop()
    await choose(data, policy)
    told, numbers, chance = OutputLine(), itertools.count(), random.Random(f"kill {policy}")

    for _ in range(KILLS):
        storm(start_demo(data, ports=ports), numbers, chance.randrange(200, 700), told)
        told.claimed.update(await claimed(data))
    last = start_demo(data, ports=ports)
    eventually(lambda: is_idle(last, data), IDLE_S, "an empty outbox")
    assert last.stop() == 0

    events, messages = await decided_events(data), await every_message(data)
    for number in told.acknowledged:
        assert number in events, "an acknowledged event is lost"
    for decisions in events.values():
        assert len(decisions) == 1
        assert decisions[0].message_id in messages
    assert len(messages) == len(events)
    assert {m.row.standing.status for m in messages.values()} <= {MessageStatus.SENT, MessageStatus.DELIVERED}
    handed_over = gateway_messages(data)
    uncertain = {i for i, m in messages.items() if "perhaps handed over" in {s.what for s in m.timeline}}
    if policy == "never_repeat":
        assert uncertain == set(told.claimed), "what a kill left open says so, and nothing else does"
        assert set(handed_over.values()) == {1}, "the gateway has a message twice"
        assert messages.keys() - handed_over.keys() <= uncertain, "a message that counts as sent never left"
    else:
        assert not uncertain
        assert handed_over.keys() == messages.keys(), "a message is lost on its way"
        assert all(count <= 1 + told.claimed[i] for i, count in handed_over.items()), (
            "repeated without a kill"
        )
    for message_id in delivered_and_called_back(data):
        assert messages[message_id].row.standing.status is MessageStatus.DELIVERED, "a receipt is lost"
    assert told.claimed, "no kill met a message under way: the storms were too weak to mean anything"


def storm(demo, numbers: "itertools.count[int]", last: int, told: OutputLine) -> None:
    """Upload from several connections until `last` more events are acknowledged, and kill right there."""
    where = urlsplit(demo.ready["platform_url"])
    headers = {
        "X-CleverTap-Account-Id": demo.ready["account_id"],
        "X-CleverTap-Passcode": demo.ready["passcode"],
    }
    acknowledged: set[int] = set()
    wrong: list[Any] = []

    def upload() -> None:
        with closing(HTTPConnection(str(where.hostname), where.port, timeout=HANG_S)) as connection:
            while not wrong:
                number = next(numbers)
                try:
                    connection.request("POST", "/1/upload", body_of(number), headers)
                    answer = connection.getresponse()
                    text = answer.read()
                except (OSError, HTTPException):
                    return
                if json.loads(text) != {"status": "success", "processed": 2, "unprocessed": []}:
                    wrong.append(text)
                    return
                acknowledged.add(number)
                if len(acknowledged) >= last:
                    demo.process.kill()

    threads = [Thread(target=upload) for _ in range(APPS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert demo.process.wait(HANG_S) == -9, "the demo ended by itself"
    told.acknowledged |= acknowledged


def body_of(number: int) -> bytes:
    name = f"kill-{number}"
    profile = {"identity": name, "type": "profile", "profileData": {"Phone": f"+659{number:07d}"}}
    event = {"identity": name, "type": "event", "evtName": DECIDED, "evtData": {"Item": "a kite"}}
    return json.dumps({"d": [profile, event]}).encode()


async def choose(data: Path, policy: Any) -> None:
    """Set the policy of the demo's campaign."""
    backend = await open_backend(data)
    current = await backend.catalog.snapshot()
    [campaign] = current.campaigns.values()
    changed = msgspec.structs.replace(campaign, policy=Policy(when_unresolved=policy))
    await backend.catalog.save((PutCampaign(changed),), current.version)
    await backend.close()


async def claimed(data: Path) -> list[str]:
    """Return the messages that were under way: those whose claims ran out, for nobody holds them any more."""
    backend = await open_backend(data)
    claims = await backend.messages.claim({}, datetime.now(UTC), timedelta())
    await backend.close()
    assert len(claims.run_out) < RUN_OUT_LIMIT
    return [one.message.id for one in claims.run_out]


IDLE_GATEWAY = "SELECT NOT EXISTS (SELECT 1 FROM ready) AND NOT EXISTS (SELECT 1 FROM callback)"
CALLED_BACK = """
SELECT client_id FROM message WHERE status = 'delivered' AND seq NOT IN (SELECT seq FROM callback)
"""


def is_idle(demo, data: Path) -> bool:
    """Say whether all that came in is decided and sent, and all receipts were called back."""
    _, metrics = demo.ask("GET", "/metrics")
    waiting = [one["waiting"] for one in demo.get("/api/providers/traffic")["traffic"]]
    is_decided = 'tellwire_waiting{queue="stream"} 0.0\n' in f"{metrics}\n"
    return is_decided and not any(waiting) and all(row[0] for row in ask(data / GATEWAY, IDLE_GATEWAY))


def ask(file: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(apsw.Connection(str(file))) as store:
        return list(store.execute(question))


async def decided_events(data: Path) -> dict[int, list[DecisionRecord]]:
    """Return the decisions of every stored event, by the number in its profile's name; an event twice fails."""
    backend = await open_backend(data)
    found: dict[int, list[DecisionRecord]] = {}
    position = START
    while page := await backend.stream.read(0, position, 1000):
        for entry in (positioned.entry for positioned in page):
            if isinstance(entry, Event) and entry.name == DECIDED:
                number = int(entry.subject.value.removeprefix("kill-"))
                assert number not in found, "an event was stored twice"
                found[number] = await backend.reports.decisions(entry.id)
        position = page[-1].position
    await backend.close()
    return found


async def every_message(data: Path) -> dict[str, Any]:
    """Return every message with its timeline, by its id."""
    backend = await open_backend(data)
    rows: list[MessageRow] = []
    while page := await backend.reports.recent_messages(500, before=rows[-1].id if rows else ""):
        rows += page
    found = {row.id: await backend.reports.message(row.id) for row in rows}
    await backend.close()
    return found


def gateway_messages(data: Path) -> Counter[str]:
    """Return how often the gateway was given each of the platform's messages."""
    return Counter(client_id for (client_id,) in ask(data / GATEWAY, "SELECT client_id FROM message"))


def delivered_and_called_back(data: Path) -> list[str]:
    """Return the messages that the gateway knows as delivered and has no callback left to make for."""
    return [client_id for (client_id,) in ask(data / GATEWAY, CALLED_BACK)]
