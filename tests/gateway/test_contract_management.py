"""Laws of reading the bodies of exports and feedback (8x8 contract 2.7, 2.8)."""

from datetime import UTC, datetime

import msgspec
import pytest

from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.contract.management import ExportWish, read_export, read_feedback

NOW = datetime(2026, 1, 31, 8, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("from", 7),
        ("to", ["2026-01-01"]),
        ("phoneNumber", ["+6591230000"]),
        ("phoneNumber", True),
        ("countries", "SG"),
        ("countries", {}),
        ("countries", 0),
        ("limit", []),
        ("limit", True),
        ("limit", "all"),
    ],
)
def test_a_wish_of_the_wrong_type_is_refused_and_not_passed_over(member: str, value: object) -> None:
    assert isinstance(read_export(msgspec.json.encode({member: value}), NOW), ApiError)


@pytest.mark.parametrize(("limit", "most"), [(None, 0), ("", 0), (0, 0), (5, 5), ("5", 5)])
def test_a_limit_may_be_a_number_or_its_text(limit: object, most: int) -> None:
    wish = read_export(msgspec.json.encode({"limit": limit}), NOW)

    assert isinstance(wish, ExportWish)
    assert wish.limit == most


@pytest.mark.parametrize("body", [{"outcome": ["success"]}, {"outcome": "success", "timestamp": 7}, {}])
def test_feedback_of_the_wrong_type_is_refused(body: object) -> None:
    assert isinstance(read_feedback(msgspec.json.encode(body)), ApiError)
