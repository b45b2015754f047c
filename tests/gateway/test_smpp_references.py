"""Two long texts to one handset within minutes do not share a reference, and one text keeps its own."""

from hypothesis import given
from hypothesis import strategies as st

from tellwire.gateway.smpp.references import RECENT, RECIPIENTS_LIMIT, References


@given(
    messages=st.lists(st.integers(1, 2**40).map(lambda n: n * 256), min_size=1, max_size=RECENT, unique=True)
)
def test_long_texts_to_one_recipient_differ_in_eight_bits(messages: list[int]) -> None:
    references = References()

    given_out = [references.of("6591230000", message) for message in messages]

    assert len({reference % 256 for reference in given_out}) == len(messages)
    assert [references.of("6591230000", message) for message in messages] == given_out


def test_a_reference_is_the_messages_own_number_while_that_is_free() -> None:
    references = References()

    assert [references.of("1", 256), references.of("2", 512), references.of("1", 512)] == [256, 512, 513]


def test_recipients_are_forgotten_before_memory_grows() -> None:
    references = References()

    for number in range(RECIPIENTS_LIMIT + 10):
        references.of(str(number), 1)

    assert len(references._recent) == RECIPIENTS_LIMIT
