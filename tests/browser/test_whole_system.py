"""`whimbrel up` with the checkpoint that ships, in a real browser: what the README promises."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.chromium import Watched, find_chromium, launched
from tests.deployment.environments import clean_environ
from tests.deployment.processes import Running, free_port, started

LINK = re.compile(r"http://\S+/pair/\S+")
LONG = 60_000  # milliseconds; a model on a busy machine


@asynccontextmanager
async def up(folder: Path, port: int, name: str) -> AsyncIterator[Running]:
    """`whimbrel up`, ready to answer, and stopped in order."""
    environ = clean_environ(WHIMBREL_HOME=str(folder / "home"), HTTP_PORT=str(port))
    command = (sys.executable, "-P", "-m", "bot", "up")
    async with started(command, environ, folder, name=name) as running:
        await running.until_it_says("Ctrl-C stops it.")
        await running.until_it_serves(f"http://127.0.0.1:{port}/readyz")
        yield running
        assert await running.stop() == 0, running.said()


@pytest.mark.timeout(300)
async def test_a_picture_is_answered_and_found_again_after_a_restart(tmp_path: Path) -> None:
    find_chromium()
    port = free_port()
    async with launched() as browser:
        watched = Watched(browser, f"http://127.0.0.1:{port}")
        page = await watched.page()
        async with up(tmp_path, port, "first") as running:
            links = LINK.findall(running.said())
            await page.goto(links[0])
            await page.get_by_role("button", name="Sign in here").click()
            await page.get_by_role("button", name="Not now").click()
            await page.wait_for_url(f"http://127.0.0.1:{port}/")
            await expect(page.get_by_text("Demonstration model")).to_be_visible()
            await page.get_by_role("button", name="A red circle").click()
            await page.get_by_role("button", name="Send").click()
            answer = page.locator(".assistant:not(.live) .text")
            await expect(answer).to_contain_text("red circle", timeout=LONG)
            where = page.url
            # The page would go on looking for the server while it is away.
            await page.goto(f"http://127.0.0.1:{port}/connect")
        async with up(tmp_path, port, "second"):
            await page.goto(where)
            await expect(answer).to_contain_text("red circle")
            box = page.get_by_role("textbox", name="Write a message")
            await box.fill("And what colour is it?")
            await box.press("Enter")
            await expect(answer.last).to_contain_text("red", timeout=LONG)
            await expect(answer).to_have_count(2, timeout=LONG)
            await expect(page.locator(".person img")).to_have_count(1)
        assert watched.troubles == []
