"""People opt out while their texts wait behind a slow pace, and the program is killed meanwhile: nobody gets one then.

A few of them here; many at night.
"""

import os
import random
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest
from tests.e2e.conftest import Demo, eventually
from tests.ports import free_ports
from tests.waiting import HANG_S

from tellwire.kernel.status import MessageStatus
from tellwire.platform.deliver.worker import LOOKED_S
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import PutProvider
from tellwire.platform.ports.message_reports import MessageDetail
from tellwire.wiring.backend import open_backend

PEOPLE = int(os.environ.get("TELLWIRE_TEST_OPT_OUTS", "40"))  # more of them at night
TAKES_S = 8.0  # as long as the texts of all of them would take
BATCH = 400  # people in one upload
UNDER_WAY = timedelta(seconds=LOOKED_S + 1)  # since the last look at a text, and its request


@pytest.mark.timeout(10 * HANG_S + PEOPLE)
async def test_who_opts_out_while_the_text_is_queued_never_gets_it(start_demo, tmp_path) -> None:
    data, ports = tmp_path / "data", tuple(free_ports(2))
    start_demo(data, ports=ports).stop()
    await slow_down(data, PEOPLE / TAKES_S)
    demo, chance = start_demo(data, ports=ports), random.Random("opt-outs")
    everybody = [f"queued-{n}" for n in range(PEOPLE)]
    leavers = chance.sample(everybody, PEOPLE // 2)

    for some in batches(everybody):
        demo.upload(*(record for name in some for record in an_order(name)))
    for some in batches(leavers[::2]):
        demo.upload(*(said(name, {"MSG-sms": False}) for name in some))
    demo.process.kill()
    demo.process.wait(HANG_S)
    demo = start_demo(data, ports=ports)
    for some in batches(leavers[1::2]):
        demo.upload(*(said(name, {"MSG-dndPhone": True}) for name in some))
    eventually(lambda: is_quiet(demo), 4 * TAKES_S + HANG_S, "an empty queue")
    assert demo.stop() == 0

    backend = await open_backend(data)
    messages = {detail.row.profile_id: detail for detail in await every_message(backend)}
    people = {name: await profile(backend, name) for name in everybody}
    await backend.close()
    at_the_gateway = texts_of(data)
    taken_back = 0
    for name, person in people.items():
        message = messages[person.id]
        sent_at = handed_over_at(message)
        if message.row.standing.status is MessageStatus.REJECTED:
            assert name in leavers
            assert message.row.error_code in {"no_consent", "suppressed"}
            assert message.row.id not in at_the_gateway
            taken_back += 1
        elif name in leavers:
            late = "a text went out after its person had said no"
            assert sent_at is None or sent_at <= person.updated_at + UNDER_WAY, late
        else:
            assert message.row.standing.status in {MessageStatus.SENT, MessageStatus.DELIVERED}
    assert taken_back > len(leavers) / 4, "nothing was queued any more: it went too fast to mean anything"


def batches(names: list[str]) -> Iterator[list[str]]:
    return (names[start : start + BATCH] for start in range(0, len(names), BATCH))


def an_order(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    number = f"+659{int(name.removeprefix('queued-')):07d}"
    return said(name, {"Phone": number}), {"identity": name, "type": "event", "evtName": "Order Placed"}


def said(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"identity": name, "type": "profile", "profileData": properties}


async def slow_down(data: Path, per_s: float) -> None:
    """Give the demo's provider a pace."""
    backend = await open_backend(data)
    current = await backend.catalog.snapshot()
    [provider] = current.providers.values()
    await backend.catalog.save(
        (PutProvider(msgspec.structs.replace(provider, per_s=per_s)),), current.version
    )
    await backend.close()


def is_quiet(demo: Demo) -> bool:
    [campaign] = demo.get("/api/campaigns")["campaigns"]
    by_status = campaign["funnel"]["by_status"]
    return sum(by_status.values()) == PEOPLE and not by_status.get("queued")


async def profile(backend: Backend, name: str) -> Profile:
    found = await backend.reports.profile(Subject("identity", name))
    assert found is not None
    return found


async def every_message(backend: Backend) -> list[MessageDetail]:
    ids: list[MessageId] = []
    while page := await backend.reports.recent_messages(500, before=ids[-1] if ids else ""):
        ids += [row.id for row in page]
    return [detail for i in ids if (detail := await backend.reports.message(i)) is not None]


def handed_over_at(message: MessageDetail) -> datetime | None:
    """Return when it was handed over; nobody knows when it was, if at all, for what a kill met under way."""
    return next((step.at for step in message.timeline if step.what == "handed over"), None)


def texts_of(data: Path) -> set[str]:
    """Return the platform's messages that the gateway has."""
    with closing(apsw.Connection(str(data / "gateway" / "gateway.db"))) as store:
        return {client_id for (client_id,) in store.execute("SELECT client_id FROM message")}
