"""Steps: what a campaign does with one person, one after the other."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final, Literal, TypeAlias, assert_never

import msgspec

from tellwire.platform.model.content import Content
from tellwire.platform.model.provider import ProviderId

STEP_ID_LIMIT: Final = 64
PROVIDER_ID_LIMIT: Final = 64
FIRST_ID: Final = "send"  # of the step of a campaign that was written flat

StepId: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=STEP_ID_LIMIT)]
_THROUGH: Final = msgspec.Meta(description="The provider that it goes through; none is the default one.")
_BOUND: Final = msgspec.Meta(max_length=PROVIDER_ID_LIMIT)
Through: TypeAlias = Annotated[Annotated[ProviderId, _BOUND] | None, _THROUGH]
ThroughNamed: TypeAlias = Annotated[
    Annotated[str, _BOUND] | None, _THROUGH
]  # as people name it: id or nickname
Passed = Literal[
    "consent"
]  # gates that a message which a person must get may pass; nothing passes suppression
Passes: TypeAlias = Annotated[
    tuple[Passed, ...],
    msgspec.Meta(
        description="The gates that it passes, for what a person must get; nothing passes suppression."
    ),
]


class SendStep(msgspec.Struct, frozen=True, kw_only=True, tag="send"):
    """Write to the person.

    `id` is a stable text, unique in the campaign: decisions and reports name a step by it.
    `through` None is the default provider at the time of sending.
    `passes` has `consent` where a person must get the message (a code, a receipt): it passes the profile's own
    `MSG-sms` opt-out.
    """

    id: StepId = FIRST_ID
    content: Content = Content()
    through: Through = None
    passes: Passes = ()


Step: TypeAlias = SendStep


def sends_of(steps: Iterable[Step]) -> Iterator[SendStep]:
    """Yield the steps that send, in their order."""
    for step in steps:
        match step:
            case SendStep():
                yield step
            case _ as never:
                assert_never(never)


def names_provider(steps: Iterable[Step], provider_id: ProviderId) -> bool:
    """Say whether one of the steps names this provider."""
    return any(send.through == provider_id for send in sends_of(steps))
