"""The Live page: how much is asked and answered, how fast, and at what cost, as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.people import Access
from handlers.figures import LICENCE_LINE, LiveBoard, LiveFigures, Span
from storage.errors import StorageError
from web.errors import TooManyTries, WebError
from web.gate import STAFF
from web.pages import pages_of
from web.site import Site
from web.visits import visit_of

PACE = 2.0  # seconds between two looks
PING = 15  # seconds after which a silent stream says that it is there
MOST_STREAMS = 64

log = structlog.get_logger()


class LivePages:
    """The pages under /dashboard/live."""

    def __init__(self, site: Site, *, board: LiveBoard, most: int = MOST_STREAMS) -> None:
        self._site = site
        self._board = board
        self._most = most
        self._open = 0
        self._closing = asyncio.Event()

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        return [
            Route("/dashboard/live", self.page),
            Route("/dashboard/live/figures", self.figures),
            Route("/dashboard/live/events", self.events),
        ]

    def close(self) -> None:
        """End all streams."""
        self._closing.set()

    async def page(self, request: Request) -> Response:
        """The whole page, which says everything without a script, too."""
        figures = await self._board.figures(_span(request))
        return pages_of(request).respond(
            request, "live.html", spans=list(Span), **self._context(figures)
        )

    async def figures(self, request: Request) -> Response:
        """The same for programs."""
        figures = await self._board.figures(_span(request))
        return Response(msgspec.json.encode(figures), media_type="application/json")

    async def events(self, request: Request) -> Response:
        """Server-sent events: `figures` whenever there are new ones, `gone` after a sign-out."""
        span = _span(request)
        if request.method == "HEAD":  # which would wait for the end of a body that it never gets
            return Response(media_type="text/event-stream")
        if self._open >= self._most:
            raise TooManyTries
        return EventSourceResponse(self._stream(request, span), sep="\n", ping=PING)

    async def _stream(self, request: Request, span: Span) -> AsyncIterator[ServerSentEvent]:
        self._open += 1
        try:
            sent = 0.0
            while not self._closing.is_set():
                if not await self._may_look(request):
                    yield _event("gone", {})
                    return
                figures = await self._board.figures(span)
                if figures.at != sent:
                    sent = figures.at
                    yield _event("figures", self._news(request, figures))
                await self._pause()
        except StorageError as problem:
            log.warning("a page lost its figures for now", error=str(problem))
        finally:
            self._open -= 1

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(PACE):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _may_look(self, request: Request) -> bool:
        """Whether the session still is one of staff's."""
        async with self._site.database.read() as tx:
            user = await tx.web_sessions.get(visit_of(request).token)
        return user is not None and user.access is Access.ALLOWED and user.role in STAFF

    def _news(self, request: Request, figures: LiveFigures) -> dict[str, object]:
        pages, visit, context = pages_of(request), visit_of(request), self._context(figures)
        return {
            "numbers": str(pages.render(visit, "live-numbers.html", **context)),
            "rows": str(pages.render(visit, "live-rows.html", **context)),
            "charts": charts(figures),
        }

    def _context(self, figures: LiveFigures) -> dict[str, Any]:
        return {
            "figures": figures,
            "when": self._site.when,
            "line": LICENCE_LINE,
            "zone": self._site.persona.timezone,
            "clock": "%Y-%m-%d %H:%M" if figures.span is Span.MONTH else "%H:%M",
        }


def charts(figures: LiveFigures) -> dict[str, list[float | None]]:
    """Columns to draw, by name; the last slot is still filling, so that it is divided by the time
    that has passed of it."""
    passed = [max(1.0, min(figures.width, figures.at - each.at)) for each in figures.slots]
    pairs = list(zip(figures.slots, passed, strict=True))
    return {
        "at": [each.at for each in figures.slots],
        "answers": [each.answered / seconds for each, seconds in pairs],
        "tokens": [each.generated_tokens / seconds for each, seconds in pairs],
        "p50": [each.p50 for each in figures.slots],
        "p95": [each.p95 for each in figures.slots],
        "failed": [each.failed for each in figures.slots],
    }


def _span(request: Request) -> Span:
    try:
        return Span(request.query_params.get("span", Span.HOUR))
    except ValueError:
        raise WebError(key="web-error-bad-request") from None


def _event(name: str, data: object) -> ServerSentEvent:
    return ServerSentEvent(msgspec.json.encode(data).decode(), event=name, sep="\n")
