"""The flat form of a campaign: one event, one send, and nothing inside anything else.

Files and the API take it beside start, who and steps, and stores of earlier releases hold it.
"""

from typing import Annotated, NamedTuple, TypeAlias

import msgspec

from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.content import Content
from tellwire.platform.model.rule import All, Conditions, Has, Rule, conditions_of
from tellwire.platform.model.start import EventConditions, EventName, OnEvent, Start
from tellwire.platform.model.step import SendStep, Step, Through

ProfileConditions: TypeAlias = Annotated[
    Conditions, msgspec.Meta(description="Conditions on the person's properties: all must hold.")
]
RespectsConsent: TypeAlias = Annotated[
    bool,
    msgspec.Meta(
        description="Whether people who opted out of texts get nothing; no is for what they must get."
    ),
]


class Flat(msgspec.Struct, frozen=True, kw_only=True):
    """What the flat form says in other words than start, who and steps."""

    event: EventName = ""
    event_conditions: EventConditions = ()
    profile_conditions: ProfileConditions = ()
    respects_consent: RespectsConsent = True
    provider_id: Through = None
    content: Content = Content()


class Structure(NamedTuple):
    """Who enters a campaign, who of them, and what happens then."""

    start: Start
    who: Rule | None
    steps: tuple[Step, ...]


def structure_of(flat: Flat, before: SendStep | None = None) -> Structure:
    """Return what a flat form says; the step stays the one that it was `before`, if there was one."""
    who = All(tuple(map(Has, flat.profile_conditions))) if flat.profile_conditions else None
    send = msgspec.structs.replace(
        before or SendStep(),
        content=flat.content,
        through=flat.provider_id,
        passes=() if flat.respects_consent else ("consent",),
    )
    return Structure(OnEvent(event=flat.event, where=flat.event_conditions), who, (send,))


def flat_of(structure: Structure | Campaign) -> Flat | None:
    """Return the flat form that says the same, None where there is none: with another number of steps than one."""
    conditions = conditions_of(structure.who)
    match structure.start, structure.steps:
        case OnEvent(event=event, where=where), (SendStep() as send,) if conditions is not None:
            return Flat(
                event=event,
                event_conditions=where,
                profile_conditions=conditions,
                respects_consent="consent" not in send.passes,
                provider_id=send.through,
                content=send.content,
            )
        case _:
            return None
