"""Updates that Telegram posts to us."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from chat.inbound import InboundKind
from tests.bot.channels.telegram.parts import RecordingIntake, channel_for, running
from tests.fakes.telegram import FakeTelegram, Person

SECRET = "s3cret_-token"


@asynccontextmanager
async def served(channel: TelegramChannel, listener: socket.socket) -> AsyncIterator[None]:
    """The channel's routes behind a real HTTP server."""
    config = uvicorn.Config(Starlette(routes=channel.routes), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def url(telegram: FakeTelegram, intake: RecordingIntake) -> AsyncIterator[str]:
    """A running channel with a webhook; the address of the hook."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks/telegram"
    async with (
        channel_for(
            telegram, telegram_webhook_url=address, telegram_webhook_secret=SECRET
        ) as channel,
        served(channel, listener),
        running(channel, intake),
    ):
        await telegram.world.called("setWebhook")
        yield address
        await telegram.world.inbox.close()


async def test_updates_arrive(
    telegram: FakeTelegram, intake: RecordingIntake, anna: Person, url: str
) -> None:
    anna.says("hello")
    anna.sends_photo(b"a picture")
    anna.blocks_bot()
    messages = await intake.has(3)
    assert [message.kind for message in messages] == [
        InboundKind.MESSAGE,
        InboundKind.MESSAGE,
        InboundKind.BLOCKED,
    ]
    [call] = telegram.world.calls_of("setWebhook")
    assert call.parameters["secret_token"] == SECRET
    assert set(call.parameters["allowed_updates"]) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }


async def test_posted_again_until_it_is_recorded(
    telegram: FakeTelegram, intake: RecordingIntake, anna: Person, url: str
) -> None:
    intake.refuse = 2
    anna.says("do not lose me")
    await intake.has(1)
    assert intake.batches == 3


async def test_only_with_the_secret(intake: RecordingIntake, url: str) -> None:
    header = "X-Telegram-Bot-Api-Secret-Token"
    async with httpx2.AsyncClient(trust_env=False) as client:
        for headers, body, status in (
            ({}, b'{"update_id": 1}', 403),
            ({header: "wrong"}, b'{"update_id": 1}', 403),
            ({header: "s3cret_-tökén"}, b'{"update_id": 1}', 403),
            ({header: SECRET}, b"no JSON", 400),
            ({header: SECRET}, b"[1]", 400),
            ({header: SECRET}, b"x" * 2_000_000, 400),
            ({header: SECRET}, b'{"update_id": 1, "something_new": {}}', 200),
        ):
            encoded = {name.encode(): value.encode() for name, value in headers.items()}
            answer = await client.post(url, headers=encoded, content=body)
            assert answer.status_code == status
    assert intake.batches == 0


async def test_not_before_the_channel_runs(telegram: FakeTelegram) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks/telegram"
    channel = channel_for(telegram, telegram_webhook_url=address, telegram_webhook_secret=SECRET)
    async with channel, served(channel, listener), httpx2.AsyncClient(trust_env=False) as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        answer = await client.post(address, headers=headers, json={"update_id": 1})
        assert answer.status_code == 503


def test_no_webhook_without_a_secret() -> None:
    with pytest.raises(ValueError, match="TELEGRAM_WEBHOOK_SECRET"):
        TelegramSettings(
            telegram_bot_token="1:abcdefghijk", telegram_webhook_url="https://example.org/x"
        )
