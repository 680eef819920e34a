"""The settings of the dashboard: who may give which role, and how each wants to work."""

from __future__ import annotations

import httpx2
import pytest

from chat.moderation import Category
from chat.people import Role, User
from storage.repositories import Habits
from tests.web.house import House
from tests.web.test_queue import flagged

TEAM = "/dashboard/settings/team"


async def role_of(house: House, user: User) -> Role:
    async with house.database.read() as tx:
        return (await tx.users.get(user.id)).role


async def actions(house: House) -> list[str]:
    async with house.database.read() as tx:
        return [entry.action for entry in await tx.audit.read(None, 20)]


async def test_an_owner_makes_somebody_a_moderator_and_takes_it_back(house: House) -> None:
    ada, olga = await house.add_user("Ada"), await house.add_user("Olga", Role.OWNER)
    async with house.signed_in(olga) as browser:
        given = await browser.post(TEAM, data={"user": f"#{ada.id}", "role": "moderator"})
        assert given.headers["location"] == "/dashboard/settings"
        page = (await browser.get("/dashboard/settings")).text
        assert "Ada" in page
        assert "no second factor" in page
        assert await role_of(house, ada) is Role.MODERATOR
        await browser.post(f"{TEAM}/{ada.id}/role", data={"role": "member"})
        assert "Ada" not in (await browser.get("/dashboard/settings")).text
    assert await role_of(house, ada) is Role.MEMBER
    assert await actions(house) == ["team.role", "team.role"]


@pytest.mark.parametrize(
    ("asking", "of", "wanted", "allowed"),
    [
        (Role.OWNER, Role.MEMBER, Role.ADMIN, True),
        (Role.OWNER, Role.MEMBER, Role.OWNER, False),
        (Role.OWNER, Role.OWNER, Role.MEMBER, False),
        (Role.ADMIN, Role.MEMBER, Role.MODERATOR, True),
        (Role.ADMIN, Role.MEMBER, Role.ADMIN, False),
        (Role.ADMIN, Role.ADMIN, Role.MEMBER, False),
        (Role.ADMIN, Role.OWNER, Role.REVIEWER, False),
        (Role.MODERATOR, Role.MEMBER, Role.REVIEWER, False),
        (Role.REVIEWER, Role.MEMBER, Role.REVIEWER, False),
    ],
)
async def test_nobody_gives_what_they_do_not_stand_above(
    house: House, asking: Role, of: Role, wanted: Role, allowed: bool
) -> None:
    user, person = await house.add_user("Max", asking), await house.add_user("Pia", of)
    async with house.signed_in(user) as browser:
        data = {"user": str(person.id), "role": wanted.value}
        status = (await browser.post(TEAM, data=data)).status_code
        mine = (await browser.post(f"{TEAM}/{user.id}/role", data={"role": "member"})).status_code
    assert (status, await role_of(house, person)) == ((303, wanted) if allowed else (422, of))
    assert (mine, await role_of(house, user)) == (422, asking)


async def test_below_admins_nobody_reads_who_works_here(house: House) -> None:
    await house.add_user("Olga", Role.OWNER)
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        page = (await browser.get("/dashboard/settings")).text
    assert "Olga" not in page
    assert "How you want to work" in page


async def test_somebody_is_signed_out_everywhere(house: House) -> None:
    olga, max_ = (
        await house.add_user("Olga", Role.ADMIN),
        await house.add_user("Max", Role.REVIEWER),
    )
    async with house.signed_in(olga) as browser, house.signed_in(max_) as gone:
        assert (await gone.get("/dashboard/queue")).status_code == 200
        await browser.post(f"{TEAM}/{max_.id}/sign-out")
        assert (await gone.get("/dashboard/queue")).status_code == 401
    assert await actions(house) == ["team.signed-out"]


async def test_the_owner_lets_one_by_name_see_what_is_locked(house: House) -> None:
    flag = await flagged(house, await house.add_user("Ada"))
    async with house.database.write() as tx:
        await tx.flags.lock(flag.id)
    max_, pia = [await house.add_user(name, Role.MODERATOR) for name in ("Max", "Pia")]
    path = f"/dashboard/queue/{flag.id}"
    async with (
        house.signed_in(await house.add_user("Olga", Role.OWNER)) as owner,
        house.signed_in(await house.add_user("Ann", Role.ADMIN)) as admin,
        house.signed_in(max_) as named,
        house.signed_in(pia) as other,
    ):
        unlock = f"{TEAM}/{max_.id}/unlock"
        assert (await admin.post(unlock, data={"unlocked": "yes"})).status_code == 422
        assert (await named.get(path)).status_code == 404
        await owner.post(unlock, data={"unlocked": "yes"})
        assert [(await each.get(path)).status_code for each in (named, other)] == [200, 404]
        await owner.post(unlock, data={"unlocked": "no"})
        assert (await named.get(path)).status_code == 404
    assert (await actions(house))[:2] == ["team.unlocked", "team.unlocked"]


async def chosen(browser: httpx2.AsyncClient, pictures: str, *left_out: str) -> int:
    data = {"pictures": pictures, "left-out": list(left_out)}
    return (await browser.post("/dashboard/settings/habits", data=data)).status_code


async def test_pictures_are_shown_as_each_has_chosen(house: House) -> None:
    flag = await flagged(house, await house.add_user("Ada"), picture=True)
    path = f"/dashboard/queue/{flag.id}"
    async with house.signed_in(await house.add_user("Max", Role.REVIEWER)) as browser:
        assert 'class="unseen both"' in (await browser.get(path)).text
        assert await chosen(browser, "muted") == 303
        page = (await browser.get(path)).text
        assert f'data-src="{path}/pictures/' in page
        assert f' src="{path}/pictures/' not in page, "not fetched before it is wanted"
        assert await chosen(browser, "plain") == 303
        assert 'class="seen"' in (await browser.get(path)).text
        assert await chosen(browser, "upside-down") == 400


async def test_what_one_has_left_out_is_offered_to_others_only(house: House) -> None:
    ada = await house.add_user("Ada")
    flag = await flagged(house, ada)  # of hate
    max_ = await house.add_user("Max", Role.REVIEWER)
    async with (
        house.signed_in(max_) as browser,
        house.signed_in(await house.add_user("Pia", Role.REVIEWER)) as other,
    ):
        assert await chosen(browser, "both", Category.HATE, "no-such-kind") == 303
        nothing = await browser.post("/dashboard/queue/next")
        assert nothing.headers["location"] == "/dashboard/queue"
        offered = await other.post("/dashboard/queue/next")
        assert offered.headers["location"] == f"/dashboard/queue/{flag.id}"
        assert (await browser.get(f"/dashboard/queue/{flag.id}")).status_code == 200
    async with house.database.read() as tx:
        assert (await tx.reviewers.get(max_.id)).left_out == ("hate",)
        assert await tx.reviewers.get(ada.id) == Habits()


async def test_the_owner_is_offered_everything(house: House) -> None:
    flag = await flagged(house, await house.add_user("Ada"))
    async with house.signed_in(await house.add_user("Olga", Role.OWNER)) as browser:
        assert await chosen(browser, "both", Category.HATE) == 303
        offered = await browser.post("/dashboard/queue/next")
    assert offered.headers["location"] == f"/dashboard/queue/{flag.id}"
