"""The updates that wait for the bot: long polling, webhooks, and their quarrels."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.fakes.telegram.errors import conflict
from tests.fakes.telegram.watch import Watch

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

SECOND_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
    "webhook first"
)


@dataclass(slots=True)
class Webhook:
    """Where updates are posted to. `attempts` counts every post, repeats too."""

    url: str
    secret: str = ""
    max_connections: int = 40
    attempts: int = 0
    last_error: str = ""
    waiting: defaultdict[int, deque[int]] = field(default_factory=lambda: defaultdict(deque))
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)


class Inbox:
    """Updates in order, kept until the bot confirms them."""

    def __init__(self) -> None:
        self.pending: dict[int, dict[str, Any]] = {}
        self.allowed: frozenset[str] | None = None  # None: all but NOT_BY_DEFAULT
        self.webhook: Webhook | None = None
        self.retry_seconds = 0.1  # the real server waits a minute and more
        self.watch = Watch()  # of polls that begin and end
        self._next_id = 100_000_001
        self._long_poll: asyncio.Future[None] | None = None
        self._chats: dict[int, int] = {}  # update id -> chat id, which orders webhook posts
        self._client: httpx2.AsyncClient | None = None

    def put(self, kind: str, payload: dict[str, Any], *, chat_id: int = 0) -> int | None:
        """Add an update and return its id, or None where the bot did not ask for this kind."""
        allowed = kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed
        if not allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        self.put_again({"update_id": update_id, kind: payload}, chat_id=chat_id)
        return update_id

    def put_again(self, update: dict[str, Any], *, chat_id: int = 0) -> None:
        """Deliver an update, also one that was delivered before."""
        update_id = update["update_id"]
        self.pending[update_id] = update
        self._chats[update_id] = chat_id
        if self.webhook is not None:
            self._post_later(self.webhook, update_id)
        elif self._long_poll is not None and not self._long_poll.done():
            self._long_poll.set_result(None)

    def allow(self, kinds: list[str] | None) -> None:
        """Remember which kinds the bot wants; None leaves it as it was, [] is the default set."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    @property
    def is_polled(self) -> bool:
        """Whether somebody waits in a long poll."""
        return self._long_poll is not None

    def begin_poll(self, *, offset: int, limit: int) -> list[dict[str, Any]]:
        """getUpdates: end another poll, confirm what is below the offset, return what is there."""
        if self.webhook is not None:
            raise conflict(WEBHOOK_ACTIVE)
        self._end_long_poll()
        self._confirm(offset)
        return self._first(limit)

    async def wait(self, *, limit: int, seconds: float) -> list[dict[str, Any]]:
        """The rest of a long poll: wait for something to be there."""
        if self.pending:  # it came since the poll began
            return self._first(limit)
        self._end_long_poll()  # one that began since this one did
        waiting = asyncio.get_running_loop().create_future()
        self._long_poll = waiting
        self.watch.changed()
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return []
        finally:
            if self._long_poll is waiting:
                self._long_poll = None
            self.watch.changed()
        return self._first(limit)

    def _end_long_poll(self) -> None:
        if self._long_poll is not None and not self._long_poll.done():
            self._long_poll.set_exception(conflict(SECOND_POLLER))

    def _first(self, limit: int) -> list[dict[str, Any]]:
        return [self.pending[number] for number in sorted(self.pending)[:limit]]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = sorted(self.pending)[offset:][0] if self.pending else 0
        for number in [number for number in self.pending if number < offset]:
            self._forget(number)

    def _forget(self, update_id: int) -> None:
        self.pending.pop(update_id, None)
        self._chats.pop(update_id, None)

    def drop_pending(self) -> None:
        """Forget everything that waits."""
        self.pending.clear()
        self._chats.clear()

    async def set_webhook(self, webhook: Webhook) -> bool:
        """From now on post updates, those that wait first."""
        await self.delete_webhook()
        if self._long_poll is not None and not self._long_poll.done():
            self._long_poll.set_exception(conflict("terminated by setWebhook request"))
        self.webhook = webhook
        for update_id in sorted(self.pending):
            self._post_later(webhook, update_id)
        return True

    async def delete_webhook(self) -> bool:
        """Stop posting; what is not confirmed waits for getUpdates."""
        webhook, self.webhook = self.webhook, None
        if webhook is None:
            return True
        tasks = list(webhook.tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return True

    async def close(self) -> None:
        """Stop posting and close the client."""
        await self.delete_webhook()
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _post_later(self, webhook: Webhook, update_id: int) -> None:
        """Chats in parallel, the updates of one chat one after the other, as the real server."""
        chat_id = self._chats[update_id]
        webhook.waiting[chat_id].append(update_id)
        if chat_id not in webhook.tasks:
            task = asyncio.ensure_future(self._post_chat(webhook, chat_id))
            webhook.tasks[chat_id] = task
            task.add_done_callback(lambda _: webhook.tasks.pop(chat_id, None))

    async def _post_chat(self, webhook: Webhook, chat_id: int) -> None:
        waiting = webhook.waiting[chat_id]
        while waiting:
            update = self.pending.get(waiting[0])
            if update is not None and not await self._post(webhook, update):
                await asyncio.sleep(self.retry_seconds)
                continue
            self._forget(waiting.popleft())

    async def _post(self, webhook: Webhook, update: dict[str, Any]) -> bool:
        if self._client is None:
            limits = httpx2.Limits(max_connections=webhook.max_connections)
            self._client = httpx2.AsyncClient(timeout=10, limits=limits, trust_env=False)
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        webhook.attempts += 1
        try:
            answer = await self._client.post(
                webhook.url, content=json.dumps(update), headers=headers
            )
        except httpx2.HTTPError as error:
            webhook.last_error = f"Connection failed: {type(error).__name__}"
            return False
        if answer.is_success:
            return True
        webhook.last_error = f"Wrong response from the webhook: {answer.status_code}"
        return False
