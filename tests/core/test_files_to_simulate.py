"""Files for a simulation: what is wrong is said by file, line and field."""

import pytest

from tellwire.platform.control.catalog_yaml import BadDocument
from tellwire.platform.control.simulating import read_files

CAMPAIGN = "- {{name: {name}, start: {{event: Seen}}, steps: [{{send: {{text: Hi}}}}]}}\n"


def campaigns(*names: str) -> str:
    return "campaigns:\n" + "".join(CAMPAIGN.format(name=name) for name in names)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([campaigns("A", "a")], "0: campaigns[1].name: Line 3: “a” is the name of another campaign."),
        ([campaigns("A"), campaigns("B", "a")], "1: campaigns[1].name: Line 3: “a” is the name"),
        ([campaigns(*map(str, range(1_001)))], "0: campaigns: Line 1: There are more than 1000, and"),
        (["campaigns: " + "[" * 3_000 + "]" * 3_000], "0: The document nests more than 150 levels."),
        (
            [campaigns("A").replace("start", "from: 2026-06-01, start")],
            "0: campaigns[0].from: Line 2: This is not a moment: write 2026-06-06T09:00:00",
        ),
        (
            [
                "audiences:\n- {name: A, rule: {profile: P, equals: 1}}\n",
                "audiences:\n- {name: B, rule: {profile: P, equals: 1}}\n\n- {name: C, rule: {all: []}}\n",
            ],
            "1: audiences[1].rule.all: Line 4: An empty list",
        ),
        (
            [
                "audiences:\n- {name: A, rule: {member: B}}\n",
                "audiences:\n- {name: B, rule: {member: A}}\n",
            ],
            "1: audiences[0].rule: Line 2: “A” is made of itself",
        ),
    ],
)
def test_a_file_that_is_wrong_says_where(files: list[str], said: str) -> None:
    with pytest.raises(BadDocument) as refusal:
        read_files([(str(number), text) for number, text in enumerate(files)])

    assert said in str(refusal.value)
