"""Whatever is uploaded: every record is taken or refused for a reason, and what is taken can be kept and folded."""

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import count

import msgspec
from hostile_json import records
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tellwire.platform.decide.asking import numbers_of, subjects_of
from tellwire.platform.decide.engine import decide_batch
from tellwire.platform.decide.index import index_of
from tellwire.platform.intake.clevertap import refusal
from tellwire.platform.intake.clevertap.admission import Admitted, admit
from tellwire.platform.intake.clevertap.record import Rules
from tellwire.platform.intake.clevertap.records import records_of
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.event import Entry
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import CUSTOM_PROPERTIES_LIMIT, ProfileId, custom_properties

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CODES = frozenset(value for value in vars(refusal).values() if isinstance(value, int))
RULES = Rules(default_region="SG", event_types=2)
ENTRIES = msgspec.json.Decoder(list[Entry])


def admitted(written: list[bytes]) -> Admitted:
    found = records_of(b'{"d":[' + b",".join(written) + b"]}")
    assert isinstance(found, list)
    return admit(found, now=NOW, entropy=7, rules=RULES)


@given(st.lists(records(), max_size=4))
def test_every_record_is_taken_or_refused_with_a_code_and_shown_as_it_came(written: list[bytes]) -> None:
    outcome = admitted(written)

    told = json.loads(outcome.answer)
    assert told["processed"] + len(told["unprocessed"]) == len(written)
    assert {refused["code"] for refused in told["unprocessed"]} <= CODES
    for refused in told["unprocessed"]:
        number = int(refused["error"].rpartition(" ")[2])
        assert repr(refused["record"]) == repr(
            json.loads(written[number - 1])
        )  # repr: 1e999 reads as infinity


@given(st.lists(records(), max_size=4))
def test_what_is_taken_is_kept_whole_and_can_be_decided(written: list[bytes]) -> None:
    outcome = admitted(written)

    kept = ENTRIES.decode(msgspec.json.encode(outcome.entries))
    assert [entry.id for entry in kept] == [entry.id for entry in outcome.entries]
    assert msgspec.json.encode(kept) == msgspec.json.encode(outcome.entries)
    numbers_of(kept, RULES.default_region)
    recording = decide_batch(
        kept,
        facts=Facts(),
        index=index_of(CampaignSet(version=1)),
        now=NOW,
        new_ids=(ProfileId(f"p{n}") for n in count()),
        default_region=RULES.default_region,
    )
    for profile in recording.profiles:
        assert custom_properties(profile.properties) <= CUSTOM_PROPERTIES_LIMIT
        assert set(profile.subjects) <= set(subjects_of(kept))
    assert len(recording.activity) == sum(hasattr(entry, "name") for entry in kept)


def test_what_is_generated_reaches_most_answers() -> None:
    """The laws above say something only if odd records get past the first check, and good ones are among them."""
    met: Counter[int | str] = Counter()

    @settings(max_examples=1000, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(records())
    def meet(written: bytes) -> None:
        outcome = admitted([written])
        told = json.loads(outcome.answer)["unprocessed"]
        met.update(refused["code"] for refused in told)
        met.update(type(entry).__name__ for entry in outcome.entries)

    meet()

    # Far below what is met now (24 codes; 60 and 43 of 1000), for another release of Hypothesis draws otherwise.
    assert len(met.keys() & CODES) >= 18, met
    assert min(met["Event"], met["ProfileChange"]) >= 15, met
