"""Splits and holdouts: stable, even, and of each other independent."""

from collections import Counter

import pytest

from tellwire.platform.decide.share import branch_of, is_held_out, place_of

PEOPLE = [f"person-{number}" for number in range(20_000)]


def test_a_place_is_pinned_so_that_no_release_moves_people() -> None:
    assert place_of("ann", "Welcome", "which") == pytest.approx(20.761)


def test_shares_are_met_within_a_percent() -> None:
    counts = Counter(branch_of(person, "Welcome", "which", (10, 10, 80)) for person in PEOPLE)

    for branch, share in enumerate((10, 10, 80)):
        assert counts[branch] / len(PEOPLE) == pytest.approx(share / 100, abs=0.01)


def test_two_steps_share_people_out_independently() -> None:
    both = sum(
        branch_of(person, "Welcome", "one", (50, 50)) == branch_of(person, "Welcome", "two", (50, 50)) == 0
        for person in PEOPLE
    )

    assert both / len(PEOPLE) == pytest.approx(0.25, abs=0.01)


def test_a_branch_of_nothing_gets_nobody_and_one_of_all_gets_everybody() -> None:
    assert {branch_of(person, "Welcome", "which", (0, 100)) for person in PEOPLE[:500]} == {1}
    assert {branch_of(person, "Welcome", "which", (100, 0)) for person in PEOPLE[:500]} == {0}


def test_texts_that_run_together_are_different_places() -> None:
    assert place_of("c", "a", "b") != place_of("bc", "a", "") != place_of("c", "ab", "")


def test_holdouts() -> None:
    held_out = sum(is_held_out(person, "Welcome", 5) for person in PEOPLE)

    assert held_out / len(PEOPLE) == pytest.approx(0.05, abs=0.006)
    assert not any(is_held_out(person, "Welcome", 0) for person in PEOPLE[:100])
