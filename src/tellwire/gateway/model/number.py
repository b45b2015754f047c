"""Numbers that texts come to, senders that a subaccount may use, and logins over SMPP."""

import msgspec


class VirtualNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number (digits or short code) whose inbound texts are a subaccount's."""

    number: str
    subaccount: str


class AllowedSender(msgspec.Struct, frozen=True, kw_only=True):
    """A sender ID of a subaccount, and the prefixes (digits) to which it may send; none means everywhere."""

    subaccount: str
    source: str
    prefixes: tuple[str, ...] = ()


class SmppLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's SMPP login; `password` is an Argon2id hash, `addresses` empty lets it bind from anywhere."""

    system_id: str
    subaccount: str
    password: str
    binds: int = 4
    messages_per_s: int = 50
    is_enabled: bool = True
    addresses: tuple[str, ...] = ()
