"""Many flags on the web: ticked, looked at once more, decided and undone."""

from __future__ import annotations

import re

from chat.people import Role
from storage.repositories import FlagState
from tests.web.house import House
from tests.web.test_queue import flagged, press

BULK = "/dashboard/queue/bulk"


async def test_many_are_ticked_previewed_decided_and_undone(house: House) -> None:
    moderator, anna = await house.add_user("Max", Role.MODERATOR), await house.add_user("Anna")
    flags = [await flagged(house, anna) for _ in range(3)]
    async with house.signed_in(moderator) as browser:
        page = (await browser.get(BULK)).text
        assert page.count("&lt;script&gt;bad words") == 3
        assert 'value="9"' not in page, "a ban for good is decided one by one"
        ticked = {"flag": [str(flag.id) for flag in flags[:2]], "option": "6", "category": "hate"}
        preview = (await browser.post(f"{BULK}/preview", data=ticked)).text
        assert "2 messages of one person." in preview
        assert "meets this once" in preview
        assert await states(house) == ["open"] * 3, "nothing has been done yet"
        sent = await browser.post(f"{BULK}/decide", data={**ticked, "note": "a raid"})
        assert sent.status_code == 303
        assert sent.headers["location"].startswith(f"{BULK}?category=hate&done=")
        page = (await browser.get(sent.headers["location"])).text
        assert "2 flags decided." in page
        assert await states(house) == ["decided", "decided", "open"]
        decisions = re.search(r'name="decisions" value="([\d.]+)"', page)
        assert decisions
        page = (await press(browser, f"{BULK}/undo", decisions=decisions[1])).text
        assert await states(house) == ["open"] * 3
        assert "3 flags" in page


async def states(house: House) -> list[str]:
    """Of all flags, in the order they were raised."""
    async with house.database.read() as tx:
        found = [await tx.flags.get(number) for number in (1, 2, 3)]
    return [flag.state.value for flag in found]


async def test_from_a_case_one_comes_to_all_that_the_person_is_flagged_for(house: House) -> None:
    moderator, anna = await house.add_user("Max", Role.MODERATOR), await house.add_user("Anna")
    ben = await house.add_user("Ben")
    mine, other, bens = [await flagged(house, who) for who in (anna, anna, ben)]
    async with house.signed_in(moderator) as browser:
        case = (await browser.get(f"/dashboard/queue/{mine.id}")).text
        assert "One more open flag of this person" in case
        page = (await browser.get(f"{BULK}?person={anna.id}")).text
        assert f'value="{other.id}"' in page
        assert f"/dashboard/queue/{bens.id}" not in page


async def test_what_is_not_offered_is_refused_and_nothing_is_done(house: House) -> None:
    moderator, anna = await house.add_user("Max", Role.MODERATOR), await house.add_user("Anna")
    flag = await flagged(house, anna)
    async with house.signed_in(moderator) as browser:
        for query in ("priority=7", "person=x", "person=" + "9" * 30):
            assert (await browser.get(f"{BULK}?{query}")).status_code == 400, query
        ban = await browser.post(f"{BULK}/decide", data={"flag": str(flag.id), "option": "9"})
        assert ban.status_code == 422
        assert "one by one" in ban.text
        odd = await browser.post(f"{BULK}/decide", data={"flag": ["x", "-1"], "option": "1"})
        assert odd.status_code == 303
        none = await browser.post(f"{BULK}/preview", data={"option": "1"})
        assert "Nothing was ticked" in none.text
        async with house.database.read() as tx:
            assert (await tx.flags.get(flag.id)).state is FlagState.OPEN
