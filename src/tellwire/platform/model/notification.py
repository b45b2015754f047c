"""What the events are called that we raise ourselves about a message: `model.system_event` makes them."""

from typing import Final

SENT: Final = "Notification Sent"
DELIVERED: Final = "Notification Delivered"
FAILED: Final = "Notification Failed"
CLICKED: Final = "Notification Clicked"
REPLIED: Final = "Notification Replied"
REPLY_SENT: Final = "Reply Sent"
