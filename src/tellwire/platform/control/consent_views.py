"""The suppression list and the consent ledger as the API and files show them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from tellwire.kernel.csv_lines import csv_line
from tellwire.platform.control.shapes import SubjectView
from tellwire.platform.model.address import whole
from tellwire.platform.model.consent import ConsentLine, ConsentSource, ConsentWhat
from tellwire.platform.model.profile import SuppressionSource
from tellwire.platform.model.value import Value
from tellwire.platform.ports.consent import Suppression


class SuppressedView(msgspec.Struct, frozen=True, kw_only=True):
    """An address that must not be written to: in full, for it has to be found again."""

    address: str
    source: SuppressionSource
    at: datetime
    until: datetime | None
    reason: str
    by: str


class ConsentView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the consent ledger.

    `what` is `suppression`, of an `address`, or a flag of a profile. `before` and `after` are whether the address was
    suppressed, or the flag as written; null before: nothing stood. `text` is what the person wrote, `message_id` the
    message that it answers, `by` who of the account did it.
    """

    seq: int
    at: datetime
    what: ConsentWhat
    source: ConsentSource
    before: Value
    after: Value
    address: str | None
    profile_id: str | None
    subject: SubjectView | None
    text: str
    message_id: str
    reason: str
    by: str


def suppressed_view(one: Suppression) -> SuppressedView:
    """Return a suppressed address as it is shown."""
    return SuppressedView(
        address=whole(one.address),
        source=one.source,
        at=one.at,
        until=one.until,
        reason=one.reason,
        by=one.by,
    )


def consent_view(line: ConsentLine) -> ConsentView:
    """Return a line of the ledger as it is shown."""
    change, request = line.change, line.change.request
    subject = request.subject
    return ConsentView(
        seq=line.seq,
        at=change.at,
        what=change.what,
        source=change.source,
        before=change.before,
        after=change.after,
        address=None if change.address is None else whole(change.address),
        profile_id=change.profile_id or None,
        subject=None if subject is None else SubjectView(subject.kind, subject.value),
        text=request.text,
        message_id=request.message_id,
        reason=request.reason,
        by=request.by,
    )


CONSENT_HEAD: Final = (
    *("seq", "at", "what", "source", "before", "after", "address", "profile_id", "identity"),
    *("text", "message_id", "reason", "by"),
)
SUPPRESSED_HEAD: Final = ("phone", "source", "at", "until", "reason", "by")


def consent_csv(lines: Sequence[ConsentLine]) -> bytes:
    """Return lines of the ledger as lines of a CSV, in the order of `CONSENT_HEAD`."""
    return b"".join(_consent_line(consent_view(line)) for line in lines)


def _consent_line(view: ConsentView) -> bytes:
    who = "" if view.subject is None else f"{view.subject.kind}:{view.subject.value}"
    return csv_line(
        (
            *(str(view.seq), _moment(view.at), view.what, view.source, _cell(view.before), _cell(view.after)),
            *(view.address or "", view.profile_id or "", who),
            *(view.text, view.message_id, view.reason, view.by),
        )
    )


def consent_ndjson(lines: Sequence[ConsentLine]) -> bytes:
    """Return lines of the ledger as NDJSON."""
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(consent_view(line)) + b"\n" for line in lines)


def suppressed_csv(suppressions: Sequence[Suppression]) -> bytes:
    """Return suppressed addresses as lines of a CSV, in the order of `SUPPRESSED_HEAD`: it can be imported again."""
    return b"".join(
        csv_line(
            (
                *(whole(one.address), one.source, _moment(one.at)),
                *("" if one.until is None else _moment(one.until), one.reason, one.by),
            )
        )
        for one in suppressions
    )


def head_line(names: Sequence[str]) -> bytes:
    """Return the first line of a CSV."""
    return csv_line(tuple(names))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_PLAIN: Final[Mapping[object, str]] = {None: "", True: "true", False: "false"}


def _cell(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return _PLAIN[value]
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
