"""How many people a campaign is for, and how many of them a text message reaches, about now: a bounded look at people.

It reads pages of people beside all other work, and lets the loop go on between two. Of more people than it looks at
it takes pages from all over, and reckons up.
"""

import asyncio
from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.control.desk import Desk
from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.fold import People
from tellwire.platform.decide.gates import person_of
from tellwire.platform.decide.index import TriggerIndex, index_of
from tellwire.platform.decide.rules import meets
from tellwire.platform.decide.send_gates import is_reachable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, campaign_set
from tellwire.platform.model.channel import SMS
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.rule import Rule

PAGE: Final = 250  # people at once: some 3 ms of the loop
PAGES: Final = 200  # of one look: 50,000 people


class Reach(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many people a campaign is for, and how many of them have a number, consent and are not suppressed.

    `sampled` is how many people were looked at where that is not all of them: the figures are reckoned up then.
    """

    total: int
    reachable: int
    as_of: datetime
    sampled: int | None = None


async def reach_of(desk: Desk, campaign: Campaign, account: Account) -> Reach:
    """Return for how many people a campaign is, saved or not."""
    now, last = desk.clock.now(), await desk.reports.last_place()
    is_whole = last <= PAGE * PAGES
    total = reachable = looked_at = 0
    after, turn = 0, 0
    running = msgspec.structs.replace(campaign, state="running")
    index = index_of(campaign_set(0, [running], [], account))
    lists = list(index.lists.ids.values())
    while True:
        crowd = await desk.reports.everybody(after, PAGE, lists)
        met, reached = _counted(crowd.facts, campaign.who, account, index, now)
        total, reachable, looked_at = total + met, reachable + reached, looked_at + len(crowd.facts.profiles)
        turn += 1
        if crowd.after is None or turn == PAGES:
            break
        after = crowd.after if is_whole else turn * last // PAGES
        await asyncio.sleep(0)
    if is_whole or not looked_at:
        return Reach(total=total, reachable=reachable, as_of=now)
    share = last / looked_at
    return Reach(total=round(total * share), reachable=round(reachable * share), as_of=now, sampled=looked_at)


def _counted(
    facts: Facts, rule: Rule | None, account: Account, index: TriggerIndex, now: datetime
) -> tuple[int, int]:
    around = Batch(index, People(facts, iter(()), now), account, now, facts)
    people = [one for one in facts.profiles.values() if one.subjects]
    met = [one for one in people if rule is None or meets(rule, person_of(one, around))]
    return len(met), sum(is_reachable(one, around, SMS) for one in met)
