"""Which device tokens a profile has, as its devices come, go and tell new ones (CleverTap contract 4.2)."""

from collections.abc import Iterable
from typing import Final

from tellwire.platform.model.device_token import DeviceToken
from tellwire.platform.model.event import Subject

TOKENS_LIMIT: Final = 20  # of one profile; beyond it the oldest goes, for few people carry more devices


def joined(
    known: tuple[DeviceToken, ...], fresh: Iterable[DeviceToken], subjects: Iterable[Subject]
) -> tuple[DeviceToken, ...]:
    """Return the tokens of a profile after the fresh ones, in order; `subjects` are its names.

    A token replaces the one of its device, and the same one of another device: that app was installed anew.
    Tokens of devices that are not among the names are nobody's here.
    """
    tokens = list(known)
    for new in fresh:
        tokens = [token for token in tokens if token.device != new.device and token.value != new.value]
        tokens.append(new)
    if not tokens:  # nearly always
        return ()
    devices = {subject.value for subject in subjects if subject.kind == "device"}
    return tuple(token for token in tokens if token.device in devices)[-TOKENS_LIMIT:]
