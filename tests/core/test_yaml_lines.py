"""Paths of the API's problems become lines of the document."""

import pytest

from tellwire.platform.control.yaml_lines import with_lines

TEXT = """\
tellwire: 1
providers:
- nickname: 8x8
  headers:
  - [Authorization, x]
  - [X-Other, y]
campaigns:
- name: First
- name: Second
  content:
    text: |
      Hi
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("tellwire", 1),
        ("providers[0].nickname", 3),
        ("providers[0].headers[1].value", 6),
        ("campaigns[1]", 9),
        ("campaigns[1].content.text", 11),
        ("campaigns[1].event", 9),
        ("campaigns[7].event", 7),
        ("nowhere", None),
        ("", None),
    ],
)
def test_a_path_leads_to_the_line_of_its_field_or_of_what_should_hold_it(path, line):
    said = "It is wrong." if line is None else f"Line {line}: It is wrong."

    assert with_lines(TEXT, {path: "It is wrong."}) == {path: said}


def test_a_text_that_is_no_yaml_has_no_lines():
    assert with_lines("a: [", {"a": "It is wrong."}) == {"a": "It is wrong."}


def test_what_is_wrong_stands_in_the_order_of_the_lines():
    wrong = with_lines(TEXT, {"campaigns[1].event": "Name one.", "campaigns[0].event": "Name one."})

    assert list(wrong.values()) == ["Line 8: Name one.", "Line 9: Name one."]
