"""Conversations in a browser, by keyboard, and read by a screen reader's checks."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from chat.people import Role
from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, moderator, on_staff, serious, shoot
from tests.web.test_queue import flagged


async def test_one_is_opened_by_keyboard(stage: Stage) -> None:
    anna = await stage.house.add_user("Anna")
    flag = await flagged(stage.house, anna, picture=True)
    page = await moderator(stage)
    await page.goto(f"{stage.house.url}/dashboard/conversations")
    await page.get_by_role("link", name="Anna").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/dashboard/conversations/{flag.conversation_id}")
    await page.get_by_label("Why").focus()
    await page.keyboard.type("threats were reported")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("<script>bad words</script>")).to_be_visible()
    picture = page.get_by_role("img", name="A picture that was sent")
    await expect(picture).to_have_class("unseen both")
    await page.keyboard.press("p")
    await expect(picture).to_have_class("both seen")
    await page.get_by_label("Remove message").first.focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Why").focus()
    await page.keyboard.type("an address")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Removed")
    await page.keyboard.press("u")
    await page.wait_for_url(f"**/dashboard/conversations/{flag.conversation_id}")
    await expect(page.get_by_text("<script>bad words</script>")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone"])
async def test_nothing_serious_stands_in_anybodys_way(
    stage: Stage, scheme: str, device: str
) -> None:
    anna = await stage.house.add_user("Anna")
    flag = await flagged(stage.house, anna, picture=True)
    private = await stage.house.book.new(anna)
    options: dict[str, object] = {"color_scheme": scheme, **(PHONE if device == "phone" else {})}
    page = await on_staff(stage, Role.ADMIN, **options)
    one = f"conversations/{flag.conversation_id}"
    for number, path in enumerate(
        ("conversations", one, f"conversations/{private.id}", f"people/{anna.id}", one)
    ):
        await page.goto(f"{stage.house.url}/dashboard/{path}")
        if number == 4:
            await page.get_by_label("Why").fill("look")
            await page.get_by_role("button", name="Open it").click()
            await expect(page.get_by_text("Open to you until")).to_be_visible()
            await page.get_by_label("Remove message").first.click()
        if path.startswith("people"):
            await page.get_by_text("Take along or delete").click()
        await shoot(page, f"conversations-{number}-{device}-{scheme}")
        assert await serious(page) == []
        width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{path}: nothing sticks out"
