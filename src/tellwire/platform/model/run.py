"""Runs of campaigns over everybody: how far each has come, and what it did so far."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.profile import Profile, ProfileId


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """That a campaign goes through all people from `at` on: for a run of its schedule, without one to begin with."""

    campaign_id: CampaignId
    run: str
    at: datetime


class SweepPage(msgspec.Struct, frozen=True, kw_only=True):
    """The people who are next in a sweep, each with their place, in the order in which they came."""

    sweep: Sweep
    people: Sequence[tuple[int, Profile]]
    is_first: bool
    is_last: bool


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sweep has come: `after` is the last place, None before the first; `following` is the next run."""

    sweep: Sweep
    after: int | None
    is_over: bool
    following: Sweep | None = None


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did so far.

    Of the `people` it came by, those it is for either entered or were refused by code; at each message they were sent
    one or skipped by code. `chosen` has, by moment in milliseconds, how many took a place of the throttle.
    """

    campaign_id: CampaignId
    run: str
    at: datetime
    messages: int = 0
    chosen: Mapping[int, int] = {}
    people: int = 0
    entered: int = 0
    refused: Mapping[str, int] = {}
    skipped: Mapping[str, int] = {}
    is_swept: bool = False


class NumberOfRun(msgspec.Struct, frozen=True):
    """That a run wrote to an address, for which profile: it writes to none twice for two profiles."""

    campaign_id: CampaignId
    run: str
    address: Address
    profile_id: ProfileId
