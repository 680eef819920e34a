"""Answers only requests that are addressed to us by name, which defeats DNS rebinding."""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.exposure import is_loopback
from web.settings import WebSettings


def host_of(value: str) -> str:
    """The host without its port, in lower case; empty where the value is no host."""
    try:
        return (urlsplit(f"//{value}").hostname or "").lower()
    except ValueError:
        return ""


class HostNames:
    """The names that we answer to.

    Addresses of private networks count where ALLOW_LAN is set: an attacker's page can make its own
    name point here, but never a bare address.
    """

    def __init__(self, settings: WebSettings, *, more: Collection[str] = ()) -> None:
        public = urlsplit(settings.public_url).hostname if settings.public_url else None
        self.public = public or ""
        self._lan = settings.allow_lan
        self._names = {name for name in (self.public, *map(host_of, more)) if name}
        if self._lan:
            machine = socket.gethostname().lower()
            self._names |= {machine, f"{machine}.local"}

    def __contains__(self, host: str) -> bool:
        if host in self._names or is_loopback(host):
            return True
        return self._lan and _is_private(host)


def _is_private(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


class HostCheck:
    """Refuses requests whose Host header names somebody else."""

    def __init__(self, app: ASGIApp, *, names: HostNames) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and host_of(Headers(scope=scope).get("host", "")) not in (
            self._names
        ):
            app = PlainTextResponse("This address is not served here.", status_code=421)
        await app(scope, receive, send)
