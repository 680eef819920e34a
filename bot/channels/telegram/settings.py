"""Which Telegram bot we are, and how it is reached."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta, Struct

OFFICIAL_API = "https://api.telegram.org"
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{10,}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class TelegramSettings(Struct, frozen=True):
    """An empty token means that there is no Telegram. `telegram_api_url` is the server's root.

    `telegram_rate` is calls per second over all chats.
    """

    telegram_bot_token: str = ""
    telegram_api_url: str = OFFICIAL_API
    telegram_webhook_url: str = ""
    telegram_webhook_secret: str = ""
    telegram_rate: Annotated[float, Meta(gt=0)] = 30.0

    def __post_init__(self) -> None:
        if self.telegram_bot_token and not TOKEN.fullmatch(self.telegram_bot_token):
            raise ValueError(
                "TELEGRAM_BOT_TOKEN wants the token from @BotFather, like 123456:ABC..."
            )
        if not self.telegram_api_url.startswith(("http://", "https://")):
            raise ValueError("TELEGRAM_API_URL wants the root address of a Bot API server")
        if not self.telegram_webhook_url:
            return
        own_server = self.telegram_api_url.rstrip("/") != OFFICIAL_API
        allowed = ("https://", "http://") if own_server else ("https://",)
        if not self.telegram_webhook_url.startswith(allowed):
            raise ValueError("TELEGRAM_WEBHOOK_URL wants an https:// address")
        if not SECRET.fullmatch(self.telegram_webhook_secret):
            raise ValueError(
                "TELEGRAM_WEBHOOK_SECRET wants 1 to 256 letters, digits, _ or - with a webhook"
            )
