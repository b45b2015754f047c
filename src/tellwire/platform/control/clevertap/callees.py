"""`to` of a call: people by Identity, objectId, FBID, GPID and Email (CleverTap contract 4.9, 4.10). Pure.

A name that cannot be read refuses that person alone, as a record of an upload is refused.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from tellwire.platform.control.clevertap.words import Words, refused
from tellwire.platform.intake.calling import PEOPLE_LIMIT, Callee, Email, Unreached
from tellwire.platform.intake.clevertap.identifiers import device_of, subject_of
from tellwire.platform.intake.clevertap.limits import TEXT_LIMIT
from tellwire.platform.intake.clevertap.refusal import IDENTITY_MISSING, OBJECT_ID
from tellwire.platform.model.refused import NOBODY

Kind: TypeAlias = Literal["Identity", "objectId", "FBID", "GPID", "Email"]
# As each wire spells them; they are read without regard to capitals.
_SPELLINGS: Final[dict[str, Kind]] = {
    "identity": "Identity",
    "objectid": "objectId",
    "fbid": "FBID",
    "gpid": "GPID",
    "email": "Email",
}
_KINDS: Final[dict[str, Kind]] = {
    "identity": "Identity",
    "device": "objectId",
    "facebook": "FBID",
    "google": "GPID",
}


class NotTaken(NamedTuple):
    """Somebody of `to` who is not called: as the caller wrote the name, and why."""

    kind: Kind
    name: Any
    code: int
    why: str


class To(NamedTuple):
    """Whom a call names, and those whose name cannot be read."""

    callees: tuple[Callee, ...]
    unreadable: tuple[NotTaken, ...]


def read_to(body: Words) -> To:
    """Return whom a body names. Raises a `Problem`."""
    to = body.object("to")
    if to is None:
        raise refused("to", "This is missing: name people by Identity, objectId, FBID, GPID or Email.")
    named: list[tuple[Kind, Any]] = []
    for written in to.names():
        kind = _SPELLINGS.get(written.casefold())
        if kind is not None:
            named += [(kind, name) for name in to.items(written, PEOPLE_LIMIT)]
    to.end()
    if not named:
        raise refused("to", "Nobody is named.")
    if len(named) > PEOPLE_LIMIT:
        raise refused("to", f"More than {PEOPLE_LIMIT} people are too many: call in several calls.")
    return _read(named)


def not_taken(unreached: Iterable[Unreached]) -> Sequence[NotTaken]:
    """Return those whom a call did not reach."""
    return [_not_taken(one) for one in unreached]


def _read(named: Sequence[tuple[Kind, Any]]) -> To:
    read = [(kind, name, _callee(kind, name)) for kind, name in named]
    return To(
        tuple(callee for _, _, callee in read if callee is not None),
        tuple(
            NotTaken(
                kind, name, OBJECT_ID if kind == "objectId" else IDENTITY_MISSING, f"{kind} is not valid."
            )
            for kind, name, callee in read
            if callee is None
        ),
    )


def _callee(kind: Kind, name: Any) -> Callee | None:
    match kind:
        case "objectId":
            return device_of(name)
        case "Email":
            is_address = isinstance(name, str) and len(name) <= TEXT_LIMIT and name.strip().find("@") > 0
            return Email(name.strip()) if is_address else None
        case _:
            return subject_of(kind, name)


def _not_taken(unreached: Unreached) -> NotTaken:
    callee = unreached.callee
    kind: Kind = "Email" if isinstance(callee, Email) else _KINDS[callee.kind]
    name = callee.address if isinstance(callee, Email) else callee.value
    if unreached.why == "several":
        return NotTaken(kind, name, NOBODY, "Several people have this Email: name one by Identity.")
    return NotTaken(kind, name, NOBODY, f"Nobody is known by this {kind}.")
