"""The pages by which people come in through an OpenID provider, and link their account there."""

from __future__ import annotations

import time

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import User
from handlers.oidc import Federation, Identity, Refused
from handlers.second_factor import HALF_DONE
from storage.budgets import Limit
from web.account import Account
from web.confirming import Confirming
from web.cookies import FLOW, cookie, named
from web.errors import TooManyTries
from web.gate import user_of
from web.oidc.errors import Denied, OidcError, Stale
from web.oidc.flow import LIFETIME, Flow
from web.oidc.provider import Provider
from web.pages import pages_of
from web.second_factor import offer_step
from web.sign_in import count_try, network_of
from web.site import Site
from web.visits import sign_in, visit_of, wanted_language

log = structlog.get_logger()

CALLBACK = "/sign-in/oidc/callback"
SIGN_IN = "sign-in"  # what a flow is for; the other purpose is to link
# Begun sign-ins per second and at once of one address: few of them lead to a question of ours.
BEGUN_RATE, BEGUN_BURST = 1 / 6, 30
LONGEST_CODE = 4096


class OidcPages:
    """The pages under /sign-in/oidc and /account/oidc."""

    def __init__(self, site: Site, confirming: Confirming, account: Account) -> None:
        self._site = site
        self._confirming = confirming
        self._account = account
        self._provider = Provider(site.oidc)
        self._federation = Federation(site.database, site.oidc)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sign-in/oidc", self.begin, methods=["POST"]),
            Route(CALLBACK, self.come_back),
            Route("/account/oidc", self.link, methods=["POST"]),
            Route("/account/oidc/unlink", self.unlink, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Send a browser to the provider, to sign in."""
        if visit_of(request).allowed:
            return RedirectResponse("/", 303)
        limit = Limit(f"web-oidc:{network_of(request)}", BEGUN_RATE, BEGUN_BURST)
        if not await self._site.budgets.try_take(limit):
            raise TooManyTries
        return await self._send_off(request, SIGN_IN)

    async def link(self, request: Request) -> Response:
        """Send somebody who is signed in there, to link who they are; as with a password they
        confirm it first."""
        form = await request.form(max_files=0)
        if wrong := await self._confirming.wrong(request, form):
            return await self._account.shown(request, wrong)
        return await self._send_off(request, _linking(user_of(request)))

    async def unlink(self, request: Request) -> Response:
        """Take the link away."""
        form = await request.form(max_files=0)
        if wrong := await self._confirming.wrong(request, form):
            return await self._account.shown(request, wrong)
        await self._federation.unlink(user_of(request))
        return RedirectResponse("/account", 303)

    async def come_back(self, request: Request) -> Response:
        """The provider sends the browser back: sign it in, or link who came."""
        response = await self._come_back(request)
        _set_flow(request, response, "", lifetime=0)
        return response

    async def _come_back(self, request: Request) -> Response:
        visit = visit_of(request)
        flow = Flow.parse(request.cookies.get(named(FLOW, secure=visit.secure), ""), time.time())
        state = request.query_params.get("state", "")
        if flow is not None and flow.is_for(SIGN_IN, state):
            return await self._enter(request, flow)
        user = visit.user if visit.allowed else None
        if flow is not None and user is not None and flow.is_for(_linking(user), state):
            return await self._link(request, flow, user)
        return self._wrong(request, Stale("no sign-in of this browser"))

    async def _enter(self, request: Request, flow: Flow) -> Response:
        try:
            identity = await self._identity(request, flow)
            user = await self._federation.enter(identity, wanted_language(request))
        except (OidcError, Refused) as error:
            return self._wrong(request, error)
        if step := await self._confirming.factors.first_step(user):
            return offer_step(request, step, lifetime=HALF_DONE)
        response = RedirectResponse("/", 303)
        await sign_in(request, response, self._site.database, user)
        return response

    async def _link(self, request: Request, flow: Flow, user: User) -> Response:
        try:
            await self._federation.link(user, await self._identity(request, flow))
        except (OidcError, Refused) as error:
            _tell(error)
            return await self._account.shown(request, error.key, _status(error))
        return RedirectResponse("/account", 303)

    async def _identity(self, request: Request, flow: Flow) -> Identity:
        """Who has come back. Each flow is asked about once, whatever becomes of it."""
        once = Limit(f"web-oidc-once:{flow.state('once')}", 1 / (2 * LIFETIME), 1)
        await count_try(request, self._site)
        if not await self._site.budgets.try_take(once):
            raise Stale("this sign-in has been ended already")
        answer = request.query_params
        if "error" in answer:
            raise Denied(f"the provider says {answer['error'][:60]!r}")
        code = answer.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE:
            raise Stale("there is no code")
        return await self._provider.identity(
            flow, code, redirect_uri=self._callback(), from_issuer=answer.get("iss", "")
        )

    async def _send_off(self, request: Request, purpose: str) -> Response:
        flow, language = Flow.begin(time.time()), visit_of(request).language
        linking = purpose != SIGN_IN
        try:
            address = await self._provider.address(
                flow, purpose, redirect_uri=self._callback(), language=language
            )
        except OidcError as error:
            if linking:
                _tell(error)
                return await self._account.shown(request, error.key, error.status)
            return self._wrong(request, error)
        back = "/account" if linking else "/sign-in"
        response = pages_of(request).respond(request, "on-the-way.html", address=address, back=back)
        _set_flow(request, response, flow.cookie, lifetime=LIFETIME)
        return response

    def _wrong(self, request: Request, error: OidcError | Refused) -> Response:
        _tell(error)
        return pages_of(request).respond(
            request, "sign-in.html", status=_status(error), wrong=error.key, name=""
        )

    def _callback(self) -> str:
        return self._site.public_url() + CALLBACK


def _linking(user: User) -> str:
    return f"link:{user.id}"


def _status(error: OidcError | Refused) -> int:
    return error.status if isinstance(error, OidcError) else 403


def _tell(error: OidcError | Refused) -> None:
    log.warning("not signed in by the OpenID provider", key=error.key, reason=str(error))


def _set_flow(request: Request, response: Response, value: str, *, lifetime: int) -> None:
    header = cookie(FLOW, value, secure=visit_of(request).secure, lifetime=lifetime)
    response.headers.append("Set-Cookie", header)
