"""What somebody did, as a rule: an event, how many or how much of it, and when.

{did: Charged, where: [{property: Amount, greater_than: 10}], at_least: 2, within: 30 days}
{did: Charged, sum: {property: Amount, at_least: 100}, from: today - 30 days, until: today - 1 day}
{did: Charged, first: {property: Category, equals: shoes}}   {did: Charged, first_time: true, within: 7 days}
{did: Notification Replied, since: entering}                 {did: Charged, between: [2026-01-01, 2026-01-31]}
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias, assert_never

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.language.comparison import (
    Comparison,
    ConditionForm,
    Conditions,
    condition_of,
    read_conditions,
    said_in,
    write_condition,
)
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.language.window import WindowForm, read_window, write_window
from tellwire.platform.model.behaviour import (
    AMOUNT_LIMIT,
    Amount,
    Bounds,
    Count,
    FirstTime,
    Times,
    Total,
    TotalKind,
    Window,
)
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.rule import ONCE, Did, Edge, Measure

_BETWEEN: Final = msgspec.Meta(gt=-AMOUNT_LIMIT, lt=AMOUNT_LIMIT)
_Number: TypeAlias = Annotated[int, _BETWEEN] | Annotated[float, _BETWEEN]


def _help(sentence: str) -> msgspec.Meta:
    return msgspec.Meta(description=sentence)


class TotalForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A property of the events, and between which numbers what it comes to has to be."""

    property: Name = ""
    at_least: _Number | UnsetType = UNSET
    at_most: _Number | UnsetType = UNSET
    exactly: _Number | UnsetType = UNSET
    greater_than: _Number | UnsetType = UNSET
    less_than: _Number | UnsetType = UNSET


class DidForm(WindowForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands beside `did`; `between` of the comparison is a window there."""

    did: Annotated[Name | UnsetType, _help("The event that a person did, or did not do.")] = UNSET
    where: Annotated[Conditions | UnsetType, _help("What the events are like.")] = UNSET
    at_least: Annotated[Times | UnsetType, _help("How many events at least: 1 if nothing is said.")] = UNSET
    at_most: Annotated[Times | UnsetType, _help("How many events at most.")] = UNSET
    exactly: Annotated[Times | UnsetType, _help("How many events.")] = UNSET
    sum: Annotated[TotalForm | UnsetType, _help("What a property of the events adds up to.")] = UNSET
    average: Annotated[TotalForm | UnsetType, _help("What a property of the events is on average.")] = UNSET
    minimum: Annotated[TotalForm | UnsetType, _help("The least that a property of the events is.")] = UNSET
    maximum: Annotated[TotalForm | UnsetType, _help("The most that a property of the events is.")] = UNSET
    first: Annotated[ConditionForm | UnsetType, _help("What the first of the events is like.")] = UNSET
    last: Annotated[ConditionForm | UnsetType, _help("What the last of the events is like.")] = UNSET
    first_time: Annotated[
        bool | UnsetType, _help("The first of all such events is in the window; only true.")
    ] = UNSET


_COUNTS: Final = ("at_least", "at_most", "exactly")
_TOTALS: Final[tuple[TotalKind, ...]] = ("sum", "average", "minimum", "maximum")
_EDGES: Final[tuple[Literal["first", "last"], ...]] = ("first", "last")
BESIDE: Final = tuple(
    one.name
    for one in msgspec.structs.fields(DidForm)
    if one.name not in {"did", *Comparison.__struct_fields__}
)


def beside(form: DidForm) -> list[str]:
    """Return the keys that are written and stand beside `did` alone, as they are written."""
    return [name.rstrip("_") for name in BESIDE if getattr(form, name) is not UNSET]


def read_did(form: DidForm, path: str) -> Did:
    """Return the rule that a form with `did` means. Raises `Unreadable`."""
    assert form.did is not UNSET  # noqa: S101 - it is the kind
    name = form.did.strip()
    if not name:
        raise Unreadable({f"{path}.did": "Write the name of an event."})
    for key in said_in(form):
        if key != "between":
            raise Unreadable(
                {f"{path}.{key}": f"{key} compares a property: write it in where, sum, first or last."}
            )
    measure, window = _measure(form, path), read_window(form, path)
    if isinstance(measure, FirstTime) and window == Window():
        why = "The first time of all is always there: write within, or exactly: 1 for whoever did it once."
        raise Unreadable({f"{path}.first_time": why})
    return Did(
        event=name,
        where=() if form.where is UNSET else read_conditions(form.where, f"{path}.where"),
        measure=measure,
        window=window,
    )


def _measure(form: DidForm, path: str) -> Measure:
    said = [name for name in (*_TOTALS, *_EDGES, "first_time") if getattr(form, name) is not UNSET]
    counts = [name for name in _COUNTS if getattr(form, name) is not UNSET]
    if len(said) + bool(counts) > 1:
        both = " and ".join((*counts[:1], *said))
        raise Unreadable({path: f"did asks one thing of its events: {both} are several. Write them in all."})
    if not said:
        return _count(form, counts, path)
    (name,) = said
    if name == "first_time":
        if form.first_time is not True:
            raise Unreadable({f"{path}.first_time": "first_time is only true: else leave it out."})
        return FirstTime()
    for kind in _TOTALS:
        if kind == name:
            return _total(kind, getattr(form, kind), f"{path}.{kind}")
    which: Literal["first", "last"] = "first" if name == "first" else "last"
    written: ConditionForm = getattr(form, which)
    return Edge(which=which, condition=condition_of(written, written.property, f"{path}.{which}"))


def _count(form: DidForm, said: Sequence[str], path: str) -> Count:
    if not said:
        return ONCE
    low, high = _ends(form, said, path)
    if low == 0 and high is None:
        raise Unreadable({f"{path}.at_least": "at_least: 0 is always so: write 1, or at_most: 0 for never."})
    return Count(at_least=low or None, at_most=high)


def _total(kind: TotalKind, form: TotalForm, path: str) -> Total:
    name = form.property.strip()
    if not name:
        raise Unreadable({f"{path}.property": "Name the property."})
    said = [one for one in (*_COUNTS, "greater_than", "less_than") if getattr(form, one) is not UNSET]
    if not said:
        raise Unreadable({path: f"Write between which numbers the {kind} has to be, as at_least: 100."})
    low, high = _ends(form, said, path)
    return Total(
        kind=kind,
        property=name,
        bounds=Bounds(
            at_least=low, at_most=high, over=_or_none(form.greater_than), under=_or_none(form.less_than)
        ),
    )


def _ends(form: DidForm | TotalForm, said: Sequence[str], path: str) -> tuple[Any, Any]:
    """Return the lower and the upper end; `exactly` is both of them."""
    if "exactly" in said:
        if len(said) > 1:
            raise Unreadable({path: f"exactly stands alone: {' and '.join(said)} are several."})
        return form.exactly, form.exactly
    low, high = _or_none(form.at_least), _or_none(form.at_most)
    if low is not None and high is not None and low > high:
        raise Unreadable({path: f"No number is at least {low} and at most {high}."})
    return low, high


def _or_none(value: Any) -> Any:
    return None if value is UNSET else value


def write_did(did: Did) -> dict[str, Any]:
    """Return the members of the form of a rule about behaviour."""
    where = {"where": tuple(map(write_condition, did.where))} if did.where else {}
    return {"did": did.event, **where, **_write_measure(did.measure), **write_window(did.window)}


def _write_measure(measure: Measure) -> dict[str, Any]:
    match measure:
        case Count():
            if measure == ONCE:
                return {}
            return _write_ends(measure.at_least or (0 if measure.at_most == 0 else None), measure.at_most)
        case Total(kind=kind, property=name, bounds=bounds):
            strict = {"greater_than": bounds.over, "less_than": bounds.under}
            written = {key: end for key, end in strict.items() if end is not None}
            ends = _write_ends(bounds.at_least, bounds.at_most)
            return {kind: TotalForm(property=name, **ends, **written)}
        case Edge(which=which, condition=condition):
            return {which: write_condition(condition)}
        case FirstTime():
            return {"first_time": True}
        case _:
            assert_never(measure)


def _write_ends(low: Amount | None, high: Amount | None) -> dict[str, Any]:
    if low is not None and low == high:
        return {"exactly": low}
    return {key: end for key, end in (("at_least", low), ("at_most", high)) if end is not None}
