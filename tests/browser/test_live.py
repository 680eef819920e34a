"""The Live page in a browser: charts one sees, numbers that follow, a table of the same."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, moderator, serious, shoot
from tests.web.test_live import answered


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone"])
async def test_charts_are_drawn_and_follow(stage: Stage, scheme: str, device: str) -> None:
    anna = await stage.house.add_user("Anna")
    chat = await stage.house.book.new(anna)
    await answered(stage.house, chat, generated_tokens=70, first_text_seconds=0.25, pictures=1)
    options: dict[str, object] = {"color_scheme": scheme, **(PHONE if device == "phone" else {})}
    page = await moderator(stage, **options)
    await page.goto(f"{stage.house.url}/dashboard/live")
    await expect(page.locator("figure canvas")).to_have_count(4)
    await expect(page.locator("[data-figure=answered]")).to_have_text("1")
    await answered(stage.house, chat, generated_tokens=90, first_text_seconds=0.75, pictures=0)
    await expect(page.locator("[data-figure=answered]")).to_have_text("2", timeout=8000)
    await page.get_by_text("The same as a table").click()
    await expect(page.get_by_role("table").first).to_be_visible()
    await shoot(page, f"live-{device}-{scheme}")
    assert await serious(page) == []
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "nothing sticks out"
