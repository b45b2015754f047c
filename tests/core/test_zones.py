"""Zones by name, and the zone of a number's country."""

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tellwire.kernel.address import Msisdn
from tellwire.kernel.zones import zone_named, zone_of_number


@pytest.mark.parametrize(
    ("name", "minutes"),
    [("GMT+0530", 330), ("GMT-3", -180), ("+05:45", 345), ("utc-1", -60), ("GMT+1400", 840), ("-00:30", -30)],
)
def test_a_fixed_offset(name: str, minutes: int) -> None:
    assert zone_named(name) == timezone(timedelta(minutes=minutes))


@pytest.mark.parametrize("name", ["UTC", "GMT", "z", " utc "])
def test_the_names_of_utc(name: str) -> None:
    assert zone_named(name) is UTC


def test_an_iana_name() -> None:
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "GMT+1500",
        "GMT+05:99",
        "../etc/passwd",
        "/etc/passwd",
        "Europe",
        "Europe/",
        "a\0b",
        "x" * 99,
    ],
)
def test_what_is_no_zone(name: str) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize(
    ("digits", "zone"),
    [
        ("6591234567", "Asia/Singapore"),
        ("4915112345678", "Europe/Berlin"),
        ("447911123456", "Europe/Guernsey"),  # London's clock
        ("8613800138000", "Asia/Shanghai"),
    ],
)
def test_a_country_of_one_zone(digits: str, zone: str) -> None:
    assert zone_of_number(Msisdn(digits)) == ZoneInfo(zone)


@pytest.mark.parametrize(
    "digits", ["12025550100", "61412345678", "5511987654321", "34612345678", "79161234567", "88216123456"]
)
def test_a_country_of_several_zones_and_a_number_of_no_country(digits: str) -> None:
    assert zone_of_number(Msisdn(digits)) is None
