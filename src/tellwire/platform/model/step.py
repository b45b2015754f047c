"""Steps: what a campaign does with one person, one after the other.

A branch holds a list of its own, and after its last step the person goes on behind the step that holds it. `id` is
a stable text, unique in the campaign: enrollments, decisions and reports name a step by it.
"""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time
from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from tellwire.platform.model import notification
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Weekday
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.rule import Conditions, Rule
from tellwire.platform.model.value import Value, fold

STEPS_LIMIT: Final = 500  # of one campaign, those in branches included
DEPTH_LIMIT: Final = 20  # of lists within lists
BRANCHES_LIMIT: Final = 50
TIMES_LIMIT: Final = 1_000

STEP_ID_LIMIT: Final = 64
PROVIDER_ID_LIMIT: Final = 64
FIRST_ID: Final = "send"  # of the step of a campaign that was written flat

StepId: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=STEP_ID_LIMIT)]
_THROUGH: Final = msgspec.Meta(description="The provider that it goes through; none is the default one.")
_BOUND: Final = msgspec.Meta(max_length=PROVIDER_ID_LIMIT)
Through: TypeAlias = Annotated[Annotated[ProviderId, _BOUND] | None, _THROUGH]
ThroughNamed: TypeAlias = Annotated[
    Annotated[str, _BOUND] | None, _THROUGH
]  # by id or nickname, as people say it
Passed = Literal["consent", "caps", "quiet"]  # gates that a message which a person must get may pass
EVERY_PASS: Final[tuple[Passed, ...]] = get_args(Passed)
Passes: TypeAlias = Annotated[
    tuple[Passed, ...],
    msgspec.Meta(
        description="The gates that it passes, for what a person must get; nothing passes suppression."
    ),
]


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """An event that somebody inside a campaign waits for, or is stopped by.

    `same` is a property whose value must equal the one of the event by which the person entered.
    """

    event: Name
    where: Conditions = ()
    same: Name = ""


class DateOf(msgspec.Struct, frozen=True, kw_only=True):
    """A date that stands in a property of the profile, or of the event by which the person entered."""

    source: Literal["profile", "event"]
    property: str


class ForTime(msgspec.Struct, frozen=True, tag="for"):
    """Wait for a time, counted from when the person reached the step."""

    duration: Duration


class UntilTime(msgspec.Struct, frozen=True, kw_only=True, tag="time"):
    """Wait for the next moment at which it is `at` where the person is, on a day of the week if one is named."""

    at: time
    weekday: Weekday | None = None


class UntilDate(msgspec.Struct, frozen=True, kw_only=True, tag="date"):
    """Wait for a date, shifted, at a time of that day if one is named."""

    date: DateOf
    shift: Duration | None = None
    at: time | None = None


Until: TypeAlias = ForTime | UntilTime | UntilDate


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What happens if a signal comes during a wait: these steps, or the end of the enrollment if they are None."""

    signal: Signal
    steps: "tuple[Step, ...] | None" = None


class SendStep(msgspec.Struct, frozen=True, kw_only=True, tag="send"):
    """Write to the person.

    `id` is a stable text, unique in the campaign: decisions and reports name a step by it.
    `through` None is the default provider at the time of sending.
    `passes` has `consent` where a person must get the message (a code, a receipt): it passes the profile's own
    `MSG-sms` opt-out; `caps` and `quiet` pass caps and gaps, and quiet hours. `number` is the small number that the
    step gets when it is first published, and keeps.
    """

    id: StepId = FIRST_ID
    content: Content = Content()
    through: Through = None
    passes: Passes = ()
    channel: Annotated[Name, msgspec.Meta(description="The medium; text messages so far.")] = "sms"
    number: int = 0


class WaitStep(msgspec.Struct, frozen=True, kw_only=True, tag="wait"):
    """Go on when the time has come, or at once by the first answer whose signal comes."""

    id: StepId
    until: Until
    answers: tuple[Answer, ...] = ()


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """Steps for whoever meets the rule; None is the branch for all others."""

    rule: Rule | None
    steps: "tuple[Step, ...]"


class ChooseStep(msgspec.Struct, frozen=True, kw_only=True, tag="choose"):
    """Take the first branch whose rule the person meets now; none if they meet none."""

    id: StepId
    branches: tuple[Branch, ...]


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """Steps for a share of the people, in percent."""

    share: float
    steps: "tuple[Step, ...]"


Measure = Literal["delivered", "replies", "goal", "clicks"]
# The event of ours that each measure counts; the goal is the campaign's own.
MEASURED: Final[Mapping[Measure, str | None]] = {
    "delivered": notification.DELIVERED,
    "replies": notification.REPLIED,
    "goal": None,
    "clicks": notification.CLICKED,
}


class Winner(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of the people of a split: they wait until a time has passed since the first came, then take one branch.

    It is the one in which the greatest share of those written to did what is measured (`model.trial`).
    """

    share: float
    by: Measure
    after: Duration


class SplitStep(msgspec.Struct, frozen=True, kw_only=True, tag="split"):
    """Take a branch by a stable hash of the person (`decide.share`). Shares sum to 100, the winner's among them."""

    id: StepId
    shares: tuple[Share, ...]
    winner: Winner | None = None


class RepeatStep(msgspec.Struct, frozen=True, kw_only=True, tag="repeat"):
    """Do the steps `times` times, with a pause of `every` between two visits, and stop early by the signal."""

    id: StepId
    times: int
    every: Duration
    until: Signal | None = None
    steps: "tuple[Step, ...]"


class PutProperty(msgspec.Struct, frozen=True, tag="put"):
    """The property gets this value; None takes it away."""

    property: str
    value: Value


class AddNumber(msgspec.Struct, frozen=True, tag="increment"):
    """The number in the property grows by this much."""

    property: str
    by: int | float


class AddItem(msgspec.Struct, frozen=True, tag="add"):
    """The list in the property gets this item."""

    property: str
    item: str


class RemoveItem(msgspec.Struct, frozen=True, tag="remove"):
    """The list in the property loses this item."""

    property: str
    item: str


PropertyChange: TypeAlias = PutProperty | AddNumber | AddItem | RemoveItem


class SetStep(msgspec.Struct, frozen=True, kw_only=True, tag="set"):
    """Change the person's profile."""

    id: StepId
    changes: tuple[PropertyChange, ...]


class CallStep(msgspec.Struct, frozen=True, kw_only=True, tag="call"):
    """Tell another system: a signed request to `url`. Body and header values are Liquid."""

    id: StepId
    url: str
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class StopStep(msgspec.Struct, frozen=True, kw_only=True, tag="stop"):
    """End the enrollment; the reason is for people."""

    id: StepId
    reason: str = ""


Step: TypeAlias = SendStep | WaitStep | ChooseStep | SplitStep | RepeatStep | SetStep | CallStep | StopStep


def lists_of(step: Step) -> Iterator[tuple[str, Sequence[Step]]]:
    """Yield the lists of steps that a step holds, each with the part of the path that leads to it."""
    match step:
        case WaitStep():
            for number, answer in enumerate(step.answers):
                yield f"wait.or[{number}].steps", answer.steps or ()
        case ChooseStep():
            for number, branch in enumerate(step.branches):
                yield f"choose[{number}].steps", branch.steps
        case SplitStep():
            for number, share in enumerate(step.shares):
                yield f"split[{number}].steps", share.steps
        case RepeatStep():
            yield "repeat.steps", step.steps
        case _:
            pass


def placed_steps(steps: Iterable[Step], path: str = "steps") -> Iterator[tuple[str, Step]]:
    """Yield all steps, those of branches after the step that holds them, each with where it stands."""
    for number, step in enumerate(steps):
        place = f"{path}[{number}]"
        yield place, step
        for below, branch in lists_of(step):
            yield from placed_steps(branch, f"{place}.{below}")


def every_step(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield all steps, those of branches after the step that holds them."""
    return (step for _, step in placed_steps(steps))


def sends_of(steps: Iterable[Step]) -> Iterator[SendStep]:
    """Yield the steps that send, in their order."""
    return (step for step in every_step(steps) if isinstance(step, SendStep))


def placed_signals(path: str, step: Step) -> Iterator[tuple[str, Signal]]:
    """Yield the signals that a step itself waits for, each with where it stands; `path` is the step's."""
    match step:
        case WaitStep():
            for number, answer in enumerate(step.answers):
                yield f"{path}.wait.or[{number}]", answer.signal
        case RepeatStep(until=Signal() as until):
            yield f"{path}.repeat.until", until
        case _:
            pass


def signals_of(step: Step) -> Iterator[Signal]:
    """Yield the signals that a step itself waits for."""
    return (signal for _, signal in placed_signals("", step))


def names_heard(stop: Signal | None, steps: Sequence[Step]) -> frozenset[str]:
    """Return the folded names of all events that may move somebody inside a campaign, or are measured in it."""
    known = list(every_step(steps))
    signals = [signal.event for step in known for signal in signals_of(step)]
    measured = [MEASURED[split.winner.by] for split in measured_splits(known) if split.winner is not None]
    names = (*signals, *filter(None, measured), *([stop.event] if stop else []))
    return frozenset(map(fold, names))


def measured_splits(steps: Iterable[Step]) -> Iterator[SplitStep]:
    """Yield the splits among these steps that have a winner; those in branches are not looked for."""
    return (step for step in steps if isinstance(step, SplitStep) and step.winner is not None)


def letter_of(branch: int) -> str:
    """Return what a branch of a split is called where people compare them: A, B, ... Z, AA, AB, ..."""
    letters, count = string.ascii_uppercase, len(string.ascii_uppercase)
    return letters[branch] if branch < count else letters[branch // count - 1] + letters[branch % count]


def names_provider(steps: Iterable[Step], provider_id: ProviderId) -> bool:
    """Say whether one of the steps names this provider."""
    return any(send.through == provider_id for send in sends_of(steps))
