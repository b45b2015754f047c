"""Starts: the key of each says which it is.

{event: Added To Cart, where: [{property: Amount, greater_than: 50}]}
"""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from tellwire.platform.language.comparison import Conditions, read_conditions, write_condition
from tellwire.platform.model.start import WHERE, EventName, OnEvent, Start


class StartForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who enters, and when: whoever does an `event`."""

    event: EventName = ""
    where: Annotated[Conditions, WHERE] = ()


# The kinds of the model, by the key that names each.
START_FORMS: Final[Mapping[str, type[msgspec.Struct]]] = {"event": StartForm}


def read_start(form: StartForm, path: str = "start") -> Start:
    """Return the start that a form means. Raises `Unreadable`."""
    return OnEvent(event=form.event.strip(), where=read_conditions(form.where, f"{path}.where"))


def write_start(start: Start) -> StartForm:
    """Return the form of a start."""
    return StartForm(event=start.event, where=tuple(map(write_condition, start.where)))
