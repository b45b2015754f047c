"""Chains: a message makes events of ours, which may make messages, and so on. How long one is and what caused it.

`Event.depth`, `Event.cause` and `Message.depth` hold it. Earlier releases wrote the depth at the end of an event's
id ("c2") and the cause as a property: what they stored is read from there.
"""

from typing import Final

from tellwire.kernel.ids import ID_LENGTH
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Event
from tellwire.platform.model.message import Message, MessageContext
from tellwire.platform.model.value import Properties, look_up

# A campaign on `Notification Sent` makes a message, which makes that event again. News that no person had a
# hand in triggers at most this many messages in a row, so that no such ring sends for ever.
CHAIN_LIMIT: Final = 3
CAMPAIGN_ID: Final = "Campaign ID"  # the property of our own events


def depth_of(event: Event) -> int:
    """Return how many events of ours in a row led to this one, itself among them; 0 for an app's or a person's."""
    return event.depth or _depth_in(event.id)


def depth_behind(message: Message | MessageContext) -> int:
    """Return the depth of the event that a message answers."""
    return message.depth or _depth_in(message.occasion_id)


def cause_of(event: Event, properties: Properties) -> CampaignId | None:
    """Return the campaign whose message caused the event; `properties` are the event's, decoded."""
    if event.source != "receipt" or event.cause is not None:
        return event.cause
    written = look_up(properties, CAMPAIGN_ID)
    return CampaignId(written) if isinstance(written, int) else None


def _depth_in(identifier: str) -> int:
    """Return the depth that an id of an earlier release ends with; ids of today have none."""
    _, _, depth = identifier.rpartition("c") if len(identifier) > ID_LENGTH else ("", "", "")
    return int(depth) if depth.isdecimal() else 0
