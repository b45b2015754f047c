"""Renders one template over a profile and an event, and says beforehand what is wrong with it.

A template's syntax, filters and names are checked strictly, where it is written; a value that is missing when it
is rendered is empty. Not for: counting parts (`kernel.sms`), building messages (`compose.draft`).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec
from liquid.exceptions import LiquidError, LiquidInterrupt
from liquid.static_analysis import TemplateAnalysis
from liquid.template import BoundTemplate

from tellwire.platform.compose.environment import AbortRendering, CampaignEnvironment, Context, Output
from tellwire.platform.compose.names import NO_NAMES, Names
from tellwire.platform.compose.plain import Plain, filled, plain_of
from tellwire.platform.model.bounds import TEXT_LIMIT

ENVIRONMENT: Final = CampaignEnvironment()
PERSONAL_ROOTS: Final = frozenset({"Profile", "Event", "ExternalTrigger"})
ROOTS: Final = PERSONAL_ROOTS | {"now"}
MARKUP_LIMIT: Final = 250  # python-liquid's lexer takes quadratic time in these: 20 ms for so many
_REMEMBERED: Final = 512  # parsed templates, some 10 kB each; every running campaign has one to a few


class Rendered(msgspec.Struct, frozen=True, tag=True):
    """What the template says."""

    text: str


class Aborted(msgspec.Struct, frozen=True, tag=True):
    """The template came to {% abort %}: it wants nothing sent."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The template cannot be rendered with these values, or is itself wrong."""

    reason: str


class TemplateProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a template, and in which line, from 1."""

    line: int
    message: str


TOO_DEEP: Final = TemplateProblem(line=1, message="nested too deeply")

Rendering: TypeAlias = Rendered | Aborted | Failed


def render(source: str, profile: Names, event: Names, now: datetime, call: Names = NO_NAMES) -> Rendering:
    """Return what the template says for this profile and event, in bounded time and memory; never raises.

    `call` has the values of the call that let the person enter, if one did.
    """
    if "{" not in source and len(source) <= TEXT_LIMIT:
        return Rendered(source)
    names = {"Profile": profile, "Event": event, "ExternalTrigger": call}
    plain = _plain(source)
    if plain is not None and (text := filled(plain, names)) is not None:
        return Rendered(text)
    template = _parsed(source)
    if isinstance(template, TemplateProblem):
        return Failed(f"line {template.line}: {template.message}")
    try:
        return Rendered(_run(template, names, now))
    except AbortRendering:
        return Aborted()
    except (LiquidError, LiquidInterrupt, *_ODD_VALUES) as problem:
        return Failed(_reason(problem))


def problem_of(source: str) -> TemplateProblem | None:
    """Return what is wrong with a template before it ever runs: syntax, unknown filters, unknown names."""
    template = _parsed(source)
    if isinstance(template, TemplateProblem):
        return template
    analysis = _analysed(template)
    if analysis is None:
        return TOO_DEEP
    for name, spans in analysis.filters.items():
        if name not in ENVIRONMENT.filters:
            return TemplateProblem(line=_line(source, spans[0].index), message=f"there is no filter “{name}”")
    for name, variables in analysis.globals.items():
        if name not in ROOTS:
            return TemplateProblem(
                line=_line(source, variables[0].span.index),
                message=f"“{name}” is unknown: {_suggestion(str(variables[0]))}",
            )
    return None


def roots_in(source: str) -> frozenset[str]:
    """Return what a template names at all: Profile, Event, ExternalTrigger; nothing of a wrong one."""
    template = _parsed(source)
    analysis = None if isinstance(template, TemplateProblem) else _analysed(template)
    return frozenset() if analysis is None else frozenset(analysis.globals)


def is_personal(source: str) -> bool:
    """Say whether a template names something of a person; a wrong one is personal, to be on the safe side."""
    template = _parsed(source)
    if isinstance(template, TemplateProblem):
        return True
    analysis = _analysed(template)
    return analysis is None or not PERSONAL_ROOTS.isdisjoint(analysis.globals)


def _suggestion(path: str) -> str:
    """Return what to write instead of a path (`profile.Name`, `Name`) whose root there is not."""
    root = _ROOT.match(path)
    name, rest = (root[0], path[root.end() :]) if root else (path, "")
    close = get_close_matches(name.casefold(), [known.casefold() for known in ROOTS], n=1, cutoff=0.7)
    if close:
        known = next(known for known in ROOTS if known.casefold() == close[0])
        return f"did you mean {known}{rest}?"
    return f"write Profile.{path} or Event.{path}"


_ROOT: Final = re.compile(r"[^.\[]+")

# Filters of python-liquid let some of these through for values of odd types.
_ODD_VALUES: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def _run(template: BoundTemplate, names: Mapping[str, object], now: datetime) -> str:
    output = Output()
    context = Context(template, dict(names), now)
    for node in template.nodes:
        node.render(context, output)
    return output.getvalue()


def _reason(problem: Exception) -> str:
    match problem:
        case LiquidError():
            return str(problem.message)
        case LiquidInterrupt():
            return "break or continue outside a loop"
        case _:
            return f"a value does not fit its filter ({type(problem).__name__})"


@lru_cache(maxsize=_REMEMBERED)
def _parsed(source: str) -> BoundTemplate | TemplateProblem:
    if len(source) > TEXT_LIMIT:
        return TemplateProblem(line=1, message=f"longer than {TEXT_LIMIT} characters")
    if source.count("{{") + source.count("{%") > MARKUP_LIMIT:
        return TemplateProblem(line=1, message=f"more than {MARKUP_LIMIT} tags and values")
    try:
        return ENVIRONMENT.from_string(source)
    except LiquidError as problem:
        return _problem(source, problem)
    except RecursionError:
        return TOO_DEEP


@lru_cache(maxsize=_REMEMBERED)
def _plain(source: str) -> Plain | None:
    template = _parsed(source)
    return None if isinstance(template, TemplateProblem) else plain_of(template, PERSONAL_ROOTS)


def _analysed(template: BoundTemplate) -> TemplateAnalysis | None:
    try:
        return template.analyze(include_partials=False)
    except RecursionError:  # which the reading of it just did without
        return None


def _problem(source: str, problem: LiquidError) -> TemplateProblem:
    if isinstance(problem.__cause__, RecursionError):
        return TOO_DEEP
    index = problem.token.start_index if problem.token else 0
    return TemplateProblem(line=_line(source, index), message=str(problem.message))


def _line(source: str, index: int) -> int:
    return source.count("\n", 0, index if index >= 0 else len(source)) + 1
