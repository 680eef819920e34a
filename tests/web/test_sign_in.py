"""Coming in by a link, by asking or freely, and going out."""

from __future__ import annotations

from pathlib import Path

from chat.people import Access, Role
from handlers.settings import AccessMode
from tests.web.house import House, csrf, open_house, pair


async def test_the_owners_link_makes_its_opener_the_owner(house: House) -> None:
    code = await house.admission.owner_code()
    async with house.browser() as browser:
        assert (await browser.get("/")).headers["location"] == "/welcome"
        response = await pair(browser, code)
        assert response.status_code == 303
        page = await browser.get("/")
        assert page.status_code == 200
        assert "/dashboard" in page.text
    async with house.database.read() as tx:
        assert [owner.role for owner in await tx.users.owners()] == [Role.OWNER]


async def test_a_preview_of_the_link_does_not_use_it_up(house: House) -> None:
    code = await house.admission.owner_code()
    async with house.browser() as browser:
        for _ in range(5):
            assert (await browser.get(f"/pair/{code}")).status_code == 200
            assert (await browser.head(f"/pair/{code}")).status_code == 200
        assert (await pair(browser, code)).status_code == 303


async def test_a_link_works_once(house: House) -> None:
    code = await house.admission.owner_code()
    async with house.browser() as first, house.browser() as second:
        assert (await pair(first, code)).status_code == 303
        refused = await pair(second, code)
        assert refused.status_code == 403
        assert "does not work" in refused.text
        assert (await second.get("/")).headers["location"] == "/welcome"


async def test_five_wrong_codes_end_the_owners_link(house: House) -> None:
    code = await house.admission.owner_code()
    async with house.browser() as browser:
        for number in range(5):
            assert (await pair(browser, f"wrong-code-{number}")).status_code == 403
        assert (await pair(browser, code)).status_code == 403


async def test_guessing_is_slowed_down(house: House) -> None:
    async with house.browser() as browser:
        statuses = [(await pair(browser, f"guess-{number}")).status_code for number in range(12)]
    assert statuses[:10] == [403] * 10
    assert statuses[10:] == [429] * 2


async def test_signing_in_makes_a_new_session_and_ends_the_old_one(house: House) -> None:
    user = await house.add_user("Ada")
    async with house.browser() as browser:
        await pair(browser, await house.admission.link_code(user))
        first = browser.cookies["whimbrel"]
        await pair(browser, await house.admission.link_code(user))
        second = browser.cookies["whimbrel"]
        assert first != second
    async with house.database.read() as tx:
        assert await tx.web_sessions.get(first) is None
        assert await tx.web_sessions.get(second) == user


async def test_the_session_cookie_is_kept_from_scripts_and_other_sites(house: House) -> None:
    user = await house.add_user("Ada")
    async with house.browser() as browser:
        response = await pair(browser, await house.admission.link_code(user))
    cookie = next(
        each for each in response.headers.get_list("set-cookie") if each.startswith("whimbrel=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # plain http on loopback


async def test_signing_out_ends_the_session(house: House) -> None:
    user = await house.add_user("Ada")
    async with house.signed_in(user) as browser:
        token = browser.cookies["whimbrel"]
        assert (await browser.post("/sign-out")).status_code == 303
    async with house.database.read() as tx:
        assert await tx.web_sessions.get(token) is None


async def test_a_stranger_asks_waits_and_is_let_in(house: House) -> None:
    owner = await house.add_user("Owner", Role.OWNER)
    async with house.browser() as stranger, house.signed_in(owner) as browser:
        assert "invited" in (await stranger.get("/welcome")).text
        token = await csrf(stranger, "/welcome")
        await stranger.post("/ask", data={"name": "Grace", "csrf": token})
        assert "on its way" in (await stranger.get("/welcome")).text
        assert (await stranger.get("/")).headers["location"] == "/welcome"

        board = await browser.get("/dashboard")
        assert "Grace" in board.text
        (waiting,) = await house.admission.waiting()
        await browser.post(f"/dashboard/strangers/{waiting.id}/approve")
        assert (await stranger.get("/welcome")).headers["location"] == "/"
        assert (await stranger.get("/")).status_code == 200
        assert "Grace" not in (await browser.get("/dashboard")).text


async def test_a_stranger_who_is_declined_stays_outside(house: House) -> None:
    owner = await house.add_user("Owner", Role.OWNER)
    async with house.browser() as stranger, house.signed_in(owner) as browser:
        token = await csrf(stranger, "/welcome")
        await stranger.post("/ask", data={"name": "Mallory", "csrf": token})
        (waiting,) = await house.admission.waiting()
        await browser.post(f"/dashboard/strangers/{waiting.id}/decline")
        assert "has not let you in" in (await stranger.get("/welcome")).text
        assert (await stranger.get("/")).headers["location"] == "/welcome"


async def test_where_everybody_is_welcome_a_stranger_starts_at_once(
    tmp_path: Path, valkey_url: str
) -> None:
    async with (
        open_house(tmp_path, valkey_url, access=AccessMode.OPEN) as house,
        house.browser() as stranger,
    ):
        token = await csrf(stranger, "/welcome")
        response = await stranger.post("/start", data={"name": "Ada", "csrf": token})
        assert response.headers["location"] == "/"
        assert "Ada" in (await stranger.get("/")).text


async def test_where_only_listed_people_are_let_in_nobody_can_ask(
    tmp_path: Path, valkey_url: str
) -> None:
    async with (
        open_house(tmp_path, valkey_url, access=AccessMode.ALLOWLIST) as house,
        house.browser() as stranger,
    ):
        page = await stranger.get("/welcome")
        assert "private" in page.text
        assert "<form" not in page.text


async def test_another_device_is_the_same_person(house: House) -> None:
    user = await house.add_user("Ada")
    async with house.signed_in(user) as browser, house.browser() as phone:
        links = (await browser.post("/move")).json()["links"]
        assert links[0].startswith(f"{house.url}/pair/")
        assert links[1].startswith("https://t.me/test_bot?start=")
        await pair(phone, links[0].rsplit("/", 1)[1])
        assert "Ada" in (await phone.get("/")).text
        assert (await browser.get("/", headers={"accept": "text/html"})).status_code == 200


async def test_somebody_who_is_blocked_is_out_at_once(house: House) -> None:
    user = await house.add_user("Ada")
    async with house.signed_in(user) as browser:
        async with house.database.write() as tx:
            await tx.users.set_access(user.id, Access.BLOCKED)
        assert (await browser.get("/")).status_code == 401
        # With the session the token of its forms is gone, too, and that is looked at first.
        assert (await browser.post("/conversations")).status_code == 403
