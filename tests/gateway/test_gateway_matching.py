"""A receipt means the message with its id and its number, over whatever bind it comes, and no other."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest
from tests.gateway.test_gateway_store import AT_OPERATOR, DELIVERED, NOW, UNDELIVERED, Store

from tellwire.gateway.carriers.carrier_file import read_carriers
from tellwire.gateway.model.matching import is_meant, numbers_of
from tellwire.gateway.model.message import LaneSettlement, Settled
from tellwire.gateway.model.receipt import CarrierReceipt
from tellwire.gateway.smpp.bind import LinkConfig, siblings_of
from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.dialect import Dialect, canonical_submit_id
from tellwire.gateway.smpp.pdu import DeliverSm
from tellwire.gateway.smpp.receipts import DeliveredReceipt, read_deliver
from tellwire.gateway.store.folding import FOLD_AFTER
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import Standing

FIRST, SECOND = "6591200000", "6591200001"  # the destinations of the first two messages


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = await Database.open(tmp_path / "gateway.db", MIGRATIONS)
    yield Store(database)
    await database.close()


async def tell(store: Store, reference: str, standing: Standing = DELIVERED, **facts: Any) -> None:
    at: datetime = facts.pop("at", NOW)
    facts = {"carrier": "sim", "error_code": 0, **facts}
    await store.receipts.record(
        CarrierReceipt(reference=reference, standing=standing, at=at, received=at, **facts)
    )


async def statuses(store: Store) -> list[str]:
    def read(connection: apsw.Connection) -> list[str]:
        return [status for (status,) in connection.execute("SELECT status FROM message ORDER BY seq")]

    return await store.database.read(read)


async def taken(store: Store, *references: list[str], parts: int = 1) -> None:
    """A message for each list of references, which the carrier gave its parts."""
    await store.accept(len(references), parts=parts)
    for claimed, ids in zip(await store.messages.claim("sim", 0, 10), references, strict=True):
        await store.take(claimed, ids)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (FIRST, ["delivered", "sent"]),
        (SECOND, ["sent", "delivered"]),
        ("6598888888", ["sent", "sent"]),
        ("", ["sent", "delivered"]),
    ],
    ids=["the older's number", "the younger's", "nobody's", "no number: the newest"],
)
async def test_of_two_messages_with_one_id_the_receipts_number_decides(
    store: Store, numbers: str, expected: list[str]
) -> None:
    await taken(store, ["same"], ["same"])

    await tell(store, "same", numbers=numbers)

    assert await statuses(store) == expected


async def test_a_receipt_that_comes_before_the_answer_waits_for_its_own_number(store: Store) -> None:
    await store.accept(2)
    first, second = await store.messages.claim("sim", 0, 10)

    await store.take(first, ["same"])
    await tell(store, "same", numbers=SECOND)
    before = await statuses(store)
    await store.take(second, ["same"])

    assert before == ["sent", "queued"]
    assert await statuses(store) == ["sent", "delivered"]


async def test_an_empty_id_means_nothing(store: Store) -> None:
    await taken(store, [""], [""])

    await tell(store, "")
    await tell(store, "", UNDELIVERED, numbers=FIRST)

    assert await statuses(store) == ["sent", "sent"]


async def test_parts_that_share_an_id_are_moved_together(store: Store) -> None:
    await taken(store, ["same", "same"], parts=2)

    await tell(store, "same", numbers=FIRST)

    assert await statuses(store) == ["delivered"]


@pytest.mark.parametrize("is_early", [True, False])
async def test_a_receipt_over_another_bind_of_the_login_finds_its_message(
    store: Store, is_early: bool
) -> None:
    await store.accept(1)
    (claimed,) = await store.messages.claim("sim", 0, 10)

    if not is_early:
        await store.take(claimed, ["id"])
    await tell(store, "id", carrier="sim-rx", siblings=("sim",), numbers=FIRST)
    if is_early:
        await store.take(claimed, ["id"])

    assert await statuses(store) == ["delivered"]


async def test_one_receipt_speaks_for_all_parts_where_the_carrier_sends_one(store: Store) -> None:
    await taken(store, ["1", "2", "3"], parts=3)

    await tell(store, "1", is_of_message=True)

    assert await statuses(store) == ["delivered"]


async def test_parts_of_which_nothing_is_told_for_hours_do_not_keep_a_message_sent(store: Store) -> None:
    await taken(store, ["1", "2"], parts=2)

    await tell(store, "1")
    await store.receipts.fold_late(NOW + FOLD_AFTER)
    before = await statuses(store)
    lanes = await store.receipts.fold_late(NOW + FOLD_AFTER + timedelta(seconds=1))

    assert before == ["sent"]
    assert await statuses(store) == ["delivered"]
    assert lanes


async def test_a_message_that_waits_for_its_other_part_is_not_told_delivered(store: Store) -> None:
    await store.accept(1, parts=2)
    (claimed,) = await store.messages.claim("sim", 0, 10)
    settled = Settled(
        place=claimed.place, seq=claimed.seq, references=[(1, "1")], at=NOW, retry_at=NOW + 2 * FOLD_AFTER
    )
    await store.messages.settle(LaneSettlement("sim", [settled]))

    await tell(store, "1")
    await store.receipts.fold_late(NOW + FOLD_AFTER + timedelta(seconds=1))

    assert await statuses(store) == ["queued"]


async def test_a_message_told_whole_is_not_folded_again(store: Store) -> None:
    await taken(store, ["1", "2"], parts=2)

    for reference in ("1", "2"):
        await tell(store, reference, AT_OPERATOR)
        await tell(store, reference)

    assert await statuses(store) == ["delivered"]
    assert not await store.receipts.fold_late(NOW + 2 * FOLD_AFTER)


async def test_what_was_taken_before_the_update_hears_its_receipts(tmp_path: Path) -> None:
    update = next(script for script in MIGRATIONS if "CREATE TABLE half_told" in script)
    others = tuple(script for script in MIGRATIONS if script is not update)
    database = await Database.open(tmp_path / "g.db", others)
    await taken(Store(database), ["1"])
    await database.close()

    database = await Database.open(tmp_path / "g.db", (*others, update))
    await tell(Store(database), "1", numbers=FIRST)
    found = await statuses(Store(database))
    await database.close()

    assert found == ["delivered"]


@pytest.mark.parametrize(
    ("addresses", "meant"),
    [
        (("+6591200000", "ACME"), True),
        (("91200000", "12345"), True),
        (("ACME", "006591200000"), True),
        (("6591200001", "ACME"), False),
        (("6580002222", "6591200001"), False),
        (("6580001111", "ACME"), True),
        (("6580001111", "6591200001"), False),
        (("12345", "ACME"), True),
        ((), True),
    ],
    ids=[
        "plus",
        "national",
        "not turned round",
        "another's",
        "two others'",
        "the sender's alone",
        "the sender's and another's",
        "no person's",
        "none",
    ],
)
def test_numbers_agree_by_what_every_spelling_shares(addresses: tuple[str, ...], meant: bool) -> None:
    assert is_meant(Sent(seq=1, source="+6580001111", destination=FIRST), numbers_of(addresses)) is meant


class Sent(msgspec.Struct):
    """What matching knows of a message."""

    seq: int
    source: str
    destination: str


def read(dialect: Dialect, text: str, **fields: Any) -> DeliveredReceipt:
    deliver = DeliverSm(esm_class=4, short_message=text.encode(), **fields)
    found = read_deliver(deliver, dialect, NOW)
    assert isinstance(found, DeliveredReceipt)
    return found


@pytest.mark.parametrize(
    ("submit", "receipt", "compare"),
    [
        ("000123", "123", "loose"),
        ("0A1b", "a1B", "loose"),
        ("0000", "0", "loose"),
        ("12:ab:34", "12:ab:34", "exact"),
        ("x" * 100, "x" * 100, "exact"),
    ],
    ids=["leading zeros", "case", "zeros alone", "colons", "longer than 64"],
)
def test_ids_compare_as_the_dialect_says(submit: str, receipt: str, compare: Any) -> None:
    dialect = Dialect(ids_compare=compare)
    usual = "sub:001 dlvrd:001 submit date:2601310815 done date:2601310815 stat:DELIVRD err:000 text:hi"

    texts = [
        read(dialect, f"id:{receipt} {usual}"),
        read(dialect, f"id:{receipt} stat:DELIVRD"),
        read(dialect, f"id:{receipt}:stat:DELIVRD:err:000"),
        read(dialect, "stat:DELIVRD", tlvs=((Tag.RECEIPTED_MESSAGE_ID.value, receipt.encode() + b"\0"),)),
    ]

    assert {one.carrier_message_id for one in texts} == {canonical_submit_id(submit, dialect)}
    assert {one.standing for one in texts} == {DELIVERED}


def test_ids_that_differ_in_case_are_two_unless_the_dialect_says_otherwise() -> None:
    assert canonical_submit_id("0a", Dialect()) != canonical_submit_id("A", Dialect())


def test_a_dialect_says_whether_receipts_name_the_recipient() -> None:
    fields = {"source_addr": FIRST, "destination_addr": "ACME"}

    assert read(Dialect(), "id:1 stat:DELIVRD", **fields).addresses == (FIRST, "ACME")
    assert read(Dialect(receipt_addresses="ignore"), "id:1 stat:DELIVRD", **fields).addresses == ()


def test_siblings_are_the_carriers_of_one_login() -> None:
    def config(system_id: str, host: str, password: str = "") -> tuple[LinkConfig, ...]:
        return (LinkConfig(host=host, port=1, system_id=system_id, password=password),)

    carriers = {
        "tx": config("me", "a", "secret"),
        "rx": config("me", "b", "secret"),
        "other": config("you", "a", "secret"),
        "open": config("me", "a"),
        "open-too": config("me", "a"),
        "open-elsewhere": config("me", "b"),
    }

    assert siblings_of(carriers, "tx") == ("rx",)
    assert siblings_of(carriers, "open") == ("open-too",)
    assert siblings_of(carriers, "http") == ()


def test_a_carrier_file_makes_transmitters_and_receivers_of_one_login() -> None:
    text = '[acme]\nhost = "h"\nport = 1\nsystem_id = "me"\nbind = "transmitter+receiver"\nbinds = 2\n'
    text += '[acme.dialect]\nreceipt_per = "message"\n'

    binds = read_carriers(text, {}).smpp["acme"]

    assert [one.bind for one in binds] == ["transmitter", "receiver"] * 2
    assert {one.dialect.receipt_per for one in binds} == {"message"}
