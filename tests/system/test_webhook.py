"""Updates that Telegram posts to us, through the real server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from tests.system.stand import Stand, asks, ends, stand
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "a-webhook-secret_of-the-tests"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def posted() -> AsyncIterator[Stand]:
    """A system that Telegram posts to."""
    async with stand(ACCESS="open", TELEGRAM_WEBHOOK_SECRET=SECRET) as around:
        url = f"{around.url}/webhooks/telegram"
        async with around.up(TELEGRAM_WEBHOOK_URL=url) as up:
            await eventually(lambda: webhook_is_set(around))
            yield around
        assert SECRET not in up.log


async def webhook_is_set(around: Stand) -> bool:
    return around.telegram.world.inbox.webhook is not None


def update(around: Stand, number: int, text: str) -> tuple[dict[str, object], int]:
    """An update that nobody has posted yet, and whose chat it is."""
    person = around.telegram.person("Anna")
    message = {
        "message_id": number,
        "from": person.user,
        "chat": person.chat.body,
        "date": int(time.time()),
        "text": text,
    }
    return {"update_id": number, "message": message}, person.id


async def post(around: Stand, body: object, **headers: str) -> int:
    async with httpx2.AsyncClient(timeout=20) as client:
        response = await client.post(f"{around.url}/webhooks/telegram", json=body, headers=headers)
        return response.status_code


async def test_what_is_posted_is_answered(posted: Stand) -> None:
    await asks(posted.telegram.person("Anna"), "Hello")
    webhook = posted.telegram.world.inbox.webhook
    assert webhook is not None
    assert webhook.last_error == ""


async def test_the_same_update_five_times_at_once_is_answered_once(posted: Stand) -> None:
    body, chat_id = update(posted, 900_000_001, "Five times")
    posts = [post(posted, body, **{HEADER: SECRET}) for _ in range(5)]
    assert await asyncio.gather(*posts) == [200] * 5
    chat = posted.telegram.world.chats[chat_id]
    await ends(chat, "I heard: Five times.")
    await asks(posted.telegram.person("Ben"), "Later")
    assert len(chat.from_bot) == 1
    assert len(posted.listener.prompts("Five times")) == 1


@pytest.mark.parametrize("headers", [{}, {HEADER: "another"}])
async def test_nobody_else_may_post(posted: Stand, headers: dict[str, str]) -> None:
    body, chat_id = update(posted, 900_000_002, "Forged")
    assert await post(posted, body, **headers) == 403
    await asks(posted.telegram.person("Ben"), "Later")
    assert posted.telegram.world.chats[chat_id].from_bot == []
    assert posted.listener.prompts("Forged") == []
