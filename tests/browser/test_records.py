"""Appeals, quality and the audit log in a browser: by keyboard, on every screen, tampered with."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from chat.people import Role
from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, moderator, serious, shoot
from tests.web.test_appeals_pages import appealed
from tests.web.test_audit_pages import tamper, written
from tests.web.test_quality_page import decided

NARROW = {**PHONE, "viewport": {"width": 360, "height": 740}}
WORDS = "I only quoted what he had written to me. Please look at the line before it."


async def admin(stage: Stage, **options: object) -> Page:
    """An admin's page."""
    page = await stage.watched.page(**options)
    await stage.pair(page, await stage.house.add_user("Olga", Role.ADMIN))
    return page


async def test_appeals_are_decided_by_keys(stage: Stage) -> None:
    house = stage.house
    anna, mia = await house.add_user("Anna"), await house.add_user("Mia", Role.MODERATOR)
    first, second, third = [await appealed(house, anna, mia, WORDS) for _ in range(3)]
    page = await moderator(stage)
    await page.goto(f"{house.url}/dashboard/appeals")
    await page.keyboard.press("j")
    await page.wait_for_url(f"**/dashboard/appeals/{first.id}")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Take it back")
    await page.keyboard.press("2")  # not while the keys are explained
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await page.wait_for_url(f"**/dashboard/appeals/{second.id}")
    await page.keyboard.press("k")
    await page.wait_for_url(f"**/dashboard/appeals/{first.id}")
    await page.keyboard.press("n")
    await page.keyboard.type("1 and 2 are only words here")
    await page.keyboard.press("Escape")
    await page.keyboard.press("2")
    await page.wait_for_url(f"**/dashboard/appeals/{second.id}?done={first.id}")
    await expect(page.get_by_role("status")).to_contain_text("Taken back for Anna")
    await page.keyboard.press("1")
    await page.wait_for_url(f"**/dashboard/appeals/{third.id}?done={second.id}")
    await page.keyboard.press("1")
    await page.wait_for_url(f"**/dashboard/appeals?done={third.id}")
    await expect(page.get_by_text("No appeal waits.")).to_be_visible()
    async with house.database.read() as tx:
        made = [await tx.appeals.get(each.id) for each in (first, second, third)]
    assert [each.state for each in made] == ["overturned", "upheld", "upheld"]
    assert made[0].note == "1 and 2 are only words here"


async def test_tampering_is_found_and_shown_where(stage: Stage) -> None:
    await written(stage.house)
    page = await admin(stage)
    await page.goto(f"{stage.house.url}/dashboard/audit")
    verify = page.get_by_role("button", name="Verify the whole log")
    await verify.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("All 6 entries are as they were")
    await shoot(page, "audit-whole")
    tamper(stage.house, "UPDATE audit SET details = '{}' WHERE number = 3")
    await verify.click()
    alert = page.get_by_role("alert")
    await expect(alert).to_have_text("The log is broken at entry 3: what it says has been changed.")
    await shoot(page, "audit-broken")
    assert await serious(page) == []
    async with page.expect_download() as taken:
        await page.get_by_role("link", name="Take it along").click()
    assert (await taken.value).suggested_filename == "whimbrel-audit.jsonl"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone", "narrow"])
async def test_nothing_serious_stands_in_anybodys_way(
    stage: Stage, scheme: str, device: str
) -> None:
    house = stage.house
    anna = await house.add_user("Anna Lovelace-Montgomery")
    mia = await house.add_user("Mia", Role.MODERATOR)
    await decided(house, anna, mia)
    appeal = await appealed(house, anna, mia, WORDS)
    await written(house)
    sizes: dict[str, dict[str, object]] = {"desk": {}, "phone": dict(PHONE), "narrow": NARROW}
    page = await admin(stage, color_scheme=scheme, **sizes[device])
    pages = {"appeals": "appeals", "appeal": f"appeals/{appeal.id}", "quality": "quality"}
    for name, path in {**pages, "audit": "audit"}.items():
        await page.goto(f"{house.url}/dashboard/{path}")
        await shoot(page, f"{name}-{device}-{scheme}")
        assert await serious(page) == [], name
        # a phone makes its window wider where something sticks out, but not its screen
        width = await page.evaluate("document.documentElement.scrollWidth - screen.width")
        assert width <= 0, f"{name}: nothing sticks out"
