"""Whom a run failed to reach, by what became of its messages. Pure.

a receipt says so                       failed: the network's word
refused, or no try ever left            failed: nobody got it
an answer or a silence that may be a yes   perhaps sent: it is not sent again
taken back before it went               not failed: it was not to be sent any more
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta, timezone
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.decide.timetable import moment_in
from tellwire.platform.model.occasion import moment_of_occasion, occasion_at
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.run import RunRecord
from tellwire.platform.ports.runs import Ordeal

LeftOut: TypeAlias = Literal["perhaps_sent", "taken_back", "nobody"]
_FIRST_ZONE: Final = timezone(timedelta(hours=14))
_LAST_ZONE: Final = timezone(timedelta(hours=-12))
_PERHAPS: Final = frozenset({"", "408", "425"})  # codes of tries, beside errors of the server
_BEHIND: Final = "~"  # behind every id


class Failures(msgspec.Struct, eq=False):
    """The places of those whom a run failed to reach, why by code, and who is left out though something is wrong."""

    places: set[int] = msgspec.field(default_factory=set)
    by_code: Counter[str] = msgspec.field(default_factory=Counter)
    words: dict[str, str] = msgspec.field(default_factory=dict)
    left_out: Counter[LeftOut] = msgspec.field(default_factory=Counter)
    known: set[ProfileId] = msgspec.field(default_factory=set)  # whose last message was looked at


def ids_of(record: RunRecord) -> tuple[str, str]:
    """Return two texts between which the ids of a run's messages are."""
    first = last = record.at
    if record.members is None:
        with suppress(ValueError):  # of a name of old only its moment is known
            first, last = moment_in(record.run, _FIRST_ZONE), moment_in(record.run, _LAST_ZONE)
    return occasion_at(first)[:_STEM], occasion_at(last)[:_STEM] + _BEHIND


_STEM: Final = 11  # characters of an occasion's id that say when


def note(failures: Failures, record: RunRecord, messages: Iterable[Ordeal], *, is_last: bool) -> None:
    """Take these messages into account, those of a run's later attempts before those of the earlier ones.

    Of one person only the last counts; messages of other runs are passed over. `is_last`: nothing comes after them.
    """
    for one in messages:
        at = moment_of_occasion(one.occasion_id)
        if one.profile_id in failures.known or one.occasion_id != occasion_at(
            at, "run", record.run, one.profile_id
        ):
            continue
        if not is_last:
            failures.known.add(one.profile_id)
        why_not = left_out(one)
        if why_not is not None:
            failures.left_out[why_not] += 1
        elif one.status in FAILURES and one.place is not None:
            code = one.error_code or one.status
            failures.places.add(one.place)
            failures.by_code[code] += 1
            failures.words.setdefault(code, one.description)


def left_out(message: Ordeal) -> LeftOut | None:
    """Return why a message that is not known to have arrived is not sent again, None if it may be, or has arrived."""
    whats = [what for what, _ in message.steps]
    if message.status is MessageStatus.SENT:
        return "perhaps_sent" if "perhaps handed over" in whats else None
    if message.status not in FAILURES or (whats and whats[-1] == "receipt"):
        return None
    if "taken back" in whats:
        return "taken_back"
    if message.place is None:
        return "nobody"
    return "perhaps_sent" if any(_may_have_left(what, code) for what, code in message.steps) else None


def _may_have_left(what: str, code: str) -> bool:
    """Say whether a try may have been a success after all."""
    if what == "perhaps handed over":
        return True
    is_try = what.startswith(("due again after try", "given up after try"))
    return is_try and (code in _PERHAPS or (len(code) == len("503") and code.startswith("5")))
