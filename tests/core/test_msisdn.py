import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from tellwire.kernel.address import Msisdn, msisdn_of_digits, parse_msisdn, parse_sender_id

NUMBER = msisdn_of_digits("6591230000")


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+6591230000", None, "+6591230000"),
        ("6591230000", None, "+6591230000"),
        ("006591230000", None, "+6591230000"),
        ("006591230000", "SG", "+6591230000"),
        ("0065 9123-0000", "US", "+6591230000"),
        (" +65 9123 0000 ", None, "+6591230000"),
        ("(65) 9123.0000", None, "+6591230000"),
        ("+65/9123/0000", None, "+6591230000"),
        ("\u202a+65\xa09123\u20110000\u202c", None, "+6591230000"),  # as copied from an address book
        ("91230000", "SG", "+6591230000"),
        ("91230000", "sg", "+6591230000"),
        ("6591230000", "SG", "+6591230000"),
        ("14155552671", None, "+14155552671"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("14155552671", "SG", "+14155552671"),  # no Singapore number, but a valid one of the world
        ("+44 (0)20 7946 0018", None, "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("07400 123456", "GB", "+447400123456"),
        ("9876543210", "IN", "+919876543210"),
        ("09876543210", "IN", "+919876543210"),
        ("919876543210", "IN", "+919876543210"),
        ("919876543210", "US", "+919876543210"),
        ("06 6982 0000", "IT", "+390669820000"),  # Italy keeps its zero
        ("+15550001234", None, "+15550001234"),  # possible, though nobody has it
        ("+6591230000", "XX", "+6591230000"),
        ("6591230000", "nowhere", "+6591230000"),
    ],
)
def test_what_people_write_is_understood(text: str, region: str | None, e164: str) -> None:
    number = parse_msisdn(text, region)

    assert number is not None
    assert number.e164 == e164
    assert number.digits == e164[1:]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("", None),
        ("+", None),
        ("hello", None),
        ("91230000", None),  # national, and no region to read it in
        ("91230000", "XX"),
        ("+65 9123", None),
        ("+659123000012345", None),
        ("+99912345678", None),  # no such country code
        ("2530000", "US"),  # dialled within a town only
        ("+6591230000 ext. 5", None),
        ("+6591230000x5", None),
        ("+6591230000;5", None),
        ("1-800-FLOWERS", "US"),
        ("++6591230000", None),
        ("65+91230000", None),
        ("null", "SG"),
        ("6.591230000E9", None),
        ("-6591230000e", None),
        ("+6591230000" + " " * 40, None),
        ("+" + "6" * 1_000_000, None),
    ],
)
def test_what_is_no_number_is_refused(text: str, region: str | None) -> None:
    assert parse_msisdn(text, region) is None


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("0011 65 9123 4567", "AU", "+6591234567"),
        ("011 65 9123 4567", "US", "+6591234567"),
        ("011 65 9123 4567", "CA", "+6591234567"),
        ("001 65 9123 4567", "SG", "+6591234567"),
        ("001 65 8234 5678", "SG", "+6582345678"),  # nobody in Singapore means 00 1 658, Jamaica
        ("010 65 9123 4567", "JP", "+6591234567"),
        ("8 10 65 9123 4567", "RU", "+6591234567"),
        ("0091 91234 56789", "IN", "+919123456789"),
        ("0091 91234 56789", None, "+919123456789"),
        ("0091 91234 56789", "SG", "+919123456789"),  # 00 is no guess, though Singapore may dial 009
        ("0033 6 12 34 56 78", "SG", "+33612345678"),  # was a number of Hungary, behind 003
        ("001 212 555 0123", None, "+12125550123"),
        ("001 212 555 0123", "DE", "+12125550123"),
        ("0044 (0)20 7946 0018", None, "+442079460018"),
        ("0113 496 0000", "GB", "+441134960000"),  # Leeds, not North America's 011
    ],
)
def test_an_international_prefix_is_read_by_region(text: str, region: str | None, e164: str) -> None:
    number = parse_msisdn(text, region)

    assert number is not None
    assert number.e164 == e164


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("0011 65 9123 4567", None),  # was +1 659 123 4567, another person's
        ("0011 65 9123 4567", "SG"),
        ("0011 65 9123 4567", "US"),
        ("0011 65 9123 4567", "DE"),
        ("0011 65 8234 5678", None),  # +1 658 234 5678 is a valid number of Jamaica
        ("001 65 9123 4567", None),
        ("001 65 8234 5678", None),
        ("011 65 9123 4567", None),
        ("011 65 9123 4567", "DE"),
        ("810 65 9123 4567", None),
        ("+1 1 659 123 4567", None),
        ("11 65 8234 5678", "US"),  # 011 whose 0 a spreadsheet took
    ],
)
def test_an_international_prefix_is_never_guessed(text: str, region: str | None) -> None:
    assert parse_msisdn(text, region) is None


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("966 51 234 5678", "DE"),  # a Saudi mobile; was +49 966512345678, a line in Germany
        ("41 78 123 4567", "DE"),
        ("009 1 268 464 1234", "NG"),  # 009 is Nigeria's prefix; was +91 26846 41234, an Indian's
        ("0092 6461 221 234", "NG"),
    ],
)
def test_a_number_of_abroad_is_not_texted_as_a_line_of_the_region(text: str, region: str) -> None:
    assert parse_msisdn(text, region) is None


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("151 2345 6789", "DE", "+4915123456789"),  # the 0 left out
        ("030 1234567", "DE", "+49301234567"),
        ("0966 512345678", "DE", "+49966512345678"),
        ("009 44 7400 123456", "NG", "+447400123456"),
        ("803 123 4567", "NG", "+2348031234567"),
    ],
)
def test_what_is_meant_nationally_is_read_so(text: str, region: str, e164: str) -> None:
    number = parse_msisdn(text, region)

    assert number is not None
    assert number.e164 == e164


@pytest.mark.parametrize(("text", "e164"), [("6591230001", "+6591230001"), ("12025550100", "+12025550100")])
def test_a_line_that_nobody_has_there_is_no_rival_of_a_number_abroad(text: str, e164: str) -> None:
    number = parse_msisdn(text, "GB")

    assert number is not None
    assert number.e164 == e164


@given(
    st.sampled_from(["6591234567", "6582345678", "4791234567", "85291234567", "442079460018", "61412345678"]),
    st.sampled_from(["0011", "001", "011", "010", "810", "119"]),
    st.sampled_from([None, "AU", "US", "SG", "JP", "RU", "KR", "HK", "TH"]),
)
def test_behind_any_prefix_it_is_this_number_or_none(digits: str, prefix: str, region: str | None) -> None:
    number = parse_msisdn(prefix + digits, region)

    assert number is None or number.digits == digits


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+5215562000000", None, "+525562000000"),
        ("5215562000000", None, "+525562000000"),
        ("+52 1 55 6200 0000", "US", "+525562000000"),
        ("+52 044 55 6200 0000", None, "+525562000000"),
        ("044 55 6200 0000", "MX", "+525562000000"),
        ("+525562000000", None, "+525562000000"),
        ("+54 11 15 2345 6789", None, "+5491123456789"),
        ("+54 9 11 15 2345 6789", None, "+5491123456789"),
        ("011 15 2345 6789", "AR", "+5491123456789"),
        ("+54 9 11 2345 6789", None, "+5491123456789"),
        ("+55 11 8123 4567", None, "+5511981234567"),
        ("+55 11 98123 4567", None, "+5511981234567"),
        ("+55 11 3123 4567", None, "+551131234567"),  # a line that is fixed has no ninth digit
        ("+229 97 12 34 56", None, "+2290197123456"),
    ],
)
def test_an_old_form_is_todays_number(text: str, region: str | None, e164: str) -> None:
    number = parse_msisdn(text, region)

    assert number is not None
    assert number.e164 == e164


@given(st.sampled_from(["0٠", "٠٠", "००", "００", "𝟎𝟎"]), st.sampled_from("٠०০０"), st.none() | st.just("SG"))
def test_digits_of_every_script_are_digits(prefix: str, zero: str, region: str | None) -> None:
    digits = "".join(chr(ord(zero) + int(digit)) for digit in "6591230000")

    assert parse_msisdn(f"+{digits}", region) == parse_msisdn(f"＋{digits}", region) == NUMBER
    assert parse_msisdn(prefix + digits, region) == NUMBER


@given(st.text(max_size=40) | st.text("+0123456789 -().", max_size=34), st.none() | st.text(max_size=3))
def test_any_text_parses_to_a_normal_form_or_to_none(text: str, region: str | None) -> None:
    number = parse_msisdn(text, region)

    if number is not None:
        assert 7 <= len(number.digits) <= 15
        assert msisdn_of_digits(number.digits) == number
        assert parse_msisdn(number.e164) == number
        assert parse_msisdn(number.digits) == number


@given(st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True))
def test_a_masked_number_hides_all_but_country_code_and_two_digits(digits: str) -> None:
    number = msisdn_of_digits(digits)

    shown, hidden, ending = number.masked.partition("*" * number.masked.count("*"))
    assert (len(hidden), ending) == (len(digits) + 1 - len(shown) - 2, digits[-2:])
    assert digits.startswith(shown[1:])
    assert len(shown) <= 4
    assert number.e164 == f"+{digits}"


@pytest.mark.parametrize(
    ("digits", "masked"),
    [
        ("14155552671", "+1********71"),
        ("79161234567", "+7********67"),
        ("6591230000", "+65******00"),
        ("85291234567", "+852******67"),
        ("2290197123456", "+229********56"),
        ("99912345678", "+*********78"),  # of no country
    ],
)
def test_a_mask_never_cuts_a_country_code(digits: str, masked: str) -> None:
    assert msisdn_of_digits(digits).masked == masked


def test_every_way_of_printing_masks() -> None:
    shown = [
        str(NUMBER),
        repr(NUMBER),
        f"{NUMBER}",
        f"{NUMBER!r}",
        f"{NUMBER:>20}",
        "%s" % NUMBER,  # noqa: UP031 - a log call formats this way
        repr([NUMBER]),
        repr({NUMBER: NUMBER}),
        pretty_repr(NUMBER),
        pretty_repr({"to": [NUMBER]}),
    ]

    assert NUMBER.masked == "+65******00"
    assert all("******" in text and "9123" not in text for text in shown)


def test_numbers_are_equal_ordered_and_hashed_by_their_digits() -> None:
    other = msisdn_of_digits("6591230001")

    assert parse_msisdn("+65 9123 0000") == NUMBER
    assert {NUMBER, parse_msisdn("006591230000")} == {NUMBER}
    assert sorted([other, NUMBER]) == [NUMBER, other]
    assert copy.copy(NUMBER) == pickle.loads(pickle.dumps(NUMBER)) == NUMBER


def test_a_number_never_changes() -> None:
    with pytest.raises(AttributeError):
        NUMBER.digits = "1"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("digits", "country"),
    [
        ("6591230000", "SG"),
        ("14155552671", "US"),
        ("14165550123", "CA"),
        ("919876543210", "IN"),
        ("393312345678", "IT"),
        ("870773111632", None),  # Inmarsat
        ("99912345678", None),
    ],
)
def test_country_of_a_number(digits: str, country: str | None) -> None:
    assert msisdn_of_digits(digits).country == country


@pytest.mark.parametrize("digits", ["", "123456", "1" * 16, "+6591230000", "65 9123000", "٦٥٩١٢٣٠٠٠٠"])
def test_digits_of_a_store_are_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="7 to 15 digits") as raised:
        msisdn_of_digits(digits)

    assert not digits or digits not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ACME", "alphanumeric"),
        ("Acme Shop 1", "alphanumeric"),
        ("1a", "alphanumeric"),
        ("123", "short_code"),
        ("1234567", "short_code"),
        ("12345678", "number"),
        ("6591230000", "number"),
        ("+6591230000", "number"),
        ("+12345", "number"),
        ("1234567890123456", "number"),
        ("+1234567890123456", "number"),
        ("  ACME ", "alphanumeric"),
    ],
)
def test_sender_ids_by_kind(text: str, kind: str) -> None:
    sender = parse_sender_id(text)

    assert sender is not None
    assert (sender.text, sender.kind, str(sender)) == (text.strip(), kind, text.strip())


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "12", "1 2", "+12", "Twelve chars", "ACME\n", "Café", "A-B", "A_B", "٣٤٥٦", "+65 9123"),
        *("12345678901234567", "+12345678901234567", "A" * 1_000_000, "+ACME", "ACME\x00"),
    ],
)
def test_what_is_no_sender_id_is_refused(text: str) -> None:
    assert parse_sender_id(text) is None


@given(st.text(max_size=34))
def test_a_sender_id_is_ascii_and_short(text: str) -> None:
    sender = parse_sender_id(text)

    if sender is not None:
        assert sender.text.isascii()
        assert len(sender.text) <= (11 if sender.kind == "alphanumeric" else 17)
        assert parse_sender_id(sender.text) == sender


def test_msisdn_type_is_what_parsing_gives() -> None:
    assert isinstance(parse_msisdn("+6591230000"), Msisdn)
