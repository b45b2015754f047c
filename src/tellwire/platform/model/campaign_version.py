"""A campaign's published versions, and the log of when it began to run and when it stopped. Pure."""

from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.platform.model.campaign import COURSE, Campaign, CampaignId, Course

# What a line of the log says. `published` is also each change of a running campaign: it acts with the next event.
Turn: TypeAlias = Literal["published", "paused", "stopped"]


class PublishedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as it was published: numbered from 1 within the campaign, and never changed."""

    number: int
    campaign: Campaign
    published_at: datetime
    published_by: str


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a campaign's log: from `at` on it ran as version `number`, or no longer ran.

    `by` is who did it, empty if nobody is known. `catalog_version` is the catalog's number that the change made:
    decisions name the catalog's number, and so find the version that they were made with. It is 0 for what was so
    before the log was kept; such a line says only that it was so since `at`, and a `number` of 0 is not kept.
    """

    campaign_id: CampaignId
    what: Turn
    at: datetime
    by: str
    number: int
    catalog_version: int


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment in the life of a campaign; of a decision, `catalog_version` is the catalog's number that it names."""

    campaign_id: CampaignId
    at: datetime
    catalog_version: int | None = None


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a campaign's log around a moment: the last one that was true by then, and the first one later."""

    before: LogEntry | None = None
    after: LogEntry | None = None

    @property
    def number(self) -> int | None:
        """The version that was live then; None if none was, or it is not known."""
        return self.before.number if self.before is not None and self.before.what == "published" else None

    @property
    def is_known(self) -> bool:
        """Whether the log says what was so then: it does not before its first line, unless that is the first ever."""
        if self.before is not None or self.after is None:
            return True
        return self.after.number == 1 and self.after.catalog_version > 0


def behaves_alike(one: Campaign, other: Campaign) -> bool:
    """Say whether two forms of a campaign answer every event in the same way; what people see of it may differ."""
    return _behaviour(one) == _behaviour(other)


_NEW: Final = Course()
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
NO_BEHAVIOUR: Final = {
    "name": "",
    "labels": (),
    "state": "running",
    "hashed_as": "",
    **{name: getattr(_NEW, name) for name in COURSE},
    "created_at": _NEVER,
    "updated_at": _NEVER,
}


def _behaviour(campaign: Campaign) -> Campaign:
    return msgspec.structs.replace(campaign, **NO_BEHAVIOUR)
