"""Laws of `ports.catalog`: one whole, version after version."""

import asyncio

import msgspec
import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import campaign, provider

from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.catalog import DeleteCampaign, DeleteProvider, PutCampaign, PutProvider, Stale


async def test_a_new_catalog_is_empty(backend: Backend) -> None:
    snapshot = await backend.catalog.snapshot()

    assert (snapshot.version, snapshot.campaigns, snapshot.providers) == (0, {}, {})


async def test_what_was_saved_is_read_back_equal(harness: Harness) -> None:
    backend = await harness.open()
    saved = await backend.catalog.save((PutCampaign(campaign(7)), PutProvider(provider())), 0)

    for each in (backend, await harness.reopen()):
        snapshot = await each.catalog.snapshot()
        assert snapshot == saved
        assert snapshot.version == 1
        assert snapshot.campaigns == {7: msgspec.structs.replace(campaign(7), version=1)}
        assert snapshot.providers == {"main": provider()}
        assert snapshot.answering("order placed") == (snapshot.campaigns[CampaignId(7)],)


async def test_an_older_snapshot_does_not_change(backend: Backend) -> None:
    before = await backend.catalog.snapshot()

    await backend.catalog.save((PutCampaign(campaign()),), 0)

    assert before.campaigns == {}


async def test_saving_on_a_stale_version_writes_nothing(backend: Backend) -> None:
    await backend.catalog.save((PutCampaign(campaign(name="first")),), 0)

    answer = await backend.catalog.save((PutCampaign(campaign(name="second")),), 0)

    assert answer == Stale(1)
    assert (await backend.catalog.snapshot()).campaigns[CampaignId(1)].name == "first"


async def test_of_savers_at_once_one_wins(backend: Backend) -> None:
    answers = await asyncio.gather(
        *(backend.catalog.save((PutCampaign(campaign(n)),), 0) for n in range(1, 9))
    )

    assert sum(isinstance(answer, CampaignSet) for answer in answers) == 1
    assert len((await backend.catalog.snapshot()).campaigns) == 1


async def test_a_save_whose_caller_went_away_does_not_make_all_others_stale(backend: Backend) -> None:
    saving = asyncio.create_task(backend.catalog.save((PutProvider(provider("lost")),), 0))
    await asyncio.sleep(0)
    saving.cancel()
    await asyncio.gather(saving, return_exceptions=True)

    answer = await backend.catalog.save((PutProvider(provider("main")),), 0)

    assert answer == Stale(1)
    newest = await backend.catalog.snapshot()
    assert newest.version == 1
    assert isinstance(await backend.catalog.save((PutProvider(provider("main")),), 1), CampaignSet)


async def test_a_default_provider_takes_the_mark_from_the_others(backend: Backend) -> None:
    await backend.catalog.save((PutProvider(provider("a", is_default=True)), PutProvider(provider("b"))), 0)

    await backend.catalog.save((PutProvider(provider("c", is_default=True)),), 1)

    snapshot = await backend.catalog.snapshot()
    assert [p.id for p in snapshot.providers.values() if p.is_default] == ["c"]


async def test_a_provider_can_be_deleted(backend: Backend) -> None:
    await backend.catalog.save((PutProvider(provider()),), 0)

    await backend.catalog.save((DeleteProvider(ProviderId("main")),), 1)

    assert (await backend.catalog.snapshot()).providers == {}


async def test_a_save_that_fails_keeps_nothing_of_it(backend: Backend) -> None:
    await backend.catalog.save((PutProvider(provider()), PutCampaign(campaign(1, provider_id="main"))), 0)

    with pytest.raises(ValueError, match="archive"):
        await backend.catalog.save((PutCampaign(campaign(2)), DeleteProvider(ProviderId("main"))), 1)

    snapshot = await backend.catalog.snapshot()
    assert (snapshot.version, list(snapshot.campaigns), list(snapshot.providers)) == (1, [1], ["main"])


async def test_campaign_ids_are_never_given_twice(harness: Harness) -> None:
    backend = await harness.open()
    given = list(await asyncio.gather(*(backend.catalog.next_campaign_id() for _ in range(5))))
    chosen = max(given) + 1
    await backend.catalog.save((PutCampaign(campaign(chosen)),), 0)
    given.append(await backend.catalog.next_campaign_id())

    backend = await harness.reopen()
    given.append(await backend.catalog.next_campaign_id())

    assert len(set(given)) == 7
    assert chosen not in given


async def test_a_campaign_that_was_published_is_not_deleted(harness: Harness) -> None:
    backend = await harness.open()
    draft = msgspec.structs.replace(campaign(8), state="draft")
    await backend.catalog.save((PutCampaign(campaign(7)), PutCampaign(draft)), 0)

    saved = await backend.catalog.save((DeleteCampaign(CampaignId(8)),), 1)

    assert isinstance(saved, CampaignSet)
    assert list(saved.campaigns) == [7]
    assert list((await (await harness.reopen()).catalog.snapshot()).campaigns) == [7]
