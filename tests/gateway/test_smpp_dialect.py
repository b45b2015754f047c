"""Dialects: what goes out as one carrier wants it, and what comes back read as it was meant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.gateway.smpp.commands import Status, Tag
from tellwire.gateway.smpp.deliveries import ReceiptFacts, receipt_sm, stat_of, text_sms
from tellwire.gateway.smpp.dialect import Dialect, canonical_receipt_id, canonical_submit_id
from tellwire.gateway.smpp.pdu import DataSm, DeliverSm, SubmitSm, tlv
from tellwire.gateway.smpp.receipts import DeliveredReceipt, Inbound, read_deliver, receipt_fields
from tellwire.gateway.smpp.submission import submit_pdus
from tellwire.gateway.smpp.texts import words_of
from tellwire.gateway.smpp.times import read_time, write_time
from tellwire.gateway.smpp.verdicts import STATS, outcome
from tellwire.kernel.address import SenderId, msisdn_of_digits
from tellwire.kernel.failure import Accepted, Deferred, Refused
from tellwire.kernel.sms import Encoding, compose
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

NOW = datetime(2026, 11, 22, 14, 53, 7, tzinfo=UTC)
ACME = SenderId("ACME", "alphanumeric")
LISA = msisdn_of_digits("6591230000")
LONG = "All work and no play makes Jack a dull boy. " * 6
DELIVERED = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)


def submits(text: str, source: SenderId = ACME, **options: object) -> list[SubmitSm]:
    dialect = Dialect(**options)  # type: ignore[arg-type]  # a test names fields
    return submit_pdus(source, LISA, compose(text), reference=0x1234, dialect=dialect, now=NOW)


def read(body: DeliverSm | DataSm, **options: object) -> DeliveredReceipt | Inbound:
    return read_deliver(body, Dialect(**options), NOW)  # type: ignore[arg-type]  # a test names fields


def receipt(text: str, **fields: object) -> DeliverSm:
    return DeliverSm(**{"esm_class": 4, "short_message": text.encode("latin-1"), **fields})


# Going out


@pytest.mark.parametrize(
    ("source", "address", "ton_npi"),
    [
        (ACME, "ACME", (5, 0)),
        (SenderId("+6591239999", "number"), "6591239999", (1, 1)),
        (SenderId("71234", "short_code"), "71234", (3, 0)),
    ],
)
def test_the_kind_of_sender_sets_type_of_number_and_plan(
    source: SenderId, address: str, ton_npi: tuple[int, int]
) -> None:
    (submit,) = submits("hi", source)

    assert (submit.source_addr, (submit.source_ton, submit.source_npi)) == (address, ton_npi)
    assert (submit.destination_addr, submit.dest_ton, submit.dest_npi) == ("6591230000", 1, 1)
    assert submit.registered_delivery == 1


@pytest.mark.parametrize(
    ("text", "options", "coding", "octets"),
    [
        ("Hi @ €", {}, 0, b"Hi \x00 \x1b\x65"),
        ("Hi @", {"plain_coding": 1}, 1, b"Hi \x00"),
        ("Hi @ é", {"plain_coding": 3, "plain_charset": "latin1"}, 3, b"Hi @ \xe9"),
        ("Hi @", {"plain_charset": "latin1"}, 0, b"Hi @"),
        ("Hi @ €", {"plain_coding": 3, "plain_charset": "latin1"}, 0, b"Hi \x00 \x1b\x65"),
        ("Hi ő", {"plain_coding": 3, "plain_charset": "latin1"}, 8, "Hi ő".encode("utf-16-be")),
    ],
)
def test_data_coding_and_octets_follow_the_dialect(
    text: str, options: dict[str, object], coding: int, octets: bytes
) -> None:
    (submit,) = submits(text, **options)

    assert (submit.data_coding, submit.short_message) == (coding, octets)


def test_udh8_parts_carry_a_six_octet_header() -> None:
    first, second = submits(LONG)

    assert (first.esm_class, second.esm_class) == (0x40, 0x40)
    assert first.short_message[:6] == bytes([5, 0, 3, 0x34, 2, 1])
    assert second.short_message[:6] == bytes([5, 0, 3, 0x34, 2, 2])
    assert len(first.short_message) == 6 + 153


def test_udh16_parts_carry_a_seven_octet_header_and_are_shorter() -> None:
    first, *_ = submits("x" * 153 * 2, concatenation="udh16")

    assert first.short_message[:7] == bytes([6, 8, 4, 0x12, 0x34, 3, 1])
    assert len(first.short_message) == 7 + 152


def test_sar_parts_carry_tlvs() -> None:
    first, second = submits(LONG, concatenation="sar", vendor_tlvs=((0x1400, b"v"),))

    assert first.esm_class == 0
    assert second.tlvs == ((0x020C, b"\x12\x34"), (0x020E, b"\2"), (0x020F, b"\2"), (0x1400, b"v"))


def test_payload_carries_the_whole_text_in_one_pdu() -> None:
    (submit,) = submits(LONG, concatenation="payload")

    assert submit.short_message == b""
    assert tlv(submit.tlvs, Tag.MESSAGE_PAYLOAD) == LONG.encode("ascii")


@given(
    text=st.text(max_size=700),
    concatenation=st.sampled_from(["udh8", "udh16", "sar", "payload"]),
    charset=st.sampled_from(["gsm7", "latin1"]),
)
def test_what_a_handset_joins_is_what_was_composed(text: str, concatenation: str, charset: str) -> None:
    dialect = Dialect(concatenation=concatenation, plain_charset=charset)  # type: ignore[arg-type]  # literals
    composition = compose(text)

    parts = submit_pdus(ACME, LISA, composition, reference=7, dialect=dialect, now=NOW)

    # Under "latin1", what had to go as GSM 7-bit bears data_coding 0 and is read so by the carrier.
    words = [words_of(part, Dialect() if _is_gsm7(text, part, charset) else dialect) for part in parts]
    assert "".join(word.text for word in words) == composition.text
    assert len({(word.reference, word.part_count) for word in words}) == 1
    if concatenation != "payload":
        assert [word.part_number for word in words] == list(range(1, len(parts) + 1))


def _is_gsm7(text: str, part: SubmitSm, charset: str) -> bool:
    try:
        compose(text).text.encode("latin-1")
    except UnicodeEncodeError:
        return part.data_coding == 0
    return charset == "gsm7"


def test_the_umid_travels_only_where_the_dialect_asks_for_it() -> None:
    def tags(dialect: Dialect) -> list[int]:
        (submit,) = submit_pdus(ACME, LISA, compose("x"), reference=1, dialect=dialect, now=NOW, umid="u-1")
        return [tag for tag, _ in submit.tlvs]

    assert tags(Dialect()) == []
    assert tags(Dialect(umid_tag=0x1402)) == [0x1402]


@pytest.mark.parametrize(
    ("form", "text"), [("absolute", "261122155307000+"), ("relative", "000000010000000R"), ("none", "")]
)
def test_times_are_written_as_the_dialect_wants_them(form: str, text: str) -> None:
    assert write_time(NOW + timedelta(hours=1), NOW, form) == text  # type: ignore[arg-type]  # a literal


@given(seconds=st.integers(0, 29 * 86400), form=st.sampled_from(["absolute", "relative"]))
def test_a_written_time_is_read_back(seconds: int, form: str) -> None:
    moment = NOW + timedelta(seconds=seconds)

    assert read_time(write_time(moment, NOW, form), NOW) == moment  # type: ignore[arg-type]  # a literal


@given(text=st.text(max_size=20) | st.from_regex(r"[0-9]{15}[-+R]", fullmatch=True))
def test_no_time_is_too_strange_to_read(text: str) -> None:
    assert read_time(text, NOW) is None or read_time(text, NOW).tzinfo is UTC  # type: ignore[union-attr]  # not None


def test_a_time_with_an_offset_is_read_in_utc() -> None:
    assert read_time("261122225307032+", NOW) == NOW
    assert read_time("261122085307024-", NOW) == NOW


# Coming back


STRAIGHT = (
    "id:ab12 sub:001 dlvrd:001 submit date:2611221450 done date:2611221451 stat:DELIVRD err:000"
    " Text:Your order id:9"
)


def test_a_straight_receipt_is_read_whole() -> None:
    found = read(receipt(STRAIGHT))

    assert found == DeliveredReceipt(
        carrier_message_id="ab12",
        standing=DELIVERED,
        at=datetime(2026, 11, 22, 14, 51, tzinfo=UTC),
        carrier_error="000",
        raw=STRAIGHT.partition(" Text:")[0],
    )


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("id:7 stat:DELIVRD err:000", {"id": "7", "stat": "DELIVRD", "err": "000"}),
        ("ID: 7 STAT: delivrd", {"id": "7", "stat": "delivrd"}),
        ("id:7 stat: err: text:x", {"id": "7", "stat": "", "err": ""}),
        ("id:7,sub:1;stat:EXPIRED", {"id": "7", "sub": "1", "stat": "EXPIRED"}),
        ("Delivery report id:7 from smsc stat:UNDELIV", {"id": "7", "stat": "UNDELIV"}),
        ("id:7 submit_date:26 done_date:27", {"id": "7", "submit date": "26", "done date": "27"}),
        ("id:7 submitdate:26 donedate:27", {"id": "7", "submit date": "26", "done date": "27"}),
        ("mid:8 id:7 id:9 stat:DELIVRD", {"id": "7", "stat": "DELIVRD"}),
        ("stat:DELIVRD text:id:8 err:9", {"stat": "DELIVRD"}),
        ("", {}),
    ],
)
def test_receipts_of_every_dialect_are_read(text: str, fields: dict[str, str]) -> None:
    assert receipt_fields(text) == fields


@given(st.text(max_size=300))
def test_no_receipt_is_too_strange_to_read(text: str) -> None:
    found = read(DeliverSm(esm_class=4, short_message=text.encode("utf-8")[:254]))

    assert isinstance(found, DeliveredReceipt)


@pytest.mark.parametrize(
    ("stat", "standing", "code"),
    [
        ("DELIVRD", DELIVERED, 0),
        ("delivered", DELIVERED, 0),
        ("ACCEPTD", Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR), 0),
        ("ENROUTE", Standing(MessageStatus.SENT), 0),
        ("UNDELIV", Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT), 7),
        ("REJECTD", Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR), 41),
        ("EXPIRED", Standing(MessageStatus.EXPIRED), 36),
        ("DELETED", Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT), 39),
        ("UNKNOWN", Standing(MessageStatus.SENT), 56),
        ("GIBBERISH", Standing(MessageStatus.SENT), 56),
        ("", Standing(MessageStatus.SENT), 56),
    ],
)
def test_every_stat_has_a_standing_and_a_code(stat: str, standing: Standing, code: int) -> None:
    found = read(receipt(f"id:7 stat:{stat}"))

    assert isinstance(found, DeliveredReceipt)
    assert (found.standing, found.error_code) == (standing, code)


@pytest.mark.parametrize("stat", ["DELIVRD", "EXPIRED", "UNDELIV", "ACCEPTD", "ENROUTE", "REJECTD"])
def test_what_we_tell_customers_reads_back_as_the_same_standing(stat: str) -> None:
    standing = STATS[stat][0]

    assert STATS[stat_of(standing)][0] == standing


@pytest.mark.parametrize(
    ("text", "options", "code", "carrier_error"),
    [
        ("stat:UNDELIV err:001", {}, 7, "001"),
        ("stat:UNDELIV err:001", {"error_codes_are_8x8": True}, 1, "001"),
        ("stat:UNDELIV err:000", {"error_codes_are_8x8": True}, 7, "000"),
        ("stat:UNDELIV err:0c5", {"error_codes": {"0c5": 59}}, 59, "0c5"),
        ("stat:DELIVRD err:001", {}, 0, "001"),
        ("stat:UNDELIV", {}, 7, ""),
    ],
)
def test_error_codes_are_translated(
    text: str, options: dict[str, object], code: int, carrier_error: str
) -> None:
    found = read(receipt(f"id:7 {text}"), **options)

    assert isinstance(found, DeliveredReceipt)
    assert (found.error_code, found.carrier_error) == (code, carrier_error)


@pytest.mark.parametrize(
    ("text", "options", "untranslated"),
    [
        ("stat:UNDELIV err:001", {}, "001"),
        ("stat:UNDELIV err:0c5", {}, "0c5"),
        ("stat:UNDELIV err:0c5", {"error_codes": {"0c5": 59}}, ""),
        ("stat:UNDELIV err:001", {"error_codes_are_8x8": True}, ""),
        ("stat:UNDELIV err:0c5", {"error_codes_are_8x8": True}, "0c5"),
        ("stat:DELIVRD err:001", {}, ""),
        ("stat:UNDELIV", {}, ""),
        ("stat:UNDELIV err:much-too-long-for-it", {}, ""),
    ],
)
def test_an_error_that_no_table_knows_is_kept_for_the_customer(
    text: str, options: dict[str, object], untranslated: str
) -> None:
    found = read(receipt(f"id:7 {text}"), **options)

    assert isinstance(found, DeliveredReceipt)
    assert found.untranslated == untranslated


def test_a_receipt_of_ours_has_the_carriers_error_where_only_the_carrier_knows() -> None:
    facts = ReceiptFacts(
        message_id="m", source="ACME", destination="6591230000", stat="UNDELIV", error=7, carrier_error="0c5",
        submitted_at=NOW, done_at=NOW,
    )  # fmt: skip

    assert b" err:0c5 " in receipt_sm(facts).short_message


def test_tlvs_say_more_than_the_text() -> None:
    tlvs = (
        (0x001E, b"ff\0"),
        (0x0427, b"\x03"),
        (0x0423, b"\x03\x00\x2a"),
        (0x1503, b"525"),
        (0x1504, b"03"),
    )

    found = read(receipt("id:1 stat:DELIVRD", tlvs=tlvs))

    assert isinstance(found, DeliveredReceipt)
    assert (found.carrier_message_id, found.standing.status) == ("ff", MessageStatus.EXPIRED)
    assert (found.carrier_error, found.mcc, found.mnc) == ("3:42", "525", "03")


def test_a_receipt_without_text_is_read_by_its_tlvs() -> None:
    found = read(DataSm(esm_class=4, tlvs=((0x001E, b"ff"), (0x0427, b"\x02"))))

    assert isinstance(found, DeliveredReceipt)
    assert (found.carrier_message_id, found.standing) == ("ff", DELIVERED)


@pytest.mark.parametrize(
    ("ids", "submitted", "told"),
    [
        ("as_is", "AB12", "AB12"),
        ("submit_hex_receipt_decimal", "00ff", "255"),
        ("submit_hex_receipt_decimal", "FF", "0000000255"),
        ("submit_decimal_receipt_hex", "255", "ff"),
        ("submit_decimal_receipt_hex", "0255", "000000FF"),
    ],
)
def test_ids_of_two_bases_meet(ids: str, submitted: str, told: str) -> None:
    dialect = Dialect(receipt_ids=ids)  # type: ignore[arg-type]  # a literal

    assert canonical_submit_id(submitted, dialect) == canonical_receipt_id(told, dialect)


@given(number=st.integers(0, 2**64))
def test_hex_and_decimal_always_meet(number: int) -> None:
    dialect = Dialect(receipt_ids="submit_hex_receipt_decimal")

    assert canonical_submit_id(f"{number:X}", dialect) == canonical_receipt_id(f"{number:010d}", dialect)


@given(st.text(max_size=70))
def test_an_id_of_no_base_stays_as_it_is(text: str) -> None:
    assert isinstance(canonical_submit_id(text, Dialect(receipt_ids="submit_hex_receipt_decimal")), str)


@pytest.mark.parametrize(
    ("done", "at"),
    [
        ("2611221430", datetime(2026, 11, 22, 14, 30, tzinfo=UTC)),
        ("261122143059", datetime(2026, 11, 22, 14, 30, 59, tzinfo=UTC)),
        ("202611221430", datetime(2026, 11, 22, 14, 30, tzinfo=UTC)),
        ("20261122143059", datetime(2026, 11, 22, 14, 30, 59, tzinfo=UTC)),
        ("2611221453", NOW),  # this very minute: the received time knows more
        ("2711221430", NOW),  # the future: a wrong clock
        ("2613991430", NOW),
        ("0001010000", NOW),  # no date at all
        ("2611141430", NOW),  # longer ago than any centre tries
        ("yesterday", NOW),
        ("", NOW),
    ],
)
def test_done_dates_of_every_length_are_read(done: str, at: datetime) -> None:
    found = read(receipt(f"id:7 stat:DELIVRD done date:{done}"))

    assert isinstance(found, DeliveredReceipt)
    assert found.at == at


def test_a_carriers_clock_may_be_elsewhere() -> None:
    found = read(receipt("id:7 stat:DELIVRD done date:2611222230"), receipt_offset_minutes=480)

    assert isinstance(found, DeliveredReceipt)
    assert found.at == datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "done", "at"),
    [
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2607011230", datetime(2026, 7, 1, 11, 30, tzinfo=UTC)),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), "2612011130", datetime(2026, 12, 1, 11, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 50, tzinfo=UTC), "2610250130", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 50, tzinfo=UTC), "2610250130", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
    ids=["summer", "winter", "the hour that comes twice", "its second time"],
)
def test_a_carriers_clock_may_keep_summer_time(now: datetime, done: str, at: datetime) -> None:
    deliver = receipt(f"id:7 stat:DELIVRD done date:{done}")

    found = read_deliver(deliver, Dialect(receipt_zone="Europe/London"), now)

    assert isinstance(found, DeliveredReceipt)
    assert found.at == at


def test_a_zone_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="Europe/Atlantis"):
        Dialect(receipt_zone="Europe/Atlantis")


@pytest.mark.parametrize("coding", [0, 1, 3, 8])
@pytest.mark.parametrize("codec", ["ascii", "utf-16-be", "utf-16-le"])
def test_a_receipt_is_read_whatever_coding_it_says(coding: int, codec: str) -> None:
    text = "id:ab12 stat:UNDELIV err:001 done date:2611221430"

    found = read(DeliverSm(esm_class=4, data_coding=coding, short_message=text.encode(codec)))

    assert isinstance(found, DeliveredReceipt)
    assert (found.carrier_message_id, found.carrier_error) == ("ab12", "001")
    assert found.standing.status is MessageStatus.UNDELIVERED


@pytest.mark.parametrize(
    ("coding", "octets", "text", "encoding"),
    [
        (0x00, b"\x00 \x02", "@ $", Encoding.GSM7),
        (0x01, b"@ $ _", "@ $ _", Encoding.GSM7),
        (0x01, b"`", "`", Encoding.UCS2),
        (0x03, b"\xe9t\xe9", "été", Encoding.GSM7),
        (0x05, "日本".encode("shift_jis"), "日本", Encoding.UCS2),
        (0x05, "日本".encode("iso2022_jp"), "日本", Encoding.UCS2),
        (0x06, "Привет".encode("iso8859-5"), "Привет", Encoding.UCS2),
        (0x07, "שלום".encode("iso8859-8"), "שלום", Encoding.UCS2),
        (0x0E, "안녕".encode("euc_kr"), "안녕", Encoding.UCS2),
        (0x10, b"\x00", "@", Encoding.GSM7),  # class 0: a flash message
        (0x18, "Привет".encode("utf-16-be"), "Привет", Encoding.UCS2),
        (0x19, "Привет".encode("utf-16-be"), "Привет", Encoding.UCS2),
        (0x48, "Привет".encode("utf-16-be"), "Привет", Encoding.UCS2),
        (0xC8, b"\x00", "@", Encoding.GSM7),
        (0xD0, b"\x00", "@", Encoding.GSM7),
        (0xE0, "ő".encode("utf-16-be"), "ő", Encoding.UCS2),
        (0xF1, b"\x00", "@", Encoding.GSM7),
    ],
)
def test_a_text_from_a_handset_is_read_in_the_alphabet_it_says(
    coding: int, octets: bytes, text: str, encoding: Encoding
) -> None:
    found = read(DeliverSm(data_coding=coding, short_message=octets))

    assert isinstance(found, Inbound)
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize("codec", ["utf-16-be", "utf-16-le"])
def test_a_byte_order_mark_is_no_part_of_a_handsets_text(codec: str) -> None:
    found = read(DeliverSm(data_coding=8, short_message="\ufeffSTOP".encode(codec)))

    assert isinstance(found, Inbound)
    assert found.text == "STOP"


@pytest.mark.parametrize("coding", [0x02, 0x04, 0x09, 0x14, 0x15, 0x20, 0x90, 0xF5])
def test_octets_that_are_no_text_are_kept_and_marked(coding: int) -> None:
    found = read(DeliverSm(data_coding=coding, short_message=b"STOP\x01"))

    assert isinstance(found, Inbound)
    assert found.text == "[octets 53544f5001]"


def test_octets_keep_the_header_that_says_what_they_are() -> None:
    ports = bytes([6, 5, 4, 0x0B, 0x84, 0x23, 0xF0])

    found = read(DeliverSm(data_coding=4, esm_class=0x40, short_message=ports + b"\x01"))

    assert isinstance(found, Inbound)
    assert found.text == "[octets 0605040b8423f001]"


def test_a_text_that_is_not_in_the_alphabet_it_says_is_kept_as_octets() -> None:
    found = read(DeliverSm(data_coding=0x0E, short_message=b"\xff\xff"))

    assert isinstance(found, Inbound)
    assert found.text == "[octets ffff]"


def test_a_carrier_that_calls_its_plain_alphabet_ia5_is_read_so() -> None:
    found = read(DeliverSm(data_coding=1, short_message=b"\x00"), plain_coding=1)

    assert isinstance(found, Inbound)
    assert found.text == "@"


def test_a_customers_ia5_is_gsm_as_8x8_documents() -> None:
    assert words_of(SubmitSm(data_coding=1, short_message=b"\x00"), Dialect()).text == "@"


def test_a_text_that_looks_like_a_receipt_is_a_text_unless_the_carrier_is_known_to_forget_the_flag() -> None:
    forged = DeliverSm(source_addr="6591230000", short_message=b"id:7 stat:DELIVRD")

    assert isinstance(read(forged), Inbound)
    assert isinstance(read(forged, receipts_without_flag=True), DeliveredReceipt)


def test_the_message_s_own_words_are_not_kept_with_a_receipt() -> None:
    found = read(receipt("id:7 stat:DELIVRD Text:your code is 1234"))

    assert isinstance(found, DeliveredReceipt)
    assert "1234" not in found.raw


@pytest.mark.parametrize("concatenation", ["udh8", "udh16", "sar"])
def test_a_long_text_from_a_handset_arrives_in_parts_that_say_so(concatenation: str) -> None:
    dialect = Dialect(concatenation=concatenation)  # type: ignore[arg-type]  # a literal

    told = [
        read_deliver(body, Dialect(), NOW)
        for body in text_sms(
            "6591230000", "71234", compose("ő" * 100), reference=9, dialect=dialect, message_id="m"
        )
    ]

    assert [(one.reference, one.part_number, one.part_count) for one in told if isinstance(one, Inbound)] == [
        (9, 1, 2),
        (9, 2, 2),
    ]
    assert "".join(one.text for one in told if isinstance(one, Inbound)) == "ő" * 100
    assert {one.message_id for one in told if isinstance(one, Inbound)} == {"m"}


@given(octets=st.binary(max_size=254), esm_class=st.integers(0, 255), coding=st.integers(0, 255))
def test_no_deliver_is_too_strange_to_read(octets: bytes, esm_class: int, coding: int) -> None:
    found = read(DeliverSm(esm_class=esm_class, data_coding=coding, short_message=octets))

    assert isinstance(found, Inbound | DeliveredReceipt)


def test_a_header_with_a_part_outside_its_count_leaves_a_text_of_its_own() -> None:
    found = read(DeliverSm(esm_class=0x40, short_message=bytes([5, 0, 3, 7, 2, 3]) + b"hi"))

    assert isinstance(found, Inbound)
    assert (found.text, found.part_count, found.encoding) == ("hi", 1, Encoding.GSM7)


def test_the_receipt_we_write_is_the_documented_text() -> None:
    facts = ReceiptFacts(
        message_id="6b1f3f64-7b0e-4f3e-9b8e-2f9a0b6d1c77", source="ACME", destination="6591230000", stat="DELIVRD",
        error=0, submitted_at=NOW, done_at=NOW, parts=2, words="Hello there, this is long", mcc="525", mnc="3",
    )  # fmt: skip

    written = receipt_sm(facts)

    assert written.short_message == (
        b"id:6b1f3f64-7b0e-4f3e-9b8e-2f9a0b6d1c77 sub:002 dlvrd:002 submit date:2611221453 done date:2611221453 "
        b"stat:DELIVRD err:000 Text:Hello there, this is"
    )
    assert (written.source_addr, written.destination_addr, written.esm_class) == ("6591230000", "ACME", 4)
    assert tlv(written.tlvs, 0x1503) == b"525"
    assert tlv(written.tlvs, 0x1504) == b"3"


# What statuses ask for


@pytest.mark.parametrize(
    ("status", "options", "kind", "code"),
    [
        (Status.ROK, {}, Accepted, None),
        (Status.RTHROTTLED, {}, Deferred, "50"),
        (Status.RMSGQFUL, {}, Deferred, "50"),
        (Status.RSYSERR, {}, Deferred, "48"),
        (Status.RINVDSTADR, {}, Refused, "15"),
        (Status.RINVSRCADR, {}, Refused, "19"),
        (Status.RX_P_APPN, {}, Refused, "27"),
        (0x0412, {}, Deferred, "40"),
        (0x0412, {"verdicts": {0x0412: "refused"}}, Refused, "40"),
        (Status.RSYSERR, {"verdicts": {8: "throttled"}}, Deferred, "48"),
    ],
)
def test_every_status_asks_for_something(
    status: int, options: dict[str, object], kind: type, code: str | None
) -> None:
    found = outcome(status, "id", Dialect(**options))  # type: ignore[arg-type]  # a test names fields

    assert isinstance(found, kind)
    assert found == Accepted("id") if code is None else found.code == code


def test_no_status_breaks_the_verdict() -> None:
    assert {type(outcome(status, "", Dialect())) for status in range(1, 0x500)} == {Deferred, Refused}
