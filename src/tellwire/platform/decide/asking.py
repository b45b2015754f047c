"""What has to be known before entries are decided: whom they name. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from tellwire.kernel.address import Msisdn
from tellwire.platform.decide.fold import phone_of
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.event import Entry, Event, LinkSubject, ProfileChange, SetValue, Subject
from tellwire.platform.model.profile import PHONE
from tellwire.platform.model.system_event import SENT
from tellwire.platform.model.value import fold


def is_heard(entry: Entry, catalog: CampaignSet) -> bool:
    """Say whether an entry is looked at: all are, but for a `Notification Sent` that no campaign listens to.

    It is not shown on the profile (CleverTap contract 6.8). `deliver.news` makes none that nobody hears; here are those
    whose campaign stopped listening meanwhile, and those of older stores.
    """
    return not (isinstance(entry, Event) and entry.name == SENT) or catalog.hears(SENT)


def subjects_of(entries: Iterable[Entry]) -> Sequence[Subject]:
    """Return every subject that these entries name, once."""
    found: dict[Subject, None] = {}
    for entry in entries:
        found[entry.subject] = None
        if isinstance(entry, ProfileChange):
            found.update((c.subject, None) for c in entry.changes if isinstance(c, LinkSubject))
    return list(found)


def numbers_of(entries: Iterable[Entry], default_region: str | None) -> Sequence[Msisdn]:
    """Return every phone number that these entries put into a profile, once."""
    found = (
        phone_of(change.value, default_region)
        for entry in entries
        if isinstance(entry, ProfileChange)
        for change in entry.changes
        if isinstance(change, SetValue) and fold(change.key) == _PHONE
    )
    return list({number: None for number in found if number is not None})


_PHONE: Final = fold(PHONE)
