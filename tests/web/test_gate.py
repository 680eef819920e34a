"""Who is answered what: routes by role, and nothing without a session that is not listed."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from chat.people import Role
from tests.web.house import House

PUBLIC = {
    "/welcome",
    "/start",
    "/ask",
    "/sign-in",
    "/sign-in/code",
    "/pair/{code}",
    "/sign-out",
    "/offline",
    "/manifest.webmanifest",
    "/service-worker.js",
    "/favicon.ico",
    "/healthz",
    "/readyz",
    "/metrics",
}


def routes_of(app: Starlette) -> list[tuple[str, str]]:
    """Method and path of everything that people can ask for."""
    found = []
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, Starlette):
            found += routes_of(route.app)
        elif isinstance(route, Route):
            found += [(method, route.path) for method in route.methods or ()]
    return found


def filled(path: str) -> str:
    """A path with something in the place of its parameters."""
    for name in (
        "{conversation:id}",
        "{attachment:id}",
        "{user:id}",
        "{turn:id}",
        "{session:id}",
    ):
        path = path.replace(name, "1")
    return path.replace("{code}", "x").replace("{verdict}", "approve")


async def test_without_a_session_nothing_is_answered_but_what_is_public(house: House) -> None:
    asked = 0
    async with house.browser() as browser:
        browser.headers["accept"] = "application/json"
        for method, path in routes_of(house.app):
            if path in PUBLIC or method == "HEAD":
                continue
            response = await browser.request(method, filled(path))
            # A change without a token is refused before anybody asks who it is from.
            assert response.status_code == (401 if method == "GET" else 403), (method, path)
            asked += 1
    assert asked > 15


async def test_pages_send_people_without_a_session_to_the_welcome_page(house: House) -> None:
    async with house.browser() as browser:
        for path in ("/", "/c/1", "/dashboard", "/connect", "/nothing-here"):
            response = await browser.get(path)
            assert (response.status_code, response.headers["location"]) == (303, "/welcome")


@pytest.mark.parametrize("role", list(Role))
async def test_the_dashboard_is_for_staff(house: House, role: Role) -> None:
    async with house.signed_in(await house.add_user("Ada", role)) as browser:
        expected = 403 if role is Role.MEMBER else 200
        assert (await browser.get("/dashboard")).status_code == expected
        assert (await browser.get("/dashboard/now")).status_code == expected


@pytest.mark.parametrize("role", list(Role))
async def test_only_owner_and_admins_let_people_in(house: House, role: Role) -> None:
    stranger = await house.admission.ask(name="Grace")
    async with house.signed_in(await house.add_user("Ada", role)) as browser:
        response = await browser.post(f"/dashboard/strangers/{stranger.id}/approve")
        allowed = role in (Role.OWNER, Role.ADMIN)
        assert response.status_code == (303 if allowed else 403)
    assert bool(await house.admission.waiting()) is not allowed


@pytest.mark.parametrize("role", list(Role))
async def test_nobody_sees_somebody_elses_conversation(house: House, role: Role) -> None:
    ada, eve = await house.add_user("Ada"), await house.add_user("Eve", role)
    theirs = await house.book.new(ada)
    async with house.signed_in(eve) as browser:
        own = (await browser.post("/conversations")).json()["conversation"]
        for method, path in routes_of(house.app):
            if "{conversation:id}" not in path or method == "HEAD":
                continue
            if path.startswith("/dashboard/"):  # what staff may look at: test_conversation_pages
                continue
            fields = {"title": "mine", "action": "x", "text": "hi"}
            query = {"before": "1"} if path.endswith("earlier") else {}
            for number in (theirs.id, theirs.id + 1000, 1 << 70):
                address = path.replace("{conversation:id}", str(number))
                data = fields if method == "POST" else None
                response = await browser.request(method, address, data=data, params=query)
                assert response.status_code == 404, (method, address)
        assert (await browser.get(f"/c/{own}")).status_code == 200
    assert (await house.book.get(ada, theirs.id)).title == ""


async def test_nobody_sees_somebody_elses_picture(house: House, png: bytes) -> None:
    ada, eve = await house.add_user("Ada"), await house.add_user("Eve", Role.OWNER)
    async with house.signed_in(ada) as browser:
        number = (await browser.post("/conversations")).json()["conversation"]
        files = [("pictures", ("a.png", png, "image/png"))]
        await browser.post(f"/c/{number}/messages", data={"text": "look"}, files=files)
        assert (await browser.get("/media/1")).status_code == 200
    async with house.signed_in(eve) as browser:
        assert (await browser.get("/media/1")).status_code == 404
        assert (await browser.get("/media/99")).status_code == 404


async def test_an_unknown_page_says_so(house: House) -> None:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        response = await browser.get("/nothing-here", headers={"accept": "text/html"})
        assert response.status_code == 404
        assert "There is nothing here" in response.text
