"""The audience of a run: who of some people belongs to it. Pure.

`who` is asked at the run's moment, of people as they are then; whoever comes to belong to it later is out of the run.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from tellwire.platform.decide.asked import dids_of
from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.choosing import is_open
from tellwire.platform.decide.counters import Counters
from tellwire.platform.decide.fold import People
from tellwire.platform.decide.gates import person_of
from tellwire.platform.decide.index import TriggerIndex
from tellwire.platform.decide.property_rules import Test, property_test
from tellwire.platform.decide.rules import meets
from tellwire.platform.decide.sweeping import following
from tellwire.platform.model.codes import FAILED
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import AudienceSlice, Choosing, RunRecord

T = TypeVar("T")


def quick_test(index: TriggerIndex, choosing: Choosing) -> Test | None:
    """Return whom a run is for as a test of properties, None if more than these has to be looked at."""
    plan = index.plan(choosing.sweep.campaign_id)
    if plan is None or not is_open(plan, choosing.sweep.at):
        return lambda _properties: False
    return property_test(plan.campaign.who, index.catalog.account.audiences.get)


def whole_test(index: TriggerIndex, facts: Facts, now: datetime) -> Callable[[Choosing, Profile], bool]:
    """Return the same as a question about the profiles of these facts."""
    account = index.catalog.account
    batch = Batch(index, People(facts, iter(()), now, None), account, now, facts)

    def belongs(choosing: Choosing, profile: Profile) -> bool:
        plan = index.plan(choosing.sweep.campaign_id)
        who = None if plan is None else plan.campaign.who
        return who is None or meets(who, person_of(profile, batch))

    return belongs


def is_known(index: TriggerIndex, facts: Facts, choosing: Choosing) -> bool:
    """Say whether all is counted that a run's audience is a question of."""
    plan, account = index.plan(choosing.sweep.campaign_id), index.catalog.account
    if plan is None or not index.lines.by_key:
        return True
    return Counters(index.lines, account, facts).knows(dids_of(plan.campaign, account))


def slice_of(
    index: TriggerIndex,
    choosing: Choosing,
    people: Sequence[tuple[int, T]],
    belongs: Callable[[T], bool],
    *,
    last: int,
    is_last: bool,
) -> AudienceSlice:
    """Return who of these people belongs to a run's audience, and what the run did so far.

    They are all up to the place `last`. Of whom an error of ours keeps us from telling gets nothing, and is counted.
    """
    members, failed = list[int](), 0
    for place, person in people:
        try:
            if belongs(person):
                members.append(place)
        except Exception:  # noqa: BLE001 - one person whom we cannot decide must not stop all that follow
            failed += 1
    sweep, so_far = choosing.sweep, choosing.record
    if so_far is None:
        so_far = RunRecord(campaign_id=sweep.campaign_id, run=sweep.run, at=sweep.at, members=0)
    number = (so_far.members or 0) + len(members) + failed
    refused = {**so_far.refused, FAILED: so_far.refused.get(FAILED, 0) + failed} if failed else so_far.refused
    met = so_far.met + failed
    return AudienceSlice(
        choosing=choosing,
        members=members,
        last=last,
        is_last=is_last,
        catalog_version=index.catalog.version,
        record=msgspec.structs.replace(
            so_far,
            people=so_far.people + len(people),
            members=number,
            met=met,
            refused=refused,
            is_swept=is_last and number == met,
        ),
        following=following(index, index.catalog.account, sweep) if choosing.record is None else None,
    )
