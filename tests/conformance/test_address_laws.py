"""A user of an app is written to, suppressed and found as a number is."""

import msgspec
from conformance_harness import Backend
from conformance_nouns import LATER, LEASE, MAIN, NOW, message, number, queue

from tellwire.platform.model.address import ChannelUser
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.profile import SuppressionChange

ANN = ChannelUser("line", "shop", "U4af4980629:é")
TWIN = ChannelUser("line", "other shop", "U4af4980629:é")


async def test_a_user_of_an_app_is_suppressed_without_their_twin_elsewhere(backend: Backend) -> None:
    stop = SuppressionChange(address=ANN, is_suppressed=True, source="reply", at=NOW)

    await backend.messages.suppress([stop])

    facts = await backend.ledger.facts(Needs(numbers=[ANN, TWIN, number(1)]))
    assert dict(facts.suppressions) == {ANN: stop}
    assert await backend.reports.is_suppressed(ANN)
    assert not await backend.reports.is_suppressed(TWIN)


async def test_a_message_to_a_user_of_an_app_is_claimed_and_listed_with_its_address(backend: Backend) -> None:
    await backend.messages.suppress(
        [SuppressionChange(address=ANN, is_suppressed=True, source="reply", at=NOW)]
    )
    to_ann = msgspec.structs.replace(message(1), to=ANN)
    await queue(backend, to_ann, message(2))

    claims = await backend.messages.claim({MAIN: 10}, LATER, LEASE)

    assert {one.message.id: (one.message.to, one.permission.is_suppressed) for one in claims.taken} == {
        message(1).id: (ANN, True),
        message(2).id: (number(1), False),
    }
    assert [row.id for row in await backend.reports.recent_messages(10, to=ANN)] == [message(1).id]
    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert (detail.row.to, str(detail.row.to)) == (ANN, "line:…:é")
