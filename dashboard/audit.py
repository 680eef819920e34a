"""The audit log: looked through by admins and owners, verified, taken along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from chat.people import User
from handlers.moderation.audit_log import AuditLog, Checked, may_read
from storage.chain import Head
from storage.repositories import Sought
from web.errors import Forbidden, WebError
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

LISTED = 50
JSON_LINES = "application/jsonl"
LONGEST = 200  # characters that are looked for
FIELDS = ("actor", "action", "subject", "from", "to")
# Where more is said of the objects of some kinds.
PLACES = {
    "appeal": "/dashboard/appeals/",
    "flag": "/dashboard/queue/",
    "policy": "/dashboard/policies/",
    "user": "/dashboard/people/",
}


class AuditPages:
    """The pages under /dashboard/audit."""

    def __init__(self, site: Site, *, log: AuditLog) -> None:
        self._site = site
        self._log = log

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        return [
            Route("/dashboard/audit", self.page),
            Route("/dashboard/audit/verify", self.verify, methods=["POST"]),
            Route("/dashboard/audit/export", self.export),
        ]

    async def page(self, request: Request) -> Response:
        """The newest entries, or those that are looked for."""
        return await self._respond(request, _reader(request))

    async def verify(self, request: Request) -> Response:
        """Follow the whole log, and say what was found."""
        user, form = _reader(request), await request.form()
        written = str(form.get("head", "")).strip()
        try:
            anchors = [Head.parse(written)] if written else []
        except ValueError:
            return await self._respond(request, user, kept=written, problem="audit-no-head")
        checked = await self._log.verify(user, anchors)
        return await self._respond(request, user, kept=written, checked=checked)

    async def export(self, request: Request) -> Response:
        """The whole log as JSON Lines, as `whimbrel audit export` writes it."""
        _reader(request)
        headers = {"Content-Disposition": 'attachment; filename="whimbrel-audit.jsonl"'}
        if request.method == "HEAD":  # nobody reads a body, so that none is made
            return Response(media_type=JSON_LINES, headers=headers)
        return StreamingResponse(self._log.lines(), media_type=JSON_LINES, headers=headers)

    async def _respond(
        self,
        request: Request,
        user: User,
        *,
        checked: Checked | None = None,
        kept: str = "",
        problem: str = "",
    ) -> Response:
        asked = {name: request.query_params.get(name, "")[:LONGEST].strip() for name in FIELDS}
        before = row_id(request.query_params.get("before", ""))
        sought = _sought(asked, before, ZoneInfo(self._site.persona.timezone))
        extract = await self._log.search(user, sought, most=LISTED)
        return pages_of(request).respond(
            request,
            "audit.html",
            status=422 if problem else 200,
            extract=extract,
            asked=asked,
            checked=checked,
            kept=kept,
            problem=problem,
            places=PLACES,
            going_on=before is not None,
            following=_following(request.query_params, extract.before),
            when=self._site.when,
        )


def _reader(request: Request) -> User:
    """Who asks, where the log is for them. Raises Forbidden."""
    user = user_of(request)
    if not may_read(user):
        raise Forbidden
    return user


def _sought(asked: Mapping[str, str], before: int | None, zone: ZoneInfo) -> Sought:
    """What the fields of the search mean. Raises WebError for a date that is none."""
    kind, _, object_id = asked["subject"].replace(":", " ").partition(" ")
    number = row_id(asked["actor"].removeprefix("#"))
    return Sought(
        actor_id=number,
        actor=(asked["actor"] or None) if number is None else None,
        action=asked["action"] or None,
        kind=kind or None,
        object_id=object_id.strip().removeprefix("#") or None,
        since=_midnight(asked["from"], zone),
        until=_midnight(asked["to"], zone, days=1),
        before=before,
    )


def _midnight(text: str, zone: ZoneInfo, *, days: int = 0) -> int | None:
    """When a day begins, or the one so many days later, in milliseconds since 1970."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return round(datetime.combine(day, time(), zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise WebError(key="web-error-bad-request") from None


def _following(asked: QueryParams, before: int | None) -> str:
    """The address of the next page of the same search; empty where there is none."""
    if before is None:
        return ""
    return "/dashboard/audit?" + urlencode([*_kept(asked), ("before", before)])


def _kept(asked: QueryParams) -> Iterable[tuple[str, str]]:
    return [(name, asked[name][:LONGEST]) for name in FIELDS if asked.get(name)]
