"""Others' data: asked for, taken along, deleted, and the proof of that."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.moderation.data import ASKED, DataRequests
from storage.repositories import ReviewVerdict
from web.errors import WebError
from web.gate import user_of

ASKABLE = frozenset(verdict.value for verdict in ASKED)


class DataPages:
    """What the person's page leads to."""

    def __init__(self, *, data: DataRequests) -> None:
        self._data = data

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        person = "/dashboard/people/{user:id}"
        return [
            Route(f"{person}/data", self.ask, methods=["POST"]),
            Route(f"{person}/export", self.take),
            Route(f"{person}/deletion", self.proof),
        ]

    async def ask(self, request: Request) -> Response:
        """Ask a second person to agree that it is taken along, or deleted."""
        user, form = user_of(request), await request.form()
        what = str(form.get("what", ""))
        if what not in ASKABLE:
            raise WebError(key="web-error-bad-request")
        person = request.path_params["user"]
        await self._data.ask(user, person, ReviewVerdict(what), str(form.get("reason", "")))
        return RedirectResponse(f"/dashboard/people/{person}", 303)

    async def take(self, request: Request) -> Response:
        """Everything of a person as a zip."""
        person = request.path_params["user"]
        content = await self._data.take(user_of(request), person)
        headers = {
            "Content-Disposition": f'attachment; filename="person-{person}.zip"',
            "Cache-Control": "no-store",
        }
        return Response(content, media_type="application/zip", headers=headers)

    async def proof(self, request: Request) -> Response:
        """The line of the audit log, as it is exported, which verifies with its chain."""
        person = request.path_params["user"]
        line = await self._data.proof(user_of(request), person)
        headers = {"Content-Disposition": f'attachment; filename="deletion-{person}.json"'}
        return Response(line, media_type="application/json", headers=headers)
