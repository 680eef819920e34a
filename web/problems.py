"""Says in words what went wrong: as a page to people, as JSON to the scripts of a page."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.errors import AssistantError
from handlers.errors import NotFound
from storage.errors import BrokerUnavailable, DatabaseUnavailable
from storage.errors import NotFound as RowNotFound
from web.errors import NotSignedIn, WebError
from web.pages import pages_of, speaker_of
from web.site import Site

log = structlog.get_logger()

KEYS = {
    404: "web-error-not-found",
    405: "web-error-not-found",
    413: "web-error-too-large",
}


def wants_json(request: Request) -> bool:
    """Whether a script asks, which says so in its Accept header."""
    return "application/json" in request.headers.get("accept", "")


class Problems:
    """Turns every error inside into an answer."""

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except ClientDisconnect:
            return
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            request = Request(scope, receive)
            await self._answer(request, error)(scope, receive, send)

    def _answer(self, request: Request, error: Exception) -> Response:
        if isinstance(error, NotSignedIn) and not wants_json(request):
            return RedirectResponse("/welcome", 303)
        status, key = _status_and_key(error)
        if status >= 500:
            log.error("request failed", path=request.scope["path"], exc_info=error)
        response = respond_problem(request, self._site, status, key)
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})  # Allow of a 405
        return response


def respond_problem(request: Request, site: Site, status: int, key: str) -> Response:
    """A sentence with an HTTP status."""
    sentence = speaker_of(request, site)(key)
    if wants_json(request):
        return JSONResponse({"error": sentence}, status)
    return pages_of(request).respond(request, "problem.html", status=status, sentence=sentence)


async def http_problem(request: Request, error: Exception) -> Response:
    """Hands what the router found to `Problems` outside of it."""
    raise error


def _status_and_key(error: Exception) -> tuple[int, str]:
    match error:
        case WebError():
            return error.status, error.key or "web-error-bad-request"
        case NotFound() | RowNotFound():
            return HTTPStatus.NOT_FOUND, "web-error-not-found"
        case HTTPException():
            return error.status_code, KEYS.get(error.status_code, "web-error-bad-request")
        case DatabaseUnavailable() | BrokerUnavailable():
            return HTTPStatus.SERVICE_UNAVAILABLE, "web-error-unavailable"
        case AssistantError(key=key) if key:
            return HTTPStatus.UNPROCESSABLE_ENTITY, key
    return HTTPStatus.INTERNAL_SERVER_ERROR, "web-error-internal"
