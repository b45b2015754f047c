"""Reads steps from their forms (`step_forms`): each gets its id, and each send its number."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from msgspec import UNSET

from tellwire.platform.language.comparison import read_conditions
from tellwire.platform.language.names import unfit
from tellwire.platform.language.rule import read_rule
from tellwire.platform.language.scalars import read_duration, read_time
from tellwire.platform.language.step_forms import (
    KINDS,
    BranchForm,
    CallForm,
    ChangeForm,
    MomentForm,
    RepeatForm,
    SendForm,
    ShareForm,
    SignalForm,
    StepForm,
    WaitForm,
    WinnerForm,
)
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.channel import CHANNELS, SMS
from tellwire.platform.model.content import Content
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.step import (
    DEPTH_LIMIT,
    EVERY_PASS,
    STEPS_LIMIT,
    AddItem,
    AddNumber,
    Answer,
    Branch,
    CallStep,
    ChooseStep,
    DateOf,
    ForTime,
    PropertyChange,
    PutProperty,
    RemoveItem,
    RepeatStep,
    SendStep,
    SetStep,
    Share,
    Signal,
    SplitStep,
    Step,
    StopStep,
    Until,
    UntilDate,
    UntilTime,
    WaitStep,
    Winner,
    sends_of,
)
from tellwire.platform.model.value import Value

_WHOLE: Final = 100  # percent
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")  # a token of RFC 9110, 5.6.2
_NOT_IN_HEADERS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # all control characters but the tab
_NOT_IN_URLS: Final = re.compile(r"[\x00-\x20\x7f]")
_CENT: Final = 0.005  # shares that are written with decimals
_LEAST_TRIED: Final = 2  # branches of which one may win


def read_steps(
    forms: Sequence[StepForm], providers: Mapping[ProviderId, Provider], path: str = "steps"
) -> tuple[Step, ...]:
    """Return the steps that these forms mean, each with its id and each send with its number. Raises `Unreadable`."""
    if not forms:
        raise Unreadable({path: "A campaign does something: write a send."})
    return _Reader(providers).read(forms, path, 0)


def read_signal(form: SignalForm, path: str) -> Signal:
    """Return the signal that a form means. Raises `Unreadable`."""
    if not form.event.strip():
        raise Unreadable({f"{path}.event": "Name the event."})
    return Signal(
        event=form.event.strip(), where=read_conditions(form.where, f"{path}.where"), same=form.same.strip()
    )


def provider_named(text: str | None, providers: Mapping[ProviderId, Provider]) -> ProviderId | None:
    """Return the provider that is meant by its id or nickname; what is neither stays, for the check to refuse."""
    wanted = (text or "").strip()
    if not wanted or wanted in providers:
        return ProviderId(wanted) or None
    folded = wanted.casefold()
    in_use = (one for one in providers.values() if one.archived_at is None)
    return next((one.id for one in in_use if one.nickname.casefold() == folded), ProviderId(wanted))


class _Reader:
    """Reads the steps of one campaign: counts them, and knows the ids that are taken."""

    def __init__(self, providers: Mapping[ProviderId, Provider]) -> None:
        self._providers = providers
        self._ids: dict[str, str] = {}
        self._steps = 0
        self._sends = 0

    def read(self, forms: Sequence[StepForm], path: str, depth: int) -> tuple[Step, ...]:
        if depth > DEPTH_LIMIT:
            raise Unreadable({path: f"Steps stand at most {DEPTH_LIMIT} deep inside each other."})
        for number, form in enumerate(forms):
            self._claim(form, f"{path}[{number}]")
        return tuple(self._step(form, f"{path}[{number}]", depth) for number, form in enumerate(forms))

    def _claim(self, form: StepForm, path: str) -> None:
        """Count the step, and keep a written id for it, so that no step without one is called the same."""
        self._steps += 1
        if self._steps > STEPS_LIMIT:
            raise Unreadable({path: f"A campaign has at most {STEPS_LIMIT} steps."})
        if form.id is UNSET:
            return
        name = form.id.strip()
        if not name:
            raise Unreadable({f"{path}.id": "An id is not empty."})
        if why := unfit(name):
            raise Unreadable({f"{path}.id": why})
        if name in self._ids:
            raise Unreadable({f"{path}.id": f"“{name}” is the id of another step: {self._ids[name]}."})
        self._ids[name] = path

    def _named(self, form: StepForm, kind: str, path: str) -> str:
        if form.id is not UNSET:
            return form.id.strip()
        names = (kind if n == 1 else f"{kind}-{n}" for n in count(1))
        name = next(name for name in names if name not in self._ids)
        self._ids[name] = path
        return name

    def _step(self, form: StepForm, path: str, depth: int) -> Step:
        kinds = [kind for kind in KINDS if getattr(form, kind) is not UNSET]
        if len(kinds) != 1:
            done = f": {' and '.join(kinds)} are {len(kinds)}" if kinds else ""
            raise Unreadable({path: f"A step has one of {', '.join(KINDS)}{done}."})
        (kind,) = kinds
        name = self._named(form, kind, path)
        readers: dict[str, Callable[[Any, str, str, int], Step]] = {
            "send": self._send,
            "wait": self._wait,
            "choose": self._choose,
            "split": self._split,
            "repeat": self._repeat,
            "set": self._set,
            "call": self._call,
            "stop": self._stop,
        }
        return readers[kind](getattr(form, kind), name, f"{path}.{kind}", depth)

    def _send(self, form: SendForm, name: str, path: str, _depth: int) -> SendStep:
        if form.channel.strip().lower() not in CHANNELS:
            raise Unreadable({f"{path}.channel": f"There is no channel “{form.channel}”: write {SMS.name}."})
        channel = form.channel.strip().lower()
        number, self._sends = self._sends, self._sends + 1
        return SendStep(
            id=name,
            content=Content(**{one: getattr(form, one) for one in Content.__struct_fields__}),
            through=provider_named(form.through, self._providers),
            passes=EVERY_PASS if form.necessary else tuple(dict.fromkeys(form.passes)),
            channel=channel,
            number=number,
        )

    def _wait(self, form: WaitForm, name: str, path: str, depth: int) -> WaitStep:
        answers = tuple(
            Answer(
                signal=read_signal(one, f"{path}.or[{n}]"),
                steps=None
                if one.steps is UNSET
                else self.read(one.steps, f"{path}.or[{n}].steps", depth + 1),
            )
            for n, one in enumerate(form.or_)
        )
        return WaitStep(id=name, until=_until(form, path), answers=answers)

    def _choose(self, forms: Sequence[BranchForm], name: str, path: str, depth: int) -> ChooseStep:
        if not forms:
            raise Unreadable({path: "A choice has a branch: write {if: ..., steps: [...]}."})
        branches = tuple(self._branch(one, f"{path}[{n}]", depth) for n, one in enumerate(forms))
        if any(branch.rule is None for branch in branches[:-1]):
            raise Unreadable({path: "else is for all others, so it stands last, and once."})
        return ChooseStep(id=name, branches=branches)

    def _branch(self, form: BranchForm, path: str, depth: int) -> Branch:
        if (form.if_ is UNSET) == (form.else_ is UNSET):
            raise Unreadable({path: "A branch has either if, a rule, or else: true."})
        rule = None if form.if_ is UNSET else read_rule(form.if_, f"{path}.if")
        return Branch(rule=rule, steps=self.read(form.steps, f"{path}.steps", depth + 1))

    def _split(self, forms: Sequence[ShareForm], name: str, path: str, depth: int) -> SplitStep:
        shares = [form.share for form in forms]
        if (
            not forms or min(shares) < 0 or not abs(sum(shares) - _WHOLE) <= _CENT
        ):  # `not`, for a NaN is near nothing
            raise Unreadable({path: f"Shares are percents that sum to 100; these sum to {sum(shares):g}."})
        return SplitStep(id=name, shares=self._shares(forms, path, depth), winner=_winner(forms, path))

    def _shares(self, forms: Sequence[ShareForm], path: str, depth: int) -> tuple[Share, ...]:
        """Return the shares that do steps of their own; where one waits for a winner, each of them writes."""
        shares = tuple(
            Share(share=form.share, steps=self.read(form.steps, f"{path}[{n}].steps", depth + 1))
            for n, form in enumerate(forms)
            if form.steps is not UNSET
        )
        if len(shares) < len(forms):
            for n, share in enumerate(shares):
                if next(sends_of(share.steps), None) is None:
                    raise Unreadable(
                        {f"{path}[{n}].steps": "A branch that may win writes to people: add a send."}
                    )
        return shares

    def _repeat(self, form: RepeatForm, name: str, path: str, depth: int) -> RepeatStep:
        if not form.steps:
            raise Unreadable({f"{path}.steps": "There is nothing to repeat."})
        return RepeatStep(
            id=name,
            times=form.times,
            every=read_duration(form.every, f"{path}.every"),
            until=None if form.until is UNSET else read_signal(form.until, f"{path}.until"),
            steps=self.read(form.steps, f"{path}.steps", depth + 1),
        )

    def _set(self, forms: Mapping[str, Any], name: str, path: str, _depth: int) -> SetStep:
        if not forms:
            raise Unreadable({path: "Name a property and what it gets."})
        changes = tuple(_change(key.strip(), form, f"{path}.{key}") for key, form in forms.items())
        return SetStep(id=name, changes=changes)

    def _call(self, form: CallForm, name: str, path: str, _depth: int) -> CallStep:
        if not form.url.strip().startswith(("https://", "http://")):
            raise Unreadable({f"{path}.url": "Write an address that begins with https://."})
        if _NOT_IN_URLS.search(form.url.strip()):
            raise Unreadable({f"{path}.url": "An address has no spaces and no control characters."})
        for header, value in form.headers.items():
            if _HEADER_NAME.fullmatch(header) is None:
                raise Unreadable({f"{path}.headers": f"“{header[:40]}” is not the name of a header."})
            if _NOT_IN_HEADERS.search(value):
                raise Unreadable({f"{path}.headers.{header}": "A header stands on one line."})
        return CallStep(id=name, url=form.url.strip(), body=form.body, headers=tuple(form.headers.items()))

    def _stop(self, reason: str, name: str, _path: str, _depth: int) -> StopStep:
        return StopStep(id=name, reason=reason.strip())


def _winner(forms: Sequence[ShareForm], path: str) -> Winner | None:
    """Return who waits for the winner of the other shares, None if nobody does. Raises `Unreadable`."""
    for n, form in enumerate(forms):
        if (form.steps is UNSET) == (form.winner is UNSET):
            raise Unreadable({f"{path}[{n}]": "A share has either steps, or the winner of the other shares."})
    waiting = [n for n, form in enumerate(forms) if form.winner is not UNSET]
    if not waiting:
        return None
    last = forms[-1]
    if len(waiting) > 1 or last.winner is UNSET or len(forms) <= _LEAST_TRIED:
        place = f"{path}[{waiting[0]}].winner"
        raise Unreadable({place: "A winner stands last, once, and behind two shares that may win."})
    return _read_winner(last.share, last.winner, f"{path}[{len(forms) - 1}].winner")


def _read_winner(share: float, form: WinnerForm, path: str) -> Winner:
    return Winner(share=share, by=form.by, after=read_duration(form.after, f"{path}.after"))


def _until(form: WaitForm, path: str) -> Until:
    if form.for_ is not UNSET and form.until is UNSET:
        return ForTime(read_duration(form.for_, f"{path}.for"))
    if form.until is UNSET or form.for_ is not UNSET:
        raise Unreadable(
            {path: "A wait has either for, a duration, or until, a moment: nothing else ends it."}
        )
    if isinstance(form.until, str):
        return UntilTime(at=read_time(form.until, f"{path}.until"))
    return _moment(form.until, f"{path}.until")


def _moment(form: MomentForm, path: str) -> UntilTime | UntilDate:
    at = None if form.at is UNSET else read_time(form.at, f"{path}.at")
    if form.date is not UNSET and form.weekday is UNSET:
        shift = None if form.shift is UNSET else read_duration(form.shift, f"{path}.shift", is_signed=True)
        return UntilDate(date=read_date_of(form.date, f"{path}.date"), shift=shift, at=at)
    if form.date is UNSET and form.shift is UNSET and at is not None:
        return UntilTime(at=at, weekday=None if form.weekday is UNSET else form.weekday)
    raise Unreadable(
        {path: "Write {weekday: monday, at: 09:00}, or {date: Event.Departure, shift: -2 hours}."}
    )


def read_date_of(text: str, path: str) -> DateOf:
    """Return the property that `Profile.DOB` or `Event.Departure` names. Raises `Unreadable`."""
    source, _, name = text.strip().partition(".")
    match source.lower():
        case "profile" if name:
            return DateOf(source="profile", property=name)
        case "event" if name:
            return DateOf(source="event", property=name)
        case _:
            raise Unreadable({path: "Name the property as Profile.DOB or Event.Departure."})


def _change(name: str, form: ChangeForm | Value, path: str) -> PropertyChange:
    if not name:
        raise Unreadable({path: "Name the property."})
    if not isinstance(form, ChangeForm):
        return PutProperty(name, form)
    written = [kind for kind in ("increment", "add", "remove") if getattr(form, kind) is not UNSET]
    match form:
        case _ if len(written) != 1:
            pass
        case ChangeForm(increment=int() | float() as by):
            return AddNumber(name, by)
        case ChangeForm(add=str(item)):
            return AddItem(name, item)
        case ChangeForm(remove=str(item)):
            return RemoveItem(name, item)
    raise Unreadable({path: "Write a value, or one of {increment: 1}, {add: x} and {remove: x}."})
