"""What `GET /api/vocabulary` says is what the model declares."""

import re

from tellwire.platform.control.vocabulary import vocabulary
from tellwire.platform.model.bounds import NAME_LIMIT, TEXT_LIMIT
from tellwire.platform.model.codes import ANSWERS, GATE_NAMES, PASSED


def test_every_gate_stands_in_its_order_with_every_code_that_says_no() -> None:
    gates = vocabulary().gates

    assert [gate.name for gate in gates] == list(GATE_NAMES)
    codes = {(gate.name, code.code) for gate in gates for code in gate.codes}
    assert codes == {(one.gate, one.code) for one in ANSWERS if one.code != PASSED}
    assert all(code.sentence for gate in gates for code in gate.codes)
    assert not any(re.search(r"\{\w", code.sentence) for gate in gates for code in gate.codes)


def test_fields_of_a_campaign_have_the_defaults_and_bounds_of_the_form() -> None:
    fields = {field.path: field for field in vocabulary().campaign}

    attempts = fields["policy.attempts"]
    assert (attempts.default, attempts.least, attempts.most) == (8, 1, 100)
    assert sorted(fields["policy.when_unresolved"].choices) == ["never_repeat", "repeat"]
    assert fields["name"].longest == NAME_LIMIT
    assert (fields["content.text"].default, fields["content.text"].longest) == ("", TEXT_LIMIT)
    assert fields["event_conditions"].longest == 50
    assert fields["respects_consent"].default is True
    assert "equals" in vocabulary().operators
    assert "running" in vocabulary().states


def test_rules_have_what_stands_beside_did() -> None:
    rules = {part.kind: [field.path for field in part.fields] for part in vocabulary().rules}

    assert set(rules) >= {"all", "any", "not", "profile", "did", "reachable", "listed", "member"}
    assert {"where", "at_least", "within", "first_time", "from", "until"} <= set(rules["did"])
    assert "equals" not in rules["did"]
