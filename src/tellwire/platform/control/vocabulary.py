"""The words that campaigns are written and explained with, for pages and scripts: each is read where it is declared."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Literal, get_args

import msgspec
from litestar import get

from tellwire.platform.control.fields import Field, fields_of
from tellwire.platform.control.gate_words import template_with_gaps
from tellwire.platform.language.did import BESIDE, DidForm
from tellwire.platform.language.rule import KINDS as RULE_KINDS
from tellwire.platform.language.start import START_FIELDS, StartForm
from tellwire.platform.language.step_forms import KINDS, STEP_FORMS
from tellwire.platform.model.campaign import CampaignState, Terms
from tellwire.platform.model.codes import ANSWERS, GATE_NAMES, PASSED, GateName
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import END_REASONS
from tellwire.platform.model.flat import Flat
from tellwire.platform.model.rule import OPERATORS, Operator
from tellwire.platform.rehearse.simulation import code_of


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """One reason of a gate to say no; in `sentence` an ellipsis stands for what differs from case to case."""

    code: str
    sentence: str


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a decision, and its reasons to say no."""

    name: GateName
    codes: Sequence[Code]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operator, how people are shown it, and how many values it takes; `any` are alternatives."""

    operator: Operator
    words: str
    takes: Literal["none", "one", "two", "any"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of start, step or rule: the key that names it, and what stands under it."""

    kind: str
    fields: Sequence[Field]


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. Gates stand in the order in which they are asked.

    `campaign` are the fields of the flat form; `starts` and `steps` are what a campaign is made of otherwise,
    and `rules` what may be asked of people.
    `codes` are those of the lines of a simulation.
    """

    operators: Sequence[str]
    operations: Sequence[Operation]
    states: Sequence[str]
    gates: Sequence[Gate]
    codes: Sequence[Code]
    campaign: Sequence[Field]
    starts: Sequence[Part]
    steps: Sequence[Part]
    rules: Sequence[Part]


def vocabulary() -> Vocabulary:
    """Return the words of this release."""
    return Vocabulary(
        operators=get_args(Operator),
        operations=[
            Operation(operator=name, words=one.words, takes=one.takes) for name, one in OPERATORS.items()
        ],
        states=get_args(CampaignState),
        gates=[Gate(name=name, codes=_codes(name)) for name in GATE_NAMES],
        codes=_line_codes(),
        campaign=[*fields_of(Terms), *fields_of(Flat)],
        starts=[Part(kind=kind, fields=_start_fields(names)) for kind, names in START_FIELDS.items()],
        steps=[Part(kind=kind, fields=_fields(STEP_FORMS.get(kind))) for kind in KINDS],
        rules=[Part(kind=kind, fields=_rule_fields(kind)) for kind in RULE_KINDS],
    )


def _start_fields(names: AbstractSet[str]) -> list[Field]:
    members = {one.encode_name for one in msgspec.structs.fields(StartForm) if one.name in names}
    return [field for field in fields_of(StartForm) if field.path in members]


def _rule_fields(kind: str) -> list[Field]:
    """Return what stands beside a rule's key: of behaviour all that it asks; of a property the `operations`."""
    members = {one.encode_name for one in msgspec.structs.fields(DidForm) if one.name in BESIDE}
    return (
        [field for field in fields_of(DidForm) if field.path.split(".")[0] in members]
        if kind == "did"
        else []
    )


def _fields(form: type[msgspec.Struct] | None) -> list[Field]:
    return [] if form is None else list(fields_of(form))


def _line_codes() -> list[Code]:
    """Return the codes of refusals and holds, and those of the ways in which enrollments end."""
    refusals = [
        (code_of(GateResult(one.gate, one.code)), one.sentence) for one in ANSWERS if one.code != PASSED
    ]
    sentences = dict((*refusals, ("content", "The words could not be made."), *END_REASONS.items()))
    return [Code(code=code, sentence=template_with_gaps(sentence)) for code, sentence in sentences.items()]


def _codes(gate: GateName) -> list[Code]:
    sentences = {one.code: one.sentence for one in ANSWERS if one.gate == gate and one.code != PASSED}
    return [Code(code=code, sentence=template_with_gaps(sentence)) for code, sentence in sentences.items()]


@get("/api/vocabulary", tags=["campaigns"], sync_to_thread=False)
def read_vocabulary() -> Vocabulary:
    """Return operators, states, gates with their codes, and what a campaign is made of, with defaults and bounds."""
    return _VOCABULARY


_VOCABULARY: Final = vocabulary()

HANDLERS = [read_vocabulary]
