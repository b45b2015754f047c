"""Counts what is stored already for lines that were not asked when it came. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tellwire.kernel.clock import to_ms
from tellwire.platform.decide.asked import AskedLine
from tellwire.platform.decide.predicate import first_unmet
from tellwire.platform.decide.tally import added, cell_of
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.tally import Cell, Filled, Filling, Tallied
from tellwire.platform.model.value import decoded, fold


def filled(filling: Filling, lines: Mapping[str, AskedLine], now: datetime) -> Filled:
    """Return what these events add to the tallies; a question that nobody asks any more is passed over."""
    wanted = [lines[key] for key in sorted(filling.keys) if key in lines]
    more: dict[tuple[ProfileId, str], list[Cell]] = {}
    for profile_id, event in filling.events:
        name, properties = fold(event.name), None
        for line in wanted:
            if line.event != name:
                continue
            properties = decoded(event.properties) if properties is None else properties
            if first_unmet(line.where, properties) is None:
                more.setdefault((profile_id, line.key), []).append(cell_of(line, event, properties))
    known: dict[tuple[ProfileId, str], Sequence[Cell]] = {
        (one.profile_id, one.key): one.cells for one in filling.tallies
    }
    return Filled(
        filling=filling,
        tallied=[
            Tallied(*key, added(lines[key[1]], known.get(key, ()), cells, to_ms(now)))
            for key, cells in more.items()
        ],
    )
