"""The simulated carrier keeps its word: every documented fate, every odd receipt, handsets that are off or full."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.smpp_world import World, linked, until

from tellwire.gateway.simulator.behaviour import (
    Answers,
    Behaviour,
    Fates,
    Login,
    Odd,
    Receipts,
    read_behaviour,
)
from tellwire.gateway.simulator.carrier import Simulator
from tellwire.gateway.simulator.fates import MAGIC, fate_of
from tellwire.gateway.smpp.pdu import SubmitSm
from tellwire.gateway.smpp.receipts import DeliveredReceipt, Inbound
from tellwire.gateway.smpp.states import Timers
from tellwire.gateway.smpp.submission import submit_pdus
from tellwire.kernel.address import parse_msisdn, parse_sender_id
from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved
from tellwire.kernel.sms import Encoding, compose
from tellwire.kernel.status import MessageStatus

LISA = "6591230000"
LONG = "All work and no play makes Jack a dull boy. " * 6


@contextlib.asynccontextmanager
async def simulated(
    behaviour: Behaviour | None = None, **options: object
) -> AsyncIterator[tuple[Simulator, World]]:
    simulator = Simulator(behaviour)
    await simulator.start()
    config = simulator.link_config(**options)
    fields = {
        name: getattr(config, name) for name in config.__struct_fields__ if name not in {"host", "reconnect"}
    }
    try:
        async with linked(**fields) as world:
            await world.bound()
            yield simulator, world
    finally:
        await simulator.stop()


def parts(
    text: str, to: str = LISA, *, umid: str = "u-1", world: World, source: str = "ACME"
) -> list[SubmitSm]:
    sender, number = parse_sender_id(source), parse_msisdn(f"+{to}")
    assert sender is not None
    assert number is not None
    return submit_pdus(
        sender, number, compose(text), reference=42, dialect=world.link.config.dialect, now=datetime.now(UTC),
        umid=umid,
    )  # fmt: skip


def send(world: World, text: str, to: str = LISA, *, token: str = "t", umid: str = "u-1") -> int:
    """Submit a text; the tokens are t-0, t-1 ..."""
    submits = parts(text, to, umid=umid, world=world)
    for number, submit in enumerate(submits):
        world.link.submit(f"{token}-{number}", submit)
    return len(submits)


def receipts(world: World) -> list[DeliveredReceipt]:
    return [one for one in world.delivered if isinstance(one, DeliveredReceipt)]


async def test_a_text_stands_on_the_handset_and_its_receipt_names_it() -> None:
    async with simulated() as (simulator, world):
        send(world, "Hello €")
        await until(lambda: receipts(world))

        (shown,) = simulator.handsets.get(LISA).messages
        assert (shown.umid, shown.source, shown.text, shown.encoding) == (
            "u-1",
            "ACME",
            "Hello €",
            Encoding.GSM7,
        )
        assert [part.units for part in shown.parts] == [8]
        assert world.results["t-0"] == Accepted(receipts(world)[0].carrier_message_id)
        assert receipts(world)[0].standing.status is MessageStatus.DELIVERED


@pytest.mark.parametrize("text", [LONG, "ő" * 150, "👩‍👩‍👧‍👦" * 12], ids=["gsm7", "ucs2", "emoji"])
async def test_a_long_text_is_joined_and_keeps_its_parts(text: str) -> None:
    async with simulated() as (simulator, world):
        count = send(world, text)
        await until(lambda: len(receipts(world)) == count)

        (shown,) = simulator.handsets.get(LISA).messages
        assert shown.text == text
        assert [part.units for part in shown.parts] == [part.units for part in compose(text).parts]


@pytest.mark.parametrize("concatenation", ["udh8", "udh16", "sar", "payload"])
async def test_every_way_of_concatenation_is_understood(concatenation: str) -> None:
    async with simulated() as (simulator, world):
        dialect = type(world.link.config.dialect)(concatenation=concatenation)  # type: ignore[arg-type]  # a literal
        sender, number = parse_sender_id("ACME"), parse_msisdn(f"+{LISA}")
        assert sender is not None
        assert number is not None
        submits = submit_pdus(
            sender, number, compose(LONG), reference=1, dialect=dialect, now=datetime.now(UTC)
        )  # fmt: skip
        for token, submit in enumerate(submits):
            world.link.submit(token, submit)

        await until(lambda: simulator.handsets.get(LISA).messages)

        assert simulator.handsets.get(LISA).messages[0].text == LONG


def test_magic_numbers_are_possible_and_set_aside_for_fiction() -> None:
    for digits in MAGIC:
        assert phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}"))
        assert digits.startswith("120255501")
        assert parse_msisdn(f"+{digits}") is not None


@pytest.mark.parametrize(
    ("last", "result", "status", "code"),
    [
        ("00", Accepted, MessageStatus.DELIVERED, 0),
        ("01", Accepted, MessageStatus.UNDELIVERED, 1),
        ("02", Accepted, MessageStatus.UNDELIVERED, 59),
        ("03", Accepted, MessageStatus.EXPIRED, 36),
        ("04", Accepted, MessageStatus.UNDELIVERED, 41),
        ("05", Refused, None, 0),
        ("06", Accepted, MessageStatus.DELIVERED, 0),
        ("07", Deferred, None, 0),
        ("08", Accepted, MessageStatus.UNDELIVERED, 21),
        ("11", Accepted, MessageStatus.DELIVERED, 0),
        ("13", Unresolved, None, 0),
        ("14", Unresolved, None, 0),
        ("15", Accepted, MessageStatus.DELIVERED, 0),
        ("18", Accepted, MessageStatus.SENT, 56),
        ("19", Accepted, MessageStatus.DELIVERED, 0),
    ],
)
async def test_every_magic_number_has_its_documented_fate(
    last: str, result: type, status: MessageStatus | None, code: int
) -> None:
    async with simulated(timers=Timers(response_s=0.3)) as (_, world):
        send(world, "hi", f"120255501{last}")
        await until(lambda: world.results and (status is None or receipts(world)))

        assert isinstance(world.results["t-0"], result)
        if status is not None:
            assert (receipts(world)[-1].standing.status, receipts(world)[-1].error_code) == (status, code)


async def test_the_number_that_fails_twice_takes_its_message_the_third_time() -> None:
    async with simulated() as (_, world):
        for attempt in range(3):
            send(world, "hi", "12025550107", token=f"try{attempt}")
            await until(lambda n=attempt: len(world.results) == n + 1)

        assert [type(result) for result in world.results.values()] == [Deferred, Deferred, Accepted]


async def test_the_number_that_hangs_up_does_so_once() -> None:
    async with simulated() as (simulator, world):
        send(world, "hi", "12025550114")
        await until(lambda: world.results)
        await until(lambda: world.link.free)
        send(world, "hi", "12025550114", token="again")

        await until(lambda: receipts(world))

        assert isinstance(world.results["again-0"], Accepted)
        assert simulator.counters.disconnects == 1


async def test_doubled_early_and_partial_receipts() -> None:
    async with simulated() as (_, world):
        send(world, "hi", "12025550110")
        await until(lambda: len(receipts(world)) == 2)
        world.delivered.clear()

        count = send(world, LONG, "12025550116", token="long")
        await until(lambda: len(receipts(world)) == 1 and f"long-{count - 1}" in world.results)
        assert world.results["long-0"] == Accepted(receipts(world)[0].carrier_message_id)
        world.delivered.clear()

        world.results.clear()
        order: list[str] = []
        world.store = _noting(order, "receipt")
        send(world, "hi", "12025550111")
        await until(lambda: world.results and order)
        assert order == ["receipt"]


def _noting(order: list[str], what: str) -> "object":
    async def store(_: object) -> None:
        order.append(what)

    return store


@pytest.mark.parametrize(
    "odd",
    [
        Odd(),
        Odd(ids="hex_then_decimal", tlvs=False),
        Odd(ids="decimal_then_hex", tlvs=False),
        Odd(ids="hex_then_decimal"),
        Odd(lower_case=True, tlvs=False),
        Odd(omit=("err", "sub", "dlvrd", "text", "submit date"), tlvs=False),
        Odd(omit=("stat",)),
        Odd(flag=False),
        Odd(extra_words="Delivery Report:", tlvs=False),
    ],
)
async def test_receipts_in_odd_dialects_still_find_their_message(odd: Odd) -> None:
    async with simulated(Behaviour(odd=odd)) as (_, world):
        send(world, "id:1 stat:UNDELIV err:9")
        await until(lambda: receipts(world))

        assert world.results["t-0"] == Accepted(receipts(world)[0].carrier_message_id)
        assert receipts(world)[0].standing.status is MessageStatus.DELIVERED


async def test_a_handset_that_is_off_gets_its_texts_and_receipts_when_it_is_on_again() -> None:
    async with simulated() as (simulator, world):
        simulator.handsets.switch(LISA, is_on=False)
        send(world, "are you there?")
        await until(lambda: world.results)
        assert not simulator.handsets.get(LISA).messages

        simulator.handsets.switch(LISA, is_on=True)

        await until(lambda: receipts(world))
        assert simulator.handsets.get(LISA).messages[0].text == "are you there?"


async def test_a_text_to_a_handset_that_stays_off_expires() -> None:
    async with simulated(Behaviour(receipts=Receipts(validity_s=1))) as (simulator, world):
        simulator.handsets.switch(LISA, is_on=False)
        send(world, "are you there?")

        await until(lambda: receipts(world))

        assert (receipts(world)[0].standing.status, receipts(world)[0].error_code) == (
            MessageStatus.EXPIRED,
            36,
        )
        simulator.handsets.switch(LISA, is_on=True)
        assert not simulator.handsets.get(LISA).messages


async def test_a_full_handset_takes_nothing() -> None:
    async with simulated() as (simulator, world):
        simulator.handsets.switch(LISA, is_full=True)
        send(world, "room?")

        await until(lambda: receipts(world))

        assert (receipts(world)[0].standing.status, receipts(world)[0].error_code) == (
            MessageStatus.UNDELIVERED,
            21,
        )


async def test_a_reply_becomes_a_text_to_us_in_parts() -> None:
    async with simulated() as (simulator, world):
        simulator.reply(LISA, "71234", LONG, "0b4c2f0e-6f0e-4c6b-9d55-2d9c3a0a3c11")

        await until(lambda: len(world.delivered) == 2)

        inbound = [one for one in world.delivered if isinstance(one, Inbound)]
        assert "".join(one.text for one in sorted(inbound, key=lambda one: one.part_number)) == LONG
        assert {(one.source, one.destination, one.part_count) for one in inbound} == {(LISA, "71234", 2)}
        assert {one.message_id for one in inbound} == {"0b4c2f0e-6f0e-4c6b-9d55-2d9c3a0a3c11"}


async def test_receipts_wait_while_nobody_is_bound() -> None:
    async with simulated(Behaviour(receipts=Receipts(delay_ms=300))) as (simulator, world):
        send(world, "hi")
        await until(lambda: world.results)
        first = world.link.state.connects
        wire = world.link._wire
        assert wire is not None
        wire.close("cut by the test")

        await until(lambda: receipts(world))

        assert world.link.state.connects == first + 1
        assert simulator.counters.dropped == 0


async def test_a_receipt_that_could_not_be_stored_comes_again() -> None:
    async with simulated() as (simulator, world):
        refused = []

        async def once(deliver: object) -> None:
            if not refused:
                refused.append(deliver)
                raise OSError("disk full")
            await world._keep(deliver)  # type: ignore[arg-type]  # a deliver

        world.store = once
        send(world, "hi")

        await until(lambda: receipts(world))

        assert simulator.counters.delivers_refused == 1


async def test_a_wrong_password_does_not_bind() -> None:
    simulator = Simulator(Behaviour(login=Login(system_id="acme", password="right")))
    await simulator.start()
    async with linked(simulator.port, system_id="acme", password="wrong") as world:
        await until(lambda: any("ESME_RINVPASWD" in reason for reason in world.reasons))
    await simulator.stop()


async def test_a_link_finds_a_throttling_carriers_rate_and_uses_95_percent_of_it() -> None:
    per_s, seconds = 400, 3.0
    behaviour = Behaviour(answers=Answers(throughput_per_s=per_s, latency_ms=5))
    async with simulated(behaviour, window=100) as (_, world):
        (submit,) = parts("hi", world=world)
        feeding = asyncio.create_task(world.offer(100_000, submit))
        loop = asyncio.get_running_loop()
        seen = [(loop.time(), 0)]

        def is_used() -> bool:
            """Whether the last three seconds were; what the pace does over minutes is a law of `pace`."""
            seen.append((loop.time(), world.link.state.accepted))
            then, accepted = next(one for one in seen if one[0] > loop.time() - seconds)
            return loop.time() - then > seconds * 0.99 and seen[-1][1] - accepted >= 0.95 * per_s * seconds

        await until(lambda: world.link.state.throttled and is_used())

        feeding.cancel()
        assert world.link.state.deferred == 0


async def test_rejections_by_prefix_and_shares_of_fates() -> None:
    behaviour = read_behaviour("""
        seed = 7
        [[refusals]]
        prefix = "6599"
        status = "RX_P_APPN"
        [fates]
        undelivered = 50
    """)
    async with simulated(behaviour) as (_, world):
        for n in range(40):
            send(world, "hi", "6591234567", token=f"t{n}")
        send(world, "hi", "6599234567", token="refused")
        await until(lambda: len(receipts(world)) == 40)

        statuses = [one.standing.status for one in receipts(world)]
        assert 8 <= statuses.count(MessageStatus.UNDELIVERED) <= 32
        assert isinstance(world.results["refused-0"], Refused)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[answers]\nlatency_ms = -1", "latency_ms"),
        ("[answers]\nlatencies = 1", "latencies"),
        ("[fates]\nundelivered = 60\nexpired = 60", "more than 100"),
        ('[[refusals]]\nprefix = "1"\nstatus = "NOPE"', "NOPE"),
        ("[answers", "no TOML"),
        ("[odd]\nids = 'roman'", "ids"),
    ],
)
def test_a_mistaken_behaviour_is_refused_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_behaviour(text)


@given(
    undelivered=st.floats(0, 50),
    expired=st.floats(0, 25),
    rejected=st.floats(0, 25),
    lost=st.floats(0, 100),
    thrown=st.lists(st.floats(0, 1, exclude_max=True), min_size=20, max_size=20),
)
def test_any_dice_give_a_fate(
    undelivered: float, expired: float, rejected: float, lost: float, thrown: list[float]
) -> None:
    behaviour = Behaviour(
        fates=Fates(undelivered=undelivered, expired=expired, rejected=rejected),
        receipts=Receipts(lost_percent=lost, early_percent=10, doubled_percent=10),
    )

    fate = fate_of(LISA, behaviour, iter(thrown).__next__, 0)

    assert fate.ending in {"DELIVRD", "UNDELIV", "EXPIRED", "REJECTD"}
    assert len(fate.receipts_after_s) <= 2
    assert lost < 100 or fate.receipts_after_s == ()
