"""Every answer there is, by route and by outcome, carries what keeps browsers safe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.valkey import PrivateValkey
from tests.web.house import House, open_house
from tests.web.routes import (
    AWAY,
    METHODS,
    Actor,
    Knocking,
    everybody,
    filled,
    knocking,
    served,
    version_of,
)
from web.app import MAX_BODY
from web.settings import WebSettings

TRUSTING = WebSettings(trusted_proxies=("127.0.0.1/32",))
BEHIND_TLS = WebSettings(trusted_proxies=("127.0.0.1/32",), public_url="https://chat.example.org")
# What is the same for everybody, and may be kept.
KEPT = ("/static/", "/favicon.ico")


class Nonces:
    """Every nonce that was seen; none may come a second time."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def check(self, policy: str) -> None:
        nonce = policy.split("'nonce-")[1].split("'")[0]
        assert len(nonce) >= 16
        assert nonce not in self._seen
        self._seen.add(nonce)


def check(response: httpx2.Response, nonces: Nonces, *, secure: bool = False) -> None:
    """The headers of one answer."""
    headers, path = response.headers, response.request.url.path
    about = (response.request.method, path[:60], response.status_code)
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'"), about
    assert "frame-ancestors 'none'" in policy, about
    assert "unsafe" not in policy, about
    picture = path.startswith("/media/") or "/pictures/" in path
    if picture and response.status_code in (200, 304):
        assert policy.endswith("sandbox"), about
    else:
        nonces.check(policy)
    assert headers["x-content-type-options"] == "nosniff", about
    assert headers["x-frame-options"] == "DENY", about
    assert headers["referrer-policy"] == "same-origin", about
    assert headers["cross-origin-opener-policy"] == "same-origin", about
    assert headers["cross-origin-resource-policy"] == "same-origin", about
    assert "server" not in headers, about
    assert ("strict-transport-security" in headers) is secure, about
    check_keeping(response)
    for cookie in headers.get_list("set-cookie"):
        check_cookie(cookie, secure=secure)


def check_keeping(response: httpx2.Response) -> None:
    """Nothing personal is kept, but pictures by their reader alone, who asks again every time."""
    path, control = response.request.url.path, response.headers["cache-control"]
    good = response.status_code in (200, 304)
    if good and path.startswith(KEPT):
        assert control.startswith("public")
    elif good and path.startswith("/media/"):
        assert control == "private, no-cache"
    elif good and path == "/service-worker.js":
        assert control == "no-cache"
    else:
        assert control == "no-store", (path, response.status_code)


def check_cookie(cookie: str, *, secure: bool) -> None:
    name, *attributes = cookie.split("; ")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert ("Secure" in attributes) is secure
    assert not any(each.startswith("Domain") for each in attributes)
    taken_away = "Max-Age=0" in attributes
    assert name.startswith("__Host-whimbrel" if secure and not taken_away else ("__Host-", "whim"))


@pytest.fixture(params=[TRUSTING, BEHIND_TLS], ids=["plain", "https"])
async def door(
    request: pytest.FixtureRequest, tmp_path: Path, valkey_url: str
) -> AsyncIterator[Knocking]:
    """A house whose visitors come by plain http, or by https through a proxy."""
    async with (
        open_house(tmp_path, valkey_url, web=request.param, oidc=AWAY) as house,
        knocking(house, secure=request.param is BEHIND_TLS) as door,
    ):
        yield door


async def test_every_route_and_method_for_everybody(door: Knocking, png: bytes) -> None:
    people, nonces = await everybody(door, png), Nonces()
    statuses = set()
    for path in sorted({path for _, path in served(door.house.app)} | {"/nothing/here"}):
        for method in METHODS:
            for name in ("stranger", "declined", "member", "owner"):
                for accept in ("text/html", "application/json"):
                    address = await filled(door, path, people[name], people)
                    keys = await door.keys(people[name]) | {"accept": accept}
                    response = await door.ask(method, address, keys)
                    check(response, nonces, secure=door.secure and path != "/metrics")
                    statuses.add(response.status_code)
    assert {200, 201, 202, 303, 400, 401, 403, 404, 405, 422, 502, 503} <= statuses


async def test_what_goes_wrong_before_a_route_is_reached(door: Knocking, png: bytes) -> None:
    people, nonces = await everybody(door, png), Nonces()
    keys = await door.keys(people["member"])
    outcomes = [
        (421, "GET", "/welcome", keys | {"host": "evil.example"}),
        (403, "POST", "/conversations", keys | {"origin": "https://evil.example"}),
        (403, "POST", f"/static/{version_of(door.house.app)}/web/base.css", keys),
        (404, "GET", f"/static/{version_of(door.house.app)}/web/none.css", keys),
        (404, "GET", "/%00", keys),
        (404, "GET", "/c/" + "9" * 5000, keys),
    ]
    for expected, method, path, headers in outcomes:
        response = await door.ask(method, path, headers)
        assert response.status_code == expected, path[:60]
        check(response, nonces, secure=door.secure)


async def test_a_body_that_is_too_large(house: House) -> None:
    """By its announcement: nobody has to send it."""
    address = httpx2.URL(house.url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    head = ["POST /conversations HTTP/1.1", f"host: {address.host}", "accept: text/html"]
    writer.write("\r\n".join([*head, f"content-length: {MAX_BODY + 1}", "", ""]).encode())
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    writer.close()
    response = httpx2.Response(
        int(lines[0].split()[1]),
        headers=[
            (name, value) for name, _, value in (each.partition(": ") for each in lines[1:-1])
        ],
        request=httpx2.Request("POST", f"{house.url}/conversations"),
    )
    assert response.status_code == 413
    check(response, Nonces())


async def test_pictures_that_the_browser_has_already(door: Knocking, png: bytes) -> None:
    people = await everybody(door, png)
    ada, keys = people["member"], await door.keys(people["member"])
    first = await door.ask("GET", f"/media/{ada.picture}", keys)
    again = keys | {"if-none-match": first.headers["etag"]}
    response = await door.ask("GET", f"/media/{ada.picture}", again)
    assert response.status_code == 304
    check(response, Nonces(), secure=door.secure)


async def test_too_many_tries(house: House) -> None:
    nonces = Nonces()
    async with knocking(house) as door:
        keys = await door.keys(Actor("stranger", None))
        statuses = []
        for _ in range(11):
            response = await door.ask("POST", "/pair/x", keys)
            statuses.append(response.status_code)
            check(response, nonces)
    assert statuses == [403] * 10 + [429]


async def test_while_the_broker_is_away(tmp_path: Path) -> None:
    valkey = PrivateValkey(tmp_path / "broker")
    await valkey.start()
    async with open_house(tmp_path, valkey.url) as house, knocking(house) as door:
        await valkey.stop()
        keys = await door.keys(Actor("stranger", None))
        for accept in ("text/html", "application/json"):
            response = await door.ask("POST", "/pair/x", keys | {"accept": accept})
            assert response.status_code == 503
            check(response, Nonces())


async def test_when_a_machines_route_breaks(house: House) -> None:
    """Outside of everything that people see, where the last resort answers."""

    async def broken(request: Request) -> Response:
        raise RuntimeError("on purpose")

    house.app.router.routes.insert(0, Route("/broken", broken))
    async with knocking(house) as door:
        response = await door.ask("GET", "/broken", {})
    assert response.status_code == 500
    assert "purpose" not in response.text
    check(response, Nonces())
