"""Offers a password to an owner who has just come in by the link of the start."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.passwords import Passwords
from web.confirming import text_of
from web.gate import user_of
from web.pages import pages_of
from web.site import Site
from web.visits import sign_in, visit_of


class FirstPassword:
    """The page under /first-password, for whom Passwords.offered is true."""

    def __init__(self, site: Site, passwords: Passwords) -> None:
        self._site = site
        self._passwords = passwords

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/first-password", self.page),
            Route("/first-password", self.set, methods=["POST"]),
            Route("/first-password/later", self.later, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """The form, with a way past it."""
        if not await self._passwords.offered(user_of(request)):
            return RedirectResponse("/", 303)
        return pages_of(request).respond(request, "first-password.html", wrong=None, name="")

    async def set(self, request: Request) -> Response:
        """Set the first password; a later one is changed on the account page."""
        user, form = user_of(request), await request.form(max_files=0)
        if not await self._passwords.offered(user):
            return RedirectResponse("/account", 303)
        name, password = text_of(form, "name"), text_of(form, "password")
        token = visit_of(request).token
        if wrong := await self._passwords.set(user, name, password, token=token):
            return pages_of(request).respond(
                request, "first-password.html", status=422, wrong=wrong, name=name[:60]
            )
        response = RedirectResponse("/", 303)
        await sign_in(request, response, self._site.database, user)
        return response

    async def later(self, request: Request) -> Response:
        """Not now; the account page has the same form at any time."""
        user = user_of(request)
        if await self._passwords.offered(user):
            await self._passwords.decline(user)
        return RedirectResponse("/", 303)
