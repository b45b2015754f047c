"""Lists of people, live: rules ask who is on them, and starts follow their changes, each once, whatever crashes."""

import random
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.live import TICK, Live
from tests.rehearsing import HI, at, campaign, event, profile

from tellwire.platform.control.list_use import is_joined, with_lists
from tellwire.platform.model.account import Account
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.list_member import ListKey
from tellwire.platform.model.rule import All, Condition, Has, Listed, Member, Not
from tellwire.platform.model.start import Now, OnEvent, OnMembership, OnSchedule
from tellwire.platform.model.step import Branch, ChooseStep, ForTime, SendStep, Signal, WaitStep

NINE = at("2026-06-01T09:00")
SEEN = OnEvent(event="Seen")
VIPS = Listed("VIPs")
GOLD = Has(Condition(property="Plan", operator="equals", value="gold"))
JOINS = OnMembership(audience="Best")


def account(rule: object = VIPS) -> Account:
    return with_lists(Account(audiences={"Best": rule}), ["VIPs", "Blocked"])


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


async def change(live: Live, names: Iterable[str], *, adds: bool = True, name: str = "vips") -> None:
    """Put names on a list or take them from it, as the API does; nobody decides meanwhile."""
    newest = await live.backend.catalog.snapshot()
    one = next(one for one in newest.account.lists if one.name.casefold() == name)
    keys = [ListKey(name if ":" in name else f"identity:{name}") for name in names]
    call = live.backend.lists.add if adds else live.backend.lists.remove
    await call(one.id, keys, live.clock.now(), follows=is_joined(one, newest))


def later(live: Live, seconds: float = 1) -> str:
    live.clock.move_to(live.clock.now() + timedelta(seconds=seconds))
    return f"{live.clock.now():%Y-%m-%dT%H:%M:%S}"


def told(live: Live) -> list[str]:
    """Return what was decided, without its moment."""
    return [line.split(" ", 1)[1] for line in live.lines]


async def test_who_is_on_a_list_is_asked_at_each_moment_anew(live: Live) -> None:
    await live.publish(campaign(SEEN, who=Listed("v i p s")), account=account())
    await live.receive(profile("ann", "2026-06-01T09:00"), event("ann", "Seen", "2026-06-01T09:00"))

    await change(live, ["ann"])
    await live.receive(event("ann", "Seen", "2026-06-01T09:01"))
    await change(live, ["ann"], adds=False)
    await live.receive(event("ann", "Seen", "2026-06-01T09:02"))

    assert told(live) == [
        "ann C1 None skip not_in_who",
        "ann C1 send send Hi ann",
        "ann C1 None skip not_in_who",
    ]


async def test_a_branch_an_audience_and_a_not_look_at_lists(live: Live) -> None:
    vip, other = (SendStep(id=word, content=Content(text=word)) for word in ("vip", "other"))
    fork = ChooseStep(
        id="fork", branches=(Branch(rule=Member("Best"), steps=(vip,)), Branch(rule=None, steps=(other,)))
    )
    await live.publish(campaign(SEEN, fork, who=Not(Listed("Blocked"))), account=account(All((VIPS, GOLD))))
    await live.receive(
        *(profile(name, "2026-06-01T09:00", Plan="gold") for name in ("ann", "bob", "cid")),
        profile("dan", "2026-06-01T09:00"),
    )

    await change(live, ["ann", "cid", "dan"])
    await change(live, ["cid"], name="blocked")
    await live.receive(*(event(name, "Seen", "2026-06-01T09:01") for name in ("ann", "bob", "cid", "dan")))

    assert told(live) == [
        "ann C1 vip send vip",
        "bob C1 other send other",
        "cid C1 None skip not_in_who",
        "dan C1 other send other",
    ]


@pytest.mark.parametrize("name", ["device:device0001", "phone:6591230000", "identity:ann"])
async def test_a_person_is_on_the_list_by_each_of_their_names(live: Live, name: str) -> None:
    await live.publish(campaign(SEEN, who=VIPS), account=account())
    await change(live, [name])
    device = {
        "objectId": "device0001",
        "type": "profile",
        "ts": NINE.timestamp(),
        "profileData": {"City": "Bonn"},
    }

    await live.receive(
        device,
        profile("ann", "2026-06-01T09:00", Phone="+6591230000"),
        {**event("ann", "Seen", "2026-06-01T09:01"), "objectId": "device0001"},
        event("bob", "Seen", "2026-06-01T09:02"),
    )

    assert told(live) == ["ann C1 send send Hi ann", "bob C1 None skip not_in_who"]


async def test_a_run_over_everybody_asks_the_list(live: Live) -> None:
    await live.receive(*(profile(f"p{n}", "2026-06-01T09:00", Phone=f"+6590000{n:03}") for n in range(50)))
    await live.publish(account=account())
    await change(live, [f"p{n}" for n in range(0, 50, 5)])

    await live.publish(campaign(OnSchedule(when=Now()), who=VIPS), account=account())
    await live.wait(live.clock.now() + TICK)

    assert sorted(line.split()[0] for line in told(live)) == sorted(f"p{n}" for n in range(0, 50, 5))


@pytest.mark.parametrize(("rule", "adds"), [(VIPS, True), (Not(VIPS), False)])
async def test_coming_to_a_list_and_leaving_it_are_joinings(live: Live, rule: object, adds: bool) -> None:
    await live.receive(*(profile(name, "2026-06-01T09:00") for name in ("ann", "bob")))
    await live.publish(account=account(rule))
    await change(live, ["ann"], adds=True)  # before it runs, so it counts for nothing
    later(live)
    await live.publish(campaign(JOINS), account=account(rule))
    await live.decide()

    later(live)
    await change(live, ["bob"], adds=True)
    await live.decide()
    later(live)
    await change(live, ["ann", "bob", "nobody"], adds=False)
    await live.decide()

    assert told(live) == (
        ["bob C1 send send Hi bob"] if adds else [f"{n} C1 send send Hi {n}" for n in ("ann", "bob")]
    )


async def test_a_change_of_before_the_publishing_is_no_joining_however_late_it_is_followed(
    live: Live,
) -> None:
    await live.receive(profile("ann", "2026-06-01T09:00"))
    await live.publish(campaign(JOINS, number=2, state="paused"), account=account())
    await change(live, ["ann"])
    later(live)
    await live.publish(campaign(JOINS), account=account())

    await live.decide()

    assert [line for line in told(live) if "C1" in line] == []


async def test_members_of_the_beginning_enter_once_if_the_start_says_so(live: Live) -> None:
    await live.receive(*(profile(name, "2026-06-01T09:00") for name in ("ann", "bob", "cid")))
    await live.publish(campaign(JOINS, number=2), account=account())
    await change(live, ["ann", "bob"])
    later(live)
    await live.publish(campaign(OnMembership(audience="Best", present=True)), account=account())
    await change(live, ["cid", "bob"])

    await live.wait(live.clock.now() + TICK)

    assert sorted(line for line in told(live) if "C1" in line) == [
        f"{name} C1 send send Hi {name}" for name in ("ann", "bob", "cid")
    ]


async def test_somebody_unknown_joins_when_they_appear_and_once(live: Live) -> None:
    await live.publish(campaign(JOINS), account=account())
    await change(live, ["ann", "bob"])
    await live.decide()
    assert told(live) == []

    await live.receive(profile("ann", "2026-06-01T09:01"))
    later(live)
    await change(live, ["cid"])
    await live.receive(profile("cid", later(live)))

    assert told(live) == ["ann C1 send send Hi ann", "cid C1 send send Hi cid"]


async def test_everybody_with_a_number_joins_by_it(live: Live) -> None:
    await live.receive(
        profile("ann", "2026-06-01T09:00", Phone="+6591230000"),
        profile("bob", "2026-06-01T09:00", Phone="+6591230000"),
    )
    await live.publish(campaign(JOINS), account=account())

    later(live)
    await change(live, ["phone:6591230000"])
    await live.decide()

    assert told(live) == ["ann C1 send send Hi ann", "bob C1 send send Hi bob"]


async def test_who_joins_by_a_list_hears_the_event_that_comes_after_it(live: Live) -> None:
    pause = WaitStep(id="pause", until=ForTime(Duration(1, "hour")))
    await live.receive(profile("ann", "2026-06-01T09:00"))
    await live.publish(campaign(JOINS, pause, HI, stop=Signal(event="Charged")), account=account())

    later(live)
    await change(live, ["ann"])
    await live.receive(event("ann", "Charged", later(live)))

    assert told(live) == ["ann C1 pause exit stopped"]


async def test_a_publishing_that_the_worker_has_not_seen_misses_no_change(live: Live) -> None:
    """The worker looks at the catalog before it looks at the store: a change in between waits for its next step."""
    await live.receive(profile("ann", "2026-06-01T09:00"))
    await live.publish(account=account())
    before = await live.backend.catalog.snapshot()
    await live.publish(campaign(JOINS), account=account())
    later(live)
    await change(live, ["ann"])
    catalog, snapshot = live.backend.catalog, live.backend.catalog.snapshot

    async def of_before() -> object:
        return before

    catalog.snapshot = of_before  # type: ignore[method-assign, assignment]
    await live.worker.step()
    catalog.snapshot = snapshot  # type: ignore[method-assign]
    await live.decide()

    assert told(live) == ["ann C1 send send Hi ann"]


async def test_what_no_start_looks_at_waits_for_nobody(live: Live) -> None:
    await live.publish(campaign(SEEN, who=VIPS), account=account())

    await change(live, ["ann"])

    assert await live.backend.ledger.next_due(0) is None


@pytest.mark.parametrize("seed", range(12))
async def test_each_joining_is_one_whatever_comes_in_which_order_and_crashes(
    tmp_path: Path, seed: int
) -> None:
    """A model in plain sets: who was no member and is one by a change of the list or of the profile enters."""
    dice = random.Random(seed)
    live = Live(tmp_path, NINE, random.Random(seed) if seed % 2 else None)
    await live.open()
    rule = dice.choice([VIPS, Not(VIPS), All((VIPS, GOLD)), All((GOLD, Not(VIPS)))])
    await live.publish(campaign(JOINS), account=account(rule))
    names = [f"p{number}" for number in range(4)]
    plans: dict[str, str] = {}
    on_list: set[str] = set()
    expected: list[str] = []

    def is_in(name: str) -> bool:
        is_gold = plans.get(name) == "gold"
        known = {VIPS: name in on_list, Not(VIPS): name not in on_list}
        return (
            name in plans
            and {
                **known,
                All((VIPS, GOLD)): name in on_list and is_gold,
                All((GOLD, Not(VIPS))): is_gold and name not in on_list,
            }[rule]
        )

    for _ in range(40):
        before = {name for name in names if is_in(name)}
        moment, name = later(live), dice.choice(names)
        match dice.randrange(4):
            case 0:
                plans[name] = dice.choice(["gold", "silver"])
                await live.put(profile(name, moment, Phone=f"+659000000{name[1:]}", Plan=plans[name]))
            case 1:
                some = dice.sample(names, 2)
                on_list |= set(some)
                await change(live, some)
            case 2:
                some = dice.sample(names, 2)
                on_list -= set(some)
                await change(live, some, adds=False)
            case _:
                await live.decide()
        expected += [one for one in names if is_in(one) and one not in before]
    await live.decide()
    await live.close()

    assert sorted(line.split()[0] for line in told(live)) == sorted(expected)


async def test_no_change_is_followed_before_an_entry_that_came_earlier(live: Live) -> None:
    await live.receive(*(profile(name, "2026-06-01T09:00", Plan="gold") for name in ("ann", "bob")))
    await live.publish(campaign(JOINS), account=account(All((VIPS, GOLD))))
    await live.put(profile("bob", later(live), City="Bonn"))
    await live.put(profile("ann", later(live), Plan="silver"))
    later(live)
    await change(live, ["ann", "bob"])
    live.worker._limit = 1  # as after a step that had no time for more

    await live.worker.step()
    assert told(live) == []
    await live.decide()

    assert told(live) == ["bob C1 send send Hi bob"]
