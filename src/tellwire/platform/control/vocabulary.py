"""The words that campaigns are written and explained with, for pages and scripts: each is read where it is declared."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args

import msgspec
from litestar import get
from msgspec import inspect

from tellwire.platform.control.gate_words import template_with_gaps
from tellwire.platform.model.campaign import CampaignState, Terms
from tellwire.platform.model.codes import ANSWERS, GATE_NAMES, PASSED, GateName
from tellwire.platform.model.flat import Flat
from tellwire.platform.model.rule import Operator


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """One reason of a gate to say no; in `sentence` an ellipsis stands for what differs from case to case."""

    code: str
    sentence: str


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a decision, and its reasons to say no."""

    name: GateName
    codes: Sequence[Code]


class Field(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field of a campaign's flat form: what it is when it is left out, and its bounds.

    `longest` is in characters, or in items of a list or an object; `least` and `most` are numbers, both allowed.
    """

    path: str
    default: Any = None
    choices: Sequence[Any] = ()
    least: float | None = None
    most: float | None = None
    longest: int | None = None


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. Gates stand in the order in which they are asked."""

    operators: Sequence[str]
    states: Sequence[str]
    gates: Sequence[Gate]
    campaign: Sequence[Field]


def vocabulary() -> Vocabulary:
    """Return the words of this release."""
    return Vocabulary(
        operators=get_args(Operator),
        states=get_args(CampaignState),
        gates=[Gate(name=name, codes=_codes(name)) for name in GATE_NAMES],
        campaign=[field for form in (Terms, Flat) for field in _fields(inspect.type_info(form), "")],
    )


def _codes(gate: GateName) -> list[Code]:
    sentences = {one.code: one.sentence for one in ANSWERS if one.gate == gate and one.code != PASSED}
    return [Code(code=code, sentence=template_with_gaps(sentence)) for code, sentence in sentences.items()]


def _fields(form: inspect.Type, prefix: str) -> Iterator[Field]:
    """Return the fields of a form, those of forms inside it by their path."""
    assert isinstance(form, inspect.StructType)  # noqa: S101 - a form is a struct
    for one in form.fields:
        path, (kind, bounds) = f"{prefix}{one.encode_name}", _bounded(one.type)
        if isinstance(kind, inspect.StructType):
            yield from _fields(kind, f"{path}.")
        else:
            yield Field(path=path, default=_default(one), **bounds)


def _default(one: inspect.Field) -> Any:
    if one.default is not msgspec.NODEFAULT:
        return one.default
    return None if one.default_factory is msgspec.NODEFAULT else one.default_factory()


def _bounded(kind: inspect.Type) -> tuple[inspect.Type, dict[str, Any]]:
    """Return the type that is meant, without `None`, and its bounds."""
    if isinstance(kind, inspect.Metadata):
        return _bounded(kind.type)
    if isinstance(kind, inspect.UnionType):
        [kind] = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return _bounded(kind)
    bounds = {
        "choices": list(getattr(kind, "values", ())),
        "least": getattr(kind, "ge", None),
        "most": getattr(kind, "le", None),
        "longest": getattr(kind, "max_length", None),
    }
    return kind, {name: bound for name, bound in bounds.items() if bound not in (None, [])}


@get("/api/vocabulary", tags=["campaigns"], sync_to_thread=False)
def read_vocabulary() -> Vocabulary:
    """Return operators, states, gates with their codes, and the fields of a campaign with defaults and bounds."""
    return _VOCABULARY


_VOCABULARY: Final = vocabulary()

HANDLERS = [read_vocabulary]
