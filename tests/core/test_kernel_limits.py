"""Links, paths, bodies and statuses at the last length, place and step that is taken."""

from datetime import UTC, datetime

import pytest

from tellwire.kernel.links.in_text import TEXT_LIMIT, cut_link, replace_links
from tellwire.kernel.links.slugs import ENTROPY_BYTES, SLUG_LENGTH, Slugs, is_slug
from tellwire.kernel.provider.path import BadPath, at, path_of
from tellwire.kernel.status import FAILURES, MessageStatus, Standing, StatusDetail, advance, is_final, rank

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def test_a_path_has_512_characters_at_most_and_says_where_it_is_wrong() -> None:
    assert path_of("a" * 512).steps == ("a" * 512,)
    for text in ("", "a" * 513):
        with pytest.raises(BadPath, match="at most 512 characters"):
            path_of(text)
    with pytest.raises(BadPath, match="at character 4:"):
        path_of("$.a b")
    with pytest.raises(BadPath, match="at character 2:"):
        path_of("$a")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.list[0]", 1),
        ("$.list[1]", 2),
        ("$.list[2]", None),
        ("$['odd name']", 3),
        ('$["odd name"]', 3),
        ("list.1", 2),
        ("list.x", None),
        ("list.0.more", None),
        ("$.nothing.more", None),
        ("$", "whole"),
    ],
)
def test_a_place_beyond_the_end_is_nothing(path: str, found: object) -> None:
    value = {"list": [1, 2], "odd name": 3}

    assert at(value, path_of(path)) == (value if found == "whole" else found)


def test_a_slug_tells_its_ten_minutes_and_nothing_else() -> None:
    entropy = bytes(range(ENTROPY_BYTES))
    slugs, same, later, early = (
        Slugs(entropy, NOW),
        Slugs(entropy, NOW.replace(minute=9, second=59)),
        Slugs(entropy, NOW.replace(minute=10)),
        Slugs(entropy, datetime(1970, 1, 1, tzinfo=UTC)),
    )

    made = [slugs.make() for _ in range(1000)]

    assert len(set(made)) == 1000
    assert {len(slug) for slug in made} == {SLUG_LENGTH} == {12}
    assert {slug[:2] for slug in made} == {made[0][:2]}
    assert same.make() == made[0]
    assert later.make()[2:] == made[0][2:]
    assert later.make()[:2] != made[0][:2]
    assert early.make()[:2] == "00"
    assert len({slug[place] for slug in made for place in range(2, 12)}) == 62


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a1B2c3D4e5F6", True),
        ("a1B2c3D4e5F", False),
        ("a1B2c3D4e5F67", False),
        ("a1B2c3D4e5F-", False),
        ("a1B2c3D4e5Fé", False),
    ],
)
def test_a_slug_is_twelve_letters_and_digits(text: str, is_one: bool) -> None:
    assert is_slug(text) is is_one


@pytest.mark.parametrize(
    ("found", "link", "rest"),
    [
        ("https://a.example/x.", "https://a.example/x", "."),
        ("https://a.example/x).", "https://a.example/x", ")."),
        ("https://a.example/(x)", "https://a.example/(x)", ""),
        ("https://a.example/(x))", "https://a.example/(x)", ")"),
        ("https://a.example/[x]!", "https://a.example/[x]", "!"),
        ("...", "", "..."),
    ],
)
def test_a_link_ends_before_the_end_of_its_sentence(found: str, link: str, rest: str) -> None:
    assert cut_link(found) == (link, rest)


def test_links_are_replaced_in_texts_and_of_lengths_that_can_be_sent() -> None:
    link = "https://a.example/"
    longest = link + "x" * (2048 - len(link))
    fitting, long = (
        link + " " + "x" * (TEXT_LIMIT - len(link) - 1),
        link + " " + "x" * (TEXT_LIMIT - len(link)),
    )

    assert replace_links(fitting, lambda _: "s").startswith("s ")
    assert replace_links(long, lambda _: "s") == long
    assert replace_links(longest, lambda _: "s") == "s"
    assert replace_links(longest + "x", lambda _: "s") == longest + "x"
    assert replace_links(longest + "." * 2048, lambda _: "s") == "s" + "." * 2048
    assert replace_links(longest + "." * 2049, lambda _: "s") == longest + "." * 2049


STANDINGS = [
    Standing(MessageStatus.QUEUED),
    Standing(MessageStatus.SENT),
    Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR),
    Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT),
    Standing(MessageStatus.READ),
]


def test_a_message_goes_up_the_steps_and_down_none() -> None:
    for lower, low in enumerate(STANDINGS):
        for higher, high in enumerate(STANDINGS):
            assert advance(low, high) == STANDINGS[max(lower, higher)]

    assert [is_final(standing) for standing in STANDINGS] == [False, False, False, True, True]
    assert [rank(standing) for standing in STANDINGS] == [0, 1, 2, 3, 5]


@pytest.mark.parametrize("status", sorted(FAILURES))
def test_a_failure_ends_what_is_on_its_way_and_nothing_that_arrived(status: MessageStatus) -> None:
    failed = Standing(status)

    assert [advance(standing, failed) for standing in STANDINGS] == [failed] * 3 + STANDINGS[3:]
    assert [advance(failed, standing) for standing in STANDINGS] == [failed] * 5
    assert (rank(failed), is_final(failed)) == (4, True)
