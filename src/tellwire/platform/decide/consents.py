"""What a profile record changes of the flags by which people allow and forbid, as lines of the consent ledger. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tellwire.platform.decide.kept import kept
from tellwire.platform.model.consent import FLAGS, ConsentChange, ConsentRequest, ConsentSource, is_flag
from tellwire.platform.model.event import KeepToken, LinkSubject, ProfileChange
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.value import look_up

_NAMES: Final = tuple(FLAGS.values())


def touches_flags(record: ProfileChange) -> bool:
    """Say whether a record is about one of the flags at all: nearly none is."""
    return any(
        not isinstance(change, LinkSubject | KeepToken) and is_flag(change.key) for change in record.changes
    )


def flag_changes(
    record: ProfileChange, before: Profile, after: Profile, source: ConsentSource
) -> Iterator[ConsentChange]:
    """Yield a line for each flag that is otherwise in `after`."""
    at = min(record.occurred_at, record.received_at)
    for name in _NAMES:
        was, is_now = look_up(before.properties, name), look_up(after.properties, name)
        if was != is_now or type(was) is not type(is_now):
            yield ConsentChange(
                what=name,
                source=source,
                at=at,
                before=kept(was),
                after=kept(is_now),
                profile_id=after.id,
                request=request_of(record, after),
            )


def merged_flags(gone: Profile, before: Profile, after: Profile, at: datetime) -> Iterator[ConsentChange]:
    """Yield a line for each flag that a profile takes over from one that becomes part of it."""
    for name in _NAMES:
        was, is_now = look_up(before.properties, name), look_up(after.properties, name)
        if was != is_now:
            yield ConsentChange(
                what=name,
                source="profile",
                at=at,
                before=kept(was),
                after=kept(is_now),
                profile_id=after.id,
                request=ConsentRequest(
                    reason=f"taken over from the profile {gone.id}, which became part of this one"
                ),
            )


def request_of(record: ProfileChange, profile: Profile) -> ConsentRequest:
    """Return by what a record asked for a change of this profile."""
    return ConsentRequest(key=f"{profile.id}:{record.id}", subject=record.subject)
