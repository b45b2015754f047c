"""The editor of steps: a journey by keys alone, by mouse, as an outline on a phone, and 200 steps that stay fluid."""

import json

import pytest
from playwright.async_api import Page, expect
from tests.browser.test_gallery import Gallery, gallery, gallery_url, spill, violations

__all__ = ["gallery", "gallery_url"]  # fixtures of the gallery, used here as they are

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NARROW = {"width": 390, "height": 844}


async def written(page: Page):
    """Return the steps as they are written now."""
    return json.loads(await page.get_by_test_id("written").first.evaluate("node => node.textContent"))


async def shape(page: Page):
    """Return the ids of the steps, and those of branches as lists below."""

    def ids(steps):
        found = []
        for step in steps:
            holders = step.get("split") or step.get("choose") or (step.get("wait") or {}).get("or") or []
            found.append(
                [step["id"], *(ids(one.get("steps", [])) for one in holders)] if holders else step["id"]
            )
        return found

    return ids(await written(page))


async def focused(page: Page) -> str:
    return await page.evaluate("document.activeElement.dataset.key ?? document.activeElement.tagName")


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def insert(page: Page, kind: str) -> None:
    """Insert a step behind the marked one by keys alone."""
    await press(page, "/")
    await expect(page.get_by_role("menu", name="Insert a step")).to_be_visible()
    while not (await page.evaluate("document.activeElement.textContent")).startswith(kind):
        await press(page, "ArrowDown")
    await press(page, "Enter")


async def close(page: Page) -> None:
    """Close the form of a step; the canvas has the focus again."""
    await press(page, "Escape")
    await expect(page.locator(".k-panel")).to_have_count(0)
    await page.wait_for_function("document.activeElement.dataset.key !== undefined")


async def fill(page: Page, text: str) -> None:
    """Write into the first field of the step that was just inserted, and go back to the canvas."""
    await expect(page.locator(".k-panel input").first).to_be_focused()
    await press(page, "Control+a")
    await page.keyboard.type(text)
    await close(page)


async def test_the_abandoned_cart_is_built_by_keys_alone(gallery: Gallery):
    page = await gallery.open("steps", state="empty")
    await page.get_by_role("button", name="Outline").focus()
    await press(page, "Tab")
    assert await focused(page) == "start"

    await insert(page, "Wait")
    await fill(page, "30 minutes")
    assert await focused(page) == "steps.0"
    await insert(page, "Split")
    await close(page)
    await press(page, "ArrowDown")
    assert await focused(page) == "steps.1.split.0.steps label"
    await insert(page, "Message")
    await fill(page, "Your cart is waiting.")
    await press(page, "ArrowUp", "ArrowRight")
    assert await focused(page) == "steps.1.split.1.steps label"
    await insert(page, "Message")
    await fill(page, "Free shipping until midnight.")
    await press(page, "End")
    await insert(page, "Wait for an event")
    await fill(page, "2 days")
    await press(page, "ArrowDown")
    await insert(page, "Message")
    await fill(page, "Thank you!")
    await insert(page, "Stop")
    await close(page)
    await press(page, "End")
    await insert(page, "Message")
    await fill(page, "Last call.")

    assert await shape(page) == [
        "wait",
        ["split", ["message"], ["message-2"]],
        ["answer", ["message-3", "stop"]],
        "message-4",
    ]
    steps = await written(page)
    assert steps[0] == {"id": "wait", "wait": {"for": "30 minutes"}}
    assert steps[3] == {"id": "message-4", "send": {"text": "Last call."}}
    assert await violations(page) == []


async def test_steps_are_moved_deleted_and_brought_back_by_keys(gallery: Gallery):
    page = await gallery.open("steps", state="written")
    was = await shape(page)
    await page.locator('[data-key="steps.0"]').focus()

    await press(page, "Alt+ArrowDown")
    assert [one if isinstance(one, str) else one[0] for one in await shape(page)] == [
        "which",
        "pause",
        "answer",
        "last",
    ]
    assert await focused(page) == "steps.1"
    await press(page, "Alt+ArrowRight")
    assert (await shape(page))[0] == ["which", ["a", "pause"], ["b"]]
    await press(page, "Delete")
    assert (await shape(page))[0] == ["which", ["a"], ["b"]]
    assert await focused(page) == "steps.0.split.0.steps.0"
    await press(page, "Control+z", "Control+z", "Control+z")
    assert await shape(page) == was
    assert await focused(page) == "steps.0"
    await press(page, "Control+Shift+z")
    assert (await shape(page))[1] == "pause"
    await press(page, "Control+z", "Control+z")  # there is nothing more to undo
    assert await shape(page) == was


async def test_a_step_is_copied_with_an_id_of_its_own_and_typing_is_undone_at_once(gallery: Gallery):
    await gallery.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await gallery.open("steps", state="written")
    await page.locator('[data-key="steps.1"]').focus()

    await press(page, "Control+c", "End", "ArrowUp", "Control+v")
    assert (await shape(page))[-1] == ["which-2", ["a-2"], ["b-2"]]
    await press(page, "Control+z", "Home", "ArrowDown", "Enter")
    await page.get_by_label("For", exact=True).fill("1 hour")
    await page.get_by_label("For", exact=True).press_sequentially("s")
    await press(page, "Escape")
    assert (await written(page))[0]["wait"]["for"] == "1 hours"
    await press(page, "Control+z")

    assert (await written(page))[0]["wait"]["for"] == "30 minutes"
    await page.evaluate("navigator.clipboard.writeText('no step')")
    await press(page, "Control+v")
    await expect(page.get_by_text("The clipboard holds no step.")).to_be_visible()


async def test_a_plus_inserts_where_it_stands_and_a_click_opens_a_step(gallery: Gallery):
    page = await gallery.open("steps", state="written")

    await page.get_by_role("button", name="Insert a step after “pause”").click()
    await page.get_by_role("menuitem", name="Repeat").click()

    panel = page.get_by_role("dialog", name="Repeat")
    await expect(panel).to_contain_text("steps.1")
    assert (await shape(page))[1] == "repeat"
    await page.locator('[data-key="steps.0"]').click()
    await expect(page.get_by_role("dialog", name="Wait")).to_be_visible()
    await page.get_by_role("button", name="More for “pause”").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.locator(".k-panel")).to_have_count(0)
    assert (await shape(page))[0] == "repeat"


async def test_the_outline_is_changed_by_the_same_operations_and_the_choice_is_remembered(gallery: Gallery):
    page = await gallery.open("steps", state="written")
    await page.get_by_role("button", name="Outline").click()
    await expect(page.get_by_role("list", name="Steps")).to_contain_text("Wait 30 minutes")
    await expect(page.get_by_text("Profile.Nmae: nobody has it.")).to_be_visible()

    await page.get_by_role("button", name="Add a step: 50 %").first.click()
    await page.get_by_role("menuitem", name="Call a system").click()
    await page.keyboard.press("Escape")
    assert (await shape(page))[1] == ["which", ["a", "call"], ["b"]]
    assert await focused(page) == "steps.1.split.0.steps.1"
    await press(page, "Delete", "ArrowUp", "Alt+ArrowUp")
    assert (await shape(page))[0][0] == "which"
    await page.reload()
    await expect(page.get_by_role("list", name="Steps")).to_be_visible()
    assert await violations(page) == []


async def test_a_phone_begins_with_the_outline_and_can_build_there(gallery: Gallery):
    await gallery.page.set_viewport_size(NARROW)
    page = await gallery.open("steps", state="empty")

    await page.get_by_role("button", name="Add a step: Steps").click()
    await page.get_by_role("menuitem", name="Message").click()
    await page.get_by_label("Text").fill("Hello")
    await page.get_by_role("button", name="Close").click()

    assert await shape(page) == ["message"]
    await page.get_by_role("button", name="More for “message”").click()
    await page.get_by_role("menuitem", name="Duplicate").click()
    assert await shape(page) == ["message", "message-2"]
    assert await spill(page) <= 0
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await violations(page) == []


async def test_figures_open_the_people_and_a_step_tells_all_of_it(gallery: Gallery):
    page = await gallery.open("steps", state="figures")
    await expect(page.locator(".s-node").first).to_contain_text("4,812 came")

    await page.get_by_role("button", name="312 people who wait at “pause”").click()
    await expect(page.get_by_text("People at pause")).to_be_visible()
    await page.locator('[data-key="steps.1.split.0.steps.0"]').click()
    panel = page.get_by_role("dialog", name="Message")
    await expect(panel).to_contain_text("1,946 (90.2 %)")
    assert await violations(page) == []
    await press(page, "Escape")
    assert await focused(page) == "steps.1.split.0.steps.0"
    await press(page, "Delete", "/", "Alt+ArrowUp")  # it is only looked at
    await expect(page.get_by_role("menu")).to_have_count(0)
    await expect(page.locator(".s-node")).to_have_count(8)


async def test_200_steps_stay_fluid(gallery: Gallery):
    page = await gallery.open("steps", state="many")
    await expect(page.locator(".s-node")).to_have_count(200)

    await page.locator('[data-key="start"]').focus()
    usual = await page.evaluate("""async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const box = document.querySelector(".s-window");
      const times = [];
      for (let at = 0; at < 30; at += 1) {
        const began = performance.now();
        box.scrollTop += 200;
        await frame();
        times.push(performance.now() - began);
      }
      for (let at = 0; at < 10; at += 1) {
        const began = performance.now();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
        await frame();
        times.push(performance.now() - began);
      }
      return times.sort((a, b) => a - b)[times.length / 2];
    }""")

    assert usual < 100, f"half of the frames took more than {usual:.0f} ms"
    await press(page, "0")
    await expect(page.locator(".s-scale")).to_have_text("25 %")
    await press(page, "+")
    await expect(page.locator(".s-scale")).to_have_text("31 %")
