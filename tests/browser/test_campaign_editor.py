"""The editor Who, When, What, Guard: the abandoned cart by mouse and by keyboard, checks, replay, undo, YAML parts."""

import re

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import spill, violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST, SECOND, THANKS, LAST = "Your cart waits.", "Still thinking?", "Thank you.", "Last call."


def cart(name):
    """Return the abandoned cart of the language's first example, as the API answers it."""
    return {
        "name": name,
        "start": {"event": "Added To Cart", "where": [{"property": "Amount", "greater_than": 50}]},
        "key": "Event.cart_id",
        "again": "ignore",
        "who": {"all": [{"profile": "Plan", "equals": "gold"}]},
        "stop": {"event": "Charged", "same": "cart_id"},
        "goal": {"event": "Charged", "within": "3 days", "revenue": "Amount"},
        "holdout": 5,
        "limits": {"per_person": ["1 per 2 days"]},
        "quiet": [{"from": "22:00", "to": "08:00"}],  # and then: delay, as it is by default
        "steps": [
            {"id": "pause", "wait": {"for": "30 minutes"}},
            {
                "id": "which",
                "split": [
                    {"share": 50, "steps": [{"id": "a", "send": {"text": FIRST}}]},
                    {"share": 50, "steps": [{"id": "b", "send": {"text": SECOND}}]},
                ],
            },
            {
                "id": "answer",
                "wait": {
                    "for": "2 days",
                    "or": [
                        {
                            "event": "Notification Replied",
                            "steps": [
                                {"id": "thanks", "send": {"text": THANKS}},
                                {"id": "done", "stop": "replied"},
                            ],
                        }
                    ],
                },
            },
            {"id": "last", "send": {"text": LAST, "through": "acme"}},
        ],
    }


def stored(story, name):
    """Return what the API has of a campaign, in the words of the language."""
    (found,) = [one for one in story.demo.get("/api/campaigns")["campaigns"] if one["name"] == name]
    return found


def as_written(story, name):
    """Return a stored campaign as the example is written, and its state; the provider by its nickname."""
    found = stored(story, name)
    nicknames = {one["id"]: one["nickname"] for one in story.demo.get("/api/providers")["providers"]}
    send = found["steps"][-1]["send"]
    send["through"] = nicknames[send["through"]]
    return {key: _without_nothing(found[key]) for key in cart(name)}, found["state"]


def _without_nothing(value):
    """Leave out what says nothing: a condition list that is empty, a share of the same event that is none."""
    if isinstance(value, list):
        return [_without_nothing(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_nothing(one) for key, one in value.items() if one not in ([], "")}


@pytest.fixture(scope="module")
def acme(story):
    """Have the provider that the example names."""
    template = {"type": "json", "template": '{"to": "$$To", "text": "$$Body"}'}
    known = [one["nickname"] for one in story.demo.get("/api/providers")["providers"]]
    if "acme" not in known:
        body = {"nickname": "acme", "endpoint": "http://127.0.0.1:9/", "parameters": template}
        assert story.demo.ask("POST", "/api/providers", body)[0] == 201


class Mouse:
    """Somebody who points, and types into what they pointed at."""

    def __init__(self, page):
        self.page = page

    def _field(self, label, within):
        """Return a control by its label: panels and regions may be called the same."""
        controls = self.page.locator("input, textarea, select")
        return (within or self.page).get_by_label(label, exact=True).and_(controls)

    async def press(self, name, *, within=None, role="button"):
        await (within or self.page).get_by_role(role, name=name, exact=True).click()

    async def write(self, label, text, within=None):
        await self._field(label, within).fill(text)

    async def choose(self, label, option, within=None):
        await self._field(label, within).select_option(label=option)

    async def turn_on(self, label):
        await self.page.get_by_role("switch", name=label, exact=True).click()

    async def add(self, kind, button):
        """Add a step by a button that has the kinds."""
        await self.press(button)
        await self.page.get_by_role("menuitem", name=kind).first.click()

    async def insert_before(self, step, kind):
        """Insert a step before another by its menu."""
        await self.press(f"More for “{step}”")
        await self.press("Insert before", role="menuitem")
        await self.page.get_by_role("menuitem", name=kind).first.click()

    async def close(self):
        """Close the form of a step."""
        await self.page.keyboard.press("Escape")
        await expect(self.page.locator(".k-panel")).to_have_count(0)


class Keyboard(Mouse):
    """Somebody without a mouse: Tab to a thing, and keys."""

    async def _reach(self, target):
        """Go on with Tab until the focus is where it should be."""
        handle = await target.element_handle()
        for key in ("Tab", "Shift+Tab"):
            for _ in range(160):
                if await self.page.evaluate("node => document.activeElement === node", handle):
                    return
                before = await self.page.evaluate("document.activeElement === document.body")
                await self.page.keyboard.press(key)
                if before and key == "Shift+Tab":
                    break
        raise AssertionError(f"no way by keyboard to {target}")

    async def press(self, name, *, within=None, role="button"):
        await self._reach((within or self.page).get_by_role(role, name=name, exact=True))
        await self.page.keyboard.press("Enter")

    async def write(self, label, text, within=None):
        field = self._field(label, within)
        await self._reach(field)
        if await field.get_attribute("type") == "time":
            hour, minute = text.split(":")
            await self.page.keyboard.type(
                f"{int(hour) % 12 or 12:02}{minute}{'PM' if int(hour) > 11 else 'AM'}"
            )
            return
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def choose(self, label, option, within=None):
        field = self._field(label, within)
        await self._reach(field)
        await self.page.keyboard.type(option)

    async def turn_on(self, label):
        await self._reach(self.page.get_by_role("switch", name=label, exact=True))
        await self.page.keyboard.press("Space")

    async def _take(self, kind):
        item = self.page.get_by_role("menuitem", name=kind).first
        await expect(item).to_be_visible()
        for _ in range(12):
            if await item.evaluate("node => document.activeElement === node"):
                break
            await self.page.keyboard.press("ArrowDown")
        await self.page.keyboard.press("Enter")

    async def add(self, kind, button):
        await self.press(button)
        await self._take(kind)

    async def insert_before(self, step, kind):
        await self.press(f"More for “{step}”")
        await self._take("Insert before")
        await self._take(kind)


async def build(person, name):
    """Build the abandoned cart, as somebody does who reads the page from top to bottom."""
    page = person.page
    await person.write("Name", name)
    await person.press("Who")
    await person.press("Add a rule")
    await person.write("Property of rule 1", "Plan")
    await person.write("Value 1 of rule 1", "gold")

    await person.write("Event", "Added To Cart")
    await person.press("Add a condition")
    await person.write("Property of condition 1", "Amount")
    await person.choose("Operator of condition 1", "is more than")
    await person.write("Value 1 of condition 1", "50")
    await person.write("Once for each optional", "cart_id")
    await person.turn_on("Ends early by an event")
    await person.write("Event that ends it", "Charged")
    await person.write("With the same optional", "cart_id")

    await person.write("Message", LAST)
    await person.choose("Provider", "acme")
    await person.add("Wait", "Add a step before")
    await person.write("How long", "30")
    await person.choose("Unit of how long", "minutes")
    await person.write("Step name", "pause")
    await person.close()
    await page.get_by_role(
        "button", name="Outline"
    ).click()  # as a phone shows it; the canvas has tests of its own
    await person.insert_before("send", "Split")
    await person.write("Step name", "which")
    await person.close()
    for place, identifier, text in ((0, "a", FIRST), (1, "b", SECOND)):
        await page.get_by_role("button", name="Add a step: 50 %").nth(place).press("Enter")
        await page.get_by_role("menuitem", name="Message").first.press("Enter")
        await person.write("Message", text)
        await person.write("Step name", identifier)
        await person.close()
    await person.insert_before("send", "Wait for an event")
    await person.write("How long", "2")
    await person.write("Event 1", "Notification Replied")
    await person.write("Step name", "answer")
    await person.close()
    answered = "Add a step: If “Notification Replied” comes"
    await person.add("Message", f"{answered}: go on at once")
    await person.write("Message", THANKS)
    await person.write("Step name", "thanks")
    await person.close()
    await person.add("Stop", answered)
    await person.write("Reason optional", "replied")
    await person.write("Step name", "done")
    await person.close()
    await person.press(f"Send “{LAST}” through acme")
    await person.write("Step name", "last")
    await person.close()

    await person.press("Guard")
    await person.turn_on("A cap for each person")
    await person.write("Time of cap 1", "2")
    await person.choose("Unit of time of cap 1", "days")
    await person.turn_on("Quiet hours")
    await person.turn_on("A goal")
    await person.write("Goal event", "Charged")
    await person.write("Worth optional", "Amount")
    await person.turn_on("A holdout")


@pytest.mark.parametrize("kind", [Mouse, Keyboard])
async def test_the_abandoned_cart_is_built_and_published(tab, acme, kind):
    page = await tab.open("/campaigns/new")
    name, person = f"Cart by {kind.__name__.lower()}", kind(page)

    await build(person, name)
    assert await violations(page) == []
    assert await spill(page) <= 0
    await person.press("Publish…")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Leaves when “Charged” with the same cart_id happens.")
    await person.press("Publish", within=dialog)
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()

    assert as_written(tab.story, name) == (cart(name), "running")


async def test_undo_takes_back_a_field_a_step_and_a_block_and_redo_does_it_again(tab):
    page = await tab.open("/campaigns/new")
    await page.get_by_label("Name", exact=True).fill("Undone")
    await page.get_by_label("Event", exact=True).press_sequentially("Cart Left")
    await page.get_by_role("button", name="Add a step after").click()
    await page.get_by_role("menuitem", name="Wait", exact=True).click()
    steps = page.get_by_role("group", name="Steps, drawn")
    await expect(steps).to_contain_text("Wait 1 day")
    await page.keyboard.press("Escape")

    await page.keyboard.press("Control+z")
    await expect(page.get_by_label("Message", exact=True)).to_be_visible()
    await page.keyboard.press("Control+z")
    await expect(page.get_by_label("Event", exact=True)).to_have_value("")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Undone")
    await page.keyboard.press("Control+Shift+z")
    await expect(page.get_by_label("Event", exact=True)).to_have_value("Cart Left")
    await page.get_by_role("button", name="Redo").click()

    await expect(steps).to_contain_text("Wait 1 day")
    await expect(page.get_by_role("button", name="Redo")).to_have_attribute("aria-disabled", "true")


async def test_a_check_leads_to_its_field_in_a_block_that_was_folded(tab):
    page = await tab.open("/campaigns/new")
    await expect(page.get_by_role("status").filter(has_text="Missing")).to_contain_text(
        "a name, the event, the message"
    )
    await page.get_by_role("button", name="When", exact=True).click()
    event = page.get_by_label("Event", exact=True)
    await expect(event).to_have_count(0)
    await expect(page.get_by_text("Starts with no event yet.")).to_be_visible()
    await page.get_by_role("tab", name="Checks").click()
    checks = page.get_by_role("tabpanel", name="Checks")

    await checks.get_by_role("button", name="Event: Name the event").click()

    await expect(event).to_be_focused()
    await event.fill("Nobody Sends This")
    await expect(checks).to_contain_text("Nobody has sent “Nobody Sends This” so far")
    await page.get_by_label("Message", exact=True).fill("It’s here")
    await expect(checks.get_by_role("button", name="UCS-2")).to_contain_text("1 part")


async def test_the_last_days_are_replayed_before_anything_is_saved(tab):
    page = await tab.open("/campaigns/new")
    await page.get_by_label("Event", exact=True).fill("Order Placed")
    await page.get_by_label("Message", exact=True).fill("Thanks")
    before = len(tab.story.demo.get("/api/campaigns")["campaigns"])

    await page.get_by_role("tab", name="Replay").click()
    await page.get_by_role("button", name="Replay the last 7 days").click()

    replay = page.get_by_role("tabpanel", name="Replay")
    await expect(replay).to_contain_text(
        re.compile(r"Of [\d,]+ events? came [\d,]+ messages?, [\d,]+ parts?,")
    )
    await page.get_by_label("Message", exact=True).fill("Thank you")
    await expect(replay).to_contain_text("The campaign was changed since")
    assert len(tab.story.demo.get("/api/campaigns")["campaigns"]) == before


STRANGE = """\
campaigns:
- name: With what forms do not know
  start: {event: Cart Left}
  who: {all: [{profile: Plan, equals: gold}, {not: {did: Charged, within: 7 days}}]}
  steps:
  - {id: jump, leap: {to: the moon}}
  - {id: bye, send: {text: Bye}}
"""


async def example_in_yaml(tab):
    """Begin a campaign with the example, and show it as YAML."""
    page = await tab.open("/campaigns/new")
    await page.get_by_role("button", name="Begin with an example").click()
    await page.get_by_text("YAML", exact=True).click()
    await expect(page.get_by_label("The campaign in YAML")).to_have_value(re.compile("Abandoned cart"))
    return page


async def test_what_no_form_knows_stays_and_is_edited_as_yaml_in_its_place(tab):
    tab.allowed.append("400")  # the server knows neither `did` nor `leap`, and says so
    page = await example_in_yaml(tab)
    text = page.get_by_label("The campaign in YAML")
    await text.fill(STRANGE)
    await page.get_by_text("Blocks", exact=True).click()
    await expect(page.get_by_text("Edited as YAML.")).to_be_visible()
    await page.get_by_role("button", name="Who", exact=True).click()
    await expect(page.get_by_label("Property of rule 1")).to_have_value("Plan")
    rule = page.get_by_label("rule 2", exact=True)
    await expect(rule).to_have_value(re.compile("did: Charged"))

    await rule.fill("not: {did: Charged, within: 9 days}")
    await page.get_by_label("Property of rule 1").fill("Tier")
    await page.get_by_role("button", name="Outline").click()
    await page.get_by_role("button", name="A step that this page does not know").click()
    await expect(page.get_by_role("textbox", name="Step", exact=True)).to_have_value(
        re.compile("to: the moon")
    )
    assert await violations(page) == []
    await page.get_by_text("YAML", exact=True).click()

    await expect(text).to_have_value(re.compile(r"within: 9 days[\s\S]*to: the moon"))
    await expect(text).to_have_value(re.compile("profile: Tier"))


async def test_yaml_that_cannot_be_read_is_not_left_unasked(tab):
    page = await example_in_yaml(tab)
    text = page.get_by_label("The campaign in YAML")
    await text.fill("campaigns: [{name: x")

    await page.get_by_text("Blocks", exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Stay").click()
    await expect(text).to_have_value("campaigns: [{name: x")
    await page.get_by_role("button", name="Save draft").click()
    await expect(page).to_have_url(re.compile("/campaigns/new"))
    await page.get_by_text("Blocks", exact=True).click()
    await dialog.get_by_role("button", name="Leave it").click()

    await expect(page.get_by_label("Name", exact=True)).to_have_value("Abandoned cart")


STARTS = [("A date", "Date in the property"), ("An audience", "Audience"), ("A call", "Name of the call")]


@pytest.mark.parametrize(("kind", "label"), STARTS)
async def test_every_start_is_written_and_kept_while_another_is_looked_at(tab, kind, label):
    page = await tab.open("/campaigns/new")
    await page.get_by_label("Event", exact=True).fill("Cart Left")

    await page.get_by_text(kind, exact=True).click()
    await page.get_by_label(label, exact=True).fill("Written")
    assert await violations(page) == []
    await page.get_by_text("An event", exact=True).click()

    await expect(page.get_by_label("Event", exact=True)).to_have_value("Cart Left")
    await page.get_by_text(kind, exact=True).click()
    await expect(page.get_by_label(label, exact=True)).to_have_value("Written")


async def test_a_schedule_is_built_without_knowing_how_rules_are_written(tab):
    page = await tab.open("/campaigns/new")
    await page.get_by_text("A time", exact=True).click()

    await page.get_by_text("Again and again", exact=True).click()
    await page.get_by_role("button", name="Fri", exact=True).click()
    await page.get_by_label("Each person's clock").check()
    assert await violations(page) == []
    await page.get_by_role("button", name="When", exact=True).click()

    await expect(page.get_by_text("Runs every Monday and Friday at 09:00")).to_be_visible()
    await page.get_by_role("button", name="When", exact=True).click()
    await page.get_by_role("switch", name="Write the rule myself").click()
    await expect(page.get_by_label("Rule", exact=True)).to_have_value("FREQ=WEEKLY;BYDAY=MO,FR")


@pytest.mark.parametrize("options", [{"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}])
async def test_all_blocks_are_usable_on_a_phone(tab, acme):
    status, made = tab.story.demo.ask("POST", "/api/campaigns", cart("Cart on a phone"))
    assert status == 201, made
    page = await tab.open(f"/campaigns/{made['id']}/edit")

    for block in ("Who", "Guard"):
        await page.get_by_role("button", name=block, exact=True).click()
    for step in ("Wait 30 minutes", "Split the people by chance", "Wait 2 days", "Stop: replied"):
        await page.get_by_role("button", name=step).first.click()
        assert await spill(page) <= 0, step
        assert await violations(page) == []
        await page.keyboard.press("Escape")
    await page.get_by_text("YAML", exact=True).click()
    await expect(page.get_by_label("The campaign in YAML")).to_have_value(re.compile("Cart on a phone"))
    assert await spill(page) <= 0
    assert await violations(page) == []
