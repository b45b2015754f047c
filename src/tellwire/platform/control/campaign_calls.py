"""Calling a campaign by the API: people by their names, and the values that its texts know as `ExternalTrigger`."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from tellwire.platform.control.calling import callable_campaign, called
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.problem import invalid
from tellwire.platform.intake.call_values import BadValues, values_of
from tellwire.platform.intake.calling import PEOPLE_LIMIT, Callee, Calling, Email
from tellwire.platform.intake.clevertap.identifiers import device_of, subject_of
from tellwire.platform.model.value import Value

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
_Names = Annotated[tuple[_Name, ...], msgspec.Meta(max_length=PEOPLE_LIMIT)]


class CallTo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a call names, at most 1,000 in all; an e-mail address has to be one person's."""

    identity: _Names = ()
    object_id: _Names = ()
    facebook: _Names = ()
    google: _Names = ()
    email: _Names = ()


class CallRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call: whom it names, and the values that the campaign's texts know as `ExternalTrigger`."""

    to: CallTo
    values: dict[str, Value] = {}


class NotReached(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gets nothing by the call: nobody is known by that name, or several have that address."""

    kind: str
    name: str
    reason: str


class CallOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """For how many people the call was taken, which is durable, and who was not reached."""

    taken: int
    not_reached: Sequence[NotReached]


@post("/api/campaigns/{campaign_id:int}/call", status_code=200, tags=["campaigns"])
async def call_campaign(
    campaign_id: FromPath[int], data: JSONBody[CallRequest], desk: DeskDependency
) -> CallOutcome:
    """Let people enter a running campaign that starts by a call; all its gates are asked. Two calls are two."""
    campaign = callable_campaign(await desk.catalog.snapshot(), campaign_id)
    callees = tuple(_callees(data.to))
    if not callees:
        raise invalid({"to": "Name somebody."})
    try:
        values = values_of(data.values)
    except BadValues as problem:
        raise invalid({"values": str(problem)}) from problem
    answer = await called(desk, Calling(callees=callees, campaigns=(campaign.id,), values=values))
    return CallOutcome(
        taken=answer.taken,
        not_reached=[_not_reached(one.callee, REASONS[one.why]) for one in answer.unreached],
    )


REASONS: Final = {
    "unknown": "Nobody is known by this name.",
    "several": "Several people have this address: name one by another name.",
}
HANDLERS: Final = [call_campaign]


def _callees(to: CallTo) -> Iterator[Callee]:
    for field, wire in (("identity", "Identity"), ("facebook", "FBID"), ("google", "GPID")):
        for number, name in enumerate(getattr(to, field)):
            subject = subject_of(wire, name)
            if subject is None:
                raise invalid({f"to.{field}[{number}]": "This is no name."})
            yield subject
    for number, name in enumerate(to.object_id):
        device = device_of(name)
        if device is None:
            raise invalid({f"to.object_id[{number}]": "This is no object id: at most 64 visible characters."})
        yield device
    for number, name in enumerate(to.email):
        if "@" not in name:
            raise invalid({f"to.email[{number}]": "This is no e-mail address."})
        yield Email(name.strip())


def _not_reached(callee: Callee, reason: str) -> NotReached:
    if isinstance(callee, Email):
        return NotReached(kind="email", name=callee.address, reason=reason)
    return NotReached(kind=callee.kind, name=callee.value, reason=reason)
