"""Checks that the chat for moderators can be written to, as far as the bot found out."""

from __future__ import annotations

import asyncio

from bot.channels.telegram.channel import account_of
from bot.checks.finding import Finding, note, ok, wrong
from bot.checks.stores import is_made
from bot.settings import Settings
from chat.errors import AssistantError
from storage.database import Database
from storage.repositories import ModeratorsChat

SUBJECT = "moderators"


async def check_moderators(settings: Settings) -> list[Finding]:
    """What the bot met when it wrote there last; nothing where no chat is set."""
    if settings.staff.desk is None:
        return []
    channel, chat = settings.staff.desk
    if not settings.telegram.telegram_bot_token:
        return wrong(SUBJECT, "MODERATORS_CHAT is on Telegram, but TELEGRAM_BOT_TOKEN is not set")
    if not await asyncio.to_thread(is_made, settings):
        return note(SUBJECT, f"{channel}:{chat}, nothing was written there yet")
    try:
        async with Database.from_url(settings.storage.sql_url) as database, database.read() as tx:
            known = await tx.desk.get(channel, account_of(settings.telegram), chat)
    except AssistantError as error:
        return wrong(SUBJECT, f"could not be looked up: {error}")
    return _finding(known, settings)


def _finding(known: ModeratorsChat | None, settings: Settings) -> list[Finding]:
    chat = settings.staff.moderators_chat
    if known is None:
        return note(SUBJECT, f"{chat}, nothing was written there yet")
    if known.error:
        return wrong(SUBJECT, f"MODERATORS_CHAT: {chat} cannot be written to: {known.error}")
    if known.moved_to:
        return ok(SUBJECT, f"{chat}, which is {known.channel}:{known.moved_to} by now")
    if not settings.web.public_url:
        return ok(SUBJECT, f"{chat}, without buttons that open flags: PUBLIC_URL is not set")
    return ok(SUBJECT, chat)
