"""What is set by those who operate the assistant: budgets of one's own, maintenance,
which model answers."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.budgets import What
from handlers.maintenance import Upkeep
from handlers.model_choice import ModelDesk
from handlers.moderation.people import PeopleBook
from handlers.moderation.quotas import Quotas
from web.errors import WebError
from web.gate import user_of
from web.ids import row_id
from web.site import Site


class OperationPages:
    """Forms on the pages of others."""

    def __init__(
        self,
        site: Site,
        *,
        people: PeopleBook,
        quotas: Quotas,
        upkeep: Upkeep,
        models: ModelDesk,
    ) -> None:
        self._site = site
        self._people = people
        self._quotas = quotas
        self._upkeep = upkeep
        self._models = models

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        return [
            Route("/dashboard/people/{user:id}/budget", self.budget, methods=["POST"]),
            Route("/dashboard/maintenance", self.maintenance, methods=["POST"]),
            Route("/dashboard/model", self.model, methods=["POST"]),
        ]

    async def budget(self, request: Request) -> Response:
        """Let somebody use so much of something a day, or give all usual limits back."""
        user, form = user_of(request), await request.form()
        subject = await self._people.check(user, request.path_params["user"])
        if form.get("do") == "usual":
            await self._quotas.reset(user, subject.id)
        else:
            what, amount = str(form.get("what", "")), row_id(str(form.get("amount", "")))
            if what not in set(What) or amount is None:
                raise WebError(key="web-error-bad-request")
            await self._quotas.set(user, subject.id, What(what), amount)
        return RedirectResponse(f"/dashboard/people/{subject.id}#budget-heading", 303)

    async def maintenance(self, request: Request) -> Response:
        """Let questions wait, or answer them again."""
        user, form = user_of(request), await request.form()
        match form.get("do"):
            case "begin":
                await self._upkeep.begin(user, str(form.get("text", "")))
            case "end":
                await self._upkeep.end(user)
            case _:
                raise WebError(key="web-error-bad-request")
        return RedirectResponse("/dashboard", 303)

    async def model(self, request: Request) -> Response:
        """Switch to another model, where that was ticked as meant."""
        user, form = user_of(request), await request.form()
        if form.get("sure") != "yes":
            raise WebError(key="web-error-bad-request")
        await self._models.want(user, str(form.get("model", "")))
        return RedirectResponse("/dashboard", 303)
