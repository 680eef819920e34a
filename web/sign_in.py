"""Coming in: by the link of a code, by asking, or freely; and going out again."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import Access
from handlers.passwords import Passwords
from handlers.settings import AccessMode
from storage.budgets import Limit
from web.errors import TooManyTries
from web.pages import pages_of
from web.site import Site
from web.visits import sign_in, sign_out, visit_of, wanted_language

# Tries per second and at once that one address has for codes and for asking to be let in.
TRIES_RATE, TRIES_BURST = 1 / 60, 10
MAX_NAME = 60


class SignIn:
    """The pages for people who are not signed in, and the way to another browser."""

    def __init__(self, site: Site, passwords: Passwords) -> None:
        self._site = site
        self._passwords = passwords

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/welcome", self.welcome),
            Route("/start", self.start, methods=["POST"]),
            Route("/ask", self.ask, methods=["POST"]),
            Route("/pair/{code}", self.pair, methods=["GET"]),
            Route("/pair/{code}", self.redeem, methods=["POST"]),
            Route("/sign-out", self.leave, methods=["POST"]),
            Route("/move", self.move, methods=["POST"]),
        ]

    async def welcome(self, request: Request) -> Response:
        """What a person sees who may not talk to the assistant (yet)."""
        visit = visit_of(request)
        if visit.allowed:
            return RedirectResponse("/", 303)
        waiting = visit.user is not None and visit.user.access is Access.WAITING
        blocked = visit.user is not None and visit.user.access is Access.BLOCKED
        mode = self._site.access.access.value
        mode = "waiting" if waiting else "blocked" if blocked else mode
        return pages_of(request).respond(request, "welcome.html", mode=mode)

    async def start(self, request: Request) -> Response:
        """Come in freely, where ACCESS is open."""
        await count_try(request, self._site)
        form = await request.form(max_files=0)
        user = await self._site.admission.enter(name=_name(form), language=wanted_language(request))
        response = RedirectResponse("/" if user else "/welcome", 303)
        if user:
            await sign_in(request, response, self._site.database, user)
        return response

    async def ask(self, request: Request) -> Response:
        """Ask to be let in; the browser is remembered and the owner told."""
        visit = visit_of(request)
        response = RedirectResponse("/welcome", 303)
        if visit.user is None and self._site.access.access is AccessMode.INVITE:
            await count_try(request, self._site)
            name = _name(await request.form(max_files=0))
            if name:
                user = await self._site.admission.ask(name=name, language=wanted_language(request))
                await sign_in(request, response, self._site.database, user)
        return response

    async def pair(self, request: Request) -> Response:
        """Only shows a button: previews and prefetching must not use a code up."""
        return pages_of(request).respond(request, "pair.html", failed=False)

    async def redeem(self, request: Request) -> Response:
        """Use the code up, and sign this browser in as whoever the code is for."""
        await count_try(request, self._site)
        visit, code = visit_of(request), request.path_params["code"]
        owners = await self._site.admission.is_owners(code)
        user = await self._site.admission.redeem(
            code,
            identity=("web", str(visit.user.id)) if visit.user else None,
            language=wanted_language(request),
        )
        if user is None:
            return pages_of(request).respond(request, "pair.html", status=403, failed=True)
        offered = owners and await self._passwords.offered(user)
        response = RedirectResponse("/first-password" if offered else "/", 303)
        await sign_in(request, response, self._site.database, user)
        return response

    async def leave(self, request: Request) -> Response:
        """Sign this browser out."""
        response = RedirectResponse("/welcome", 303)
        await sign_out(request, response, self._site.database)
        response.headers["Clear-Site-Data"] = '"cache"'  # pictures that the browser has kept
        return response

    async def move(self, request: Request) -> Response:
        """Links, good once and for a quarter of an hour, that sign another browser in."""
        visit = visit_of(request)
        assert visit.user is not None, "the gate lets only signed-in people through"
        code = await self._site.admission.link_code(visit.user)
        address = self._site.public_url() or str(request.base_url).rstrip("/")
        links = [f"{address}/pair/{code}", *self._site.code_links(code)]
        return JSONResponse({"links": links})


async def count_try(request: Request, site: Site, *more: Limit) -> None:
    """Count one try of this address, and against `more` limits.

    Raises TooManyTries, and BrokerUnavailable: what cannot be counted is not tried.
    """
    limit = Limit(f"web-tries:{network_of(request)}", TRIES_RATE, TRIES_BURST)
    if not await site.budgets.try_take(limit, *more):
        raise TooManyTries


def network_of(request: Request) -> str:
    """Whom tries are counted against: the address, or the /64 of an IPv6 one."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def _name(form: FormData) -> str:
    name = form.get("name", "")
    text = name if isinstance(name, str) else ""
    return " ".join(sign for sign in text.split() if sign.isprintable())[:MAX_NAME]
