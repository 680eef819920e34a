"""The settings of the dashboard in a browser: the team, and how pictures are shown."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from chat.people import Role
from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, moderator, on_staff, serious, shoot
from tests.web.test_queue import flagged


async def test_an_owner_gives_a_role_by_keys(stage: Stage) -> None:
    anna = await stage.house.add_user("Anna")
    page = await on_staff(stage, Role.OWNER)
    await page.goto(f"{stage.house.url}/dashboard/settings")
    await page.get_by_label("Somebody's number").focus()
    await page.keyboard.type(f"#{anna.id}")
    await page.keyboard.press("Tab")
    await page.keyboard.type("reviewer")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Give the role").press("Enter")
    await expect(page.get_by_role("listitem").filter(has_text="Anna")).to_contain_text("reviewer")
    async with stage.house.database.read() as tx:
        assert (await tx.users.get(anna.id)).role is Role.REVIEWER


async def test_pictures_that_are_muted_are_fetched_when_they_are_wanted(stage: Stage) -> None:
    flag = await flagged(stage.house, await stage.house.add_user("Anna"), picture=True)
    page = await moderator(stage)
    await page.goto(f"{stage.house.url}/dashboard/settings")
    await page.get_by_label("not at all").check()
    await page.get_by_role("button", name="Keep", exact=True).click()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    await page.goto(f"{stage.house.url}/dashboard/queue/{flag.id}")
    assert not any("/pictures/" in url for url in fetched)
    async with page.expect_response("**/pictures/*"):
        await page.keyboard.press("p")
    await expect(page.locator("img.seen")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone"])
async def test_nothing_serious_stands_in_anybodys_way(
    stage: Stage, scheme: str, device: str
) -> None:
    for name, role in (("Rosa Luchs-Montgomery", Role.ADMIN), ("Pia", Role.REVIEWER)):
        await stage.house.add_user(name, role)
    options: dict[str, object] = {"color_scheme": scheme, **(PHONE if device == "phone" else {})}
    page = await on_staff(stage, Role.OWNER, **options)
    await page.goto(f"{stage.house.url}/dashboard/settings")
    await shoot(page, f"settings-{device}-{scheme}")
    assert await serious(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth - screen.width") <= 0
