"""Whether messages may still go: what their people's profiles and the list of suppressed numbers say now.

Read in the transaction that claims, by a constant number of statements. Nothing is decided here.
"""

from collections.abc import Sequence

import apsw
import msgspec

from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.address import key_of
from tellwire.platform.model.channel import Channel, channel_of
from tellwire.platform.model.message import Message, MessageId
from tellwire.platform.model.permission import Permission
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.value import Value, look_up


class _Person(msgspec.Struct, frozen=True):
    """Of a profile's body what is needed here; the values stay unread."""

    id: ProfileId
    properties: dict[str, msgspec.Raw] = {}


_MADE_FOR = """
SELECT group_concat(p.body) FROM json_each(?) AS given CROSS JOIN profile AS p ON p.id = given.value
"""
_NAMED = """
SELECT group_concat('[' || given.key || ',' || p.body || ']') FROM json_each(?) AS given
CROSS JOIN subject AS s ON s.key = given.value CROSS JOIN profile AS p ON p.seq = s.profile
"""
_SUPPRESSED = """
SELECT json_group_array(phone) FROM json_each(?) AS given
CROSS JOIN suppression ON suppression.phone = given.value WHERE is_suppressed
"""
_PEOPLE = decoder(list[_Person])
_PEOPLE_BY_INDEX = decoder(list[tuple[int, _Person]])
_NUMBERS = decoder(list[int])


def permissions(connection: apsw.Connection, messages: Sequence[Message]) -> dict[MessageId, Permission]:
    """Return whether each of these messages may go."""
    if not messages:
        return {}
    numbers = encode(list({key_of(message.to) for message in messages}))
    suppressed = set(_NUMBERS.decode(connection.execute(_SUPPRESSED, (numbers,)).get))
    named = _named(connection, list({message.subject.key for message in messages}))
    people = {person.id: person for person in named.values()}
    # Nearly always nobody: a message is made for whom its subject names, unless the name has moved on since.
    if others := list({message.profile_id for message in messages} - people.keys()):
        people |= _made_for(connection, others)
    return {
        message.id: Permission(
            consents=_consents(
                channel_of(message.to), people.get(message.profile_id), named.get(message.subject.key)
            ),
            is_suppressed=key_of(message.to) in suppressed,
        )
        for message in messages
    }


def _made_for(connection: apsw.Connection, profile_ids: list[ProfileId]) -> dict[ProfileId, _Person]:
    rows = connection.execute(_MADE_FOR, (encode(profile_ids),)).get
    return {person.id: person for person in _PEOPLE.decode(lines_of(rows))}


def _named(connection: apsw.Connection, keys: list[str]) -> dict[str, _Person]:
    rows = connection.execute(_NAMED, (encode(keys),)).get
    return {keys[index]: person for index, person in _PEOPLE_BY_INDEX.decode(lines_of(rows))}


def _consents(channel: Channel, *people: _Person | None) -> tuple[Value, ...]:
    """Return what these people wrote of the channel; silence too, where that is a no."""
    known = {person.id: person for person in people if person is not None}
    written = [look_up(person.properties, channel.consent_flag) for person in known.values()]
    said = written if not channel.consents_by_default else [value for value in written if value is not None]
    return tuple(None if value is None else msgspec.json.decode(value) for value in said)
