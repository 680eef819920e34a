"""Privacy on the web: what is kept, what was deleted, what is held, by whom it may be."""

from __future__ import annotations

from datetime import date, timedelta

from chat.people import Role
from handlers.retention import Retention
from handlers.settings import KeepSettings
from tests.web.house import House

NEXT_WEEK = (date.today() + timedelta(days=7)).isoformat()


async def test_an_admin_holds_what_there_is_of_a_person_and_lets_it_go(house: House) -> None:
    ada = await house.add_user("Ada")
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        person = (await browser.get(f"/dashboard/people/{ada.id}")).text
        assert f"/dashboard/privacy?kind=user&amp;number={ada.id}#put-heading" in person
        address = "/dashboard/privacy"
        page = (await browser.get(address, params={"kind": "user", "number": str(ada.id)})).text
        assert f'value="{ada.id}"' in page
        assert "Nobody has put a hold on anything." in page
        hold = {"kind": "user", "number": f"#{ada.id}", "reason": "<court>", "until": NEXT_WEEK}
        assert (await browser.post(f"{address}/holds", data=hold)).status_code == 303
        page = (await browser.get(address)).text
        assert f"Person {ada.id}" in page
        assert "&lt;court&gt;" in page
        assert f"until {NEXT_WEEK}" in page
        assert (await browser.post(f"{address}/holds/1/release")).status_code == 303
        page = (await browser.get(address)).text
        assert "Nobody has put a hold on anything." in page
        assert "released" in page


async def test_a_hold_that_cannot_be_comes_back_with_what_was_written(house: House) -> None:
    ada = await house.add_user("Ada")
    good = {"kind": "user", "number": str(ada.id), "reason": "court", "until": NEXT_WEEK}
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        for wrong in (
            {"reason": " "},
            {"until": "2001-01-01"},
            {"until": "9999-12-31"},
            {"until": "soon"},
            {"number": "Ada"},
            {"number": "999999"},
            {"kind": "planet"},
        ):
            refused = await browser.post("/dashboard/privacy/holds", data=good | wrong)
            assert refused.status_code == 422, wrong
            assert "A hold needs a reason" in refused.text
            if "reason" not in wrong:
                assert 'value="court"' in refused.text
    async with house.database.read() as tx:
        assert await tx.holds.in_force() == []


async def test_deletions_are_shown_with_their_proof(house: House) -> None:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        number = (await browser.post("/conversations")).json()["conversation"]
        await browser.post(f"/c/{number}/messages", data={"text": "long ago"})
    later = (await _clock(house)) + 40 * 24 * 3600
    keep = KeepSettings(keep_messages="30 d")
    retention = Retention(
        database=house.database,
        store=house.book._store,
        keep=keep,
        clock=lambda: later,
    )
    assert await retention.run() == 1
    async with house.signed_in(await house.add_user("Olga", Role.OWNER)) as browser:
        page = (await browser.get("/dashboard/privacy")).text
    async with house.database.read() as tx:
        [proof] = [each for each in await tx.audit.read(None, 10) if each.object_kind == "data"]
    assert proof.details.split('"sha256":"')[1][:64] in page
    assert "until somebody deletes it" in page, "these pages were told nothing else"


async def test_others_do_not_see_it(house: House) -> None:
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        assert (await browser.get("/dashboard/privacy")).status_code == 403
        assert "/dashboard/privacy" not in (await browser.get("/dashboard")).text


async def _clock(house: House) -> float:
    async with house.database.read() as tx:
        return (await tx.messages.get(1)).created_at
