"""Laws of `ports.views`: a view is kept under its name, and a page has only so many."""

from conformance_harness import Backend, Harness

from tellwire.platform.model.view import SavedView, ViewId
from tellwire.platform.ports.views import VIEWS_LIMIT


def view(name: str, query: str = "state=running") -> SavedView:
    return SavedView(name=name, query=query, saved_by="ann@example.com")


async def test_views_are_there_after_a_restart_in_the_order_of_their_first_saving(harness: Harness) -> None:
    backend = await harness.open()
    first = await backend.views.put(view("Asia"))
    second = await backend.views.put(view("Europe"))
    again = await backend.views.put(view("ASIA", "label=sg"))

    backend = await harness.reopen()

    assert first is not None
    assert again is not None
    assert again.id == first.id
    assert await backend.views.all() == [again, second]
    assert (again.name, again.query, again.saved_by) == ("ASIA", "label=sg", "ann@example.com")


async def test_a_dropped_view_is_gone_and_its_id_is_never_given_again(backend: Backend) -> None:
    gone = await backend.views.put(view("Asia"))
    assert gone is not None

    assert await backend.views.drop(gone.id) is True
    assert await backend.views.drop(gone.id) is False
    assert await backend.views.drop(ViewId(99)) is False
    later = await backend.views.put(view("Asia"))

    assert later is not None
    assert later.id != gone.id
    assert await backend.views.all() == [later]


async def test_a_page_has_only_so_many_views(backend: Backend) -> None:
    for number in range(VIEWS_LIMIT):
        assert await backend.views.put(view(f"View {number}")) is not None

    assert await backend.views.put(view("one more")) is None
    changed = await backend.views.put(view("view 7", "q=cart"))

    assert changed is not None
    assert changed.query == "q=cart"
    assert len(await backend.views.all()) == VIEWS_LIMIT
