"""Signing in with a name and a password, and looking after one's own access."""

from __future__ import annotations

import httpx2
import pytest
from argon2 import PasswordHasher

from chat.people import Access, Role, User
from handlers.passwords import Passwords, Wrong, folded, unfit
from tests.web.house import House, csrf

WORDS = "plover dunlin knot sanderling"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def sign_in(browser: httpx2.AsyncClient, name: str, password: str) -> httpx2.Response:
    """Fill in the form and send it."""
    token = await csrf(browser, "/sign-in")
    data = {"csrf": token, "name": name, "password": password}
    return await browser.post("/sign-in", data=data)


async def with_password(house: House, *, role: Role = Role.MEMBER) -> User:
    """Somebody who can sign in as anna."""
    user = await house.add_user("Anna", role)
    assert await Passwords(house.database).set(user, "Anna", WORDS, token="") is None
    return user


async def test_a_password_is_set_and_opens_the_chat_in_another_browser(house: House) -> None:
    anna = await house.add_user("Anna")
    async with house.signed_in(anna) as first, house.browser() as second:
        page = (await first.get("/account")).text
        assert "You come in by links." in page
        data = {"name": "Anna  Müller", "password": WORDS}
        response = await first.post("/account/password", data=data)
        assert response.headers["location"] == "/account"
        assert "You can sign in as anna müller." in (await first.get("/account")).text
        response = await sign_in(second, "ANNA MÜLLER", WORDS)
        assert response.headers["location"] == "/"
        assert (await second.get("/")).status_code == 200
    async with house.database.read() as tx:
        stored = await tx.passwords.of_user(anna.id)
    assert stored is not None
    assert stored.hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong"), ("nobody", WORDS), ("", "")])
async def test_whatever_is_wrong_is_answered_in_the_same_words(
    house: House, name: str, password: str
) -> None:
    await with_password(house)
    async with house.browser() as browser:
        response = await sign_in(browser, name, password)
        assert response.status_code == 403
        assert "This name and this password do not go together." in response.text
        assert (await browser.get("/")).headers["location"] == "/welcome"


async def test_the_blocked_stay_outside(house: House) -> None:
    anna = await with_password(house)
    async with house.database.write() as tx:
        await tx.users.set_access(anna.id, Access.BLOCKED)
    async with house.browser() as browser:
        assert (await sign_in(browser, "anna", WORDS)).status_code == 403


async def test_tries_are_counted_and_a_link_still_opens(house: House) -> None:
    anna = await with_password(house)
    async with house.browser() as browser:
        answers = [(await sign_in(browser, "anna", "wrong")).status_code for _ in range(12)]
        assert answers[:8] == [403] * 8
        assert answers[-1] == 429
        assert (await sign_in(browser, "anna", WORDS)).status_code == 429
    async with house.signed_in(anna) as browser:
        assert (await browser.get("/account")).status_code == 200


async def test_a_change_asks_for_the_current_one_and_signs_the_others_out(house: House) -> None:
    anna = await with_password(house)
    async with house.signed_in(anna) as one, house.signed_in(anna) as other:
        new = {"name": "anna", "password": "turnstone and curlew"}
        response = await one.post("/account/password", data=new)
        assert response.status_code == 422
        assert "This is not your current password." in response.text
        before = one.cookies["whimbrel"]
        await one.post("/account/password", data={**new, "current": WORDS})
        assert one.cookies["whimbrel"] != before, "the session is a new one"
        assert (await one.get("/account")).status_code == 200
        assert (await other.get("/account")).status_code == 401
    async with house.browser() as browser:
        assert (await sign_in(browser, "anna", WORDS)).status_code == 403
        assert (await sign_in(browser, "anna", new["password"])).status_code == 303


async def test_a_password_can_be_removed_with_itself_only(house: House) -> None:
    anna = await with_password(house)
    async with house.signed_in(anna) as browser:
        path = "/account/password/remove"
        assert (await browser.post(path, data={"current": "wrong"})).status_code == 422
        assert (await browser.post(path, data={"current": WORDS})).status_code == 303
        assert "You come in by links." in (await browser.get("/account")).text
    async with house.browser() as browser:
        assert (await sign_in(browser, "anna", WORDS)).status_code == 403


async def test_browsers_are_listed_and_signed_out(house: House) -> None:
    anna, ben = await house.add_user("Anna"), await house.add_user("Ben")
    async with (
        house.signed_in(anna) as one,
        house.signed_in(anna) as other,
        house.signed_in(ben) as bens,
    ):
        async with house.database.write() as tx:
            await tx.web_sessions.add(anna.id, lifetime=60, agent=FIREFOX)
            [bens_session] = await tx.web_sessions.of_user(ben.id, "")
        page = (await one.get("/account")).text
        assert "Firefox, Linux" in page
        assert page.count('/end"') == 3, "two others, and all others at once"
        await one.post(f"/account/sessions/{bens_session.id}/end")
        assert (await bens.get("/account")).status_code == 200, "not hers to end"
        await one.post("/account/sessions/end")
        assert (await one.get("/account")).status_code == 200
        assert (await other.get("/account")).status_code == 401


async def test_a_name_belongs_to_one_person(house: House) -> None:
    await with_password(house)
    async with house.signed_in(await house.add_user("Ben")) as browser:
        data = {"name": "ANNA", "password": "grey plover and ruff"}
        response = await browser.post("/account/password", data=data)
        assert "Somebody else signs in with this name." in response.text


async def test_hashes_of_older_parameters_are_renewed(house: House) -> None:
    anna = await house.add_user("Anna")
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    await Passwords(house.database, hasher=cheap).set(anna, "anna", WORDS, token="")
    async with house.browser() as browser:
        assert (await sign_in(browser, "anna", WORDS)).status_code == 303
    async with house.database.read() as tx:
        stored = await tx.passwords.of_user(anna.id)
    assert stored is not None
    assert "m=19456" in stored.hash


async def test_after_erasure_nothing_opens(house: House) -> None:
    anna = await with_password(house)
    async with house.database.write() as tx:
        await tx.users.erase(anna.id)
        assert await tx.passwords.of_user(anna.id) is None


@pytest.mark.parametrize(
    ("role", "name", "password", "wrong"),
    [
        (Role.MEMBER, "anna", "eight ch", None),
        (Role.MEMBER, "anna", "seven c", Wrong.SHORT),
        (Role.OWNER, "anna", "eleven char", Wrong.SHORT_OF_STAFF),
        (Role.OWNER, "anna", "twelve chars", None),
        (Role.MEMBER, "anna", "Password123", Wrong.COMMON),
        (Role.MEMBER, "annamueller", "AnnaMueller", Wrong.COMMON),
        (Role.MEMBER, "anna", "aaaaaaaaaaaa", Wrong.COMMON),
        (Role.MEMBER, "anna", "x y" * 400, Wrong.LONG),
        (Role.MEMBER, "  ", "eight characters", Wrong.NAME),
        (Role.MEMBER, "anna", "𝔢𝔦𝔤𝔥𝔱 𝔠𝔥", None),
    ],
)
def test_what_a_password_may_be(role: Role, name: str, password: str, wrong: Wrong | None) -> None:
    assert unfit(User(1, "Anna", "en", role, Access.ALLOWED, 0.0), name, password) is wrong


def test_names_are_compared_as_people_read_them() -> None:
    assert folded("  Ａｎｎａ   MÜLLER ") == folded("anna müller") == "anna müller"
