"""What both halves take from outside: names in the data directory, what files may name, refusals."""

import os
from datetime import timedelta
from pathlib import Path

from tellwire.gateway.simulator.behaviour import Behaviour, read_behaviour
from tellwire.kernel.retention import LEAST_DAYS

KEY_NAME = "sealing.key"
GATEWAY_FOLDER = "gateway"
DEMO_NAME = "demo.json"
CONFIG_NAME = "tellwire.toml"
GIVEN_PREFIX = "TELLWIRE_SECRET_"  # what an import may name as ${...}: not whatever stands in the environment


SECRET_LEAST = 10  # characters of passwords, passcodes and tokens; with 20 tries a minute nobody guesses them


class WiringProblem(Exception):
    """The settings do not make a program that may run; the message says what to set."""


def given() -> dict[str, str]:
    """Return what files may name as `${...}`."""
    return {name: value for name, value in os.environ.items() if name.startswith(GIVEN_PREFIX)}


def demand_secret(name: str, *values: str) -> None:
    """Refuse a secret that is missing or soon guessed. Raises `WiringProblem`."""
    if not values or not all(values):
        raise WiringProblem(f"{name} is not set. `tellwire init` writes settings with fresh credentials.")
    if min(map(len, values)) < SECRET_LEAST:
        raise WiringProblem(
            f"{name} is too short: it needs at least {SECRET_LEAST} characters. `tellwire init` makes good ones."
        )


def kept_for(name: str, days: int) -> timedelta | None:
    """Return how long a setting keeps things, None for ever. Raises `WiringProblem`."""
    if 0 < days < LEAST_DAYS:
        raise WiringProblem(
            f"{name} is {days}: receipts come for days, so keep things {LEAST_DAYS} days or more, or 0 for ever."
        )
    return timedelta(days=days) if days else None


def read_behaviour_file(file: Path | None) -> Behaviour:
    """Return how the simulated carrier behaves; without a file it delivers everything. Raises `WiringProblem`."""
    if file is None:
        return Behaviour()
    try:
        return read_behaviour(file.read_text())
    except (OSError, ValueError) as problem:
        raise WiringProblem(f"{file}: {problem}") from problem
