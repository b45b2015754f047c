"""The count of changes of facts (profiles, names, suppressions), and which of some facts have changed since.

The count makes the usual case cheap: while it stands where it stood when facts were read, none of them has changed.
"""

from collections.abc import Sequence

import apsw

from tellwire.platform.backends.embedded import suppressions
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.model.facts import Needs, Versions
from tellwire.platform.model.profile import SuppressionChange

_COUNT = "SELECT number FROM fact_change WHERE only = 1"
_NEXT = "UPDATE fact_change SET number = number + 1 WHERE only = 1 RETURNING number"


def count(connection: apsw.Connection) -> int:
    """Return how many changes there were."""
    number: int = connection.execute(_COUNT).get
    return number


def following(connection: apsw.Connection) -> int:
    """Count another change, and return its number: the version of what it writes."""
    number: int = connection.execute(_NEXT).get
    return number


# Every name of a profile that is written is written too, so a name's version is also its profile's.
_CHANGED = """
SELECT json_group_array(given.key) FROM json_each(?) AS given
LEFT JOIN subject ON subject.key = given.value->>0 WHERE ifnull(subject.version, 0) <> given.value->>1
"""
_INDEXES = decoder(list[int])


def since(connection: apsw.Connection, versions: Versions) -> Needs | None:
    """Return the facts that have other versions by now, or None if none has."""
    if not (versions.subjects or versions.numbers) or versions.as_of == count(connection):
        return None
    subjects = list(versions.subjects)
    known = encode([(subject.key, versions.subjects[subject]) for subject in subjects])
    indexes = _INDEXES.decode(connection.execute(_CHANGED, (known,)).get)
    numbers = suppressions.changed(connection, versions.numbers)
    if not indexes and not numbers:
        return None
    return Needs(subjects=tuple(subjects[index] for index in indexes), numbers=tuple(numbers))


def suppress(connection: apsw.Connection, calls: list[Sequence[SuppressionChange]]) -> list[None]:
    """Suppress and release numbers beside the ledger, for every call that waits."""
    suppressions.write(connection, [change for changes in calls for change in changes])
    following(connection)
    return [None] * len(calls)
