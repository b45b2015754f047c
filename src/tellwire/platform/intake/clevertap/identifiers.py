"""Who a record is about: `identity`, `objectId`, `FBID`, `GPID` become subjects (CleverTap contract 4.2)."""

import re
from typing import Any, Final, TypeAlias

from tellwire.platform.intake.clevertap import limits, refusal
from tellwire.platform.intake.clevertap.refusal import Refusal
from tellwire.platform.model.event import Subject, SubjectKind

IDENTIFIERS: Final[dict[str, SubjectKind]] = {"Identity": "identity", "FBID": "facebook", "GPID": "google"}
# Ids of web and mobile clients, custom ones included, are at most 64 visible characters.
_OBJECT_ID: Final = re.compile(r"[\x21-\x7e]{1,64}")
_USUAL_LENGTH: Final = 120

Subjects: TypeAlias = tuple[Subject, ...]


def subjects_of(identity: Any, object_id: Any, facebook_id: Any, google_id: Any) -> Subjects | Refusal:
    """Return every name that a record gives, once: whom it is about, then what that person is called besides.

    None and an empty text are no name. One that cannot be read refuses the record: a link would be lost silently.
    """
    if object_id is None and facebook_id is None and google_id is None and _is_usual(identity):
        return (Subject("identity", identity.strip()),)
    names = [
        _named("Identity", identity) if _is_given(identity) else None,
        (device_of(object_id) or OBJECT_ID_REFUSED) if _is_given(object_id) else None,
        _named("FBID", facebook_id) if _is_given(facebook_id) else None,
        _named("GPID", google_id) if _is_given(google_id) else None,
    ]
    subjects: dict[Subject, None] = {}
    for name in names:
        if isinstance(name, Refusal):
            return name
        if name is not None:
            subjects[name] = None
    return tuple(subjects) or no_identity("identity, objectId, FBID or GPID is missing.")


def subject_of(name: str, value: Any) -> Subject | None:
    """Return the subject that an identifier (`Identity`, `FBID`, `GPID`) names, or None."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < limits.INTEGER_LIMIT else ""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= limits.TEXT_LIMIT:
        return None
    return Subject(IDENTIFIERS[name], value.strip())


def device_of(object_id: Any) -> Subject | None:
    """Return the device that an `objectId` names, or None."""
    is_valid = isinstance(object_id, str) and _OBJECT_ID.fullmatch(object_id) is not None
    return Subject("device", object_id) if is_valid else None


def no_identity(why: str) -> Refusal:
    """Return the refusal of a record that does not say who it is about; `why` is a sentence."""
    return Refusal(refusal.IDENTITY_MISSING, f"Identity is missing. {why}")


OBJECT_ID_REFUSED: Final = Refusal(refusal.OBJECT_ID, "objectId is not valid.")


def _is_usual(identity: Any) -> bool:
    return type(identity) is str and 0 < len(identity) <= _USUAL_LENGTH and not identity.isspace()


def _is_given(value: Any) -> bool:
    return value is not None and value != ""


def _named(name: str, value: Any) -> Subject | Refusal:
    member = name.lower() if name == "Identity" else name
    return subject_of(name, value) or no_identity(f"{member} is not valid.")
