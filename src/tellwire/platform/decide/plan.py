"""A campaign made ready for walking: its steps as a table, and the events that move somebody inside."""

from typing import NamedTuple

from tellwire.platform.decide.program import Program, program_of
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.step import SplitStep, every_step, measured_splits, names_heard


class Plan(NamedTuple):
    """A campaign, its steps and its events.

    `guards_entry` says whether more is asked on entering than for whom the campaign is, and `asks_key` whether it
    matters who is inside, were no message ever held. `splits` are those with a winner.
    """

    campaign: Campaign
    program: Program
    heard: frozenset[str]
    guards_entry: bool
    asks_key: bool
    splits: tuple[SplitStep, ...] = ()


def plan_of(campaign: Campaign) -> Plan:
    """Return the plan of a campaign; about ten microseconds for a few steps."""
    limits = campaign.limits
    asks_key = bool(campaign.key) or (campaign.only_send is None and campaign.again != "beside")
    return Plan(
        campaign,
        program_of(campaign.steps),
        names_heard(campaign.stop, campaign.steps),
        asks_key or limits.ever is not None or limits.cut_off is not None or campaign.state == "paused",
        asks_key,
        tuple(measured_splits(every_step(campaign.steps))),
    )
