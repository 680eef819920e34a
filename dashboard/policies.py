"""The versions of the policy: read by all staff, written and published by admins and owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import User
from handlers.errors import NotFound
from handlers.moderation.policies import Policies, changes, may_edit
from handlers.moderation.trials import Trials, outcome_of
from moderation.policy.written import PolicyError
from moderation.text.word_lists import BadWordList
from storage.repositories import PolicyVersion
from web.gate import user_of
from web.pages import pages_of
from web.site import Site


class PolicyPages:
    """The pages under /dashboard/policies."""

    def __init__(self, site: Site, *, policies: Policies, trials: Trials) -> None:
        self._site = site
        self._policies = policies
        self._trials = trials

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        return [
            Route("/dashboard/policies", self.list),
            Route("/dashboard/policies", self.draft, methods=["POST"]),
            Route("/dashboard/policies/{policy:id}", self.version),
            Route("/dashboard/policies/{policy:id}/publish", self.publish, methods=["POST"]),
            Route("/dashboard/policies/{policy:id}/try", self.begin_trial, methods=["POST"]),
            Route("/dashboard/policies/{policy:id}/trial", self.trial),
        ]

    async def list(self, request: Request) -> Response:
        """All versions, and the one in force to change."""
        live = await self._policies.live()
        return await self._page(request, user_of(request), live, text=live.text)

    async def version(self, request: Request) -> Response:
        """One version beside the one in force."""
        version = await self._policies.get(request.path_params["policy"])
        return await self._page(request, user_of(request), version, text=version.text)

    async def draft(self, request: Request) -> Response:
        """Keep a new version; one that cannot be used comes back with what is wrong."""
        user, form = user_of(request), await request.form()
        text = str(form.get("text", "")).replace("\r\n", "\n")
        try:
            version = await self._policies.draft(user, text, str(form.get("note", "")))
        except (PolicyError, BadWordList) as error:
            live = await self._policies.live()
            return await self._page(request, user, live, text=text, problem=str(error), status=422)
        return RedirectResponse(f"/dashboard/policies/{version.number}", 303)

    async def publish(self, request: Request) -> Response:
        """Bring a version into force."""
        await self._policies.publish(user_of(request), request.path_params["policy"])
        return RedirectResponse("/dashboard/policies", 303)

    async def begin_trial(self, request: Request) -> Response:
        """Try a version on what was said lately."""
        number = request.path_params["policy"]
        await self._trials.ask(user_of(request), number)
        return RedirectResponse(f"/dashboard/policies/{number}#trial-heading", 303)

    async def trial(self, request: Request) -> Response:
        """How far its last try is, and what came of it: the part that changes."""
        tried = await self._tried(request.path_params["policy"])
        if tried["trial"] is None:
            raise NotFound
        return pages_of(request).respond(request, "trial.html", **tried)

    async def _tried(self, number: int) -> dict[str, Any]:
        trial = await self._trials.latest(number)
        return {
            "trial": trial,
            "trial_runs": trial is not None and self._trials.runs(trial),
            "outcome": outcome_of(trial) if trial else None,
            "when": self._site.when,
        }

    async def _page(
        self,
        request: Request,
        user: User,
        shown: PolicyVersion,
        *,
        text: str,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        live = await self._policies.live()
        return pages_of(request).respond(
            request,
            "policies.html",
            status=status,
            versions=await self._policies.list(),
            live=live,
            shown=shown,
            text=text,
            changes=changes(live.text, shown.text),
            problem=problem,
            edits=may_edit(user),
            **await self._tried(shown.number),
        )
