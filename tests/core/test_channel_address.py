"""Addresses of every channel: who they are, how little of them is shown, and the row that a stage asks."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_campaign, a_message, a_profile

from tellwire.kernel.address import msisdn_of_digits
from tellwire.platform.deliver.last_look import objection
from tellwire.platform.model.address import (
    ID_LIMIT,
    SCOPE_LIMIT,
    Address,
    ChannelUser,
    channel_user,
    identifier_of,
    key_of,
    whole,
)
from tellwire.platform.model.channel import CHANNELS, SMS, channel_named, channel_of
from tellwire.platform.model.permission import Permission

NUMBER = msisdn_of_digits("6591230000")
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("channel", "scope", "identifier"),
    [
        ("", "s", "u1"),
        ("Line", "s", "u1"),
        ("1line", "s", "u1"),
        ("line-app", "s", "u1"),
        ("l" * 17, "s", "u1"),
        ("line", "s:t", "u1"),
        ("line", "s" * (SCOPE_LIMIT + 1), "u1"),
        ("line", "s", ""),
        ("line", "s", "u" * (ID_LIMIT + 1)),
        ("line", "s", "u\n1"),
        ("line", "s", "u\ud800"),
    ],
)
def test_what_is_no_user_of_a_channel(channel: str, scope: str, identifier: str) -> None:
    assert channel_user(channel, scope, identifier) is None


@given(TEXTS, TEXTS)
def test_a_user_is_stored_as_it_was_and_told_from_a_number(scope: str, identifier: str) -> None:
    user = channel_user("line", scope.replace(":", ""), identifier)
    assert user is not None

    for address in (user, NUMBER):
        assert msgspec.json.decode(msgspec.json.encode(address), type=Address) == address


def test_a_channel_users_id_is_shown_masked_and_leaves_by_name_only() -> None:
    user = ChannelUser("line", "shop", "U4af4980629")

    assert {str(user), repr(user), f"{user}", f"{[user]}"} == {
        "line:…29",
        "ChannelUser(line:…29)",
        "[ChannelUser(line:…29)]",
    }
    assert (whole(user), identifier_of(user)) == ("line:shop:U4af4980629", "U4af4980629")
    assert ChannelUser("line", "", "abc").masked == "line:…"


def test_a_number_is_found_by_its_digits_and_a_user_by_a_negative_hash() -> None:
    users = {
        ChannelUser("line", scope, name) for scope in ("", "a", "b") for name in ("x", "y", "6591230000")
    }

    assert key_of(NUMBER) == 6591230000
    assert len({key_of(user) for user in users}) == len(users)
    assert all(-(2**63) <= key_of(user) < 0 for user in users)


@given(TEXTS)
def test_a_key_is_an_integer_that_stores_take(identifier: str) -> None:
    assert -(2**62) <= key_of(ChannelUser("line", "", identifier)) < 0


def test_to_a_channel_that_nobody_here_knows_nothing_goes() -> None:
    assert channel_of(NUMBER) is SMS
    assert list(CHANNELS) == ["sms"]
    for unknown in (channel_of(ChannelUser("pigeon", "", "7")), channel_named("pigeon")):
        assert unknown.address_of(a_profile(phone=NUMBER)) is None
        assert not unknown.is_consent(None)
    lost = a_message(to=ChannelUser("pigeon", "", "7"))
    necessary = a_campaign(respects_consent=False)
    for campaign in (None, necessary):
        assert objection(lost, Permission(consents=(True,)), campaign, NOON) is not None


def test_the_row_of_texts() -> None:
    profile = a_profile(phone=NUMBER)

    assert SMS.address_of(profile) == NUMBER
    assert (SMS.address_property, SMS.consent_flag, SMS.suppression_flag) == (
        "Phone",
        "MSG-sms",
        "MSG-dndPhone",
    )
    assert SMS.is_consent(None)
    assert not SMS.is_consent(False)
    assert len(SMS.compose("x" * 161).parts) == 2
    assert SMS.parts_limit == 10


def test_silence_is_a_no_where_a_channel_takes_it_so(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = msgspec.structs.replace(SMS, name="chat", consents_by_default=False)
    monkeypatch.setitem(CHANNELS, "chat", chat)
    message = a_message(to=ChannelUser("chat", "", "7"))

    dropped = [
        objection(message, Permission(consents=said), None, NOON) for said in ((), (None,), (True, None))
    ]

    assert [one and one.code for one in dropped] == ["no_consent"] * 3
    assert objection(message, Permission(consents=("yes",)), None, NOON) is None
