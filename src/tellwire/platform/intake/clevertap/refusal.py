"""Why a record of an upload is refused: codes and texts of CleverTap contract 4.2.

Texts of 515 to 520, 525 and the ending are as recorded, spelling included; the others are ours, in the same form.
"""

from typing import Final

import msgspec

EVENT_NAME_MISSING: Final = 509
EVENT_STRUCTURE: Final = 512
EVENT_NAME_RESERVED: Final = 513
GENDER: Final = 514
EMAIL: Final = 515
PHONE: Final = 516
EMPLOYED: Final = 517
EDUCATION: Final = 518
MARRIED: Final = 519
AGE: Final = 520
TOO_MANY_PROPERTIES: Final = 522
IDENTITY_MISSING: Final = 523
NEITHER_EVENT_NOR_PROFILE: Final = 524
TIMESTAMP: Final = 525
OBJECT_ID: Final = 526
EVENT_DISCARDED: Final = 528
TOKEN_OBJECT_ID: Final = 530
TOKEN_DATA: Final = 531
TOKEN_ID_MISSING: Final = 532
TOKEN_TYPE_MISSING: Final = 533
TOKEN_TYPE_UNFIT: Final = 534
TOKEN_INVALID: Final = 535
MISCELLANEOUS: Final = 555


class Refusal(msgspec.Struct, frozen=True):
    """A code and a sentence, not yet tied to a record."""

    code: int
    text: str


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """One refused record: its number in the upload from 1, why, and itself as it came."""

    number: int
    code: int
    error: str
    record: msgspec.Raw


TYPE_REFUSED: Final = Refusal(NEITHER_EVENT_NOR_PROFILE, "Type has to be event, profile or token.")
TIMESTAMP_REFUSED: Final = Refusal(TIMESTAMP, "Timestamp should be present in the Unix Epoch format.")


def rejected(refusal: Refusal, number: int, record: msgspec.Raw) -> Rejected:
    """Tie a refusal to its record, with the ending that clients know."""
    # Recorded without a space before "Skipped" for profiles, and with one for the time stamp.
    gap = " " if refusal.code == TIMESTAMP else ""
    error = f"{refusal.text}{gap}Skipped record number : {number}"
    return Rejected(number=number, code=refusal.code, error=error, record=record)


def of_event(code: int, why: str) -> Refusal:
    """Return the refusal of an event; `why` is a sentence."""
    return Refusal(code, f"Event data is incorrect. {why}")


def of_profile(code: int, why: str) -> Refusal:
    """Return the refusal of a profile; `why` is a sentence."""
    return Refusal(code, f"Profile data is incorrect. {why}")


def of_token(code: int, why: str) -> Refusal:
    """Return the refusal of a device token; `why` is a sentence."""
    return Refusal(code, f"Token data is incorrect. {why}")
