"""Short links in texts: which links get one, how codes are made, what is appended on the way, and who is no person."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.builders import a_campaign, a_profile, a_provider, an_event

from tellwire.kernel.address import msisdn_of_digits
from tellwire.kernel.links.members import members_of, with_members
from tellwire.kernel.links.slugs import is_slug
from tellwire.kernel.sms import compose
from tellwire.platform.compose.draft import draft
from tellwire.platform.compose.links import as_shortened, shortened
from tellwire.platform.language.account import AccountForm, LinksForm, read_account, write_account
from tellwire.platform.language.campaign import EitherForm, campaign_of
from tellwire.platform.language.shortening import as_said, of_before
from tellwire.platform.model.campaign import Campaign, CampaignId, shortens
from tellwire.platform.model.content import Content
from tellwire.platform.model.enrollment import entrance_of
from tellwire.platform.model.event import EventId
from tellwire.platform.model.link import LinkPolicy, Shortening, shortening_at
from tellwire.platform.model.message import Message
from tellwire.platform.model.step import SendStep, sends_of
from tellwire.platform.receipts.visitors import AFTER_HEAD_MS, BURST_MS, Visitors

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
TO = msisdn_of_digits("6591230000")
PREFIX = "https://exm.pl/l/"
SHORTENING = Shortening(prefix=PREFIX, key=b"k" * 32, life_ms=1000)
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"


def drafted(content: Content, *, event: str = "e1", before_links: bool = False, **options: Any) -> Message:
    step = SendStep(content=content)
    campaign = a_campaign(id=CampaignId(7), name="Spring sale", event="Paid", content=content)
    campaign = of_before(campaign) if before_links else campaign
    made = draft(
        campaign=campaign,
        send=step,
        provider=a_provider(),
        entrance=entrance_of(an_event(id=EventId(event))),
        properties={},
        profile=a_profile(phone=TO),
        to=TO,
        now=NOW,
        **{"shortening": SHORTENING, **options},
    )
    assert isinstance(made, Message)
    return made


def test_each_link_of_a_text_is_shortened_and_the_sentence_around_it_stays() -> None:
    message = drafted(Content(text="See https://shop.example/a?b=1. Or (http://other.example/)!"))

    first, second = message.links
    assert message.text == f"See {PREFIX}{first.slug}. Or ({PREFIX}{second.slug})!"
    assert [link.target for link in message.links] == ["https://shop.example/a?b=1", "http://other.example/"]
    assert all(is_slug(link.slug) for link in message.links)
    assert message.parts == len(compose(message.text).parts) == 1


def test_the_same_link_twice_is_one_and_a_short_one_stays() -> None:
    message = drafted(Content(text=f"https://a.example https://a.example {PREFIX}abcdefghijkl"))

    assert [link.target for link in message.links] == ["https://a.example"]
    assert message.text.endswith(f" {PREFIX}abcdefghijkl")


def test_codes_differ_by_message_and_are_the_same_when_a_message_is_made_again() -> None:
    content = Content(text="https://a.example")

    assert drafted(content).text == drafted(content).text
    assert drafted(content).text != drafted(content, event="e2").text
    other_key = Shortening(prefix=PREFIX, key=b"o" * 32)
    assert drafted(content).text != drafted(content, shortening=other_key).text


@pytest.mark.parametrize(
    "options",
    [
        {"shortening": None},
        {"links": LinkPolicy(shorten=False)},
        {"before_links": True},
    ],
    ids=["no address", "the account says no", "published before links were shortened"],
)
def test_links_stay_as_they_are_where_they_are_not_to_be_shortened(options: Any) -> None:
    message = drafted(Content(text="https://a.example"), **options)

    assert (message.text, message.links) == ("https://a.example", ())


def test_a_send_may_say_no() -> None:
    assert drafted(Content(text="https://a.example", shorten=False)).links == ()


def test_utm_members_are_appended_and_the_name_of_the_campaign_with_them() -> None:
    policy = LinkPolicy(utm={"source": "tellwire", "medium": "text"})

    (link,) = drafted(Content(text="https://a.example/x#y", utm={"medium": "sms"}), links=policy).links

    assert link.target == "https://a.example/x#y"
    assert with_members(link.target, link.members) == (
        "https://a.example/x?utm_source=tellwire&utm_medium=sms&utm_campaign=Spring+sale#y"
    )


@pytest.mark.parametrize(
    ("target", "there"),
    [
        ("https://a.example", "https://a.example?utm_id=1"),
        ("https://a.example/?q", "https://a.example/?q&utm_id=1"),
        ("https://a.example/?q=1&", "https://a.example/?q=1&utm_id=1"),
        ("https://a.example/#top?x", "https://a.example/?utm_id=1#top?x"),
        ("https://a.example/?utm_id=9", "https://a.example/?utm_id=9"),
    ],
)
def test_members_stand_in_the_query_and_what_was_written_there_wins(target: str, there: str) -> None:
    assert with_members(target, members_of([("utm_id", "1")], target)) == there


def test_a_text_that_is_only_looked_at_is_as_long_as_it_will_be() -> None:
    text = "Look: https://shop.example/a/rather/long/address?with=members"

    looked_at, sent = as_shortened(text, SHORTENING), shortened(text, SHORTENING, "m", NOW, {})

    assert len(looked_at.text) == len(sent.text)


def test_a_rehearsal_has_no_code_of_a_real_message() -> None:
    assert SHORTENING.rehearsed() == Shortening(prefix=PREFIX, key=bytes(32), life_ms=1000)
    assert shortening_at("https://exm.pl/") == Shortening(prefix=PREFIX, key=bytes(32))
    assert shortening_at("") is None
    assert "kkk" not in repr(SHORTENING)


def written(known: Campaign | None = None, **content: Any) -> Campaign:
    form = EitherForm(name="c", event="Paid", content=Content(text="https://a.example", **content))
    return campaign_of(form, known, campaign_id=CampaignId(1), now=NOW)


def only_send(campaign: Campaign) -> SendStep:
    (send,) = sends_of(campaign.steps)
    return send


@pytest.mark.parametrize(
    ("said", "is_shortened"), [({}, False), ({"shorten": False}, False), ({"shorten": True}, True)]
)
def test_what_was_published_before_keeps_its_links_until_somebody_says_otherwise(
    said: Any, *, is_shortened: bool
) -> None:
    before = of_before(a_campaign(id=CampaignId(1)))

    after = written(before, **said)

    assert shortens(after, only_send(after)) is is_shortened
    assert only_send(as_said(after)).content.shorten is is_shortened


def test_a_new_campaign_shortens_unless_it_says_no() -> None:
    new, no = written(), written(shorten=False)

    assert shortens(new, only_send(new))
    assert not shortens(no, only_send(no))


def test_the_account_says_what_holds_for_all_links() -> None:
    account = read_account(AccountForm(links=LinksForm(shorten=False, utm={"source": "x"})), {})

    assert account.links == LinkPolicy(shorten=False, utm={"source": "x"})
    assert write_account(account).links == LinksForm(shorten=False, utm={"source": "x"})
    assert write_account(read_account(AccountForm(), {})).links is None


class Door:
    """Asks for links at moments in milliseconds."""

    def __init__(self) -> None:
        self.visitors = Visitors()

    def ask(
        self, agent: str = BROWSER, *, at: int = 0, method: str = "GET", slug: str = "a", **other: Any
    ) -> str:
        given = {"purpose": b"", "address": "192.0.2.1", "message_id": "m1", **other}
        return self.visitors.visitor(method=method, agent=agent, slug=slug, at_ms=at, **given)


@pytest.mark.parametrize(
    "agent",
    [
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0) SkypeUriPreview Preview/0.5",
    ],
)
def test_previews_and_scanners_are_no_people(agent: str) -> None:
    assert Door().ask(agent) == "agent"


@pytest.mark.parametrize(
    "agent",
    [
        BROWSER,
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 13; SM-S911B; wv) AppleWebKit/537.36 Version/4.0 Chrome/120.0 Mobile [FBAN/EMA]",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/4.2/28.3590; U; en) Presto/2.8.119 Version/11.10",
        "curl/8.5.0",
        "",
    ],
)
def test_browsers_are_people_and_a_tool_alone_proves_nothing(agent: str) -> None:
    assert Door().ask(agent) == "person"


def test_who_only_looks_is_no_click_and_neither_is_what_a_browser_fetches_ahead() -> None:
    assert Door().ask(method="HEAD") == "look"
    assert Door().ask(purpose=b"prefetch;prerender") == "ahead"


def test_a_tool_that_has_just_looked_is_a_scanner_and_a_browser_is_not() -> None:
    door = Door()
    door.ask("curl/8.5.0", method="HEAD", at=0)

    assert door.ask("curl/8.5.0", at=AFTER_HEAD_MS - 1) == "scan"
    assert door.ask(BROWSER, at=AFTER_HEAD_MS - 1) == "person"
    assert door.ask("curl/8.5.0", at=AFTER_HEAD_MS - 1, address="192.0.2.2") == "person"
    assert door.ask("curl/8.5.0", at=AFTER_HEAD_MS) == "person"


def test_nobody_taps_three_links_of_one_text_in_a_second() -> None:
    door = Door()

    asked = [door.ask(slug=slug, at=number) for number, slug in enumerate("aabc")]

    assert asked == ["person", "person", "person", "burst"]
    assert door.ask(slug="c", at=BURST_MS + 3) == "person"
    assert door.ask(slug="d", at=BURST_MS + 3, message_id="m2") == "person"
