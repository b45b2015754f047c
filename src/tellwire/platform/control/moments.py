"""Moments as queries write them: ISO 8601, UTC where no offset is given. Pure."""

from datetime import UTC, datetime

from tellwire.platform.control.problem import invalid
from tellwire.platform.language.moments import YEARS


def moment_of(name: str, written: str) -> datetime:
    """Return the moment of the parameter `name`. Raises a `Problem`."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as problem:
        raise invalid({name: f"“{written}” is not a moment: write 2026-06-30T12:00:00Z."}) from problem
    if moment.year not in YEARS:
        raise invalid({name: f"{moment.year} is no year from {YEARS[0]} to {YEARS[-1]}."})
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def optional_moment(name: str, written: str) -> datetime | None:
    """Return the moment of a parameter that may be left out. Raises a `Problem`."""
    return moment_of(name, written) if written else None
