"""Keeps profiles as a batch of the stream changes them, one entry after the other (CleverTap contract 4.4).

Who is who: one subject is one profile. A profile without an identity is anonymous, and becomes part of the
profile that a record links it with. Two profiles that both have an identity are never merged: the device moves to
the last one that used it, and what was known about the earlier stays there (contract 7 has the complaints that
merging them leads to).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.platform.decide.consents import flag_changes, merged_flags, request_of, touches_flags
from tellwire.platform.decide.device_tokens import joined
from tellwire.platform.decide.property_change import Written, changed, united
from tellwire.platform.model.address import Address
from tellwire.platform.model.consent import NO_REQUEST, ConsentChange, ConsentRequest, ConsentSource
from tellwire.platform.model.device_token import DeviceToken
from tellwire.platform.model.event import EventId, KeepToken, LinkSubject, ProfileChange, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import (
    NOES,
    PHONE,
    SUPPRESS_PHONE,
    DroppedChange,
    Hindrance,
    Profile,
    ProfileId,
    PropertyTimes,
    SuppressionChange,
    says_no,
    takes_effect,
)
from tellwire.platform.model.value import Properties, Value, look_up

SUBJECTS_LIMIT: Final = 100  # names of one profile; beyond it the oldest that is no identity goes


class People:
    """The profiles of one batch: as the ledger knew them at first, then as the entries leave them."""

    def __init__(
        self, facts: Facts, new_ids: Iterator[ProfileId], now: datetime, default_region: str | None = None
    ) -> None:
        self._ids = {subject: profile.id for subject, profile in facts.profiles.items()}
        self._profiles = {profile.id: profile for profile in facts.profiles.values()}
        self._standing = dict(facts.suppressions)
        self._new_ids = new_ids
        self.now = now
        self._default_region = default_region
        self._dirty: dict[ProfileId, None] = {}
        self._fresh: dict[ProfileId, Profile | None] = {}
        self.suppressions: list[SuppressionChange] = []
        self.consents: list[ConsentChange] = []  # of flags, for the ledger
        self.dropped: list[DroppedChange] = []
        self.merged: list[tuple[Profile, Profile]] = []  # who became part of whom

    def profile_of(self, subject: Subject) -> Profile:
        """Return the profile that this subject names, a new one if it names none yet."""
        return self.named(subject) or self._create(subject)

    def is_suppressed(self, address: Address) -> bool:
        """Say whether the address must not be written to, as of the last entry applied."""
        standing = self._standing.get(address)
        return standing is not None and standing.is_suppressed

    def known(self, profile_id: ProfileId) -> Profile | None:
        """Return the profile of this id, None if it is not there any more."""
        return self._profiles.get(profile_id)

    def named(self, subject: Subject) -> Profile | None:
        """Return the profile that this subject names, None if it names none yet."""
        found = self._ids.get(subject)
        return None if found is None else self._profiles[found]

    def learn(self, facts: Facts) -> None:
        """Know these people and numbers too, from before the batch; who is known already stays as they are."""
        for subject, profile in facts.profiles.items():
            if profile.id not in self._profiles:
                self._profiles[profile.id] = profile
                self._ids.update(
                    (name, profile.id) for name in (subject, *profile.subjects) if name not in self._ids
                )
        for address, standing in facts.suppressions.items():
            self._standing.setdefault(address, standing)

    def apply(self, record: ProfileChange) -> None:
        """Apply a profile record: first who it is about, then its properties and device tokens."""
        profile = self.profile_of(record.subject)
        for link in record.changes:
            if isinstance(link, LinkSubject):
                profile = self._link(profile, record.subject, link.subject)
        self.change(profile, record)

    def change(self, profile: Profile, change: ProfileChange, source: ConsentSource = "profile") -> Profile:
        """Apply the properties and device tokens of a record to this profile, and return it as it is then."""
        at = min(change.occurred_at, change.received_at)
        before = _written(profile)
        note_dropped = partial(self._note_dropped, change.id)
        after = changed(before, change.changes, int(at.timestamp()), note_dropped)
        fresh = [kept.token for kept in change.changes if isinstance(kept, KeepToken)]
        tokens = joined(profile.tokens, fresh, profile.subjects)
        if after.properties == profile.properties and tokens == profile.tokens:
            if after.times != before.times:  # it was said again, and later
                return self._keep(profile, times=after.times, updated_at=profile.updated_at)
            return profile
        phone = self._phone(profile, after.properties)
        kept = self._keep(profile, properties=after.properties, times=after.times, phone=phone, tokens=tokens)
        if touches_flags(change):
            self.consents += flag_changes(change, profile, kept, source)
        self._suppress(profile, kept, at, request_of(change, kept))
        return kept

    def changed(self) -> tuple[Profile, ...]:
        """Return the profiles that are new or other than the ledger knew them."""
        return tuple(self._profiles[identifier] for identifier in self._dirty)

    def is_new(self, profile_id: ProfileId) -> bool:
        """Say whether a profile is new since it was last asked who is."""
        return profile_id in self._fresh and self._fresh[profile_id] is None

    def take_fresh(self) -> Mapping[ProfileId, Profile | None]:
        """Return who is new (None) or other than when this was last asked, each as they were then."""
        fresh, self._fresh = self._fresh, {}
        return fresh

    def everybody(self) -> Sequence[Profile]:
        """Return all profiles that are somebody's, in the order in which they came."""
        return [profile for profile in self._profiles.values() if profile.subjects]

    def _create(self, subject: Subject) -> Profile:
        profile = Profile(
            id=next(self._new_ids), subjects=(subject,), created_at=self.now, updated_at=self.now
        )
        self._ids[subject] = profile.id
        self._profiles[profile.id] = profile
        self._dirty[profile.id] = None
        self._fresh[profile.id] = None
        return profile

    def _keep(self, profile: Profile, **fields: object) -> Profile:
        kept = msgspec.structs.replace(profile, **{"updated_at": self.now, **fields})
        self._profiles[kept.id] = kept
        self._dirty[kept.id] = None
        self._fresh.setdefault(kept.id, profile)
        return kept

    def _link(self, profile: Profile, speaker: Subject, subject: Subject) -> Profile:
        """Make `subject` name the same person as `profile`, and return whose profile the record is now about."""
        owner_id = self._ids.get(subject)
        if owner_id == profile.id:
            return profile
        owner = None if owner_id is None else self._profiles[owner_id]
        if subject.kind == "identity" and not _is_anonymous(profile):
            return self._hand_over(profile, speaker, owner or self._create(subject))
        if owner is None:
            return self._name(profile, subject)
        if _is_anonymous(owner):
            return self._merge(owner, profile)
        if _is_anonymous(profile):
            return self._merge(profile, owner)
        return self._move(subject, owner, profile)

    def _hand_over(self, profile: Profile, speaker: Subject, other: Profile) -> Profile:
        """Two identities meet: on one device, it becomes the other's; in one record, they stay two people."""
        return profile if speaker.kind == "identity" else self._move(speaker, profile, other)

    def _name(self, profile: Profile, *subjects: Subject, tokens: tuple[DeviceToken, ...] = ()) -> Profile:
        """Add to `profile` these names, and the tokens of the devices among them."""
        names = list(dict.fromkeys([*profile.subjects, *subjects]))
        while len(names) > SUBJECTS_LIMIT:
            names.remove(next(name for name in names if name.kind != "identity"))
        for subject in subjects:
            self._ids[subject] = profile.id
        return self._keep(profile, subjects=tuple(names), tokens=joined(profile.tokens, tokens, names))

    def _move(self, subject: Subject, giver: Profile, taker: Profile) -> Profile:
        kept = tuple(name for name in giver.subjects if name != subject)
        self._keep(giver, subjects=kept, tokens=joined(giver.tokens, (), kept))
        return self._name(taker, subject, tokens=joined(giver.tokens, (), (subject,)))

    def _merge(self, anonymous: Profile, known: Profile) -> Profile:
        """Add to `known` what `anonymous` was called and had; where both have a property, the known one's stays.

        A no of either stays. The anonymous one is left without names, number, tokens and properties: it can be found
        by nobody any more.
        """
        written = united(_written(anonymous), _written(known))
        self._keep(anonymous, subjects=(), properties={}, times=PropertyTimes(), phone=None, tokens=())
        merged = self._name(known, *anonymous.subjects, tokens=anonymous.tokens)
        kept = self._keep(
            merged,
            properties=written.properties,
            times=written.times,
            phone=self._phone(merged, written.properties),
        )
        self.consents += merged_flags(anonymous, known, kept, self.now)
        self._suppress(known, kept, self.now, NO_REQUEST)
        self.merged.append((anonymous, kept))
        return kept

    def _phone(self, profile: Profile, properties: Properties) -> Msisdn | None:
        """Return the number of these properties, parsed only if it is another one than before."""
        written = look_up(properties, PHONE)
        if written == look_up(profile.properties, PHONE):
            return profile.phone
        return phone_of(written, self._default_region)

    def _suppress(self, before: Profile, after: Profile, at: datetime, request: ConsentRequest) -> None:
        """Follow `MSG-dndPhone`, which is about the number, whoever's profile it stands in.

        Turning true suppresses the number, and so does a new number where it is true. Only a profile that said so
        takes it back: one that merely says false cannot undo what the person asked for elsewhere.
        """
        if after.phone is None:
            return
        was_asked = says_no(before.properties, SUPPRESS_PHONE)
        is_asked = says_no(after.properties, SUPPRESS_PHONE)
        if is_asked and not (was_asked and before.phone == after.phone):
            self._note(after.phone, at, request, is_suppressed=True)
        elif was_asked and not is_asked:
            self._note(after.phone, at, request, is_suppressed=False)

    def _note_dropped(self, record: EventId, key: str, hindrance: Hindrance) -> None:
        self.dropped.append(DroppedChange(record, key, hindrance))

    def _note(self, msisdn: Msisdn, at: datetime, request: ConsentRequest, *, is_suppressed: bool) -> None:
        change = SuppressionChange(
            address=msisdn, is_suppressed=is_suppressed, source="profile", at=at, request=request
        )
        if takes_effect(change, self._standing.get(msisdn)):
            self._standing[msisdn] = change
            self.suppressions.append(change)


def phone_of(value: Value, default_region: str | None) -> Msisdn | None:
    """Return the number that a `Phone` property means: text, or digits as a JSON number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return parse_msisdn(str(value), default_region)


_NO_TIMES: Final = PropertyTimes()


def _written(profile: Profile) -> Written:
    """Return the properties, and since when they hold; of a no without a time, that it does since the last change.

    Profiles of before there were times have none; a record of before must not undo what they ask for.
    """
    if profile.times != _NO_TIMES:
        return Written(profile.properties, profile.times)
    last_s = int(profile.updated_at.timestamp())
    noes = {name: last_s for name in NOES if says_no(profile.properties, name)}
    return Written(profile.properties, PropertyTimes(0, noes))


def _is_anonymous(profile: Profile) -> bool:
    return all(subject.kind != "identity" for subject in profile.subjects)
