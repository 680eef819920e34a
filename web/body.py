"""Bounds the bodies of requests. Starlette has this too, but its refusal is not in our words."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import TooLarge


class BodyLimit:
    """Refuses bodies of more than `longest` bytes, by what they announce and by what comes.

    Raises TooLarge.
    """

    def __init__(self, app: ASGIApp, *, longest: int) -> None:
        self._app = app
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self._longest:
            raise TooLarge
        length = 0

        async def counted() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > self._longest:
                raise TooLarge
            return message

        await self._app(scope, counted, send)
