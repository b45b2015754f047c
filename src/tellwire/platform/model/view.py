"""A view of a list: what somebody filtered and sorted it by, kept under a name."""

from typing import Annotated, Final, Literal, NewType

import msgspec

from tellwire.platform.model.bounds import Name

ViewId = NewType("ViewId", int)
ViewedPage = Literal["campaigns"]

QUERY_LIMIT: Final = 1_000  # characters


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """One view. `query` is that of the page's address: `state=running&label=cart`; everybody here sees it."""

    page: ViewedPage = "campaigns"
    name: Annotated[Name, msgspec.Meta(min_length=1)]
    query: Annotated[str, msgspec.Meta(max_length=QUERY_LIMIT)]
    saved_by: Name = ""
    id: ViewId = ViewId(0)
