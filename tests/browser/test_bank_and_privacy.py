"""The bank and holds in a browser: by keyboard alone, on every screen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.async_api import FilePayload, expect

from chat.people import Role
from storage.repositories import HoldKind, NewPicture
from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, moderator, serious, shoot
from tests.browser.test_records import NARROW, admin
from tests.moderation.pictures.drawn import clouds
from tests.web.test_bank import HASHES, flagged


async def test_a_picture_is_remembered_and_lists_are_added_by_keys(stage: Stage) -> None:
    flag, _ = await flagged(stage.house, clouds(1))
    page = await moderator(stage)
    await page.goto(f"{stage.house.url}/dashboard/queue/{flag}")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Remember this picture")
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    await expect(page.get_by_text("This picture is remembered")).to_be_visible()
    await shoot(page, "bank-remembered")
    assert await serious(page) == []

    bank = page.get_by_role("link", name="Bank")
    await bank.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/dashboard/bank")
    await expect(page.get_by_role("heading", name="One picture is known")).to_be_visible()
    await page.get_by_label("Hashes to add").focus()
    await page.keyboard.type(HASHES[0])
    await page.keyboard.press("Enter")
    await page.keyboard.type("nonsense")
    for _ in range(4):  # the file, the category, the note, the button
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    status = page.get_by_role("status")
    await expect(status).to_contain_text("Added 1, known already 0, refused 1.")
    await expect(status).to_contain_text("Line 2: this is no PDQ hash")
    many = "".join(f"{number:08x}{'5' * 56}\n" for number in range(2000))
    file: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": many.encode()}
    await page.get_by_label("Or a file of such lines").set_input_files(files=[file])
    await page.get_by_role("button", name="Add them").click()
    await expect(status).to_contain_text("refused")
    await expect(page.get_by_role("heading", name="pictures are known")).to_be_visible()
    await page.get_by_label("Look for a hash").focus()
    await page.keyboard.type(HASHES[0][:6])
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/dashboard/bank?q=*")
    await expect(page.get_by_role("region", name="Hashes", exact=True)).to_contain_text(HASHES[0])


async def test_a_hold_is_put_and_released_by_keys(stage: Stage) -> None:
    ada = await stage.house.add_user("Ada")
    page = await admin(stage)
    await page.goto(f"{stage.house.url}/dashboard/people/{ada.id}")
    await page.get_by_role("link", name="Put a hold on this person").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/dashboard/privacy?kind=user*")
    await page.get_by_label("Why").focus()
    await page.keyboard.type("court 7")
    await page.get_by_label("Until").fill((date.today() + timedelta(days=9)).isoformat())
    button = page.get_by_role("button", name="Put it")
    await button.focus()
    await page.keyboard.press("Enter")
    holds = page.get_by_role("region", name="Holds", exact=True)
    await expect(holds).to_contain_text("court 7")
    await holds.get_by_role("button", name="Release the hold number 1").focus()
    await page.keyboard.press("Enter")
    await expect(holds).to_contain_text("Nobody has put a hold on anything.")
    await expect(holds).to_contain_text("released")


async def test_who_deletes_a_conversation_is_told_what_stays(stage: Stage) -> None:
    flag, _ = await flagged(stage.house, clouds(1))
    async with stage.house.database.read() as tx:
        conversation = (await tx.flags.get(flag)).conversation_id
        ada = await tx.users.get(1)
    page = await stage.watched.page()
    await stage.pair(page, ada)
    await page.goto(f"{stage.house.url}/c/{conversation}")
    await page.get_by_role("button", name="Delete").click()
    await page.locator("#delete-dialog").get_by_role("button", name="Delete").click()
    told = page.get_by_role("dialog", name="Something has to stay for now")
    await expect(told).to_contain_text("but for one message")
    await expect(told).to_contain_text("until that is decided")
    assert await serious(page) == []
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{stage.house.url}/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone", "narrow"])
async def test_nothing_serious_stands_in_anybodys_way(
    stage: Stage, scheme: str, device: str
) -> None:
    house = stage.house
    ada = await house.add_user("Ada")
    olga = await house.add_user("Olga the Second", Role.ADMIN)
    async with house.database.write() as tx:
        pictures = [NewPicture(each, "known-picture") for each in HASHES]
        await tx.known_pictures.add(
            pictures, source="file", note="from a list with a long name", added_by=olga.id
        )
        for until in (4e9, 1.0):
            await tx.holds.add(
                HoldKind.USER, ada.id, reason="court " * 20, until=until, created_by=olga.id
            )
    sizes: dict[str, dict[str, object]] = {"desk": {}, "phone": dict(PHONE), "narrow": NARROW}
    page = await admin(stage, **sizes[device], color_scheme=scheme)
    for name in ("bank", "privacy"):
        await page.goto(f"{house.url}/dashboard/{name}")
        assert await serious(page) == [], name
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wide), name
        await shoot(page, f"{name}-{device}-{scheme}")
