"""A field of a campaign is declared in the model and nowhere else: forms, files, stores and pages follow."""

import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from tests.builders import NOON

from tellwire.platform.backends.stored_campaign import read_campaign
from tellwire.platform.control.campaign_form import CampaignForm, page_of
from tellwire.platform.control.catalog_yaml import campaign_in, read_document, write_document
from tellwire.platform.control.fields import Field, Kind, fields_of
from tellwire.platform.control.vocabulary import vocabulary
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.start import START_FIELDS, StartForm
from tellwire.platform.language.step_forms import KINDS, STEP_FORMS, SendForm, StepForm
from tellwire.platform.model.campaign import Campaign, CampaignId, Terms
from tellwire.platform.model.content import Content
from tellwire.platform.model.flat import Flat
from tellwire.platform.model.rule import OPERATORS, Operator
from tellwire.platform.model.start import Start
from tellwire.platform.model.step import SendStep, Step

ROOT = Path(__file__).parents[2]
FIELDS = [*fields_of(Terms), *fields_of(Flat)]
PATHS = [field.path for field in FIELDS]


CONDITION = {"property": "p", "operator": "greater_than", "value": 1}


def other_than_default(field: Field) -> Any:
    """Return a value that the field may have and has not when it is left out."""
    if field.choices:
        return next(choice for choice in field.choices if choice != field.default)
    examples: dict[Kind, Any] = {
        "text": "x",
        "integer": (field.least or 0) + 1,
        "number": (field.least or 0) + 1,
        "boolean": not field.default,
        "moment": "2027-03-04T12:00:00Z",
        "list": [CONDITION] if field.path.endswith("conditions") else ["x"],
        "object": {"a": "b"},
    }
    return examples[field.kind]


def body_of(fields: list[Field]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for field in fields:
        *outer, last = field.path.split(".")
        at = body
        for name in outer:
            at = at.setdefault(name, {})
        at[last] = other_than_default(field)
    return body


def leaf(body: Any, path: str) -> Any:
    for name in path.split("."):
        body = body[name]
    return body


BODY = body_of(FIELDS)


def filled() -> Campaign:
    """Return a campaign of which no field is what it is when it is left out."""
    form = msgspec.convert(BODY, CampaignForm)
    return campaign_of(form, None, campaign_id=CampaignId(1), now=NOON)


@pytest.mark.parametrize("path", PATHS)
def test_every_field_goes_through_the_api(path: str) -> None:
    shown = msgspec.json.decode(msgspec.json.encode(page_of(filled())))

    assert leaf(shown, path) == leaf(BODY, path)


def test_every_field_is_stored_and_comes_back() -> None:
    assert read_campaign(msgspec.json.encode(filled()).decode()) == filled()


def test_every_field_goes_out_to_a_file_and_comes_in_again() -> None:
    before = filled()
    (entry,) = read_document(write_document([before], [])).document.campaigns

    after = campaign_in(entry, before, before.id, NOON, {})

    assert before.only_send is not None
    unnamed = msgspec.structs.replace(before.only_send, through=None)  # there is no such provider to be named
    assert after == msgspec.structs.replace(before, steps=(unnamed,))


@pytest.mark.parametrize("path", PATHS)
def test_every_field_is_in_the_vocabulary_and_explained_in_the_reference(path: str) -> None:
    (field,) = (one for one in vocabulary().campaign if one.path == path)

    assert field.help
    assert f"| `{path}` | {field.kind}" in (ROOT / "docs/reference/campaigns.md").read_text()


def test_every_kind_of_start_and_step_has_its_form_and_its_words() -> None:
    for union, forms, parts in (
        (Start, START_FIELDS, vocabulary().starts),
        (Step, STEP_FORMS, vocabulary().steps),
    ):
        tags = {one.__struct_config__.tag for one in get_args(union) or (union,)}
        assert tags == {part.kind for part in parts}
        assert set(forms) <= tags
    assert set(KINDS) == set(StepForm.__struct_fields__) - {"id"}
    assert all(field.help for part in (*vocabulary().starts, *vocabulary().steps) for field in part.fields)


def test_every_field_of_a_start_and_a_step_has_its_word() -> None:
    assert set(StartForm.__struct_fields__) == frozenset().union(*START_FIELDS.values())
    inside = set(SendStep.__struct_fields__) - {"id", "content", "number"}
    beside = {"channel", "necessary"}  # in other words
    assert set(SendForm.__struct_fields__) == set(Content.__struct_fields__) | inside | beside


def test_every_operator_has_its_words() -> None:
    assert set(OPERATORS) == set(get_args(Operator))
    assert [one.operator for one in vocabulary().operations] == list(OPERATORS)


# The model with one line more, in a process of its own: nothing else knows of the field.
ONE_LINE_MORE = """
import importlib.util, sys
from pathlib import Path

spec = importlib.util.find_spec("tellwire.platform.model.campaign")
source = Path(spec.origin).read_text()
after = "    policy: Policy = Policy()\\n"
line = '    weight: Annotated[int, msgspec.Meta(ge=1, le=9, description="Who goes first.")] = 5\\n'
assert source.count(after) == 1
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
exec(compile(source.replace(after, after + line), spec.origin, "exec"), module.__dict__)

import msgspec
from tests.core.test_declared_once import NOON, campaign_in, filled, read_campaign, read_document, write_document
from tests.core.test_declared_once import page_of, vocabulary

campaign = filled()
assert campaign.weight == 2
assert page_of(campaign).weight == 2
assert read_campaign(msgspec.json.encode(campaign).decode()).weight == 2
(entry,) = read_document(write_document([campaign], [])).document.campaigns
assert campaign_in(entry, campaign, campaign.id, NOON, {}).weight == 2
(field,) = (one for one in vocabulary().campaign if one.path == "weight")
assert (field.least, field.most, field.default, field.help) == (1, 9, 5, "Who goes first.")
mistakes = read_document("tellwire: 1\\ncampaigns: [{name: a, weight: 10}]").mistakes
assert list(mistakes) == ["campaigns[0].weight"]
"""


def test_one_line_in_the_model_is_a_field_everywhere() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ONE_LINE_MORE], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_every_code_of_a_simulation_has_its_sentence() -> None:
    sentences = {one.code: one.sentence for one in vocabulary().codes}

    assert all(sentences.values())
    assert sentences.keys() >= {
        *("no_phone", "no_consent", "suppressed", "not_in_who", "holdout", "already_inside", "no_key"),
        *("person_cap", "account_cap", "ever", "gap", "quiet_hours", "per_run", "per_day", "cut_off"),
        *("number_twice", "missed", "content", "paused", "finished", "stopped", "answered", "stop_step"),
    }
