"""Campaigns of several steps: what they do, who stands where, pausing, editing as YAML, and why somebody waits."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.browser.test_every_page import spill, violations
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME = "Abandoned cart"
CAMPAIGN = {
    "name": NAME,
    "start": {"event": "Cart Filled", "where": [{"property": "Amount", "greater_than": 50}]},
    "key": "Event.cart_id",
    "stop": {"event": "Cart Paid", "same": "cart_id"},
    "limits": {"per_person": ["1 per 24 hours"]},
    "steps": [
        {"id": "pause", "wait": {"for": "30 minutes", "or": [{"event": "Cart Seen", "steps": []}]}},
        {
            "id": "plan",
            "choose": [
                {
                    "if": {"profile": "Plan", "equals": "gold"},
                    "steps": [{"id": "gold", "send": {"text": "Your cart waits, {{ Profile.Name }}."}}],
                },
                {"else": True, "steps": [{"id": "none", "stop": "no plan"}]},
            ],
        },
        {"id": "which", "split": [{"share": 50, "steps": []}, {"share": 50, "steps": []}]},
    ],
}
PEOPLE = ("gina", "hugo")


def filled(identity, event="Cart Filled"):
    person = {"identity": identity, "type": "profile", "profileData": {"Name": identity.title()}}
    data = {"Amount": 80, "cart_id": f"cart of {identity}"}
    return [person, {"identity": identity, "type": "event", "evtName": event, "evtData": data}]


def published(story, name, event):
    """Publish a campaign, and let two people enter it who wait there."""
    form = {**CAMPAIGN, "name": name, "start": {**CAMPAIGN["start"], "event": event}}
    status, created = story.demo.ask("POST", "/api/campaigns", form)
    assert status == 201, created
    status, running = story.demo.ask("POST", f"/api/campaigns/{created['id']}/publish")
    assert status == 200, running
    story.demo.upload(*(record for one in PEOPLE for record in filled(one, event)))
    path = f"/api/campaigns/{created['id']}/inside"
    eventually(lambda: story.demo.get(path)["people"] == len(PEOPLE), what="two people inside")
    return created["id"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def campaign_id(story):
    """One campaign for all tests here that leave it as it is."""
    return published(story, NAME, "Cart Filled")


async def test_the_canvas_says_what_happens_and_how_many_people_stand_where(tab, campaign_id):
    page = await tab.open(f"/campaigns/{campaign_id}")

    card = page.get_by_role("region", name="What it does")
    await expect(card).to_contain_text("Starts when “Cart Filled” happens, where Amount is more than 50.")
    canvas = card.get_by_role("group", name="Steps, drawn")
    await expect(canvas.get_by_role("button", name="Wait 30 minutes, or until “Cart Seen”")).to_be_visible()
    await expect(canvas).to_contain_text("If Plan is “gold”")
    await expect(canvas).to_contain_text("Send “Your cart waits, {{ Profile.Name }}.”")
    await expect(canvas).to_contain_text("Otherwise")
    await expect(canvas).to_contain_text("Stop: no plan")
    await expect(canvas.get_by_text("50 %")).to_have_count(2)
    await expect(card).to_contain_text("A person can be inside once for each Event.cart_id.")
    await expect(card).to_contain_text("Leaves when “Cart Paid” with the same cart_id happens.")
    await expect(card).to_contain_text("At most 1 message per 24 hours to one person.")
    inside = page.get_by_role("region", name="Inside")
    await expect(inside).to_contain_text("2 people are inside now")

    await canvas.get_by_role("button", name="2 people who wait at “pause”").click()
    panel = page.get_by_role("dialog", name="People at “pause”")
    await expect(panel.get_by_role("listitem")).to_have_count(len(PEOPLE))
    await expect(panel).to_contain_text("cart of gina")
    await expect(panel.get_by_role("listitem").first).to_contain_text(re.compile("since .*, until "))
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)


async def test_a_step_tells_its_figures_and_leads_to_its_people(tab, campaign_id):
    page = await tab.open(f"/campaigns/{campaign_id}")

    await page.locator('[data-key="steps.0"]').press("Enter")
    step = page.get_by_role("dialog", name="Wait for an event")
    await expect(step).to_contain_text(re.compile("Came\\s*2\\s*Wait here\\s*2"))
    await step.get_by_role("button", name="See the 2 who wait").click()

    await expect(page.get_by_role("dialog")).to_have_count(1)
    await expect(page.get_by_role("dialog", name="People at “pause”")).to_contain_text("cart of hugo")


async def test_the_outline_says_the_same(tab, campaign_id):
    page = await tab.open(f"/campaigns/{campaign_id}")
    card = page.get_by_role("region", name="What it does")

    await card.get_by_role("button", name="Outline").click()

    steps = card.get_by_role("list", name="Steps")
    await expect(steps).to_contain_text("Wait 30 minutes, or until “Cart Seen”")
    await expect(steps).to_contain_text("If Plan is “gold”")
    await expect(steps).to_contain_text("Stop: no plan")
    await expect(steps).to_contain_text("2 came")
    await card.get_by_role("button", name="2 people at “pause”").click()
    await expect(page.get_by_role("dialog", name="People at “pause”").get_by_role("listitem")).to_have_count(
        2
    )


async def test_somebody_is_walked_through_and_their_way_is_drawn(tab, campaign_id):
    tab.allowed.append("422")
    page = await tab.open(f"/campaigns/{campaign_id}")
    await page.get_by_role("button", name="Walk a person through").click()

    await expect(page.get_by_label("Who")).to_be_focused()
    await page.keyboard.type("nobody at all")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Nobody has this identity")).to_be_visible()
    await page.get_by_label("Who").fill("gina")
    await page.get_by_label("Enters at").fill("2027-03-01T09:00")
    await page.keyboard.press("Enter")

    walk = page.get_by_role("region", name="Walk a person through")
    await expect(walk).to_contain_text("No messages. They leave by a stop Mon")
    taken, possible = page.locator(".s-taken"), page.locator(".s-possible")
    await expect(taken).to_have_count(3)
    await expect(possible).to_have_count(2)
    await expect(possible.first).to_contain_text("Mon, Mar 1, 09:00 · not sent: no phone · possible")
    await page.locator('[data-key="steps.1.choose.0.steps.0"]').click()
    await page.get_by_text("Every gate that was asked").click()
    await expect(page.get_by_role("region", name="In this walk")).to_contain_text("Reachability")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await violations(page) == [], scheme
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="End the walk").click()
    await expect(taken).to_have_count(0)


async def test_a_campaign_is_paused_and_goes_on(tab):
    campaign_id = published(tab.story, "Held cart", "Cart Held")
    page = await tab.open(f"/campaigns/{campaign_id}")

    await page.get_by_role("button", name="Pause", exact=True).click()
    await expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    await page.get_by_role("button", name="More for this campaign").click()
    await expect(page.get_by_role("menuitem", name="Stop…")).to_be_visible()
    await page.keyboard.press("Escape")
    await tab.open("/campaigns?q=Held+cart")  # of a long table not all rows are drawn
    row = page.get_by_role("row").filter(has_text="Held cart")
    await expect(row).to_contain_text("Paused")
    await expect(row).to_contain_text("Cart Held")
    await tab.open(f"/campaigns/{campaign_id}")
    await page.get_by_role("button", name="Resume").click()

    await expect(page.get_by_text("Running", exact=True)).to_be_visible()
    history = page.get_by_role("region", name="History")
    await expect(history).to_contain_text(re.compile(r"Version \d paused"))
    await expect(history).to_contain_text(re.compile(r"Version \d resumed"))


def overdue(demo, name, event):
    """Pause a campaign in which two people wait for one short moment after the other, until both are overdue."""
    moments = [{"id": "moment", "wait": {"for": "1 second"}}, {"id": "remind", "send": {"text": "Hi"}}]
    steps = [{"id": "often", "repeat": {"times": 50, "every": "1 second", "steps": moments}}]
    status, created = demo.ask(
        "POST", "/api/campaigns", {"name": name, "start": {"event": event}, "steps": steps}
    )
    assert status == 201, created
    path = f"/api/campaigns/{created['id']}"
    assert demo.ask("POST", f"{path}/publish")[0] == 200
    demo.upload(*(record for one in PEOPLE for record in filled(one, event)))
    eventually(lambda: demo.get(f"{path}/inside")["people"] == len(PEOPLE), what="two people inside")
    assert demo.ask("POST", f"{path}/pause")[0] == 200
    eventually(lambda: demo.get(f"{path}/overdue")["people"] == len(PEOPLE), what="two who are overdue")
    return path


async def test_whoever_resumes_a_campaign_chooses_what_becomes_of_those_who_are_overdue(tab):
    path = overdue(tab.story.demo, "Overdue", "Overdue Seen")
    page = await tab.open(path.removeprefix("/api"))
    await expect(page.get_by_text("2 people have become due while it is paused.")).to_be_visible()

    await page.get_by_role("button", name="Resume").click()
    dialog = page.get_by_role("dialog", name="Resume Overdue?")
    await expect(dialog.get_by_role("row").nth(1)).to_contain_text("“moment” version 1")
    await expect(dialog.get_by_role("row").nth(1)).to_contain_text("Message “remind”")
    await expect(dialog.get_by_label("At once")).to_be_checked()
    await dialog.get_by_label("Spread").check()
    await expect(dialog.get_by_label("Over")).to_have_value("2 hours")
    assert await violations(page) == []
    await dialog.get_by_label("Skip").check()
    await expect(dialog.get_by_label("Over")).to_have_count(0)
    await dialog.get_by_role("button", name="Not yet").click()
    await expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Resume").click()
    await dialog.get_by_label("Skip").check()
    await dialog.get_by_role("button", name="Resume").click()

    await expect(page.get_by_text("Running", exact=True)).to_be_visible()
    skips = page.get_by_role("table", name="Why so few")
    await expect(skips.get_by_role("row").filter(has_text="Overdue")).to_contain_text("2")


async def test_the_branch_that_won_is_shown_with_the_figures(tab):
    demo = tab.story.demo
    split = [
        {"share": 50, "steps": [{"id": "one", "send": {"text": "One"}}]},
        {"share": 50, "steps": [{"id": "two", "send": {"text": "Two"}}]},
        {"share": 0, "winner": {"by": "goal", "after": "1 second"}},
    ]
    form = {
        "name": "Which text",
        "start": {"event": "Tried"},
        "goal": {"event": "Bought", "within": "1 day"},
        "steps": [{"id": "test", "split": split}],
    }
    status, created = demo.ask("POST", "/api/campaigns", form)
    assert status == 201, created
    path = f"/api/campaigns/{created['id']}"
    assert demo.ask("POST", f"{path}/publish")[0] == 200
    demo.upload(*(record for one in PEOPLE for record in filled(one, "Tried")))
    eventually(
        lambda: [one["winner"] for one in demo.get(f"{path}/trials")["trials"]] == ["A"], what="a winner"
    )

    page = await tab.open(f"/campaigns/{created['id']}")

    card = page.get_by_role("region", name="Which wins: “test”")
    await expect(card).to_contain_text("Variant A won as the first: nothing came that tells them apart")
    await expect(card.get_by_role("row")).to_have_count(3)
    await page.get_by_role("button", name="Outline").click()
    outline = page.get_by_role("list", name="Steps")
    await expect(outline).to_contain_text("0 %: the branch that wins by the goal, after 1 second")
    assert await violations(page) == []
    await page.set_viewport_size({"width": 390, "height": 860})
    assert await spill(page) <= 0


async def test_who_leaves_is_counted_by_reason(tab):
    campaign_id = published(tab.story, "Paid cart", "Cart Begun")
    demo, event = tab.story.demo, {"evtName": "Cart Paid", "evtData": {"cart_id": "cart of ida"}}
    demo.upload(*filled("ida", "Cart Begun"), {"identity": "ida", "type": "event", **event})
    path = f"/api/campaigns/{campaign_id}/inside"
    eventually(lambda: demo.get(path)["left"].get("stopped"), what="somebody left")

    page = await tab.open(f"/campaigns/{campaign_id}")

    left = page.get_by_role("table", name="Why so few")
    await expect(left).to_contain_text("The event came at which the campaign stops")
    await tab.open("/explain?identity=ida&event=Cart+Begun")
    answer = page.get_by_role("region", name="Paid cart")
    await expect(answer).to_contain_text("Left")
    await expect(answer).to_contain_text("step “pause”")


async def test_a_campaign_of_steps_is_edited_as_yaml(tab):
    campaign_id = published(tab.story, "Edited cart", "Cart Edited")
    page = await tab.open(f"/campaigns/{campaign_id}/edit")
    await page.get_by_text("YAML", exact=True).click()
    field = page.get_by_label("The campaign in YAML")
    await expect(field).to_have_value(re.compile("for: 30 minutes"))
    text = await field.input_value()

    await field.fill(text.replace("for: 30 minutes", "for: a while"))
    await page.get_by_role("tab", name="Checks").click()
    checks = page.get_by_role("tabpanel", name="Checks")
    await expect(checks).to_contain_text(re.compile(r"Line \d+, Step “pause”: For: “a while” is no duration"))
    await checks.get_by_role("button", name="a while").click()
    await expect(field).to_be_focused()
    assert await violations(page) == []
    await field.fill(text.replace("for: 30 minutes", "for: [45"))
    await expect(page.get_by_text(re.compile(r"Line \d+: "))).to_be_visible()

    await field.fill(text.replace("for: 30 minutes", "for: 45 minutes"))
    await expect(checks).to_contain_text("It can be published as it stands.")
    await page.get_by_text("Blocks", exact=True).click()
    await expect(page.get_by_role("group", name="Steps, drawn")).to_contain_text("Wait 45 minutes")
    assert await spill(page) <= 0
    await page.get_by_role("link", name="Cancel").click()
    await page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    await page.get_by_role("button", name="Save changes").click()
    asked = page.get_by_role("dialog", name="Change Edited cart?")
    await expect(asked.get_by_label("Finish")).to_be_checked()
    await expect(asked.get_by_role("table")).to_contain_text("They go on by version 1.")
    await asked.get_by_label("Move").check()
    await expect(asked.get_by_text("They go on in the new version")).to_be_visible()
    await expect(asked.get_by_role("table")).to_contain_text("until when they wait is worked out anew")
    assert await violations(page) == []
    await asked.get_by_role("button", name="Save changes").click()

    await expect(page).to_have_url(f"{tab.story.url}/campaigns/{campaign_id}")
    await expect(page.get_by_role("group", name="Steps, drawn")).to_contain_text("Wait 45 minutes")
    stored = tab.story.demo.get(f"/api/campaigns/{campaign_id}")
    assert stored["state"] == "running"
    assert stored["steps"][0]["wait"]["for"] == "45 minutes"


async def test_a_new_campaign_can_begin_with_an_example_in_yaml_too(tab, campaign_id):
    page = await tab.open("/campaigns/new")
    await page.get_by_role("button", name="Begin with an example").click()
    await page.get_by_text("YAML", exact=True).click()
    field = page.get_by_label("The campaign in YAML")
    await expect(field).to_have_value(re.compile("name: Abandoned cart"))

    await field.fill((await field.input_value()).replace(NAME, "Cart in YAML"))
    await page.get_by_role("button", name="Save draft").click()

    await expect(page.get_by_role("heading", name="Cart in YAML", level=1)).to_be_visible()
    await expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Publish…").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Starts when “Added To Cart” happens.")
    assert tab.story.demo.get(f"/api/campaigns/{campaign_id}")["state"] == "running"


async def test_explain_says_that_somebody_waits_and_where_they_are(tab, campaign_id):
    page = await tab.open("/explain?identity=gina&event=Cart+Filled")

    answer = page.get_by_role("region", name=NAME)
    await expect(answer).to_contain_text("Waits")
    await expect(answer).to_contain_text("step “pause”")
    stays = page.get_by_role("region", name="Where they are now")
    await expect(stays).to_contain_text(NAME)
    await expect(stays).to_contain_text("They wait at “pause” until")
    await expect(stays).to_contain_text("cart of gina")


async def test_a_schedule_shows_its_runs(tab):
    demo = tab.story.demo
    steps = [{"id": "hello", "send": {"text": "Hello"}}]
    who = {"profile": "Plan", "equals": "nobody has this"}
    form = {"name": "To nobody", "start": {"at": "now"}, "who": who, "steps": steps}
    status, created = demo.ask("POST", "/api/campaigns", form)
    assert status == 201, created
    assert demo.ask("POST", f"/api/campaigns/{created['id']}/publish")[0] == 200
    path = f"/api/campaigns/{created['id']}/runs"
    eventually(lambda: [run for run in demo.get(path)["runs"] if run["share"] == 1], what="a whole run")

    page = await tab.open(f"/campaigns/{created['id']}")

    card = page.get_by_role("region", name="What it does")
    await expect(card).to_contain_text("Runs once, when it is published.")
    runs = page.get_by_role("region", name="Runs")
    await expect(runs.get_by_role("row")).to_have_count(2)
    await expect(runs.get_by_role("progressbar")).to_have_count(0)
    await expect(runs).to_contain_text("Over: nobody got a message")
    await expect(page.get_by_role("main")).to_contain_text("Its last run is over.")


async def test_the_failed_messages_of_a_run_are_sent_again_after_a_question(tab):
    demo = tab.story.demo
    data = {"Phone": "+12025550101", "Plan": "nobody is reached"}  # whose handset is never there
    demo.upload({"identity": "absent", "type": "profile", "profileData": data})
    eventually(lambda: demo.get("/api/explain", identity="absent")["profile"], what="the profile")
    form = {
        "name": "To one who is absent",
        "start": {"at": "now"},
        "steps": [{"id": "hi", "send": {"text": "Hi"}}],
    }
    status, created = demo.ask(
        "POST", "/api/campaigns", {**form, "who": {"profile": "Plan", "equals": "nobody is reached"}}
    )
    assert status == 201, created
    assert demo.ask("POST", f"/api/campaigns/{created['id']}/publish")[0] == 200
    path = f"/api/campaigns/{created['id']}"
    eventually(lambda: demo.get(path)["funnel"]["by_status"].get("undelivered"), what="a failed message")

    page = await tab.open(f"/campaigns/{created['id']}")
    runs = page.get_by_role("region", name="Runs")
    await runs.get_by_role("button", name="Resend the failed ones…").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Write again to 1 person?")
    await page.get_by_role("button", name="Resend 1").click()

    await expect(runs).to_contain_text("Attempt 2")
    eventually(lambda: demo.get(f"{path}/runs")["runs"][0]["messages"] == 1, what="the second message")
    assert len(demo.get("/api/messages", campaign_id=str(created["id"]))["messages"]) == 2


@pytest.mark.parametrize("path", ["", "/edit", "explain", "new"])
async def test_the_pages_are_readable_in_both_themes_and_on_a_phone(tab, campaign_id, path):
    pages = {"explain": "/explain?identity=gina&event=Cart+Filled", "new": "/campaigns/new"}
    page = await tab.open(pages.get(path, f"/campaigns/{campaign_id}{path}"))

    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 860})
        assert await spill(page) <= 0, width
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert await violations(page) == [], (width, scheme)
