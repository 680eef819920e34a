"""A fake Telegram, somebody on it, and a channel to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.channel import TelegramChannel
from tests.bot.channels.telegram.parts import RecordingIntake, channel_for, running
from tests.fakes.telegram import FakeTelegram, Person


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(limits=False) as server:
        yield server
        assert server.violations == []


@pytest.fixture
def anna(telegram: FakeTelegram) -> Person:
    return telegram.person("Anna", language="de")


@pytest.fixture
async def channel(telegram: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    async with channel_for(telegram) as channel:
        yield channel


@pytest.fixture
def intake() -> RecordingIntake:
    return RecordingIntake()


@pytest.fixture
async def received(
    channel: TelegramChannel, intake: RecordingIntake
) -> AsyncIterator[RecordingIntake]:
    """The intake of a channel that runs."""
    async with running(channel, intake):
        yield intake
