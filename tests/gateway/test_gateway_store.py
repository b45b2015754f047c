"""Laws of the gateway's store: the queue, receipts in any order, callbacks in order, all over restarts."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.builders import a_new_message

from tellwire.gateway.contract.receipts import MessageReport
from tellwire.gateway.model.account import Account, Subaccount
from tellwire.gateway.model.callback import Tried
from tellwire.gateway.model.message import (
    EXPIRED,
    SENT,
    Claimed,
    LaneSettlement,
    NewBatch,
    NewMessage,
    Settled,
)
from tellwire.gateway.model.receipt import RECEIPT_WAIT, CarrierReceipt, Recorded
from tellwire.gateway.store.accounts import Accounts
from tellwire.gateway.store.callbacks import Callbacks
from tellwire.gateway.store.messages import Messages
from tellwire.gateway.store.receipts import EARLY_KEPT, Receipts
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

NOW = datetime(2026, 1, 31, 8, 15, 30, tzinfo=UTC)
URL = "http://hooks.example/dlr"
DELIVERED = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
AT_OPERATOR = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR)
UNDELIVERED = Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT)


class Store:
    """The store's faces over one file."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.messages = Messages(database)
        self.receipts = Receipts(database)
        self.callbacks = Callbacks(database)
        self.accounts = Accounts(database)

    async def accept(self, count: int = 1, **members: Any) -> None:
        batch = NewBatch(account="a", messages=[message(number, **members) for number in range(count)])
        assert (await self.messages.accept(batch)).is_covered

    async def take(self, claimed: Claimed, references: list[str]) -> frozenset[str]:
        numbered = list(enumerate(references, start=1))
        settled = Settled(place=claimed.place, seq=claimed.seq, references=numbered, at=NOW, standing=SENT)
        return (await self.messages.settle(LaneSettlement("sim", [settled]))).callback_lanes

    async def report(
        self, reference: str, standing: Standing, *, after: timedelta = timedelta(0)
    ) -> frozenset[str]:
        return (await self.record(reference, standing, after=after)).callback_lanes

    async def record(self, reference: str, standing: Standing, *, after: timedelta) -> Recorded:
        at = NOW + after
        return await self.receipts.record(
            CarrierReceipt(
                carrier="sim", reference=reference, standing=standing, error_code=0, at=at, received=at
            )
        )

    async def status(self) -> dict[str, int]:
        return await self.messages.standings()

    async def due(
        self, *, after: timedelta = timedelta(0), busy: tuple[int, ...] = ()
    ) -> list[tuple[int, str]]:
        lane = "s http://hooks.example"
        found = await self.callbacks.due(lane, NOW + after, 100, list(busy))
        return [(one.id, one.report.standing.status.value) for one in found]


def message(number: int, **members: Any) -> NewMessage:
    return a_new_message(number, NOW, **{"callback_url": URL, **members})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = await Database.open(tmp_path / "gateway.db", MIGRATIONS)
    yield Store(database)
    await database.close()


async def test_claiming_reads_in_order_and_behind_the_cursor(store: Store) -> None:
    await store.accept(5)

    first = await store.messages.claim("sim", 0, 3)
    rest = await store.messages.claim("sim", first[-1].place, 10)

    assert [one.destination[-1] for one in first + rest] == ["0", "1", "2", "3", "4"]
    assert await store.messages.claim("other", 0, 10) == []


async def test_what_was_claimed_and_not_settled_comes_again_after_a_restart(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    store = Store(database)
    await store.accept(3)
    claimed = await store.messages.claim("sim", 0, 3)
    await store.take(claimed[1], ["r1"])
    await database.close()

    again = await Database.open(tmp_path / "g.db", MIGRATIONS)
    left = await Messages(again).claim("sim", 0, 10)
    await again.close()

    assert [one.seq for one in left] == [claimed[0].seq, claimed[2].seq]


async def test_a_retry_remembers_the_parts_that_were_taken(store: Store) -> None:
    await store.accept(parts=3)
    claimed = (await store.messages.claim("sim", 0, 1))[0]
    retry = Settled(
        place=claimed.place,
        seq=claimed.seq,
        references=[(2, "r2")],
        at=NOW,
        retry_at=NOW + timedelta(seconds=2),
    )

    await store.messages.settle(LaneSettlement("sim", [retry]))
    early = await store.messages.wake(NOW + timedelta(seconds=1))
    woken = await store.messages.wake(NOW + timedelta(seconds=2))

    again = await store.messages.claim("sim", claimed.place, 10)
    assert (early.lanes, woken.lanes) == (frozenset(), frozenset({"sim"}))
    assert [(one.seq, one.attempts, one.taken) for one in again] == [(claimed.seq, 1, [2])]


async def test_a_scheduled_message_waits_for_its_time(store: Store) -> None:
    await store.accept(due_ms=to_ms(NOW + timedelta(hours=1)))

    before = await store.messages.claim("sim", 0, 10)
    await store.messages.wake(NOW + timedelta(hours=1))

    assert before == []
    assert len(await store.messages.claim("sim", 0, 10)) == 1


async def test_a_receipt_that_comes_before_its_answer_counts(store: Store) -> None:
    await store.accept()
    claimed = (await store.messages.claim("sim", 0, 1))[0]

    lanes = await store.report("r1", DELIVERED)
    settled_lanes = await store.take(claimed, ["r1"])

    assert lanes == frozenset()
    assert settled_lanes == {"s http://hooks.example"}
    assert await store.status() == {"delivered": 1}


async def test_an_early_receipt_is_forgotten_in_time(store: Store) -> None:
    await store.report("nobody", DELIVERED)

    kept = await store.receipts.forget_early(NOW + EARLY_KEPT)
    forgotten = await store.receipts.forget_early(NOW + EARLY_KEPT + timedelta(seconds=1))

    assert (kept, forgotten) == (0, 1)


async def test_receipts_after_two_days_change_nothing(store: Store) -> None:
    await store.accept()
    await store.take((await store.messages.claim("sim", 0, 1))[0], ["r1"])

    lanes = await store.report("r1", DELIVERED, after=RECEIPT_WAIT + timedelta(seconds=1))

    assert lanes == frozenset()
    assert await store.status() == {"sent": 1}


@pytest.mark.parametrize("is_early", [False, True])
async def test_the_carriers_own_error_goes_on_to_the_callback(store: Store, is_early: bool) -> None:
    await store.accept()
    (claimed,) = await store.messages.claim("sim", 0, 1)
    receipt = CarrierReceipt(
        carrier="sim",
        reference="r1",
        standing=UNDELIVERED,
        error_code=7,
        at=NOW,
        received=NOW,
        carrier_error="0c5",
    )

    if is_early:
        await store.receipts.record(receipt)
    await store.take(claimed, ["r1"])
    if not is_early:
        await store.receipts.record(receipt)
    (sent,) = await store.callbacks.due("s http://hooks.example", NOW, 10, [])
    await store.callbacks.settle(Tried(id=sent.id, at=NOW))
    (failed,) = await store.callbacks.due("s http://hooks.example", NOW, 10, [])

    assert isinstance(failed.report, MessageReport)
    assert (failed.report.error_code, failed.report.carrier_error) == (7, "0c5")


async def test_a_receipt_dated_before_its_message_is_told_as_of_then(store: Store) -> None:
    await store.accept()
    await store.take((await store.messages.claim("sim", 0, 1))[0], ["r1"])

    await store.report("r1", DELIVERED, after=timedelta(hours=-1))
    (sent,) = await store.callbacks.due("s http://hooks.example", NOW, 10, [])
    await store.callbacks.settle(Tried(id=sent.id, at=NOW))
    (delivered,) = await store.callbacks.due("s http://hooks.example", NOW, 10, [])

    assert delivered.report.standing == DELIVERED
    assert delivered.report.at == NOW


@pytest.mark.parametrize(
    ("reports", "status"),
    [
        ([("r1", DELIVERED)], "sent"),
        ([("r1", DELIVERED), ("r2", DELIVERED)], "delivered"),
        ([("r1", DELIVERED), ("r1", DELIVERED)], "sent"),
        ([("r1", UNDELIVERED)], "undelivered"),
        ([("r1", DELIVERED), ("r2", UNDELIVERED)], "undelivered"),
        ([("r1", UNDELIVERED), ("r2", DELIVERED)], "undelivered"),
        ([("r2", DELIVERED), ("r2", UNDELIVERED), ("r1", DELIVERED)], "delivered"),
        ([("r1", EXPIRED), ("r2", EXPIRED)], "expired"),
    ],
)
async def test_parts_fold_into_one_standing(
    store: Store, reports: list[tuple[str, Standing]], status: str
) -> None:
    await store.accept(parts=2)
    await store.take((await store.messages.claim("sim", 0, 1))[0], ["r1", "r2"])

    for reference, standing in reports:
        await store.report(reference, standing)

    assert await store.status() == {status: 1}


async def test_a_message_in_one_payload_needs_one_receipt_whatever_its_parts(store: Store) -> None:
    await store.accept(parts=4)
    await store.take((await store.messages.claim("sim", 0, 1))[0], ["whole"])

    await store.report("whole", DELIVERED)

    assert await store.status() == {"delivered": 1}


async def test_receipts_in_any_order_never_move_a_message_back(store: Store) -> None:
    orders = list(permutations([AT_OPERATOR, DELIVERED, UNDELIVERED, EXPIRED]))
    await store.accept(len(orders))
    for number, claimed in enumerate(await store.messages.claim("sim", 0, 100)):
        await store.take(claimed, [f"r{number}"])

    for step in range(4):
        for number, order in enumerate(orders):
            await store.report(f"r{number}", order[step])

    ends = [next(s for s in order if s is not AT_OPERATOR).status.value for order in orders]
    assert await store.status() == dict(Counter(ends))


async def test_one_change_is_one_callback_and_they_wait_for_each_other(store: Store) -> None:
    await store.accept()
    await store.take((await store.messages.claim("sim", 0, 1))[0], ["r1"])
    await store.report("r1", AT_OPERATOR)
    await store.report("r1", DELIVERED)
    await store.report("r1", DELIVERED)

    seen = []
    while due := await store.due():
        assert len(due) == 1
        seen.append(due[0][1])
        await store.callbacks.settle(Tried(id=due[0][0], at=NOW))

    assert seen == ["sent", "delivered", "delivered"]
    assert await store.callbacks.lanes() == []


async def test_a_callback_to_be_tried_again_holds_its_successors_and_nobody_elses(store: Store) -> None:
    await store.accept(2)
    one, other = await store.messages.claim("sim", 0, 2)
    await store.take(one, ["r1"])
    await store.take(other, ["r2"])
    await store.report("r1", DELIVERED)
    first, second = await store.due()

    await store.callbacks.settle(Tried(id=first[0], at=NOW, retry_at=NOW + timedelta(seconds=10)))

    assert await store.due() == [second]
    assert await store.due(busy=(second[0],)) == []
    assert sorted(await store.due(after=timedelta(seconds=10))) == [first, second]


async def test_a_clock_set_back_holds_no_callback(store: Store) -> None:
    await store.accept()
    await store.take((await store.messages.claim("sim", 0, 1))[0], ["r1"])
    ((first, _),) = await store.due()
    await store.callbacks.settle(Tried(id=first, at=NOW, retry_at=NOW + timedelta(seconds=10)))

    assert len(await store.due(after=timedelta(days=-1))) == 1


async def test_a_prepaid_account_pays_for_all_or_nothing(store: Store) -> None:
    await store.accounts.save_account(Account(id="a", name="a", is_prepaid=True, currency="EUR"), NOW)
    await store.accounts.save_subaccount(Subaccount(id="s", account="a", default_source="X"), NOW)
    await store.accounts.add_balance("a", 100)
    priced = [message(number, price_micro=60) for number in range(2)]

    covered = [
        (await store.messages.accept(NewBatch(account="a", messages=[one], is_prepaid=True))).is_covered
        for one in priced
    ]

    assert covered == [True, False]
    assert await store.accounts.balance_micro("a") == 40
    assert await store.status() == {"queued": 1}


async def test_how_long_receipts_count_is_the_operators_choice(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "wait.db", MIGRATIONS)
    patient = Store(database)
    patient.receipts = Receipts(database, wait=2 * RECEIPT_WAIT)
    await patient.accept()
    [claimed] = await patient.messages.claim("sim", 0, 10)
    await patient.take(claimed, ["r1"])

    await patient.report("r1", DELIVERED, after=RECEIPT_WAIT + timedelta(seconds=1))

    assert await patient.status() == {"delivered": 1}
    await database.close()


async def test_only_the_first_word_on_a_message_tells_how_slow_receipts_are(store: Store) -> None:
    await store.accept()
    [claimed] = await store.messages.claim("sim", 0, 10)
    await store.take(claimed, ["r1"])

    first = await store.record("r1", AT_OPERATOR, after=timedelta(seconds=7))
    second = await store.record("r1", DELIVERED, after=timedelta(seconds=90))
    unknown = await store.record("r2", DELIVERED, after=timedelta(seconds=90))

    assert [one.delay_s for one in (first, second, unknown)] == [7.0, None, None]
