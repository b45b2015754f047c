"""What an event does to somebody inside a campaign: it stops the enrollment, answers a wait, or ends a repeat. Pure."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from tellwire.platform.decide.predicate import first_unmet
from tellwire.platform.decide.program import Program
from tellwire.platform.model.enrollment import Enrollment, EnrollmentId, Entrance
from tellwire.platform.model.event import Event
from tellwire.platform.model.goal import GoalWatch
from tellwire.platform.model.step import RepeatStep, Signal, WaitStep
from tellwire.platform.model.system_event import AUTOMATIC_NAMES, MESSAGE_ID
from tellwire.platform.model.value import Properties, Value, decoded, fold, look_up


class Stops(NamedTuple):
    """The enrollment ends: it is what the campaign stops at."""


class Answers(NamedTuple):
    """The wait at which the person stands goes on by this one of its answers."""

    number: int


class Leaves(NamedTuple):
    """The repeat of this id, which the person is in, is over."""

    repeat: str


Effect: TypeAlias = Stops | Answers | Leaves


class Heard(NamedTuple):
    """An event, and its properties decoded."""

    event: Event
    properties: Properties


def effect_of(heard: Heard, enrollment: Enrollment, program: Program, stop: Signal | None) -> Effect | None:
    """Return what an event does to an enrollment, None if nothing: a stop comes before answers, inner before outer.

    The event may arrive late, at any age, if it did not happen before the one by which the person entered. An
    automatic event counts only if it is about a message of this very enrollment.
    """
    if not _concerns(heard, enrollment.id, enrollment.entrance):
        return None
    entered = _Once(enrollment.entrance)
    if stop is not None and _is(heard, stop, entered):
        return Stops()
    return next(
        (effect for signal, effect in _waits(enrollment, program) if _is(heard, signal, entered)), None
    )


def is_reached(heard: Heard, signal: Signal, watch: GoalWatch) -> bool:
    """Say whether an event is the goal of whoever entered as this watch says."""
    return _concerns(heard, watch.id, watch.entrance) and _is(heard, signal, _Once(watch.entrance))


class _Once:
    """The properties of the entering event, decoded when they are asked for."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._properties: Properties | None = None

    def value(self, name: str) -> Value:
        if self._properties is None:
            self._properties = decoded(self._entrance.properties)
        return look_up(self._properties, name)


def _waits(enrollment: Enrollment, program: Program) -> Iterator[tuple[Signal, Effect]]:
    """Yield what the person waits for now, the innermost first."""
    node = program.at(enrollment.step)
    if node is None:
        return
    if isinstance(node.step, WaitStep) and not enrollment.hold:
        for number, one in enumerate(node.step.answers):
            yield one.signal, Answers(number)
    around = [program.nodes[place].step for place in node.repeats]
    for step in (node.step, *reversed(around)):
        if isinstance(step, RepeatStep) and step.until is not None:
            yield step.until, Leaves(step.id)


def _concerns(heard: Heard, identifier: EnrollmentId, entrance: Entrance) -> bool:
    event = heard.event
    if int(event.occurred_at.timestamp()) < int(entrance.occurred_at.timestamp()):
        return False
    if fold(event.name) not in AUTOMATIC_NAMES:
        return True
    message = look_up(heard.properties, MESSAGE_ID)
    return isinstance(message, str) and (message == identifier or message.startswith(f"{identifier}."))


def _is(heard: Heard, signal: Signal, entered: _Once) -> bool:
    if (
        fold(heard.event.name) != fold(signal.event)
        or first_unmet(signal.where, heard.properties) is not None
    ):
        return False
    return not signal.same or _is_same(look_up(heard.properties, signal.same), entered.value(signal.same))


def _is_same(value: Value, entered: Value) -> bool:
    """Say whether two values are there and compare equal as text."""
    text = key_text(value)
    return text is not None and text == key_text(entered)


def key_text(value: Value) -> str | None:
    """Return the text as which a key compares, None for what is absent, a list or an object."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value).strip() or None
        case _:
            return None
