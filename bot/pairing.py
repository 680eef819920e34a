"""The links that make their opener the owner, and the banner that shows them."""

from __future__ import annotations

import time

import httpx2
import structlog
from msgspec import Struct

from bot.channels.telegram.settings import TelegramSettings
from bot.ports import local_url
from bot.settings import Settings
from handlers.access import Admission
from storage.broker import Broker
from storage.database import Database

log = structlog.get_logger()


class OwnerLinks(Struct, frozen=True):
    """Links with one and the same code; `telegram` is empty where no bot is connected."""

    web: str
    telegram: str = ""


async def new_links(settings: Settings, http_url: str) -> OwnerLinks:
    """New links for the owner; earlier ones are void. `http_url` is the web chat here."""
    storage = settings.storage
    async with (
        Database.from_url(storage.database_url) as database,
        Broker.from_url(storage.redis_url) as broker,
    ):
        admission = Admission(
            database=database, broker=broker, settings=settings.access, clock=time.time
        )
        code = await admission.owner_code()
    bot = await bot_name(settings.telegram)
    return OwnerLinks(
        web=f"{(settings.web.public_url or http_url).rstrip('/')}/pair/{code}",
        telegram=telegram_link(bot, code) if bot else "",
    )


async def forget_passwords(settings: Settings) -> None:
    """Take the owners' passwords and second factors away, for who lost them: the account page
    wants both before it changes either. Whoever can do this reads the data folder anyway."""
    async with (
        Database.from_url(settings.storage.database_url) as database,
        database.write() as transaction,
    ):
        for owner in await transaction.users.owners():
            await transaction.passwords.remove(owner.id)
            await transaction.second_factors.remove(owner.id)
            await transaction.users.sign_out(owner.id)


def telegram_link(bot: str, code: str) -> str:
    """The link that brings a code to our bot on Telegram."""
    return f"https://t.me/{bot}?start={code}"


async def has_owner(settings: Settings) -> bool:
    """Whether somebody owns this beyond the terminal of this machine, who always does."""
    async with (
        Database.from_url(settings.storage.database_url) as database,
        database.read() as transaction,
    ):
        for owner in await transaction.users.owners():
            identities = await transaction.users.identities(owner.id)
            if any(channel != "terminal" for channel, _ in identities):
                return True
    return False


async def banner(settings: Settings) -> str:
    """What `whimbrel up` prints at the end of its start."""
    address = settings.web.public_url or local_url(settings)
    lines = ["", f"  Whimbrel is running at {address}"]
    if not await has_owner(settings):
        lines += ["", *describe(await new_links(settings, local_url(settings)))]
    return "\n".join([*lines, "", "  Ctrl-C stops it.", ""])


def describe(links: OwnerLinks) -> list[str]:
    """Lines that hand the links over."""
    lines = ["  Open this link to become its owner:", f"    {links.web}"]
    if links.telegram:
        lines += ["  or, in Telegram:", f"    {links.telegram}"]
    return [*lines, "  It works once; `whimbrel pair` prints a new one."]


async def bot_name(settings: TelegramSettings, *, seconds: float = 5) -> str:
    """The name of our Telegram bot, or nothing where there is none or it cannot be asked."""
    if not settings.telegram_bot_token:
        return ""
    try:
        return await ask_bot_name(settings, seconds=seconds)
    except (httpx2.HTTPError, ValueError) as error:
        log.warning("Telegram did not tell the bot's name", error=type(error).__name__)
        return ""


async def ask_bot_name(settings: TelegramSettings, *, seconds: float = 5) -> str:
    """The name of our Telegram bot.

    Raises httpx2.HTTPError where the server cannot be reached and ValueError with its words where
    it refuses.
    """
    root = settings.telegram_api_url.rstrip("/")
    async with httpx2.AsyncClient(timeout=seconds) as client:
        response = await client.get(f"{root}/bot{settings.telegram_bot_token}/getMe")
    try:
        answer = response.json()
        if answer["ok"]:
            return str(answer["result"]["username"])
        raise ValueError(str(answer["description"]))
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"an answer that is not Telegram's (status {response.status_code})"
        ) from error
