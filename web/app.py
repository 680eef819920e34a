"""Builds the web application: what machines ask, and around people's pages every check there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from web.account import Account
from web.assets import Assets
from web.body import BodyLimit
from web.confirming import Confirming
from web.first_password import FirstPassword
from web.forgery import ForgeryCheck
from web.gate import Gate
from web.headers import SecurityHeaders, broken
from web.hosts import HostCheck, HostNames
from web.pages import Pages
from web.problems import Problems, http_problem
from web.proxies import Proxies
from web.second_factor import SecondFactorPages
from web.shell import Shell
from web.sign_in import SignIn
from web.site import Section, Site
from web.status import Status
from web.visits import Visits

MAX_BODY = 96 * 1024 * 1024  # bytes of one request: several pictures at once
BASE = Section("web", Path(__file__).parent)


def build_app(
    *,
    site: Site,
    sections: Sequence[Section],
    machine_routes: Sequence[BaseRoute] = (),
    hosts: Collection[str] = (),
) -> Starlette:
    """The application for an ASGI server that is started with `proxy_headers=False`.

    `sections` are the parts that people see (web chat, dashboard). `machine_routes` are answered
    without session, CSRF token or host check: webhooks, which prove themselves otherwise. `hosts`
    are names to answer to besides loopback and PUBLIC_URL's.
    """
    names = HostNames(site.settings, more=hosts)
    people = _people(site, (BASE, *sections), names)
    app = Starlette(
        routes=[
            *Status(site=site, names=names).routes(),
            *machine_routes,
            Mount("/", app=people),
        ],
        middleware=[Middleware(Proxies, settings=site.settings), Middleware(SecurityHeaders)],
        exception_handlers={Exception: broken},
    )
    app.router.default = people  # for paths with a newline, which no mount takes
    return app


def _people(site: Site, sections: Sequence[Section], names: HostNames) -> Starlette:
    assets = Assets(sections)
    confirming = Confirming(site)
    account = Account(site, confirming)
    routes: list[BaseRoute] = [
        *assets.routes(),
        *Shell(site=site, assets=assets).routes(),
        *SignIn(site, confirming.passwords).routes(),
        *account.routes(),
        *SecondFactorPages(site, confirming).routes(),
        *FirstPassword(site, confirming.passwords).routes(),
    ]
    if site.oidc.oidc_issuer:
        from web.oidc.pages import OidcPages  # its libraries take a second to load

        routes += OidcPages(site, confirming, account).routes()
    for section in sections:
        routes += section.routes
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(HostCheck, names=names),
            Middleware(Visits, database=site.database, settings=site.settings),
            Middleware(Problems, site=site),
            Middleware(BodyLimit, longest=MAX_BODY),
            Middleware(ForgeryCheck, names=names),
            Middleware(Gate),
        ],
        exception_handlers={HTTPException: http_problem},
    )
    app.state.pages = Pages(site=site, sections=sections, assets=assets)
    return app
