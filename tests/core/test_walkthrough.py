"""One person through every branch of a campaign, by the machine that decides live."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.rehearsing import at, campaign, event, profile

from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.content import Content
from tellwire.platform.model.decision import Send
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.rule import Condition, Has
from tellwire.platform.model.start import OnCall, OnEvent
from tellwire.platform.model.step import (
    Answer,
    Branch,
    ChooseStep,
    ForTime,
    RepeatStep,
    SendStep,
    Share,
    Signal,
    SplitStep,
    Step,
    StopStep,
    WaitStep,
    Winner,
)
from tellwire.platform.rehearse.story import Received, read_story
from tellwire.platform.rehearse.walkthrough import Stop, Walkthrough, walk_through

NINE = "2026-06-01T09:00"
GOLD = Has(Condition(property="Plan", value="gold"))


def send(name: str, text: str = "") -> SendStep:
    return SendStep(id=name, content=Content(text=text or name))


def wait(name: str, hours: int, *answers: Answer) -> WaitStep:
    return WaitStep(id=name, until=ForTime(Duration(hours, "hour")), answers=answers)


def walked(*steps: Step, who: Any = None, start: Any = None, **data: Any) -> Walkthrough:
    """Let Ann walk through these steps; `data` is what her profile has."""
    made: Campaign = campaign(start or OnEvent(event="Seen"), *steps, who=who)
    records = [profile("ann", NINE, **data), event("ann", "Seen", NINE, cart=7)]
    story = [one for one in read_story(map(msgspec.json.encode, records)) if isinstance(one, Received)]
    return walk_through(made, Account(), None, Facts(), story)


def brief(walk: Walkthrough) -> list[str]:
    """Return each stop as `step HH:MM taken/possible way text`, in the order in which they are told."""
    return [_brief(stop) for stop in walk.stops]


def _brief(stop: Stop) -> str:
    words = [stop.step, f"{stop.at:%H:%M}", "taken" if stop.is_taken else "possible"]
    if stop.way is not None:
        words.append(f"way {stop.way}")
    if stop.decision is not None:
        verdict = stop.decision.verdict
        words.append(f"“{verdict.message.text}”" if isinstance(verdict, Send) else verdict.code)
    return " ".join(words)


def test_a_walk_goes_through_waits_with_moments_and_words() -> None:
    walk = walked(
        wait("pause", 2), send("hello", "Hi {{ Profile.Name }}, cart {{ Event.cart }}"), StopStep(id="done")
    )

    assert brief(walk) == ["pause 09:00 taken", "hello 11:00 taken “Hi ann, cart 7”", "done 11:00 taken"]
    assert walk.end is not None
    assert (walk.end.reason, walk.end.step, walk.end.at) == (
        "stop_step",
        "done",
        at(NINE) + timedelta(hours=2),
    )
    assert walk.refused is None
    assert walk.is_whole


@pytest.mark.parametrize(("plan", "way", "other"), [("gold", 0, "b"), ("silver", 1, "a")])
def test_the_branch_that_is_true_is_taken_and_the_other_is_possible(plan: str, way: int, other: str) -> None:
    branches = (Branch(rule=GOLD, steps=(send("a"),)), Branch(rule=None, steps=(send("b"),)))

    walk = walked(ChooseStep(id="plan", branches=branches), send("last"), Plan=plan)

    taken = "ab".replace(other, "")
    assert brief(walk) == [
        f"plan 09:00 taken way {way}",
        f"{taken} 09:00 taken “{taken}”",
        "last 09:00 taken “last”",
        f"{other} 09:00 possible “{other}”",
    ]


def test_an_event_that_is_waited_for_is_possible_and_the_time_goes_over() -> None:
    answers = (
        Answer(signal=Signal(event="Paid")),
        Answer(signal=Signal(event="Seen Again"), steps=(send("thanks"), wait("more", 1))),
    )

    walk = walked(wait("answer", 24, *answers), send("last"))

    assert brief(walk) == [
        "answer 09:00 taken way -1",
        "last 09:00 taken “last”",
        "thanks 09:00 possible “thanks”",
        "more 09:00 possible",
    ]
    assert walk.stops[1].at - walk.stops[0].at == timedelta(days=1)


def test_branches_within_branches_are_all_come_to() -> None:
    inner = SplitStep(id="in", shares=(Share(share=50, steps=(send("a"),)), Share(share=50, steps=())))
    outer = (Branch(rule=GOLD, steps=(inner,)), Branch(rule=GOLD, steps=(send("never"),)))

    walk = walked(ChooseStep(id="out", branches=outer), send("last"))

    assert {stop.step: stop.is_taken for stop in walk.stops} == {
        "out": True,
        "last": True,
        "in": False,
        "a": False,
        "never": False,
    }
    assert walk.stops[0].way == -1


def test_a_repeat_is_told_by_its_first_visit() -> None:
    again = RepeatStep(id="again", times=3, every=Duration(1, "day"), steps=(send("ask"),))

    walk = walked(again, send("last"))

    assert brief(walk) == ["again 09:00 taken", "ask 09:00 taken “ask”", "last 09:00 taken “last”"]
    assert walk.stops[2].at - walk.stops[1].at == timedelta(days=2)


def test_somebody_whom_it_is_not_for_is_told_so_and_walks_all_the_same() -> None:
    walk = walked(send("a"), send("b"), who=GOLD, Plan="silver")

    assert walk.refused is not None
    assert walk.refused.trace[-1].gate == "profile_conditions"
    assert brief(walk) == ["a 09:00 taken “a”", "b 09:00 taken “b”"]


def test_a_message_that_a_gate_refuses_is_told_with_its_gates() -> None:
    walk = walked(send("a"), send("b"), **{"MSG-sms": False})

    (first, _) = walk.stops
    assert first.decision is not None
    assert first.decision.trace[-1].code == "no_consent"


def test_a_start_that_is_no_event_is_walked_from_the_chosen_moment() -> None:
    assert brief(walked(send("a"), send("b"), start=OnCall("reset"))) == [
        "a 09:00 taken “a”",
        "b 09:00 taken “b”",
    ]


def test_an_event_that_does_not_meet_the_start_is_told() -> None:
    start = OnEvent(event="Seen", where=(Condition(property="cart", value=8),))

    walk = walked(send("a"), send("b"), start=start)

    assert not walk.meets_start
    assert len(walk.stops) == 2


def test_a_campaign_of_one_send_has_one_stop() -> None:
    assert brief(walked(send("send", "Hi"))) == ["send 09:00 taken “Hi”"]


@pytest.mark.parametrize("name", ["ann", "bob", "eve", "ida", "max"])
def test_a_split_with_a_winner_is_walked_by_everybody(name: str) -> None:
    winner = Winner(share=80, by="replies", after=Duration(4, "hour"))
    shares = (Share(share=10, steps=(send("a"),)), Share(share=10, steps=(send("b"),)))
    records = [profile(name, NINE), event(name, "Seen", NINE)]
    story = [one for one in read_story(map(msgspec.json.encode, records)) if isinstance(one, Received)]
    made = campaign(OnEvent(event="Seen"), SplitStep(id="best", shares=shares, winner=winner), send("last"))

    walk = walk_through(made, Account(), None, Facts(), story)

    taken = {stop.step: stop.is_taken for stop in walk.stops}
    assert taken.pop("a") != taken.pop("b")
    assert taken == {"best": True, "last": True}
