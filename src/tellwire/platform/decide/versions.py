"""People inside campaigns that changed: they leave, or move to the newest version, before anything else happens. Pure.

Whoever is neither ended nor moved finishes by the version by which they entered.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.enrolling import due_anew
from tellwire.platform.decide.entering import fail, leave
from tellwire.platform.decide.plan import Plan
from tellwire.platform.model.campaign import IN_USE, Campaign
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.step import WaitStep

MOVED: Final = "version"  # the hold of somebody whose step does something else now: it is still to be done


def bring_up_to_date(batch: Batch, enrollments: Iterable[Enrollment]) -> None:
    """Let these leave that have to, and move those that are to go on in the newest version."""
    for enrollment in enrollments:
        campaign = batch.index.catalog.campaigns.get(enrollment.campaign_id)
        if campaign is None or has_ended(enrollment, campaign):
            _end(batch, enrollment, campaign)
        elif not enrollment.is_pending and is_moved(enrollment, campaign):
            try:
                _move(batch, enrollment)
            except Exception as bug:  # noqa: BLE001 - see `entering.fail`
                fail(batch, enrollment, bug)


def has_ended(enrollment: Enrollment, campaign: Campaign) -> bool:
    """Say whether everybody who is inside by this version has left."""
    return 0 < enrollment.version <= campaign.ended_version


def is_moved(enrollment: Enrollment, campaign: Campaign) -> bool:
    """Say whether somebody is to go on in the newest version."""
    return 0 < enrollment.version < campaign.version and enrollment.version <= campaign.moved_version


def stays_behind(enrollment: Enrollment, plan: Plan) -> bool:
    """Say whether the newest version has no such step: whoever stands there finishes by their own."""
    return plan.program.at(enrollment.step) is None


def _end(batch: Batch, enrollment: Enrollment, campaign: Campaign | None) -> None:
    """Let somebody leave. Who is only to enter is inside nothing yet, and goes when the campaign does."""
    if not enrollment.is_pending:
        leave(batch, enrollment, "ended")
    elif campaign is None or campaign.state not in IN_USE:
        batch.insiders.remove(enrollment)


def _move(batch: Batch, enrollment: Enrollment) -> None:
    plan = batch.index.plan(enrollment.campaign_id)
    profile = batch.people.known(enrollment.profile_id)
    if plan is None or profile is None or stays_behind(enrollment, plan):
        return
    node = plan.program.nodes[plan.program.places[enrollment.step]]
    around = {plan.program.nodes[place].step.id for place in node.repeats} | {node.step.id}
    rounds = {repeat: visit for repeat, visit in enrollment.rounds.items() if repeat in around}
    is_wait = isinstance(node.step, WaitStep) or node.step in plan.splits
    waits = is_wait or node.step.id in rounds
    moved = msgspec.structs.replace(
        enrollment,
        version=plan.campaign.version,
        rounds=rounds,
        hold="" if waits else enrollment.hold or MOVED,
    )
    due = due_anew(batch, plan, moved, profile)
    if due is None:
        leave(batch, moved, "missed")
    else:
        batch.insiders.put(msgspec.structs.replace(moved, due_at=due))
