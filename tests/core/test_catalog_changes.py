"""A set changed in memory is the set that a store reads back: the others are not looked at again."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_campaign, a_provider

from tellwire.platform.backends.catalog_changes import changed_set
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet, campaign_set
from tellwire.platform.model.content import Content
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.ports.catalog import CatalogChange, DeleteProvider, PutCampaign, PutProvider

NOW = datetime(2026, 1, 31, tzinfo=UTC)
IDS = st.integers(1, 5)
STATES = st.sampled_from(["draft", "running", "stopped"])
EVENTS = st.sampled_from(["Order Placed", "order placed", "Looked"])


def campaign(number: int, state: str, event: str) -> Campaign:
    return a_campaign(
        id=CampaignId(number),
        name=f"c{number}",
        state=state,
        event=event,
        content=Content(text="Hi"),
        created_at=NOW,
        updated_at=NOW,
    )


def provider(number: int, *, is_default: bool) -> Provider:
    return a_provider(id=ProviderId(f"p{number}"), nickname=f"n{number}", is_default=is_default)


CHANGES: st.SearchStrategy[CatalogChange] = st.one_of(
    st.builds(PutCampaign, st.builds(campaign, IDS, STATES, EVENTS)),
    st.builds(lambda n, mark: PutProvider(provider(n, is_default=mark)), IDS, st.booleans()),
    st.builds(lambda n: DeleteProvider(ProviderId(f"p{n}")), IDS),
)


@given(st.lists(st.lists(CHANGES, max_size=4), max_size=6))
def test_changes_made_one_by_one_are_the_set_of_all_that_is_left(saves: list[list[CatalogChange]]) -> None:
    newest = CampaignSet(version=0)
    for changes in saves:
        newest = changed_set(newest, changes)

    campaigns, providers = list(newest.campaigns.values()), list(newest.providers.values())
    assert newest == campaign_set(len(saves), campaigns, providers)
    assert [one.id for one in campaigns] == sorted(one.id for one in campaigns)
    assert [one.id for one in providers] == sorted(one.id for one in providers)
    assert sum(one.is_default for one in providers) <= 1


def test_the_set_before_stays_as_it_was() -> None:
    before = changed_set(CampaignSet(version=0), [PutCampaign(campaign(1, "running", "Looked"))])
    copy = msgspec.json.encode(before)

    changed_set(before, [PutCampaign(campaign(1, "stopped", "Looked"))])

    assert msgspec.json.encode(before) == copy


def test_a_provider_deleted_and_put_again_in_one_save_stands_in_its_place() -> None:
    one, two = provider(1, is_default=False), provider(2, is_default=False)
    before = changed_set(CampaignSet(version=0), [PutProvider(one), PutProvider(two)])

    after = changed_set(before, [DeleteProvider(one.id), PutProvider(one)])

    assert list(after.providers) == ["p1", "p2"]
