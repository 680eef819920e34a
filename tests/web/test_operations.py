"""What admins set on the dashboard's start page: maintenance, and which model answers."""

from __future__ import annotations

import time

from chat.people import Role
from handlers.invitations import make_invitation
from tests.web.house import House
from tests.web.test_queue import press


async def actions(house: House) -> list[str]:
    """What the log says was done."""
    async with house.database.read() as tx:
        return [entry.action for entry in await tx.audit.read(None, 20)]


async def test_an_admin_lets_questions_wait_and_answers_them_again(house: House) -> None:
    async with house.signed_in(await house.add_user("Max", Role.ADMIN)) as browser:
        assert "Questions are answered as they come." in (await browser.get("/dashboard")).text
        form = {"do": "begin", "text": "<b>Soon</b>"}
        page = (await press(browser, "/dashboard/maintenance", **form)).text
        assert page.count("Questions wait since") == 2
        assert "&lt;b&gt;Soon" in page
        assert "<b>" not in page
        assert "Questions wait since" in (await browser.get("/dashboard/now")).text
        page = (await press(browser, "/dashboard/maintenance", do="end")).text
        assert "Questions wait since" not in page
        wrong = await browser.post("/dashboard/maintenance", data={"do": "dance"})
        assert wrong.status_code == 400
    assert await actions(house) == ["maintenance.begun", "maintenance.ended"]


async def test_others_see_it_and_cannot_change_it(house: House) -> None:
    admin = await house.add_user("Max", Role.ADMIN)
    async with house.database.write() as tx:
        await tx.operations.begin_maintenance("Soon.", by=admin.id)
    async with house.signed_in(await house.add_user("Eva", Role.MODERATOR)) as browser:
        page = (await browser.get("/dashboard")).text
        assert "Questions wait since" in page
        assert "Soon." in page
        for path in ("/dashboard/maintenance", "/dashboard/model"):
            assert path not in page
            form = {"do": "end", "model": "second-model", "sure": "yes"}
            assert (await browser.post(path, data=form)).status_code == 422
    async with house.database.read() as tx:
        assert await tx.operations.maintenance() is not None
        assert (await tx.operations.model()).wanted == ""
    assert await actions(house) == []


async def test_an_admin_switches_to_a_model_that_the_settings_allow(house: House) -> None:
    async with house.signed_in(await house.add_user("Max", Role.ADMIN)) as browser:
        page = (await browser.get("/dashboard")).text
        assert "Chosen: default" in page
        assert "<option>third-model</option>" in page
        unsure = await browser.post("/dashboard/model", data={"model": "second-model"})
        assert unsure.status_code == 400
        foreign = await browser.post("/dashboard/model", data={"model": "evil", "sure": "yes"})
        assert foreign.status_code == 422
        assert "The settings do not name that model." in foreign.text
        form = {"model": "second-model", "sure": "yes"}
        page = (await press(browser, "/dashboard/model", **form)).text
        assert "Workers are switching to second-model." in page
        async with house.database.write() as tx:
            choice = await tx.operations.model()
            assert await tx.operations.model_failed(choice.number, "second-model")
        page = (await browser.get("/dashboard")).text
        assert "second-model could not answer" in page
        assert "Chosen: default" in page
    assert await actions(house) == ["model.wanted"]


async def test_an_invitation_with_a_role_makes_a_member_one_of_staff(house: House) -> None:
    olga, anna = await house.add_user("Olga", Role.OWNER), await house.add_user("Anna")
    async with house.database.write() as tx:
        code = await make_invitation(tx, olga, uses=1, days=1, now=time.time(), role=Role.REVIEWER)
    async with house.signed_in(anna) as browser:
        assert (await browser.get("/dashboard")).status_code == 403
        page = await press(browser, f"/pair/{code}")
        assert page.status_code == 200, "she is signed in again, since her role is another one"
        assert (await browser.get("/dashboard")).status_code == 200
    assert await actions(house) == ["invitation.made", "invitation.used"]
