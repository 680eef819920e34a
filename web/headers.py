"""The security headers that every answer carries."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'nonce-{nonce}'",
        "img-src 'self' blob:",  # blob: previews of pictures that are not sent yet
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Content from people and from the model is served under this policy: nothing in it may do anything.
MEDIA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` would turn the Origin header of forms into "null", which the CSRF check needs.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self), payment=(), usb=()",
}


class SecurityHeaders:
    """Adds the headers, and puts a fresh nonce for the page into `scope["nonce"]`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = scope["nonce"] = secrets.token_urlsafe(16)
        secure = scope.get("scheme") == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), nonce, secure=secure)
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def broken(request: Request, error: Exception) -> Response:
    """The last resort, which is answered outside of every middleware and logged by the server."""
    response = PlainTextResponse("Internal error", 500)
    _add(response.headers, secrets.token_urlsafe(16), secure=request.url.scheme == "https")
    return response


def _add(headers: MutableHeaders, nonce: str, *, secure: bool) -> None:
    headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
    headers.setdefault("Cache-Control", "no-store")
    for name, value in ALWAYS.items():
        headers[name] = value
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
