"""The words of a decision's trace: what each gate saw and wanted, and why it said no. Pure.

Made from the table in `model.codes` when somebody looks: numbers masked, dates readable, long values cut. Traces of
earlier releases are in words already.
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec

from tellwire.kernel.address import msisdn_of_digits, parse_msisdn
from tellwire.kernel.sms import Encoding
from tellwire.platform.model.codes import ANSWERS, PASSED, Answer
from tellwire.platform.model.decision import DecisionRecord, GateResult, WordedResult
from tellwire.platform.model.value import Value, date_of

SHOWN_LIMIT: Final = 60  # characters of one value


class Words(NamedTuple):
    """What one gate saw and wanted, and the sentence of its no."""

    saw: str
    wanted: str
    sentence: str = ""


def words_of(result: GateResult | WordedResult) -> Words:
    """Return the words of one check; of a code that this release does not know, the code itself."""
    if isinstance(result, WordedResult):
        return Words(result.saw, result.wanted)
    answer = _ANSWERS.get((result.gate, result.code, len(result.values)))
    if answer is None:
        return Words(result.code, "", result.code)
    values = dict(zip(answer.values, result.values, strict=True))
    sentence = _FORMATTER.vformat(answer.sentence, (), values)
    saw = _FORMATTER.vformat(answer.saw, (), values)
    wanted = _FORMATTER.vformat(answer.wanted, (), values).rstrip()
    return Words(saw or sentence, wanted, sentence)


def reason_of(record: DecisionRecord) -> str:
    """Return why a decision made no message, empty if it made one."""
    if record.code == PASSED or record.reason or not record.trace:
        return record.reason or record.code
    return words_of(record.trace[-1]).sentence or record.code


def template_with_gaps(template: str) -> str:
    """Return a sentence of the table with a gap for each value, for a page that lists them all."""
    return "".join(text + ("" if name is None else "…") for text, name, _, _ in _FORMATTER.parse(template))


_ANSWERS: Final[Mapping[tuple[str, str, int], Answer]] = {
    (answer.gate, answer.code, len(answer.values)): answer for answer in ANSWERS
}


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return _KINDS[format_spec](value)


def _shown(value: Value) -> str:
    """Return a value for people: dates readable, long ones cut, and what may be a phone number masked."""
    moment = date_of(value)
    if moment is not None:
        return _moment(moment.timestamp())
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = _DIGITS.sub(_masked, text)
    return text if len(text) <= SHOWN_LIMIT else f"{text[:SHOWN_LIMIT]}…"


_DIGITS: Final = re.compile(r"\+?[0-9][0-9 ().-]{5,}[0-9]")


def _masked(match: re.Match[str]) -> str:
    number = parse_msisdn(match[0])
    return f"…{match[0][-2:]}" if number is None else number.masked


def _set(value: Value) -> str:
    return "is not set" if value is None else f"= {_shown(value)}"


def _moment(epoch_s: float) -> str:
    """Return an instant that the page finds in the text, and writes in its own zone."""
    return f"{datetime.fromtimestamp(epoch_s, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _seen(conditions: Sequence[Sequence[Value]]) -> str:
    return "; ".join(f"{name} {_set(value)}" for name, _, _, value in conditions)


def _wanted(conditions: Sequence[Sequence[Value]]) -> str:
    return "; ".join(_condition(name, operator, wanted) for name, operator, wanted, _ in conditions)


def _condition(name: str, operator: str, wanted: Value) -> str:
    words = f"{name} {operator.replace('_', ' ')}"
    return words if operator in {"exists", "does_not_exist"} else f"{words} {_shown(wanted)}"


# How values are shown, by the kind that the table names.
_KINDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "": str,
    "moment": _moment,
    "from": lambda epoch_s: "" if epoch_s is None else f"from {_moment(epoch_s)} ",
    "until": lambda epoch_s: "" if epoch_s is None else f"until {_moment(epoch_s)}",
    "number": lambda digits: msisdn_of_digits(str(digits)).masked,
    "value": _shown,
    "set": _set,
    "seen_value": lambda value: "nothing" if value is None else _shown(value),
    "encoding": lambda encoding: Encoding(encoding).spelling,
    "parts": lambda parts: "1 part" if parts == 1 else f"{parts} parts",
    "seen": _seen,
    "wanted": _wanted,
    "properties": lambda conditions: ", ".join(condition[0] for condition in conditions),
}
_FORMATTER: Final = _Formatter()
