"""From a campaign's content to a message, or to why there is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.builders import a_campaign, a_profile, a_provider, an_event

from tellwire.kernel.address import msisdn_of_digits
from tellwire.kernel.sms import Encoding
from tellwire.platform.compose.draft import PARTS_LIMIT, Draft, Undrafted, draft, uses_body
from tellwire.platform.model.campaign import CampaignId, Policy
from tellwire.platform.model.content import Content
from tellwire.platform.model.enrollment import entrance_of
from tellwire.platform.model.event import EventId, Subject
from tellwire.platform.model.message import Message
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.provider import FormParameters, JsonParameters, Pair, Provider, ProviderId
from tellwire.platform.model.step import sends_of

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
TO = msisdn_of_digits("6591230000")
SUBJECT = Subject("identity", "u1")
PROVIDER = a_provider(id=ProviderId("p1"), parameters=JsonParameters('{"to":"$$To","text":"$$Body"}'))
EVENT = an_event(id=EventId("e1"), occurred_at=NOW, received_at=NOW)
PROFILE = a_profile(id=ProfileId("f1"), properties={"Name": "Ann"}, phone=TO)


def drafted(
    content: Content, *, provider: Provider = PROVIDER, policy: Policy | None = None, **event: Any
) -> Draft:
    campaign = a_campaign(
        id=CampaignId(7),
        name="c",
        event="Order Placed",
        content=content,
        policy=policy or Policy(),
        created_at=NOW,
        updated_at=NOW,
    )
    return draft(
        campaign=campaign,
        send=next(sends_of(campaign.steps)),
        provider=provider,
        entrance=entrance_of(EVENT),
        properties=event,
        profile=PROFILE,
        to=TO,
        now=NOW,
    )


def test_all_content_is_rendered_with_the_same_names() -> None:
    content = Content(
        text="Hi {{ Profile.Name }}, {{ Event.Amount }}",
        template_id="1007",
        template_variables=("{{ Profile.Name }}", "{{ Event.Amount }}", "x"),
        tokens={"unit": "{{ Event.Unit | default: 'none' }}"},
        extra={"ref": "{{ Profile.Identity }}"},
    )

    message = drafted(content, Amount=12)

    assert isinstance(message, Message)
    assert (message.text, message.encoding, message.parts) == ("Hi Ann, 12", Encoding.GSM7, 1)
    assert message.template_id == "1007"
    assert message.template_variables == ("Ann", "12", "x")
    assert message.tokens == {"unit": "none"}
    assert message.extra == {"ref": "u1"}


def test_message_names_its_event_campaign_and_profile_and_follows_the_policy() -> None:
    policy = Policy(when_unresolved="repeat", attempts=3, give_up_after_s=60)

    message = drafted(Content(text="x"), policy=policy)

    assert isinstance(message, Message)
    assert message.id == "e1-7"
    assert (message.occasion_id, message.campaign_id, message.profile_id) == ("e1", 7, "f1")
    assert (message.provider_id, message.to, message.subject) == ("p1", TO, SUBJECT)
    assert (message.repeats_unresolved, message.attempts) == (True, 3)
    assert message.give_up_at == NOW + timedelta(seconds=60)


def test_look_alikes_are_put_in_when_the_campaign_says_so() -> None:
    plain = drafted(Content(text="It\u2019s here"))
    transliterated = drafted(Content(text="It\u2019s here", transliterate=True))

    assert isinstance(plain, Message)
    assert isinstance(transliterated, Message)
    assert (plain.text, plain.encoding) == ("It\u2019s here", Encoding.UCS2)
    assert (transliterated.text, transliterated.encoding) == ("It's here", Encoding.GSM7)


def test_ten_parts_are_sent_and_eleven_are_not() -> None:
    ten = drafted(Content(text="x" * 153 * PARTS_LIMIT))
    eleven = drafted(Content(text="x" * (153 * PARTS_LIMIT + 1)))

    assert isinstance(ten, Message)
    assert ten.parts == PARTS_LIMIT
    assert eleven == Undrafted("too_long", (11,))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (Content(text="{% abort %}"), "aborted"),
        (Content(text="x", tokens={"a": "{% abort %}"}), "aborted"),
        (Content(text="{{ 1 | divided_by: 0 }}"), "template_failed"),
        (Content(text="x", template_variables=("{{ 1 | divided_by: 0 }}",)), "template_failed"),
        (Content(text="{{ Event.Nope }} \n"), "empty_text"),
        (Content(text="", template_id="1007"), "empty_text"),
        (Content(text="x", extra={"a": "y" * 1025}), "too_long"),
    ],
)
def test_what_gives_no_message_says_why(content: Content, code: str) -> None:
    outcome = drafted(content)

    assert isinstance(outcome, Undrafted)
    assert outcome.code == code


def test_a_provider_with_only_a_template_id_needs_no_text() -> None:
    provider = msgspec.structs.replace(
        PROVIDER, parameters=FormParameters((Pair("to", "$$To"), Pair("tpl", "$$TemplateID")))
    )

    message = drafted(Content(text="", template_id="1007"), provider=provider)

    assert isinstance(message, Message)
    assert isinstance(drafted(Content(text=""), provider=provider), Undrafted)


@pytest.mark.parametrize(
    ("template", "uses"),
    [("$$Body", True), ("a $$body.", True), ("$$BodyText", False), ("$Body", False), ("Body", False)],
)
def test_body_token_is_found_in_any_spelling(template: str, uses: bool) -> None:
    provider = msgspec.structs.replace(PROVIDER, parameters=FormParameters((Pair("x", template),)))

    assert uses_body(provider) is uses


@pytest.mark.parametrize(("length", "is_taken"), [(1_024, True), (1_025, False)])
def test_a_token_a_variable_and_a_pair_have_1024_characters_at_most(length: int, is_taken: bool) -> None:
    long = "x" * length

    made = [
        drafted(Content(text="hi", tokens={"Code": long})),
        drafted(Content(text="hi", template_variables=(long,))),
        drafted(Content(text="hi", extra={"pair": long})),
    ]

    assert [isinstance(one, Message) for one in made] == [is_taken] * 3
    assert all(
        one.code == "too_long" and one.values[1] == 1_024 for one in made if isinstance(one, Undrafted)
    )
