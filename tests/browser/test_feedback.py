"""Thumbs and the report button under an answer of the web chat."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.test_chat import ask
from tests.browser.test_looks import PHONE, assert_accessible, assert_fits


async def test_thumbs_by_keyboard_say_whether_they_are_pressed(stage: Stage) -> None:
    page = await stage.owner_page()
    await ask(page, "Tell me about circles")
    up = page.get_by_role("button", name="Good answer")
    down = page.get_by_role("button", name="Bad answer")
    await expect(up).to_have_attribute("aria-pressed", "false")
    await up.focus()
    await page.keyboard.press("Enter")
    await expect(up).to_have_attribute("aria-pressed", "true")
    await expect(up).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(down).to_be_focused()
    await page.keyboard.press("Space")
    await expect(down).to_have_attribute("aria-pressed", "true")
    await expect(up).to_have_attribute("aria-pressed", "false")
    await page.get_by_role("button", name="Not helpful").click()
    await expect(page.get_by_text("Thank you, noted.")).to_be_visible()
    await page.reload()
    await expect(down).to_have_attribute("aria-pressed", "true")
    await down.press("Enter")
    await expect(down).to_have_attribute("aria-pressed", "false")


async def test_an_answer_is_reported_without_a_command(stage: Stage) -> None:
    page = await stage.owner_page()
    await ask(page, "Tell me about circles")
    await page.get_by_role("button", name="Report", exact=True).click()
    await page.get_by_role("button", name="Hateful").click()
    await expect(page.get_by_text("A person will look at this answer")).to_be_visible()
    async with stage.house.database.read() as tx:
        assert await tx.flags.count_open() == 1


async def test_they_are_accessible_and_fit_a_phone(stage: Stage) -> None:
    page = await stage.owner_page(**PHONE, bypass_csp=True)
    stage.ways.words_per_second = 0
    await ask(page, "Tell me about circles")
    await page.get_by_role("button", name="Good answer").tap()
    await expect(page.get_by_role("button", name="Good answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.get_by_role("button", name="Report", exact=True).tap()
    await expect(page.get_by_role("button", name="Private data")).to_be_visible()
    await assert_fits(page)
    await assert_accessible(page)
