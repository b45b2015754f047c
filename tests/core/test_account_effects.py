"""What changing the account would do, in sentences."""

from datetime import time, timedelta

import msgspec
from tests.builders import NOON, a_campaign

from tellwire.platform.control.account import switched
from tellwire.platform.control.account_effects import audiences_used, effects_of
from tellwire.platform.control.campaign_state import DECIDING
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.duration import duration_of
from tellwire.platform.model.guard import Cap, Limits, QuietHours
from tellwire.platform.model.rule import All, Has, Member, Rule
from tellwire.platform.model.rule import Condition as On
from tellwire.platform.model.start import Now, OnMembership, OnSchedule, Start

GOLD, VIP = Has(On(property="Tier", value="gold")), Has(On(property="Vip", operator="exists"))
WEEK = duration_of("7 days")
NIGHT = QuietHours(begins=time(22), ends=time(8))


def campaign(
    name: str, *, start: Start | None = None, who: Rule | None = None, state: str = "running"
) -> Campaign:
    made = msgspec.structs.replace(a_campaign(name=name, state=state), who=who)
    return made if start is None else msgspec.structs.replace(made, start=start)


ALL = [
    campaign("For gold", who=All((Member("Gold"), VIP))),
    campaign("Joins", start=OnMembership(audience="Gold")),
    campaign("Sale", start=OnSchedule(when=Now()), who=Member("Vips"), state="paused"),
    campaign("Draft", who=Member("Gold"), state="draft"),
]


def effects(**after: object) -> list[str]:
    before = Account(audiences={"Gold": GOLD, "Vips": VIP, "Nobody's": VIP})
    return effects_of(before, msgspec.structs.replace(before, **after), ALL)


def test_nothing_changes_where_nothing_differs() -> None:
    assert effects() == []
    assert effects(zone="UTC", version=7) == []


def test_only_campaigns_in_use_need_audiences() -> None:
    assert audiences_used(ALL) == {"Gold": ["For gold", "Joins"], "Vips": ["Sale"]}


def test_each_change_says_whom_it_is_about() -> None:
    assert effects(zone="Asia/Singapore") == [
        "Days and times of the account are those of Asia/Singapore from then on.",
        "1 schedule in use may come at other moments: what is planned is planned anew.",
    ]
    assert effects(quiet=(NIGHT,)) == [
        "The quiet hours hold for every next message of 3 campaigns in use; one that waits keeps its moment."
    ]
    assert WEEK is not None
    assert effects(limits=Limits(per_person=(Cap(3, WEEK),), gap=WEEK)) == [
        "One person gets at most 3 in 7 days, of 3 campaigns in use together; what they got before counts.",
        "Between two messages to one person, of whatever campaign, lie at least 7 days.",
    ]
    assert effects(holdout=2.5) == [
        "2.5 % of all people are held out of 3 campaigns in use, more than before."
    ]
    assert effects(audiences={"Gold": VIP, "Vips": VIP, "Nobody's": GOLD}) == [
        "Who belongs to “Gold” is asked anew by “For gold” and 1 more, from the next person on."
    ]


def test_taking_a_guard_away_is_said_too() -> None:
    assert WEEK is not None
    guarded = Account(quiet=(NIGHT,), limits=Limits(per_person=(Cap(3, WEEK),), gap=WEEK), holdout=5)

    assert effects_of(guarded, Account(), ALL) == [
        "There are no quiet hours for all: the next messages of 3 campaigns in use go at any hour.",
        "3 campaigns in use may write to one person as often as each says itself.",
        "Two messages to one person may follow each other at once.",
        "Nobody is held out of all campaigns any more: 3 campaigns in use may write to those who were.",
    ]


def test_pausing_all_sending_drops_the_queue_only_if_it_shall() -> None:
    later = NOON + timedelta(minutes=1)

    kept = switched(Account(), is_paused=True, queued="keep", now=NOON)
    dropped = switched(kept, is_paused=True, queued="drop", now=NOON)

    assert (kept.is_paused, kept.dropped_until) == (True, None)
    assert dropped.dropped_until == NOON + DECIDING
    assert switched(dropped, is_paused=True, queued="keep", now=later).dropped_until == NOON + DECIDING
    assert switched(dropped, is_paused=False, queued="drop", now=NOON).dropped_until == NOON
    assert switched(dropped, is_paused=False, queued="keep", now=later).dropped_until == NOON + DECIDING
