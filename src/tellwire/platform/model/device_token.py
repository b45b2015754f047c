"""By which a push message reaches an app or a browser on one device (CleverTap contract 4.2, 4.5)."""

from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

import msgspec

DeviceTokenKind: TypeAlias = Literal["fcm", "gcm", "apns", "wns", "mpns", "chrome"]
DEVICE_TOKEN_KINDS: Final[dict[str, DeviceTokenKind]] = {kind: kind for kind in get_args(DeviceTokenKind)}


class WebPushKeys(msgspec.Struct, frozen=True, array_like=True):
    """What a message to a browser is encrypted with (RFC 8291), as base64 text."""

    p256dh: str
    auth: str

    def __repr__(self) -> str:
        """Show no key."""
        return "WebPushKeys(***)"


class DeviceToken(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The token `value` that the push service `kind` gave to the device `device` (its objectId); it came at `at`.

    Who holds the value can be written to by whoever holds the service's credentials: no `repr` shows it.
    """

    device: str
    kind: DeviceTokenKind
    value: str
    keys: WebPushKeys | None = None
    at: datetime

    def __repr__(self) -> str:
        """Show which device it is for, and not what it is."""
        return f"DeviceToken({self.kind} of {self.device})"
