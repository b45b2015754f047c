"""Who is on lists: names of people, as they were uploaded.

A member is a name and no profile: whoever has the name now is on the list. So somebody who is not known yet is on it
from the moment on at which they appear, and a person with two profiles that become one is on what either was on.
"""

from datetime import datetime
from typing import Final, NewType

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.model.event import Subject
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile

# What a member is known by: the key of a subject (`identity:ann`), or a number as `phone:6591230000`.
ListKey = NewType("ListKey", str)

MEMBERS_LIMIT: Final = 10_000_000  # over all lists: some 100 bytes each in the store
PHONE_PREFIX: Final = "phone:"


class ListChange(msgspec.Struct, frozen=True, array_like=True):
    """A name that came to a list, or left it: kept until the starts that look at the list have followed it.

    `catalog_version` is that of the catalog by which it was kept: an older one may not know who has to follow it.
    """

    seq: int
    key: ListKey
    list_id: ListId
    is_added: bool
    at: datetime
    catalog_version: int

    @property
    def number(self) -> Msisdn | None:
        """The number that was named, None if it is another kind of name."""
        return number_of_key(self.key)

    @property
    def subject(self) -> Subject:
        """The subject that was named; meaningless for a number."""
        return subject_of_key(self.key)


def number_of_key(key: ListKey) -> Msisdn | None:
    """Return the number of a key, None if it is of another kind of name."""
    return Msisdn(key.removeprefix(PHONE_PREFIX)) if key.startswith(PHONE_PREFIX) else None


def subject_of_key(key: ListKey) -> Subject:
    """Return the subject of a key that is none of a number."""
    kind, _, value = key.partition(":")
    return msgspec.convert((kind, value), Subject)


def key_of_subject(subject: Subject) -> ListKey:
    """Return what lists know a subject by."""
    return ListKey(subject.key)


def key_of_number(number: Msisdn) -> ListKey:
    """Return what lists know a number by."""
    return ListKey(f"{PHONE_PREFIX}{number.digits}")


def keys_of(profile: Profile) -> tuple[ListKey, ...]:
    """Return everything that lists may know a person by."""
    keys = tuple(map(key_of_subject, profile.subjects))
    return keys if profile.phone is None else (*keys, key_of_number(profile.phone))
