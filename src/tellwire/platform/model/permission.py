"""What a person allows when a message is about to go."""

import msgspec

from tellwire.platform.model.value import Value


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a message may still go, as far as its person said: read again when it is its turn.

    `consents` is the channel's flag as written, where it is or silence is a no, in the profile that the message was
    made for and in the one that its subject names today: two where they were merged, or the device went to somebody
    else.
    """

    consents: tuple[Value, ...] = ()
    is_suppressed: bool = False
