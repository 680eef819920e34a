"""Every change must come from a page of ours: Origin, and a token bound to the browser's cookie."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import Forged
from web.hosts import HostNames, host_of
from web.visits import Visit, visit_of

HEADER = "x-csrf-token"
FIELD = "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_FORM = 64 * 1024  # bytes; what is larger comes by script, with the header


def csrf_token(visit: Visit) -> str:
    """The token for the forms of a visit; without its cookie nobody can make one."""
    return hmac.new(visit.anchor.encode(), b"csrf", hashlib.sha256).hexdigest()


class ForgeryCheck:
    """Refuses changes that another site could have caused. Raises Forged."""

    def __init__(self, app: ASGIApp, *, names: HostNames) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE:
            self._check_origin(Headers(scope=scope))
            receive = await _check_token(Request(scope, receive), receive)
        await self._app(scope, receive, send)

    def _check_origin(self, headers: Headers) -> None:
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Forged("sent from another site")
        origin = headers.get("origin")
        if origin is None:
            return
        host = host_of(urlsplit(origin).netloc)
        if host != host_of(headers.get("host", "")) and (
            not self._names.public or host != self._names.public
        ):
            raise Forged("sent from another origin")


async def _check_token(request: Request, receive: Receive) -> Receive:
    expected = csrf_token(visit_of(request))
    given = request.headers.get(HEADER)
    if given is None:
        given, receive = await _from_form(request, receive)
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forged("the token is missing or wrong")
    return receive


async def _from_form(request: Request, receive: Receive) -> tuple[str, Receive]:
    """The token in a plain form, and a `receive` that plays the form back to the page."""
    if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        return "", receive
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            return "", receive
    fields = parse_qs(body.decode("utf-8", "replace"))
    played = False

    async def play_back() -> Message:
        nonlocal played
        if played:
            return await receive()
        played = True
        return {"type": "http.request", "body": body, "more_body": False}

    return fields.get(FIELD, [""])[0], play_back
