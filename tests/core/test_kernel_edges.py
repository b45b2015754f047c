"""The first and the last character, second and octet of what the kernel promises."""

from collections.abc import Iterable, Iterator

import pytest

from tellwire.kernel.grapheme import boundary_before
from tellwire.kernel.links.web_url import is_web_url
from tellwire.kernel.lookalike import respell
from tellwire.kernel.tries import Judged, Tries


@pytest.mark.parametrize(
    ("left", "right", "is_cut"),
    [
        ("\r", "\n", False),
        ("a", "\u0300", False),
        ("\u2028", "\u0301", True),  # a line's end keeps nothing
        ("\u0915", "\u2028", True),
        ("\u200b", "\u0301", True),
        ("\u0915", "\u200b", True),
        ("\u0600", "1", False),
        ("\u0600", "\u0915", False),
        ("\u200d", "a", False),
        ("\u200d", "\u0915", False),
        ("\u0915", "\u0e33", False),
        ("😀", "\U0001f3fa", True),
        ("😀", "\U0001f3fb", False),
        ("😀", "\U0001f3ff", False),
        ("😀", "\U0001f400", True),
        ("😀", "\U000e0020", False),
        ("😀", "\U000e007f", False),
        ("\U0001f1e6", "\U0001f1ff", False),
        ("\U0001f1ff", "\U0001f1e6", False),
        ("\U0001f1e5", "\U0001f1e6", True),
        ("\U0001f1e6", "\U0001f200", True),
        ("\u1100", "\u1160", False),  # Hangul: lead and vowel, first of each range
        ("\u115f", "\u11a7", False),
        ("\ua960", "\ua97c", False),
        ("\u1160", "\u11a8", False),
        ("\u11a7", "\u11ff", False),
        ("\ud7b0", "\ud7cb", False),
        ("\ud7c6", "\ud7fb", False),
        ("\u1100", "\uac00", False),
        ("\u1100", "\ud7a3", False),
        ("\uac00", "\u1160", False),  # an open syllable takes a vowel, a closed one does not
        ("\uac01", "\u1160", True),
        ("\uac1c", "\u1160", False),
        ("\uac01", "\u11a8", False),
        ("\ud7a3", "\ud7a3", True),
        ("\u11a8", "\u1160", True),
        ("\u0915\u094d", "\u0915", False),  # Devanagari: a virama ties two consonants
        ("\u0915", "\u0915", True),
        ("\u0915\u093e", "\u0915", True),
        ("a\u094d", "\u0915", True),
    ],
)
def test_a_cluster_ends_where_the_standard_says(left: str, right: str, is_cut: bool) -> None:
    text = f"{left}{right}x"

    assert (boundary_before(text, 0, len(left)) == len(left)) is is_cut


def test_only_whole_flags_stand_together() -> None:
    flags = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7\U0001f1e9"

    assert [boundary_before(f"{flags}x", 0, end) for end in range(1, 6)] == [0, 2, 2, 4, 5]


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("q\u0300q", "qq"),
        ("q\u036fq", "qq"),
        ("q\u02ffq", "q\u02ffq"),
        ("q\u0370q", "q\u0370q"),
        ("10²", "10²"),
        ("ﬁ", "fi"),
        ("Ａ", "A"),
    ],
)
def test_an_accent_that_stands_alone_goes_and_its_neighbours_in_the_table_stay(
    text: str, spelled: str
) -> None:
    assert respell(text) == spelled


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("http://a.example:0/", False),
        ("http://a.example:1/", True),
        ("http://a.example:65535/", True),
        ("http://a.example:65536/", False),
        ("http://user@a.example/", False),
        ("http://:secret@a.example/", False),
        ("ftp://a.example/", False),
        ("https:///path", False),
        ("https://a.example/a b", False),
        ("https://a.example/a\tb", False),
        ("https://a.example/" + "x" * (2048 - 18), True),
        ("https://a.example/" + "x" * (2049 - 18), False),
    ],
)
def test_a_web_address_has_a_host_a_port_that_there_is_and_no_secret(url: str, is_one: bool) -> None:
    assert is_web_url(url) is is_one


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def through(self, moments_s: Iterable[float]) -> Iterator[float]:
        for self.now_s in moments_s:
            yield self.now_s


def test_the_twentieth_wrong_key_of_a_minute_makes_its_address_wait_until_the_first_is_a_minute_old() -> None:
    clock = Clock()
    tries = Tries(clock)

    wrong = [tries.judge("a", is_right=False).wait_s for _ in clock.through(range(1000, 1021))]
    waits = [tries.judge("a", is_right=True) for _ in clock.through([1060.0, 1060.5, 1061.0])]

    assert wrong == [*[0] * 20, 40]
    assert waits == [Judged(opens=False, wait_s=1), Judged(opens=False, wait_s=1), Judged(opens=True)]
