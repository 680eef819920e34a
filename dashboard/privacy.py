"""What is kept how long, what was deleted, and what is held."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import User
from handlers.moderation.holds import LONGEST_REASON, HoldBook, NotAHold, may_hold
from storage.chain import Entry
from storage.errors import NotFound
from storage.repositories import HoldKind
from web.errors import Forbidden
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

ADDRESS = "/dashboard/privacy"
DAY = 24 * 3600


class Proof(Struct, frozen=True):
    """An entry of the audit log that says what was deleted; times in seconds since 1970."""

    number: int
    at: float
    kind: str
    after_hold: bool
    count: int
    oldest: float
    newest: float
    sha256: str


class PrivacyPages:
    """The pages under /dashboard/privacy."""

    def __init__(self, site: Site, *, book: HoldBook) -> None:
        self._site = site
        self._book = book

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        return [
            Route(ADDRESS, self.page),
            Route(f"{ADDRESS}/holds", self.put, methods=["POST"]),
            Route(f"{ADDRESS}/holds/{{hold:id}}/release", self.release, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Everything; what a hold is to be put on may stand in the address."""
        return await self._respond(request, _holder(request), written=request.query_params)

    async def put(self, request: Request) -> Response:
        """Put a hold; one that cannot be comes back with what was written."""
        user, form = _holder(request), await request.form()
        kind, number = _kind(form), row_id(str(form.get("number", "")).strip().removeprefix("#"))
        until = _end_of(str(form.get("until", "")), ZoneInfo(self._site.persona.timezone))
        if kind is None or number is None or until is None:
            return await self._refused(request, user, form)
        reason = str(form.get("reason", ""))
        try:
            await self._book.put(user, kind, number, reason=reason, until=until)
        except (NotAHold, NotFound):
            return await self._refused(request, user, form)
        return RedirectResponse(f"{ADDRESS}#holds-heading", 303)

    async def release(self, request: Request) -> Response:
        """End a hold before its time."""
        await self._book.release(_holder(request), request.path_params["hold"])
        return RedirectResponse(f"{ADDRESS}#holds-heading", 303)

    async def _refused(self, request: Request, user: User, form: FormData) -> Response:
        written = {name: str(form.get(name, "")) for name in form}
        return await self._respond(request, user, written=written, problem=NotAHold.key)

    async def _respond(
        self, request: Request, user: User, *, written: Mapping[str, str], problem: str = ""
    ) -> Response:
        privacy = await self._book.look(user)
        return pages_of(request).respond(
            request,
            "privacy.html",
            status=422 if problem else 200,
            privacy=privacy,
            proofs=[_proof(entry) for entry in privacy.proofs],
            kinds=list(HoldKind),
            written={name: written.get(name, "") for name in ("kind", "number", "reason", "until")},
            longest=LONGEST_REASON,
            problem=problem,
            day=DAY,
            today=self._site.when(time.time()).date().isoformat(),
            when=self._site.when,
        )


def _holder(request: Request) -> User:
    """Who asks, where holds are for them. Raises Forbidden."""
    user = user_of(request)
    if not may_hold(user):
        raise Forbidden
    return user


def _kind(form: FormData) -> HoldKind | None:
    word = str(form.get("kind", ""))
    return HoldKind(word) if word in [*HoldKind] else None


def _end_of(text: str, zone: ZoneInfo) -> float | None:
    """When a day is over; None for what is no day."""
    try:
        after = date.fromisoformat(text) + timedelta(days=1)
        return datetime.combine(after, clock_time(), zone).timestamp()
    except (ValueError, OverflowError):
        return None


def _proof(entry: Entry) -> Proof:
    told = msgspec.json.decode(entry.details)
    return Proof(
        number=entry.number,
        at=entry.time / 1000,
        kind=entry.object_id,
        after_hold=entry.action.startswith("hold."),
        count=told["count"],
        oldest=told["oldest"] / 1000,
        newest=told["newest"] / 1000,
        sha256=told["sha256"],
    )
