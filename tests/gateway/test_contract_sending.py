"""Laws of reading the bodies of the sending endpoints (8x8 contract 2.2 to 2.4, 8.1, 8.2)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tellwire.gateway.contract.drafts import BatchRequest, Draft, Flaw
from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.contract.sending import read_batch, read_single
from tellwire.kernel.sms import Encoding

NOW = datetime(2026, 1, 31, 8, 15, 30, tzinfo=UTC)


def single(**members: object) -> Draft | ApiError:
    return read_single(msgspec.json.encode({"destination": "+6591230000", "text": "hi", **members}), NOW)


def batch(body: object) -> BatchRequest | ApiError:
    return read_batch(msgspec.json.encode(body), NOW)


def drafts(read: BatchRequest | ApiError) -> list[Draft]:
    assert isinstance(read, BatchRequest)
    return [item for item in read.items if isinstance(item, Draft)]


@pytest.mark.parametrize(
    ("members", "field", "value"),
    [
        ({"destination": "+6591230000"}, "destination", "6591230000"),
        ({"destination": "6591230000"}, "destination", "6591230000"),
        ({"destination": 6591230000}, "destination", "6591230000"),
        ({"destination": "+65 9123 0000"}, "destination", "6591230000"),
        ({"destination": "91230000", "country": "SG"}, "destination", "6591230000"),
        ({"destination": "5215562000000"}, "destination", "525562000000"),  # Mexico's old 1
        ({"destination": "+5491115 2345 6789"}, "destination", "5491123456789"),
        ({"destination": "+6591230000", "country": "MX"}, "destination", "6591230000"),
        ({"destination": "0011 65 9123 0000", "country": "AU"}, "destination", "6591230000"),
        ({"destination": "011 65 9123 0000", "country": "US"}, "destination", "6591230000"),
        ({"destination": "+٦٥٩١٢٣٠٠٠٠"}, "destination", "6591230000"),
        ({"destination": "390669820000"}, "destination", "390669820000"),  # Italy keeps its zero
        ({"destination": "01632 960 961", "country": "gb"}, "destination", "441632960961"),
        ({"destination": "01632 960 961", "country": "UK"}, "destination", "441632960961"),
        ({"text": 42}, "text", "42"),
        ({"text": "a\0b"}, "text", "ab"),
        ({"source": "ACME"}, "source", "ACME"),
        ({"source": "+1234567890123456"}, "source", "+1234567890123456"),
        ({"source": 12345}, "source", "12345"),
        ({"source": None}, "source", ""),
        ({"encoding": "Auto"}, "encoding", None),
        ({"encoding": "auto"}, "encoding", None),
        ({"encoding": "AUTO"}, "encoding", None),
        ({"encoding": "gsm7"}, "encoding", Encoding.GSM7),
        ({"encoding": "GSM7bit"}, "encoding", Encoding.GSM7),
        ({"encoding": "UNICODE"}, "encoding", Encoding.UCS2),
        ({"clientMessageId": 77}, "client_id", "77"),
        ({"mid": "9.1.2"}, "client_id", "9.1.2"),
        ({"clientMessageId": "own", "mid": "9.1.2"}, "client_id", "own"),
        ({"dlrCallbackUrl": "http://a.example/x?y=1"}, "callback_url", "http://a.example/x?y=1"),
        (
            {"scheduled": "2026-02-01T08:15:30+08:00"},
            "scheduled",
            datetime(2026, 2, 1, 0, 15, 30, tzinfo=UTC),
        ),
        ({"scheduled": "2026-01-30T08:15:30Z"}, "scheduled", None),
        ({"expiry": "2026-01-31T09:00:00.0000000Z"}, "expiry", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ({"track": "outcome"}, "tracked", True),
        ({"clientIp": "192.0.2.1"}, "client_ip", "192.0.2.1"),
        ({"clientIp": "2001:DB8:0::1"}, "client_ip", "2001:db8::1"),
        ({"clientIp": "::ffff:192.0.2.1"}, "client_ip", "192.0.2.1"),
        ({"unheard": {"of": [1]}}, "text", "hi"),
    ],
)
def test_a_message_is_read_leniently(members: dict[str, object], field: str, value: object) -> None:
    read = single(**members)

    assert isinstance(read, Draft)
    assert getattr(read, field) == value


@pytest.mark.parametrize(
    ("members", "code", "sentence"),
    [
        ({"destination": "abc"}, 1002, "Invalid MSISDN format (not E.164 international number)"),
        (
            {"destination": "0011 65 9123 0000"},
            1002,
            "Invalid MSISDN format (not E.164 international number)",
        ),
        ({"destination": "123"}, 1002, "Invalid MSISDN format (not E.164 international number)"),
        ({"destination": None}, 1002, "Invalid MSISDN format (not E.164 international number)"),
        ({"destination": ["6591230000"]}, 1002, "Invalid MSISDN format (not E.164 international number)"),
        ({"text": ""}, 1004, "Text value is missing"),
        ({"text": {"a": 1}}, 1004, "Text value is missing"),
        ({"source": "ABCDEFGHIJKLMNOPQ"}, 1005, "Invalid Source value. Reached max allowed limit"),
        ({"source": "ABCDEFGHIJKL"}, 1005, "Invalid Source value. Reached max allowed limit"),
        ({"source": "no_underscore"}, 1005, "Invalid Source value"),
        ({"encoding": "latin1"}, 1003, "Invalid Encoding value. It is none of AUTO, GSM7, UCS2"),
        ({"expiry": "2026-01-31T08:15:29Z"}, 1006, "Expiry time already reached"),
        ({"expiry": "tomorrow"}, 1006, "Invalid Expiry value"),
        (
            {"scheduled": "2026-02-08T08:15:30Z"},
            1011,
            "Invalid Scheduled value. It is more than 7 days ahead",
        ),
        ({"country": "SGP"}, 1009, "Invalid Country value"),
        # Read without its country, this would be a number in Russia.
        ({"destination": "79123456789", "country": "XX"}, 1009, "Invalid Country value"),
        ({"clientIp": "1.2.3"}, 1012, "Invalid clientIp value"),
        ({"dlrCallbackUrl": "ftp://a.example/"}, 3020, "Invalid DLR callback URL"),
        ({"dlrCallbackUrl": "http://"}, 3020, "Invalid DLR callback URL"),
        ({"dlrCallbackUrl": "http://user:pass@a.example/"}, 3020, "Invalid DLR callback URL"),
        (
            {"clientMessageId": "x" * 351},
            3009,
            "Invalid clientMessageId value. It has more than 350 characters",
        ),
    ],
)
def test_a_flawed_message_is_refused_with_its_code(
    members: dict[str, object], code: int, sentence: str
) -> None:
    read = single(**members)

    assert isinstance(read, ApiError)
    assert (read.status, read.code, read.message) == (400, code, sentence)


@pytest.mark.parametrize("wrong", [True, False, ["x"], {"x": "y"}, []])
@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("source", 1005),
        ("sender", 1005),
        ("country", 1009),
        ("encoding", 1003),
        ("clientMessageId", 1000),
        ("mid", 1000),
        ("scheduled", 1011),
        ("expiry", 1006),
        ("dlrCallbackUrl", 3020),
        ("partnerCallbackUrl", 3020),
        ("clientIp", 1012),
        ("track", 1000),
    ],
)
def test_an_optional_member_of_the_wrong_type_is_refused_and_not_passed_over(
    member: str, code: int, wrong: object
) -> None:
    read = single(**{member: wrong})

    assert isinstance(read, ApiError)
    assert (read.status, read.code) == (400, code)


@pytest.mark.parametrize(
    ("member", "value"),
    [("clientBatchId", ["b"]), ("clientIp", 3.5), ("includeMessagesInResponse", "maybe"),
     ("includeMessagesInResponse", []), ("includeMessagesInResponse", 2)],
)  # fmt: skip
def test_a_batchs_own_member_of_the_wrong_type_refuses_the_batch(member: str, value: object) -> None:
    message = {"destination": "6591230000", "text": "t"}

    assert isinstance(batch({"messages": [message], member: value}), ApiError)


@pytest.mark.parametrize(
    ("value", "wants"),
    [(True, True), ("TRUE", True), (1, True), ("1", True), (False, False), ("false", False), (0, False),
     (None, False), ("", False)],
)  # fmt: skip
def test_truth_is_read_leniently(value: object, wants: bool) -> None:
    message = {"destination": "6591230000", "text": "t"}

    read = batch({"messages": [message], "includeMessagesInResponse": value})

    assert isinstance(read, BatchRequest)
    assert read.wants_messages is wants


def test_moengage_names_stand_in_for_absent_members_only() -> None:
    read = read_single(b'{"recipient":"6591230000","message":"m","sender":"S1a","text":"t"}', NOW)

    assert isinstance(read, Draft)
    assert (read.destination, read.text, read.source) == ("6591230000", "t", "S1a")


def test_a_batch_item_overrides_the_template() -> None:
    read = batch(
        {
            "messages": [{"destination": "6591230000"}, {"destination": "6591230001", "text": "own"}],
            "template": {"text": "shared", "source": "ACME", "encoding": "ucs2"},
            "clientBatchId": "b-1",
            "includeMessagesInResponse": True,
        }
    )

    assert isinstance(read, BatchRequest)
    assert [draft.text for draft in drafts(read)] == ["shared", "own"]
    assert {(draft.source, draft.encoding) for draft in drafts(read)} == {("ACME", Encoding.UCS2)}
    assert (read.client_batch_id, read.wants_messages, read.is_bare) == ("b-1", True, False)


def test_messages_win_over_destinations() -> None:
    read = batch(
        {
            "messages": [{"destination": "6591230000", "text": "own"}],
            "destinations": ["6591230001", "6591230002"],
            "template": {"text": "shared"},
        }
    )

    assert [draft.destination for draft in drafts(read)] == ["6591230000"]


@pytest.mark.parametrize("empty", [[], None])
def test_a_list_without_messages_leaves_the_word_to_destinations(empty: object) -> None:
    read = batch({"messages": empty, "destinations": ["6591230001"], "template": {"text": "shared"}})

    assert [(draft.destination, draft.text) for draft in drafts(read)] == [("6591230001", "shared")]


def test_destinations_share_the_template() -> None:
    read = batch({"destinations": ["6591230001", 6591230002], "template": {"text": "shared"}})

    assert [(draft.destination, draft.text) for draft in drafts(read)] == [
        ("6591230001", "shared"),
        ("6591230002", "shared"),
    ]


def test_a_bare_object_is_a_batch_of_one() -> None:
    read = batch(
        {"source": "ACME", "destination": "6591230000", "text": "hi", "mid": "m.1", "encoding": "Auto"}
    )

    assert isinstance(read, BatchRequest)
    assert read.is_bare
    assert [draft.client_id for draft in drafts(read)] == ["m.1"]


@pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"uid": "u", "msgs": items}])
def test_an_array_and_msgs_are_batches(wrap: object) -> None:
    items = [{"destination": "6591230000", "text": "a"}, {"destination": "6591230001", "text": "b"}]

    read = batch(wrap(items))  # type: ignore[operator]  # parametrized functions have no type

    assert [draft.text for draft in drafts(read)] == ["a", "b"]


def test_a_partner_message_keeps_its_mid_and_callback() -> None:
    read = batch(
        {
            "msgs": [
                {
                    "destination": "6591230000",
                    "text": "hi",
                    "mid": "9.1.2",
                    "clientMessageId": "other",
                    "partnerCallbackUrl": "https://cb.example/sms",
                }
            ]
        }
    )

    draft = drafts(read)[0]
    assert (draft.client_id, draft.callback_url, draft.style) == (
        "9.1.2",
        "https://cb.example/sms",
        "clevertap",
    )


def test_at_the_partner_endpoint_every_message_is_clevertaps() -> None:
    """8x8's own variant leaves the callback to the subaccount's webhook (8x8 contract 8.1 b)."""
    items = [{"destination": "6591230000", "text": "hi", "mid": "9.1.2", "clientMessageId": "other"}]

    read = read_batch(msgspec.json.encode({"msgs": items}), NOW, is_partner=True)

    draft = drafts(read)[0]
    assert (draft.client_id, draft.callback_url, draft.style) == ("9.1.2", None, "clevertap")


def test_a_batch_names_the_customers_of_its_sender_for_all_and_for_each() -> None:
    items = [{"destination": "6591230000", "text": "t", "clientIp": f"192.0.2.{n}"} for n in (1, 2, 2)]

    read = batch({"messages": [*items, {"destination": "nobody"}], "clientIp": "192.0.2.9"})
    refused = batch({"messages": items, "clientIp": "somewhere"})

    assert isinstance(read, BatchRequest)
    assert read.client_ips == {"192.0.2.1", "192.0.2.2", "192.0.2.9"}
    assert isinstance(refused, ApiError)
    assert (refused.status, refused.code) == (400, 1012)


def test_a_flawed_item_keeps_its_place_and_its_own_number() -> None:
    read = batch(
        {"messages": [{"destination": "+12", "text": "a"}, {"destination": "6591230001", "text": "b"}]}
    )

    assert isinstance(read, BatchRequest)
    assert isinstance(read.items[0], Flaw)
    assert read.items[0].destination == "+12"
    assert isinstance(read.items[1], Draft)


def test_ten_thousand_messages_are_a_batch_and_one_more_is_refused() -> None:
    numbers = [f"65912{n:05d}" for n in range(10_001)]

    taken = batch({"destinations": numbers[:10_000], "template": {"text": "t"}})
    refused = [
        batch({"destinations": numbers, "template": {"text": "t"}}),
        batch({"messages": [{"destination": number, "text": "t"} for number in numbers]}),
    ]

    assert len(drafts(taken)) == 10_000
    assert [one.code for one in refused if isinstance(one, ApiError)] == [3013, 3013]


@pytest.mark.parametrize(
    "body", [{}, {"messages": []}, [], {"destinations": []}, {"template": {"text": "t"}}]
)
def test_a_batch_without_messages_is_refused(body: object) -> None:
    read = batch(body)

    assert isinstance(read, ApiError)
    assert (read.status, read.code) == (400, 3012)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b'"x"',
        b"\xff{}",
        b'{"messages":{}}',
        b'{"messages":[1]}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_no_message_is_malformed(body: bytes) -> None:
    for read in (read_single(body, NOW), read_batch(body, NOW)):
        assert isinstance(read, ApiError)
        assert read.status == 400


def test_braces_in_texts_are_no_messages() -> None:
    text = "Hi {{name}}, {{code}} is your code: {{link}}"

    read = batch({"messages": [{"destination": f"65912{n:05d}", "text": text} for n in range(10_000)]})

    assert {draft.text for draft in drafts(read)} == {text}


def test_more_objects_than_a_batch_can_hold_cost_no_memory() -> None:
    read = read_batch(b"[" + b"{}," * 1_000_000 + b"{}]", NOW)

    assert isinstance(read, ApiError)
    assert read.code == 3013


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["destination", "text", "source", "country", "encoding", "scheduled", "expiry", "clientIp", "track", "mid",
     "clientMessageId", "dlrCallbackUrl", "partnerCallbackUrl", "messages", "msgs", "destinations", "template",
     "clientBatchId", "includeMessagesInResponse", "to", "from", "body"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly, and that is no flaw
@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_any_json_is_read_or_refused(members: dict[str, object]) -> None:
    body = msgspec.json.encode(members)

    assert isinstance(read_single(body, NOW), Draft | ApiError)
    assert isinstance(read_batch(body, NOW), BatchRequest | ApiError)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert isinstance(read_single(body, NOW), Draft | ApiError)
    assert isinstance(read_batch(body, NOW), BatchRequest | ApiError)


MOMENTS = st.integers(-60 * 24 * 365 * 2000, 60 * 24 * 365 * 7900).map(
    lambda minutes: NOW + timedelta(minutes=minutes)
)


@given(MOMENTS, st.integers(-12, 14))
def test_any_moment_is_read_or_refused(moment: datetime, hours: int) -> None:
    written = f"{moment.replace(tzinfo=None).isoformat()}{hours:+03d}:00"

    read = single(scheduled=written)

    due = moment - timedelta(hours=hours)
    if due > NOW + timedelta(days=7):
        assert isinstance(read, ApiError)
    else:
        assert isinstance(read, Draft)
        assert read.scheduled == (due if due > NOW else None)
