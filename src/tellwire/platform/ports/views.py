"""Views of lists that people keep: shared by all who sign in."""

from typing import Final, Protocol

from tellwire.platform.model.view import SavedView, ViewId

VIEWS_LIMIT: Final = 50  # of one page: they stand beside each other as tabs


class Views(Protocol):
    """A page has no two views of one name; capitals do not matter."""

    async def all(self) -> list[SavedView]:
        """Return every view, in the order in which they were first saved."""
        ...

    async def put(self, view: SavedView) -> SavedView | None:
        """Keep a view durably and return it with its id, which the view of that name and page keeps.

        None, and nothing is kept, if the page has `VIEWS_LIMIT` others.
        """
        ...

    async def drop(self, view_id: ViewId) -> bool:
        """Forget a view durably; say whether there was one."""
        ...
