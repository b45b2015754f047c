"""What people look at of persons: who they are, and what stands about their numbers."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.model.address import Address
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """People, what stands about their numbers, their lists, and the place to go on from; None at the end."""

    facts: Facts
    after: int | None


class PeopleReports(Protocol):
    """Who is known, by name, by number and all of them."""

    async def profile(self, subject: Subject) -> Profile | None:
        """Return the profile this subject names, or None."""
        ...

    async def profile_by_number(self, msisdn: Msisdn) -> list[Profile]:
        """Return the profiles that hold this number, at most 20."""
        ...

    async def is_suppressed(self, address: Address) -> bool:
        """Say whether the number is suppressed."""
        ...

    async def suppression(self, address: Address) -> SuppressionChange | None:
        """Return how the number was suppressed or released last, or None if it never was."""
        ...

    async def people(self, subjects: Sequence[Subject], lists: Sequence[ListId] = ()) -> Facts:
        """Return the profiles of these subjects, what stands about their numbers, and their lists among these."""
        ...

    async def everybody(self, after: int, limit: int, lists: Sequence[ListId] = ()) -> Crowd:
        """Return the people who came after this place, in the order in which they came."""
        ...

    async def last_place(self) -> int:
        """Return the place of the person who came last, as `everybody` counts places; 0 if there is nobody."""
        ...

    async def names(self, profile_ids: Sequence[ProfileId]) -> Mapping[ProfileId, Subject]:
        """Return by what name each of these people is known; who is not known any more is absent."""
        ...
