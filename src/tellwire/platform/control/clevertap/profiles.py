"""What the bodies of CleverTap's addresses for profiles name, and a profile in its form (contract 4.5). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tellwire.platform.control.clevertap.words import Words
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.value import look_up
from tellwire.platform.ports.people import EventCount

PEOPLE_LIMIT: Final = 100  # of one deletion (contract 4.5)
NUMBERS_LIMIT: Final = 1_000  # of one body
NAME_LIMIT: Final = 1_024


def read_deletion(body: Words) -> list[Subject]:
    """Return whom a deletion names: `identity` or `guid`, one or a list. Raises a `Problem`."""
    names = [
        *(Subject("identity", one) for one in _names(body, "identity")),
        *(Subject("device", one) for one in _names(body, "guid")),
    ]
    body.end()
    if not names:
        raise body.refused("identity", "Name who is to be deleted: identity or guid.")
    return names


def read_demerge(body: Words) -> list[Subject]:
    """Return the identities that are to be people of their own. Raises a `Problem`."""
    names = [Subject("identity", one) for one in _names(body, "identities")]
    body.end()
    if not names:
        raise body.refused("identities", "Name the identities.")
    return names


def read_disassociation(body: Words) -> list[str]:
    """Return the numbers that nobody is to hold any more. Raises a `Problem`."""
    numbers = []
    for one in body.objects("d", NUMBERS_LIMIT):
        if (one.text("type", NAME_LIMIT) or "").lower() != "phone":
            raise one.refused("type", "Only phone can be disassociated.")
        numbers.append(one.demand("value", NAME_LIMIT))
        one.end()
    body.end()
    if not numbers:
        raise body.refused("d", "Name the numbers.")
    return numbers


def read_question(query: Mapping[str, str]) -> tuple[str, str]:
    """Return by what a profile is asked for, `identity`, `email` or `objectId`, and its value. Raises a `Problem`."""
    words = Words(query)
    for name in ("identity", "email", "objectId"):
        value = words.text(name, NAME_LIMIT)
        if value is not None:
            return name, value
    raise words.refused("identity", "Name a profile: identity, email or objectId.")


def record_of(profile: Profile, events: Sequence[EventCount]) -> dict[str, Any]:
    """Return a profile as `/1/profile.json` shows it."""
    identity = next((one.value for one in profile.subjects if one.kind == "identity"), "")
    record: dict[str, Any] = {
        "identity": identity,
        "profileData": {name: value for name, value in profile.properties.items() if name not in _APART},
        "events": {
            one.name: {"count": one.count, "first_seen": one.first_s, "last_seen": one.last_s}
            for one in events
        },
        "platformInfo": [
            *(
                {
                    "platform": _PLATFORMS.get(token.kind, "Web"),
                    "push_token": token.value,
                    "objectId": token.device,
                }
                for token in profile.tokens
            ),
            *(
                {"objectId": one.value}
                for one in profile.subjects
                if one.kind == "device" and all(token.device != one.value for token in profile.tokens)
            ),
        ],
    }
    for word, name in (("name", "Name"), ("email", "Email")):
        if (value := look_up(profile.properties, name)) is not None:
            record[word] = value
    if profile.phone is not None:
        record["phone"] = profile.phone.e164
    return record


_APART: Final = frozenset({"Name", "Email", "Phone"})
_PLATFORMS: Final[Mapping[str, str]] = {"fcm": "Android", "apns": "iOS", "chrome": "Web", "firefox": "Web"}


def _names(body: Words, name: str) -> list[str]:
    if isinstance(one := body.any(name), str):
        return [one.strip()] if one.strip() else []
    return [text.strip() for text in body.texts(name, PEOPLE_LIMIT, NAME_LIMIT) if text.strip()]
