"""Laws of `kernel/telemetry` and `kernel/metrics`: what is declared is said, and nothing private ever is."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tellwire.kernel import metrics as metrics_module
from tellwire.kernel.address import msisdn_of_digits
from tellwire.kernel.metrics import METRICS, MetricName, Metrics
from tellwire.kernel.telemetry import KEYS, configure, log, redacted


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    out = io.StringIO()
    configure(level="info", stream=out, pretty=False)
    yield out
    structlog.reset_defaults()


def test_a_line_is_json_with_event_level_and_time(lines: io.StringIO) -> None:
    log("event.decided", campaign="welcome", count=1_000_000, duration_ms=12.5)

    line = json.loads(lines.getvalue())
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo is not None
    assert line == {
        "event": "event.decided",
        "level": "info",
        "campaign": "welcome",
        "count": 1_000_000,
        "duration_ms": 12.5,
    }


def test_debug_is_silent_unless_asked(lines: io.StringIO) -> None:
    log("message.sent", "debug", count=1)

    assert lines.getvalue() == ""


def test_a_line_without_a_listener_is_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    log("message.failed", reason="no route to +6591230000", text="Your code is 4711")

    said = capsys.readouterr()
    assert "9123" not in said.out + said.err
    assert "4711" not in said.out + said.err


def test_words_for_people_are_written_on_request() -> None:
    out = io.StringIO()
    configure(stream=out, pretty=True)
    log("server.started", port=8080)
    structlog.reset_defaults()

    assert "server.started" in out.getvalue()
    assert "8080" in out.getvalue()


@pytest.mark.parametrize(
    "key",
    ["text", "body", "secret", "token", "access_token", "Authorization", "password", "api_key", "first_name"],
)
def test_a_secret_or_undeclared_key_is_never_shown(key: str) -> None:
    assert redacted({key: "anything"}) == {key: "***"}


def test_no_declared_key_names_a_secret() -> None:
    assert all(redacted({key: "fine"})[key] == "fine" for key in KEYS)


@pytest.mark.parametrize(
    "number",
    ["+6591230000", "6591230000", "+65 9123 0000", "65-9123-0000", "(65) 9123.0000", "0065/9123/0000"],
)
def test_a_run_of_digits_that_could_be_a_phone_number_is_masked(number: str) -> None:
    shown = redacted({"reason": f"cannot route {number} today"})["reason"]

    assert isinstance(shown, str)
    assert shown.endswith("*** today")
    assert sum(letter.isdigit() for letter in shown) == 0


@given(
    digits=st.from_regex(r"[0-9]{7,15}", fullmatch=True),
    before=st.text(max_size=5),
    after=st.text(max_size=5),
)
def test_no_number_survives_in_any_surroundings(digits: str, before: str, after: str) -> None:
    assert digits not in str(redacted({"reason": before + digits + after})["reason"])


def test_values_keep_what_is_harmless() -> None:
    now = datetime(2026, 11, 22, 15, 7, tzinfo=UTC)
    keys = {
        "message_id": "019a2b3c4d51234567890123",
        "decision_id": "6a1b0f0e-1234-4567-89ab-0123456789ab",
        "msisdn": msisdn_of_digits("6591230000"),
        "where": now,
        "host": "192.168.100.200",
        "code": 5000,
        "waited_ms": 12_345_678,
        "outcome": None,
    }

    assert redacted(keys) == keys | {"msisdn": "+65******00", "where": "2026-11-22T15:07:00+00:00"}


def test_a_number_as_an_integer_and_anything_nested_are_masked() -> None:
    assert redacted({"code": 6591230000, "kind": {"msisdn": "x"}}) == {"code": "***", "kind": "***"}


def test_an_exception_is_its_type_and_place_without_its_words() -> None:
    try:
        json.loads("{secret words")
    except ValueError as error:
        shown = str(redacted({"error": error})["error"])

    assert shown.startswith("JSONDecodeError at raw_decode:")
    assert "secret" not in shown


def test_a_long_value_is_cut() -> None:
    assert len(str(redacted({"reason": "x" * 10_000})["reason"])) == 300


def test_every_metric_name_is_declared_once() -> None:
    assert set(get_args(MetricName)) == set(METRICS)
    assert all(metric.meaning for metric in METRICS.values())


def test_what_was_counted_is_rendered() -> None:
    counts = Metrics()
    counts.count("tellwire_events_received_total", 100, wire="clevertap")
    counts.count("tellwire_events_received_total", wire="clevertap")
    counts.gauge("tellwire_waiting", 7, queue="outbox")
    counts.observe("tellwire_event_to_sent_seconds", 0.3)

    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(counts.render().decode())
        for sample in family.samples
    }
    assert samples["tellwire_events_received_total", "clevertap"] == 101
    assert samples["tellwire_waiting", "outbox"] == 7
    assert samples["tellwire_event_to_sent_seconds_bucket", "0.5"] == 1
    assert "process_resident_memory_bytes" in {name for name, *_ in samples}


def test_a_label_has_a_bounded_number_of_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_module, "LABEL_VALUES", 3)
    counts = Metrics()
    for n in range(10):
        counts.count("tellwire_events_received_total", wire=f"wire {n}")

    text = counts.render().decode()
    assert 'wire="other"} 7.0' in text
    assert text.count("tellwire_events_received_total{") == 4


def test_a_metric_of_another_kind_is_a_bug() -> None:
    with pytest.raises(TypeError, match="not a counter"):
        Metrics().count("tellwire_gateway_binds", carrier="x")
