"""What machines ask: is it alive, can it answer, what does it count."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address, ip_network

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from chat.errors import AssistantError
from web.exposure import is_loopback
from web.hosts import HostNames, host_of
from web.site import Site

PATIENCE = 5.0  # seconds that a part may take to show that it is there
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Status:
    """/healthz, /readyz and /metrics."""

    def __init__(self, *, site: Site, names: HostNames) -> None:
        self._site = site
        self._names = names

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/healthz", self.health),
            Route("/readyz", self.readiness),
            Route("/metrics", self.metrics),
        ]

    async def health(self, request: Request) -> Response:
        """Whether messages can be accepted: the database can be written to."""
        problem = await self._database_problem()
        return JSONResponse({"database": problem or "ok"}, 503 if problem else 200)

    async def readiness(self, request: Request) -> Response:
        """Whether messages can be answered: database, broker, and a worker with its model."""
        parts = {
            "database": await self._database_problem() or "ok",
            "broker": await self._broker_problem() or "ok",
        }
        parts["workers"] = await self._workers_problem() if parts["broker"] == "ok" else "unknown"
        return JSONResponse(parts, 200 if set(parts.values()) == {"ok"} else 503)

    async def metrics(self, request: Request) -> Response:
        """The figures, for machines that stand close by; see `may_see_metrics`."""
        if not may_see_metrics(request, self._site, self._names):
            return PlainTextResponse("Not found", 404)
        return Response(await self._site.metrics(), media_type=PROMETHEUS)

    async def _database_problem(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._site.database.ping()
        except (AssistantError, TimeoutError):
            return "cannot be written to"
        return ""

    async def _broker_problem(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._site.broker.ping()
        except (AssistantError, TimeoutError):
            return "does not answer"
        return ""

    async def _workers_problem(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                return "ok" if await self._site.broker.workers() else "none is ready"
        except (AssistantError, TimeoutError):
            return "unknown"


def may_see_metrics(request: Request, site: Site, names: HostNames) -> bool:
    """Only a direct caller on loopback or in TRUSTED_PROXIES, never by way of a proxy.

    A proxy is known by its forwarding headers, or by asking for the public name.
    """
    headers = request.headers
    peer = request.scope.get("peer") or request.client
    if peer is None or "x-forwarded-for" in headers or "forwarded" in headers:
        return False
    host = host_of(headers.get("host", ""))
    if names.public and host == names.public:
        return False
    address = peer[0]
    return is_loopback(address) or any(
        ip_address(address) in ip_network(network, strict=False)
        for network in site.settings.trusted_proxies
    )
