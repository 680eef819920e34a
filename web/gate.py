"""Closed by default: without a session only what is listed here is answered."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.people import Role, User
from web.errors import Forbidden, NotSignedIn
from web.visits import visit_of

PUBLIC = frozenset(
    {
        "/welcome",
        "/start",
        "/ask",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/oidc",
        "/sign-in/oidc/callback",
        "/sign-out",
        "/offline",
        "/manifest.webmanifest",
        "/service-worker.js",
        "/favicon.ico",
    }
)
PUBLIC_FOLDERS = ("/static/", "/pair/")
STAFF = frozenset({Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.REVIEWER})


def is_public(path: str) -> bool:
    """Whether a path is answered to people who are not signed in."""
    return path in PUBLIC or path.startswith(PUBLIC_FOLDERS)


class Gate:
    """Raises NotSignedIn for everything else, and Forbidden for the dashboard without a role."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_public(scope["path"]):
            user = user_of(Request(scope))
            path = scope["path"]
            if (path == "/dashboard" or path.startswith("/dashboard/")) and user.role not in STAFF:
                raise Forbidden
        await self._app(scope, receive, send)


def user_of(request: Request) -> User:
    """The person who is signed in and may talk to the assistant. Raises NotSignedIn."""
    visit = visit_of(request)
    if visit.user is None or not visit.allowed:
        raise NotSignedIn
    return visit.user
