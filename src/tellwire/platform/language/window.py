"""The window of a rule about behaviour: which moments count.

{within: 30 days}   {since: entering}   {from: 2026-01-01, until: 2026-01-31}   {between: [2026-01-01, 2026-01-31]}
{from: today - 30 days, until: today - 1 day}   {from: 30 days ago, until: 7 days ago}
"""

import re
from datetime import time
from typing import Annotated, Any, Final, assert_never

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.language.comparison import Comparison
from tellwire.platform.language.moments import read_bound, write_bound
from tellwire.platform.language.scalars import read_duration
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.behaviour import (
    DAYS_LIMIT,
    Ago,
    At,
    Beginning,
    DayBack,
    Ending,
    Entering,
    Window,
)

_Written = Annotated[str, msgspec.Meta(max_length=64)]
_ENTERING: Final = "entering"
_TODAY: Final = re.compile(r"today(?: *(?:-|minus) *([0-9]{1,4}) +days?)?", re.ASCII)
_AGO: Final = " ago"
_SINGLE: Final = ("within", "since", "from_", "until", "between")
_TOGETHER: Final = (["from_", "until"], ["since", "until"])


def _help(sentence: str) -> msgspec.Meta:
    return msgspec.Meta(description=sentence)


class WindowForm(Comparison, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the events were; `between`, which compares elsewhere, is a window here."""

    within: Annotated[_Written | UnsetType, _help("How long ago at most, as `30 days`.")] = UNSET
    since: Annotated[_Written | UnsetType, _help("`entering`: after the person entered; else as `from`.")] = (
        UNSET
    )
    from_: Annotated[
        _Written | UnsetType,
        _help("The first day or moment; also `today - 7 days`, which is that day, and `7 days ago`."),
    ] = msgspec.field(name="from", default=UNSET)
    until: Annotated[_Written | UnsetType, _help("The last day or moment, as in `from`.")] = UNSET


def read_window(form: WindowForm, path: str) -> Window:
    """Return the window that a form means, all of time if it says none. Raises `Unreadable`."""
    said = [name for name in _SINGLE if getattr(form, name) is not UNSET]
    if len(said) > 1 and said not in _TOGETHER:
        names = " and ".join(name.rstrip("_") for name in said)
        raise Unreadable({path: f"did has one window: {names} are several."})
    if form.within is not UNSET:
        return Window(begins=Ago(read_duration(form.within, f"{path}.within")))
    between: Any = getattr(form, "between")  # noqa: B009 - declared from the table of operators
    if between is not UNSET:
        return _between(between, f"{path}.between")
    return _checked(Window(begins=_begins(form, path), ends=_ends(form, path)), path)


def _begins(form: WindowForm, path: str) -> Beginning | None:
    if form.from_ is not UNSET:
        return _end(form.from_, f"{path}.from", time.min)
    if form.since is UNSET:
        return None
    if form.since.strip().lower() == _ENTERING:
        return Entering()
    return _end(form.since, f"{path}.since", time.min)


def _ends(form: WindowForm, path: str) -> Ending | None:
    return None if form.until is UNSET else _end(form.until, f"{path}.until", time.max)


def _between(value: Any, path: str) -> Window:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(end, str) for end in value):
        raise Unreadable({path: "Beside did, between is two days or moments: [2026-01-01, 2026-01-31]."})
    low, high = value
    window = Window(begins=_end(low, f"{path}[0]", time.min), ends=_end(high, f"{path}[1]", time.max))
    return _checked(window, path)


def _end(text: str, path: str, at: time) -> Ending:
    """Return the end that a text means; a day is at this time of it."""
    words = " ".join(text.lower().split())
    today = _TODAY.fullmatch(words)
    if today is not None:
        days = int(today[1] or 0)
        if days > DAYS_LIMIT:
            raise Unreadable({path: f"{days} days are more than ten years."})
        return DayBack(days)
    if words.endswith(_AGO):
        return Ago(read_duration(words.removesuffix(_AGO), path))
    if not words[:1].isdecimal():
        why = f"“{text[:40]}” is not a moment: write 2026-06-06, 2026-06-06T09:00, today - 7 days or 7 days ago."
        raise Unreadable({path: why})
    return At(read_bound(text, path, at))


def _checked(window: Window, path: str) -> Window:
    """Return the window if it can have events: only ends of one kind are compared, for others move."""
    match window.begins, window.ends:
        case Ago(since), Ago(until):
            is_empty = since.span <= until.span
        case DayBack(since_days), DayBack(until_days):
            is_empty = since_days < until_days
        case At(begins), At(ends) if (begins.tzinfo is None) == (ends.tzinfo is None):
            is_empty = begins > ends
        case _:
            is_empty = False
    if is_empty:
        raise Unreadable({f"{path}.until": "The window ends before it begins."})
    return window


def write_window(window: Window) -> dict[str, Any]:
    """Return the members of the form of a window."""
    begins = window.begins
    if isinstance(begins, Ago) and window.ends is None:
        return {"within": str(begins.duration)}
    written: dict[str, Any] = {}
    if isinstance(begins, Entering):
        written["since"] = _ENTERING
    elif begins is not None:
        written["from_"] = _write_end(begins, time.min)
    if window.ends is not None:
        written["until"] = _write_end(window.ends, time.max)
    return written


def _write_end(end: Ending, of_day: time) -> str:
    match end:
        case Ago(duration):
            return f"{duration}{_AGO}"
        case DayBack(0):
            return "today"
        case DayBack(days):
            return f"today - {days} day{'' if days == 1 else 's'}"
        case At(moment):
            return write_bound(moment, of_day)
        case _:
            assert_never(end)
