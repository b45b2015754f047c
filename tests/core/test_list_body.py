"""Names of people as they are uploaded: each is a name once, or a mistake with its line, whatever the bytes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.control.list_body import MISTAKES_SHOWN, By, Names, is_header, read_names
from tellwire.platform.control.problem import Problem

KINDS = ["application/json", "text/plain", "text/csv", ""]


def outcome(body: bytes, kind: str, by: By) -> Names | Problem:
    try:
        return read_names(body, kind, by, None)
    except Problem as problem:
        return problem


@given(
    body=st.binary(max_size=300) | st.text(alphabet='a,"\n\r\0 é[]{}:1', max_size=60).map(str.encode),
    kind=st.sampled_from(KINDS),
    by=st.sampled_from(["identity", "object_id", "phone"]),
)
def test_any_bytes_are_names_and_mistakes_or_are_refused(body: bytes, kind: str, by: By) -> None:
    names = outcome(body, kind, by)

    if isinstance(names, Problem):
        assert names.status in {400, 422}
        return
    assert len(set(names.keys)) == len(names.keys)
    assert len(names.mistakes) == min(names.refused, MISTAKES_SHOWN)
    assert len(names.keys) + names.repeated + names.refused > 0
    for key in names.keys:
        key.encode()


@given(names=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), min_size=1))
def test_an_array_of_identities_is_each_of_them_once(names: list[str]) -> None:
    wanted = {f"identity:{name.strip()}" for name in names if name.strip()}

    if not wanted:
        return
    read = read_names(msgspec.json.encode(names), "application/json", "identity", None)

    assert set(read.keys) == wanted
    assert read.refused == sum(not name.strip() for name in names)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("identity", True),
        ("City,Object ID\n", True),
        ('"Phone"', True),
        ("ann", False),
        ("", False),
        ("my identity", False),
    ],
)
def test_a_header_says_which_kind_of_name_is_below(line: str, *, wanted: bool) -> None:
    assert is_header(line) is wanted


def test_a_row_without_the_column_of_names_is_a_mistake() -> None:
    names = read_names(b"City,identity\nBonn,ann\nBonn\n,\nRom,bob", "text/csv", "phone", None)

    assert names.keys == ("identity:ann", "identity:bob")
    assert [one.line for one in names.mistakes] == [3]


def test_numbers_are_read_in_the_region_of_the_account() -> None:
    names = read_names(b"9123 0000\n+65 9123 0000\n", "text/plain", "phone", "SG")

    assert (names.keys, names.repeated) == (("phone:6591230000",), 1)
