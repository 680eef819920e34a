"""The Bot API through python-telegram-bot, our errors out and the token in no log."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram.errors import translate
from bot.channels.telegram.markdown import Rendered
from bot.channels.telegram.request import AiohttpRequest, tls_context
from bot.channels.telegram.wire import ALLOWED_UPDATES
from chat.errors import MaybeSent
from chat.outbound import SpokenButton

T = TypeVar("T")

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
MAX_NOTE = 200  # characters that who presses a button may be told
ROW_WIDTH = 32  # characters of labels that fit side by side on a phone


class TelegramClient:
    """Calls of one bot. Every method raises errors of chat.errors, and of errors.py here.

    `read_timeout` is how long an answer may take, in seconds.
    """

    def __init__(self, *, token: str, api_url: str, read_timeout: float = 15.0) -> None:
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # how the library lets one opt in early
        root = api_url.rstrip("/")
        self._token = token
        self._base = f"{root}/bot{token}"
        tls = tls_context() if root.startswith("https") else None  # one: it takes megabytes
        self._polling = AiohttpRequest(root=root, connections=1, read_timeout=read_timeout, tls=tls)
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=AiohttpRequest(root=root, connections=64, read_timeout=read_timeout, tls=tls),
            get_updates_request=self._polling,
        )
        self._requests = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for request in (self._polling, self._bot.request):
            await request.initialize()
            self._requests.push_async_callback(request.shutdown)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._requests.aclose()

    async def username(self) -> str:
        """The name of the bot, as in t.me/NAME. Raises BadToken."""
        return (await self._call(self._bot.get_me())).username or ""

    async def updates(self, *, offset: int, wait: int) -> list[Mapping[str, Any]]:
        """Confirm what is below the offset, and wait for up to `wait` seconds for what is above.

        Raw, since the library's own types would refuse a whole batch for one strange update.
        """
        query = {"timeout": wait, "limit": 100, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset:
            query["offset"] = offset
        url = f"{self._base}/getUpdates?{urlencode(query)}"
        payload = await self._call(self._polling.retrieve(url, read_timeout=wait + 10.0))
        try:
            answer = json.loads(payload)
            return [update for update in answer["result"] if isinstance(update, Mapping)]
        except (ValueError, KeyError, TypeError):
            raise MaybeSent("the answer to getUpdates is not what it should be") from None

    async def set_webhook(self, url: str, *, secret: str) -> None:
        """Have updates posted to the address."""
        await self._call(
            self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
        )

    async def delete_webhook(self) -> None:
        """Have updates kept for polling."""
        await self._call(self._bot.delete_webhook())

    async def webhook(self) -> tuple[str, str]:
        """Where updates are posted to, and what went wrong there last."""
        info = await self._call(self._bot.get_webhook_info())
        return info.url, info.last_error_message or ""

    async def set_commands(self, commands: Sequence[tuple[str, str]], *, language: str) -> None:
        """The menu of commands in a language; an empty one is for all others."""
        menu = [BotCommand(name, description[:256]) for name, description in commands]
        await self._call(self._bot.set_my_commands(menu, language_code=language or None))

    async def send(
        self,
        chat: int,
        rendered: Rendered,
        *,
        thread: int | None,
        reply_to: int | None,
        buttons: Sequence[SpokenButton],
    ) -> int:
        """Send a text and return the message's id."""
        message = await self._call(
            self._bot.send_message(
                chat,
                rendered.text,
                entities=_entities(rendered),
                message_thread_id=thread,
                reply_parameters=_reply(reply_to),
                reply_markup=_keyboard(buttons),
                link_preview_options=NO_PREVIEW,
            )
        )
        return message.message_id

    async def edit(
        self, chat: int, message: int, rendered: Rendered, *, buttons: Sequence[SpokenButton]
    ) -> None:
        """Give a message another text and other buttons."""
        await self._call(
            self._bot.edit_message_text(
                rendered.text,
                chat_id=chat,
                message_id=message,
                entities=_entities(rendered),
                reply_markup=_keyboard(buttons),
                link_preview_options=NO_PREVIEW,
            )
        )

    async def send_document(
        self,
        chat: int,
        content: bytes,
        name: str,
        caption: Rendered,
        *,
        thread: int | None,
        reply_to: int | None,
        buttons: Sequence[SpokenButton],
    ) -> int:
        """Hand over a file and return the message's id."""
        message = await self._call(
            self._bot.send_document(
                chat,
                InputFile(content, filename=name),
                caption=caption.text or None,
                caption_entities=_entities(caption),
                message_thread_id=thread,
                reply_parameters=_reply(reply_to),
                reply_markup=_keyboard(buttons),
                disable_content_type_detection=True,
            )
        )
        return message.message_id

    async def delete(self, chat: int, message: int) -> None:
        """Take a message back."""
        await self._call(self._bot.delete_message(chat, message))

    async def typing(self, chat: int, *, thread: int | None) -> None:
        """Show for five seconds that somebody is typing."""
        action = self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=thread)
        await self._call(action)

    async def notice_press(self, query_id: str, text: str = "") -> None:
        """End the spinner on a button, and tell who pressed it something, if there is anything."""
        await self._call(self._bot.answer_callback_query(query_id, text[:MAX_NOTE] or None))

    async def file_size(self, file_id: str) -> tuple[Any, int | None]:
        """A file to be downloaded, and its size in bytes where Telegram tells."""
        file = await self._call(self._bot.get_file(file_id))
        return file, file.file_size

    async def download(self, file: Any) -> bytes:
        """The bytes of a file."""
        return bytes(await self._call(file.download_as_bytearray()))

    async def leave(self, chat: int) -> None:
        """Go out of a group."""
        await self._call(self._bot.leave_chat(chat))

    async def _call(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except TelegramError as error:
            raise translate(error, token=self._token) from None


def _entities(rendered: Rendered) -> list[MessageEntity] | None:
    return [
        MessageEntity(
            entity["type"],
            entity["offset"],
            entity["length"],
            url=entity.get("url"),
            language=entity.get("language"),
        )
        for entity in rendered.entities
    ] or None


def _reply(message: int | None) -> ReplyParameters | None:
    if message is None:
        return None
    return ReplyParameters(message, allow_sending_without_reply=True)


def _key(button: SpokenButton) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.text, url=button.url)
    return InlineKeyboardButton(button.text, callback_data=button.action)


def _keyboard(buttons: Sequence[SpokenButton]) -> InlineKeyboardMarkup | None:
    """Short labels side by side, long ones below each other."""
    rows: list[list[InlineKeyboardButton]] = []
    width = ROW_WIDTH
    for button in buttons:
        width += len(button.text) + 4
        if width > ROW_WIDTH:
            rows.append([])
            width = len(button.text) + 4
        rows[-1].append(_key(button))
    return InlineKeyboardMarkup(rows) if rows else None
