"""What is counted at each step: who came, waits and left there, and what became of its messages."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.live import Live
from tests.rehearsing import at, campaign, event, profile

from tellwire.kernel.status import MessageStatus, Receipt, Standing
from tellwire.platform.control.step_figures import StepFigures, figures_of
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.message import MessageId, message_id, number_in
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import ForTime, SendStep, StopStep, WaitStep

NINE = at("2026-06-01T09:00")
HOUR = timedelta(hours=1)


def send(name: str, number: int, text: str = "Hi") -> SendStep:
    return SendStep(id=name, content=Content(text=text), number=number)


JOURNEY = campaign(
    OnEvent(event="Seen"),
    send("first", 0, "One"),
    WaitStep(id="pause", until=ForTime(Duration(2, "hour"))),
    send("second", 1, "Two {{ Profile.City }}"),
    StopStep(id="done"),
    name="J",
)


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


async def figures(live: Live, campaign_id: int = 1) -> dict[str, StepFigures]:
    reports, known = live.backend.reports, await live.campaign(campaign_id)
    (funnel,) = await reports.funnel([known.id])
    found = figures_of(known, await reports.step_sums(known.id), funnel, await reports.waiting(known.id))
    return {one.step: one for one in found}


def seen(who: str, when: str, **data: Any) -> list[dict[str, Any]]:
    return [profile(who, when, **data), event(who, "Seen", when)]


def of(step: str, reached: int, **rest: int) -> StepFigures:
    nothing = dict.fromkeys(StepFigures.__struct_fields__[2:], 0)
    return StepFigures(step=step, reached=reached, **{**nothing, **rest})


async def test_everybody_is_counted_where_they_came_wait_and_left(live: Live) -> None:
    await live.publish(JOURNEY)
    await live.receive(*seen("ann", "2026-06-01T09:00"), *seen("bob", "2026-06-01T10:00", City="Rome"))

    await live.wait(NINE + 2.5 * HOUR)
    counted = await figures(live)

    assert counted == {
        "first": of("first", 2, messages=2),
        "pause": of("pause", 2, waiting=1),
        "second": of("second", 1, messages=1),
        "done": of("done", 1, left=1),
    }


async def test_messages_are_counted_at_their_step_as_they_move_and_skips_where_they_were(live: Live) -> None:
    await live.publish(JOURNEY)
    await live.receive(*seen("ann", "2026-06-01T09:00"), *seen("bob", "2026-06-01T09:00"))
    await live.receive(profile("bob", "2026-06-01T10:00", **{"MSG-sms": False}))
    await live.wait(NINE + 3 * HOUR)
    rows = await live.backend.reports.recent_messages(10)
    assert sorted(number_in(row.id) for row in rows) == [0, 0, 1]

    fates = {0: MessageStatus.UNDELIVERED, 1: MessageStatus.DELIVERED}
    await live.backend.messages.apply(
        [
            Receipt(message_id=row.id, standing=Standing(fates[number_in(row.id)]), at=NINE + 4 * HOUR)
            for row in rows
        ]
    )
    counted = await figures(live)

    assert counted["first"] == of("first", 2, messages=2, failed=2)
    assert counted["second"] == of("second", 2, messages=1, delivered=1, skipped=1)


async def test_a_campaign_of_one_send_keeps_no_sums_by_step(live: Live) -> None:
    one: Campaign = campaign(OnEvent(event="Seen"), name="One")
    await live.publish(one)
    await live.receive(*seen("ann", "2026-06-01T09:00"))

    sums = await live.backend.reports.step_sums(CampaignId(1))

    assert (sums.came, sums.left, sums.skipped, sums.numbered) == ({}, {}, {}, {})
    assert (await figures(live))["send"] == of("send", 1, messages=1)  # those came who were written to


@pytest.mark.parametrize(("number", "visit"), [(0, 0), (3, 0), (0, 2), (12, 7)])
def test_the_number_of_a_step_is_in_the_ids_of_its_messages(number: int, visit: int) -> None:
    made: MessageId = message_id(OccasionId("0123-run.5"), CampaignId(7), number, visit)

    assert number_in(made) == number
