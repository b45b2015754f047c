"""The edges of what is read from SMPP peers and written for them: the last coding, octet and second of each kind."""

from datetime import UTC, datetime, timedelta

import pytest

from tellwire.gateway.smpp.alphabets import alphabet_of, read_octets
from tellwire.gateway.smpp.bind import LinkConfig, siblings_of
from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.deliveries import (
    ReceiptFacts,
    receipt_pairs,
    receipt_sm,
    stat_of,
    text_sms,
    without_flag,
)
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.guard import BindGuard
from tellwire.gateway.smpp.lenience import read_short_message, read_tlvs
from tellwire.gateway.smpp.pace import Pace
from tellwire.gateway.smpp.pdu import DeliverSm, SubmitSm, tlv
from tellwire.gateway.smpp.receipts import DeliveredReceipt, read_deliver
from tellwire.gateway.smpp.stall import Stall
from tellwire.gateway.smpp.texts import words_of
from tellwire.gateway.smpp.times import read_time, write_time
from tellwire.kernel.sms import compose
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

NOW = datetime(2026, 3, 4, 12, 0, 30, tzinfo=UTC)
PLAIN = Dialect()


@pytest.mark.parametrize(
    ("coding", "alphabet"),
    [
        (0x00, "GSM7"), (0x01, "GSM7"), (0x02, "OCTETS"), (0x03, "LATIN1"), (0x04, "OCTETS"), (0x05, "JIS"),
        (0x06, "CYRILLIC"), (0x07, "HEBREW"), (0x08, "UCS2"), (0x09, "OCTETS"), (0x0A, "JIS"), (0x0D, "EUC_JP"),
        (0x0E, "KOREAN"), (0x0F, "OCTETS"),
        (0x10, "GSM7"), (0x14, "OCTETS"), (0x18, "UCS2"), (0x1C, "OCTETS"), (0x20, "OCTETS"), (0x30, "OCTETS"),
        (0x40, "GSM7"), (0x58, "UCS2"), (0x60, "OCTETS"), (0x7F, "OCTETS"),
        (0x80, "OCTETS"), (0x88, "OCTETS"), (0xB8, "OCTETS"), (0xBF, "OCTETS"),
        (0xC0, "GSM7"), (0xC8, "GSM7"), (0xDF, "GSM7"), (0xE0, "UCS2"), (0xEF, "UCS2"),
        (0xF0, "GSM7"), (0xF3, "GSM7"), (0xF4, "OCTETS"), (0xFB, "GSM7"), (0xFF, "OCTETS"),
    ],
)  # fmt: skip
def test_every_group_of_data_codings_ends_where_the_next_begins(coding: int, alphabet: str) -> None:
    """5.2.19 and GSM 03.38, 4"""
    assert alphabet_of(coding, PLAIN) == alphabet


def test_ia5_is_plain_only_where_customers_or_the_carrier_write_it_so() -> None:
    assert [
        alphabet_of(0x01, PLAIN, ia5_is_plain=False),
        alphabet_of(0x01, Dialect(plain_coding=0x01), ia5_is_plain=False),
        alphabet_of(0x00, Dialect(plain_charset="latin1")),
        alphabet_of(0xC0, Dialect(plain_charset="latin1")),
    ] == ["LATIN1", "GSM7", "LATIN1", "LATIN1"]


def test_what_is_not_whole_in_unicode_is_shown_and_in_a_national_alphabet_kept_as_octets() -> None:
    assert read_octets(b"\x00a\xd8", "UCS2") == "a\ufffd"
    assert read_octets(b"a\xff", "UTF8") == "a\ufffd"
    assert read_octets(b"a\x81", "JIS") == "[octets 6181]"
    assert read_octets(b'\x1b$B$"\x1b(B', "JIS") == "あ"


def test_a_cut_frame_gives_what_is_there() -> None:
    frame = b"\x05hello"

    assert read_short_message(frame, 0) == (b"hello", 6)
    assert read_short_message(frame[:-2], 0) == (b"hel", 4)
    assert read_short_message(frame, 6) == (b"", 6)
    assert read_short_message(b"\xff" + b"x" * 300, 0) == (b"x" * 255, 256)


def test_parameters_are_read_up_to_the_first_that_is_cut_and_1024_of_them() -> None:
    whole, cut_id, cut_text = b"\x02\x04\x00\x02ab", b"\x00\x1e\x00\x05abc", b"\x04\x24\x00\x05abc"

    assert read_tlvs(whole, 0) == ((0x0204, b"ab"),)
    assert read_tlvs(whole + cut_id, 0) == ((0x0204, b"ab"),)
    assert read_tlvs(whole + cut_text, 0) == ((0x0204, b"ab"), (0x0424, b"abc"))
    assert read_tlvs(whole + b"\x00\x1e\x00", 0) == ((0x0204, b"ab"),)
    assert read_tlvs(b"\0" + whole, 0) == ((0x0204, b"ab"),)
    assert read_tlvs(b"\0" + whole + cut_id, 0) != ((0x0204, b"ab"),)
    assert read_tlvs(b"\x00\x1e\x00\x00", 0) == ((0x001E, b""),)
    assert len(read_tlvs(b"\x02\x04\x00\x00" * 1025, 0)) == 1024


def received(done: str, now: datetime = NOW) -> datetime:
    body = DeliverSm(esm_class=4, short_message=f"id:1 stat:DELIVRD done date:{done}".encode())
    told = read_deliver(body, PLAIN, now)
    assert isinstance(told, DeliveredReceipt)
    return told.at


@pytest.mark.parametrize(
    ("done", "at"),
    [
        ("260304115930", NOW - timedelta(minutes=1)),
        (
            "260304115931",
            NOW,
        ),  # less than a minute ago: a time in whole minutes, which ours is more exact than
        ("260304120100", NOW),
        ("260225120030", NOW - timedelta(days=7)),
        ("260225120029", NOW),
        ("20260304110000", NOW - timedelta(hours=1, seconds=30)),
        ("19260304110000", NOW),
        ("202603041100", NOW - timedelta(hours=1, seconds=30)),
        ("192603041100", NOW),
        ("2603041100", NOW - timedelta(hours=1, seconds=30)),
        ("26030411000", NOW),
        ("2613041100", NOW),
    ],
)
def test_a_receipts_time_counts_from_a_minute_ago_to_a_week_ago(done: str, at: datetime) -> None:
    assert received(done) == at


def test_a_receipt_keeps_300_characters_and_what_its_parameters_say() -> None:
    text = "id:1 stat:DELIVRD " + "x" * 400
    tlvs = (
        (Tag.NETWORK_ERROR_CODE.value, b"\x03\x00\x2a"),
        (Tag.DESTINATION_MCC.value, b"5255"),
        (Tag.DESTINATION_MNC.value, b"01\0"),
    )

    told = read_deliver(DeliverSm(esm_class=4, short_message=text.encode(), tlvs=tlvs), PLAIN, NOW)
    silent = read_deliver(
        DeliverSm(esm_class=4, short_message=b"id:1 stat:UNDELIV", tlvs=((0x0423, b"\x03\0\0"),)), PLAIN, NOW
    )

    assert isinstance(told, DeliveredReceipt)
    assert isinstance(silent, DeliveredReceipt)
    assert (len(told.raw), told.carrier_error, told.mcc, told.mnc) == (300, "3:42", "525", "01")
    assert (silent.carrier_error, silent.error_code, silent.untranslated) == ("", 7, "")


@pytest.mark.parametrize(
    ("standing", "stat"),
    [
        (Standing(MessageStatus.QUEUED), "ENROUTE"),
        (Standing(MessageStatus.SENT), "ENROUTE"),
        (Standing(MessageStatus.DELIVERED), "DELIVRD"),
        (Standing(MessageStatus.READ), "DELIVRD"),
        (Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR), "ACCEPTD"),
        (Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT), "DELIVRD"),
        (Standing(MessageStatus.UNDELIVERED), "UNDELIV"),
        (Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR), "REJECTD"),
        (Standing(MessageStatus.REJECTED), "REJECTD"),
        (Standing(MessageStatus.EXPIRED), "EXPIRED"),
    ],
)
def test_every_standing_has_its_word_in_a_receipt(standing: Standing, stat: str) -> None:
    assert stat_of(standing) == stat


def facts(**members: object) -> ReceiptFacts:
    usual = {
        "message_id": "id", "source": "ACME", "destination": "6591230000", "stat": "DELIVRD", "error": 0,
        "submitted_at": NOW, "done_at": NOW, "source_ton_npi": (5, 0), "destination_ton_npi": (2, 3),
    }  # fmt: skip
    return ReceiptFacts(**{**usual, **members})  # type: ignore[arg-type]  # members by name


def test_a_receipt_goes_the_other_way_with_the_customers_own_types_of_number() -> None:
    receipt = receipt_sm(facts(mcc="525", mnc="01"))

    assert (receipt.source_ton, receipt.source_npi, receipt.source_addr) == (2, 3, "6591230000")
    assert (receipt.dest_ton, receipt.dest_npi, receipt.destination_addr) == (5, 0, "ACME")
    assert (receipt.esm_class, without_flag(receipt).esm_class) == (4, 0)
    assert receipt.tlvs == ((0x001E, b"id\0"), (0x0427, b"\x02"), (0x1503, b"525"), (0x1504, b"01"))
    assert receipt_sm(facts(), tlvs=False).tlvs == ()


def test_a_receipt_counts_parts_and_repeats_twenty_characters() -> None:
    pairs = [
        dict(receipt_pairs(facts(parts=3, words="x" * 30, stat=stat))) for stat in ("DELIVRD", "UNDELIV")
    ]

    assert [(one["sub"], one["dlvrd"], len(one["Text"])) for one in pairs] == [
        ("003", "003", 20),
        ("003", "000", 20),
    ]
    assert len(receipt_sm(facts(), "x" * 300).short_message) == 254
    assert [tlv(receipt_sm(facts(stat=stat, mcc="525")).tlvs, Tag.MESSAGE_STATE) for stat in (
        "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD"
    )] == [bytes([state]) for state in range(1, 9)]  # fmt: skip
    assert tlv(receipt_sm(facts(stat="UNDELIV", mcc="525")).tlvs, Tag.DESTINATION_MCC) is None


def test_a_text_from_a_handset_has_international_numbers() -> None:
    (one,) = text_sms("6591230000", "71234", compose("hi"), reference=1, dialect=PLAIN, message_id="m")

    assert (one.source_ton, one.source_npi, one.dest_ton, one.dest_npi) == (1, 1, 1, 1)
    assert (one.source_addr, one.destination_addr, one.tlvs) == ("6591230000", "71234", ((0x1502, b"m"),))


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "000000000000000R"),
        (-5, "000000000000000R"),
        (59, "000000000059000R"),
        (60, "000000000100000R"),
        (3600, "000000010000000R"),
        (86_399, "000000235959000R"),
        (86_400, "000001000000000R"),
        (90_061, "000001010101000R"),
        (30 * 86_400, "000030000000000R"),
        (40 * 86_400, "000030000000000R"),
    ],
)
def test_a_relative_time_counts_days_to_thirty(seconds: int, written: str) -> None:
    assert write_time(NOW + timedelta(seconds=seconds), NOW, "relative") == written


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("010203040506000R", NOW + timedelta(days=365 + 60 + 3, hours=4, minutes=5, seconds=6)),
        ("260304120030000+", NOW),
        ("260304120030004+", NOW - timedelta(hours=1)),
        ("260304120030004-", NOW + timedelta(hours=1)),
        ("260304120030940-", NOW + timedelta(hours=10)),
        ("260304120030000Z", None),
        ("261304120030000+", None),
        ("26030412003000+", None),
        ("2603041200300000+", None),
        ("26030412003000x+", None),
    ],
)
def test_a_time_is_16_characters_with_quarters_of_an_hour(text: str, moment: datetime | None) -> None:
    """7.1.1"""
    assert read_time(text, NOW) == moment


def test_later_for_a_whole_minute_is_a_stall_and_calls_half_a_minute_apart_belong_together() -> None:
    steady, apart = Stall(), Stall()

    reasons = []
    for now_s in (0.0, 30.0, 59.9, 60.0):
        steady.put_off(now_s)
        reasons.append(bool(steady.reason))
    for now_s in (0.0, 30.1, 60.2, 90.3):
        apart.put_off(now_s)

    assert reasons == [False, False, False, True]
    assert apart.reason == ""


def test_two_unanswered_submits_or_three_broken_connections_are_a_stall_and_one_on_trial() -> None:
    silent, broken = Stall(), Stall()

    seen = []
    for _ in range(3):
        silent.unanswered(1.0)
        broken.broke(1.0)
        seen.append((bool(silent.reason), bool(broken.reason)))
    rests = [broken.take_rest_s() for _ in range(2)]
    broken.broke(1.0)

    assert seen == [(False, False), (True, False), (True, True)]
    assert rests == [15.0, 0.0]
    assert broken.reason
    assert broken.take_rest_s() == 30.0


def test_a_submit_sent_as_another_was_answered_counts_and_one_sent_before_does_not() -> None:
    stall = Stall()
    stall.moved(5.0)

    for sent_s in (4.9, 4.9, 4.9):
        stall.unanswered(sent_s)
        stall.broke(sent_s)
    before = stall.reason
    stall.unanswered(5.0)
    stall.unanswered(5.0)

    assert before == ""
    assert stall.reason == "the carrier answers no submit_sm"


def test_the_fifth_failure_blocks_for_a_second_and_an_hour_without_one_forgets() -> None:
    guard = BindGuard()
    blocked = []
    for _ in range(5):
        guard.note("1.2.3.4", "acme", 0.0, is_right=False)
        blocked.append(guard.is_blocked("1.2.3.4", "acme", 0.0))

    kept, forgotten = BindGuard(), BindGuard()
    for one, last_s in ((kept, 3600.0), (forgotten, 3600.1)):
        for now_s in (0.0, 0.0, 0.0, 0.0, last_s):
            one.note("1.2.3.4", "acme", now_s, is_right=False)

    assert blocked == [False, False, False, False, True]
    assert [guard.is_blocked("1.2.3.4", "acme", now_s) for now_s in (0.99, 1.0)] == [True, False]
    assert kept.is_blocked("1.2.3.4", "acme", 3600.0)
    assert not forgotten.is_blocked("1.2.3.4", "acme", 3600.1)


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (b"\x05\x00\x03\x07\x03\x01", (7, 1, 3)),
        (b"\x05\x00\x03\x07\x03\x03", (7, 3, 3)),
        (b"\x05\x00\x03\x07\x03\x04", (0, 1, 1)),
        (b"\x05\x00\x03\x07\x03\x00", (0, 1, 1)),
        (b"\x06\x08\x04\x01\x02\x03\x02", (0x0102, 2, 3)),
        (b"\x07\x01\x00\x00\x03\x07\x02\x01", (7, 1, 2)),
        (b"\x04\x05\x02\x00\x01", (0, 1, 1)),
        (b"\x04\x00\x02\x07\x02", (0, 1, 1)),
        (b"\x05\x08\x03\x07\x03\x01", (0, 1, 1)),
        (b"\x01\x00", (0, 1, 1)),
    ],
)
def test_a_header_places_a_part_or_leaves_a_text_of_its_own(
    header: bytes, place: tuple[int, int, int]
) -> None:
    """GSM 03.40, 9.2.3.24.1 and .8"""
    words = words_of(SubmitSm(esm_class=0x40, short_message=header + b"hi"), PLAIN)

    assert (words.reference, words.part_number, words.part_count) == place
    assert (words.text, words.units) == ("hi", 2)


@pytest.mark.parametrize(
    ("tlvs", "place"),
    [
        (((0x020C, b"\x01\x02"), (0x020E, b"\x03"), (0x020F, b"\x02")), (0x0102, 2, 3)),
        (((0x020C, b"\x01\x02"), (0x020E, b"\x03")), (0, 1, 1)),
        (((0x020E, b"\x03"), (0x020F, b"\x02")), (0, 1, 1)),
        (((0x020C, b"\x01\x02"), (0x020F, b"\x02")), (0, 1, 1)),
    ],
)
def test_parameters_place_a_part_only_all_three_together(
    tlvs: tuple[tuple[int, bytes], ...], place: object
) -> None:
    words = words_of(SubmitSm(short_message=b"hi", tlvs=tlvs), PLAIN)

    assert (words.reference, words.part_number, words.part_count) == place


def test_a_pace_begins_with_a_tenth_of_a_second_and_refills_by_its_rate() -> None:
    pace = Pace(now_s=0.0, start=100.0)

    first = pace.available(0.0)
    pace.take(first)
    waits = pace.wait_s()
    later = [pace.available(now_s) for now_s in (0.0, 0.03125, 1.0, 0.5)]

    assert (first, waits) == (10, 0.01)
    assert later == [0, 3, 10, 10]
    assert [Pace(now_s=0.0, start=1.0).available(0.0), Pace(now_s=0.0, start=9.0, most=5.0).rate] == [1, 5.0]


def test_a_throttle_takes_three_in_a_hundred_and_another_within_half_a_second_nothing() -> None:
    pace = Pace(now_s=0.0, start=100.0)
    for tenth in range(20):
        pace.accepted(10, tenth / 10)
    before = pace.rate

    pace.throttled(2.0)
    first = pace.rate
    pace.throttled(2.49)
    second = pace.rate
    pace.throttled(2.5)

    assert first == pytest.approx(max(before / 2, min(before * 0.97, 101.0)))
    assert second == first
    assert pace.rate < first


def test_a_link_that_says_no_more_binds_to_both_ways_without_addresses_and_never_gives_up() -> None:
    config = LinkConfig(host="carrier.example", port=2775, system_id="acme")

    assert (config.bind, config.addr_ton, config.addr_npi, config.address_range) == ("transceiver", 0, 0, "")
    assert (config.window, config.start_per_s, config.most_per_s, config.deliveries_in_flight) == (
        50, 1000.0, 20_000.0, 500,
    )  # fmt: skip
    assert [config.reconnect.delay(attempt, 0.0) for attempt in (1, 2, 1000, 1 << 61)] == [
        timedelta(seconds=0.25), timedelta(seconds=0.5), timedelta(seconds=15), timedelta(seconds=15),
    ]  # fmt: skip


def test_binds_of_one_login_are_siblings_and_others_are_not() -> None:
    def link(host: str, system_id: str = "acme") -> LinkConfig:
        return LinkConfig(host=host, port=2775, system_id=system_id)

    carriers = {"a": [link("x"), link("y")], "b": [link("y")], "c": [link("y", "other")], "d": []}

    assert siblings_of(carriers, "a") == ("b",)
    assert siblings_of(carriers, "b") == ("a",)
    assert siblings_of(carriers, "c") == siblings_of(carriers, "d") == siblings_of(carriers, "e") == ()
