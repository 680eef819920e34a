"""The route that Telegram posts updates to."""

from __future__ import annotations

import asyncio
import hmac
import json

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.errors import BadToken
from bot.channels.telegram.receiving import Receiver
from chat.errors import ChannelError

log = structlog.get_logger()

PATH = "/webhooks/telegram"
# the header's name
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # nosec B105
MAX_BODY = 1024 * 1024
CHECK_SECONDS = 60.0


class WebhookRoute:
    """Answers 200 only after an update is recorded; Telegram repeats whatever else it hears."""

    def __init__(self, *, secret: str) -> None:
        assert secret, "TelegramSettings refuses a webhook without a secret"
        self._secret = secret.encode()
        self.receiver: Receiver | None = None  # None while the channel does not run

    async def post(self, request: Request) -> Response:
        """One update; 503 while the channel does not run, 500 where it was not recorded."""
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        if self.receiver is None:
            return Response(status_code=503)
        try:
            update = json.loads(await _body(request))
            if not isinstance(update, dict):
                raise ValueError("an update is an object")
        except ClientDisconnect:
            return Response(status_code=400)
        except ValueError as error:
            log.warning("a webhook call is no update", error=str(error))
            return Response(status_code=400)
        try:
            await self.receiver.receive([update])
        except Exception:
            log.exception("an update could not be recorded; Telegram sends it again")
            return Response(status_code=500)
        return Response(status_code=200)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise ValueError("too large")
    return bytes(body)


async def keep_webhook(client: TelegramClient, *, url: str, secret: str) -> None:
    """Set the webhook, and set it again where somebody else removed it, until cancelled."""
    known_error = ""
    is_set = False
    while True:
        try:
            if not is_set:
                await client.set_webhook(url, secret=secret)
                is_set = True
                log.info("Telegram posts updates to the webhook")
            current, last_error = await client.webhook()
            is_set = current == url
            if last_error and last_error != known_error:
                log.warning("Telegram could not reach the webhook", error=last_error)
            known_error = last_error
        except BadToken as error:
            log.error(str(error))
        except ChannelError as error:
            log.warning("the webhook could not be set or checked", error=str(error))
        await asyncio.sleep(CHECK_SECONDS if is_set else 2.0)
