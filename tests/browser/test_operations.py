"""The start page of the dashboard as admins use it, on a phone too."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from chat.people import Role
from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, on_staff, serious, shoot


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone"])
async def test_questions_wait_and_a_model_is_switched(
    stage: Stage, scheme: str, device: str
) -> None:
    options: dict[str, object] = {"color_scheme": scheme, **(PHONE if device == "phone" else {})}
    page = await on_staff(stage, Role.OWNER, **options)
    await page.goto(f"{stage.house.url}/dashboard")
    await page.get_by_label("What people are told besides").fill("Back at nine")
    await page.get_by_role("button", name="Let questions wait").click()
    await expect(page.get_by_role("status").first).to_contain_text("Questions wait since")
    await page.get_by_label("Another one").select_option("third-model")
    await page.get_by_label("I mean it").check()
    await page.get_by_role("button", name="Switch").click()
    await expect(page.get_by_text("Workers are switching to third-model.")).to_be_visible()
    await shoot(page, f"operations-{device}-{scheme}")
    assert await serious(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth - screen.width") <= 0
    await page.get_by_role("button", name="Answer questions again").click()
    await expect(page.get_by_text("Questions are answered as they come.")).to_be_visible()
