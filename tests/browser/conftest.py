"""A running web chat with a model that says what a test wants, and a browser in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from chat.people import Role, User
from tests.browser.answers import Script
from tests.browser.chromium import Watched, find_chromium, launched
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.web.conftest import png
from tests.web.house import House, open_house

__all__ = ["png"]

expect.set_options(timeout=20_000)  # milliseconds; 5 s are too few on a busy machine


@dataclass(slots=True)
class Stage:
    """Everything that a browser test plays with."""

    house: House
    script: Script
    ways: Ways
    watched: Watched

    async def pair(self, page: Page, user: User) -> None:
        """Sign a page in as a person would."""
        await page.goto(f"{self.house.url}/pair/{await self.house.admission.link_code(user)}")
        await page.get_by_role("button", name="Sign in here").click()
        await page.wait_for_url(f"{self.house.url}/")

    async def owner_page(self, **options: object) -> Page:
        """The page of an owner called Ada."""
        page = await self.watched.page(**options)
        await self.pair(page, await self.house.add_user("Ada", Role.OWNER))
        return page


@pytest.fixture
async def stage(tmp_path: Path, valkey_url: str) -> AsyncIterator[Stage]:
    """Fails when a page had an error, broke the content policy, or fetched from outside."""
    find_chromium()
    script, ways = Script(), Ways(words_per_second=80, window=8192)
    async with (
        OpenAIEndpoint(script, ways) as endpoint,
        open_house(tmp_path, valkey_url) as house,
        house.worker(endpoint.url),
        launched() as browser,
    ):
        stage = Stage(house, script, ways, Watched(browser, house.url))
        yield stage
        assert stage.watched.troubles == []
