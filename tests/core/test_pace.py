"""So many times in a minute, each person by themselves."""

from tests.clock import Clock

from tellwire.platform.control.pace import PEOPLE_LIMIT, Pace


def test_who_did_it_often_enough_waits_until_the_first_is_a_minute_ago() -> None:
    clock = Clock()
    pace = Pace(lambda: clock.now().timestamp(), 2)

    assert pace.take("ann") == 0
    clock.advance(20)
    assert (pace.take("ann"), pace.take("ann")) == (0, 40)
    assert pace.take("bob") == 0
    clock.advance(39.5)
    assert pace.take("ann") == 1
    clock.advance(0.5)
    assert (pace.take("ann"), pace.take("ann")) == (0, 20)


def test_only_so_many_people_are_remembered() -> None:
    pace = Pace(lambda: 0.0, 1)

    for n in range(PEOPLE_LIMIT + 1):
        assert pace.take(str(n)) == 0

    assert pace.take("0") == 0  # was quiet longest
    assert pace.take(str(PEOPLE_LIMIT)) == 60
