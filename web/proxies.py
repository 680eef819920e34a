"""Believes forwarded headers from TRUSTED_PROXIES only."""

from __future__ import annotations

from ipaddress import ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from web.settings import WebSettings


class Proxies:
    """Sets the client and the scheme from X-Forwarded-For and -Proto of a trusted proxy.

    The address that really called stays in `scope["peer"]`. The server itself must be started with
    `proxy_headers=False`: it would trust everybody on loopback.
    """

    def __init__(self, app: ASGIApp, *, settings: WebSettings) -> None:
        trusted = [str(ip_network(each, strict=False)) for each in settings.trusted_proxies]
        self._app: ASGIApp = ProxyHeadersMiddleware(app, trusted) if trusted else app  # type: ignore[assignment, arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["peer"] = scope.get("client")
        await self._app(scope, receive, send)
