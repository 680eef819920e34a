"""The queue in a browser, by keyboard alone, and read by a screen reader's checks."""

from __future__ import annotations

import asyncio
import os

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from chat.moderation import Priority
from chat.people import Role
from storage.repositories import DecisionState
from tests.browser.conftest import Stage
from tests.web.test_queue import flagged

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def serious(page: Page) -> list[str]:
    """What keeps people from using the page."""
    found = await Axe().run(page)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in found.response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


async def shoot(page: Page, name: str) -> None:
    """A picture to look at, where somebody asks for one."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)


async def on_staff(stage: Stage, who: Role, /, **options: object) -> Page:
    """The page of somebody on staff."""
    page = await stage.watched.page(**options)
    await stage.pair(page, await stage.house.add_user("Max", who))
    return page


async def moderator(stage: Stage, **options: object) -> Page:
    """A moderator's page."""
    return await on_staff(stage, Role.MODERATOR, **options)


async def test_a_whole_queue_is_decided_by_keys(stage: Stage) -> None:
    anna = await stage.house.add_user("Anna")
    first = await flagged(stage.house, anna, priority=Priority.HIGH, picture=True)
    second = await flagged(stage.house, anna)
    page = await moderator(stage)
    await page.goto(f"{stage.house.url}/dashboard/queue")
    await shoot(page, "queue")
    await page.keyboard.press("j")
    await page.wait_for_url(f"**/dashboard/queue/{first.id}")
    picture = page.get_by_role("img", name="A picture that was sent")
    await expect(picture).to_have_class("unseen both")
    await page.keyboard.press("p")
    await expect(picture).to_have_class("both seen")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("6")
    await page.wait_for_url(f"**/dashboard/queue/{second.id}?done=*")
    await page.keyboard.press("u")
    await page.wait_for_url(f"**/dashboard/queue/{first.id}")
    await page.keyboard.press("n")
    await page.keyboard.type("2 and 3 are only words here")
    await page.keyboard.press("Escape")
    await page.keyboard.press("5")
    await page.wait_for_url(f"**/dashboard/queue/{second.id}?done=*")
    await page.keyboard.press("1")
    await page.wait_for_url("**/dashboard/queue?done=*")
    await expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    async with stage.house.database.read() as tx:
        made = [await tx.decisions.of_flag(flag.id) for flag in (first, second)]
    assert [(each.verdict, each.state) for each in made[0]] == [
        ("mute", DecisionState.UNDONE),
        ("strike", DecisionState.COUNTING),
    ]
    assert made[0][1].note == "2 and 3 are only words here"
    assert [each.verdict for each in made[1]] == ["dismiss"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone"])
async def test_nothing_serious_stands_in_anybodys_way(
    stage: Stage, scheme: str, device: str
) -> None:
    anna = await stage.house.add_user("Anna")
    flag = await flagged(stage.house, anna, priority=Priority.URGENT, picture=True)
    options: dict[str, object] = {"color_scheme": scheme, **(PHONE if device == "phone" else {})}
    page = await moderator(stage, **options)
    for path in ("queue", f"queue/{flag.id}", "queue/bulk"):
        await page.goto(f"{stage.house.url}/dashboard/{path}")
        await shoot(page, f"{path.replace('/', '-')}-{device}-{scheme}")
        assert await serious(page) == []
        width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, "nothing sticks out"


async def test_many_are_decided_by_keys(stage: Stage) -> None:
    anna = await stage.house.add_user("Anna")
    flags = [await flagged(stage.house, anna, picture=number == 0) for number in range(3)]
    page = await moderator(stage)
    await page.goto(f"{stage.house.url}/dashboard/queue")
    await page.keyboard.press("b")
    await page.wait_for_url("**/dashboard/queue/bulk")
    await expect(page.get_by_role("group", name="3 flags")).to_be_visible()
    await page.keyboard.press("a")
    await page.get_by_role("checkbox").last.focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("3")
    await expect(page.get_by_text("2 messages of one person.")).to_be_visible()
    await shoot(page, "bulk-preview")
    assert await serious(page) == []
    await page.keyboard.press("y")
    await expect(page.get_by_role("status")).to_contain_text("2 flags decided.")
    await page.keyboard.press("u")
    await expect(page.get_by_role("group", name="3 flags")).to_be_visible()
    async with stage.house.database.read() as tx:
        made = [await tx.decisions.of_flag(flag.id) for flag in flags]
    assert [[each.verdict.value for each in of] for of in made] == [["remove"], ["remove"], []]
    assert {each.state for of in made for each in of} == {DecisionState.UNDONE}


# `REVIEWED_FLAGS=1000` for as many as a team has of a morning.
FLAGS = int(os.environ.get("REVIEWED_FLAGS", "30"))


async def decide_all(page: Page, url: str) -> int:
    """Decide whatever comes by one key each, until nothing waits; how many."""
    decided = 0
    await page.goto(f"{url}/dashboard/queue")
    await page.keyboard.press("j")
    while True:
        await page.wait_for_url("**/dashboard/queue*/**" if not decided else "**?done=*")
        if "/queue?" in page.url:
            return decided
        before = page.url
        await page.keyboard.press("1")
        decided += 1
        await page.wait_for_function("before => location.href !== before", arg=before)


async def test_two_reviewers_in_two_browsers_decide_nothing_twice(stage: Stage) -> None:
    anna = await stage.house.add_user("Anna")
    flags = [await flagged(stage.house, anna) for _ in range(FLAGS)]
    pages = [await on_staff(stage, Role.MODERATOR) for _ in range(2)]
    made = await asyncio.gather(*(decide_all(page, stage.house.url) for page in pages))
    assert sum(made) == FLAGS
    assert min(made) > FLAGS / 10, "both had something to do"
    async with stage.house.database.read() as tx:
        found = [await tx.decisions.of_flag(flag.id) for flag in flags]
    assert [len(of) for of in found] == [1] * FLAGS
    deciders = {each.decided_by for of in found for each in of}
    assert len(deciders) == 2
