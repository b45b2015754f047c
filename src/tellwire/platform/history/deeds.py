"""Rules about what people did, over columns: of everybody it says what `decide.behaviour` says of a list. Pure.

What is asked of each person's events becomes a condition on their group. Nobody's group is empty: whom the rule means
who did nothing is everybody but those whose group says otherwise (`DeedSql.is_of_all_others`).
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, assert_never

from tellwire.platform.decide.behaviour import NOTHING_SEEN, is_met
from tellwire.platform.history.values import Column, Parameter, Sql, columns_of
from tellwire.platform.model.behaviour import UNITS, Bounds, Count, FirstTime, Span, Total, units_of
from tellwire.platform.model.rule import Condition, Did, Edge
from tellwire.platform.model.value import Value

# Returns the expression of a condition over the columns of the table.
Where = Callable[[Condition], Sql]

# An amount below this, in millionths, is so near to its float that rounding that is right, but for halves.
_EXACT_BELOW: Final = 8_000_000
_SEQS: Final = (
    2**40
)  # more than there will ever be events: of one moment, the order in which they came decides


class DeedSql(NamedTuple):
    """A statement that selects people, and whether the rule means all but these."""

    text: str
    parameters: tuple[Parameter, ...]
    is_of_all_others: bool


def properties_of(did: Did) -> list[str]:
    """Return the properties that a rule looks at, each once."""
    names = [condition.property for condition in did.where]
    match did.measure:
        case Total(property=name):
            names.append(name)
        case Edge(condition=condition):
            names.append(condition.property)
        case _:
            pass
    return list(dict.fromkeys(names))


def deed_sql(did: Did, table: str, span: Span, where: Where, amount: Sql) -> DeedSql:
    """Return who did what a rule wants; `amount` is the property of a total in millionths, NULL for what is none."""
    conditions = [where(condition) for condition in did.where]
    if not isinstance(did.measure, FirstTime):  # of a first time, all of them are looked at
        conditions += _within("ts", span)
    chosen = _all_of(conditions)
    rows = f"FROM {table} WHERE {chosen.text}"
    if did.measure == Count(at_least=1):
        return DeedSql(f"SELECT person {rows}", chosen.parameters, is_of_all_others=False)
    is_of_all_others = is_met(did, NOTHING_SEEN)
    group = _group(did, span, where, amount)
    having = f"NOT coalesce({group.text}, false)" if is_of_all_others else group.text
    return DeedSql(
        f"SELECT person {rows} GROUP BY person HAVING {having}",
        (*chosen.parameters, *group.parameters),
        is_of_all_others,
    )


def _group(did: Did, span: Span, where: Where, amount: Sql) -> Sql:
    match did.measure:
        case Count(at_least=low, at_most=high):
            return _all_of([*_compared("count(*)", ">=", low), *_compared("count(*)", "<=", high)])
        case Total(kind="sum", bounds=bounds):
            return _bounded(bounds, "coalesce(sum(a), 0)", "1", amount)
        case Total(kind="average", bounds=bounds):
            return _bounded(bounds, "sum(a)", "count(a)", amount)
        case Total(kind=kind, bounds=bounds):
            return _bounded(bounds, f"{'min' if kind == 'minimum' else 'max'}(a)", "1", amount)
        case Edge(which=which, condition=condition):
            one = where(condition)
            function = "arg_min" if which == "first" else "arg_max"
            return Sql(f"{function}({one.text}, CAST(ts AS HUGEINT) * {_SEQS} + seq)", one.parameters)
        case FirstTime():
            return _all_of(_within("min(ts)", span))
        case _:
            assert_never(did.measure)


def _within(moment: str, span: Span) -> list[Sql]:
    return [
        *_compared(moment, ">=", span.begins_ms),
        *_compared(moment, "<", span.ends_ms),
    ]


def _compared(what: str, relation: str, number: int | None) -> list[Sql]:
    return [] if number is None else [Sql(f"{what} {relation} {int(number)}")]


def _bounded(bounds: Bounds, what: str, of: str, amount: Sql) -> Sql:
    relations = ((">=", bounds.at_least), ("<=", bounds.at_most), (">", bounds.over), ("<", bounds.under))
    total = what.replace("(a)", f"({amount.text})")
    number = of.replace("(a)", f"({amount.text})")
    compared = [
        Sql(
            f"CAST({total} AS HUGEINT) {relation} {_literal(units_of(bound))} * CAST({number} AS HUGEINT)",
            amount.parameters * (total.count(amount.text) + number.count(amount.text)),
        )
        for relation, bound in relations
        if bound is not None
    ]
    return _all_of(compared)


def _literal(number: int | None) -> str:
    return f"CAST({number or 0} AS HUGEINT)"


def _all_of(parts: Sequence[Sql]) -> Sql:
    if not parts:
        return Sql("true")
    return Sql(
        f"({' AND '.join(part.text for part in parts)})",
        tuple(one for part in parts for one in part.parameters),
    )


def amount_sql(
    i: int, odd: Callable[[str], Sequence[object]], as_value: Callable[[Column, object], Value]
) -> Sql:
    """Return the i-th property in millionths: small numbers by the database, others looked up as worked out here.

    `odd` returns the different values that a selecting expression finds, `as_value` makes one what it came as.
    """
    n, o = columns_of(i)["n"], columns_of(i)["o"]
    is_near = f"(abs({n}) < {_EXACT_BELOW} AND abs(abs({n} * {UNITS} - trunc({n} * {UNITS})) - 0.5) > 0.01)"
    cases = [f"WHEN {is_near} THEN CAST(round({n} * {UNITS}) AS HUGEINT)"]
    parameters: list[Parameter] = []
    columns: tuple[tuple[Column, str, str], ...] = (("n", n, "DOUBLE"), ("o", o, "VARCHAR"))
    for column, name, kind in columns:
        values = odd(f"CASE WHEN NOT coalesce({is_near}, false) THEN {name} END")
        units = [(one, amount) for one in values if (amount := units_of(as_value(column, one))) is not None]
        if units:
            pairs = f"map(CAST(? AS {kind}[]), CAST(? AS HUGEINT[]))"
            cases.append(f"WHEN {name} IS NOT NULL THEN {pairs}[{name}]")
            parameters += [[one for one, _ in units], [str(amount) for _, amount in units]]  # type: ignore[list-item]
    return Sql(f"CASE {' '.join(cases)} END", tuple(parameters))
