"""Reads the sends of surveys, and writes the post that tells of an answer (8x8 contract 2.8 and 3.5).

A send is that of `sending`, but for its text: `templateBody` says it, with `{{name}}` for a value of
`templateVariables` and `{{url}}` or `{{url:name:name}}` for the link to the survey's form, which may show what the
link names. A place without a value is left empty: the vendor's own example has one.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from tellwire.gateway.contract.drafts import LINK_PLACE, SurveyLink, Variable
from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.contract.members import FlawedError, text_of
from tellwire.gateway.contract.moments import write_moment
from tellwire.gateway.contract.sending import Content, Wire

# A text has ten parts at most; its links and names may be longer before they are filled in.
TEMPLATE_LIMIT: Final = 4096
PLACES_LIMIT: Final = 50
VARIABLES_LIMIT: Final = 50
NAME_LIMIT: Final = 64
VALUE_LIMIT: Final = 500
_PLACE: Final = re.compile(r"\{\{([^{}]*)\}\}")
_URL: Final = "url"

UNKNOWN_SURVEY: Final = ApiError(status=400, code=1008, message="Invalid surveyId value")
SURVEY_CLOSED: Final = ApiError(status=400, code=1008, message="Invalid surveyId value. The survey is closed")
_NO_TEMPLATE: Final = "Invalid templateBody value. It is missing"
_NO_URL: Final = "Invalid templateBody value. It must contain {{url}}"
_TOO_MANY_PLACES: Final = f"Invalid templateBody value. It has more than {PLACES_LIMIT} places"
_TOO_LONG: Final = "Invalid Text value. Reached max allowed limit"


def survey_content(survey: str, closes_at: datetime | None) -> Content:
    """Return what reads a message's `templateBody` into a text with the place of the link to `survey`."""

    def content(wire: Wire, template: Wire) -> tuple[str, SurveyLink | None]:
        body = text_of(wire.template_body) or text_of(template.template_body)
        if not body:
            raise FlawedError(1007, _NO_TEMPLATE)
        if len(body) > TEMPLATE_LIMIT:
            raise FlawedError(1004, _TOO_LONG)
        places = [place.strip() for place in _PLACE.findall(body)]
        if len(places) > PLACES_LIMIT:
            raise FlawedError(1007, _TOO_MANY_PLACES)
        links = [place for place in places if _is_link(place)]
        if not links:
            raise FlawedError(1007, _NO_URL)
        own = wire.template_variables
        values = _values(template.template_variables if own is None else own)
        text = _PLACE.sub(lambda match: _filled(match[1].strip(), values), body)
        if len(text) > TEMPLATE_LIMIT:
            raise FlawedError(1004, _TOO_LONG)
        shown = {name.strip() for link in links for name in link.split(":")[1:]}
        variables = tuple(Variable(name, value, name in shown) for name, value in values.items())
        return text, SurveyLink(survey=survey, closes_at=closes_at, variables=variables)

    return content


def _is_link(place: str) -> bool:
    return place.partition(":")[0].strip().casefold() == _URL


def _filled(place: str, values: dict[str, str]) -> str:
    return LINK_PLACE if _is_link(place) else values.get(place, "")


def _values(members: Any) -> dict[str, str]:
    """Return the values as texts; null is as good as absent."""
    if members is None:
        return {}
    if not isinstance(members, dict):
        raise FlawedError(1007, "Invalid templateVariables value. It is no object")
    if len(members) > VARIABLES_LIMIT:
        raise FlawedError(
            1007, f"Invalid templateVariables value. It has more than {VARIABLES_LIMIT} members"
        )
    values: dict[str, str] = {}
    for name, value in members.items():
        text = str(value).lower() if isinstance(value, bool) else text_of(value)
        if text is None and value is not None:
            raise FlawedError(1007, "Invalid templateVariables value. A value is no text, number or truth")
        if len(name) > NAME_LIMIT or len(text or "") > VALUE_LIMIT:
            raise FlawedError(1007, "Invalid templateVariables value. A name or a value is too long")
        if text is not None:
            values[name] = text
    return values


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One question with its answer, both in words; `answer_id` is None for a text of one's own."""

    question_id: str
    answer_id: str | None
    question: str
    answer: str


def answer_body(
    umid: str,
    survey: str,
    variables: Sequence[Variable],
    answers: Sequence[Answer],
    *,
    opened: datetime,
    answered: datetime,
) -> bytes:
    """Return the JSON of an answered survey, which has no envelope."""
    return msgspec.json.encode(
        {
            "umid": umid,
            "surveyId": survey,
            "surveyStartedAt": write_moment(opened),
            "surveySubmittedAt": write_moment(answered),
            "templateVariables": [{"name": one.name, "value": one.value} for one in variables],
            "answers": answers,
        }
    )
