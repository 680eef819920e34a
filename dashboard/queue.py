"""The queue: what needs eyes, one case after the other, decided by one or two keys."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import User
from chat.ports import AttachmentStore
from dashboard.bank import OUTCOMES, choices
from dashboard.options import OPTIONS, Option, choice_of
from dashboard.pictures import picture_response
from handlers.moderation.bank import may_add
from handlers.moderation.cases import Case, Cases
from handlers.moderation.reviews import Reviews
from handlers.moderation.rights import LEVELS, sees_person
from handlers.moderation.team import Team
from moderation.durations import seconds_of
from moderation.policy.live import LivePolicy
from storage.repositories import Decision, Flag, ReviewVerdict
from web.errors import WebError
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

LISTED = 50


class QueuePages:
    """The pages under /dashboard/queue."""

    def __init__(
        self,
        site: Site,
        *,
        reviews: Reviews,
        cases: Cases,
        team: Team,
        store: AttachmentStore,
        policy: LivePolicy,
    ) -> None:
        self._site = site
        self._reviews = reviews
        self._cases = cases
        self._team = team
        self._store = store
        self._policy = policy

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        flag = "/dashboard/queue/{flag:id}"
        return [
            Route("/dashboard/queue", self.list),
            Route("/dashboard/queue/list", self.list_only),
            Route("/dashboard/queue/next", self.next, methods=["POST"]),
            Route(flag, self.case),
            Route(f"{flag}/pictures/{{attachment:id}}", self.picture),
            Route(f"{flag}/decide", self.decide, methods=["POST"]),
            Route(f"{flag}/let-go", self.let_go, methods=["POST"]),
            Route(f"{flag}/snooze", self.snooze, methods=["POST"]),
            Route(f"{flag}/escalate", self.escalate, methods=["POST"]),
            Route("/dashboard/decisions/{decision:id}/undo", self.undo, methods=["POST"]),
            Route("/dashboard/decisions/{decision:id}/second", self.second, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """What waits, the most urgent first."""
        return await self._list(request, "queue.html")

    async def list_only(self, request: Request) -> Response:
        """The part of it that changes."""
        return await self._list(request, "queue-list.html")

    async def _list(self, request: Request, template: str) -> Response:
        user = user_of(request)
        flags = await self._reviews.queue(user, most=LISTED)
        return pages_of(request).respond(
            request,
            template,
            flags=flags,
            me=user,
            when=self._site.when,
            ages=self._site.since,
            now=time.time(),
            waiting=await self._reviews.to_second(user),
            done=await self._done(request, user),
        )

    async def next(self, request: Request) -> Response:
        """Go to the most urgent one that nobody looks at."""
        user = user_of(request)
        return self._to(await self._reviews.next(user))

    async def case(self, request: Request) -> Response:
        """One flag with all that is needed to decide it."""
        user = user_of(request)
        flag = await self._reviews.open(user, request.path_params["flag"])
        case = await self._cases.get(user, flag.id)
        return pages_of(request).respond(
            request,
            "case.html",
            case=case,
            options=_options(user, case),
            me=user,
            when=self._site.when,
            ages=self._site.since,
            done=await self._done(request, user),
            top=user.role is LEVELS[-1],
            pictures_shown=(await self._team.habits(user)).pictures,
            remembers=may_add(user),
            told_of_bank=_told_of_bank(request),
            **await choices(self._policy),
            seen=case.person is not None and sees_person(user, case.person),
        )

    async def picture(self, request: Request) -> Response:
        """A picture of the conversation around a flag, and no other one."""
        case = await self._cases.get(user_of(request), request.path_params["flag"])
        attachment = case.attachments.get(request.path_params["attachment"])
        return await picture_response(self._store, attachment)

    async def decide(self, request: Request) -> Response:
        """Decide, and go on with the next one."""
        user, form = user_of(request), await request.form()
        choice = choice_of(str(form.get("option", "")), str(form.get("note", "")))
        decision = await self._reviews.decide(user, request.path_params["flag"], choice)
        return self._to(await self._reviews.next(user), done=decision)

    async def let_go(self, request: Request) -> Response:
        """Give it back and go on with another one."""
        user, flag_id = user_of(request), request.path_params["flag"]
        await self._reviews.let_go(user, flag_id)
        return self._to(await self._reviews.next(user, but=[flag_id]))

    async def snooze(self, request: Request) -> Response:
        """Have it come up again later."""
        user, form = user_of(request), await request.form()
        try:
            seconds = seconds_of(str(form.get("for", "1 h")))
        except ValueError:
            raise WebError(key="web-error-bad-request") from None
        await self._reviews.snooze(user, request.path_params["flag"], seconds)
        return self._to(await self._reviews.next(user))

    async def escalate(self, request: Request) -> Response:
        """Leave it to a higher role."""
        user = user_of(request)
        await self._reviews.escalate(user, request.path_params["flag"])
        return self._to(await self._reviews.next(user))

    async def undo(self, request: Request) -> Response:
        """Take a decision back that does not count yet, and go back to where it was made."""
        user, form = user_of(request), await request.form()
        flag = await self._reviews.undo(user, request.path_params["decision"])
        person = row_id(str(form.get("person", "")))
        if flag is None and person is not None:
            return RedirectResponse(f"/dashboard/people/{person}", 303)
        conversation = row_id(str(form.get("conversation", "")))
        if flag is None and conversation is not None:
            return RedirectResponse(f"/dashboard/conversations/{conversation}", 303)
        return self._to(flag)

    async def second(self, request: Request) -> Response:
        """Agree to what needs two people, or not."""
        user, form = user_of(request), await request.form()
        agree = form.get("agree") == "yes"
        await self._reviews.second(user, request.path_params["decision"], agree=agree)
        return RedirectResponse("/dashboard/queue", 303)

    def _to(self, flag: Flag | None, *, done: Decision | None = None) -> Response:
        address = f"/dashboard/queue/{flag.id}" if flag else "/dashboard/queue"
        query = f"?{urlencode({'done': done.id})}" if done else ""
        return RedirectResponse(address + query, 303)

    async def _done(self, request: Request, user: User) -> Decision | None:
        """The decision that was just made and can still be undone."""
        number = row_id(request.query_params.get("done", ""))
        return None if number is None else await self._reviews.undoable(user, number)


def _told_of_bank(request: Request) -> str:
    """What came of remembering a picture; empty where nothing was asked."""
    told = request.query_params.get("bank", "")
    return told if told in OUTCOMES else ""


def _options(user: User, case: Case) -> list[Option]:
    """What this person may decide about this case."""
    held = case.flag.held
    return [
        option
        for option in OPTIONS
        if Reviews.may(user, option.verdict, option.seconds)
        and (held or option.verdict is not ReviewVerdict.RELEASE)
    ]
