"""Who is on lists of people, and the changes of lists that starts have still to follow."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import audit
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.model.audit import Deed, FieldDiff
from tellwire.platform.model.list_member import ListKey
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.ports.lists import PIECE, ListChanged, ListDeed, ListMember


class EmbeddedLists:
    """See `ports.lists.Lists`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        list_id: ListId,
        keys: Sequence[ListKey],
        at: datetime,
        *,
        follows: bool,
        deed: ListDeed | None = None,
    ) -> ListChanged:
        """Put these names on a list."""
        return await self._database.write(_add, _change(list_id, keys, at, deed, follows=follows))

    async def remove(
        self,
        list_id: ListId,
        keys: Sequence[ListKey],
        at: datetime,
        *,
        follows: bool,
        deed: ListDeed | None = None,
    ) -> ListChanged:
        """Take these names from a list."""
        return await self._database.write(_remove, _change(list_id, keys, at, deed, follows=follows))

    async def sizes(self) -> Mapping[ListId, int]:
        """Return how many names are on each list."""
        return await self._database.read(_sizes)

    async def members(self, list_id: ListId, after: str, limit: int) -> list[ListMember]:
        """Return the names on a list after this one."""
        return await self._database.read(_members, list_id, after, limit)


class _Change(NamedTuple):
    list_id: ListId
    keys: str  # as a JSON array, each once, in the order of the index
    at: datetime
    follows: bool
    deed: ListDeed | None


def _change(
    list_id: ListId, keys: Iterable[ListKey], at: datetime, deed: ListDeed | None, *, follows: bool
) -> _Change:
    once = sorted(set(keys))
    if len(once) > PIECE:
        raise ValueError(f"{len(once)} names are more than the {PIECE} of one call")
    return _Change(list_id, encode(once), at, follows, deed)


# What is there already is no change, and no start follows it.
_FOLLOW_ADDED = """
INSERT INTO list_change (key, list, is_added, at_ms, catalog_version)
SELECT given.value, ?1, 1, ?3, (SELECT version FROM catalog) FROM json_each(?2) AS given
WHERE NOT EXISTS (SELECT 1 FROM list_member WHERE key = given.value AND list = ?1)
"""
_FOLLOW_REMOVED = """
INSERT INTO list_change (key, list, is_added, at_ms, catalog_version)
SELECT given.value, ?1, 0, ?3, (SELECT version FROM catalog) FROM json_each(?2) AS given
CROSS JOIN list_member AS m ON m.key = given.value AND m.list = ?1
"""
_ADD = "INSERT OR IGNORE INTO list_member (key, list) SELECT value, ?1 FROM json_each(?2)"
_REMOVE = """
DELETE FROM list_member WHERE list = ?1 AND key IN (SELECT value FROM json_each(?2))
"""
_COUNT = """
INSERT INTO list_size (list, members) VALUES (?1, ?2)
ON CONFLICT (list) DO UPDATE SET members = members + ?2
"""


def _add(connection: apsw.Connection, calls: list[_Change]) -> list[ListChanged]:
    return [_made(connection, call, _FOLLOW_ADDED, _ADD, 1) for call in calls]


def _remove(connection: apsw.Connection, calls: list[_Change]) -> list[ListChanged]:
    return [_made(connection, call, _FOLLOW_REMOVED, _REMOVE, -1) for call in calls]


def _made(
    connection: apsw.Connection, call: _Change, following: str, changing: str, sign: int
) -> ListChanged:
    if call.follows:
        connection.execute(following, (call.list_id, call.keys, to_ms(call.at)))
    connection.execute(changing, (call.list_id, call.keys))
    changed = connection.changes()
    line = 0
    if changed:
        connection.execute(_COUNT, (call.list_id, sign * changed))
        line = 0 if call.deed is None else _noted(connection, call, call.deed, sign * changed)
    elif call.deed is not None:
        line = call.deed.line
    unknown = connection.execute(_UNKNOWN, (call.keys,)).get
    return ListChanged(changed=changed, unknown=unknown, line=line)


_SIZE = "SELECT members FROM list_size WHERE list = ?"


def _noted(connection: apsw.Connection, call: _Change, deed: ListDeed, more: int) -> int:
    """Say in the audit log how many names the list had before all calls of this change, and has; return the line."""
    if deed.line:
        audit.count_up(connection, deed.line, more)
        return deed.line
    members = connection.execute(_SIZE, (call.list_id,)).get
    done = Deed(
        kind="list",
        object_id=str(call.list_id),
        name=deed.name,
        what="changed",
        at=call.at,
        fields=(FieldDiff(field="members", before=members - more, after=members),),
    )
    audit.add(connection, [done], deed.by)
    return connection.last_insert_rowid()


# A number is somebody's if a profile has it, and every other name if it leads to a profile.
_UNKNOWN = """
SELECT count(*) FROM json_each(?) AS given WHERE
  NOT EXISTS (SELECT 1 FROM subject WHERE key = given.value)
  AND NOT (given.value LIKE 'phone:%'
    AND EXISTS (SELECT 1 FROM profile WHERE phone = CAST(substr(given.value, 7) AS INTEGER)))
"""
_SIZES = "SELECT json_group_array(json_array(list, members)) FROM list_size"
_SIZE_ROWS = decoder(list[tuple[ListId, int]])


def _sizes(connection: apsw.Connection) -> Mapping[ListId, int]:
    return dict(_SIZE_ROWS.decode(connection.execute(_SIZES).get))


_MEMBERS = """
SELECT json_group_array(json_array(m.key, (SELECT id FROM profile WHERE seq = iif(m.key LIKE 'phone:%',
    (SELECT min(seq) FROM profile WHERE phone = CAST(substr(m.key, 7) AS INTEGER)),
    (SELECT profile FROM subject WHERE key = m.key)))) ORDER BY m.key)
FROM (SELECT key FROM list_member WHERE list = ?1 AND key > ?2 ORDER BY key LIMIT ?3) AS m
"""
_MEMBER_ROWS = decoder(list[tuple[ListKey, ProfileId | None]])


def _members(connection: apsw.Connection, list_id: ListId, after: str, limit: int) -> list[ListMember]:
    rows = _MEMBER_ROWS.decode(connection.execute(_MEMBERS, (list_id, after, limit)).get)
    return [ListMember(key=key, profile_id=profile_id) for key, profile_id in rows]


# Members of a list that is gone from the account go a few at a time.
_ORPHAN = """
SELECT min(list) FROM list_size
WHERE list NOT IN (SELECT one.value->>'id' FROM account, json_each(account.body, '$.lists') AS one)
"""
_FORGET_MEMBERS = """
DELETE FROM list_member WHERE (key, list) IN (SELECT key, list FROM list_member WHERE list = ?1 LIMIT ?2)
"""
_FORGET_SIZE = "DELETE FROM list_size WHERE list = ?"


def forget(connection: apsw.Connection, limit: int) -> int:
    """Delete at most so many members of a list that is gone, and return how many it had."""
    list_id = connection.execute(_ORPHAN).get
    if list_id is None:
        return 0
    connection.execute(_FORGET_MEMBERS, (list_id, limit))
    deleted = connection.changes()
    if deleted < limit:
        connection.execute(_FORGET_SIZE, (list_id,))
    return deleted
