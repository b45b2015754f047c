"""8x8 contract 11, item 7: schedules, cancelling by umid and by batch, double cancelling, expiry.

What is refused at once is in `test_contract_sending` and `test_gateway_messages`; here time passes.
"""

from pathlib import Path

import pytest
from tests.clock import Clock
from tests.gateway.checklist_world import MESSAGES, PHONE, later, opened
from tests.gateway.gateway_world import Receiver, shown, until

from tellwire.gateway.carriers import waker

OTHER = "+6591230001"
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(waker, "WAKE_S", 0.02)  # the hours pass at once, so the looks for them must, too
    return Clock.running()


async def test_7_a_scheduled_message_waits_for_its_time_and_then_goes(
    tmp_path: Path, clock: Clock, receiver: Receiver
) -> None:
    async with opened(tmp_path, clock) as (gateway, client):
        status, answer = await client.send(
            destination=PHONE, text="later", scheduled=later(clock, DAY_S), dlrCallbackUrl=receiver.url
        )
        await client.send(destination=OTHER, text="a minute sooner", scheduled=later(clock, DAY_S - 60))
        clock.advance(DAY_S - 30)
        await until(lambda: shown(gateway, OTHER))
        assert not shown(gateway, PHONE)

        clock.advance(120)
        await until(lambda: len(receiver.bodies) == 2)

        assert (status, answer["status"]["code"]) == (200, "QUEUED")
        assert [message.text for message in shown(gateway, PHONE)] == ["later"]


async def test_7_the_schedule_may_be_seven_days_ahead_and_no_more(tmp_path: Path, clock: Clock) -> None:
    async with opened(tmp_path, clock) as (_, client):
        within = await client.send(destination=PHONE, text="x", scheduled=later(clock, 7 * DAY_S - 5))
        beyond = await client.send(destination=PHONE, text="x", scheduled=later(clock, 7 * DAY_S + 5))

    assert within[0] == 200
    assert (beyond[0], beyond[1]["code"]) == (400, 1011)


async def test_7_cancelled_messages_are_not_sent_when_their_time_comes(tmp_path: Path, clock: Clock) -> None:
    due = later(clock, HOUR_S)
    async with opened(tmp_path, clock) as (gateway, client):
        _, one = await client.send(destination=PHONE, text="one", scheduled=due)
        _, batch = await client.batch(
            {"destinations": [PHONE], "template": {"text": "many", "scheduled": due}}
        )
        await client.send(destination=PHONE, text="kept", scheduled=due)

        by_umid = await client.call("DELETE", f"{MESSAGES}/{one['umid']}")
        by_batch = await client.call("DELETE", f"{MESSAGES}/batch/{batch['batchId']}")
        clock.advance(HOUR_S + 60)
        await until(lambda: shown(gateway, PHONE))

        assert by_umid == by_batch == (200, {"cancelledCount": 1})
        assert [message.text for message in shown(gateway, PHONE)] == ["kept"]


async def test_7_a_double_cancel_finds_nothing(tmp_path: Path, clock: Clock) -> None:
    async with opened(tmp_path, clock) as (_, client):
        _, one = await client.send(destination=PHONE, text="one", scheduled=later(clock, HOUR_S))
        _, batch = await client.batch(
            {"destinations": [PHONE, OTHER], "template": {"text": "x", "scheduled": later(clock, HOUR_S)}}
        )

        singles = [await client.call("DELETE", f"{MESSAGES}/{one['umid']}") for _ in range(2)]
        batches = [await client.call("DELETE", f"{MESSAGES}/batch/{batch['batchId']}") for _ in range(2)]

    assert singles[0] == (200, {"cancelledCount": 1})
    assert (singles[1][0], singles[1][1]["code"]) == (404, 1300)
    assert batches == [(200, {"cancelledCount": 2}), (200, {"cancelledCount": 0})]


async def test_7_a_batch_is_cancelled_but_for_what_was_sent(
    tmp_path: Path, clock: Clock, receiver: Receiver
) -> None:
    async with opened(tmp_path, clock) as (_, client):
        _, batch = await client.batch(
            {
                "messages": [
                    {"destination": PHONE, "text": "now", "dlrCallbackUrl": receiver.url},
                    {"destination": OTHER, "text": "later", "scheduled": later(clock, HOUR_S)},
                ]
            }
        )
        await until(lambda: receiver.bodies)

        answer = await client.call("DELETE", f"{MESSAGES}/batch/{batch['batchId']}")

    assert answer == (200, {"cancelledCount": 1})


async def test_7_an_expiry_in_the_past_is_rejected_in_a_batch_and_1006_alone(
    tmp_path: Path, clock: Clock
) -> None:
    late = {"destination": PHONE, "text": "x", "expiry": later(clock, -1)}
    before_schedule = {
        "destination": PHONE, "text": "x", "expiry": later(clock, 60), "scheduled": later(clock, 120),
    }  # fmt: skip
    async with opened(tmp_path, clock) as (_, client):
        _, batch = await client.batch(
            {"messages": [late, before_schedule], "includeMessagesInResponse": True}
        )
        alone = [await client.call("POST", MESSAGES, item) for item in (late, before_schedule)]

    assert [(one["status"]["code"], one["status"]["description"]) for one in batch["messages"]] == [
        ("REJECTED", "Expiry time already reached")
    ] * 2
    assert [(status, error["code"]) for status, error in alone] == [(400, 1006)] * 2


async def test_7_what_expires_before_a_carrier_takes_it_is_never_sent_and_reported_expired(
    tmp_path: Path, clock: Clock, receiver: Receiver
) -> None:
    due, expiry = later(clock, HOUR_S), later(clock, 2 * HOUR_S)
    async with opened(tmp_path, clock) as (gateway, client):
        await client.send(
            destination=PHONE, text="x", scheduled=due, expiry=expiry, dlrCallbackUrl=receiver.url
        )

        clock.advance(3 * HOUR_S)
        await until(lambda: receiver.bodies)

        status = receiver.bodies[0]["payload"]["status"]
        assert (status["state"], status["errorCode"]) == ("undelivered", 36)
        assert not shown(gateway, PHONE)
