"""Laws of forgetting in the gateway's store: what is old and over goes, in small steps, and nothing else does."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.builders import a_new_message, a_umid

from tellwire.gateway.accept.acceptance import ONCE_WITHIN
from tellwire.gateway.model.account import Account, Subaccount
from tellwire.gateway.model.callback import Tried
from tellwire.gateway.model.inbound import InboundPart
from tellwire.gateway.model.message import SENT, Feedback, LaneSettlement, NewBatch, NewMessage, Settled
from tellwire.gateway.model.receipt import CarrierReceipt
from tellwire.gateway.store.accounts import Accounts
from tellwire.gateway.store.callback_log import KEPT, CallbackLog, LogQuery
from tellwire.gateway.store.callbacks import Callbacks
from tellwire.gateway.store.history import History
from tellwire.gateway.store.inbound import Inbound
from tellwire.gateway.store.inbound_records import InboundRecords
from tellwire.gateway.store.messages import Messages
from tellwire.gateway.store.receipts import Receipts
from tellwire.gateway.store.records import Records
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import RECEIPTS_WITHIN, Horizon, Step, horizon
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

NOW = datetime(2026, 1, 31, 8, 15, 30, tzinfo=UTC)
KEEP = timedelta(days=90)
LANE = "s http://hooks.example"
DELIVERED = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
MANY = 250  # more than a step looks at


def on(day: float) -> datetime:
    return NOW + timedelta(days=day)


def message(number: int, day: float, url: str | None = None, client_id: str | None = None) -> NewMessage:
    return a_new_message(
        number,
        NOW,
        batch="b",
        created_ms=to_ms(on(day)),
        client_id=client_id,
        expiry_ms=to_ms(on(day + 1)),
        callback_url=url,
        price_micro=40_000,
    )


def umid(number: int) -> str:
    return a_umid(number, NOW)


class World:
    """The store's faces, and days that pass in it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.messages = Messages(database)
        self.receipts = Receipts(database)
        self.callbacks = Callbacks(database)
        self.records = Records(database)
        self.inbound = Inbound(database)
        self.inbound_records = InboundRecords(database)
        self.log = CallbackLog(database)
        self.history = History(database)

    async def accept(self, *messages: NewMessage) -> None:
        taken = await self.messages.accept(NewBatch(account="a", messages=list(messages)))
        assert taken.is_covered

    async def hand_over(self, day: float) -> None:
        """The carrier takes all that waits, by its number as the reference."""
        settled = [
            Settled(place=c.place, seq=c.seq, references=[(1, c.destination)], at=on(day), standing=SENT)
            for c in await self.messages.claim("sim", 0, 1_000)
        ]
        await self.messages.settle(LaneSettlement("sim", settled))

    async def receive(self, number: int, day: float) -> None:
        await self.receipts.record(
            CarrierReceipt(
                carrier="sim",
                reference=f"65912{number:05d}",
                standing=DELIVERED,
                error_code=0,
                at=on(day),
                received=on(day),
            )
        )

    async def live(self, number: int, day: float) -> None:
        """A message is taken, handed over and delivered on a day."""
        await self.accept(message(number, day))
        await self.hand_over(day)
        await self.receive(number, day)

    async def write_back(self, number: int, day: float) -> str:
        part = InboundPart(
            umid=umid(10_000 + number),
            carrier="sim",
            source=f"65912{number:05d}",
            destination="6590000000",
            body="yes",
            encoding="GSM7",
            received=on(day),
            owner=("a", "s"),
        )
        await self.inbound.take(part)
        return part.umid

    async def call_back(self, day: float) -> None:
        for due in await self.callbacks.due(LANE, on(day), 100, []):
            await self.callbacks.settle(Tried(id=due.id, at=on(day), status=200))

    async def is_there(self, number: int) -> bool:
        return await self.records.find("s", umid(number)) is not None

    async def rows(self) -> dict[str, int]:
        """Return how many rows the tables about messages have."""
        return await self.database.read(
            lambda c: {
                table: c.execute(f"SELECT count(*) FROM {table}").get
                for table in ("message", "part", "change", "feedback", "erasure", "inbound")
            }
        )


async def sweep(forget: Callable[[Horizon, int], Awaitable[Step]], now: datetime) -> Counter[str]:
    rows: Counter[str] = Counter()
    resume: int | None = 0
    while resume is not None:
        step = await forget(horizon(now, KEEP), resume)
        rows.update(step.rows)
        resume = step.resume
    return +rows


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    database = await Database.open(tmp_path / "gateway.db", MIGRATIONS)
    accounts = Accounts(database)
    await accounts.save_account(Account(id="a", name="A", is_prepaid=False, currency="EUR"), NOW)
    await accounts.save_subaccount(Subaccount(id="s", account="a", default_source="ACME"), NOW)
    yield World(database)
    await database.close()


async def test_what_is_old_goes_with_all_that_is_known_of_it_and_nothing_younger(world: World) -> None:
    for number, day in enumerate((0, 1, 2, 60)):
        await world.live(number, day)
        feedback = Feedback(subaccount="s", umid=umid(number), outcome="success", at=on(day))
        assert await world.records.note_feedback(feedback)
    assert await world.records.ask_erasure("s", umid(0))

    gone = await sweep(world.history.forget_messages, on(92))

    assert gone == {"message": 2, "part": 2, "change": 4, "feedback": 2, "erasure": 1}
    assert [await world.is_there(number) for number in range(4)] == [False, False, True, True]
    rows = {"message": 2, "part": 2, "change": 4, "feedback": 2, "erasure": 0, "inbound": 0}
    assert await world.rows() == rows
    assert not await sweep(world.history.forget_messages, on(92)), "twice is once"


async def test_steps_are_small_and_a_pass_that_was_cut_off_is_finished_by_the_next(world: World) -> None:
    await world.accept(*(message(number, 0) for number in range(MANY)))
    await world.hand_over(0)

    step = await world.history.forget_messages(horizon(on(100), KEEP), 0)
    await sweep(world.history.forget_messages, on(100))

    assert 0 < step.rows["message"] < MANY
    assert step.resume is not None
    assert (await world.rows())["message"] == 0


async def test_what_waits_for_its_carrier_stays_and_is_handed_over(world: World) -> None:
    await world.live(2, 0)
    await world.accept(message(1, 0))

    await sweep(world.history.forget_messages, on(400))

    assert not await world.is_there(2)
    assert [c.umid for c in await world.messages.claim("sim", 0, 10)] == [umid(1)]


async def test_a_message_stays_while_a_receipt_may_move_it(world: World) -> None:
    await world.accept(message(1, 0))
    await world.hand_over(85)

    await sweep(world.history.forget_messages, on(85) + RECEIPTS_WITHIN)
    is_there = await world.is_there(1)
    await sweep(world.history.forget_messages, on(85) + RECEIPTS_WITHIN + timedelta(milliseconds=1))

    assert is_there
    assert not await world.is_there(1)


async def test_a_message_stays_until_its_webhook_was_told(world: World) -> None:
    await world.accept(message(1, 0, url="http://hooks.example/dlr"))
    await world.hand_over(0)

    await sweep(world.history.forget_messages, on(400))
    due = await world.callbacks.due(LANE, on(400), 10, [])
    await world.call_back(400)
    await sweep(world.history.forget_messages, on(400))

    assert [one.report.umid for one in due] == [umid(1)]
    assert not await world.is_there(1)


async def test_a_logged_try_of_what_is_gone_is_not_posted_again(world: World) -> None:
    await world.accept(message(1, 0, url="http://hooks.example/dlr"))
    await world.hand_over(0)
    await world.call_back(399)
    (logged,) = await world.log.page(LogQuery())

    assert await world.log.redeliver(logged.id) == LANE
    await world.call_back(399)
    await sweep(world.history.forget_messages, on(400))

    assert await world.log.redeliver(logged.id) is None
    assert await world.callbacks.lanes() == []


async def test_texts_from_handsets_go_the_same_way_but_for_the_newest(world: World) -> None:
    old, young, newest = [await world.write_back(n, day) for n, day in enumerate((0, 60, 61))]

    await sweep(world.history.forget_inbound, on(100))
    left = [await world.inbound_records.find("s", one) is not None for one in (old, young, newest)]
    await sweep(world.history.forget_inbound, on(400))

    assert left == [False, True, True]
    assert (await world.rows())["inbound"] == 1


async def test_a_text_stays_until_its_webhook_was_told(world: World) -> None:
    await world.accept(message(1, 0, url="http://hooks.example/dlr"))
    await world.database.write(_add_webhook, None)
    text = await world.write_back(1, 0)
    await world.write_back(2, 0)

    await sweep(world.history.forget_inbound, on(400))
    is_there = await world.inbound_records.find("s", text) is not None
    await world.call_back(400)
    await sweep(world.history.forget_inbound, on(400))

    assert is_there
    assert await world.inbound_records.find("s", text) is None


def _add_webhook(connection, calls):
    connection.execute(
        "INSERT INTO webhook (account, subaccount, url) VALUES ('a', 's', 'http://hooks.example/mo')"
    )
    return calls


async def test_the_webhook_log_keeps_a_week(world: World) -> None:
    for number, day in ((1, 0), (2, 8)):
        await world.accept(message(number, day, url="http://hooks.example/dlr"))
        await world.hand_over(day)
        await world.call_back(day)

    step = await world.log.forget(on(8.5), 0)

    assert step == Step(rows={"callback_log": 1}, resume=None)
    assert [one.at for one in await world.log.page(LogQuery())] == [on(8)]
    assert timedelta(days=7) == KEPT


async def test_a_client_id_is_taken_once_for_its_day_and_then_forgotten(world: World) -> None:
    def batch(number: int, day: float) -> NewBatch:
        taken = [message(number, day, client_id="order-1")]
        return NewBatch(account="a", messages=taken, once_since=on(day) - ONCE_WITHIN)

    await world.messages.accept(batch(1, 0))
    await world.messages.forget_taken(on(0.9) - ONCE_WITHIN)
    within = await world.messages.accept(batch(2, 0.9))
    gone = await world.messages.forget_taken(on(1.1) - ONCE_WITHIN)

    assert within.repeated == {umid(2): umid(1)}
    assert gone == Step(rows={"taken_once": 1}, resume=None)
