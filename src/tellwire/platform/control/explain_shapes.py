"""What `/api/explain` answers: the person, the event, the campaign's start, and each campaign's answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from tellwire.kernel.status import Standing
from tellwire.platform.control.consent_views import ConsentView
from tellwire.platform.control.shapes import (
    EventView,
    GateView,
    ProfileView,
    RefusedRecordView,
    SubjectView,
)
from tellwire.platform.control.stay_words import StayView
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.profile import ProfileId


class ExplainedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's answer to the event; `none` when it gave none, with the reason.

    A campaign of several steps answers several times: at each message, where the person waits now, or how they left.
    `outcome` is what became of its message, if it made one that is still known. `published_version` is the version
    that was live then, null if none was or it is not known. `at` is when it was decided, or the person left.
    """

    id: CampaignId
    name: str
    verdict: Literal["send", "skip", "hold", "waits", "left", "none"]
    step: str = ""
    message_id: MessageId | None = None
    code: str = ""
    reason: str = ""
    trace: Sequence[GateView] = ()
    outcome: "MessageOutcome | None" = None
    published_version: int | None = None
    at: datetime | None = None


class StartLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is known about how a campaign starts for a person.

    `code` is stable. `as_of` says whether it is so `now`, was so `then`, at the moment that it speaks of, or is a
    `rule` of the campaign. `at` is that moment, null if it speaks of none.
    """

    code: str
    text: str
    as_of: Literal["now", "then", "rule"] = "now"
    at: datetime | None = None


class MessageOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message that a campaign sent: where it stands, the error if there is one, and what to do."""

    standing: Standing
    error_code: str
    description: str
    answer: str
    advice: str


class ExplainedProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Another profile that the same phone number stands in."""

    id: ProfileId
    subjects: Sequence[SubjectView]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the person, the event and each campaign; `note` is the whole in a sentence or two.

    `start` is how a campaign that was asked about starts for the person, whether or not they ever entered it.
    `stays` are where the person is in campaigns now, whatever brought them there. `refused` are the last records of
    the person that uploads brought and that were not taken, newest first. `consent` are the last lines of the consent
    ledger about the person, newest first.
    """

    note: str
    start: Sequence[StartLine] = ()
    profile: ProfileView | None = None
    stays: Sequence[StayView] = ()
    event: EventView | None = None
    campaigns: Sequence[ExplainedCampaign] = ()
    others: Sequence[ExplainedProfile] = ()
    refused: Sequence[RefusedRecordView] = ()
    consent: Sequence[ConsentView] = ()
