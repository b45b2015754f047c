"""What is measured is what is meant: the files of the core, the tests nearest to them, the list and the sum."""

from pathlib import Path

import pytest
from tests.mutants.core import CORE, SHELLS, core_files, nearest_tests
from tests.mutants.equivalents import Equivalent, Equivalents
from tests.mutants.report import Fate, Line, fate_of, is_enough, percent_killed, written

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("pattern", [*CORE, *SHELLS])
def test_every_pattern_of_the_core_names_a_file(pattern):
    assert list((ROOT / "src" / "tellwire").glob(pattern))


@pytest.mark.parametrize("file", core_files(ROOT), ids=str)
def test_every_file_of_the_core_has_tests_near_it(file):
    assert nearest_tests(ROOT, file)


def tree(root, **files):
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path = path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_the_nearest_tests_import_the_file_and_then_come_those_of_what_imports_it(tmp_path):
    root = tree(
        tmp_path,
        src__tellwire__near="",
        src__tellwire__far="from tellwire import near",
        src__tellwire__beside="",
        tests__core__test_far="from tellwire.far import anything",
        tests__core__test_near="from tellwire import beside, near",
        tests__core__test_a_near_one="from tellwire import beside, near",
        tests__core__test_all="from tellwire import near",
        tests__core__test_other="from tellwire.beside import anything",
    )

    near = [path.stem for path in nearest_tests(root, Path("src/tellwire/near.py"))]

    assert near == ["test_a_near_one", "test_near", "test_all", "test_far"]
    assert nearest_tests(root, Path("src/tellwire/nobody.py")) == []


def test_every_equivalent_stands_on_a_line_of_its_file():
    """Fails when the line has changed: read its reason again, and mend or drop the entry."""
    assert Equivalents.read().without_line(ROOT) == []


def test_an_equivalent_whose_line_is_gone_or_not_the_only_one_is_found(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\ny = 2\n  y = 2\n")
    stands, gone, twice, nowhere = (
        Equivalent("a.py", "x = 1", "why"),
        Equivalent("a.py", "x = 3", "why"),
        Equivalent("a.py", "y = 2", "why"),
        Equivalent("b.py", "x = 1", "why"),
    )

    assert Equivalents([stands, gone, twice, nowhere]).without_line(tmp_path) == [gone, twice, nowhere]


def test_an_entry_speaks_for_one_mutant_or_for_all_of_its_line():
    equivalents = Equivalents(
        [Equivalent("a.py", "x < 1", "only so", "x <= 1"), Equivalent("a.py", "y = 1", "any")]
    )

    reasons = [
        equivalents.reason("a.py", "x < 1", "x <= 1"),
        equivalents.reason("a.py", "x < 1", "x < 2"),
        equivalents.reason("b.py", "x < 1", "x <= 1"),
        equivalents.reason("a.py", "y = 1", "y = 2"),
    ]

    assert reasons == ["only so", None, None, "any"]


@pytest.mark.parametrize(
    ("is_killed", "reason", "fate"),
    [
        (True, None, Fate.KILLED),
        (False, None, Fate.SURVIVED),
        (False, "why", Fate.EQUIVALENT),
        (True, "why", Fate.NOTICED),
    ],
)
def test_a_mutant_counts_as_what_it_turned_out_to_be(is_killed, reason, fate):
    assert fate_of(is_killed=is_killed, reason=reason) is fate


def lines(**counts):
    return [Line("a.py", Fate[fate], f"diff {fate}") for fate, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("counted", "enough"),
    [
        (lines(KILLED=9, SURVIVED=1), True),
        (lines(KILLED=89, SURVIVED=11), False),
        (lines(KILLED=9, SURVIVED=1, EQUIVALENT=5), True),
        (lines(KILLED=9, EQUIVALENT=1, NOTICED=1), False),
        (lines(EQUIVALENT=5), False),
        ([], False),
    ],
)
def test_nine_of_ten_are_enough_if_the_list_is_right(counted, enough):
    assert is_enough(counted) is enough


def test_the_report_shows_what_survived_and_the_sum_of_each_file():
    counted = lines(KILLED=3, SURVIVED=1, EQUIVALENT=2)

    report = written(counted)

    assert percent_killed(counted) == 75
    assert "diff SURVIVED" in report
    assert "diff KILLED" not in report
    assert "a.py    3 killed   1 survived   2 equivalent" in report
    assert report.endswith("75.0 % killed of 4, beside 2 equivalent; 90 % are enough\n")
