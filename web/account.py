"""Signing in with a name and a password, and the page where people look after their own access."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.oidc import Federation
from handlers.passwords import unfit
from handlers.second_factor import HALF_DONE
from web.agents import described
from web.confirming import Confirming, text_of
from web.gate import user_of
from web.pages import pages_of
from web.second_factor import offer_step
from web.site import Site
from web.visits import sign_in, visit_of


class Account:
    """The pages under /sign-in and /account."""

    def __init__(self, site: Site, confirming: Confirming) -> None:
        self._site = site
        self._confirming = confirming
        self._passwords = confirming.passwords
        self._factors = confirming.factors
        self._federation = Federation(site.database, site.oidc)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sign-in", self.ask),
            Route("/sign-in", self.enter, methods=["POST"]),
            Route("/account", self.page),
            Route("/account/password", self.change, methods=["POST"]),
            Route("/account/password/remove", self.remove, methods=["POST"]),
            Route("/account/sessions/end", self.end_others, methods=["POST"]),
            Route("/account/sessions/{session:id}/end", self.end, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The form for name and password."""
        if visit_of(request).allowed:
            return RedirectResponse("/", 303)
        return pages_of(request).respond(request, "sign-in.html", wrong="", name="")

    async def enter(self, request: Request) -> Response:
        """Sign this browser in, or ask for a code; the same words for a wrong name and a wrong
        password."""
        form = await request.form(max_files=0)
        name, password = text_of(form, "name"), text_of(form, "password")
        await self._confirming.count_password(request, name)
        user = await self._passwords.sign_in(name, password)
        if user is None:
            return pages_of(request).respond(
                request, "sign-in.html", status=403, wrong="web-sign-in-failed", name=name[:60]
            )
        if step := await self._factors.first_step(user):
            return offer_step(request, step, lifetime=HALF_DONE)
        response = RedirectResponse("/", 303)
        await sign_in(request, response, self._site.database, user)
        return response

    async def page(self, request: Request) -> Response:
        """How the person signs in, and where they are signed in."""
        return await self.shown(request)

    async def change(self, request: Request) -> Response:
        """Set or change name and password; every other browser is signed out."""
        user, form = user_of(request), await request.form(max_files=0)
        name, password = text_of(form, "name"), text_of(form, "password")
        if wrong := await self._confirming.wrong_password(request, form) or unfit(
            user, name, password
        ):
            return await self.shown(request, wrong)
        # Last, since a right code is used up.
        if wrong_code := await self._confirming.wrong_code(request, form):
            return await self.shown(request, wrong_code)
        token = visit_of(request).token
        if wrong := await self._passwords.set(user, name, password, token=token):
            return await self.shown(request, wrong)
        response = RedirectResponse("/account", 303)
        await sign_in(request, response, self._site.database, user)
        return response

    async def remove(self, request: Request) -> Response:
        """Go back to links alone."""
        form = await request.form(max_files=0)
        if wrong := await self._confirming.wrong(request, form):
            return await self.shown(request, wrong)
        await self._passwords.remove(user_of(request))
        return RedirectResponse("/account", 303)

    async def end(self, request: Request) -> Response:
        """Sign another browser out."""
        async with self._site.database.write() as tx:
            session = request.path_params["session"]
            await tx.web_sessions.delete_one(user_of(request).id, session)
        return RedirectResponse("/account", 303)

    async def end_others(self, request: Request) -> Response:
        """Sign every other browser out."""
        user, token = user_of(request), visit_of(request).token
        async with self._site.database.write() as tx:
            await tx.web_sessions.delete_others(user.id, token)
        return RedirectResponse("/account", 303)

    async def shown(
        self, request: Request, wrong: str | None = None, status: int = 422
    ) -> Response:
        """The page of the account, with what is wrong, a text key, where something is."""
        user, token = user_of(request), visit_of(request).token
        async with self._site.database.read() as tx:
            sessions = await tx.web_sessions.of_user(user.id, token)
        return pages_of(request).respond(
            request,
            "account.html",
            status=status if wrong else 200,
            wrong=wrong,
            linked=await self._federation.linked(user),
            name=await self._passwords.name_of(user),
            factor=await self._factors.state(user),
            sessions=sessions,
            described=described,
            when=self._site.when,
        )
