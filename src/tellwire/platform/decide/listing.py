"""Who is on which list during a batch, and which changes of lists starts have still to follow. Pure.

Rules of `who` and `choose` ask who is on a list now. Who joins an audience is worked out from how lists were when
starts last followed them: each change is followed once, so that a person who becomes known, or changes, while a
change waits joins once and not twice.

    uploaded ─→ on the list, for rules ─→ its turn, or an entry about the person ─→ followed: whoever joins by it enters
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from tellwire.platform.language.lists_named import lists_in, lists_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import IN_USE, Campaign
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.list_member import ListChange, ListKey, key_of_subject, keys_of
from tellwire.platform.model.people_list import ListId, by_folded_name
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.rule import Member
from tellwire.platform.model.start import OnMembership
from tellwire.platform.model.value import fold


class ListsInUse(NamedTuple):
    """The lists that campaigns in use look at, by folded name; `joined` has those whose changes starts follow."""

    ids: Mapping[str, ListId]
    joined: Mapping[ListId, tuple[Campaign, ...]]


NO_LISTS: Final = ListsInUse({}, {})


def lists_in_use(campaigns: Iterable[Campaign], account: Account) -> ListsInUse:
    """Return the lists that these campaigns look at, as far as they are in use."""
    if not account.lists:
        return NO_LISTS
    known = {name: one.id for name, one in by_folded_name(account.lists).items()}
    ids: dict[str, ListId] = {}
    joined: dict[ListId, tuple[Campaign, ...]] = {}
    for campaign in campaigns:
        if campaign.state not in IN_USE:
            continue
        names = {fold(name) for _, name in lists_of(campaign, account.audiences)} & known.keys()
        ids.update((name, known[name]) for name in names)
        for name in joined_by(campaign, account) & names:
            joined[known[name]] = (*joined.get(known[name], ()), campaign)
    return ListsInUse(ids, joined)


def joined_by(campaign: Campaign, account: Account) -> set[str]:
    """Return the folded names of the lists by whose changes somebody may enter a campaign."""
    if not isinstance(campaign.start, OnMembership):
        return set()
    rule = Member(campaign.start.audience)
    return {fold(name) for _, name in lists_in(rule, "", account.audiences)}


class Lists:
    """The lists of one batch: as they are now, and as far as starts have followed them."""

    def __init__(self, lists: ListsInUse, catalog_version: int, facts: Facts) -> None:
        self._ids = lists.ids
        self._version = catalog_version
        self._now = dict(facts.listed)
        self._waiting: dict[int, ListChange] = {one.seq: one for one in facts.list_changes}
        self._page = facts.list_page
        self._by_key: dict[ListKey, list[int]] = {}
        self._before: dict[tuple[ListKey, ListId], bool] = {}  # what differs as starts have followed it
        for one in facts.list_changes:
            self._by_key.setdefault(one.key, []).append(one.seq)
            self._before.setdefault((one.key, one.list_id), not one.is_added)
        self.followed: list[int] = []

    @property
    def is_behind(self) -> bool:
        """Whether starts have not followed every change that is known here."""
        return bool(self._waiting)

    def learn(self, facts: Facts) -> None:
        """Know these people's lists too."""
        self._now.update(facts.listed)

    def has(self, profile: Profile, name: str) -> bool:
        """Say whether a person is on the list of this name now."""
        list_id = self._ids.get(fold(name))
        return list_id is not None and any(list_id in self._now.get(key, _NONE) for key in keys_of(profile))

    def had(self, profile: Profile, name: str) -> bool:
        """Say whether a person is on the list of this name as far as starts have followed it."""
        list_id = self._ids.get(fold(name))
        return list_id is not None and any(self._had(key, list_id) for key in keys_of(profile))

    def _had(self, key: ListKey, list_id: ListId) -> bool:
        before = self._before.get((key, list_id))
        return list_id in self._now.get(key, _NONE) if before is None else before

    def page(self, until: datetime) -> Iterator[ListChange]:
        """Yield the changes up to a moment whose turn it is, in their order, that starts have not followed."""
        return self._these((seq for seq in self._waiting if seq <= self._page), until)

    def about(self, subjects: Collection[Subject], until: datetime) -> Iterator[ListChange]:
        """Yield the changes of these subjects up to a moment, in their order, that starts have not followed."""
        seqs = (seq for subject in subjects for seq in self._by_key.get(key_of_subject(subject), ()))
        return self._these(seqs, until)

    def _these(self, seqs: Iterable[int], until: datetime) -> Iterator[ListChange]:
        for seq in sorted(seqs):
            change = self._waiting.get(seq)
            if change is not None and change.at <= until and change.catalog_version <= self._version:
                yield change

    def follow(self, change: ListChange) -> None:
        """Note that starts have followed a change."""
        del self._waiting[change.seq]
        self._before[change.key, change.list_id] = change.is_added
        self.followed.append(change.seq)


_NONE: Final[frozenset[ListId]] = frozenset()
