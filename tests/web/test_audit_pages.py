"""The audit log on the web: looked through, verified, tampered with, taken along."""

from __future__ import annotations

import html
import re
import sqlite3

import httpx2
import pytest

from bot import audit as command
from chat.people import Role
from storage.repositories import Actor
from tests.web.house import House

MAX = Actor(7, "moderator 7", Role.MODERATOR)
OLGA = Actor(8, "admin 8", Role.ADMIN)


async def written(house: House, entries: int = 5) -> None:
    """So many decisions of Max's, and one policy of Olga's."""
    async with house.database.write() as tx:
        for number in range(1, entries + 1):
            details = {"verdict": "<b>mute</b>"}
            await tx.audit.add(
                "decision.made", actor=MAX, kind="decision", object_id=number, details=details
            )
        await tx.audit.add("policy.published", actor=OLGA, kind="policy", object_id=3)


async def listed(browser: httpx2.AsyncClient, **asked: str) -> list[int]:
    """The numbers of the entries that a search finds."""
    page = await browser.get("/dashboard/audit", params=asked)
    assert page.status_code == 200, page.text
    return [int(number) for number in re.findall(r'id="entry-(\d+)"', page.text)]


def tamper(house: House, statement: str) -> None:
    """Change the database behind everybody's back."""
    connection = sqlite3.connect(house.folder / "whimbrel.db")
    try:
        with connection:
            assert connection.execute(statement).rowcount == 1
    finally:
        connection.close()


async def verified(browser: httpx2.AsyncClient, head: str = "") -> str:
    page = await browser.post("/dashboard/audit/verify", data={"head": head})
    assert page.status_code == 200, page.text
    return html.unescape(page.text)


async def test_entries_are_found_by_who_what_and_to_what(house: House) -> None:
    await written(house)
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        assert await listed(browser) == [6, 5, 4, 3, 2, 1]
        for asked in ({"actor": "7"}, {"actor": "#7"}, {"actor": "moderator 7"}):
            assert await listed(browser, **asked) == [5, 4, 3, 2, 1]
        assert await listed(browser, action="policy.") == [6]
        assert await listed(browser, action="decision.made", subject="decision 3") == [3]
        assert await listed(browser, subject="policy:#3") == [6]
        assert await listed(browser, subject="decision", actor="8") == []
        for odd in ("%", "_", "\0", "9" * 40, "decision%"):
            assert await listed(browser, action=odd, actor=odd, subject=odd) == []
        page = (await browser.get("/dashboard/audit")).text
    assert "&lt;b&gt;mute" in page
    assert 'href="/dashboard/policies/3"' in page


async def test_entries_are_found_by_the_operators_days(house: House) -> None:
    await written(house)
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        page = (await browser.get("/dashboard/audit")).text
        found = re.search(r'<time datetime="(\d{4}-\d\d-\d\d)', page)
        assert found
        day = found[1]
        assert len(await listed(browser, **{"from": day, "to": day})) == 6
        assert await listed(browser, to="2001-01-01") == []
        assert await listed(browser, **{"from": "2999-01-01"}) == []
        for odd in ("yesterday", "2026-13-01", "9999-12-31"):
            response = await browser.get("/dashboard/audit", params={"to": odd})
            assert response.status_code == 400


async def test_a_long_log_goes_on_with_the_same_search(house: House) -> None:
    await written(house, 60)
    async with house.signed_in(await house.add_user("Olga", Role.OWNER)) as browser:
        page = (await browser.get("/dashboard/audit", params={"actor": "7"})).text
        following = re.search(r'rel="next" href="([^"]+)"', page)
        assert following
        rest = (await browser.get(html.unescape(following[1]))).text
    numbers = re.findall(r'id="entry-(\d+)"', page + rest)
    assert [int(number) for number in numbers] == list(range(60, 0, -1))
    assert 'rel="next"' not in rest


async def test_a_whole_log_shows_its_head_and_is_compared_with_one(house: House) -> None:
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        assert "The log is empty." in await verified(browser)
        await written(house)
        page = await verified(browser)
        assert "All 6 entries are as they were written." in page
        async with house.database.read() as tx:
            head = str(await tx.audit.head())
        assert head in page
        await written(house)
        assert "All 12 entries" in await verified(browser, head)
        forged = await verified(browser, "6:" + "0" * 64)
        assert "broken at entry 6: it, or what is before it, was written anew" in forged
        assert "broken at entry 13: it is missing" in await verified(browser, f"20:{'0' * 64}")
        refused = await browser.post("/dashboard/audit/verify", data={"head": "what?"})
        assert refused.status_code == 422
        assert "A head is a number" in refused.text


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            'UPDATE audit SET details = \'{"verdict":"warn"}\' WHERE number = 3',
            "entry 3: what it says has been changed",
        ),
        (
            "UPDATE audit SET actor_id = 9 WHERE number = 2",
            "entry 2: what it says has been changed",
        ),
        ("DELETE FROM audit WHERE number = 4", "entry 4: another entry stands in its place"),
        ("DELETE FROM audit WHERE number = 6", "entry 6: it is missing"),
        (
            "UPDATE audit SET previous = hash WHERE number = 5",
            "entry 5: it does not follow the entry before it",
        ),
    ],
)
async def test_what_somebody_changed_is_found_and_where(
    house: House, statement: str, said: str
) -> None:
    await written(house)
    tamper(house, statement)
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        page = await verified(browser)
    assert f"The log is broken at {said}" in page
    assert "as they were written" not in page


async def test_what_is_taken_along_is_what_the_command_verifies(house: House) -> None:
    await written(house, 1200)
    file, said = house.folder / "taken.jsonl", list[str]()
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        response = await browser.get("/dashboard/audit/export")
        assert "attachment" in response.headers["content-disposition"]
        assert (await browser.head("/dashboard/audit/export")).content == b""
    assert response.content.count(b"\n") == 1201
    file.write_bytes(response.content)
    await command.verify_file(file, [], say=said.append)
    assert said[0].startswith("All 1201 entries are as they were written")


async def test_it_is_for_admins_and_owners_to_see(house: House) -> None:
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        assert "/dashboard/audit" not in (await browser.get("/dashboard")).text
        assert (await browser.get("/dashboard/audit/export")).status_code == 403
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        assert "/dashboard/audit" in (await browser.get("/dashboard")).text
