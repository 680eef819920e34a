"""Appeals: those that wait by age, each decided by one key, and those that were decided."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import User
from handlers.errors import NotFound
from handlers.moderation.appeal_cases import AppealCases
from handlers.moderation.appeals import Appeals, Heard
from handlers.moderation.rights import may_second
from handlers.moderation.team import Team
from storage.repositories import Appeal
from web.errors import Forbidden
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site
from web.visits import visit_of

LISTED = 30
UPHOLD, OVERTURN = "1", "2"


class AppealPages:
    """The pages under /dashboard/appeals."""

    def __init__(self, site: Site, *, appeals: Appeals, cases: AppealCases, team: Team) -> None:
        self._site = site
        self._appeals = appeals
        self._cases = cases
        self._team = team

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        appeal = "/dashboard/appeals/{appeal:id}"
        return [
            Route("/dashboard/appeals", self.list),
            Route(appeal, self.appeal),
            Route(f"{appeal}/decide", self.decide, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """What waits, the oldest first, and what was decided, the newest first."""
        user = _hearer(request)
        before = row_id(request.query_params.get("before", ""))
        decided, following = await self._appeals.decided(user, most=LISTED, before=before)
        return pages_of(request).respond(
            request,
            "appeals.html",
            waiting=[] if before is not None else await self._appeals.list(user),
            first=await self._appeals.next(user),
            decided=decided,
            following=following,
            going_on=before is not None,
            done=await self._done(request, user),
            when=self._site.when,
            ages=self._site.since,
        )

    async def appeal(self, request: Request) -> Response:
        """One appeal with all that is needed to decide it."""
        user, number = _hearer(request), request.path_params["appeal"]
        language = self._site.texts.language(visit_of(request).language)
        found = await self._cases.get(user, number, language=language)
        return pages_of(request).respond(
            request,
            "appeal.html",
            found=found,
            appeal=found.heard.appeal,
            matter=found.heard.matter,
            case=found.case,
            pictures_shown=(await self._team.habits(user)).pictures,
            me=user,
            following=await self._appeals.next(user, after=number),
            done=await self._done(request, user),
            when=self._site.when,
            ages=self._site.since,
        )

    async def decide(self, request: Request) -> Response:
        """Decide, and go on with the next one."""
        user, form = _hearer(request), await request.form()
        outcome = str(form.get("outcome", ""))
        if outcome not in (UPHOLD, OVERTURN):
            raise Forbidden
        note = str(form.get("note", "")).replace("\r\n", "\n")
        appeal = await self._appeals.decide(
            user, request.path_params["appeal"], overturn=outcome == OVERTURN, note=note
        )
        return _to(await self._appeals.next(user, after=appeal.id), done=appeal)

    async def _done(self, request: Request, user: User) -> Heard | None:
        """The appeal that was just decided, to be told of."""
        number = row_id(request.query_params.get("done", ""))
        if number is None:
            return None
        try:
            found = await self._appeals.get(user, number)
        except NotFound:
            return None
        return found if found.appeal.decided_by == user.id else None


def _hearer(request: Request) -> User:
    """Who asks, where appeals are for them. Raises Forbidden."""
    user = user_of(request)
    if not may_second(user):
        raise Forbidden
    return user


def _to(appeal: Appeal | None, *, done: Appeal) -> Response:
    address = f"/dashboard/appeals/{appeal.id}" if appeal else "/dashboard/appeals"
    return RedirectResponse(f"{address}?{urlencode({'done': done.id})}", 303)
