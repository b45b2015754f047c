"""Which parts make one text, and that no character is lost between them."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tellwire.gateway.accept.submission import make_umids
from tellwire.gateway.model.inbound import InboundPart
from tellwire.gateway.model.part import SubmittedPart
from tellwire.gateway.model.smpp_address import SmppAddress, read_address, write_address
from tellwire.gateway.smpp.alphabets import Alphabet
from tellwire.gateway.smpp.joining import Patience, Place, WaitingPart, joined, place_of
from tellwire.gateway.store.inbound import Inbound
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.gateway.store.smpp_parts import JOIN_WITHIN, PATIENCE, SmppParts
from tellwire.kernel.sms import Encoding, decode, encode
from tellwire.kernel.sqlite import Database

NOW = datetime(2026, 1, 31, 8, 15, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@given(text=st.text(st.sampled_from("a€{é😀ü漢"), max_size=40), cuts=st.lists(st.integers(0, 90), max_size=4))
@pytest.mark.parametrize("encoding", list(Encoding))
def test_a_text_cut_anywhere_is_the_text(text: str, cuts: list[int], encoding: Encoding) -> None:
    octets = encode(text, encoding)
    edges = sorted({0, len(octets), *(min(cut, len(octets)) for cut in cuts)})
    alphabet: Alphabet = "UCS2" if encoding is Encoding.UCS2 else "GSM7"

    parts = [(alphabet, octets[start:end]) for start, end in itertools.pairwise(edges)]

    assert joined(parts) == decode(octets, encoding)


def test_a_gap_stands_where_a_part_is_missing_and_alphabets_may_change() -> None:
    parts = [
        ("GSM7", b"\x1b"),
        ("GSM7", b"e"),
        None,
        ("UCS2", b"\xd8\x3d"),
        ("UCS2", b"\xde\x00"),
        ("LATIN1", b"\xfc"),
    ]

    assert joined(parts, "[...]") == "€[...]😀ü"  # type: ignore[arg-type]  # literals


@pytest.mark.parametrize(
    ("waiting", "place"),
    [
        pytest.param([], Place(None), id="the first"),
        pytest.param([(7, 1, "b", 0, 0)], Place(7), id="its sibling waits"),
        pytest.param([(7, 2, "b", 0, 1)], Place(7, is_repeated=True), id="it comes again"),
        pytest.param([(7, 2, "b", 0, 0)], Place(None), id="the reference comes again"),
        pytest.param([(7, 1, "other", 0, 0)], Place(7), id="over another bind at once"),
        pytest.param([(7, 1, "other", -40_000, 0)], Place(None), id="over another bind and late"),
        pytest.param([(7, 1, "b", -40_000, 0)], Place(7), id="late over the same bind"),
        pytest.param([(7, 1, "b", -200_000, 0)], Place(None), id="after an old part"),
        pytest.param([(7, 1, "other", 0, 0), (8, 1, "b", -5, 0)], Place(8), id="its own bind before another"),
        pytest.param([(7, 1, "b", -90, 0), (8, 1, "b", -5, 0)], Place(8), id="the younger text"),
    ],
)
def test_a_part_goes_to_the_text_that_its_bind_is_sending(
    waiting: list[tuple[int, int, str, int, int]], place: Place
) -> None:
    parts = [WaitingPart(*one) for one in waiting]

    assert place_of(parts, 2, "b", 0, Patience(same_bind_ms=180_000, other_bind_ms=30_000)) == place


@given(
    source=st.tuples(st.integers(0, 255), st.integers(0, 255)),
    of=st.integers(1, 255),
    system_id=st.text(min_size=1, max_size=15),
)
def test_an_address_is_read_as_written(source: tuple[int, int], of: int, system_id: str) -> None:
    address = SmppAddress(system_id=system_id, source=source, of=of)

    assert read_address(write_address(address)) == address


def submitted(
    number: int, octets: bytes, *, after: timedelta = timedelta(0), bind: str = "b"
) -> SubmittedPart:
    return SubmittedPart(
        subaccount="s",
        system_id="acme",
        bind=bind,
        source="ACME",
        destination="6591230000",
        reference=7,
        total=2,
        number=number,
        umid=f"{octets.decode()}-{number}",
        alphabet="GSM7",
        octets=octets,
        receipt_to=None,
        deliver_at=None,
        expires_at=None,
        received=NOW + after,
    )


async def test_a_reference_used_again_takes_nothing_from_the_part_that_waits(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    parts = SmppParts(database)

    await parts.keep(submitted(1, b"old"))
    first = await parts.keep(submitted(1, b"new", after=SECOND))
    second = await parts.keep(submitted(2, b"new", after=2 * SECOND))
    again = await parts.keep(replace(submitted(1, b"old", after=SECOND), umid="another"))
    overdue = await parts.overdue(NOW + JOIN_WITHIN + SECOND)
    await database.close()

    assert first.whole is None
    assert second.whole is not None
    assert [part.octets for part in second.whole.parts] == [b"new", b"new"]
    assert again.umid == "old-1"  # a part that comes again keeps its id
    assert [part.octets for part in overdue[0].parts] == [b"old"]


async def test_an_old_part_is_not_mixed_into_a_text_of_later(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    parts = SmppParts(database)

    await parts.keep(submitted(1, b"old"))
    later = timedelta(milliseconds=PATIENCE.same_bind_ms + 1)
    kept = await parts.keep(submitted(2, b"new", after=later))
    await database.close()

    assert kept.whole is None


@pytest.mark.parametrize(
    ("number", "octets", "texts"),
    [
        pytest.param(1, "x😀y".encode("utf-16-be")[:4], ["x😀y"], id="the first, with half an emoji"),
        pytest.param(2, "x😀y".encode("utf-16-be")[4:], ["x😀y"], id="the last"),
        pytest.param(2, b"\0x", ["x😀y", "[...]x"], id="another last part"),
    ],
)
async def test_a_handsets_part_that_comes_again_after_its_text_was_whole_is_no_text(
    tmp_path: Path, number: int, octets: bytes, texts: list[str]
) -> None:
    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    inbound = Inbound(database)
    whole = "x😀y".encode("utf-16-be")

    for one, piece in ((1, whole[:4]), (2, whole[4:]), (number, octets)):
        await inbound.take(handset_part(one, piece))
    for _ in range(2):
        await inbound.join_late(NOW + JOIN_WITHIN + SECOND, make_umids(NOW, bytes(range(32))))
    found = await database.read(_texts)
    await database.close()

    assert found == texts


async def test_a_handsets_character_between_two_parts_and_its_reference_used_again(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    inbound = Inbound(database)
    octets = "x😀y".encode("utf-16-be")

    for number, piece in ((1, b"\0o\0l\0d"), (1, octets[:4]), (2, octets[4:])):
        await inbound.take(handset_part(number, piece))
    await inbound.join_late(NOW + JOIN_WITHIN + SECOND, make_umids(NOW, bytes(range(32))))
    texts = await database.read(_texts)
    await database.close()

    assert texts == ["x😀y", "old[...]"]


def handset_part(number: int, octets: bytes) -> InboundPart:
    return InboundPart(
        umid=make_umids(NOW, (octets * 8)[:16])[0],
        carrier="c",
        source="6591230000",
        destination="12345",
        body="",
        encoding="UCS2",
        received=NOW,
        owner=None,
        reference=7,
        number=number,
        total=2,
        octets=octets,
        alphabet="UCS2",
    )


def _texts(connection: apsw.Connection) -> list[str]:
    return [body for (body,) in connection.execute("SELECT body FROM inbound ORDER BY id")]


async def test_parts_that_wait_at_the_update_are_sent(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "g.db"))
    before = next(index for index, script in enumerate(MIGRATIONS) if "CREATE TABLE smpp_piece" in script)
    for script in MIGRATIONS[:before]:
        connection.execute(script)
    connection.pragma("user_version", before)
    row = "('s', 'acme', 'ACME', '6591230000', 7, 2, {wants}, {number}, 'u{number}', '{body}', 0)"
    first, second = row.format(wants=1, number=1, body="hi "), row.format(wants=0, number=2, body="€")
    connection.execute(f"INSERT INTO smpp_part VALUES {first}, {second}")
    connection.execute("INSERT INTO inbound_part VALUES ('c', '65', '1', 7, 2, 1, 'yes', 'GSM7', 0)")
    connection.close()

    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    (text,) = await SmppParts(database).overdue(NOW)
    await Inbound(database).join_late(NOW, make_umids(NOW, bytes(16)))
    texts = await database.read(_texts)
    await database.close()

    assert joined((part.alphabet, part.octets) for part in text.parts) == "hi €"
    assert [part.receipt_to for part in text.parts] == ["smpp://acme?of=2", None]
    assert texts == ["yes[...]"]
