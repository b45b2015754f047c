"""The last look at a message before it goes: may it still be sent? Pure.

Consent, suppression and the campaign were asked when the message was decided. It may wait for hours since, behind a
slow pace or after a 503, and so they are asked again of what the claim read. A step that passes consent
passes it here too, and so does a message that no campaign made and that says so.
"""

from datetime import datetime
from typing import Final

from tellwire.platform.model.campaign import Campaign, step_of
from tellwire.platform.model.channel import UNKNOWN, Channel, channel_of
from tellwire.platform.model.message import DropCode, Dropped, Message
from tellwire.platform.model.permission import Permission

DROPS: Final[dict[DropCode, str]] = {
    "no_consent": "the profile opted out of text messages before it went",
    "suppressed": "the number was suppressed before it went",
    "sending_stopped": "all sending was paused, and what waited was dropped",
    "campaign_stopped": "its campaign was stopped before it went",
    "campaign_ended": "its campaign ended before it went",
}


def objection(
    message: Message,
    permission: Permission,
    campaign: Campaign | None,
    now: datetime,
    dropped_until: datetime | None = None,
) -> Dropped | None:
    """Return why the message may not go any more, or None; `campaign` and the account are as they are now.

    `dropped_until` is the account's: messages of whatever campaign that were made before it are not sent.
    """
    code = _objection(message, permission, campaign, now)
    if code is None and _is_dropped(message, dropped_until):
        code = "sending_stopped"
    return None if code is None else Dropped(message_id=message.id, code=code, reason=DROPS[code])


def _objection(
    message: Message, permission: Permission, campaign: Campaign | None, now: datetime
) -> DropCode | None:
    if permission.is_suppressed and "suppression" not in message.passes:
        return "suppressed"
    step = None if campaign is None else step_of(campaign, message.step)
    is_asked = "consent" not in (message.passes if step is None else step.passes)
    channel = channel_of(message.to)
    if channel is UNKNOWN or (is_asked and not _consents(channel, permission)):
        return "no_consent"
    if campaign is None:
        return None
    if _is_dropped(message, campaign.dropped_until):
        return "campaign_stopped"
    if campaign.ends_at is not None and now >= campaign.ends_at:
        return "campaign_ended"
    return None


def _is_dropped(message: Message, until: datetime | None) -> bool:
    return until is not None and message.created_at < until


def _consents(channel: Channel, permission: Permission) -> bool:
    """Say whether nobody whom the message is for says no; silence is what the channel takes it for."""
    if not permission.consents:
        return channel.consents_by_default
    return all(map(channel.is_consent, permission.consents))
