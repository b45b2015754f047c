"""One definition of delivered, for both halves."""

import pytest

from tellwire.kernel.delivery import delivery_of


@pytest.mark.parametrize(
    ("delivered", "failed", "on_the_way", "heard_of", "share", "has_receipts"),
    [
        (0, 0, 0, 0, None, True),
        (0, 0, 5, 0, None, False),
        (3, 1, 0, 4, 0.75, True),
        (3, 1, 100, 4, 0.75, True),
        (0, 4, 0, 4, 0.0, True),
        (0, 4, 0, 0, 0.0, True),
        (0, 4, 96, 0, None, False),
        (0, 4, 96, 1, 0.0, True),
        (7, 0, 0, 7, 1.0, True),
    ],
)
def test_delivered_is_of_those_with_an_end_and_nothing_where_no_receipts_come(
    delivered, failed, on_the_way, heard_of, share, has_receipts
):
    found = delivery_of(delivered=delivered, failed=failed, on_the_way=on_the_way, heard_of=heard_of)

    assert (found.share, found.has_receipts) == (share, has_receipts)
    assert (found.delivered, found.ended) == (delivered, delivered + failed)
