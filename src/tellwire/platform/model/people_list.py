"""Lists of people, each with a name by which rules ask for it. Who is on one is `model.list_member`'s."""

from collections.abc import Iterable, Mapping
from typing import Final, NewType

import msgspec

from tellwire.platform.model.bounds import Name
from tellwire.platform.model.value import fold

ListId = NewType("ListId", int)

LISTS_LIMIT: Final = 1_000  # of an account


class PeopleList(msgspec.Struct, frozen=True, kw_only=True):
    """A list. Its name is unique as `fold` compares; its id is never given again."""

    id: ListId
    name: Name


def by_folded_name(lists: Iterable[PeopleList]) -> Mapping[str, PeopleList]:
    """Return lists by their names, as `fold` has them."""
    return {fold(one.name): one for one in lists}
