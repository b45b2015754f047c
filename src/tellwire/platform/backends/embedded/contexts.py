"""What receipts and texts of people are compared with: where a message stands, and whose a number is."""

from collections.abc import Sequence

import apsw

from tellwire.kernel.address import Msisdn
from tellwire.platform.backends.embedded import event_lists, message_lists
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.chain import depth_behind
from tellwire.platform.model.message import Message, MessageContext, MessageId
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.messages import Holder, HolderPerson

# What nobody has begun to hand over waits without a claim, and nothing has happened to it.
_CONTEXTS = """
SELECT group_concat('[' || l.line || ',' || iif(
  EXISTS (SELECT 1 FROM claim WHERE message = l.seq) OR EXISTS (SELECT 1 FROM timeline WHERE message = l.seq),
  'true', 'false') || ']') FROM json_each(?) AS given CROSS JOIN message_line AS l ON l.id = given.value
"""
_CONTEXT_LINES = decoder(list[tuple[tuple[Message, message_lists.Fate], bool]])


def contexts(connection: apsw.Connection, ids: Sequence[MessageId]) -> dict[MessageId, MessageContext]:
    """Return what is known about these messages; an id nobody sent is absent."""
    lines = connection.execute(_CONTEXTS, (encode(sorted(set(ids))),)).get
    return {
        message.id: _context(message, fate, was_attempted=was_attempted)
        for (message, fate), was_attempted in _CONTEXT_LINES.decode(lines_of(lines))
    }


def _context(message: Message, fate: message_lists.Fate, *, was_attempted: bool) -> MessageContext:
    return MessageContext(
        id=message.id,
        standing=fate.standing,
        occasion_id=message.occasion_id,
        campaign_id=message.campaign_id,
        campaign_name=fate.campaign_name,
        profile_id=message.profile_id,
        subject=message.subject,
        to=message.to,
        provider_id=message.provider_id,
        provider_nickname=fate.provider_nickname,
        created_at=message.created_at,
        depth=depth_behind(message),
        was_attempted=was_attempted,
    )


# What the account said to a keyword by itself is nothing that a person answers.
_NEWEST_MESSAGE = """
SELECT id FROM message WHERE phone = ? AND NOT (campaign_id = 0 AND id LIKE '%-a') ORDER BY seq DESC LIMIT 1
"""


def holders(connection: apsw.Connection, numbers: Sequence[Msisdn]) -> dict[Msisdn, Holder]:
    """Return whose these numbers are; one that nobody holds and nobody was written to is absent."""
    pairs = ((number, _holder(connection, number)) for number in dict.fromkeys(numbers))
    return {number: holder for number, holder in pairs if holder is not None}


def _holder(connection: apsw.Connection, number: Msisdn) -> Holder | None:
    profiles = event_lists.profiles_by_number(connection, number)
    newest = connection.execute(_NEWEST_MESSAGE, (int(number.digits),)).get
    message = None if newest is None else contexts(connection, [newest]).get(newest)
    if profiles:
        people = tuple(map(_person, sorted(profiles, key=lambda profile: profile.updated_at, reverse=True)))
        return Holder(subject=people[0].subject, message=message, people=people)
    return None if message is None else Holder(subject=message.subject, message=message)


def _person(profile: Profile) -> HolderPerson:
    names = profile.subjects
    subject = next((name for name in names if name.kind == "identity"), names[0])
    return HolderPerson(subject=subject, names=names, profile_id=profile.id)
