"""What was decided on one occasion for one campaign, and every gate on the way with the value it saw."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import Message, MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId

# In the order they are asked; the first that fails ends the decision. An event that fails the first starts nothing
# and leaves no decision: it is in no trace but those of releases that kept it there, and in what explain works out.
GateName = Literal[
    "event_conditions",
    "schedule",
    "triggering_window",
    "profile_conditions",
    "reachability",
    "consent",
    "suppression",
    "provider",
    "content",
]


class GateResult(msgspec.Struct, frozen=True, array_like=True):
    """One check: its name, whether it let the message pass, what it saw and what it asked for, for people.

    Numbers in `saw` are masked; texts of messages do not appear.
    """

    gate: GateName
    has_passed: bool
    saw: str
    wanted: str = ""


class Send(msgspec.Struct, frozen=True, tag="send"):
    """Every gate passed: this message goes out."""

    message: Message


class Skip(msgspec.Struct, frozen=True, tag="skip"):
    """A gate said no. `code` is a short stable word, `reason` a sentence for people."""

    code: str
    reason: str


Verdict: TypeAlias = Send | Skip


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's answer to one occasion. `campaign_version` is the catalog's version it was made with."""

    occasion_id: OccasionId
    event_name: str
    campaign_id: CampaignId
    campaign_version: int
    profile_id: ProfileId
    subject: Subject
    decided_at: datetime
    trace: tuple[GateResult, ...]
    verdict: Verdict


class DecisionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as the ledger keeps it: the message by its id."""

    occasion_id: OccasionId = msgspec.field(name="event_id")
    event_name: str
    campaign_id: CampaignId
    campaign_name: str
    campaign_version: int
    profile_id: ProfileId
    decided_at: datetime
    trace: tuple[GateResult, ...]
    message_id: MessageId | None = None
    code: str = ""
    reason: str = ""
