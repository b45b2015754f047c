"""What the ledger knew when a batch was decided."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Contact, Enrollment, EnrollmentId
from tellwire.platform.model.event import Subject
from tellwire.platform.model.goal import GoalWatch
from tellwire.platform.model.list_member import ListChange, ListKey
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange
from tellwire.platform.model.run import Choosing, NumberOfRun, RunRecord, SweepPage
from tellwire.platform.model.trial import Trial, Tried


class Recall(msgspec.Struct, frozen=True, kw_only=True):
    """What decisions look at beyond people as they are: only what the campaigns in use ask for.

    `contacts_since` is from when on messages count for caps and gaps, None if there are none. `has_entries` says
    whether it matters how often somebody has entered. `day` is the account's, whose messages are counted. `trials` are
    the campaigns that have a split with a winner, into whose trials people may come.
    """

    contacts_since: datetime | None = None
    has_entries: bool = False
    day: date | None = None
    trials: frozenset[CampaignId] = frozenset()


NOTHING_RECALLED = Recall()


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision has to know: whose profiles, and what stands about which numbers.

    With `due_before` also the profiles and numbers of at most `due_limit` of those inside campaigns who are due before
    that moment, the first ones, and of at most `sweep_limit` people who are next in a sweep that is due. With `crowd`
    the facts are these alone: what rules look at of at most `sweep_limit` people, those who are to be looked at next
    for a run's audience. `lists` are those that rules look at; at most `list_limit` of the changes of lists are gone
    through that starts have to follow. `tallies` asks for what is counted of these people, if rules look at it.
    """

    subjects: Sequence[Subject] = ()
    numbers: Sequence[Address] = ()
    due_before: datetime | None = None
    due_limit: int = 1_000
    sweep_limit: int = 0
    crowd: Choosing | None = None
    recall: Recall = NOTHING_RECALLED
    lists: Sequence[ListId] = ()
    list_limit: int = 0
    tallies: bool = False


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """As of when facts are: a version changes whenever the fact does, and 0 is that of what is not there.

    What a subject names and the profile that it names are one fact. Only the store that gave a version reads it.
    `as_of` is how many changes of facts the store had seen: while it has seen no more, none of these has changed.
    """

    as_of: int = 0
    subjects: Mapping[Subject, int] = {}
    numbers: Mapping[Address, int] = {}


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The profile of each subject in the needs that has one, and what stands about numbers.

    The numbers are those in the needs and those of the profiles; absent are those that nobody ever suppressed.
    `versions` has every one of these subjects and numbers. A profile that only stands here because somebody is due
    is under the first of its names.

    `enrollments` are all of these profiles. Where more are due than are looked at in one go, those due at
    `due_until` or later may be missing. `woken` are those among them that were woken before they are due, for their
    campaign changed, and `is_waking` says whether there may be more such. `contacts`, `entries` and `sent_on` answer
    the recall. `page` are those who are next in a sweep, `runs` what the runs did that these people are in, and
    `watches` the goals that they may still reach. `tried` are those of them who are in trials, and `trials` those
    trials, others of the recall, and such as are due. `choosing` is a run that is due and whose audience does not
    stand yet. `unmet` are those of them whom a sweep without a run is still to
    meet.

    `listed` has the lists that rules look at on which each name of these people, or of the needs, is now.
    `list_changes` are changes of lists that starts have not followed yet, in their order: those of these people, and
    all up to `list_page`, which are to be gone through now.

    `tallies` has, by key of a question, the encoded cells of these people. `counted` are the questions that are counted
    for all that came, and `counting` those for which what came before they were asked is still to be counted.
    """

    profiles: Mapping[Subject, Profile] = {}
    suppressions: Mapping[Address, SuppressionChange] = {}
    versions: Versions = Versions()
    enrollments: Sequence[Enrollment] = ()
    due_until: datetime | None = None
    woken: frozenset[EnrollmentId] = frozenset()
    is_waking: bool = False
    contacts: Mapping[Address, Sequence[Contact]] = {}
    entries: Mapping[tuple[ProfileId, CampaignId], int] = {}
    sent_on: Mapping[CampaignId, int] = {}
    page: SweepPage | None = None
    choosing: Choosing | None = None
    runs: Sequence[RunRecord] = ()
    run_numbers: Sequence[NumberOfRun] = ()
    watches: Sequence[GoalWatch] = ()
    trials: Sequence[Trial] = ()
    tried: Sequence[Tried] = ()
    unmet: frozenset[tuple[CampaignId, ProfileId]] = frozenset()
    listed: Mapping[ListKey, frozenset[ListId]] = {}
    list_changes: Sequence[ListChange] = ()
    list_page: int = 0
    tallies: Mapping[ProfileId, Mapping[str, msgspec.Raw]] = {}
    counted: frozenset[str] = frozenset()
    counting: frozenset[str] = frozenset()

    @property
    def suppressed(self) -> frozenset[Address]:
        """Return the numbers that must not be written to."""
        return frozenset(number for number, last in self.suppressions.items() if last.is_suppressed)
