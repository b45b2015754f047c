"""`where` or `segment`: for whom a target is, as a rule of the language (CleverTap contract 4.6, 4.8). Pure."""

from typing import Any, Final, get_args

from tellwire.platform.control.clevertap.words import Words
from tellwire.platform.language.near import nearest
from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import NAME_LIMIT
from tellwire.platform.model.rule import CONDITIONS_LIMIT, OPERATORS, Operator

# Words of `where` that ask what people did. Their answer needs what people did to be counted.
_BEHAVIOUR: Final = (
    "event_name",
    "event_properties",
    "session_properties",
    "from",
    "to",
    "advanced_query",
    "did_all",
    "did_any",
    "did_none",
)
_NOT_YET: Final = (
    "This asks for what people did, which cannot be answered yet: ask for common_profile_properties,"
    " or name an audience as segment."
)


def read_audience(body: Words, account: Account) -> dict[str, Any] | None:
    """Return whom a body asks for, as a rule of the language; None is everybody. Raises a `Problem`."""
    where, segment = body.object("where"), body.any("segment")
    if (where is None) is (segment is None):
        raise body.refused("where", "Send either where or segment.")
    return _segment(body, segment, account) if where is None else _where(where)


def _segment(body: Words, segment: Any, account: Account) -> dict[str, Any] | None:
    name = str(segment).strip() if isinstance(segment, str | int) and not isinstance(segment, bool) else ""
    if name.casefold() == "all":
        return None
    known = {audience.casefold(): audience for audience in account.audiences}
    if name.casefold() not in known:
        shown = name[:NAME_LIMIT]
        raise body.refused("segment", f"There is no audience “{shown}”{nearest(shown, account.audiences)}.")
    return {"member": known[name.casefold()]}


def _where(where: Words) -> dict[str, Any]:
    for name in where.names():
        if name in _BEHAVIOUR:
            raise where.refused(name, _NOT_YET)
    common = where.object("common_profile_properties")
    where.end()
    fields = [] if common is None else common.objects("profile_fields", CONDITIONS_LIMIT)
    if common is not None:
        common.end()
    if not fields:
        raise where.refused(
            "common_profile_properties", 'Name a field, or send "segment": "all" for everybody.'
        )
    conditions = [_condition(field) for field in fields]
    return conditions[0] if len(conditions) == 1 else {"all": conditions}


def _condition(field: Words) -> dict[str, Any]:
    name, operator = field.demand("name", NAME_LIMIT), field.text("operator", NAME_LIMIT) or "equals"
    value = field.any("value")
    field.end()
    if operator not in _OPERATORS:
        raise field.refused("operator", f"This is no operator: write {', '.join(get_args(Operator))}.")
    if operator in {"exists", "does_not_exist"}:
        return {"profile": name, "exists": operator == "exists"}
    if value is None:
        raise field.refused("value", f"{OPERATORS[_OPERATORS[operator]].words} what?")
    return {"profile": name, operator: value}


_OPERATORS: Final[dict[str, Operator]] = {operator: operator for operator in OPERATORS}
