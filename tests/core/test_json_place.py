"""Where a mistake in JSON is told to be."""

import msgspec
import pytest

from tellwire.kernel.json_place import json_mistake


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "line 1, column 2: it ends before it is whole"),
        ('{"a": 1,}', "line 1, column 9: trailing comma in object"),
        ('{\n  "a": "b" "c"\n}', "line 2, column 12: expected ',' or '}'"),
        ('{"ä":1,,}', "line 1, column 8: object keys must be strings"),
        ("", "line 1, column 1: it ends before it is whole"),
    ],
)
def test_a_mistake_is_told_by_line_and_column_of_characters(text, place):
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(text)

    assert json_mistake(text, caught.value) == json_mistake(text.encode(), caught.value) == place
