"""Finds everybody who meets a rule: the set reader. It says of everybody what `decide.rules.meets` says of one person.

Each leaf of a rule becomes one question to the database, whose answer is a set of people: a whole number with a bit for
each place. Sets are joined in here, so that a line of a rule costs once however often it stands there, and its own
count nothing. They are remembered until something changes.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Final, TypeAlias, assert_never

import duckdb

from tellwire.platform.decide.behaviour import NOTHING_SEEN, is_met
from tellwire.platform.history.deeds import amount_sql, deed_sql, properties_of
from tellwire.platform.history.projections import PEOPLE, Projection, Projections, rows_of
from tellwire.platform.history.schema import event_table
from tellwire.platform.history.values import NEVER, Column, Sql, as_json, columns_of, condition_sql
from tellwire.platform.model.account import Account
from tellwire.platform.model.behaviour import Total
from tellwire.platform.model.people_list import by_folded_name
from tellwire.platform.model.rule import All, Any, Condition, Did, Has, Listed, Member, Not, Reachable, Rule
from tellwire.platform.model.value import fold

Leaf: TypeAlias = Has | Reachable | Listed | Did
PeopleSet: TypeAlias = int  # a bit for each place: the highest for place 0, as the database writes them

REMEMBERED: Final = 100  # sets: 125 kB each for a million people
NOBODY: Final[PeopleSet] = 0


class Remembered:
    """Sets of people by what they answer, until something changes."""

    def __init__(self) -> None:
        self._sets: OrderedDict[object, PeopleSet] = OrderedDict()

    def get(self, key: object, make: Callable[[], PeopleSet]) -> PeopleSet:
        """Return the set of this question, made if it is not remembered."""
        known = self._sets.pop(key, None)
        if known is None:
            known = make()
        self._sets[key] = known
        while len(self._sets) > REMEMBERED:
            self._sets.popitem(last=False)
        return known

    def forget(self) -> None:
        """Forget all of them: something has changed."""
        self._sets.clear()


class Reading:
    """What one question sees: the tables as they are, the account's audiences and lists, and now."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        projections: Projections,
        numbers: Mapping[str, int],
        remembered: Remembered,
        account: Account,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._projections = projections
        self._numbers = numbers
        self._remembered = remembered
        self._account = account
        self._now = now
        ((last,),) = rows_of(connection, "SELECT coalesce(max(place), 0) FROM person")
        self.last = last

    def everybody(self) -> PeopleSet:
        """Return all who are somebody."""
        return self._remembered.get("everybody", lambda: self._set("SELECT place FROM person"))

    def meeting(self, rule: Rule) -> PeopleSet:
        """Return all who meet a rule."""
        match rule:
            case All(rules):
                return reduce(and_, map(self.meeting, rules))
            case Any(rules):
                return reduce(or_, map(self.meeting, rules))
            case Not(opposite):
                return self.everybody() & ~self.meeting(opposite)
            case Member(name):
                audience = self._account.audiences.get(name)
                return NOBODY if audience is None else self.meeting(audience)
            case _:
                return self.everybody() & self._remembered.get(self._key(rule), lambda: self._leaf(rule))

    def reachable(self, channel: str) -> PeopleSet:
        """Return all whom a channel reaches."""
        return self.meeting(Reachable(channel))

    def places(self, people: PeopleSet, after: int, limit: int) -> list[int]:
        """Return the places of some of a set, ascending, those after this one."""
        return _places(self._written(people), after, limit)

    def some(self, people: PeopleSet, size: int) -> list[int]:
        """Return the places of some of a set, about as far from each other; all if there are no more."""
        bits, step = self._written(people), self.last // size + 1
        spread = {place for begins in range(0, self.last + 1, step) for place in _places(bits, begins, 1)}
        first = _places(bits, -1, size)  # where they stand close together
        return sorted([*sorted(spread), *(place for place in first if place not in spread)][:size])

    def _written(self, people: PeopleSet) -> str:
        return f"{people:0{self.last + 1}b}"

    def _key(self, leaf: Leaf) -> object:
        match leaf:
            case Listed(name):
                known = by_folded_name(self._account.lists).get(fold(name))
                return "listed", known and known.id
            case Did(window=window):
                return repr(leaf), window.span(self._now, self._account.clock)
            case _:
                return repr(leaf)

    def _leaf(self, leaf: Leaf) -> PeopleSet:
        match leaf:
            case Did():
                return self._doing(leaf)
            case Has(condition):
                return self._having(condition)
            case Reachable(channel):
                return self._set(_REACHABLE, (channel,))
            case Listed(name):
                known = by_folded_name(self._account.lists).get(fold(name))
                return NOBODY if known is None else self._set(_LISTED, (known.id,))
            case _:
                assert_never(leaf)

    def _having(self, condition: Condition) -> PeopleSet:
        projection = self._projections.asked(PEOPLE, [condition.property])
        where = self._where(projection, condition)
        return self._set(f"SELECT place FROM {projection.table} WHERE {where.text}", where.parameters)

    def _doing(self, did: Did) -> PeopleSet:
        n = self._numbers.get(fold(did.event))
        if n is None:
            return self.everybody() if is_met(did, NOTHING_SEEN) else NOBODY
        names = properties_of(did)
        projection = self._projections.asked(n, names) if names else None
        span = did.window.span(self._now, self._account.clock)
        deed = deed_sql(
            did,
            projection.table if projection else event_table(n),
            span,
            lambda condition: self._where(projection, condition) if projection else NEVER,
            self._amount(projection, did),
        )
        people = self._set(deed.text, deed.parameters)
        return self.everybody() & ~people if deed.is_of_all_others else people

    def _amount(self, projection: Projection | None, did: Did) -> Sql:
        if projection is None or not isinstance(did.measure, Total):
            return NEVER
        table = projection.table

        def odd(selected: str) -> list[object]:
            rows = rows_of(self._connection, f"SELECT DISTINCT {selected} AS v FROM {table}")
            return [value for (value,) in rows if value is not None]

        return amount_sql(projection.properties.index(did.measure.property), odd, as_json)

    def _where(self, projection: Projection, condition: Condition) -> Sql:
        i = projection.properties.index(condition.property)
        return condition_sql(condition, i, lambda column: self._distinct(projection, i, column))

    def _distinct(self, projection: Projection, i: int, column: Column) -> list[object]:
        name = columns_of(i)[column]
        rows = rows_of(
            self._connection, f"SELECT DISTINCT {name} FROM {projection.table} WHERE {name} IS NOT NULL"
        )
        return [value for (value,) in rows]

    def _set(self, select: str, parameters: Sequence[object] = ()) -> PeopleSet:
        """Return the set of the places that a statement selects."""
        bounds = f"CAST(0 AS UINTEGER), CAST({self.last} AS UINTEGER)"
        statement = f"SELECT bitstring_agg(p, {bounds}) FROM ({select}) AS one(p) WHERE p <= {self.last}"
        ((bits,),) = rows_of(self._connection, statement, parameters)
        return NOBODY if bits is None else int(str(bits), 2)


def _places(bits: str, after: int, limit: int) -> list[int]:
    places = list[int]()
    place = bits.find("1", after + 1)
    while place >= 0 and len(places) < limit:
        places.append(place)
        place = bits.find("1", place + 1)
    return places


_REACHABLE: Final = """
SELECT place FROM person_reach WHERE channel = ? AND address NOT IN (SELECT address FROM suppressed)
"""
_LISTED: Final = """
SELECT n.place FROM person_name AS n JOIN listing AS l ON l.key = n.key WHERE l.list = ?
"""
