"""A code besides the password: switching it on and off, and signing in with it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pyotp
import pytest

from chat.people import Access, Role, User
from handlers.export import build_export
from handlers.passwords import Passwords
from handlers.second_factor import HALF_DONE, SecondFactors
from storage.attachments import open_store
from storage.database import Database
from tests.web.house import House, csrf
from tests.web.test_account import WORDS, sign_in, with_password

SECRET = re.compile(r'class="secret">([A-Z2-7]+)<')
CODE = re.compile(r"<code>([a-z2-7-]{19})</code>")
NOW = 1_800_000_000.0


async def switched_on(browser: httpx2.AsyncClient) -> tuple[str, list[str]]:
    """Switch it on as a person would: the secret and the recovery codes."""
    begun = await browser.post("/account/factor", data={"current": WORDS})
    assert begun.headers["location"] == "/account/factor"
    page = (await browser.get("/account/factor", headers={"accept": "text/html"})).text
    found = SECRET.search(page)
    assert found
    assert "<svg" in page
    assert "style=" not in page
    secret = found.group(1)
    code = pyotp.TOTP(secret).now()
    shown = await browser.post("/account/factor/confirm", data={"code": code})
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    browser.headers["x-csrf-token"] = await csrf(browser, "/account")
    return secret, CODE.findall(shown.text)


@asynccontextmanager
async def annas(house: House, **with_: Role) -> AsyncIterator[tuple[httpx2.AsyncClient, User]]:
    anna = await with_password(house, **with_)
    async with house.signed_in(anna) as browser:
        yield browser, anna


async def give_code(browser: httpx2.AsyncClient, code: str) -> httpx2.Response:
    """Fill in the second form and send it."""
    token = await csrf(browser, "/sign-in/code")
    return await browser.post("/sign-in/code", data={"csrf": token, "code": code})


async def test_signing_in_asks_for_a_code_and_no_session_comes_before_it(house: House) -> None:
    async with annas(house) as (first, _), house.browser() as second:
        secret, _ = await switched_on(first)
        asked = await sign_in(second, "anna", WORDS)
        assert asked.headers["location"] == "/sign-in/code"
        assert "whimbrel" not in second.cookies
        assert (await second.get("/")).headers["location"] == "/welcome"
        assert (await give_code(second, "000000")).status_code == 403
        later = pyotp.TOTP(secret).at(_next_step())
        assert (await give_code(second, later)).headers["location"] == "/"
        assert (await second.get("/")).status_code == 200
        assert (await second.get("/sign-in/code")).headers["location"] == "/sign-in"


def _next_step() -> int:
    """A moment of the next time step, which counts already; this one's code was used up."""
    return int(time.time()) + 30


async def test_it_is_on_only_after_a_right_code(house: House) -> None:
    async with annas(house) as (browser, _), house.browser() as second:
        await browser.post("/account/factor", data={"current": WORDS})
        wrong = await browser.post("/account/factor/confirm", data={"code": "000000"})
        assert wrong.status_code == 422
        assert (await sign_in(second, "anna", WORDS)).headers["location"] == "/"


async def test_it_begins_with_the_password_only(house: House) -> None:
    async with annas(house) as (browser, anna):
        assert (await browser.post("/account/factor", data={"current": "no"})).status_code == 422
        assert (await SecondFactors(house.database).state(anna)).secret == ""


async def test_switching_it_on_and_off_signs_the_others_out(house: House) -> None:
    async with annas(house) as (one, anna):
        for switch in ("on", "off"):
            async with house.signed_in(anna) as other:
                before = one.cookies["whimbrel"]
                if switch == "on":
                    _, codes = await switched_on(one)
                else:
                    data = {"current": WORDS, "code": codes[0]}
                    done = await one.post("/account/factor/remove", data=data)
                    assert done.status_code == 303
                assert one.cookies["whimbrel"] != before
                assert (await one.get("/account")).status_code == 200
                assert (await other.get("/account")).status_code == 401


@pytest.mark.parametrize(
    "path", ["/account/factor/remove", "/account/password", "/account/password/remove"]
)
async def test_changes_want_password_and_code(house: House, path: str) -> None:
    new = {"name": "anna", "password": "turnstone and curlew"}
    async with annas(house) as (browser, anna):
        _, codes = await switched_on(browser)
        for data in (
            {"current": WORDS},
            {"current": WORDS, "code": "000000"},
            {"current": "wrong", "code": codes[0]},
        ):
            assert (await browser.post(path, data=new | data)).status_code == 422, data
        assert (await SecondFactors(house.database).state(anna)).codes_left == 10
        data = {"current": WORDS, "code": codes[0]}
        assert (await browser.post(path, data=new | data)).status_code == 303


async def test_a_recovery_code_opens_once(house: House) -> None:
    async with annas(house) as (first, _), house.browser() as second, house.browser() as third:
        _, codes = await switched_on(first)
        assert len(set(codes)) == 10
        await sign_in(second, "anna", WORDS)
        typed = codes[3].upper().replace("-", " ")
        assert (await give_code(second, typed)).status_code == 303
        await sign_in(third, "anna", WORDS)
        assert (await give_code(third, codes[3])).status_code == 403
        assert (await give_code(third, codes[4])).status_code == 303
        async with house.database.read() as tx:
            assert await tx.second_factors.codes_left(1) == 8


async def test_codes_are_counted_as_passwords_are(house: House) -> None:
    async with annas(house) as (first, _), house.browser() as second:
        _, codes = await switched_on(first)
        await sign_in(second, "anna", WORDS)
        statuses = [(await give_code(second, "000000")).status_code for _ in range(9)]
        assert statuses[0] == 403
        assert statuses[-1] == 429
        assert (await give_code(second, codes[0])).status_code == 429


async def test_the_browser_that_gave_the_password_is_the_one_that_is_asked(house: House) -> None:
    async with annas(house) as (first, _), house.browser() as second, house.browser() as third:
        _, codes = await switched_on(first)
        await sign_in(second, "anna", WORDS)
        token = await csrf(third, "/sign-in")
        data = {"csrf": token, "code": codes[0]}
        assert (await third.post("/sign-in/code", data=data)).headers["location"] == "/sign-in"


async def test_a_password_with_which_the_code_is_owed_opens_nothing_by_link(house: House) -> None:
    async with annas(house) as (first, _), house.browser() as second:
        await switched_on(first)
        await sign_in(second, "anna", WORDS)
        step = second.cookies["whimbrel-step"]
        token = await csrf(second, f"/pair/{step}")
        refused = await second.post(f"/pair/{step}", data={"csrf": token})
        assert refused.status_code == 403
        second.cookies.set("whimbrel", step)
        assert (await second.get("/account")).headers["location"] == "/welcome"


async def test_a_link_still_opens(house: House) -> None:
    """The owner's way back in, from the terminal of the machine."""
    async with annas(house, role=Role.OWNER) as (first, anna):
        await switched_on(first)
    async with house.signed_in(anna) as browser:
        assert (await browser.get("/account")).status_code == 200


@pytest.mark.parametrize("what", ["password", "blocked", "role"])
async def test_a_sign_in_that_is_half_done_ends_with_what_it_rests_on(
    house: House, what: str
) -> None:
    async with annas(house) as (first, anna), house.browser() as second:
        _, codes = await switched_on(first)
        await sign_in(second, "anna", WORDS)
        token = await csrf(second, "/sign-in/code")
        if what == "password":
            await Passwords(house.database).set(anna, "anna", "another long one", token="")
        else:
            async with house.database.write() as tx:
                if what == "blocked":
                    await tx.users.set_access(anna.id, Access.BLOCKED)
                else:
                    await tx.users.set_role(anna.id, Role.ADMIN)
        data = {"csrf": token, "code": codes[0]}
        response = await second.post("/sign-in/code", data=data)
        assert response.headers["location"] == "/sign-in"
        assert "whimbrel" not in second.cookies


class Times:
    """A clock that is set by hand."""

    now = NOW

    def __call__(self) -> float:
        return self.now


async def confirmed(house: House, clock: Times) -> tuple[Database, SecondFactors, User, pyotp.TOTP]:
    """A second factor that was switched on at NOW."""
    anna = await with_password(house)
    factors = SecondFactors(house.database, clock=clock)
    await factors.begin(anna)
    totp = pyotp.TOTP((await factors.state(anna)).secret)
    assert await factors.confirm(anna, totp.at(int(clock.now)), token="") is not None
    return house.database, factors, anna, totp


async def test_a_time_step_is_taken_once_and_none_before_it(house: House) -> None:
    clock = Times()
    _, factors, anna, totp = await confirmed(house, clock)
    assert not await factors.confirms(anna, totp.at(int(NOW))), "the one that switched it on"
    clock.now = NOW + 60
    assert await factors.confirms(anna, totp.at(int(NOW + 60)))
    assert not await factors.confirms(anna, totp.at(int(NOW + 60)))
    assert not await factors.confirms(anna, totp.at(int(NOW + 30))), "older than one that was used"
    assert await factors.confirms(anna, totp.at(int(NOW + 90))), "a clock may go before"
    clock.now = NOW + 300
    assert not await factors.confirms(anna, totp.at(int(NOW + 240))), "two steps late"
    assert not await factors.confirms(anna, totp.at(int(NOW + 360))), "two steps early"
    assert await factors.confirms(anna, totp.at(int(NOW + 270)))


async def test_of_two_at_once_one_passes(house: House) -> None:
    clock = Times()
    _, factors, anna, totp = await confirmed(house, clock)
    clock.now = NOW + 60
    code = totp.at(int(clock.now))
    steps = [await factors.first_step(anna) for _ in range(4)]
    passed = await asyncio.gather(*(factors.second_step(step or "", code) for step in steps))
    assert [user for user in passed if user is not None] == [anna]


async def test_the_password_is_good_for_five_minutes(house: House) -> None:
    clock = Times()
    _, _, anna, _ = await confirmed(house, clock)
    async with Database.from_url(f"sqlite:///{house.folder / 'whimbrel.db'}", clock=clock) as late:
        step = await SecondFactors(late, clock=clock).first_step(anna)
        assert step is not None
        clock.now += HALF_DONE - 1
        assert await SecondFactors(late, clock=clock).whose(step) is not None
        clock.now += 1
        assert await SecondFactors(late, clock=clock).whose(step) is None


async def test_it_goes_with_erasure_and_is_in_no_export(house: House) -> None:
    async with annas(house) as (browser, anna):
        secret, _ = await switched_on(browser)
        export = (await browser.get("/export")).content
        assert secret.encode() not in export
    content = await build_export(house.database, open_store("", house.folder), anna.id)
    assert secret.encode() not in content
    async with house.database.write() as tx:
        await tx.second_factors.open_step(anna.id, seconds=60)
        await tx.users.erase(anna.id)
        assert await tx.second_factors.of_user(anna.id) is None
        assert await tx.second_factors.codes_left(anna.id) == 0
