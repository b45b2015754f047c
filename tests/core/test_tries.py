"""Wrong keys by address: few a minute, bounded in number, and no harm to who shows the right one."""

from tests.clock import Clock

from tellwire.kernel.tries import ADDRESSES_LIMIT, LIMIT, WINDOW_S, Judged, Tries


def test_wrong_ones_are_few_a_minute_and_then_a_right_one_does_not_tell() -> None:
    clock = Clock()
    tries = Tries(clock.monotonic)

    wrong = [tries.judge("a", is_right=False) for _ in range(LIMIT)]
    limited, guessed = tries.judge("a", is_right=False), tries.judge("a", is_right=True)
    clock.advance(WINDOW_S)
    later = tries.judge("a", is_right=True)

    assert wrong == [Judged(opens=False)] * LIMIT
    assert limited == guessed == Judged(opens=False, wait_s=60)
    assert later.opens


def test_who_shows_the_right_one_is_not_held_up_by_a_neighbour() -> None:
    tries = Tries(Clock().monotonic)
    tries.judge("a", is_right=True)

    for _ in range(LIMIT * 2):
        wrong = tries.judge("a", is_right=False)

    assert wrong.wait_s
    assert tries.judge("a", is_right=True).opens
    assert tries.judge("b", is_right=True).opens


def test_addresses_are_bounded() -> None:
    tries = Tries(Clock().monotonic)

    for number in range(ADDRESSES_LIMIT + 10):
        tries.judge(f"a{number}", is_right=False)
        tries.judge(f"b{number}", is_right=True)

    assert len(tries._wrong) == len(tries._right) == ADDRESSES_LIMIT
