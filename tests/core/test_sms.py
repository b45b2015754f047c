import time
from itertools import pairwise

import apsw.unicode
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tellwire.kernel import gsm
from tellwire.kernel.grapheme import boundary_before
from tellwire.kernel.lookalike import respell
from tellwire.kernel.sms import PART_LIMIT, WHOLE_LIMIT, Composition, Encoding, compose, decode, encode, recut

GSM7, UCS2 = Encoding.GSM7, Encoding.UCS2
FAMILY = "👨‍👩‍👧‍👦"  # seven code points, eleven UTF-16 units, one character to a reader
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
GSM_CHARACTERS = "".join(sorted(gsm.BASIC | gsm.EXTENDED))
CLUSTERS = [
    *"aZ9 \n€é",
    "\r\n",
    "e\u0301",
    "👍",
    "👍🏽",
    "❤️",
    "1️⃣",
    FAMILY,
    "🇸🇬",
    "🇮🇳",
    ENGLAND,
    "한",
    "\u1112\u1161\u11ab",
    "가\u11a8",
    "नि",
    "क्ष",
    "ந்",
    "กำ",
    "ｶﾞ",
    "\u0600\u0661",
]
gsm_texts = st.text(st.sampled_from(GSM_CHARACTERS), max_size=700)
any_texts = st.text(max_size=400) | gsm_texts | st.lists(st.sampled_from(CLUSTERS), max_size=200).map("".join)


def sizes(composition: Composition) -> list[int]:
    return [part.units for part in composition.parts]


@pytest.mark.parametrize(
    ("text", "encoding", "units"),
    [
        ("", GSM7, [0]),
        ("a" * 160, GSM7, [160]),
        ("a" * 161, GSM7, [153, 8]),
        ("a" * 306, GSM7, [153, 153]),
        ("a" * 307, GSM7, [153, 153, 1]),
        ("a" * 158 + "€", GSM7, [160]),
        ("a" * 159 + "€", GSM7, [153, 8]),
        ("a" * 152 + "€" + "a" * 10, GSM7, [152, 12]),  # the escape would be the 153rd septet
        ("€" * 80, GSM7, [160]),
        ("€" * 81, GSM7, [152, 10]),
        ("\f^{}\\[~]|€", GSM7, [20]),
        ("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\r\n", GSM7, [44]),
        ("я" * 70, UCS2, [70]),
        ("я" * 71, UCS2, [67, 4]),
        ("я" * 134, UCS2, [67, 67]),
        ("я" * 135, UCS2, [67, 67, 1]),
        ("😀" * 35, UCS2, [70]),
        ("😀" * 36, UCS2, [66, 6]),
        ("я" * 66 + "😀" + "я" * 10, UCS2, [66, 12]),  # the pair would lie across the 67th unit
        ("a" * 69 + "`", UCS2, [70]),
        ("a" * 70 + "ç", UCS2, [67, 4]),
    ],
)
def test_published_sizes(text: str, encoding: Encoding, units: list[int]) -> None:
    composition = compose(text)

    assert composition.encoding is encoding
    assert sizes(composition) == units
    assert composition.units == sum(units)
    assert composition.text == text


def test_basic_and_extension_tables_are_whole() -> None:
    assert len(gsm.BASIC) == 127  # 128 codes, one of them the escape
    assert len(gsm.EXTENDED) == 10
    assert not gsm.BASIC & gsm.EXTENDED


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("@", "00"),
        ("Hello", "48656c6c6f"),
        ("Δ_Ç", "101109"),
        ("€uro {x}", "1b6575726f201b28781b29"),
        ("\f^\\[~]|", "1b0a1b141b2f1b3c1b3d1b3e1b40"),
        ("§¿äà", "5f607b7f"),
    ],
)
def test_septets_of_the_standard(text: str, octets: str) -> None:
    assert encode(text, GSM7).hex() == octets
    assert decode(bytes.fromhex(octets), GSM7) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("1b41", "A"),  # not in the extension table: the default alphabet's character
        ("1b1b65", " e"),  # an escape to a table that nobody defined is a space
        ("411b", "A "),
        ("80ff", "\ufffd\ufffd"),
    ],
)
def test_unknown_escapes_show_what_the_standard_says(octets: str, text: str) -> None:
    assert decode(bytes.fromhex(octets), GSM7) == text


@given(st.binary(max_size=300))
def test_any_octets_decode(data: bytes) -> None:
    assert len(decode(data, GSM7)) <= len(data)
    assert len(decode(data, UCS2)) <= len(data) // 2 + 1


@given(gsm_texts)
def test_septets_are_what_encode_makes(text: str) -> None:
    assert gsm.septets(text) == len(encode(text, GSM7))
    assert decode(encode(text, GSM7), GSM7) == text


@given(st.text(max_size=300))
def test_ucs2_survives_the_wire(text: str) -> None:
    assert decode(encode(text, UCS2), UCS2) == text


@given(
    text=any_texts,
    encoding=st.sampled_from([None, GSM7, UCS2]),
    transliterate=st.booleans(),
)
@example(text="a" * 152 + "€" * 2, encoding=None, transliterate=False)
@example(text="я" * 66 + FAMILY * 3, encoding=None, transliterate=False)
@example(text="\ud83d" * 71, encoding=None, transliterate=False)
def test_parts_are_the_text_within_their_limits(
    *, text: str, encoding: Encoding | None, transliterate: bool
) -> None:
    made = compose(text, encoding, transliterate=transliterate)

    limit = WHOLE_LIMIT if len(made.parts) == 1 else PART_LIMIT
    assert "".join(part.text for part in made.parts) == made.text
    for part in made.parts:
        octets = encode(part.text, made.encoding)
        assert part.units == (len(octets) if made.encoding is GSM7 else len(octets) // 2)
        assert part.units <= limit[made.encoding]
        assert decode(octets, made.encoding) == part.text
    assert made.units == sum(sizes(made))
    assert encoding in (None, made.encoding)


@given(any_texts)
def test_at_most_one_part_more_than_the_fewest(text: str) -> None:
    made = compose(text)

    if made.units > WHOLE_LIMIT[made.encoding]:
        assert len(made.parts) <= fewest_parts(made) + 1
        assert all(made.parts)


def fewest_parts(made: Composition) -> int:
    """Fill each part with whole characters until the next does not fit: no split has fewer."""
    limit, count, used = PART_LIMIT[made.encoding], 1, 0
    for character in made.text:
        octets = len(encode(character, made.encoding))
        units = octets if made.encoding is GSM7 else octets // 2
        count, used = (count, used + units) if used + units <= limit else (count + 1, units)
    return count


@given(st.lists(st.sampled_from(CLUSTERS), min_size=5, max_size=14).map("".join))
def test_no_cut_inside_what_a_reader_sees_as_one_character(text: str) -> None:
    made = compose("я" * 50 + text, UCS2)

    assert not tears(made)  # sparing never costs a second part here: at most 270 units, at least 54 a part


def tears(made: Composition) -> bool:
    cuts, at = [], 0
    for part in made.parts:
        at += len(part.text)
        cuts.append(at)
    return not set(cuts) <= boundaries(made.text)


def boundaries(text: str) -> set[int]:
    """Where clusters end by the Unicode tables that apsw carries: not ours, so a fair judge."""
    found, at = set(), 0
    while at < len(text):
        at = apsw.unicode.grapheme_next_break(text, at)
        found.add(at)
    return found


@pytest.mark.parametrize("cluster", [cluster for cluster in CLUSTERS if len(cluster) > 1])
def test_a_cluster_on_the_edge_moves_to_the_next_part(cluster: str) -> None:
    made = compose("я" * 66 + cluster + "я" * 20)

    assert [part.text[:1] for part in made.parts] == ["я", cluster[0]]
    assert made.parts[1].text.startswith(cluster)


def test_an_endless_cluster_is_cut_where_the_part_ends() -> None:
    made = compose("я" + "\u0301" * 300)

    assert sizes(made) == [67, 67, 67, 67, 33]


def test_sparing_clusters_gives_way_when_it_costs_more_than_one_part() -> None:
    wide = "я" + "\u0301" * 39  # forty units: one a part when spared, so a third of the air is wasted

    made = compose(wide * 20)

    assert len(made.parts) == fewest_parts(made) == 12


@given(st.lists(st.sampled_from(CLUSTERS), max_size=60))
def test_boundaries_are_never_finer_than_the_standard(clusters: list[str]) -> None:
    text = "".join(clusters)

    ours = {at for at in range(1, len(text) + 1) if boundary_before(text, 0, at) == at}

    assert ours <= boundaries(text)


@pytest.mark.parametrize(("left", "right"), list(pairwise([*"aé ", "👍", FAMILY, "한", "क", "นา", "я"])))
def test_neighbours_are_told_apart(left: str, right: str) -> None:
    assert boundary_before(left + right, 0, len(left)) == len(left)


def test_flags_are_cut_between_pairs() -> None:
    flags = "🇸🇬🇮🇳🇩🇪"

    assert [boundary_before(flags, 0, at) for at in range(1, 7)] == [0, 2, 2, 4, 4, 6]


@pytest.mark.parametrize(
    ("text", "header_octets", "units"),
    [
        ("a" * 160, 7, [160]),  # one part has no header to make room for
        ("a" * 161, 6, [153, 8]),
        ("a" * 305, 7, [152, 152, 1]),
        ("я" * 70, 7, [70]),
        ("я" * 134, 7, [66, 66, 2]),
        ("я" * 134, 6, [67, 67]),
    ],
)
def test_a_longer_header_leaves_less_room(text: str, header_octets: int, units: list[int]) -> None:
    made = recut(compose(text), header_octets)

    assert sizes(made) == units
    assert "".join(part.text for part in made.parts) == made.text == text


def test_forced_by_names_the_first_character_that_gsm_lacks() -> None:
    assert compose("Grüße").forced_by is None
    assert compose("50€ – “now”").forced_by == "–"
    assert compose("tab\there").forced_by == "\t"
    assert compose("\x1b").forced_by == "\x1b"
    assert compose("“now”", UCS2).forced_by is None


def test_forced_ucs2_keeps_plain_text() -> None:
    made = compose("plain", UCS2, transliterate=True)

    assert (made.encoding, made.text, sizes(made)) == (UCS2, "plain", [5])


def test_forced_gsm7_spells_what_it_can_and_marks_the_rest() -> None:
    made = compose("“Ünï” – я😀", GSM7)

    assert (made.encoding, made.text) == (GSM7, '"Üni" - ??')


def test_half_a_surrogate_pair_is_shown_as_unknown() -> None:
    assert compose("a\ud83d").text == "a\ufffd"
    assert compose("\ud83d\ude00").text == "😀"
    assert encode("\ud83d", UCS2) == b"\xff\xfd"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("“Don’t” — „so“ «it» goes…", '"Don\'t" - "so" "it" goes...'),
        ("non\xa0breaking\u202fthin\u2009and\u3000wide\tspaces", "non breaking thin and wide spaces"),
        ("zero\u200bwidth\ufeff soft\xadhyphen", "zerowidth softhyphen"),
        ("ﬁne ﬂow œuvre Ĳssel", "fine flow oeuvre IJssel"),
        ("ＡＢＣ１２３！", "ABC123!"),
        ("façade Ça élève château", "facade Ça élève chateau"),
        ("e\u0301le\u0300ve n\u0303 x\u0304", "élève ñ x"),
        ("Łódź Đà Nẵng İstanbul ő ǖ ế", "Lodz Dà Nang Istanbul o ü e"),
        ("ΚΑΛΗΜΕΡΑ ΆΝΝΑ", "KAΛHMEPA ANNA"),
        ("one\u2028two\u2029three", "one\ntwo\nthree"),
        ("Tell™ 3×4", "TellTM 3x4"),
    ],
)
def test_look_alikes_are_spelled_in_gsm(text: str, spelled: str) -> None:
    made = compose(text, transliterate=True)

    assert (made.encoding, made.text, made.forced_by) == (GSM7, spelled, None)


@pytest.mark.parametrize("text", ["10² m", "1½ cups", "Привет", "日本語", "10 µg", "शुभ"])
def test_what_has_no_look_alike_stays(text: str) -> None:
    assert respell(text) == text


def test_transliteration_is_only_for_the_asking() -> None:
    assert compose("“x”").encoding is UCS2


def test_transliteration_that_cannot_save_a_text_leaves_it_alone() -> None:
    made = compose("“Привет” – нет", transliterate=True)

    assert (made.encoding, made.text, made.forced_by) == (UCS2, "“Привет” – нет", "“")


@given(st.text(max_size=100))
def test_respelling_settles_at_once_and_spares_gsm(text: str) -> None:
    once = respell(text)

    assert respell(once) == once
    if gsm.first_outside(text) is None:
        assert once == text


@pytest.mark.parametrize("text", ["\u0315\u0300" * 50_000, "🇸" * 100_000, "क्" * 50_000, "\u200d" * 100_000])
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    started = time.process_time()

    compose(text, transliterate=True)

    assert time.process_time() - started < 20.0  # some 0.6 s on a quiet machine; quadratic would be minutes
