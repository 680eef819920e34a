"""The second step of signing in, and where people switch it on and off."""

from __future__ import annotations

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.passwords import Wrong
from handlers.second_factor import WrongCode, address_of
from web.confirming import Confirming, text_of
from web.cookies import STEP, cookie, named
from web.gate import user_of
from web.pages import pages_of
from web.site import Site
from web.visits import sign_in, visit_of


class SecondFactorPages:
    """The pages under /sign-in/code and /account/factor."""

    def __init__(self, site: Site, confirming: Confirming) -> None:
        self._site = site
        self._confirming = confirming
        self._factors = confirming.factors

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sign-in/code", self.ask),
            Route("/sign-in/code", self.enter, methods=["POST"]),
            Route("/account/factor", self.page),
            Route("/account/factor", self.begin, methods=["POST"]),
            Route("/account/factor/confirm", self.confirm, methods=["POST"]),
            Route("/account/factor/remove", self.remove, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The form for the code, for a browser whose person has given the password."""
        if await self._factors.whose(_step_of(request)) is None:
            return RedirectResponse("/sign-in", 303)
        return pages_of(request).respond(request, "sign-in-code.html", failed=False)

    async def enter(self, request: Request) -> Response:
        """Sign this browser in with a code."""
        form, step = await request.form(max_files=0), _step_of(request)
        owing = await self._factors.whose(step)
        if owing is None:
            return RedirectResponse("/sign-in", 303)
        await self._confirming.count_code(request, owing)
        user = await self._factors.second_step(step, text_of(form, "code"))
        if user is None:
            return pages_of(request).respond(request, "sign-in-code.html", status=403, failed=True)
        response = RedirectResponse("/", 303)
        _set_step(request, response, "", lifetime=0)
        await sign_in(request, response, self._site.database, user)
        return response

    async def page(self, request: Request) -> Response:
        """The secret to take into an authenticator."""
        return await self._page(request)

    async def begin(self, request: Request) -> Response:
        """Make a secret, for whoever has a password and says it."""
        user, form = user_of(request), await request.form(max_files=0)
        if not await self._confirming.passwords.name_of(user):
            return RedirectResponse("/account", 303)
        if wrong := await self._confirming.wrong_password(request, form):
            return await self._page(request, wrong)
        await self._factors.begin(user)
        return RedirectResponse("/account/factor", 303)

    async def confirm(self, request: Request) -> Response:
        """Switch it on, show the recovery codes this once, and sign all other browsers out."""
        user, form = user_of(request), await request.form(max_files=0)
        await self._confirming.count_code(request, user)
        token = visit_of(request).token
        codes = await self._factors.confirm(user, text_of(form, "code"), token=token)
        if codes is None:
            return await self._page(request, WrongCode.WRONG)
        response = pages_of(request).respond(request, "recovery-codes.html", codes=codes)
        await sign_in(request, response, self._site.database, user)
        return response

    async def remove(self, request: Request) -> Response:
        """Switch it off, with password and code."""
        form = await request.form(max_files=0)
        if wrong := await self._confirming.wrong(request, form):
            return await self._page(request, wrong)
        user = user_of(request)
        await self._factors.remove(user, token=visit_of(request).token)
        response = RedirectResponse("/account", 303)
        await sign_in(request, response, self._site.database, user)
        return response

    async def _page(self, request: Request, wrong: Wrong | WrongCode | None = None) -> Response:
        user = user_of(request)
        name, factor = (
            await self._confirming.passwords.name_of(user),
            await self._factors.state(user),
        )
        issuer, picture = self._site.persona.assistant_name, Markup()
        if factor.secret:
            picture = picture_of(address_of(factor.secret, name=name, issuer=issuer))
        return pages_of(request).respond(
            request,
            "factor.html",
            status=422 if wrong else 200,
            wrong=wrong,
            name=name,
            factor=factor,
            picture=picture,
        )


def picture_of(address: str) -> Markup:
    """A QR code as SVG within the page: the policy permits neither data: nor styles in it."""
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(scale=5, dark="#000", light="#fff", omitsize=True)
    # squares alone: nothing of the address stands in it as text
    return Markup(svg)  # nosec B704


def offer_step(request: Request, token: str, *, lifetime: float) -> Response:
    """Send a browser on to the form for the code."""
    response = RedirectResponse("/sign-in/code", 303)
    _set_step(request, response, token, lifetime=int(lifetime))
    return response


def _step_of(request: Request) -> str:
    return request.cookies.get(named(STEP, secure=visit_of(request).secure), "")


def _set_step(request: Request, response: Response, token: str, *, lifetime: int) -> None:
    header = cookie(STEP, token, secure=visit_of(request).secure, lifetime=lifetime)
    response.headers.append("Set-Cookie", header)
