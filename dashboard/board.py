"""What owner and staff see of the running system, and the strangers who wait to be let in."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.errors import AssistantError
from chat.people import Role, User
from chat.turns import TurnState, WorkerInfo
from web.errors import Forbidden, WebError
from web.gate import user_of
from web.pages import pages_of
from web.site import Section, Site

FOLDER = Path(__file__).parent
DAY = 24 * 3600  # seconds
DECIDERS = frozenset({Role.OWNER, Role.ADMIN})


class Figures(Struct, frozen=True):
    """The system now, and the turns of a day; `workers` is None where the broker is silent."""

    turns: dict[TurnState, int]
    oldest_waiting: float
    workers: list[WorkerInfo] | None
    strangers: list[User]


class Dashboard:
    """`section()` is what web.app.build_app takes; web.gate lets only staff reach it."""

    def __init__(self, site: Site, *, clock: Callable[[], float] = time.time) -> None:
        self._site = site
        self._clock = clock

    def section(self) -> Section:
        return Section("dashboard", FOLDER, self._routes())

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/dashboard", self.page),
            Route("/dashboard/live", self.live),
            Route("/dashboard/strangers/{user:int}/{verdict}", self.decide, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """The whole page."""
        return await self._respond(request, "dashboard.html")

    async def live(self, request: Request) -> Response:
        """The part of the page that changes, for its script to fetch."""
        return await self._respond(request, "dashboard-live.html")

    async def _respond(self, request: Request, template: str) -> Response:
        decides = user_of(request).role in DECIDERS
        figures = await self._figures()
        return pages_of(request).respond(request, template, figures=figures, decides=decides)

    async def decide(self, request: Request) -> Response:
        """Let a stranger in, or not."""
        user = user_of(request)
        if user.role not in DECIDERS:
            raise Forbidden
        match request.path_params["verdict"]:
            case "approve":
                await self._site.admission.approve(user, request.path_params["user"])
            case "decline":
                await self._site.admission.decline(user, request.path_params["user"])
            case _:
                raise WebError(key="web-error-bad-request")
        return RedirectResponse("/dashboard", 303)

    async def _figures(self) -> Figures:
        async with self._site.database.read() as tx:
            turns = await tx.turns.counts(self._clock() - DAY)
            oldest = await tx.turns.oldest_waiting_age()
        try:
            workers = await self._site.broker.workers()
        except AssistantError:
            workers = None
        return Figures(turns, oldest, workers, await self._site.admission.waiting())
