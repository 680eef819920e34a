"""Telegram as a Channel."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import structlog
from starlette.routing import Route

from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.errors import BadToken, is_about_entities, is_unchanged
from bot.channels.telegram.markdown import Rendered, render
from bot.channels.telegram.polling import AccountLease, Poller, PollingTimes
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.splitting import split
from bot.channels.telegram.updates import NAME, UpdateReader
from bot.channels.telegram.webhook import PATH, WebhookRoute, keep_webhook
from chat.conversations import ConversationKey
from chat.errors import AttachmentError, ChannelError, NotSent, Rejected, Vanished
from chat.outbound import OutboundMessage
from chat.ports import Capabilities, Intake
from chat.presses import PressNotes

log = structlog.get_logger()

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_DOWNLOAD = 20 * 1024 * 1024  # what getFile serves
# Parts are measured as Markdown; what they are turned into may be a little longer (tables, rules).
PART = 3900
DOWNLOAD_SECONDS = 60.0

TOO_LARGE = "refused-picture-too-large"
GONE = "refused-picture-gone"


class TelegramChannel:
    """One bot on Telegram: receives by polling or webhook, and sends.

    `menu` holds the commands with their descriptions by language ("" for all others), `notes` what
    people who press buttons are told. An async
    context manager; entering it raises BadToken where Telegram does not know the token, and goes on
    where Telegram is merely out of reach.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        lease: AccountLease,
        menu: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        times: PollingTimes | None = None,
        notes: PressNotes | None = None,
    ) -> None:
        self._settings = settings
        self._lease = lease
        self._menu = menu or {}
        self._times = times
        self._notes = notes or PressNotes()
        self._client = TelegramClient(
            token=settings.telegram_bot_token, api_url=settings.telegram_api_url
        )
        self._account = account_of(settings)
        self._reader = UpdateReader(self._account)
        self._webhook: WebhookRoute | None = None
        if settings.telegram_webhook_url:
            self._webhook = WebhookRoute(secret=settings.telegram_webhook_secret)

    @property
    def name(self) -> str:
        """The first word of its conversation keys."""
        return NAME

    @property
    def account(self) -> str:
        """The bot's id."""
        return self._account

    @property
    def username(self) -> str:
        """The bot's name as in t.me/NAME; empty while Telegram was not reached."""
        return self._reader.username

    @property
    def capabilities(self) -> Capabilities:
        """What Telegram can do."""
        return capabilities(self._settings)

    @property
    def routes(self) -> list[Route]:
        """What the app has to serve for webhooks; nothing while polling."""
        return [Route(PATH, self._webhook.post, methods=["POST"])] if self._webhook else []

    def link(self, code: str) -> str:
        """The address that opens the bot and says /start with the code; empty while unknown."""
        return f"https://t.me/{self.username}?start={code}" if self.username else ""

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        try:
            await self._learn_name()
        except BadToken:
            await self._client.__aexit__(None, None, None)
            raise
        except ChannelError as error:
            log.warning("Telegram cannot be reached now; it is tried again", error=str(error))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled, each update recorded by the intake before it is confirmed."""
        receiver = Receiver(self._client, self._reader, intake, self._notes)
        async with asyncio.TaskGroup() as group:
            group.create_task(receiver.notice_presses())
            group.create_task(self._introduce())
            if self._webhook is not None:
                self._webhook.receiver = receiver
                group.create_task(self._keep_webhook())
            else:
                poller = Poller(self._client, receiver, lease=self._lease, times=self._times)
                group.create_task(poller.run())

    def split(self, text: str) -> list[str]:
        """Break Markdown into the parts that it will be sent as."""
        return split(text, PART)

    async def send(self, key: ConversationKey, message: OutboundMessage) -> str:
        """Send, and return the id of the message. Raises as chat.ports.Channel.send says."""
        chat, thread = _place(key)
        reply_to = int(message.reply_to) if message.reply_to else None

        async def text(rendered: Rendered) -> int:
            return await self._client.send(
                chat, rendered, thread=thread, reply_to=reply_to, buttons=message.buttons
            )

        async def document(caption: Rendered) -> int:
            assert message.document is not None
            return await self._client.send_document(
                chat,
                message.document,
                message.document_name,
                caption,
                thread=thread,
                reply_to=reply_to,
                buttons=message.buttons,
            )

        if message.document is None:
            rendered = render(message.text, limit=MAX_TEXT)
        elif message.text:
            rendered = render(message.text, limit=MAX_CAPTION)
        else:
            rendered = Rendered("", [])
        call = text if message.document is None else document
        try:
            return str(await call(rendered))
        except Rejected as error:
            if not is_about_entities(error):
                raise
            log.info("sent without formatting", error=str(error))
            return str(await call(Rendered(rendered.text, [])))

    async def edit(self, key: ConversationKey, platform_id: str, message: OutboundMessage) -> None:
        """Make a sent message say something else; the same text again is no error."""
        rendered = render(message.text, limit=MAX_TEXT)
        try:
            try:
                await self._edit(key, platform_id, rendered, message)
            except Rejected as error:
                if not is_about_entities(error):
                    raise
                await self._edit(key, platform_id, Rendered(rendered.text, []), message)
        except Rejected as error:
            if not is_unchanged(error):
                raise

    async def delete(self, key: ConversationKey, platform_id: str) -> None:
        """Take a message of ours back; one that is gone already is no error."""
        try:
            await self._client.delete(int(key.chat), int(platform_id))
        except Vanished:
            return

    async def typing(self, key: ConversationKey) -> None:
        """Show for five seconds that an answer is being written."""
        chat, thread = _place(key)
        await self._client.typing(chat, thread=thread)

    async def fetch(self, source: str, *, max_bytes: int) -> bytes:
        """The bytes behind a file id. Raises AttachmentError; NotSent where a repeat may help."""
        limit = min(max_bytes, MAX_DOWNLOAD)
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                file, size = await self._client.file_size(source)
                if size is not None and size > limit:
                    raise AttachmentError(key=TOO_LARGE)
                content = await self._download(file)
        except Rejected as error:
            too_large = "too big" in str(error)
            raise AttachmentError(str(error), key=TOO_LARGE if too_large else GONE) from None
        except NotSent:
            raise
        except (ChannelError, TimeoutError) as error:
            raise NotSent(f"a file could not be fetched: {error}") from None
        if len(content) > limit:
            raise AttachmentError(key=TOO_LARGE)
        return content

    async def _download(self, file: Any) -> bytes:
        try:
            return await self._client.download(file)
        except BadToken:  # how the library takes any 404
            await self._client.username()  # raises it again where the token was revoked just now
            raise AttachmentError(key=GONE) from None

    async def leave(self, key: ConversationKey) -> None:
        """Leave a group."""
        await self._client.leave(int(key.chat))

    async def _edit(
        self, key: ConversationKey, platform_id: str, rendered: Rendered, message: OutboundMessage
    ) -> None:
        await self._client.edit(int(key.chat), int(platform_id), rendered, buttons=message.buttons)

    async def _keep_webhook(self) -> None:
        settings = self._settings
        await keep_webhook(
            self._client,
            url=settings.telegram_webhook_url,
            secret=settings.telegram_webhook_secret,
        )

    async def _introduce(self) -> None:
        """Learn our own name and set the menus; tried until Telegram is reached."""
        delay = 1.0
        while True:
            try:
                if not self.username:
                    await self._learn_name()
                for language, commands in self._menu.items():
                    await self._client.set_commands(commands, language=language)
            except Rejected as error:
                log.warning("Telegram refuses the menu of commands", error=str(error))
            except ChannelError as error:
                log.warning("the menu of commands is not set yet", error=str(error))
                await asyncio.sleep(delay)
                delay = min(2 * delay, 60.0)
                continue
            return

    async def _learn_name(self) -> None:
        self._reader.username = await self._client.username()


def account_of(settings: TelegramSettings) -> str:
    """The bot's id, which its token begins with."""
    return settings.telegram_bot_token.partition(":")[0]


def capabilities(settings: TelegramSettings) -> Capabilities:
    """What Telegram can do for a bot with these settings."""
    return Capabilities(
        edit=True,
        typing=True,
        buttons=True,
        documents=True,
        threads=True,
        max_text=MAX_TEXT,
        edit_interval=1.2,
        burst=4,  # of five that Telegram takes: clocks and ways differ
        chat_rate=1.0,
        account_rate=settings.telegram_rate,
        group_rate=20 / 60,  # 20 messages a minute, as Telegram's bot FAQ says
        group_sign="-",
    )


def _place(key: ConversationKey) -> tuple[int, int | None]:
    return int(key.chat), int(key.thread) if key.thread else None
