"""The walk through a campaign's steps: what it does, where it blocks, and how it goes on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tellwire.platform.decide.program import END, LEAVE, Program, program_of
from tellwire.platform.decide.walk import Blocked, Ended, Walked, answer, begin, go_on, leave_repeat
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.rule import Condition, Has, Rule
from tellwire.platform.model.step import (
    Answer,
    Branch,
    CallStep,
    ChooseStep,
    ForTime,
    PutProperty,
    RepeatStep,
    SendStep,
    SetStep,
    Share,
    Signal,
    SplitStep,
    Step,
    StopStep,
    Until,
    WaitStep,
    every_step,
    signals_of,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOLD = Has(Condition(property="Plan", value="gold"))
PAID = Signal(event="Charged")


class Notes:
    """A walker that notes what it is asked to do; sends are held until the moments in `holds`, one after the other."""

    def __init__(
        self, *, holds: list[datetime] | None = None, meets: bool = False, branch: int | datetime = 0
    ) -> None:
        self.now = NOW
        self.may_go = True
        self.done: list[str] = []
        self._holds = holds or []
        self._meets = meets
        self._branch = branch
        self.came: list[str] = []

    def come(self, step: str) -> None:
        self.came.append(step)

    def send(self, step: SendStep, visit: int) -> datetime | None:
        if self._holds:
            return self._holds.pop(0)
        self.done.append(f"{step.id}.{visit}")
        return None

    def due(self, until: Until, since: datetime) -> datetime | None:
        return since + until.duration.span if isinstance(until, ForTime) else None

    def pause(self, step: RepeatStep, since: datetime) -> datetime:
        return since + step.every.span

    def meets(self, rule: Rule) -> bool:
        return self._meets

    def branch(self, step: SplitStep) -> int | datetime:
        return self._branch

    def winner(self, step: SplitStep) -> int | datetime:
        return self._branch

    def set(self, step: SetStep) -> None:
        self.done.append(step.id)

    def call(self, step: CallStep, _visit: int) -> None:
        self.done.append(step.id)


def send(name: str) -> SendStep:
    return SendStep(id=name, content=Content(text="Hi"))


def wait(name: str, hours: int = 1, *answers: Answer) -> WaitStep:
    return WaitStep(id=name, until=ForTime(Duration(hours, "hour")), answers=answers)


def walked(*steps: Step, notes: Notes | None = None) -> tuple[Walked, list[str]]:
    notes = notes or Notes()
    return begin(program_of(steps), notes), notes.done


def resumed(
    program: Program, at: Walked, notes: Notes, step: Callable[[Program, Blocked, Notes], Walked]
) -> Walked:
    assert isinstance(at, Blocked)
    notes.now = max(notes.now, at.due)
    return step(program, at, notes)


def test_steps_are_done_in_order_and_the_last_ends_it() -> None:
    assert walked(send("a"), SetStep(id="s", changes=(PutProperty("Plan", "gold"),)), send("b")) == (
        Ended("finished", "b"),
        ["a.0", "s", "b.0"],
    )


def test_a_wait_blocks_and_goes_on_behind_itself() -> None:
    program, notes = program_of([send("a"), wait("w"), send("b")]), Notes()

    blocked = begin(program, notes)

    assert blocked == Blocked("w", {}, NOW, NOW + HOUR)
    assert notes.done == ["a.0"]
    assert resumed(program, blocked, notes, go_on) == Ended("finished", "b")
    assert notes.done == ["a.0", "b.0"]


def test_a_wait_that_is_over_already_does_not_block() -> None:
    class Late(Notes):
        def due(self, until: Until, since: datetime) -> datetime | None:
            return since

    notes = Late()

    assert begin(program_of([wait("w"), send("b")]), notes) == Ended("finished", "b")
    assert notes.done == ["b.0"]


def test_a_wait_without_a_moment_ends_the_enrollment() -> None:
    class Dateless(Notes):
        def due(self, until: Until, since: datetime) -> datetime | None:
            return None

    assert begin(program_of([wait("w"), send("b")]), Dateless()) == Ended("missed", "w")


def test_a_held_message_keeps_the_person_at_the_step_and_is_decided_again() -> None:
    program, notes = program_of([send("a"), wait("w")]), Notes(holds=[NOW + HOUR, NOW + 2 * HOUR])

    held = begin(program, notes)
    again = resumed(program, held, notes, go_on)
    waiting = resumed(program, again, notes, go_on)

    assert held == Blocked("a", {}, NOW, NOW + HOUR, is_hold=True)
    assert again == Blocked("a", {}, NOW, NOW + 2 * HOUR, is_hold=True)
    assert notes.done == ["a.0"]
    assert waiting == Blocked("w", {}, NOW + 2 * HOUR, NOW + 3 * HOUR)  # counts from the real send


def test_an_answer_with_steps_goes_on_after_them_and_one_without_ends_it() -> None:
    program = program_of(
        [
            wait(
                "w",
                1,
                Answer(signal=PAID, steps=(send("thanks"),)),
                Answer(signal=PAID),
                Answer(signal=PAID, steps=()),
            ),
            send("last"),
        ]
    )

    for number, (end, done) in enumerate(
        [
            (Ended("finished", "last"), ["thanks.0", "last.0"]),
            (Ended("answered", "w"), []),
            (Ended("finished", "last"), ["last.0"]),
        ]
    ):
        notes = Notes()
        blocked = begin(program, notes)
        assert isinstance(blocked, Blocked)
        assert answer(program, blocked, number, notes) == end
        assert notes.done == done


@pytest.mark.parametrize(("meets", "done"), [(True, ["gold.0", "last.0"]), (False, ["others.0", "last.0"])])
def test_choose_takes_the_first_branch_that_is_met(meets: bool, done: list[str]) -> None:
    step = ChooseStep(
        id="c",
        branches=(Branch(rule=GOLD, steps=(send("gold"),)), Branch(rule=None, steps=(send("others"),))),
    )

    assert walked(step, send("last"), notes=Notes(meets=meets)) == (Ended("finished", "last"), done)


def test_choose_without_a_branch_that_is_met_does_nothing() -> None:
    step = ChooseStep(id="c", branches=(Branch(rule=GOLD, steps=(send("gold"),)),))

    assert walked(step, send("last")) == (Ended("finished", "last"), ["last.0"])


def test_split_takes_one_branch_and_stop_ends_in_it() -> None:
    step = SplitStep(
        id="s",
        shares=(
            Share(share=50, steps=(send("a"),)),
            Share(share=50, steps=(StopStep(id="out", reason="enough"),)),
        ),
    )

    assert walked(step, send("last")) == (Ended("finished", "last"), ["a.0", "last.0"])
    assert walked(step, send("last"), notes=Notes(branch=1)) == (Ended("stop_step", "out", "enough"), [])


def test_repeat_begins_at_once_pauses_between_visits_and_numbers_them() -> None:
    step = RepeatStep(id="r", times=3, every=Duration(2, "hour"), steps=(send("a"), wait("w")))
    program, notes = program_of([step, send("last")]), Notes()
    at, places = begin(program, notes), []

    while isinstance(at, Blocked):
        places.append((at.step, (at.due - NOW) / HOUR))
        at = resumed(program, at, notes, go_on)

    assert places == [("w", 1), ("r", 3), ("w", 4), ("r", 6), ("w", 7)]
    assert notes.done == ["a.0", "a.1", "a.2", "last.0"]
    assert at == Ended("finished", "last")


def test_a_repeat_in_a_repeat_numbers_each_visit_once() -> None:
    inner = RepeatStep(id="in", times=2, every=Duration(1, "hour"), steps=(send("a"),))
    program = program_of([RepeatStep(id="out", times=3, every=Duration(1, "hour"), steps=(inner,))])
    notes = Notes()
    at = begin(program, notes)

    while isinstance(at, Blocked):
        at = resumed(program, at, notes, go_on)

    assert notes.done == [f"a.{visit}" for visit in range(6)]


def test_a_repeat_is_left_from_wherever_the_person_is_in_it() -> None:
    deep = ChooseStep(id="c", branches=(Branch(rule=None, steps=(wait("w"),)),))
    step = RepeatStep(id="r", times=3, every=Duration(2, "hour"), until=PAID, steps=(deep,))
    program, notes = program_of([step, send("last")]), Notes()
    blocked = begin(program, notes)
    assert isinstance(blocked, Blocked)

    assert leave_repeat(program, blocked, "r", notes) == Ended("finished", "last")
    assert notes.done == ["last.0"]


def test_a_repeat_that_is_entered_again_begins_with_its_first_visit() -> None:
    inner = RepeatStep(id="in", times=2, every=Duration(1, "hour"), until=PAID, steps=(send("a"), wait("w")))
    program = program_of(
        [RepeatStep(id="out", times=2, every=Duration(1, "hour"), steps=(inner, wait("rest")))]
    )
    notes = Notes()
    first = begin(program, notes)
    assert isinstance(first, Blocked)

    rest = leave_repeat(program, first, "in", notes)

    assert isinstance(rest, Blocked)
    assert (rest.step, rest.rounds) == ("rest", {"out": 0})


def test_the_table_of_the_module_docstring() -> None:
    program = program_of(
        [
            wait("pause", 1, Answer(signal=PAID)),
            SplitStep(
                id="which", shares=(Share(share=50, steps=(send("a"),)), Share(share=50, steps=(send("b"),)))
            ),
            send("last"),
        ]
    )

    assert {node.step.id: (place, node.next, node.branches) for place, node in enumerate(program.nodes)} == {
        "pause": (0, 1, (LEAVE,)),
        "which": (1, 2, (3, 4)),
        "last": (2, END, ()),
        "a": (3, 2, ()),
        "b": (4, 2, ()),
    }


def test_every_step_and_signal_is_found_however_deep() -> None:
    inner = RepeatStep(
        id="r", times=2, every=Duration(1, "hour"), until=PAID, steps=(wait("w", 1, Answer(signal=PAID)),)
    )
    steps = [ChooseStep(id="c", branches=(Branch(rule=None, steps=(inner, send("a"))),)), StopStep(id="x")]

    assert [step.id for step in every_step(steps)] == ["c", "r", "w", "a", "x"]
    assert [signal for step in every_step(steps) for signal in signals_of(step)] == [PAID, PAID]


def test_each_step_that_a_person_comes_to_is_noted_once_a_visit_and_none_of_a_campaign_of_one() -> None:
    steps = (wait("w"), RepeatStep(id="r", times=2, every=Duration(1, "hour"), steps=(send("a"),)), send("b"))
    program, notes = program_of(steps), Notes(holds=[NOW])

    now: Walked = begin(program, notes)
    while isinstance(now, Blocked):
        now = resumed(program, now, notes, go_on)

    assert notes.came == ["w", "r", "a", "a", "b"]
    alone = Notes()
    begin(program_of([send("a")]), alone)
    assert alone.came == []
