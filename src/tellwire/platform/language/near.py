"""The word of the language that is nearest to one that is none, for who mistyped it."""

import difflib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from tellwire.platform.language.campaign import EitherForm
from tellwire.platform.language.comparison import ConditionForm
from tellwire.platform.language.did import TotalForm
from tellwire.platform.language.guard import GoalForm, LimitsForm, QuietForm
from tellwire.platform.language.rule import RuleForm
from tellwire.platform.language.start import StartForm
from tellwire.platform.language.step_forms import (
    AnswerForm,
    BranchForm,
    CallForm,
    ChangeForm,
    MomentForm,
    RepeatForm,
    SendForm,
    ShareForm,
    StepForm,
    WaitForm,
    WinnerForm,
)

_FORMS: Final = (
    *(EitherForm, ConditionForm, RuleForm, StartForm, GoalForm, LimitsForm, QuietForm, StepForm, SendForm),
    *(WaitForm, MomentForm, AnswerForm, BranchForm, ShareForm, RepeatForm, ChangeForm, CallForm),
    *(WinnerForm, TotalForm),
)
_OTHERS: Final = (
    "campaigns",
    "providers",
    "audiences",
    "lists",
    "account",
    "tellwire",
    "zone",
    "state",
    "provider",
)


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """Return every key that the language has."""
    keys = {field.encode_name for form in _FORMS for field in msgspec.structs.fields(form)}
    return tuple(sorted(keys | set(_OTHERS)))


def near(word: str) -> str | None:
    """Return the nearest key, None if none is near."""
    return next(iter(difflib.get_close_matches(word, words(), n=1, cutoff=0.7)), None)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that says which name was perhaps meant, empty if none is near."""
    match = next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)), None)
    return "" if match is None else f": did you mean “{match}”?"
