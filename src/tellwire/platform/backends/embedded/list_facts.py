"""What deciding has to know of lists: which of them people are on, and which changes starts have still to follow."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import apsw

from tellwire.kernel.address import Msisdn
from tellwire.kernel.clock import from_ms
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.model.address import Address
from tellwire.platform.model.event import Subject
from tellwire.platform.model.list_member import ListChange, ListKey, key_of_number, key_of_subject, keys_of
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile

HOLDERS_LIMIT = 100  # people with one number who follow a change of it: more is no person's
PEOPLE_LIMIT = 2_000  # of one page, and those of one number more


class Page(NamedTuple):
    """The changes that are next, and the people whom they are about, by place."""

    changes: Sequence[ListChange] = ()
    seqs: Sequence[int] = ()

    @property
    def last(self) -> int:
        """The last of the changes, 0 if there are none."""
        return self.changes[-1].seq if self.changes else 0


class Listed(NamedTuple):
    """On which lists names are, and the changes that name them."""

    by_key: Mapping[ListKey, frozenset[ListId]] = {}
    changes: Sequence[ListChange] = ()


_NEXT = "SELECT at_ms FROM list_change ORDER BY seq LIMIT 1"
_PAGE = """
SELECT json_group_array(json_array(seq, key, list, is_added, at_ms, catalog_version) ORDER BY seq)
FROM (SELECT * FROM list_change ORDER BY seq LIMIT ?)
"""
_OF_KEYS = """
SELECT json_group_array(json_array(c.seq, c.key, c.list, c.is_added, c.at_ms, c.catalog_version))
FROM json_each(?) AS given CROSS JOIN list_change AS c ON c.key = given.value
"""
_CHANGES = decoder(list[tuple[int, ListKey, ListId, int, int, int]])


def next_due(connection: apsw.Connection) -> datetime | None:
    """Return when the next change came that starts have to follow, None if there is none."""
    at_ms = connection.execute(_NEXT).get
    return None if at_ms is None else from_ms(at_ms)


_NAMED = """
SELECT json_group_array(DISTINCT subject.profile) FROM json_each(?) AS given
CROSS JOIN subject ON subject.key = given.value
"""
_HOLDERS = "SELECT json_group_array(seq) FROM (SELECT seq FROM profile WHERE phone = ? ORDER BY seq LIMIT ?)"
_SEQS = decoder(list[int])


def page(connection: apsw.Connection, lists: Collection[ListId], limit: int) -> Page:
    """Return the changes that are next; of lists that no rule looks at without the people whom they are about."""
    if not limit or connection.execute(_NEXT).get is None:
        return Page()
    changes = _read(connection, _PAGE, limit)
    keys = [one.key for one in changes if one.list_id in lists]
    seqs = _SEQS.decode(connection.execute(_NAMED, (encode(keys),)).get) if keys else []
    for count, one in enumerate(changes, start=1):
        if one.number is not None and one.list_id in lists:
            seqs += _SEQS.decode(connection.execute(_HOLDERS, (int(one.number.digits), HOLDERS_LIMIT)).get)
        if len(seqs) > PEOPLE_LIMIT:
            return Page(changes[:count], seqs)
    return Page(changes, seqs)


_LISTED = """
SELECT json_group_array(json_array(given.key, m.list)) FROM json_each(?1) AS given
CROSS JOIN list_member AS m ON m.key = given.value WHERE m.list IN (SELECT value FROM json_each(?2))
"""
_LISTED_ROWS = decoder(list[tuple[int, ListId]])


def listed(
    connection: apsw.Connection,
    lists: Collection[ListId],
    people: Iterable[Profile],
    subjects: Iterable[Subject],
    numbers: Iterable[Address],
) -> Listed:
    """Return on which of these lists people are, and whoever gets one of these names or numbers."""
    if not lists:
        return Listed()
    keys = list(
        dict.fromkeys(
            (
                *(key for profile in people for key in keys_of(profile)),
                *map(key_of_subject, subjects),
                *(key_of_number(number) for number in numbers if isinstance(number, Msisdn)),
            )
        )
    )
    encoded = encode(keys)
    by_key: dict[ListKey, set[ListId]] = {}
    for index, list_id in _LISTED_ROWS.decode(
        connection.execute(_LISTED, (encoded, encode(list(lists)))).get
    ):
        by_key.setdefault(keys[index], set()).add(list_id)
    is_behind = connection.execute(_NEXT).get is not None
    return Listed(
        {key: frozenset(ids) for key, ids in by_key.items()},
        _read(connection, _OF_KEYS, encoded) if is_behind else (),
    )


def _read(connection: apsw.Connection, statement: str, value: str | int) -> list[ListChange]:
    rows = _CHANGES.decode(connection.execute(statement, (value,)).get)
    return [
        ListChange(seq, key, list_id, bool(is_added), from_ms(at_ms), version)
        for seq, key, list_id, is_added, at_ms, version in rows
    ]


def merged(page: Page, of_people: Sequence[ListChange]) -> Sequence[ListChange]:
    """Return the changes of a page and those of people, each once, in their order."""
    by_seq = {one.seq: one for one in (*page.changes, *of_people)}
    return [by_seq[seq] for seq in sorted(by_seq)]


_FOLLOWED = "DELETE FROM list_change WHERE seq IN (SELECT value FROM json_each(?))"


def forget_followed(connection: apsw.Connection, seqs: Sequence[int]) -> None:
    """Delete changes that starts have followed."""
    if seqs:
        connection.execute(_FOLLOWED, (encode(seqs),))
