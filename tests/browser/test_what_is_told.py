"""What pages say by themselves: a header that follows the body, a campaign that fails, one line for five tries."""

import json
import re
from importlib.resources import files

import pytest
from playwright.async_api import expect
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMS = "/settings/engage/channels/sms"
FAILING = {
    "code": "failing",
    "text": "All of the last 20 messages with an end failed.",
    "advice": "The provider answered 400: Insufficient balance. Top it up.",
}


async def test_another_kind_of_body_takes_its_content_type_with_it(tab):
    page = await tab.open(f"{SMS}/new")
    value = page.get_by_label("Value of Content-Type")

    await page.get_by_text("Key-value pairs (form)").click()
    await expect(value).to_have_value("application/x-www-form-urlencoded")
    await page.get_by_text("JSON", exact=True).click()
    await expect(value).to_have_value("application/json")
    await value.fill("text/plain")
    await page.get_by_text("Key-value pairs (form)").click()

    await expect(value).to_have_value("text/plain")  # somebody's own word is left alone
    await expect(page.get_by_text("the header Content-Type says text/plain")).to_be_visible()


async def test_a_campaign_that_fails_says_so_in_the_list_and_on_its_page(tab):
    async def failing(route):
        answer = await route.fetch()
        body = await answer.json()
        for one in body.get("campaigns", [body]):
            one |= {"facts": [FAILING], "standing": "failing"}
        await route.fulfill(response=answer, body=json.dumps(body))

    await tab.page.route("**/api/campaigns/table*", failing)
    await tab.page.route(f"**/api/campaigns/{tab.story.campaign_id}", failing)

    page = await tab.open("/campaigns")
    await expect(page.get_by_text("failing").first).to_be_visible()
    page = await tab.open(f"/campaigns/{tab.story.campaign_id}")

    await expect(page.get_by_text(FAILING["text"])).to_be_visible()
    await expect(page.get_by_text(FAILING["advice"])).to_be_visible()


async def test_tries_of_the_same_post_are_one_line(tab):
    page = await tab.open("/live")
    source = files("tellwire.gateway.portal").joinpath("static", "tries.js").read_text()
    tries = [
        {"id": 5, "umid": "a", "event": "sent", "url": "u", "at": "5", "attempt": 3},
        {"id": 4, "umid": "b", "event": "sent", "url": "u", "at": "4", "attempt": 1},
        {"id": 3, "umid": "a", "event": "delivered", "url": "u", "at": "3", "attempt": 1},
        {"id": 2, "umid": "a", "event": "sent", "url": "u", "at": "2", "attempt": 2},
        {"id": 1, "umid": "a", "event": "sent", "url": "u", "at": "1", "attempt": 1},
    ]
    plain = source.replace("export function", "function")

    grouped = await page.evaluate(f"(tries) => {{ {plain}; return byMessage(tries); }}", tries)

    posts = [
        (one["umid"], post["newest"]["id"], len(post["earlier"])) for one in grouped for post in one["posts"]
    ]
    assert posts == [("a", 5, 2), ("a", 3, 0), ("b", 4, 0)]


async def test_a_suppressed_number_is_told_on_the_profile_and_under_explain(tab):
    demo, properties = tab.story.demo, {"Phone": "+6591234570", "MSG-dndPhone": True}
    demo.upload({"identity": "said-no", "type": "profile", "profileData": properties})
    eventually(lambda: (demo.get("/api/explain", identity="said-no")["profile"] or {}).get("is_suppressed"))

    for address in ("/profile?identity=said-no", "/explain?identity=said-no&event=Order+Placed"):
        page = await tab.open(address)

        fact = page.get_by_text("Yes: nothing is sent to this number")
        await expect(fact).to_contain_text("by a profile with MSG-dndPhone")


async def test_a_reason_says_a_code_once_and_a_word_of_ours_as_a_sentence(tab):
    page = await tab.open("/live")
    cases = [
        ["campaign_stopped", "its campaign was stopped before it went"],
        ["503", "the provider answered 503: busy"],
        ["903", "blocked"],
        ["45", "450 in a row"],
        ["910", ""],
        ["", "Absent subscriber"],
        ["", ""],
    ]

    said = await page.evaluate(
        """async (cases) => {
          const { need } = await import(document.querySelector("script[type=module]").src);
          const { reasonOf } = await need("app/words.js");
          return cases.map((one) => reasonOf(...one));
        }""",
        cases,
    )

    assert said == [
        "Its campaign was stopped before it went",
        "The provider answered 503: busy",
        "903: blocked",
        "45: 450 in a row",
        "910",
        "Absent subscriber",
        "",
    ]


async def test_a_number_that_is_still_being_typed_is_no_mistake(tab):
    page = await tab.open("/messages")
    number = page.get_by_label("Number")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/messages" in request.url else None)

    await number.press_sequentially("+65 91", delay=400)
    await expect(page.get_by_role("alert")).to_have_count(0)
    await number.press_sequentially("23 4567")

    await expect(page.get_by_role("table")).to_be_visible()
    await expect(page).to_have_url(re.compile("to="))
    assert next(url for url in asked if "to=" in url).endswith("6591234567")
