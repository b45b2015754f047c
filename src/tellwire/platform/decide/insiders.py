"""Who is inside which campaign. Pure.

Entries that are pending stand here too, and are not inside. The due ones come out in the order of time; of one
moment, campaigns in the order of `rank`, then those who entered first.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Enrollment, EnrollmentId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.ports.ledger import Moved

Turn: TypeAlias = tuple[datetime, int]  # whose turn comes first: by time, then by the rank of the campaign
_Due: TypeAlias = tuple[datetime, int, datetime, ProfileId, EnrollmentId]

_FIRST: Final = ProfileId("")


class Insiders:
    """The enrollments that a batch may meet, `stored` at first. `rank` orders campaigns that are due at one moment.

    `woken` are those stored that are looked at before they are due.
    """

    def __init__(
        self,
        rank: Callable[[CampaignId], int],
        stored: Iterable[Enrollment] = (),
        woken: Collection[EnrollmentId] = (),
    ) -> None:
        self._rank = rank
        self._stored = {one.id: one for one in stored}
        self._woken = woken
        self._parked: set[EnrollmentId] = set()
        self._by_id: dict[EnrollmentId, Enrollment] = {}
        self._of_profile: dict[ProfileId, dict[EnrollmentId, None]] = {}
        self._pending: dict[ProfileId, dict[EnrollmentId, None]] = {}
        self._due: list[_Due] = []
        for one in self._stored.values():
            self.put(one)

    def of(self, profile_id: ProfileId) -> Sequence[Enrollment]:
        """Return the enrollments of one profile, those that began first at the front."""
        return [self._by_id[one] for one in self._of_profile.get(profile_id, ())]

    def pending(self, profile_id: ProfileId) -> Sequence[Enrollment]:
        """Return the entries of one profile that are pending, those that were made first at the front."""
        return [self._by_id[one] for one in self._pending.get(profile_id, ())]

    def holds(self, identifier: EnrollmentId) -> bool:
        """Say whether somebody stands here by this enrollment."""
        return identifier in self._by_id

    def put(self, enrollment: Enrollment) -> None:
        """Keep where somebody stands from now on."""
        self._by_id[enrollment.id] = enrollment
        self._parked.discard(enrollment.id)
        places = self._pending if enrollment.is_pending else self._of_profile
        places.setdefault(enrollment.profile_id, {})[enrollment.id] = None
        rank = self._rank(enrollment.campaign_id)
        # Of one moment the pending go in the order in which their profiles came, the others by the occasion.
        order = enrollment.profile_id if enrollment.is_pending else _FIRST
        heapq.heappush(self._due, (enrollment.due_at, rank, enrollment.entered_at, order, enrollment.id))

    def remove(self, enrollment: Enrollment) -> None:
        """Forget an enrollment that ended, or an entry that is not pending any more."""
        del self._by_id[enrollment.id]
        places = self._pending if enrollment.is_pending else self._of_profile
        del places[enrollment.profile_id][enrollment.id]

    def park(self, enrollment: Enrollment) -> None:
        """Keep somebody whose moment has come where they are, for nobody moves in a campaign that is paused."""
        self._parked.add(enrollment.id)

    def moved(self) -> list[Moved]:
        """Return what is other than it was stored, in no order that matters."""
        gone = [Moved(before=one) for key, one in self._stored.items() if key not in self._by_id]
        return gone + [
            Moved(before=self._stored.get(key), after=one, is_parked=key in self._parked)
            for key, one in self._by_id.items()
            if key in self._parked or key in self._woken or self._stored.get(key) is not one
        ]

    def turn(self) -> Turn | None:
        """Return when the next enrollment is due, None if nobody waits."""
        while self._due:
            due_at, rank, _, _, identifier = self._due[0]
            enrollment = self._by_id.get(identifier)
            if enrollment is not None and enrollment.due_at == due_at:
                return due_at, rank
            heapq.heappop(self._due)  # it has ended, or moved on
        return None

    def next_due(self, before: datetime) -> Enrollment | None:
        """Take the first enrollment that is due before this moment, None if none is."""
        turn = self.turn()
        if turn is None or turn[0] >= before:
            return None
        return self._by_id[heapq.heappop(self._due)[-1]]
