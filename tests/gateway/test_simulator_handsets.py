"""Handsets: parts joined however they come, memory bounded, watchers told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tellwire.gateway.simulator.handsets import MESSAGES, PATIENCE, UNFINISHED, ArrivedPart, Handsets
from tellwire.gateway.simulator.kept import KeptHandsets
from tellwire.gateway.simulator.views import received_by
from tellwire.kernel.sms import Encoding

NOW = datetime(2026, 11, 22, 14, 53, 7, 250_000, tzinfo=UTC)
LISA = "6591230000"


def part(
    number: int = 1, count: int = 1, *, reference: int = 7, source: str = "ACME", text: str = ""
) -> ArrivedPart:
    text = text or f"<{number}>"
    return ArrivedPart(
        umid=f"u-{number}", source=source, text=text, units=len(text), encoding=Encoding.GSM7, reference=reference,
        number=number, count=count,
    )  # fmt: skip


@given(order=st.permutations(range(1, 6)), again=st.lists(st.integers(1, 4), max_size=5))
def test_parts_join_in_order_whichever_way_they_come(order: list[int], again: list[int]) -> None:
    handsets = Handsets()

    for number in [*order[:4], *(n for n in again if n in order[:4]), order[4]]:
        handsets.arrive(LISA, part(number, 5), NOW)

    (shown,) = handsets.get(LISA).messages
    assert shown.text == "<1><2><3><4><5>"
    assert shown.umid == "u-1"


async def test_phones_are_over_a_restart_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "handsets.jsonl"
    before, after = Handsets(), Handsets()
    kept = KeptHandsets(before, file)
    for number in range(MESSAGES + 3):
        before.arrive(LISA, part(text=f"text {number}"), NOW)
    before.arrive("6591230001", part(), NOW)
    before.switch("6591230001", is_on=False, is_full=True)

    await kept.save()
    await KeptHandsets(after, file).load()

    assert [handset.number for handset in after] == [handset.number for handset in before]
    assert list(after.get(LISA).messages) == list(before.get(LISA).messages)
    assert (after.get("6591230001").is_on, after.get("6591230001").is_full) == (False, True)


async def test_a_phone_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "handsets.jsonl"
    before, after = Handsets(), Handsets()
    kept = KeptHandsets(before, file)
    before.arrive(LISA, part(), NOW)
    await kept.save()
    file.write_bytes(b'{"digits":"x","is_on":true,"is_full":false,"messages":[]}\n{"di\n' + file.read_bytes())

    await KeptHandsets(after, file).load()

    assert [handset.number.digits for handset in after] == [LISA]


def test_parts_of_two_senders_or_references_do_not_mix() -> None:
    handsets = Handsets()

    handsets.arrive(LISA, part(1, 2, source="A"), NOW)
    handsets.arrive(LISA, part(2, 2, source="B"), NOW)
    handsets.arrive(LISA, part(2, 2, source="A", reference=8), NOW)

    assert not handsets.get(LISA).messages


def test_a_reused_reference_starts_a_text_of_its_own_after_a_while() -> None:
    handsets = Handsets()
    handsets.arrive(LISA, part(1, 2, text="old"), NOW)

    handsets.arrive(LISA, part(1, 2, text="new"), NOW + PATIENCE + timedelta(seconds=1))
    handsets.arrive(LISA, part(2, 2, text="!"), NOW + PATIENCE + timedelta(seconds=2))

    assert handsets.get(LISA).messages[0].text == "new!"


def test_memory_is_bounded_in_every_direction() -> None:
    handsets = Handsets(handsets=10)

    for n in range(30):
        handsets.get(f"65912300{n:02d}")
    for n in range(MESSAGES + 20):
        handsets.arrive(LISA, part(text=f"text {n}"), NOW)
    for n in range(UNFINISHED * 3):
        handsets.arrive(LISA, part(1, 2, reference=n), NOW)

    assert len(list(handsets)) == 10
    assert next(message.text for message in handsets.get(LISA).messages) == "text 20"
    assert len(handsets.get(LISA).messages) == MESSAGES
    assert len(handsets.get(LISA)._unfinished) == UNFINISHED


def test_a_phone_that_is_off_or_full_shows_nothing() -> None:
    handsets = Handsets()
    handsets.switch(LISA, is_on=False)
    assert handsets.arrive(LISA, part(), NOW) == "off"
    handsets.switch(LISA, is_on=True, is_full=True)
    assert handsets.arrive(LISA, part(), NOW) == "full"
    assert not handsets.get(LISA).messages

    handsets.switch(LISA, is_full=False)

    assert handsets.arrive(LISA, part(), NOW) == "shown"


def test_watchers_hear_of_whole_texts_and_switches() -> None:
    handsets, heard = Handsets(), []
    handsets.watchers.append(lambda handset: heard.append(handset.number.digits))

    handsets.arrive(LISA, part(1, 2), NOW)
    handsets.arrive(LISA, part(2, 2), NOW)
    handsets.switch(LISA, is_on=False)

    assert heard == [LISA, LISA]


def test_scripts_read_received_texts_newest_first() -> None:
    handsets = Handsets()
    handsets.arrive(LISA, part(text="first"), NOW)
    handsets.arrive(LISA, part(text="second"), NOW)
    handsets.get(LISA).wrote("m", "71234", "mine", (), Encoding.GSM7, NOW)

    found = received_by(handsets.find(LISA))["messages"]

    assert [message.text for message in found] == ["second", "first"]
    assert found[0].received_at == "2026-11-22T14:53:07.250Z"
    assert received_by(None) == {"messages": []}
