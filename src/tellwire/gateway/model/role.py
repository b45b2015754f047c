"""Who may do what in the portal. Pure.

viewer      sees everything but numbers in full, texts and secrets
developer   and numbers and texts, API keys, webhooks, senders
owner       and people, subaccounts, money, carriers, routes and prices
"""

from typing import Final, Literal, TypeAlias, get_args

import msgspec

Role: TypeAlias = Literal["viewer", "developer", "owner"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in; `email` names them, the password is kept elsewhere."""

    email: str
    name: str
    role: Role


# Whoever bears the admin token: it makes the first owner, and lets owners in again who lost their passwords.
ADMINISTRATOR: Final = Person(email="", name="Administrator", role="owner")


def may(role: Role, need: Role) -> bool:
    """Say whether a role includes what `need` is needed for."""
    return ROLES.index(role) >= ROLES.index(need)
