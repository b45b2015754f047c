"""A split whose rest waits for the branch that wins: simulated, live, and through whatever happens meanwhile."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.live import Live, lived
from tests.rehearsing import at, campaign, event, news, profile, told

from tellwire.platform.control.campaign_state import Inside, changed, moved, replacing
from tellwire.platform.decide.share import branch_of
from tellwire.platform.model.campaign import Campaign, CampaignId, Goal
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.start import Now, OnEvent, OnSchedule
from tellwire.platform.model.step import Measure, SendStep, Share, Signal, SplitStep, Winner, letter_of
from tellwire.platform.model.trial import Trial, best
from tellwire.platform.rehearse.simulation import OutputLine

NINE = at("2026-06-01T09:00")
HOUR = timedelta(hours=1)
UNTIL = "2026-06-03T00:00"
SHARES = (30, 30, 40)


def send(name: str, number: int = 0) -> SendStep:
    return SendStep(id=name, content=Content(text=name), number=number)


def split(by: Measure = "replies", hours: int = 4, **fields: Any) -> SplitStep:
    return SplitStep(
        id="test",
        shares=(Share(share=30, steps=(send("a"),)), Share(share=30, steps=(send("b", 1),))),
        winner=Winner(share=40, by=by, after=Duration(hours, "hour")),
        **fields,
    )


def journey(by: Measure = "replies", hours: int = 4, **fields: Any) -> Campaign:
    return campaign(OnEvent(event="Seen"), split(by, hours), name="Test", **fields)


def falling(branch: int, count: int) -> list[str]:
    """Return people who fall into this share of the split; of those the first."""
    names = (f"p{number:03}" for number in range(1_000))
    return [name for name in names if branch_of(name, "Test", "test", SHARES) == branch][:count]


A, B, REST = falling(0, 3), falling(1, 3), falling(2, 4)


def comes(who: str, when: str) -> list[dict[str, Any]]:
    number = f"+6590000{who[1:]}"
    return [profile(who, when, Phone=number), event(who, "Seen", when)]


def replies(who: str, when: str, step: str) -> dict[str, Any]:
    return news(who, "Replied", when, "Test", step, **{"Incoming text": f"yes {when}"})


def everybody() -> list[dict[str, Any]]:
    return [record for who in (*A, *B, *REST) for record in comes(who, "2026-06-01T09:00")]


def lines(one: Campaign, *records: dict[str, Any], until: str = UNTIL) -> list[str]:
    """Return what a simulation says, as tests/live says it."""
    found = []
    for line in told(one, *records, until=until):
        assert isinstance(line, OutputLine)
        what = line.text if line.verdict == "send" else line.code
        found.append(f"{line.at} {line.identity} {line.campaign} {line.step} {line.verdict} {what}")
    return sorted(found)


def to_the_rest(said: list[str]) -> list[str]:
    """Return what those in the rest were sent, and when."""
    return [f"{one[11:16]} {one.split()[-1]}" for one in said if one.split()[1] in REST and " send " in one]


def test_the_rest_wait_and_all_get_the_branch_that_won() -> None:
    said = lines(journey(), *everybody(), replies(B[0], "2026-06-01T10:00", "b"))

    assert to_the_rest(said) == ["13:00 b"] * 4
    assert [one.split()[1] for one in said if one.endswith(" send a")] == A


@pytest.mark.parametrize(
    ("by", "what"), [("replies", "Replied"), ("delivered", "Delivered"), ("clicks", "Clicked")]
)
def test_what_is_measured_counts_and_nothing_else(by: Measure, what: str) -> None:
    others = {"Replied", "Delivered", "Clicked"} - {what}
    noise = [news(who, other, "2026-06-01T09:30", "Test", "a") for who in A for other in sorted(others)]
    said = lines(journey(by), *everybody(), *noise, news(B[0], what, "2026-06-01T10:00", "Test", "b"))

    assert to_the_rest(said) == ["13:00 b"] * 4


def test_a_goal_counts_for_those_who_were_written_to() -> None:
    goal = Goal(signal=Signal(event="Bought"), within=Duration(1, "day"))
    one = journey("goal", goal=goal)
    bought = [event(who, "Bought", "2026-06-01T10:00") for who in (B[0], *REST[:2])]

    assert to_the_rest(lines(one, *everybody(), *bought)) == ["13:00 b"] * 4


def test_shares_are_compared_and_not_numbers() -> None:
    people = [record for who in (*A[:1], *B, *REST) for record in comes(who, "2026-06-01T09:00")]
    answers = [
        replies(A[0], "2026-06-01T10:00", "a"),
        *(replies(who, "2026-06-01T10:00", "b") for who in B[:2]),
    ]

    assert to_the_rest(lines(journey(), *people, *answers)) == ["13:00 a"] * 4


@pytest.mark.parametrize(
    ("sent", "reached", "winner"),
    [
        ((0, 0), (0, 0), 0),
        ((300, 298), (36, 29), 0),
        ((300, 298), (29, 36), 1),
        ((10, 20, 30), (1, 2, 3), 0),
        ((0, 5), (0, 1), 1),
        ((5, 0), (0, 0), 0),
        ((3, 3, 3), (0, 1, 1), 1),
    ],
)
def test_the_first_of_those_alike_wins(sent: tuple[int, ...], reached: tuple[int, ...], winner: int) -> None:
    assert best(sent, reached) == winner


def test_a_person_counts_once_however_often_they_answer() -> None:
    said = lines(
        journey(),
        *everybody(),
        *(replies(A[0], f"2026-06-01T10:0{minute}", "a") for minute in range(5)),
        *(replies(who, "2026-06-01T11:00", "b") for who in B[:2]),
    )

    assert to_the_rest(said) == ["13:00 b"] * 4


@pytest.mark.parametrize(("when", "winner"), [("13:00", "b"), ("13:01", "a")])
def test_what_comes_at_the_very_moment_counts_and_nothing_later(when: str, winner: str) -> None:
    late = comes(REST[3], "2026-06-01T13:30")
    people = [record for who in (*A, *B, *REST[:3]) for record in comes(who, "2026-06-01T09:00")]

    said = lines(journey(), *people, replies(B[0], f"2026-06-01T{when}", "b"), *late)

    assert to_the_rest(said) == [f"13:00 {winner}"] * 3 + [f"13:30 {winner}"]


def test_who_comes_at_the_moment_before_a_reply_of_that_moment_waits_for_it() -> None:
    said = lines(
        journey(),
        *comes(B[0], "2026-06-01T09:00"),
        *comes(REST[0], "2026-06-01T13:00"),
        replies(B[0], "2026-06-01T13:00", "b"),
    )

    assert to_the_rest(said) == ["13:00 b"]


def test_the_time_counts_from_the_first_who_came_and_the_winner_is_found_once() -> None:
    said = lines(
        journey(),
        *comes(REST[0], "2026-06-01T09:00"),
        *comes(B[0], "2026-06-01T11:00"),
        replies(B[0], "2026-06-01T12:00", "b"),
        *comes(A[0], "2026-06-01T14:00"),
        replies(A[0], "2026-06-01T14:30", "a"),
        *comes(REST[1], "2026-06-02T09:00"),
    )

    assert to_the_rest(said) == ["13:00 b", "09:00 b"]


def test_branches_are_called_by_letters() -> None:
    assert [letter_of(branch) for branch in (0, 1, 25, 26, 49)] == ["A", "B", "Z", "AA", "AX"]


STORY = [
    *everybody(),
    replies(B[0], "2026-06-01T10:00", "b"),
    replies(A[0], "2026-06-01T10:30", "a"),
    replies(B[1], "2026-06-01T12:00", "b"),
    *comes(falling(2, 6)[4], "2026-06-01T12:30"),
    *comes(falling(2, 6)[5], "2026-06-01T15:00"),
]


def test_live_is_as_rehearsed(tmp_path: Path) -> None:
    assert lived(tmp_path, [journey()], *STORY, until=at(UNTIL)) == lines(journey(), *STORY)


@pytest.mark.parametrize("seed", range(6))
def test_a_process_that_dies_again_and_again_finds_the_same_winner(tmp_path: Path, seed: int) -> None:
    said = lived(tmp_path, [journey()], *STORY, until=at(UNTIL), chance=random.Random(seed))

    assert said == lines(journey(), *STORY)


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


async def turn(live: Live, after: Campaign) -> None:
    newest = await live.backend.catalog.snapshot()
    change = replacing(newest.campaigns[after.id], after, newest.account, live.clock.now())
    await live.backend.catalog.save((change,), newest.version)
    await live.decide()


async def change(live: Live, inside: Inside, step: SplitStep, *more: SendStep) -> None:
    now = await live.campaign()
    await turn(live, changed(now, msgspec.structs.replace(now, steps=(step, *more)), inside))


async def state(live: Live, name: Any) -> None:
    await turn(live, moved(await live.campaign(), name, live.clock.now()))


async def trials(live: Live) -> list[Trial]:
    return await live.backend.reports.trials(CampaignId(1), 9)


async def test_who_is_held_out_counts_nowhere(live: Live) -> None:
    goal = Goal(signal=Signal(event="Bought"), within=Duration(1, "day"))
    await live.publish(journey("goal", goal=goal, holdout=100))
    await live.receive(*everybody(), event(B[0], "Bought", "2026-06-01T10:00"))

    await live.wait(NINE + 5 * HOUR)

    (trial,) = await trials(live)
    assert (trial.sent, trial.reached, trial.winner) == ((0, 0), (0, 0), 0)


async def test_the_verdict_is_kept_though_nobody_waits_for_it(live: Live) -> None:
    await live.publish(journey())
    await live.receive(*comes(A[0], "2026-06-01T09:00"), *comes(B[0], "2026-06-01T09:00"))
    await live.receive(replies(B[0], "2026-06-01T10:00", "b"))

    await live.wait(NINE + 5 * HOUR)

    (trial,) = await trials(live)
    assert (trial.sent, trial.reached, trial.winner) == ((1, 1), (0, 1), 1)
    assert await live.backend.ledger.next_due(0) is None


async def test_each_run_of_a_schedule_is_a_trial_of_its_own(live: Live) -> None:
    people = [profile(who, "2026-06-01T09:00", Phone=f"+6590000{who[1:]}") for who in (*A, *B, *REST)]
    await live.receive(*people)
    await live.publish(campaign(OnSchedule(when=Now()), split(), name="Test"))
    await live.decide()
    await live.receive(replies(B[0], "2026-06-01T10:00", "b"))
    await live.wait(NINE + 5 * HOUR)
    await state(live, "stopped")
    await state(live, "running")
    await live.wait(NINE + 24 * HOUR)

    newest, first = await trials(live)

    assert (first.winner, newest.winner) == (1, 0)
    assert [line.split()[-1] for line in live.lines if " send " in line and line.split()[1] == REST[0]] == [
        "b",
        "a",
    ]


async def test_whoever_is_in_a_campaign_that_is_paused_goes_on_with_the_winner_when_it_does(
    live: Live,
) -> None:
    await live.publish(journey())
    await live.receive(*everybody())
    await state(live, "paused")
    await live.receive(replies(B[0], "2026-06-01T10:00", "b"))
    await live.wait(NINE + 8 * HOUR)
    assert to_the_rest(live.lines) == []
    live.clock.move_to(NINE + 8 * HOUR)

    await state(live, "running")

    assert to_the_rest(live.lines) == ["17:00 b"] * 4


async def test_nobody_waits_on_in_a_campaign_that_is_stopped(live: Live) -> None:
    await live.publish(journey())
    await live.receive(*everybody())

    await state(live, "stopped")
    await live.wait(NINE + 9 * HOUR)

    assert sum("test exit ended" in line for line in live.lines) == len(REST)
    assert to_the_rest(live.lines) == []


async def test_those_inside_finish_with_the_winner_of_their_version(live: Live) -> None:
    await live.publish(journey())
    await live.receive(*everybody())
    await change(live, "finish", split(hours=8))
    await live.receive(replies(B[0], "2026-06-01T10:00", "b"), *comes(falling(2, 5)[4], "2026-06-01T10:00"))

    await live.wait(NINE + 24 * HOUR)

    assert to_the_rest(live.lines) == ["13:00 b"] * 4
    assert [(one.version, one.winner, one.due_at) for one in await trials(live)] == [
        (2, 0, NINE + 9 * HOUR),
        (1, 1, NINE + 4 * HOUR),
    ]


@pytest.mark.parametrize(("hours", "due"), [(8, "17:00"), (2, "11:00"), (1, "10:30")])
async def test_those_who_move_take_along_what_was_counted_and_wait_by_the_new_time(
    live: Live, hours: int, due: str
) -> None:
    await live.publish(journey())
    await live.receive(*everybody(), replies(A[0], "2026-06-01T09:30", "a"))
    live.clock.move_to(NINE + 1.5 * HOUR)

    await change(live, "move", split(hours=hours), send("last", 2))
    if hours > 1:
        await live.receive(*(replies(who, "2026-06-01T10:45", "b") for who in B[:2]))
    await live.wait(NINE + 24 * HOUR)

    winner = "b" if hours > 1 else "a"
    mine = [line for line in live.lines if line.split()[1] in REST and " send " in line]
    assert sorted({f"{line[11:16]} {line.split()[-1]}" for line in mine}) == [
        f"{due} {winner}",
        f"{due} last",
    ]
    (trial,) = await trials(live)
    assert trial.version == 2
    assert trial.sent == (3, 3)


async def test_those_inside_leave_where_a_change_ends_them(live: Live) -> None:
    await live.publish(journey())
    await live.receive(*everybody())

    await change(live, "end", split(hours=8))
    await live.wait(NINE + 24 * HOUR)

    assert to_the_rest(live.lines) == []


async def test_who_waited_at_a_split_that_waits_no_more_goes_on_by_their_share(live: Live) -> None:
    await live.publish(journey())
    await live.receive(*everybody())
    plain = SplitStep(id="test", shares=(Share(share=100, steps=(send("c", 3),)),))

    await change(live, "move", plain)

    assert {line.split()[-1] for line in live.lines if line.split()[1] in REST and " send " in line} == {"c"}


async def test_a_device_that_becomes_a_person_counts_on(live: Live) -> None:
    await live.publish(journey())
    number = {"Phone": "+6590000999"}
    device = next(
        name for name in (f"d{n}" for n in range(99)) if branch_of(name, "Test", "test", SHARES) == 1
    )
    ts = NINE.timestamp()
    named = {"objectId": device, "ts": ts}
    await live.receive(
        profile("zoe", "2026-06-01T09:00", Phone="+6590000998"),
        {**named, "type": "profile", "profileData": number},
        {**named, "type": "event", "evtName": "Seen", "evtData": {}},
        *comes(A[0], "2026-06-01T09:00"),
        *comes(REST[0], "2026-06-01T09:00"),
    )
    later = {**named, "ts": ts + 60}
    await live.receive({**later, "identity": "zoe", "type": "profile", "profileData": {}})

    await live.receive(replies(device, "2026-06-01T10:00", "b"))
    await live.wait(NINE + 5 * HOUR)

    assert to_the_rest(live.lines) == ["13:00 b"]
    (trial,) = await trials(live)
    assert (trial.sent, trial.reached) == ((1, 1), (0, 1))


async def test_a_clock_that_goes_back_neither_hastens_nor_repeats_a_verdict(live: Live) -> None:
    await live.publish(journey())
    await live.receive(*everybody(), replies(B[0], "2026-06-01T10:00", "b"))
    await live.wait(NINE + 4 * HOUR)
    live.clock.advance(-2 * HOUR)
    await live.decide()
    assert to_the_rest(live.lines) == []

    await live.wait(NINE + 5 * HOUR)
    live.clock.advance(-3 * HOUR)
    await live.decide()

    assert [line.split()[-1] for line in to_the_rest(live.lines)] == ["b"] * 4
    assert [one.winner for one in await trials(live)] == [1]
