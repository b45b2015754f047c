"""The account's answer to a keyword, as a message that no campaign made. Pure.

Whether it is sent is said where it is known what stood about the number before: `model.inbound.is_answered`.
"""

from datetime import datetime, timedelta
from typing import Final

from tellwire.kernel.sms import compose
from tellwire.platform.model.inbound import Inbound
from tellwire.platform.model.message import NO_CAMPAIGN, Message, MessageId, Pass
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.replies import Keyword, ReplyRules

OFFERED_FOR: Final = timedelta(
    hours=4
)  # a confirmation that comes the next day confuses more than it confirms

# The person asked for the answer, whatever the profile says; and a stop is confirmed after it holds.
_PASSES: Final[dict[Keyword, tuple[Pass, ...]]] = {
    "stop": ("consent", "suppression"),
    "start": ("consent",),
    "help": ("consent", "suppression"),
}


def answer_to(
    inbound: Inbound, rules: ReplyRules, provider: Provider, profile_id: ProfileId, now: datetime
) -> Message | None:
    """Return what answers a text by itself, None if nothing does; it goes by the way on which the text came."""
    text = "" if inbound.keyword is None else rules.answer_to(inbound.keyword)
    if inbound.keyword is None or not text or provider.archived_at is not None:
        return None
    composition = compose(text)
    return Message(
        id=MessageId(f"{inbound.event.id}-a"),
        occasion_id=OccasionId(inbound.event.id),
        campaign_id=NO_CAMPAIGN,
        profile_id=profile_id,
        subject=inbound.person,
        provider_id=provider.id,
        to=inbound.address,
        text=composition.text,
        encoding=composition.encoding,
        parts=len(composition.parts),
        give_up_at=now + OFFERED_FOR,
        created_at=now,
        passes=_PASSES[inbound.keyword],
    )
