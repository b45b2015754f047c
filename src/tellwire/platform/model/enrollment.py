"""One person inside one campaign: stored while the person waits, and at no other time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, NewType

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.chain import depth_of
from tellwire.platform.model.event import CALLED, NO_PROPERTIES, Called, Event, Subject
from tellwire.platform.model.occasion import OccasionId, occasion_of
from tellwire.platform.model.profile import ProfileId

EnrollmentId = NewType("EnrollmentId", str)

EndReason = Literal[
    "finished", "stopped", "answered", "stop_step", "restarted", "merged", "erased", "ended", "missed"
]
# How an enrollment ends.
END_REASONS: Final[Mapping[EndReason, str]] = {
    "finished": "The last step was done.",
    "stopped": "The event came at which the campaign stops.",
    "answered": "An event without steps came during a wait.",
    "stop_step": "A stop step was reached.",
    "restarted": "The person entered anew.",
    "merged": "The profile became part of another one that is inside too.",
    "erased": "The profile was erased.",
    "ended": "The campaign ended.",
    "missed": "A date to wait for was gone.",
}


class Entrance(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The occasion by which a person entered: what `Event.*` stands for in the texts of the whole enrollment.

    `name` is the event's, `CALLED` for a call, and empty where it was neither. `occurred_at` says from when on another
    event may stop or answer.
    `depth` is that of `model.chain`. `run` tells the runs of one schedule apart, empty for all other starts. `call` is
    the name of the call by which the person entered, empty for all other starts: its values are the `properties`, which
    texts know as `ExternalTrigger`. `text` is what its message says instead of the campaign's words.
    """

    occasion_id: OccasionId
    subject: Subject
    name: str
    occurred_at: datetime
    received_at: datetime
    properties: msgspec.Raw = NO_PROPERTIES
    depth: int = 0
    run: str = ""
    call: str = ""
    text: str = ""


def entrance_of(event: Event) -> Entrance:
    """Return the entrance by an event."""
    return Entrance(
        occasion_id=occasion_of(event),
        subject=event.subject,
        name=event.name,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        properties=event.properties,
        depth=depth_of(event),
    )


def entrance_by_call(called: Called, name: str) -> Entrance:
    """Return the entrance by a call of this name."""
    return Entrance(
        occasion_id=OccasionId(called.id),
        subject=called.subject,
        name=CALLED,
        occurred_at=called.received_at,
        received_at=called.received_at,
        properties=called.values,
        call=name,
        text=called.text,
    )


class Enrollment(msgspec.Struct, frozen=True, kw_only=True):
    """Where one person stands in a campaign.

    `key` tells enrollments of one person apart, empty without the campaign's `key`. `step` is the id of the step at
    which the person waits since `since`, until `due_at`. `rounds` has, by id of each repeat around it, which visit it
    is, from 0. `hold` is the code of the gate that said not yet, empty at a wait. `version` is the campaign's published
    version that is walked. `turn_at` is the turn of somebody who was overdue when the campaign went on and is spread
    over a time: whatever else is worked out anew, they do not go on from this step before.

    With an empty `step` nobody has entered yet: it is a pending entry, at whose `due_at` the gates are asked.
    """

    id: EnrollmentId
    campaign_id: CampaignId
    profile_id: ProfileId
    key: str = ""
    entrance: Entrance
    entered_at: datetime
    step: str
    since: datetime
    due_at: datetime
    rounds: Mapping[str, int] = {}
    hold: str = ""
    version: int = 0
    skips_overdue: bool = False
    turn_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        """Whether nobody has entered yet."""
        return not self.step


def enrollment_id(occasion_id: OccasionId, campaign_id: CampaignId) -> EnrollmentId:
    """Return the id of what one occasion began in one campaign: the beginning of the ids of all its messages."""
    return EnrollmentId(f"{occasion_id}-{campaign_id}")


class Contact(msgspec.Struct, frozen=True, array_like=True):
    """That a campaign decided to write to a person: what caps and gaps look at."""

    campaign_id: CampaignId
    at: datetime


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """An enrollment that ended, at a step, and why; `detail` is a stop step's own reason."""

    enrollment: Enrollment
    reason: EndReason
    step: str
    at: datetime
    detail: str = ""
