"""`tokenData` of an uploaded device token becomes the token, or the refusal (CleverTap contract 4.2).

We send no push messages yet: tokens are kept on the profile for the channel that will.
"""

from datetime import datetime
from typing import Any, Final

import msgspec

from tellwire.platform.intake.clevertap import limits, refusal
from tellwire.platform.intake.clevertap.refusal import Refusal, of_token
from tellwire.platform.model.device_token import DEVICE_TOKEN_KINDS, DeviceToken, DeviceTokenKind, WebPushKeys

_BROWSER: Final = "chrome"
_VALUE_LIMIT: Final = 4096  # the longest we know, of web push, is below 600
_KEY_LIMIT: Final = 256  # RFC 8291: 65 and 16 bytes, 88 and 24 characters of base64

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def token_of(device: str, data: msgspec.Raw, at: datetime) -> DeviceToken | Refusal:
    """Return the token that `tokenData` tells of this device (its objectId), or why it cannot be taken."""
    try:
        token = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return of_token(refusal.TOKEN_DATA, f"tokenData has to be {limits.READABLE}.")
    if not token.get("id"):
        return of_token(refusal.TOKEN_ID_MISSING, "id is missing.")
    if not token.get("type"):
        return of_token(refusal.TOKEN_TYPE_MISSING, "type is missing.")
    kind = _kind(token["type"])
    if kind is None:
        return of_token(refusal.TOKEN_TYPE_UNFIT, "type has to be fcm, gcm, apns, wns, mpns or chrome.")
    return _token(device, kind, token, at)


def _token(device: str, kind: DeviceTokenKind, token: dict[str, Any], at: datetime) -> DeviceToken | Refusal:
    value = _text(token["id"], _VALUE_LIMIT)
    if value is None:
        return of_token(refusal.TOKEN_INVALID, "id is not valid.")
    keys = _keys(token.get("keys"))
    if kind == _BROWSER and keys is None:
        return of_token(refusal.TOKEN_INVALID, "keys of a browser need p256dh and auth.")
    return DeviceToken(device=device, kind=kind, value=value, keys=keys, at=at)


def _kind(value: Any) -> DeviceTokenKind | None:
    return DEVICE_TOKEN_KINDS.get(value.strip().casefold()) if isinstance(value, str) else None


def _keys(keys: Any) -> WebPushKeys | None:
    if not isinstance(keys, dict):
        return None
    p256dh, auth = (_text(keys.get(name), _KEY_LIMIT) for name in ("p256dh", "auth"))
    return WebPushKeys(p256dh, auth) if p256dh and auth else None


def _text(value: Any, limit: int) -> str | None:
    """Return a text that says something within the limit, or None."""
    return value.strip() or None if isinstance(value, str) and len(value) <= limit else None
