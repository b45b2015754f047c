"""The metrics of `/metrics`: counts and times to watch; what happened to one message is in the log.

Every name is declared here with its labels and meaning; the docs page is made from this table.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

Kind: TypeAlias = Literal["counter", "gauge", "histogram"]
MetricName: TypeAlias = Literal[
    "tellwire_events_received_total",
    "tellwire_events_refused_total",
    "tellwire_entries_decided_total",
    "tellwire_property_changes_dropped_total",
    "tellwire_decisions_total",
    "tellwire_messages_total",
    "tellwire_calls_total",
    "tellwire_send_seconds",
    "tellwire_event_to_sent_seconds",
    "tellwire_records_refused_total",
    "tellwire_receipts_total",
    "tellwire_receipts_refused_total",
    "tellwire_link_visits_total",
    "tellwire_texts_received_total",
    "tellwire_webhooks_total",
    "tellwire_waiting",
    "tellwire_lag_seconds",
    "tellwire_gateway_submissions_total",
    "tellwire_gateway_refused_total",
    "tellwire_gateway_parts_total",
    "tellwire_gateway_receipts_total",
    "tellwire_gateway_submit_seconds",
    "tellwire_gateway_binds",
    "tellwire_rows_forgotten_total",
    "tellwire_loop_crashes_total",
    "tellwire_loops_ready",
]


class Metric(msgspec.Struct, frozen=True):
    """The declaration of a metric; every label has few values, or `LABEL_VALUES` cuts them."""

    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()


METRICS: Final[Mapping[MetricName, Metric]] = MappingProxyType(
    {
        "tellwire_events_received_total": Metric("counter", "Events made durable", ("wire",)),
        "tellwire_events_refused_total": Metric("counter", "Events refused at the edge", ("wire", "reason")),
        "tellwire_records_refused_total": Metric("counter", "Records of uploads refused", ("code",)),
        "tellwire_entries_decided_total": Metric(
            "counter", "Events and profile records taken from the stream"
        ),
        "tellwire_property_changes_dropped_total": Metric(
            "counter", "Changes of profiles' properties that could not be made", ("reason",)
        ),
        "tellwire_decisions_total": Metric("counter", "Decisions of campaigns", ("outcome", "reason")),
        "tellwire_messages_total": Metric(
            "counter", "Attempts to hand messages over", ("provider", "outcome")
        ),
        "tellwire_calls_total": Metric("counter", "Tries of calls that steps make", ("outcome",)),
        "tellwire_send_seconds": Metric("histogram", "One call to a provider", ("provider",)),
        "tellwire_event_to_sent_seconds": Metric("histogram", "From an event's arrival to its message's"),
        "tellwire_receipts_total": Metric("counter", "Receipts applied to messages", ("provider", "status")),
        "tellwire_receipts_refused_total": Metric(
            "counter", "Items of callbacks that were not taken", ("provider", "reason")
        ),
        "tellwire_link_visits_total": Metric(
            "counter", "Requests for short links: person, or why they are no click", ("kind",)
        ),
        "tellwire_texts_received_total": Metric(
            "counter", "Texts of people, by the keyword they are if any", ("provider", "keyword")
        ),
        "tellwire_webhooks_total": Metric("counter", "Attempts to deliver webhooks", ("kind", "outcome")),
        "tellwire_waiting": Metric("gauge", "Things that wait for a loop", ("queue",)),
        "tellwire_lag_seconds": Metric("gauge", "Age of the oldest thing that waits", ("queue",)),
        "tellwire_gateway_submissions_total": Metric("counter", "Messages taken", ("wire", "outcome")),
        "tellwire_gateway_refused_total": Metric("counter", "Messages refused by the API", ("code",)),
        "tellwire_gateway_parts_total": Metric("counter", "Parts handed to carriers", ("carrier", "outcome")),
        "tellwire_gateway_receipts_total": Metric("counter", "Receipts of carriers", ("carrier", "status")),
        "tellwire_gateway_submit_seconds": Metric("histogram", "submit_sm to its answer", ("carrier",)),
        "tellwire_gateway_binds": Metric("gauge", "SMPP binds that are up", ("carrier",)),
        "tellwire_rows_forgotten_total": Metric("counter", "Rows deleted because they were old", ("table",)),
        "tellwire_loop_crashes_total": Metric("counter", "Crashes of loops, each started again", ("loop",)),
        "tellwire_loops_ready": Metric("gauge", "Loops that say they are ready"),
    }
)
LABEL_VALUES: Final = 200  # of one label of one metric; what comes later is counted as "other"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)


class Metrics:
    """Counts, in memory; hot paths add once a batch."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._all: dict[str, Any] = {name: self._made(name, metric) for name, metric in METRICS.items()}
        self._seen: dict[tuple[str, str], set[str]] = {}
        # By name and labels: prometheus takes 2 us to find one.
        self._children: dict[tuple[object, ...], Any] = {}

    def count(self, name: MetricName, amount: float = 1, **labels: str) -> None:
        """Add `amount` to a counter."""
        self._of(name, labels, "counter").inc(amount)

    def counter(self, name: MetricName, **labels: str) -> Callable[[float], None]:
        """Return what adds to one counter, for a hot path that looks its labels up once."""
        add: Callable[[float], None] = self._of(name, labels, "counter").inc
        return add

    def histogram(self, name: MetricName, **labels: str) -> Callable[[float], None]:
        """Return what adds an observation to one histogram, for a hot path that looks its labels up once."""
        observe: Callable[[float], None] = self._of(name, labels, "histogram").observe
        return observe

    def gauge(self, name: MetricName, value: float, **labels: str) -> None:
        """Set a gauge."""
        self._of(name, labels, "gauge").set(value)

    def gauge_by(self, name: MetricName, change: float, **labels: str) -> None:
        """Add to a gauge that several owners share, each with a part of its own."""
        self._of(name, labels, "gauge").inc(change)

    def observe(self, name: MetricName, seconds: float, **labels: str) -> None:
        """Add one observation to a histogram."""
        self._of(name, labels, "histogram").observe(seconds)

    def render(self) -> bytes:
        """Return the text that Prometheus reads."""
        return generate_latest(self._registry)

    def _made(self, name: MetricName, metric: Metric) -> Any:
        match metric.kind:
            case "counter":
                return Counter(name, metric.meaning, metric.labels, registry=self._registry)
            case "gauge":
                return Gauge(name, metric.meaning, metric.labels, registry=self._registry)
            case "histogram":
                return Histogram(
                    name, metric.meaning, metric.labels, registry=self._registry, buckets=_SECONDS
                )

    def _of(self, name: MetricName, labels: dict[str, str], kind: Kind) -> Any:
        key = (name, kind, *labels.items())
        child = self._children.get(key)
        if child is not None:
            return child
        if METRICS[name].kind != kind:
            raise TypeError(f"{name} is not a {kind}")
        metric = self._all[name]
        if not labels:
            return metric
        bounded = {label: self._bounded(name, label, value) for label, value in labels.items()}
        child = metric.labels(**bounded)
        if bounded == labels:  # what became "other" is not remembered, or this would have no bound
            self._children[key] = child
        return child

    def _bounded(self, name: str, label: str, value: str) -> str:
        seen = self._seen.setdefault((name, label), set())
        if value in seen:
            return value
        if len(seen) >= LABEL_VALUES:
            return "other"
        seen.add(value)
        return value


metrics: Final = Metrics()  # one process, one set of counts, one `/metrics`
