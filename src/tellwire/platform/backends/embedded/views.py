"""The table `view`: a few rows, read whole."""

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.model.view import SavedView, ViewId
from tellwire.platform.ports.views import VIEWS_LIMIT


class EmbeddedViews:
    """See `ports.views.Views`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[SavedView]:
        """Return every view, in the order in which they were first saved."""
        return await self._database.read(_all)

    async def put(self, view: SavedView) -> SavedView | None:
        """Keep a view; None if the page has too many others."""
        return await self._database.write(_put, view)

    async def drop(self, view_id: ViewId) -> bool:
        """Forget a view; say whether there was one."""
        return await self._database.write(_drop, view_id)


_ALL = "SELECT id, page, name, query, author FROM saved_view ORDER BY id"
_KNOWN = "SELECT id FROM saved_view WHERE page = ? AND folded = ?"
_COUNT = "SELECT count(*) FROM saved_view WHERE page = ?"
_ADD = "INSERT INTO saved_view (page, name, folded, query, author) VALUES (?, ?, ?, ?, ?) RETURNING id"
_CHANGE = "UPDATE saved_view SET name = ?, query = ?, author = ? WHERE id = ?"
_DROP = "DELETE FROM saved_view WHERE id = ?"


def _all(connection: apsw.Connection) -> list[SavedView]:
    return [
        SavedView(id=ViewId(key), page=page, name=name, query=query, saved_by=author)
        for key, page, name, query, author in connection.execute(_ALL)
    ]


def _put(connection: apsw.Connection, views: list[SavedView]) -> list[SavedView | None]:
    return [_put_one(connection, view) for view in views]


def _put_one(connection: apsw.Connection, view: SavedView) -> SavedView | None:
    folded = view.name.casefold()
    known = connection.execute(_KNOWN, (view.page, folded)).get
    if known is not None:
        connection.execute(_CHANGE, (view.name, view.query, view.saved_by, known))
    elif connection.execute(_COUNT, (view.page,)).get >= VIEWS_LIMIT:
        return None
    else:
        known = connection.execute(_ADD, (view.page, view.name, folded, view.query, view.saved_by)).get
    return SavedView(
        id=ViewId(known), page=view.page, name=view.name, query=view.query, saved_by=view.saved_by
    )


def _drop(connection: apsw.Connection, view_ids: list[ViewId]) -> list[bool]:
    return [_drop_one(connection, view_id) for view_id in view_ids]


def _drop_one(connection: apsw.Connection, view_id: ViewId) -> bool:
    connection.execute(_DROP, (view_id,))
    return connection.changes() > 0
