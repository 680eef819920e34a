"""Every page of the dashboard for everybody who may see it: reached by keyboard alone, with nothing
serious in the way of a screen reader, and nothing that sticks out on a phone."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from chat.people import Role
from storage.repositories import RestrictionKind
from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, on_staff, serious, shoot
from tests.web.test_queue import flagged

ALL = ("Dashboard", "Live", "Queue", "People", "Conversations", "Policy", "Quality", "Settings")
PAGES = {
    Role.REVIEWER: {*ALL},
    Role.MODERATOR: {*ALL, "Appeals", "Bank"},
    Role.ADMIN: {*ALL, "Appeals", "Bank", "Audit log", "Privacy"},
    Role.OWNER: {*ALL, "Appeals", "Bank", "Audit log", "Privacy"},
}


async def tab_to(page: Page, name: str) -> None:
    """Go to a link of the bar as somebody does who has no mouse."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        focused = await page.evaluate("document.activeElement.textContent.trim()")
        if focused == name:
            return
    raise AssertionError(f"{name} is not reached by the Tab key")


@pytest.mark.parametrize("role", list(PAGES))
async def test_everybody_reaches_their_pages_and_no_others(stage: Stage, role: Role) -> None:
    anna = await stage.house.add_user("Anna")
    await flagged(stage.house, anna)
    async with stage.house.database.write() as tx:
        mute = await tx.restrictions.add(anna.id, RestrictionKind.MUTE, category="hate", until=None)
        await tx.appeals.add(anna.id, mute.id, conversation_id=None, words="No!")
    page = await on_staff(stage, role, **PHONE)
    await page.goto(f"{stage.house.url}/dashboard")
    bar = page.get_by_role("navigation", name="Dashboard")
    assert set(await bar.get_by_role("link").all_inner_texts()) == PAGES[role]
    for name in sorted(PAGES[role]):
        await tab_to(page, name)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.wait_for_load_state("load")
        await shoot(page, f"role-{role}-{name.lower().replace(' ', '-')}")
        assert await serious(page) == [], name
        width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{name}: nothing sticks out"
