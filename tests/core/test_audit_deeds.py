"""What the audit log says of a change: each field that became otherwise, before and after, and no secret."""

from typing import Any

import msgspec
import pytest
from tests.builders import NOON, a_campaign, a_provider

from tellwire.kernel.secrets import Vault
from tellwire.platform.control.audit_deeds import deeds_of
from tellwire.platform.control.field_paths import Form, differences, fields_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.audit import FIELDS_LIMIT, TEXT_LIMIT, Deed
from tellwire.platform.model.campaign import Campaign, CampaignSet, CampaignState, campaign_set
from tellwire.platform.model.content import Content
from tellwire.platform.model.people_list import ListId, PeopleList
from tellwire.platform.model.provider import BasicAuthentication, JsonParameters, Provider, Sealed, SealedPair
from tellwire.platform.model.rule import Listed
from tellwire.platform.model.step import CallStep, SendStep
from tellwire.platform.ports.catalog import (
    CatalogChange,
    DeleteCampaign,
    DeleteProvider,
    PutAccount,
    PutCampaign,
    PutProvider,
)

VAULT = Vault(b"k" * 32)
replace = msgspec.structs.replace


def done(before: CampaignSet, *changes: CatalogChange) -> tuple[Deed, ...]:
    return deeds_of(before, changes, VAULT, NOON)


def with_campaign(campaign: Campaign) -> CampaignSet:
    return campaign_set(1, [campaign], [])


def with_providers(*providers: Provider) -> CampaignSet:
    return campaign_set(1, [], list(providers))


def diffs(deed: Deed) -> list[tuple[str, Any, Any]]:
    return [(one.field, one.before, one.after) for one in deed.fields]


def sealed(text: str) -> Sealed:
    return Sealed(VAULT.seal(text))


def test_a_change_says_each_field_before_and_after() -> None:
    before = a_campaign(content=Content(text="Hi"))
    after = replace(a_campaign(content=Content(text="Hello")), name="Other")

    (deed,) = done(with_campaign(before), PutCampaign(after))

    assert (deed.kind, deed.object_id, deed.what, deed.name) == (
        "campaign",
        str(before.id),
        "changed",
        "Other",
    )
    assert diffs(deed) == [("name", before.name, "Other"), ("content.text", "Hi", "Hello")]


def test_steps_go_by_their_ids_and_their_order_is_a_field() -> None:
    one, two = SendStep(id="one", content=Content(text="1")), SendStep(id="two", content=Content(text="2"))
    before = replace(a_campaign(), steps=(one, two))
    after = replace(before, steps=(two, replace(one, content=Content(text="1!"))))

    (deed,) = done(with_campaign(before), PutCampaign(after))

    assert diffs(deed) == [
        ("steps", ["one", "two"], ["two", "one"]),
        ("steps.one.send.text", "1", "1!"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("draft", "running", "published"),
        ("stopped", "running", "published"),
        ("paused", "running", "resumed"),
        ("running", "paused", "paused"),
        ("running", "stopped", "stopped"),
        ("paused", "stopped", "stopped"),
    ],
)
def test_a_campaign_that_moves_says_how(before: CampaignState, after: CampaignState, what: str) -> None:
    campaign = replace(a_campaign(), state=before)

    (deed,) = done(with_campaign(campaign), PutCampaign(replace(campaign, state=after)))

    assert (deed.what, diffs(deed)) == (what, [("state", before, after)])


def test_what_is_new_has_no_before_and_what_is_gone_no_after() -> None:
    campaign = a_campaign()

    (created,) = done(CampaignSet(version=0), PutCampaign(campaign))
    (deleted,) = done(with_campaign(campaign), DeleteCampaign(campaign.id))

    assert (created.what, deleted.what) == ("created", "deleted")
    assert all(one.before is None and one.after is not None for one in created.fields)
    assert [one.field for one in created.fields] == ["name", "state", "event", "content.text"]
    assert {(field, after, None) for field, _, after in diffs(created)} < set(diffs(deleted))


def test_what_changes_nothing_is_no_deed() -> None:
    provider = a_provider()
    again = replace(provider, headers=(SealedPair("Authorization", sealed("s3cret")),))
    kept = replace(provider, headers=(SealedPair("Authorization", sealed("s3cret")),))

    assert done(with_campaign(a_campaign()), PutCampaign(a_campaign())) == ()
    assert again != kept  # sealed anew
    assert done(with_providers(again), PutProvider(kept)) == ()
    assert done(CampaignSet(version=1), PutAccount(Account(version=2))) == ()


def test_a_secret_that_changed_is_said_and_never_shown() -> None:
    before = replace(
        a_provider(),
        endpoint="https://sms.example/send?api_key=0ld-key",
        headers=(SealedPair("X-Key", sealed("0ld-key")), SealedPair("Accept", sealed("text/plain"))),
        authentication=BasicAuthentication(username="u", password=sealed("0ld-key")),
        parameters=JsonParameters('{"to": "$$To", "password": "0ld-key"}'),
    )
    after = replace(
        before,
        endpoint="https://sms.example/send?api_key=n3w-key",
        headers=(SealedPair("X-Key", sealed("n3w-key")), SealedPair("Accept", sealed("application/json"))),
        authentication=BasicAuthentication(username="u", password=sealed("n3w-key")),
        parameters=JsonParameters('{"to": "$$To", "password": "n3w-key"}'),
    )

    (deed,) = done(with_providers(before), PutProvider(after))

    told = msgspec.json.encode(deed).decode()
    assert "0ld-key" not in told
    assert "n3w-key" not in told
    assert {one.field: one.is_secret for one in deed.fields} == {
        "endpoint": True,
        "headers.X-Key": True,
        "headers.Accept": False,
        "authentication.password": True,
        "parameters.template": True,
    }


def test_what_a_call_is_signed_in_with_is_hidden_too() -> None:
    def calling(secret: str) -> Campaign:
        step = CallStep(
            id="tell",
            url=f"https://crm.example/x?token={secret}",
            body=f'{{"api_key": "{secret}"}}',
            headers=(("Authorization", f"Bearer {secret}"), ("Accept", "text/plain")),
        )
        return replace(a_campaign(), steps=(step,))

    (created,) = done(CampaignSet(version=0), PutCampaign(calling("0ld")))
    (changed,) = done(with_campaign(calling("0ld")), PutCampaign(calling("n3w")))

    assert "0ld" not in msgspec.json.encode([created, changed]).decode()
    assert "n3w" not in msgspec.json.encode(changed).decode()
    assert [one.field for one in changed.fields] == [
        "steps.tell.call.url",
        "steps.tell.call.body",
        "steps.tell.call.headers.Authorization",
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example/services/T1/B2/s3cret", "https://hooks.example/***"),
        ("https://crm.example:8443?s3cret", "https://crm.example:8443***"),
        ("https://crm.example#s3cret", "https://crm.example***"),
        ("https://ann:s3cret@crm.example/", "https://***@crm.example/"),
        ("https://crm.example", "https://crm.example"),
        ("s3cret", "***"),
    ],
)
def test_of_the_address_of_a_call_the_server_is_shown_alone(url: str, shown: str) -> None:
    called = replace(a_campaign(), steps=(CallStep(id="tell", url=url),))

    (created,) = done(CampaignSet(version=0), PutCampaign(called))

    (field,) = (one for one in created.fields if one.field == "steps.tell.call.url")
    assert field.after == shown


def test_what_a_call_is_signed_in_with_is_hidden_in_a_form_too() -> None:
    body = "password=0ld&grant=x&client_secret={{ Profile.Key }}0ld"
    step = CallStep(id="tell", url="https://crm.example/x", body=body)

    (created,) = done(CampaignSet(version=0), PutCampaign(replace(a_campaign(), steps=(step,))))

    (field,) = (one for one in created.fields if one.field == "steps.tell.call.body")
    assert field.after == "password=***&grant=x&client_secret=***"


def test_the_provider_that_is_the_default_no_more_is_named() -> None:
    old = replace(a_provider(), is_default=True)
    new = replace(old, id="other", nickname="other")

    taken, lost = done(with_providers(old, replace(new, is_default=False)), PutProvider(new))

    assert (taken.object_id, diffs(taken)) == ("other", [("is_default", False, True)])
    assert (lost.object_id, diffs(lost)) == (old.id, [("is_default", True, False)])


def test_a_provider_that_goes_says_how() -> None:
    provider = a_provider()
    gone = replace(provider, archived_at=NOON)

    assert [one.what for one in done(with_providers(provider), PutProvider(gone))] == ["archived"]
    assert [one.what for one in done(with_providers(gone), PutProvider(provider))] == ["restored"]
    assert [one.what for one in done(with_providers(provider), DeleteProvider(provider.id))] == ["deleted"]


def test_the_account_and_each_of_its_audiences_has_a_line_of_its_own() -> None:
    was = Account(audiences={"Old": Listed("a"), "Kept": Listed("b")})
    now = Account(zone="Europe/Berlin", is_paused=True, audiences={"Kept": Listed("c"), "New": Listed("d")})
    before = CampaignSet(version=1, account=was)

    deeds = done(before, PutAccount(now))

    assert [(one.kind, one.object_id, one.what) for one in deeds] == [
        ("account", "", "paused"),
        ("audience", "Old", "deleted"),
        ("audience", "Kept", "changed"),
        ("audience", "New", "created"),
    ]
    assert diffs(deeds[0]) == [("zone", None, "Europe/Berlin"), ("is_paused", None, True)]
    assert diffs(deeds[2]) == [("rule.listed", "b", "c")]


def test_lists_are_told_by_their_ids_whatever_they_are_called() -> None:
    was = Account(lists=(PeopleList(id=ListId(1), name="VIPs"), PeopleList(id=ListId(2), name="Old")))
    now = Account(lists=(PeopleList(id=ListId(1), name="Best"), PeopleList(id=ListId(3), name="New")))

    deeds = done(CampaignSet(version=1, account=was), PutAccount(now))

    assert [(one.kind, one.object_id, one.name, one.what) for one in deeds] == [
        ("list", "1", "Best", "changed"),
        ("list", "2", "Old", "deleted"),
        ("list", "3", "New", "created"),
    ]


def test_long_values_and_many_fields_are_cut_and_say_so() -> None:
    short, long = {"text": "x" * TEXT_LIMIT}, {"text": "x" * (TEXT_LIMIT + 1), "list": list(range(2_000))}
    many = {f"f{n}": n for n in range(FIELDS_LIMIT + 3)}

    (text, numbers), _ = differences(form(short), form(long))
    kept, left_out = differences(form({}), form(many))

    assert (text.before_length, text.after_length) == (0, TEXT_LIMIT + 1)
    assert text.before == text.after == "x" * TEXT_LIMIT
    assert (numbers.before, len(numbers.after), numbers.after_length) == (None, TEXT_LIMIT, 8_891)
    assert (len(kept), left_out) == (FIELDS_LIMIT, 3)


def form(value: Any) -> Form:
    fields = fields_of(value)
    return Form(fields, fields)
