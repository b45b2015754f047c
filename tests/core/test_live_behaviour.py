"""Rules about behaviour, live: counted as events come, filled when they are published, followed as time passes."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.live import Live, lived
from tests.rehearsing import HI, at, campaign, event, profile
from tests.rehearsing import told as simulated

from tellwire.platform.decide import tally_filling
from tellwire.platform.language.rule import RuleForm, read_rule
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.start import Now, OnEvent, OnMembership, OnSchedule
from tellwire.platform.model.step import Branch, ChooseStep, ForTime, SendStep, WaitStep
from tellwire.platform.ports.catalog import DeleteCampaign, PutCampaign
from tellwire.platform.rehearse.simulation import OutputLine
from tellwire.platform.rehearse.story import Refused

NINE = at("2026-06-01T09:00")
SEEN = OnEvent(event="Seen")
JOINS = OnMembership(audience="Best")


def rule(**written: Any) -> Rule:
    return read_rule(msgspec.convert(written, RuleForm))


def account(of: Rule) -> Account:
    return Account(audiences={"Best": of})


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


def told(live: Live) -> list[str]:
    """Return what was decided, without its moment."""
    return [line.split(" ", 1)[1] for line in live.lines]


async def facts_of(live: Live, name: str = "ann") -> Facts:
    return await live.backend.ledger.facts(Needs(subjects=[Subject("identity", name)], tallies=True))


async def test_who_counts_the_event_that_just_happened(live: Live) -> None:
    await live.publish(campaign(SEEN, who=rule(did="Seen", at_least=2, within="1 hour")))

    for moment in ("09:00", "09:59:59", "11:00", "11:59"):
        await live.receive(event("ann", "Seen", f"2026-06-01T{moment}", Phone="+6591230001"))
    await live.receive(profile("ann", "2026-06-01T12:10"), event("ann", "Seen", "2026-06-01T12:30"))

    assert told(live) == [
        "ann C1 None skip not_in_who",
        "ann C1 send skip no_phone",
        "ann C1 None skip not_in_who",
        "ann C1 send skip no_phone",
        "ann C1 send send Hi ann",
    ]


async def test_who_did_not_do_it_gets_it(live: Live) -> None:
    await live.publish(campaign(SEEN, who=rule(**{"not": {"did": "Charged", "within": "1 hour"}})))
    await live.receive(
        profile("ann", "2026-06-01T09:00"),
        event("ann", "Seen", "2026-06-01T09:00"),
        event("ann", "Charged", "2026-06-01T09:01"),
        event("ann", "Seen", "2026-06-01T09:02"),
        event("ann", "Seen", "2026-06-01T10:01"),
    )

    assert told(live) == [
        "ann C1 send send Hi ann",
        "ann C1 None skip not_in_who",
        "ann C1 send send Hi ann",
    ]


async def test_a_branch_asks_what_came_since_entering(live: Live) -> None:
    again, other = (SendStep(id=word, content=Content(text=word)) for word in ("again", "other"))
    since = rule(did="Seen", since="entering")
    fork = ChooseStep(
        id="fork", branches=(Branch(rule=since, steps=(again,)), Branch(rule=None, steps=(other,)))
    )
    wait = WaitStep(id="pause", until=ForTime(Duration(1, "hour")))
    await live.publish(campaign(SEEN, wait, fork))
    await live.receive(
        profile("ann", "2026-06-01T09:00"),
        profile("bob", "2026-06-01T09:00", Phone="+6591230002"),
        event("ann", "Seen", "2026-06-01T09:00"),
        event("bob", "Seen", "2026-06-01T09:00"),
        event("bob", "Seen", "2026-06-01T09:30"),
    )
    await live.wait(at("2026-06-01T11:00"))

    assert sorted(line for line in told(live) if "exit" not in line and "already" not in line) == [
        "ann C1 other send other",
        "bob C1 again send again",
    ]


async def test_what_was_done_before_the_publishing_is_counted_too(live: Live) -> None:
    await live.receive(profile("ann", "2026-06-01T09:00"))
    await live.receive(*(event("ann", "Charged", f"2026-06-01T09:0{n}", Amount=n) for n in range(5)))

    total = rule(did="Charged", sum={"property": "Amount", "exactly": 15})
    await live.publish(campaign(SEEN, who=total))
    await live.receive(
        event("ann", "Charged", "2026-06-01T09:06", Amount=5), event("ann", "Seen", "2026-06-01T09:07")
    )

    assert told(live) == ["ann C1 send send Hi ann"]


async def test_until_it_is_counted_the_rule_says_no_and_so_does_its_not(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally_filling, "SLICES_AT_ONCE", 0)  # as with a long history
    await live.receive(profile("ann", "2026-06-01T09:00"), event("ann", "Charged", "2026-06-01T09:00"))
    await live.publish(
        campaign(SEEN, who=rule(did="Charged")),
        campaign(SEEN, who=rule(**{"not": {"did": "Charged"}}), number=2),
    )
    live.clock.move_to(at("2026-06-01T09:01"))
    await live.put(event("ann", "Seen", "2026-06-01T09:01"))

    await live.step()

    skipped = (await live.backend.reports.decided(CampaignId(1), 9)).decisions
    assert [one.code for one in skipped] == ["not_counted_yet"]
    assert told(live) == ["ann C1 None skip not_in_who", "ann C2 None skip not_in_who"]
    await live.decide()
    await live.receive(event("ann", "Seen", "2026-06-01T09:02"))
    assert told(live)[2:] == ["ann C1 send send Hi ann", "ann C2 None skip not_in_who"]


async def test_what_nobody_asks_any_more_is_forgotten(live: Live) -> None:
    await live.publish(campaign(SEEN, who=rule(did="Charged")))
    await live.receive(profile("ann", "2026-06-01T09:00"), event("ann", "Charged", "2026-06-01T09:00"))
    assert (await facts_of(live)).tallies

    newest = await live.backend.catalog.snapshot()
    await live.backend.catalog.save((DeleteCampaign(CampaignId(1)),), newest.version)
    await live.receive(event("ann", "Charged", "2026-06-01T09:01"))

    facts = await facts_of(live)
    assert (facts.tallies, facts.counted, facts.counting) == ({}, frozenset(), frozenset())
    await live.publish(campaign(SEEN, who=rule(did="Charged", exactly=2)))
    await live.receive(event("ann", "Seen", "2026-06-01T09:02"))
    assert told(live) == ["ann C1 send send Hi ann"]


async def test_an_event_that_nobody_asks_about_is_not_counted(live: Live) -> None:
    await live.publish(
        campaign(SEEN, who=rule(did="Charged", where=[{"property": "Amount", "greater_than": 3}]))
    )
    await live.receive(
        event("ann", "Refunded", "2026-06-01T09:00"), event("ann", "Charged", "2026-06-01T09:00", Amount=3)
    )

    assert not (await facts_of(live)).tallies


async def test_people_join_by_an_event_and_by_the_time_that_passes(live: Live) -> None:
    lapsed = rule(all=[{"did": "Charged"}, {"not": {"did": "Charged", "within": "3 days"}}])
    often = rule(did="Charged", at_least=2, within="2 days")
    accounts = Account(audiences={"Best": often, "Lapsed": lapsed})
    await live.publish(campaign(JOINS), campaign(OnMembership(audience="Lapsed"), number=2), account=accounts)
    await live.receive(
        profile("ann", "2026-06-01T09:00"),
        event("ann", "Charged", "2026-06-01T09:00"),
        event("ann", "Charged", "2026-06-03T08:59"),  # the second in two days
        event("ann", "Charged", "2026-06-06T10:00"),  # after she had lapsed
    )
    await live.wait(at("2026-06-30T00:00"))

    assert live.lines == [
        "2026-06-03T08:59:00.000Z ann C1 send send Hi ann",
        "2026-06-06T08:59:00.000Z ann C2 send send Hi ann",
        "2026-06-09T10:00:00.000Z ann C2 send send Hi ann",
    ]


async def test_those_who_did_it_before_the_publishing_join_by_time_too(live: Live) -> None:
    lapsed = rule(all=[{"did": "Charged"}, {"not": {"did": "Charged", "within": "3 days"}}])
    await live.receive(profile("ann", "2026-06-01T09:00"), event("ann", "Charged", "2026-06-01T09:00"))
    await live.publish(campaign(JOINS), account=account(lapsed))
    await live.decide()
    await live.wait(at("2026-06-30T00:00"))

    assert live.lines == ["2026-06-04T09:00:00.000Z ann C1 send send Hi ann"]


async def test_a_run_waits_until_what_people_did_is_counted(live: Live) -> None:
    await live.receive(
        profile("ann", "2026-06-01T09:00"), profile("bob", "2026-06-01T09:00", Phone="+6591230002")
    )
    await live.receive(event("bob", "Charged", "2026-06-01T09:00"))
    await live.publish(campaign(OnSchedule(when=Now()), who=rule(did="Charged")))
    await live.decide()

    assert told(live) == ["bob C1 send send Hi bob"]


async def test_what_an_unknown_device_did_is_done_by_whoever_it_turns_out_to_be(live: Live) -> None:
    await live.publish(campaign(SEEN, who=rule(did="Charged", exactly=3)))
    await live.receive(
        profile("ann", "2026-06-01T09:00"),
        event("ann", "Charged", "2026-06-01T09:00"),
        of_device(event("", "Charged", "2026-06-01T09:01")),
        of_device(event("", "Charged", "2026-06-01T09:02")),
        {**profile("ann", "2026-06-01T09:03"), "objectId": "device0001"},
        event("ann", "Seen", "2026-06-01T09:04"),
    )

    assert told(live) == ["ann C1 send send Hi ann"]


async def test_what_became_part_of_somebody_before_the_publishing_is_theirs(live: Live) -> None:
    await live.receive(
        profile("ann", "2026-06-01T09:00"),
        of_device(event("", "Charged", "2026-06-01T09:01")),
        {**profile("ann", "2026-06-01T09:03"), "objectId": "device0001"},
    )
    await live.publish(campaign(SEEN, who=rule(did="Charged")))
    await live.decide()
    await live.receive(event("ann", "Seen", "2026-06-01T09:04"))

    assert told(live) == ["ann C1 send send Hi ann"]


async def test_somebody_joins_by_what_an_unknown_device_did(live: Live) -> None:
    await live.publish(campaign(JOINS), account=account(rule(did="Charged", at_least=2)))
    await live.receive(
        profile("ann", "2026-06-01T09:00"),
        event("ann", "Charged", "2026-06-01T09:00"),
        of_device(event("", "Charged", "2026-06-01T09:01")),
        {**profile("ann", "2026-06-01T09:03"), "objectId": "device0001"},
        event("ann", "Charged", "2026-06-01T09:04"),
    )

    assert live.lines == ["2026-06-01T09:03:00.000Z ann C1 send send Hi ann"]


async def test_somebody_new_joins_once_by_the_event_that_makes_them_known(live: Live) -> None:
    await live.publish(campaign(JOINS), account=account(rule(did="Charged")))
    await live.receive(
        event("ann", "Charged", "2026-06-01T09:00"), event("ann", "Charged", "2026-06-01T09:01")
    )

    assert [line.split(" ", 1)[0] for line in live.lines] == ["2026-06-01T09:00:00.000Z"]


async def test_our_own_messages_are_events_too(live: Live) -> None:
    await live.publish(campaign(SEEN, who=rule(did="Notification Sent", at_most=1)))
    await live.receive(profile("ann", "2026-06-01T09:00"))
    for minute in range(4):
        await live.receive(event("ann", "Seen", f"2026-06-01T09:0{minute}"))

    assert [line.split(" ", 3)[3] for line in live.lines] == ["send send Hi ann"] * 2 + [
        "None skip not_in_who"
    ] * 2


async def test_an_earlier_version_asks_what_it_asked(live: Live) -> None:
    wait = WaitStep(id="pause", until=ForTime(Duration(1, "hour")))
    fork = ChooseStep(id="fork", branches=(Branch(rule=rule(did="Charged", exactly=2), steps=(HI,)),))
    await live.publish(campaign(SEEN, wait, fork))
    await live.receive(
        profile("ann", "2026-06-01T09:00"),
        event("ann", "Charged", "2026-06-01T09:00"),
        event("ann", "Seen", "2026-06-01T09:00"),
    )
    newest, one = await live.backend.catalog.snapshot(), await live.campaign()
    changed = msgspec.structs.replace(one, steps=(HI,), updated_at=live.clock.now())
    await live.backend.catalog.save((PutCampaign(changed),), newest.version)
    await live.receive(event("ann", "Charged", "2026-06-01T09:30"))
    await live.wait(at("2026-06-01T12:00"))

    assert [line for line in told(live) if "exit" not in line] == ["ann C1 send send Hi ann"]


def of_device(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a device of which nobody knows whose it is."""
    return {**{key: value for key, value in record.items() if key != "identity"}, "objectId": "device0001"}


PEOPLE = ("ann", "bob")


def in_short(line: OutputLine | Refused) -> str:
    """Return a line of a simulation as `Live` writes it."""
    assert isinstance(line, OutputLine)
    what = line.text if line.verdict == "send" else line.code
    return f"{line.at} {line.identity} {line.campaign} {line.step} {line.verdict} {what}"


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_crashes_each_enters_once_and_when_the_simulation_says(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    lapsed = rule(all=[{"did": "Charged"}, {"not": {"did": "Charged", "within": "3 hours"}}])
    often = rule(did="Charged", sum={"property": "Amount", "at_least": 10}, within="6 hours")
    campaigns = [
        campaign(JOINS),
        campaign(OnMembership(audience="Often"), number=2),
        campaign(SEEN, number=3, who=rule(did="Charged", exactly=2, within="1 day")),
    ]
    accounts = Account(audiences={"Best": lapsed, "Often": often})
    moments = sorted(chance.sample(range(1, 60 * 24), 40))
    records = [profile(who, "2026-06-01T09:00") for who in PEOPLE] + [
        event(
            chance.choice(PEOPLE),
            chance.choice(["Charged", "Charged", "Seen", "Refunded"]),
            f"2026-06-0{1 + minute // 720}T{9 + (minute % 720) // 60:02}:{minute % 60:02}",
            Amount=chance.randrange(9),
        )
        for minute in moments
    ]
    records.sort(key=lambda record: record["ts"])
    until = at("2026-06-04T00:00")

    lines = await asyncio.to_thread(
        lived, tmp_path, campaigns, *records, until=until, chance=random.Random(seed), account=accounts
    )

    expected = simulated(campaigns, *records, until="2026-06-04T00:00", account=accounts)
    assert lines == sorted(map(in_short, expected))
    assert len(lines) > 5
