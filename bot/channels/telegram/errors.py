"""The one place where Telegram's refusals, as python-telegram-bot raises them, become ours."""

from __future__ import annotations

import datetime as dt

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.error import RetryAfter as FloodWait

from chat.errors import (
    ChannelError,
    ChatMoved,
    MaybeSent,
    NotSent,
    Rejected,
    RetryAfter,
    Unreachable,
    Vanished,
)

NOT_MODIFIED = "message is not modified"
GONE = (
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message_id_invalid",
)
CLOSED = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
)
# No answer of Telegram's but a page in front of it: what is behind it may have acted.
GATEWAY_PAGE = "Parsing the server response"
# The request never left: nobody was there to take it, or no connection was free.
NOT_UNDER_WAY = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


class BadToken(NotSent):
    """Telegram does not know the token."""


class SecondPoller(NotSent):
    """Somebody else receives the updates of this bot."""


def translate(error: TelegramError, *, token: str) -> ChannelError:
    """Our error for one of the library's; the token is in neither its text nor its context."""
    said = error.message.replace(token, "[hidden]")
    match error:
        case FloodWait(retry_after=wait):
            return RetryAfter(wait.total_seconds() if isinstance(wait, dt.timedelta) else wait)
        case ChatMigrated(new_chat_id=chat):
            return ChatMoved(str(chat))
        case InvalidToken():
            return BadToken("Telegram refuses the token: check TELEGRAM_BOT_TOKEN")
        case Forbidden():
            return Unreachable(said)
        case Conflict():
            return SecondPoller(said)
        case BadRequest():  # a NetworkError as well, so it comes first
            return _refused(said)
        case NetworkError():
            return _interrupted(error, said)
    return MaybeSent(said)  # an answer that is no JSON, as from a broken proxy


def _refused(said: str) -> ChannelError:
    lower = said.lower()
    if any(phrase in lower for phrase in GONE):
        return Vanished(said)
    if any(phrase in lower for phrase in CLOSED):
        return Unreachable(said)
    return Rejected(said)


def _interrupted(error: NetworkError, said: str) -> ChannelError:
    """Certainly not sent only where Telegram said so, or the request never left."""
    cause = error.__cause__
    if isinstance(cause, NOT_UNDER_WAY):
        return NotSent(said)
    if isinstance(error, TimedOut) or cause is not None or GATEWAY_PAGE in said:
        return MaybeSent(said)
    return NotSent(said)  # Telegram's own 5xx


def is_about_entities(error: ChannelError) -> bool:
    """Whether the refusal is of the formatting, so that plain text would be taken."""
    return isinstance(error, Rejected) and "entit" in str(error).lower()


def is_unchanged(error: ChannelError) -> bool:
    """Whether the message says already what it was to say."""
    return isinstance(error, Rejected) and NOT_MODIFIED in str(error).lower()
