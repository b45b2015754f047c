"""The edges of what the gateway accepts and settles: what exactly at a limit happens, and what is not said."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import fields, replace

from tellwire.gateway.accept.smpp_submits import draft_of, facts_of, joined_draft, receipt_to
from tellwire.gateway.accept.submission import Admission, Terms, admit, make_umids
from tellwire.gateway.carriers.http_outcome import outcome_of, refusals_to_hold
from tellwire.gateway.carriers.settling import LONGEST_RETRY, Persistence, expire, put_off, settle
from tellwire.gateway.contract.drafts import Draft, Flaw, SurveyLink
from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.contract.receipts import MessageReport
from tellwire.gateway.model.inbound import InboundPart
from tellwire.gateway.model.matching import is_meant, numbers_of
from tellwire.gateway.model.message import Claimed
from tellwire.gateway.model.number import SmppLogin
from tellwire.gateway.model.part import JoinedText, SubmittedPart
from tellwire.gateway.model.smpp_address import SmppAddress, read_address, write_address
from tellwire.gateway.smpp.accounts import Allowance, BindGrant, CustomerSubmit, bind_status, read_submit
from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.deliveries import ReceiptFacts
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import SubmitSm
from tellwire.kernel.clock import to_ms
from tellwire.kernel.failure import Accepted, Backoff, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.http.message import HttpAnswer
from tellwire.kernel.provider.answer import AnswerFormat
from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import MessageStatus, Standing

NOW = datetime(2026, 1, 31, tzinfo=UTC)
HOUR = timedelta(hours=1)


def admitted(item: Draft | Flaw, lane: str | None = "carrier", *, may_send: bool = True) -> Admission:
    terms = Terms(
        subaccount="demo",
        account="acme",
        default_source="Shop",
        currency="USD",
        route=lambda _destination, _source: (lane, 7),
        may_send=lambda _source, _destination: may_send,
    )
    return admit([item], ["u"], terms, NOW)


def draft(text: str = "hi", **members: object) -> Draft:
    return Draft(destination="6591230000", text=text, **members)  # type: ignore[arg-type]  # members by name


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 1530, 10), ("é" * 1530, 10), ("漢" * 670, 10)],
)
def test_ten_parts_are_taken_and_each_is_paid(text: str, parts: int) -> None:
    (message,) = admitted(draft(text)).accepted

    assert (message.parts, message.price_micro) == (parts, parts * 7)


@pytest.mark.parametrize("text", ["a" * 1531, "漢" * 671, "漢" * 1530])
def test_an_eleventh_part_is_refused_and_nothing_is_cut(text: str) -> None:
    assert admitted(draft(text)).first_error == ApiError(
        status=400, code=1004, message="Invalid Text value. Reached max allowed limit"
    )


def test_refusals_have_8x8s_codes() -> None:
    nowhere, foreign = admitted(draft(), None), admitted(draft(), may_send=False)

    assert [
        (one.first_error.status, one.first_error.code) for one in (nowhere, foreign) if one.first_error
    ] == [
        (400, 1002),
        (400, 1005),
    ]
    assert nowhere.rejected == [(1002, "There is no route to this destination")]
    assert not nowhere.accepted


@pytest.mark.parametrize(
    ("closes_at", "scheduled", "is_late"),
    [
        (NOW + HOUR, NOW + HOUR, True),
        (NOW + HOUR, NOW + HOUR - timedelta(milliseconds=1), False),
        (NOW + HOUR, None, False),
        (None, NOW + HOUR, False),
    ],
)
def test_a_survey_must_be_open_when_its_text_goes(
    closes_at: datetime | None, scheduled: datetime | None, is_late: bool
) -> None:
    admission = admitted(draft(survey=SurveyLink(survey="s", closes_at=closes_at), scheduled=scheduled))

    assert (admission.first_error is not None) is is_late
    if admission.first_error:
        assert (admission.first_error.status, admission.first_error.code) == (400, 1011)


def test_a_message_is_tried_for_48_hours_from_when_it_is_due_unless_its_sender_says_otherwise() -> None:
    cases = [draft(), draft(scheduled=NOW + HOUR), draft(scheduled=NOW + HOUR, expiry=NOW + 2 * HOUR)]

    messages = [admitted(one).accepted[0] for one in cases]

    assert [(one.due_ms, one.expiry_ms) for one in messages] == [
        (None, to_ms(NOW + 48 * HOUR)),
        (to_ms(NOW + HOUR), to_ms(NOW + 49 * HOUR)),
        (to_ms(NOW + HOUR), to_ms(NOW + 2 * HOUR)),
    ]


def test_the_first_refusal_is_the_requests_and_answers_keep_their_places() -> None:
    flaws = [Flaw(error=ApiError(status=400, code=code, message=str(code))) for code in (1, 2)]
    terms = Terms(
        subaccount="demo", account="a", default_source="Shop", currency="USD", route=lambda *_: ("carrier", 0)
    )

    admission = admit([draft(source="ACME"), *flaws, draft()], ["u1", "u2", "u3", "u4"], terms, NOW)

    assert admission.first_error is not None
    assert admission.first_error.code == 1
    assert [answer.status.code for answer in admission.answers] == [
        "QUEUED",
        "REJECTED",
        "REJECTED",
        "QUEUED",
    ]
    assert [(one.umid, one.source) for one in admission.accepted] == [("u1", "ACME"), ("u4", "Shop")]


def test_umids_are_of_their_moment_and_of_their_own_bytes() -> None:
    at = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)

    made = make_umids(at, bytes(range(32)))
    variants = [make_umids(at, bytes([0, 0, last, *[0] * 13]))[0][19] for last in range(5)]

    assert made == ["00000000-03e8-7000-a030-405060708090", "00000000-03e8-7101-a131-415161718191"]
    assert variants == ["8", "9", "a", "b", "8"]


CLAIMED = Claimed(1, 1, "u", "ACME", "6591230000", "hi", Encoding.GSM7, 0, 0, None, "demo")


def settled_after(attempts: int, outcome: Outcome, jitter: float = 0.0, **members: object) -> float | None:
    """Return for how many seconds the message is put off, None when it is not."""
    persistence = Persistence(**members)  # type: ignore[arg-type]  # members by name
    claimed = Claimed(1, 1, "u", "ACME", "6591230000", "hi", Encoding.GSM7, 0, attempts, None, "demo")
    one = settle(claimed, {1: outcome}, persistence=persistence, now=NOW, jitter=jitter)
    return None if one.retry_at is None else (one.retry_at - NOW).total_seconds()


def test_a_carrier_is_asked_ten_times_in_some_twenty_minutes_and_an_unanswered_part_goes_again() -> None:
    waits = [settled_after(attempts, Unresolved("no answer")) for attempts in range(10)]

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 150, None]
    assert settled_after(0, Deferred("busy", "48", 10_000.0), 1.0) == LONGEST_RETRY.total_seconds() == 330.0
    assert settled_after(0, Deferred("busy", "48"), backoff=Backoff(attempts=1)) is None


def test_what_expired_or_was_put_off_keeps_the_parts_that_went() -> None:
    expired, later = expire(1, 2, [(1, "r")], NOW), put_off(CLAIMED, [(1, "r")], NOW)

    assert expired.standing is not None
    assert (expired.standing.status.value, expired.error_code, expired.references) == (
        "expired",
        36,
        [(1, "r")],
    )
    assert (later.standing, later.error_code, later.retry_at, later.references) == (None, 0, NOW, [(1, "r")])


@pytest.mark.parametrize(
    ("status", "in_a_row"), [(401, 1), (407, 1), (402, 5), (403, 5), (400, None), (404, None), (200, None)]
)
def test_a_wrong_key_holds_a_carrier_at_once_and_what_may_be_of_one_message_after_five(
    status: int, in_a_row: int | None
) -> None:
    assert refusals_to_hold(status) == in_a_row


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, Deferred, "8"),
        (400, Refused, "41"),
        (408, Unresolved, "51"),
        (504, Unresolved, "51"),
        (425, Unresolved, "47"),
        (429, Deferred, "47"),
        (503, Unresolved, "47"),
        (500, Unresolved, "40"),
    ],
)
def test_an_http_carriers_answer_has_one_of_8x8s_codes(status: int, kind: type[Outcome], code: str) -> None:
    outcome = outcome_of(HttpAnswer(status=status, headers={}, body=b""), AnswerFormat())

    assert isinstance(outcome, kind)
    assert not isinstance(outcome, Accepted)
    assert outcome.code == code


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (SmppAddress(system_id="acme"), "smpp://acme"),
        (SmppAddress(system_id="a/b"), "smpp://a%2Fb"),
        (SmppAddress(system_id="acme", source=(5, 0)), "smpp://acme?source=5.0"),
        (SmppAddress(system_id="acme", source=(0, 1)), "smpp://acme?source=0.1"),
        (SmppAddress(system_id="acme", destination=(2, 1)), "smpp://acme?destination=2.1"),
        (SmppAddress(system_id="acme", destination=(1, 0), of=2), "smpp://acme?destination=1.0&of=2"),
        (SmppAddress(system_id="acme", source=(0, 0), destination=(1, 1), of=1), "smpp://acme"),
        (SmppAddress(system_id="acme", only_failures=True), "smpp://acme?only=failures"),
    ],
)
def test_where_a_receipt_goes_is_written_short_and_read_back(address: SmppAddress, url: str) -> None:
    assert write_address(address) == url
    assert read_address(url) == address


def test_an_address_that_says_nothing_is_of_an_unknown_sender_and_an_international_number() -> None:
    said = read_address("smpp://acme")

    assert (said.source, said.destination, said.of, said.only_failures) == ((0, 0), (1, 1), 1, False)


def submit(registered: int = 0, **members: object) -> CustomerSubmit:
    sm = SubmitSm(
        destination_addr="6591230000", registered_delivery=registered, short_message=b"hi", **members
    )  # type: ignore[arg-type]  # members by name
    asked = read_submit(sm, Dialect(), NOW)
    assert isinstance(asked, CustomerSubmit)
    return asked


GRANT = BindGrant(system_id="acme")


@pytest.mark.parametrize(
    ("registered", "style", "client_id"),
    [
        (0, "8x8", None),
        (1, "smpp", "u"),
        (2, "smpp_failures", "u"),
        (3, "smpp", "u"),
        (4, "8x8", None),
        (16, "8x8", None),
    ],
)
def test_a_submit_is_told_of_what_it_asked_to_hear(
    registered: int, style: str, client_id: str | None
) -> None:
    """registered_delivery: 1 for every end, 2 for failures; what else is in it asks for no receipt (5.2.17)."""
    asked = submit(registered)

    made = draft_of(GRANT, asked, "u")

    assert (made.style, made.client_id) == (style, client_id)
    assert (receipt_to(GRANT, asked) is None) is (client_id is None)


def part(number: int, url: str | None) -> SubmittedPart:
    return SubmittedPart(
        subaccount="demo",
        system_id="acme",
        bind="b",
        source="ACME",
        destination="6591230000",
        reference=1,
        total=3,
        number=number,
        umid=f"u{number}",
        alphabet="GSM7",
        octets=b"abc"[number - 1 : number],
        receipt_to=url,
        deliver_at=None,
        expires_at=None,
        received=NOW,
    )


@pytest.mark.parametrize(
    ("urls", "style", "client_id"),
    [
        ([None, None, None], "8x8", None),
        ([None, "smpp://acme?only=failures", None], "smpp_failures", "u2"),
        (["smpp://acme?only=failures", None, "smpp://acme"], "smpp", "u1 u3"),
    ],
)
def test_a_part_that_wants_every_receipt_goes_before_one_that_wants_failures(
    urls: list[str | None], style: str, client_id: str | None
) -> None:
    parts = [part(number, url) for number, url in enumerate(urls, start=1)]

    made = joined_draft(JoinedText(joint=1, parts=tuple(parts)))

    assert (made.text, made.style, made.client_id) == ("abc", style, client_id)


@pytest.mark.parametrize(
    ("destination", "is_one"),
    [
        ("1234567", True),
        ("123456", False),
        ("1" * 15, True),
        ("1" * 16, False),
        ("+6591230000", True),
        ("65x1230", False),
    ],
)
def test_a_recipient_has_7_to_15_digits(destination: str, is_one: bool) -> None:
    asked = read_submit(SubmitSm(destination_addr=destination), Dialect(), NOW)

    assert (asked != Status.RINVDSTADR) is is_one


def test_a_time_that_has_come_is_no_schedule() -> None:
    later, now = "000000000001000R", "000000000000000R"

    assert submit(schedule_delivery_time=later).deliver_at == NOW + timedelta(seconds=1)
    assert submit(schedule_delivery_time=now).deliver_at is None
    assert submit(validity_period=now).expires_at == NOW
    assert (
        read_submit(SubmitSm(destination_addr="6591230000", esm_class=0x04), Dialect(), NOW)
        == Status.RINVESMCLASS
    )
    assert (
        read_submit(SubmitSm(destination_addr="6591230000", data_coding=0x04), Dialect(), NOW)
        == Status.RSUBMITFAIL
    )


def test_a_customer_has_four_binds_of_fifty_a_second_and_500_waiting_as_8x8_documents() -> None:
    """8x8 contract 6"""
    login = SmppLogin(system_id="acme", subaccount="demo", password="hash")

    assert (GRANT.binds, GRANT.throughput_per_s, GRANT.window) == (4, 50, 500)
    assert (login.binds, login.messages_per_s, login.is_enabled) == (4, 50, True)
    assert [bind_status(GRANT, bound) for bound in (0, 3, 4)] == [Status.ROK, Status.ROK, Status.RALYBND]


def test_half_a_seconds_messages_may_come_at_once_and_one_of_a_slow_bind() -> None:
    fast, slow = Allowance(8, 0.0), Allowance(1, 0.0)

    at_once = [sum(one.take(0.0) for _ in range(100)) for one in (fast, slow)]
    later = [sum(one.take(1000.0) for _ in range(100)) for one in (fast, slow)]
    refilled = [fast.take(1000.0 + sixteenths / 16) for sixteenths in (1, 2, 3, 4)]

    assert at_once == later == [4, 1]
    assert refilled == [False, True, False, True]


@pytest.mark.parametrize(
    ("addresses", "numbers"),
    [
        (["6591230"], "6591230"),
        (["659123"], ""),
        ([" +6591230000 ", "Shop"], "6591230000"),
        (["659123000²"], ""),
        (["65912x0000"], ""),
    ],
)
def test_seven_digits_tell_people_apart(addresses: list[str], numbers: str) -> None:
    assert numbers_of(addresses) == numbers


def test_a_receipt_means_whose_last_seven_digits_it_names() -> None:
    meant = Part(1, "6580000001", "6591230000")

    named = [
        "",
        "91230000",
        "0091230000",
        "6591230001",
        "6580000001",
        "6580000001 6591230000",
        "6580000001 6591230001",
    ]

    assert [is_meant(meant, numbers) for numbers in named] == [True, True, True, False, True, True, False]


class Part:
    def __init__(self, seq: int, source: str, destination: str) -> None:
        self.seq, self.source, self.destination = seq, source, destination


def test_a_text_from_a_handset_is_whole_unless_it_says_otherwise() -> None:
    whole = InboundPart(
        umid="u", carrier="c", source="1", destination="2", body="", encoding="", received=NOW, owner=None
    )

    assert (whole.reference, whole.number, whole.total, whole.octets, whole.alphabet) == (
        0,
        1,
        1,
        None,
        "GSM7",
    )


@pytest.mark.parametrize("noun", [SmppAddress, CustomerSubmit, ReceiptFacts])
def test_who_names_no_type_of_number_is_an_unknown_sender_to_an_international_number(noun: type) -> None:
    meant = {field.name: field.default for field in fields(noun)}

    assert meant.get("source_ton_npi", meant.get("source")) == (0, 0)
    assert meant.get("destination_ton_npi", meant.get("destination")) == (1, 1)


@pytest.mark.parametrize(
    ("is_part", "of", "parts"), [(False, 1, 4), (True, 1, 1), (False, 2, 1), (True, 2, 1)]
)
def test_a_receipt_counts_the_parts_of_a_whole_text_and_one_of_what_came_in_parts(
    is_part: bool, of: int, parts: int
) -> None:
    report = MessageReport(
        umid="u", subaccount="demo", source="ACME", destination="6591230000", standing=Standing(MessageStatus.SENT),
        error_code=0, at=NOW + HOUR, parts=4,
    )  # fmt: skip
    address = SmppAddress(system_id="acme", source=(5, 0), destination=(2, 1), of=of)

    facts = facts_of(report, "u", address, is_part=is_part)
    created = facts_of(replace(report, created=NOW), "u", address, is_part=is_part)

    assert facts.parts == parts
    assert (facts.submitted_at, created.submitted_at, facts.done_at) == (NOW + HOUR, NOW, NOW + HOUR)
    assert (facts.source_ton_npi, facts.destination_ton_npi, facts.stat) == ((5, 0), (2, 1), "ENROUTE")
