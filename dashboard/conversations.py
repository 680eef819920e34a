"""Conversations: found, opened with a reason, read, and what must go taken out of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import User
from chat.ports import AttachmentStore
from dashboard.pictures import picture_response
from handlers.errors import NotFound
from handlers.moderation.conversations import (
    ConversationBook,
    Listed,
    NotOpened,
    ReasonWanted,
)
from handlers.moderation.reviews import Reviews
from handlers.moderation.rights import may_second
from handlers.moderation.team import Team
from storage.repositories import Decision
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

PAGE = "/dashboard/conversations"
LONGEST = 200  # characters that are looked for


class ConversationPages:
    """The pages under /dashboard/conversations."""

    def __init__(
        self,
        site: Site,
        *,
        conversations: ConversationBook,
        reviews: Reviews,
        team: Team,
        store: AttachmentStore,
    ) -> None:
        self._site = site
        self._book = conversations
        self._reviews = reviews
        self._team = team
        self._store = store

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        one = f"{PAGE}/{{conversation:id}}"
        return [
            Route(PAGE, self.list),
            Route(one, self.one),
            Route(f"{one}/open", self.open, methods=["POST"]),
            Route(f"{one}/reveal", self.reveal, methods=["POST"]),
            Route(f"{one}/pictures/{{attachment:id}}", self.picture),
            Route(f"{one}/redact", self.redact, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Those of a person, or those that were flagged last."""
        user = user_of(request)
        words = request.query_params.get("person", "").strip().removeprefix("#")
        person = row_id(words)
        if words and person is None:
            listed: Sequence[Listed] = ()
        elif person is None:
            listed = await self._book.flagged(user)
        else:
            listed = await self._of_person(user, person)
        return pages_of(request).respond(
            request,
            "conversations.html",
            listed=listed,
            words=words,
            when=self._site.when,
        )

    async def _of_person(self, user: User, person: int) -> Sequence[Listed]:
        try:
            return await self._book.of_person(user, person)
        except NotFound:
            return ()

    async def one(self, request: Request) -> Response:
        """What was said, where it is open; else the question why it should be."""
        return await self._respond(request)

    async def _respond(self, request: Request, *, problem: str = "") -> Response:
        user, asked = user_of(request), request.query_params
        number = request.path_params["conversation"]
        words = asked.get("find", "").strip()[:LONGEST]
        done = await self._done(user, asked.get("done", ""))
        status = 422 if problem else 200
        shown: dict[str, Any] = {
            "problem": problem,
            "done": done,
            "me": user,
            "now": time.time(),
            "when": self._site.when,
        }
        try:
            reading = await self._book.read(
                user, number, before=row_id(asked.get("before", "")), words=words
            )
        except NotOpened:
            listed = await self._book.get(user, number)
            return pages_of(request).respond(
                request,
                "conversation-closed.html",
                listed=listed,
                status=status,
                may_ask=may_second(user),
                **shown,
            )
        earlier = urlencode({"before": reading.before}) if reading.before else ""
        return pages_of(request).respond(
            request,
            "conversation.html",
            status=status,
            reading=reading,
            listed=reading.listed,
            words=words,
            earlier=earlier,
            pictures_shown=(await self._team.habits(user)).pictures,
            **shown,
        )

    async def open(self, request: Request) -> Response:
        """Read it from now on; the reason has to be said."""
        user, form = user_of(request), await request.form()
        number = request.path_params["conversation"]
        try:
            await self._book.open(user, number, str(form.get("reason", "")))
        except ReasonWanted as error:
            return await self._respond(request, problem=str(error.key))
        return RedirectResponse(f"{PAGE}/{number}", 303)

    async def reveal(self, request: Request) -> Response:
        """Ask somebody else to agree that one may read it."""
        user, form = user_of(request), await request.form()
        number = request.path_params["conversation"]
        try:
            decision = await self._book.reveal(user, number, str(form.get("reason", "")))
        except ReasonWanted as error:
            return await self._respond(request, problem=str(error.key))
        return RedirectResponse(f"{PAGE}/{number}?{urlencode({'done': decision.id})}", 303)

    async def picture(self, request: Request) -> Response:
        """A picture of a conversation that is open."""
        attachment = await self._book.picture(
            user_of(request),
            request.path_params["conversation"],
            request.path_params["attachment"],
        )
        return await picture_response(self._store, attachment)

    async def redact(self, request: Request) -> Response:
        """Take a message out, for everybody."""
        user, form = user_of(request), await request.form()
        number = request.path_params["conversation"]
        message = row_id(str(form.get("message", "")))
        if message is None:
            raise NotFound
        try:
            decision = await self._book.redact(user, number, message, str(form.get("reason", "")))
        except ReasonWanted as error:
            return await self._respond(request, problem=str(error.key))
        return RedirectResponse(f"{PAGE}/{number}?{urlencode({'done': decision.id})}", 303)

    async def _done(self, user: User, text: str) -> Decision | None:
        number = row_id(text)
        return None if number is None else await self._reviews.undoable(user, number)
