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

    async def press(self, name, *, within=None, role="button"):
        await (within or self.page).get_by_role(role, name=name, exact=True).click()

    async def write(self, label, text, within=None):
        await (within or self.page).get_by_label(label, exact=True).fill(text)

    async def choose(self, label, option, within=None):
        await (within or self.page).get_by_label(label, exact=True).select_option(label=option)

    async def turn_on(self, label):
        await self.page.get_by_role("switch", name=label, exact=True).click()

    async def add(self, kind, button="Add a step after", within=None):
        await self.press(button, within=within)
        await self.page.get_by_role("menuitem", name=kind).click()


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
        field = (within or self.page).get_by_label(label, exact=True)
        await self._reach(field)
        if await field.get_attribute("type") == "time":
            hour, minute = text.split(":")
            await self.page.keyboard.type(f"{int(hour) % 12 or 12:02}{minute}{'PM' if int(hour) > 11 else 'AM'}")
            return
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def choose(self, label, option, within=None):
        field = (within or self.page).get_by_label(label, exact=True)
        await self._reach(field)
        await self.page.keyboard.type(option)

    async def turn_on(self, label):
        await self._reach(self.page.get_by_role("switch", name=label, exact=True))
        await self.page.keyboard.press("Space")

    async def add(self, kind, button="Add a step after", within=None):
        await self.press(button, within=within)
        item = self.page.get_by_role("menuitem", name=kind)
        for _ in range(10):
            if await item.evaluate("node => document.activeElement === node"):
                break
            await self.page.keyboard.press("ArrowDown")
        await self.page.keyboard.press("Enter")


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
    steps = page.get_by_role("list", name="Steps", exact=True)
    await person.write("How long", "30")
    await person.choose("Unit of how long", "minutes")
    await person.write("Step name", "pause")
    await person.press("Add a step before “send”")
    await page.get_by_role("menuitem", name="Split by chance").press("Enter")
    await person.write("Step name", "which")
    for label, identifier, text in (("1", "a", FIRST), ("2", "b", SECOND)):
        branch = page.get_by_role("list", name=f"Steps of: Branch {label}: 50 %", exact=True)
        await person.add("Send a message", "Add a step", within=branch)
        await person.write("Message", text)
        await person.write("Step name", identifier)
    await person.press("Add a step before “send”")
    await page.get_by_role("menuitem", name="Wait", exact=True).press("Enter")
    await person.write("How long", "2")
    await person.write("Step name", "answer")
    await person.press("Or until an event")
    await person.write("Event 1", "Notification Replied")
    answered = page.get_by_role("list", name="Steps of: If “Notification Replied” comes", exact=False)
    await person.add("Send a message", "Add a step", within=answered)
    await person.write("Message", THANKS)
    await person.write("Step name", "thanks")
    await person.add("Stop", "Add a step after", within=answered)
    await person.write("Reason optional", "replied")
    await person.write("Step name", "done")
    await person.press(f"Send “{LAST}” through acme", within=steps)
    await person.write("Step name", "last")

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
