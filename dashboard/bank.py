"""The bank of known pictures: hashes only, looked through, added, taken out, passed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from chat.errors import AssistantError
from chat.people import User
from handlers.moderation.bank import (
    DEFAULT,
    LONGEST_NOTE,
    TOLD,
    PictureBank,
    Taken,
    may_add,
    may_remove,
)
from moderation.policy.live import LivePolicy
from web.errors import Forbidden, WebError
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

ADDRESS = "/dashboard/bank"
LISTED = 50
# What is said of remembering a picture of a case, by key.
OUTCOMES = frozenset(
    {"bank-remembered", "bank-known-already", "bank-too-flat", "bank-not-looked-at"}
)
TEXT = "text/csv; charset=utf-8"


class BankPages:
    """The pages under /dashboard/bank, and remembering a picture of a case."""

    def __init__(self, site: Site, *, bank: PictureBank, policy: LivePolicy) -> None:
        self._site = site
        self._bank = bank
        self._policy = policy

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        picture = "/dashboard/queue/{flag:id}/pictures/{attachment:id}"
        return [
            Route(ADDRESS, self.page),
            Route(ADDRESS, self.take, methods=["POST"]),
            Route(f"{ADDRESS}/export", self.export),
            Route(f"{ADDRESS}/{{entry:id}}/remove", self.remove, methods=["POST"]),
            Route(f"{picture}/remember", self.remember, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """The newest, or those that are looked for."""
        return await self._respond(request, _adder(request))

    async def take(self, request: Request) -> Response:
        """Know the hashes of a list that was pasted or uploaded."""
        user = _adder(request)
        async with request.form() as form:
            file, pasted = form.get("file"), str(form.get("lines", ""))
            uploaded = await file.read() if isinstance(file, UploadFile) else b""
        try:
            lines = uploaded.decode("utf-8-sig") if uploaded else pasted
        except UnicodeDecodeError:
            return await self._respond(request, user, problem="bank-no-text")
        if not lines.strip():
            return await self._respond(request, user, problem="bank-nothing-given")
        try:
            taken = await self._bank.take(
                user,
                lines,
                category=str(form.get("category", DEFAULT)),
                source="file" if uploaded else "pasted",
                note=str(form.get("note", ""))[:LONGEST_NOTE],
            )
        except AssistantError as error:
            if not error.key.startswith("bank-"):
                raise
            return await self._respond(request, user, problem=error.key)
        return await self._respond(request, user, taken=taken)

    async def remove(self, request: Request) -> Response:
        """Know one no more."""
        user = user_of(request)
        if not may_remove(user):
            raise Forbidden
        await self._bank.remove(user, request.path_params["entry"])
        return RedirectResponse(ADDRESS, 303)

    async def export(self, request: Request) -> Response:
        """The whole bank as such a list."""
        user = _adder(request)
        headers = {"Content-Disposition": 'attachment; filename="whimbrel-bank.csv"'}
        if request.method == "HEAD":  # nobody reads a body, so that none is made
            return PlainTextResponse(headers=headers, media_type=TEXT)
        await self._bank.exported(user)
        return StreamingResponse(self._bank.lines(), media_type=TEXT, headers=headers)

    async def remember(self, request: Request) -> Response:
        """Know a picture of a case from now on, and go back there."""
        user, form, path = _adder(request), await request.form(), request.path_params
        category = str(form.get("category", DEFAULT))
        if category not in (await self._policy.get()).categories:
            raise WebError(key="web-error-bad-request")
        try:
            added = await self._bank.remember(
                user, path["flag"], path["attachment"], category=category
            )
            told = "bank-remembered" if added else "bank-known-already"
        except AssistantError as error:
            if not error.key.startswith("bank-"):
                raise
            told = error.key
        return RedirectResponse(f"/dashboard/queue/{path['flag']}?bank={told}", 303)

    async def _respond(
        self, request: Request, user: User, *, taken: Taken | None = None, problem: str = ""
    ) -> Response:
        asked = request.query_params
        words, category = asked.get("q", "").strip()[:64], asked.get("category", "")[:100]
        before = row_id(asked.get("before", ""))
        shelf = await self._bank.look(
            user, begins=words, category=category, before=before, most=LISTED
        )
        return pages_of(request).respond(
            request,
            "bank.html",
            status=422 if problem else 200,
            shelf=shelf,
            words=words,
            category=category,
            going_on=before is not None,
            following=_following(category, shelf.before),
            taken=taken,
            told=TOLD,
            problem=problem,
            removes=may_remove(user),
            when=self._site.when,
            **await choices(self._policy),
        )


async def choices(policy: LivePolicy) -> dict[str, Any]:
    """The categories to choose from, the usual one first, and what they are called."""
    live = await policy.get()
    return {"categories": [DEFAULT, *sorted(live.categories - {DEFAULT})], "named": live.name_of}


def _adder(request: Request) -> User:
    """Who asks, where the bank is for them. Raises Forbidden."""
    user = user_of(request)
    if not may_add(user):
        raise Forbidden
    return user


def _following(category: str, before: int | None) -> str:
    if before is None:
        return ""
    kept = {"category": category} if category else {}
    return f"{ADDRESS}?" + urlencode({**kept, "before": before})
