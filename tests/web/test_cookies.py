"""Cookies behind https have names that only an https page of this host can give."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from chat.people import User
from storage.repositories.codes import hash_of
from tests.web.house import CSRF, House, open_house
from tests.web.test_account import WORDS, with_password
from tests.web.test_second_factor import switched_on
from web.settings import WebSettings

HOST = "chat.example.org"
PAGE = {"host": HOST, "accept": "text/html"}


@pytest.fixture
async def public(tmp_path: Path, valkey_url: str) -> AsyncIterator[House]:
    """A house that people reach by https."""
    web = WebSettings(public_url=f"https://{HOST}")
    async with open_house(tmp_path, valkey_url, web=web) as house:
        yield house


def given(response: httpx2.Response) -> dict[str, str]:
    """The cookies of an answer, by name; empty ones are taken away."""
    pairs = (
        each.split(";")[0].partition("=")[::2] for each in response.headers.get_list("set-cookie")
    )
    return dict(pairs)


async def ask(client: httpx2.AsyncClient, path: str, cookies: dict[str, str]) -> httpx2.Response:
    """Open a page with these cookies and no others: httpx keeps Secure ones for https."""
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return await client.get(path, headers=PAGE | {"cookie": sent})


async def old_session(house: House, user: User) -> str:
    """A session from before the names changed, as the migration leaves it."""
    async with house.database.write() as tx:
        token = await tx.web_sessions.add(user.id, lifetime=1000)
    with closing(sqlite3.connect(house.folder / "whimbrel.db")) as connection, connection:
        old = "UPDATE web_sessions SET old_name = 1 WHERE hash = ?"
        assert connection.execute(old, (hash_of(token),)).rowcount == 1
    return token


async def test_signing_in_by_link(public: House) -> None:
    code = await public.admission.link_code(await public.add_user("Ada"))
    async with public.browser() as client:
        page = await client.get(f"/pair/{code}", headers=PAGE)
        visit = given(page)
        assert list(visit) == ["__Host-whimbrel-visit"]
        found = CSRF.search(page.text)
        assert found
        cookie = f"__Host-whimbrel-visit={visit['__Host-whimbrel-visit']}"
        data, headers = {"csrf": found.group(1)}, PAGE | {"cookie": cookie}
        response = await client.post(f"/pair/{code}", data=data, headers=headers)
        assert response.status_code == 303
        session = given(response)["__Host-whimbrel"]
        assert (await ask(client, "/", {"__Host-whimbrel": session})).status_code == 200
        assert (await ask(client, "/", {"whimbrel": session})).headers["location"] == "/welcome"
        for header in response.headers.get_list("set-cookie"):
            assert header.startswith("__Host-")
            assert "; Path=/; HttpOnly; SameSite=Lax" in header
            assert header.endswith("; Secure")
            assert "Domain" not in header


async def test_on_loopback_the_names_are_plain(house: House) -> None:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        assert "whimbrel" in browser.cookies


async def test_who_was_signed_in_before_stays_so_and_is_renamed_once(public: House) -> None:
    token = await old_session(public, await public.add_user("Ada"))
    async with public.browser() as client:
        scripts = {"host": HOST, "accept": "application/json", "cookie": f"whimbrel={token}"}
        assert (await client.get("/account", headers=scripts)).status_code == 200
        response = await ask(client, "/", {"whimbrel": token})
        assert response.status_code == 200
        assert given(response) == {"__Host-whimbrel": token, "whimbrel": ""}
        again = await ask(client, "/", {"whimbrel": token})
        assert again.headers["location"] == "/welcome", "the old name has had its time"
        assert (await ask(client, "/", {"__Host-whimbrel": token})).status_code == 200


async def test_a_planted_cookie_of_the_old_name_signs_nobody_in(public: House) -> None:
    mallory = await public.add_user("Mallory")
    async with public.database.write() as tx:
        token = await tx.web_sessions.add(mallory.id, lifetime=1000)
    async with public.browser() as client:
        assert (await ask(client, "/", {"whimbrel": token})).headers["location"] == "/welcome"


async def test_the_cookie_between_password_and_code_has_the_prefix_too(public: House) -> None:
    anna = await with_password(public)
    async with public.signed_in(anna) as browser:
        await switched_on(browser)
    async with public.browser() as client:
        page = await client.get("/sign-in", headers=PAGE)
        found = CSRF.search(page.text)
        assert found
        visit = given(page)["__Host-whimbrel-visit"]
        headers = PAGE | {"cookie": f"__Host-whimbrel-visit={visit}"}
        data = {"csrf": found.group(1), "name": "anna", "password": WORDS}
        response = await client.post("/sign-in", data=data, headers=headers)
        assert response.headers["location"] == "/sign-in/code"
        assert list(given(response)) == ["__Host-whimbrel-step"]
        cookie = next(iter(response.headers.get_list("set-cookie")))
        assert "Max-Age=300" in cookie
