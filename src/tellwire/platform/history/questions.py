"""Funnels, RFM and cohorts over columns: see `ports.questions`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.history.copying import Copying
from tellwire.platform.history.projections import rows_of, run
from tellwire.platform.history.reading import PeopleSet, Reading
from tellwire.platform.history.store import ColumnStore, Opened
from tellwire.platform.history.values import Sql
from tellwire.platform.model.account import Account
from tellwire.platform.model.rule import Rule
from tellwire.platform.ports.questions import SCORES, Cohort, Cohorts, Funnel, FunnelStep, Rfm, RfmCell

ANSWER_S: Final = 60.0


class ColumnQuestions:
    """See `ports.questions.Questions`."""

    def __init__(self, store: ColumnStore, copying: Copying) -> None:
        self._store = store
        self._copying = copying

    async def funnel(self, funnel: Funnel, account: Account, now: datetime) -> Sequence[FunnelStep]:
        """Return how many came to each step."""
        self._copying.demand_current()
        return await self._store.call(ANSWER_S, _funnel, funnel, account, now)

    async def rfm(self, rfm: Rfm, account: Account, now: datetime) -> Sequence[RfmCell]:
        """Return the cells that anybody is in."""
        self._copying.demand_current()
        return await self._store.call(ANSWER_S, _rfm, rfm, account, now)

    async def cohorts(self, cohorts: Cohorts, account: Account, now: datetime) -> Sequence[Cohort]:
        """Return a cohort for each period."""
        self._copying.demand_current()
        return await self._store.call(ANSWER_S, _cohorts, cohorts, account, now)


# Those who came to a step: when they did the first, and when this one.
_FIRST: Final = """
CREATE OR REPLACE TEMP TABLE came AS SELECT person, min(ts) AS began, min(ts) AS ts
FROM {table} WHERE ts >= ? AND ts < ? AND {where} AND {who} GROUP BY person
"""
_NEXT: Final = """
CREATE OR REPLACE TEMP TABLE came_next AS SELECT c.person, any_value(c.began) AS began, min(e.ts) AS ts,
  min(e.ts) - any_value(c.ts) AS took
FROM {table} AS e JOIN came AS c ON c.person = e.person
WHERE e.ts > c.ts AND e.ts <= c.began + ? AND {where} GROUP BY c.person
"""


def _funnel(opened: Opened, funnel: Funnel, account: Account, now: datetime) -> Sequence[FunnelStep]:
    reading = opened.reading(account, now)
    first, *others = funnel.steps
    table, where = reading.chosen(first.event, first.where)
    who = _among(opened, reading, funnel.who)
    bounds = (to_ms(funnel.begins_at), to_ms(funnel.ends_at))
    run(
        opened.connection, _FIRST.format(table=table, where=where.text, who=who), (*bounds, *where.parameters)
    )
    ((people,),) = rows_of(opened.connection, "SELECT count(*) FROM came")
    steps = [FunnelStep(people=people, median_s=None)]
    for deed in others:
        table, where = reading.chosen(deed.event, deed.where)
        within = round(funnel.within / timedelta(milliseconds=1))
        run(opened.connection, _NEXT.format(table=table, where=where.text), (within, *where.parameters))
        ((people, median),) = rows_of(opened.connection, "SELECT count(*), median(took) FROM came_next")
        steps.append(FunnelStep(people=people, median_s=None if median is None else median / 1000))
        run(opened.connection, "CREATE OR REPLACE TEMP TABLE came AS SELECT person, began, ts FROM came_next")
    return steps


_RFM: Final = """
WITH each AS (
  SELECT person, max(ts) AS last, count(*) AS times, CAST(sum({amount}) AS DOUBLE) / 1000000 AS amount
  FROM {table} WHERE ts >= ? AND {where} AND {who} GROUP BY person),
scored AS (
  SELECT *, ntile({scores}) OVER (ORDER BY last, person) AS r, ntile({scores}) OVER (ORDER BY times, person) AS f
  FROM each)
SELECT r, f, count(*), avg(times), avg(amount), max(last) FROM scored GROUP BY r, f ORDER BY r DESC, f DESC
"""


def _rfm(opened: Opened, rfm: Rfm, account: Account, now: datetime) -> Sequence[RfmCell]:
    reading = opened.reading(account, now)
    table, where = reading.chosen(rfm.deed.event, rfm.deed.where, also=rfm.amount)
    amount = reading.amount_of(rfm.deed.event, rfm.deed.where, rfm.amount) if rfm.amount else Sql("NULL")
    statement = _RFM.format(
        table=table,
        where=where.text,
        who=_among(opened, reading, rfm.who),
        amount=amount.text,
        scores=SCORES,
    )
    rows = rows_of(
        opened.connection, statement, (*amount.parameters, to_ms(rfm.begins_at), *where.parameters)
    )
    return [
        RfmCell(recency=r, frequency=f, people=people, times=times, amount=mean, last_at=from_ms(last))
        for r, f, people, times, mean, last in rows
    ]


_STARTED: Final = """
CREATE OR REPLACE TEMP TABLE started AS SELECT person, min(ts) AS ts, (min(ts) - {begins}) // {period} AS cohort
FROM {table} WHERE {where} AND {who} GROUP BY person
HAVING min(ts) >= {begins} AND min(ts) < {begins} + {period} * {periods}
"""
_BACK: Final = """
SELECT s.cohort, (e.ts - {begins}) // {period} - s.cohort AS later, count(DISTINCT s.person)
FROM {table} AS e JOIN started AS s ON s.person = e.person
WHERE e.ts > s.ts AND e.ts < {begins} + {period} * {periods} AND {where} GROUP BY ALL
"""


def _cohorts(opened: Opened, cohorts: Cohorts, account: Account, now: datetime) -> Sequence[Cohort]:
    reading = opened.reading(account, now)
    period_ms, begins = round(cohorts.period / timedelta(milliseconds=1)), to_ms(cohorts.begins_at)
    numbers = {"begins": begins, "period": period_ms, "periods": cohorts.periods}
    table, where = reading.chosen(cohorts.start.event, cohorts.start.where)
    who = _among(opened, reading, cohorts.who)
    run(
        opened.connection,
        _STARTED.format(table=table, where=where.text, who=who, **numbers),
        where.parameters,
    )
    table, where = reading.chosen(cohorts.back.event, cohorts.back.where)
    rows = rows_of(
        opened.connection, _BACK.format(table=table, where=where.text, **numbers), where.parameters
    )
    sizes = dict(rows_of(opened.connection, "SELECT cohort, count(*) FROM started GROUP BY cohort"))
    return _table(
        cohorts, begins, period_ms, sizes, {(cohort, later): people for cohort, later, people in rows}
    )


def _table(
    cohorts: Cohorts, begins: int, period_ms: int, sizes: dict[Any, Any], back: dict[tuple[int, int], int]
) -> Sequence[Cohort]:
    return [
        Cohort(
            begins_at=from_ms(begins + n * period_ms),
            people=sizes.get(n, 0),
            back=[back.get((n, later), 0) for later in range(cohorts.periods - n)],
        )
        for n in range(cohorts.periods)
    ]


def _among(opened: Opened, reading: Reading, who: Rule | None) -> str:
    """Return the condition that a person is one of those who are looked at."""
    people: PeopleSet = reading.everybody() if who is None else reading.meeting(who)
    run(
        opened.connection,
        "CREATE OR REPLACE TEMP TABLE among AS SELECT CAST(unnest(?::BIGINT[]) AS UINTEGER) AS person",
        (reading.places(people, -1, reading.last + 1),),
    )
    return "person IN (SELECT person FROM among)"
