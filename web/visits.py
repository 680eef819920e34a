"""Who is behind a request: the session cookie, and the person that it stands for."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.people import Access, User
from handlers.standing import STAFF, WEB
from storage.database import Database
from web.cookies import SESSION, VISIT, cookie, named, old_cookie
from web.settings import WebSettings

LIFETIME, STAFF_LIFETIME = 180 * 24 * 3600, 30 * 24 * 3600  # seconds without being seen


class Visit(Struct):
    """One request's view of the person behind it.

    `anchor` is the secret cookie that the CSRF token is made from, `fresh` says that the browser
    does not have it yet, `token` the session's cookie where there is one. `renamed` says that the
    session's cookie gets its new name with this answer.
    """

    user: User | None
    token: str
    anchor: str
    language: str
    secure: bool
    fresh: bool = False
    renamed: bool = False

    @property
    def allowed(self) -> bool:
        """Whether this person may talk to the assistant."""
        return self.user is not None and self.user.access is Access.ALLOWED


def visit_of(request: HTTPConnection) -> Visit:
    """The visit that a request belongs to."""
    visit = request.scope["visit"]
    assert isinstance(visit, Visit)
    return visit


class Visits:
    """Looks up the session of every request but those for static files, which are anybody's."""

    def __init__(self, app: ASGIApp, *, database: Database, settings: WebSettings) -> None:
        self._app = app
        self._database = database
        public = urlsplit(settings.public_url)
        self._secure_host = public.netloc if public.scheme == "https" else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        public = scope["path"].startswith("/static/")
        visit = self._anybody(request) if public else await self._visit(request)
        scope["visit"] = visit

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                for each in _cookies_of(visit):
                    MutableHeaders(scope=message).append("Set-Cookie", each)
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    def _anybody(self, request: Request) -> Visit:
        """Nobody in particular, who gets no cookie."""
        language, secure = wanted_language(request), self._is_secure(request)
        return Visit(None, "", secrets.token_urlsafe(24), language, secure)

    def _is_secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or request.url.netloc == self._secure_host

    async def _visit(self, request: Request) -> Visit:
        secure = self._is_secure(request)
        token = request.cookies.get(named(SESSION, secure=secure), "")
        user = await self._user(token, request) if token else None
        renamed = False
        if secure and user is None and (old := request.cookies.get(SESSION, "")):
            token, (user, renamed) = old, await self._user_of_old(old, request)
        anchor = token if user else request.cookies.get(named(VISIT, secure=secure), "")
        return Visit(
            user=user,
            token=token if user else "",
            anchor=anchor or secrets.token_urlsafe(24),
            language=wanted_language(request) or (user.language if user else ""),
            secure=secure,
            fresh=not anchor,
            renamed=renamed,
        )

    async def _user(self, token: str, request: Request) -> User | None:
        # Opening a page keeps the session alive; what its scripts fetch need not lock the database.
        async with self._database.write() if _opens_page(request) else self._database.read() as tx:
            return await tx.web_sessions.get(token)

    async def _user_of_old(self, token: str, request: Request) -> tuple[User | None, bool]:
        """Whose cookie of the old name this is, and whether it is renamed by this request.

        Only sessions from before the new name count, and each until its first page: else who can
        plant a cookie of the old name could still sign others in as themselves."""
        async with self._database.write() if _opens_page(request) else self._database.read() as tx:
            if not await tx.web_sessions.has_old_name(token):
                return None, False
            user = await tx.web_sessions.get(token)
            return user, _opens_page(request) and await tx.web_sessions.rename(token)


def _opens_page(request: Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def _cookies_of(visit: Visit) -> Iterator[str]:
    """What the browser has to be told besides the page itself."""
    if visit.renamed and visit.user is not None:
        lifetime = _lifetime(visit.user)
        yield cookie(SESSION, visit.token, secure=visit.secure, lifetime=lifetime)
        yield old_cookie(SESSION)
    if visit.fresh and not visit.token:
        yield cookie(VISIT, visit.anchor, secure=visit.secure, lifetime=None)


def _lifetime(user: User) -> int:
    return STAFF_LIFETIME if user.role in STAFF else LIFETIME


def wanted_language(request: HTTPConnection) -> str:
    """The language that the browser asks for first, as a BCP 47 tag, or nothing."""
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return first if first.replace("-", "").isalnum() and len(first) <= 35 else ""


async def sign_in(request: Request, response: Response, database: Database, user: User) -> None:
    """Give the browser a new session for `user`; the session that it had before ends."""
    visit = visit_of(request)
    async with database.write() as tx:
        if visit.token:
            await tx.web_sessions.delete(visit.token)
        lifetime = _lifetime(user)
        agent = request.headers.get("user-agent", "")
        token = await tx.web_sessions.add(user.id, lifetime=lifetime, agent=agent)
    response.headers.append(
        "Set-Cookie", cookie(SESSION, token, secure=visit.secure, lifetime=lifetime)
    )
    response.headers.append("Set-Cookie", cookie(VISIT, "", secure=visit.secure, lifetime=0))


async def renew(request: Request, response: Response, database: Database) -> None:
    """Where what somebody has just done changed who they are here, their sessions have ended with
    that: a fresh one for this browser."""
    before = visit_of(request).user
    assert before is not None, "only people who are signed in do something"
    async with database.read() as tx:
        after = await tx.users.by_identity(WEB, str(before.id))
    changed = after is not None and (after.id, after.role) != (before.id, before.role)
    if changed and after is not None and after.access is Access.ALLOWED:
        await sign_in(request, response, database, after)


async def sign_out(request: Request, response: Response, database: Database) -> None:
    """End the browser's session."""
    visit = visit_of(request)
    async with database.write() as tx:
        await tx.web_sessions.delete(visit.token)
    response.headers.append("Set-Cookie", cookie(SESSION, "", secure=visit.secure, lifetime=0))
