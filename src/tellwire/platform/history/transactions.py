"""A slice and how far it went, written together."""

from collections.abc import Callable
from typing import NamedTuple

from tellwire.platform.history.projections import rows_of, run
from tellwire.platform.history.store import Opened


class About(NamedTuple):
    """How far the copy went: through what, after which place and key, and the place of the last event it has."""

    stage: str
    after_place: int
    after_key: str
    event_place: int


def about_of(opened: Opened) -> About:
    """Return how far the copy went."""
    statement = "SELECT stage, after_place, after_key, event_place FROM about"
    ((stage, place, key, event_place),) = rows_of(opened.connection, statement)
    return About(str(stage), place, str(key), event_place)


def in_transaction(opened: Opened, after: About, work: Callable[[Opened], object]) -> None:
    """Do something and note how far that went: both, or nothing."""
    run(opened.connection, "BEGIN")
    try:
        work(opened)
        run(
            opened.connection,
            "UPDATE about SET stage = ?, after_place = ?, after_key = ?, event_place = ?",
            after,
        )
        run(opened.connection, "COMMIT")
    except BaseException:
        opened.take_back()
        raise
    opened.remembered.forget()
