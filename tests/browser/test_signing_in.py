"""The first link offers a password, and a second factor is switched on and asked for."""

from __future__ import annotations

import re
import time
from typing import Any

import pyotp
import pytest
from playwright.async_api import Page, expect

from chat.people import User
from handlers.passwords import Passwords
from tests.browser.conftest import Stage
from tests.browser.test_looks import DESK, assert_accessible, assert_fits
from tests.web.test_account import WORDS, with_password

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEVICES: dict[str, dict[str, Any]] = {"phone": PHONE, "desk": DESK}


async def come_by_link(stage: Stage, page: Page) -> None:
    """Open the owner's link as the terminal prints it."""
    await page.goto(f"{stage.house.url}/pair/{await stage.house.admission.owner_code()}")
    await page.get_by_role("button", name="Sign in here").click()


@pytest.mark.parametrize("device", list(DEVICES))
async def test_the_first_link_offers_a_password(stage: Stage, device: str) -> None:
    stage.watched.expected = ["422"]
    page = await stage.watched.page(**DEVICES[device], bypass_csp=True)
    await come_by_link(stage, page)
    await page.wait_for_url(f"{stage.house.url}/first-password")
    await expect(page.get_by_role("button", name="Not now")).to_be_visible()
    await assert_fits(page)
    await assert_accessible(page)
    await page.get_by_label("Name to sign in with").fill("Ada")
    await page.get_by_label("New password").fill("short")
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
    await page.get_by_label("New password").fill(WORDS)
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()
    other = await stage.watched.page(**DEVICES[device])
    await come_by_link(stage, other)
    await other.wait_for_url(f"{stage.house.url}/")


async def test_who_declines_is_not_asked_again(stage: Stage) -> None:
    page = await stage.watched.page()
    await come_by_link(stage, page)
    await page.get_by_role("button", name="Not now").click()
    await page.wait_for_url(f"{stage.house.url}/")
    other = await stage.watched.page()
    await come_by_link(stage, other)
    await other.wait_for_url(f"{stage.house.url}/")
    await other.goto(f"{stage.house.url}/first-password")
    await other.wait_for_url(f"{stage.house.url}/")
    [owner] = await _owners(stage)
    assert await Passwords(stage.house.database).name_of(owner) == ""


@pytest.mark.parametrize("device", list(DEVICES))
async def test_a_second_factor_is_switched_on_and_asked_for(stage: Stage, device: str) -> None:
    """With the content policy of the page, which the picture has to live with."""
    stage.watched.expected = ["403"]
    anna = await with_password(stage.house)
    page = await stage.watched.page(**DEVICES[device])
    await stage.pair(page, anna)
    await page.goto(f"{stage.house.url}/account")
    await page.get_by_role("link", name="Switch on").click()
    await page.get_by_label("Current password").fill(WORDS)
    await page.get_by_role("button", name="Switch on").click()
    picture = page.get_by_role("img", name="QR code")
    await expect(picture).to_be_visible()
    await assert_fits(page)
    secret = await page.locator(".secret").inner_text()
    await page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="Switch on with this code").click()
    await expect(page.locator(".codes code")).to_have_count(10)
    await assert_fits(page)
    codes = await page.locator(".codes code").all_inner_texts()
    await page.get_by_role("link", name="I have kept them").click()
    await expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()
    other = await stage.watched.page(**DEVICES[device])
    await other.goto(f"{stage.house.url}/sign-in")
    await other.get_by_label("Name to sign in with").fill("anna")
    await other.get_by_label("Password").fill(WORDS)
    await other.get_by_role("button", name="Sign in").click()
    await other.get_by_label("Code", exact=True).fill("123")
    await other.get_by_role("button", name="Sign in").click()
    await expect(other.get_by_role("alert")).to_contain_text("wrong")
    await assert_fits(other)
    next_one = pyotp.TOTP(secret).at(int(time.time()) + 30)
    typed = codes[0] if device == "phone" else next_one
    await other.get_by_label("Code", exact=True).fill(typed)
    await other.get_by_role("button", name="Sign in").click()
    await expect(other.get_by_role("textbox", name="Write a message")).to_be_visible()


async def test_the_pages_of_a_second_factor_are_accessible(stage: Stage) -> None:
    page = await stage.watched.page(bypass_csp=True)
    await stage.pair(page, await with_password(stage.house))
    await page.goto(f"{stage.house.url}/account/factor")
    await assert_accessible(page)
    await page.get_by_label("Current password").fill(WORDS)
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    await assert_accessible(page)
    secret = await page.locator(".secret").inner_text()
    await page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="Switch on with this code").click()
    await expect(page.get_by_role("heading", name=re.compile("Recovery"))).to_be_visible()
    await assert_accessible(page)
    await page.goto(f"{stage.house.url}/account")
    await assert_accessible(page)


async def _owners(stage: Stage) -> list[User]:
    async with stage.house.database.read() as tx:
        return await tx.users.owners()
