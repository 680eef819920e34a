"""A stage for each test, with a fake Telegram whose flood limits are on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.broker import Broker
from storage.database import Database
from storage.migrate import upgrade
from tests.bot.delivery.stage import BotProcess, Stage
from tests.fakes.telegram import FakeTelegram, Person


@pytest.fixture
async def stage(tmp_path: Path, broker: Broker) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path / 'whimbrel.sqlite3'}"
    upgrade(url)
    async with FakeTelegram() as telegram, Database.from_url(url) as database:
        yield Stage(telegram, database, broker, tmp_path / "attachments")
        assert telegram.violations == []
        assert telegram.world.limits.early == 0, "a call was made inside a wait"


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[BotProcess]:
    async with stage.bot() as process:
        yield process


@pytest.fixture
def anna(stage: Stage) -> Person:
    return stage.telegram.person("Anna")
