"""Checks of where people are met: Telegram and the web chat."""

from __future__ import annotations

from collections.abc import Callable

import httpx2

from bot.checks.finding import Finding, note, ok, wrong
from bot.home import Home
from bot.pairing import ask_bot_name
from bot.ports import choose_port
from bot.settings import Settings, SettingsError
from web.containers import has_own_network
from web.errors import ExposureError
from web.exposure import check_exposure, is_loopback


async def check_telegram(settings: Settings) -> list[Finding]:
    """Telegram knows the token."""
    if not settings.telegram.telegram_bot_token:
        return note("telegram", "not connected; TELEGRAM_BOT_TOKEN takes a token of @BotFather")
    try:
        name = await ask_bot_name(settings.telegram)
    except httpx2.HTTPError as error:
        return wrong("telegram", f"TELEGRAM_API_URL: no answer ({type(error).__name__})")
    except ValueError as error:
        return wrong("telegram", f"TELEGRAM_BOT_TOKEN: Telegram says {error}")
    way = "webhook" if settings.telegram.telegram_webhook_url else "long polling"
    return ok("telegram", f"@{name}, by {way}")


async def check_web(
    settings: Settings, *, own_network: Callable[[], bool] = has_own_network
) -> list[Finding]:
    """The port is free, or it is ours; and nobody reaches it whom it does not want."""
    running = Home(settings.storage.whimbrel_home).running()
    if running is not None:
        return ok("web", f"running at {running.http_url}")
    try:
        check_exposure(settings.web, own_network=own_network)
        port = choose_port(settings.web.http_host, settings.web.http_port)
    except (SettingsError, ExposureError) as error:
        return wrong("web", str(error))
    where = f"{settings.web.http_host} port {port}"
    if not is_loopback(settings.web.http_host) and own_network():
        return ok("web", f"{where} is free, in a container's own network: publish it on loopback")
    return ok("web", f"{where} is free")
