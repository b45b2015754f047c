"""Views of lists that people keep under a name: the tabs above a list."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from tellwire.platform.control.activity import LARGEST_ID
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.language.names import no_name
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.view import QUERY_LIMIT, SavedView, ViewedPage, ViewId
from tellwire.platform.ports.views import VIEWS_LIMIT


class ViewForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A view as it is saved: `query` is that of the page's address."""

    page: ViewedPage = "campaigns"
    name: Name
    query: Annotated[str, msgspec.Meta(max_length=QUERY_LIMIT)] = ""


class ViewList(msgspec.Struct, frozen=True, kw_only=True):
    """All views, in the order in which they were first saved."""

    views: Sequence[SavedView]


@get("/api/views", tags=["views"])
async def list_views(desk: DeskDependency) -> ViewList:
    """List the views that are kept, of every page; all who sign in share them."""
    return ViewList(views=await desk.views.all())


@post("/api/views", status_code=200, tags=["views"])
async def save_view(data: JSONBody[ViewForm], desk: DeskDependency) -> SavedView:
    """Keep a view; a page's view of that name is replaced."""
    if why := no_name(data.name, "view"):
        raise invalid({"name": why})
    view = SavedView(
        page=data.page, name=data.name.strip(), query=data.query.lstrip("?"), saved_by=desk.author
    )
    kept = await desk.views.put(view)
    if kept is None:
        raise Problem(409, "too_many_views", f"There are {VIEWS_LIMIT} views already: delete one first.")
    return kept


@delete("/api/views/{view_id:int}", status_code=204, tags=["views"])
async def delete_view(view_id: FromPath[int], desk: DeskDependency) -> None:
    """Delete a view."""
    if view_id > LARGEST_ID or not await desk.views.drop(ViewId(view_id)):
        raise not_found("such view")


HANDLERS: Final = [list_views, save_view, delete_view]
