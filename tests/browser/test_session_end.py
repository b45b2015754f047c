"""A session that ends while somebody works loses nothing: not what was typed, not what was asked for."""

import asyncio

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMS = "/settings/engage/channels/sms"
ASK_ASIDE = """() => {
  import(document.querySelector("script[type=module]").src).then(({ need }) => need("app/api.js"))
    .then(({ get }) => get("/campaigns"));
}"""
STORED = "Object.keys(sessionStorage).filter((key) => key.includes('draft')).map((key) => sessionStorage[key]).join()"


async def end_session(tab):
    """Take the cookie away, as twelve idle hours do."""
    tab.allowed.append("401")
    await tab.page.context.clear_cookies()


async def sign_in_again(tab):
    door = tab.page.get_by_role("dialog", name="Sign in again")
    await expect(door.get_by_label("Password")).to_be_focused()
    await door.get_by_label("Password").fill(tab.story.demo.ready["admin_password"])
    await tab.page.keyboard.press("Enter")
    await expect(door).to_have_count(0)


async def write_campaign(page, name):
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Event", exact=True).fill("Nothing Yet")
    await page.get_by_label("Message", exact=True).fill("A text that took an hour to write")


async def test_saving_after_the_session_ended_asks_to_sign_in_and_then_saves(tab):
    page = await tab.open("/campaigns/new")
    await write_campaign(page, "Written over lunch")
    await end_session(tab)

    await page.get_by_role("button", name="Save draft").click()
    await sign_in_again(tab)

    await expect(page.get_by_role("heading", name="Written over lunch", level=1)).to_be_visible()
    known = tab.story.demo.get("/api/campaigns")["campaigns"]
    assert [one["name"] for one in known].count("Written over lunch") == 1


async def test_closing_the_door_unused_keeps_the_text_and_saving_asks_again(tab):
    page = await tab.open("/campaigns/new")
    await write_campaign(page, "Not now")
    await end_session(tab)

    await page.get_by_role("button", name="Save draft").click()
    await page.get_by_role("dialog").get_by_role("button", name="Not now").click()

    await expect(page.get_by_role("alert").filter(has_text="still here").first).to_be_visible()
    await expect(page.get_by_label("Message", exact=True)).to_have_value("A text that took an hour to write")
    await page.get_by_role("button", name="Save draft").click()
    await sign_in_again(tab)
    await expect(page.get_by_role("heading", name="Not now", level=1)).to_be_visible()


async def test_who_types_is_told_and_keeps_the_keyboard(tab):
    page = await tab.open("/campaigns/new")
    await end_session(tab)

    message = page.get_by_label("Message", exact=True)
    await message.press_sequentially("Hello")  # its preview is what meets the end
    await expect(page.get_by_text("Your session has ended.")).to_be_visible()
    await message.press_sequentially(" there")

    await expect(message).to_have_value("Hello there")
    await page.get_by_role("button", name="Sign in").click()
    await sign_in_again(tab)
    await expect(page.get_by_role("complementary", name="Preview").locator(".bubble")).to_have_text(
        "Hello there"
    )


async def test_a_door_that_comes_late_leaves_the_keyboard_to_who_has_begun_to_write(tab):
    page = await tab.open("/campaigns/new")
    let_go = asyncio.Event()

    async def late(route):
        await let_go.wait()
        await route.continue_()

    await page.route("**/sign-in.js", late)
    await end_session(tab)
    await page.evaluate("document.activeElement?.blur()")
    async with page.expect_request("**/sign-in.js"):  # a request of the page itself met the end
        await page.evaluate(ASK_ASIDE)
    message = page.get_by_label("Message", exact=True)
    await message.press_sequentially("Hel")
    let_go.set()
    await expect(page.get_by_text("Your session has ended.")).to_be_visible()
    await message.press_sequentially("lo")

    await expect(message).to_have_value("Hello")
    await expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_door_over_a_page_has_nothing_for_axe_to_find(tab, scheme):
    await tab.page.emulate_media(color_scheme=scheme)
    await tab.page.set_viewport_size({"width": 320, "height": 700})
    page = await tab.open("/campaigns/new")
    await end_session(tab)
    await page.get_by_label("Message", exact=True).fill("Hello")
    await expect(page.get_by_text("Your session has ended.")).to_be_visible()
    assert await violations(page) == []

    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("dialog").get_by_label("Password")).to_be_focused()

    assert await violations(page) == []


async def test_a_page_that_only_listens_hears_of_the_end_and_goes_on_after_signing_in(tab):
    tab.allowed.append("401")
    ready, asked = tab.story.demo.ready, tab.page.context.request
    mine = {"email": ready["admin_email"], "password": ready["admin_password"]}
    await tab.page.context.clear_cookies()
    assert (
        await asked.post(f"{tab.story.url}/api/session", data=mine)
    ).ok  # no other test is signed in by this one
    async with tab.page.expect_response("**/api/changes"):
        page = await tab.open(f"/messages/{tab.story.message_id}")
    assert await page.evaluate("fetch('/api/session', { method: 'DELETE' }).then(({ ok }) => ok)")

    await sign_in_again(tab)  # its stream ended with the session, at the latest with a heartbeat

    await expect(page.get_by_role("heading", level=1)).to_contain_text("Message to")
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_signing_in_elsewhere_lets_this_tab_go_on_too(tab):
    page = await tab.open("/campaigns/new")
    await write_campaign(page, "Two tabs")
    await end_session(tab)
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_role("dialog")).to_be_visible()

    await page.context.add_cookies(tab.story.cookies)
    await page.evaluate("window.dispatchEvent(new Event('focus'))")

    await expect(page.get_by_role("heading", name="Two tabs", level=1)).to_be_visible()


async def test_a_campaign_half_written_is_back_after_a_reload_and_can_be_thrown_away(tab):
    page = await tab.open("/campaigns/new")
    await write_campaign(page, "Half written")

    page.once("dialog", lambda dialog: dialog.accept())  # the browser's own question
    await page.reload()

    await expect(page.get_by_text("What you wrote here is back")).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Half written")
    await page.get_by_role("button", name="Throw it away").click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("")
    assert await page.evaluate(STORED) == ""


async def test_a_draft_is_forgotten_when_it_is_saved_left_or_its_writer_signs_out(tab):
    page = await tab.open("/campaigns/new")

    await write_campaign(page, "Kept until saved")
    assert "Kept until saved" in await page.evaluate(STORED)
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_role("heading", name="Kept until saved", level=1)).to_be_visible()
    assert await page.evaluate(STORED) == ""

    await page.get_by_role("link", name="Edit").click()
    await page.get_by_label("Name", exact=True).fill("Left behind")
    await page.get_by_role("link", name="Messages").click()
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    assert await page.evaluate(STORED) == ""


async def test_a_half_written_provider_is_back_without_its_secrets(tab):
    page = await tab.open(f"{SMS}/new")
    await page.get_by_label("Nickname").fill("Half a provider")
    await page.get_by_label("HTTP endpoint").fill(
        "https://joe:s3cret1@api.example.com/send?api_key=s3cret2&v=2"
    )
    await page.get_by_role("button", name="Add a header").click()
    await page.keyboard.type("Authorization")
    await page.get_by_label("Value of Authorization").fill("Bearer s3cret3")
    await page.get_by_label("JSON body").fill('{"token": "s3cret4", "to": "$$To", "text": "$$Body"}')
    await page.get_by_text("Basic", exact=True).click()
    await page.get_by_label("User name").fill("joe")
    await page.get_by_label("Password").fill("s3cret5")

    page.once("dialog", lambda dialog: dialog.accept())
    await page.reload()

    await expect(page.get_by_label("Nickname")).to_have_value("Half a provider")
    await expect(page.get_by_label("HTTP endpoint")).to_have_value(
        "https://api.example.com/send?api_key=&v=2"
    )
    await expect(page.get_by_label("JSON body")).to_have_value(
        '{"token": "", "to": "$$To", "text": "$$Body"}'
    )
    await expect(page.get_by_text("enter them again")).to_be_visible()
    assert "s3cret" not in await page.evaluate("Object.values(sessionStorage).join()")


@pytest.mark.parametrize(
    "body",
    [
        '{"password": "s3cret',
        '{"pin": s3cret, "to": "$$To"}',
        '{"Authorization": "Bearer s3cret"}',
        '{"credentials": ["s3cret"]}',
        '{"licence": "s3creta1b2c3d4e5f6a7b8"}',
    ],
)
async def test_a_secret_half_typed_or_under_another_name_is_not_kept_either(tab, body):
    page = await tab.open(f"{SMS}/new")
    await page.get_by_label("Nickname").fill("Half a secret")

    await page.get_by_label("JSON body").fill(body)
    await page.get_by_label("Nickname").fill("Half a secret more")
    await page.wait_for_function(
        "text => Object.values(sessionStorage).join().includes(text)", arg="secret more"
    )

    assert "s3cret" not in await page.evaluate("Object.values(sessionStorage).join()")


async def test_a_draft_keeps_that_a_secret_is_stored_and_saves_no_empty_one(tab):
    demo = tab.story.demo
    template = '{"secret":"s3cret6","to":"$$To","text":"$$Body"}'
    made = demo.ask(
        "POST",
        "/api/providers",
        {
            "nickname": "Stored",
            "request_type": "POST",
            "endpoint": "http://127.0.0.1:9/send?user_key=s3cret7",
            "parameters": {"type": "json", "template": template},
        },
    )[1]
    page = await tab.open(f"{SMS}/{made['id']}")
    await page.get_by_label("Nickname").fill("Stored under a new name")
    page.once("dialog", lambda dialog: dialog.accept())
    await page.reload()

    await expect(page.get_by_label("JSON body")).to_have_value(template.replace("s3cret6", "***"))
    await expect(page.get_by_label("HTTP endpoint")).to_have_value("http://127.0.0.1:9/send?user_key=***")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("link", name="Stored under a new name")).to_be_visible()


async def test_signing_out_asks_before_it_loses_what_is_unsaved(tab):
    page = await tab.open("/campaigns/new")
    await write_campaign(page, "Nearly lost")

    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Stay").click()

    await expect(page.get_by_label("Name", exact=True)).to_have_value("Nearly lost")
