"""Runs of campaigns over many people: whom each is for, how far it has come, and what it did so far."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.value import Properties

NOT_MEANT: Final = "profile_conditions"  # the code of those whom a run is not for
_AGAIN: Final = (
    "~"  # between a run's name and the number of an attempt to reach those whom it failed to reach
)


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """That a campaign goes through people from `at` on: for a run of its schedule, without one to begin with."""

    campaign_id: CampaignId
    run: str
    at: datetime


class SweepPage(msgspec.Struct, frozen=True, kw_only=True):
    """The people who are next in a sweep, each with their place, in the order in which they came.

    Those of a run are members of its audience; without a run they are everybody.
    """

    sweep: Sweep
    people: Sequence[tuple[int, Profile]]
    is_last: bool


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sweep has come: `after` is the last place, None if it stands where it stood.

    `resumes_at` is when it goes on, if that is not at once.
    """

    sweep: Sweep
    after: int | None
    is_over: bool
    resumes_at: datetime | None = None


class RunFigures(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What a run did so far: counted while it is decided, and kept as a `RunRecord`.

    `members` is how many its audience has, which was taken down before the first message out of `people` who were
    there; `met` of them had their turn. It is None where each person has a moment of their own: then `people` is of
    how many that moment has come, and `refused` also counts those whom it is not for.
    Whoever had a turn either `entered` or was refused by code. At each message they were sent one, or skipped by code,
    or are `held`; `lost` are those who left while they were held, by reason.
    `window_at` and `window_people` are of the throttle: since when it counts, and how many. `chosen` is the same by
    moment in milliseconds, where each person has their own.
    """

    at: datetime
    messages: int = 0
    chosen: dict[int, int] = {}
    people: int = 0
    members: int | None = None
    met: int = 0
    entered: int = 0
    refused: dict[str, int] = {}
    skipped: dict[str, int] = {}
    held: int = 0
    lost: dict[str, int] = {}
    window_at: datetime | None = None
    window_people: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    is_swept: bool = False


# Unlike a dataclass a struct may freeze what it inherits: a record is what was counted, for good.
class RunRecord(RunFigures, frozen=True, kw_only=True):  # type: ignore[misc]
    """What a run of a campaign did so far, as it is kept."""

    campaign_id: CampaignId
    run: str

    @property
    def qualified(self) -> int:
        """How many the run is for, as far as that is known."""
        return self.people - self.refused.get(NOT_MEANT, 0) if self.members is None else self.members

    @property
    def refusals(self) -> Mapping[str, int]:
        """How many of those whom it is for did not enter, by code."""
        return {code: count for code, count in self.refused.items() if code != NOT_MEANT}


class Choosing(msgspec.Struct, frozen=True, kw_only=True):
    """A run whose audience is being taken down: those up to the place `after` have been looked at, of those to `upto`.

    `record` is what is known of the run, None before its first slice.
    """

    sweep: Sweep
    after: int
    upto: int
    record: RunRecord | None = None


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """Somebody who may belong to an audience, as far as rules about properties look."""

    properties: Properties = {}
    subjects: msgspec.Raw = msgspec.Raw(b"[]")

    @property
    def is_somebody(self) -> bool:
        """Whether the profile still has a name: one that became part of another has none."""
        return len(bytes(self.subjects)) > len(b"[]")


class AudienceSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Some people of a run's audience: the `members` among those from `choosing.after` to the place `last`.

    It was decided by this version of the catalog. `following` is the run after this one, where it is to be planned.
    """

    choosing: Choosing
    members: Sequence[int]
    last: int
    is_last: bool
    catalog_version: int
    record: RunRecord
    following: Sweep | None = None


class NumberOfRun(msgspec.Struct, frozen=True):
    """That a run wrote to an address, for which profile: it writes to none twice for two profiles."""

    campaign_id: CampaignId
    run: str
    address: Address
    profile_id: ProfileId


def first_of(run: str) -> str:
    """Return the name of the run that this one is an attempt of: its own, unless it is a later one."""
    return run.partition(_AGAIN)[0]


def attempt_of(run: str) -> int:
    """Return which attempt of its run this is, from 1."""
    number = run.partition(_AGAIN)[2]
    return int(number) if number else 1


def attempt_named(run: str, attempt: int) -> str:
    """Return the name of an attempt of a run, from 2."""
    return f"{first_of(run)}{_AGAIN}{attempt}"
