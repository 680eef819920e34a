"""Invitations from a chat: with a role only where the owner agrees, once, and until revoked."""

from __future__ import annotations

import json
import re

import pytest

from chat.people import Access, Role
from handlers.settings import AccessMode, AccessSettings
from tests.handlers.moderation.test_admin import chief
from tests.handlers.world import Person, World


async def code_in(person: Person) -> str:
    """The code of the link that somebody was told."""
    match = re.search(r"/pair/(\S+)", await person.last_words())
    assert match, await person.last_words()
    return match[1]


async def log(world: World) -> list[tuple[str, dict[str, object]]]:
    """What the audit log says."""
    async with world.database.read() as tx:
        return [(each.action, json.loads(each.details)) for each in await tx.audit.read(None, 99)]


@pytest.fixture
async def closed(world: World) -> World:
    """A world where people come in by invitation."""
    world.rewire(AccessSettings(AccessMode.INVITE))
    return world


async def staff(world: World, role: Role, number: str) -> Person:
    """Somebody who is in, with a role."""
    person = world.person(number, name="Grace")
    await person.says("hello")
    user = await person.user()
    async with world.database.write() as tx:
        await tx.users.set_access(user.id, Access.ALLOWED)
    await world.promote(user, role)
    return person


async def test_an_invitation_is_for_one_person_and_one_week(closed: World) -> None:
    grace = await staff(closed, Role.ADMIN, "9")
    await grace.says("/admin invite")
    assert "one person" in await grace.last_words()
    assert "7 days" in await grace.last_words()
    code = await code_in(grace)
    eve, max_ = closed.person("2"), closed.person("3")
    await eve.says(f"/start {code}")
    await max_.says(f"/start {code}")
    assert (await eve.keys())[-1] == "welcome"
    assert (await max_.keys())[-1] == "code-wrong"
    assert (await eve.user()).role is Role.MEMBER
    number, member = (await grace.user()).id, (await eve.user()).id
    assert await log(closed) == [
        ("invitation.made", {"role": "member", "uses": 1, "days": 7, "for": number}),
        ("invitation.used", {"by": number, "role": "member"}),
    ]
    assert member


async def test_a_role_is_given_once_an_owner_agrees(closed: World) -> None:
    olga = await staff(closed, Role.OWNER, "8")
    grace = await staff(closed, Role.ADMIN, "9")
    await grace.says("/admin invite moderator 2 days")
    assert (await grace.keys())[-1] == "admin-invite-asked"
    assert await log(closed) == [], "nothing is made before the owner says so"
    asked = (await olga.notices())[-1]
    assert "wants to invite somebody who becomes moderator" in await olga.last_words()
    await grace.presses(asked.buttons[0].action)
    assert (await grace.keys())[-1] == "review-not-permitted", "a button is worth who presses it"
    await olga.presses(asked.buttons[0].action)
    assert (await olga.keys())[-1] == "admin-invite-allowed"
    code = await code_in(grace)
    eve = closed.person("2")
    await eve.says(f"/start {code}")
    assert (await eve.user()).role is Role.MODERATOR
    made, used = await log(closed)
    assert made[1]["role"] == "moderator"
    assert used == ("invitation.used", {"by": (await grace.user()).id, "role": "moderator"})


async def test_an_owner_says_twice_that_a_role_is_meant(closed: World) -> None:
    olga = await staff(closed, Role.OWNER, "8")
    await olga.says("/admin invite admin")
    assert "becomes admin" in await olga.last_words()
    await olga.presses((await olga.notices())[-1].buttons[0].action)
    code = await code_in(olga)
    member = await staff(closed, Role.MEMBER, "4")
    await member.says(f"/start {code}")
    assert (await member.user()).role is Role.ADMIN, "also of somebody who is in already"


async def test_nobody_gives_a_role_that_they_do_not_stand_above(closed: World) -> None:
    olga = await staff(closed, Role.OWNER, "8")
    grace = await staff(closed, Role.ADMIN, "9")
    for words in ("invite admin", "invite owner"):
        await grace.says(f"/admin {words}")
        assert (await grace.keys())[-1] == "review-not-permitted"
    await olga.says("/admin invite owner")
    await olga.presses((await olga.notices())[-1].buttons[0].action)
    assert (await olga.keys())[-1] == "review-not-permitted"
    await grace.says("/admin invite moderator")
    asked = (await olga.notices())[-1].buttons[0].action
    await closed.promote(await grace.user(), Role.MODERATOR)
    await olga.presses(asked)
    assert (await olga.keys())[-1] == "review-not-permitted", "who asked may not any more"


async def test_who_invited_has_to_stand_above_it_when_it_is_used(closed: World) -> None:
    olga = await staff(closed, Role.OWNER, "8")
    grace = await staff(closed, Role.ADMIN, "9")
    await grace.says("/admin invite reviewer")
    await olga.presses((await olga.notices())[-1].buttons[0].action)
    code = await code_in(grace)
    await closed.promote(await grace.user(), Role.MEMBER)
    eve = closed.person("2")
    await eve.says(f"/start {code}")
    user = await eve.user()
    assert (user.role, user.access) == (Role.MEMBER, Access.ALLOWED)


async def test_nobody_is_made_less_than_they_are(closed: World) -> None:
    olga = await staff(closed, Role.OWNER, "8")
    await olga.says("/admin invite reviewer")
    await olga.presses((await olga.notices())[-1].buttons[0].action)
    code = await code_in(olga)
    boss = await staff(closed, Role.ADMIN, "9")
    await boss.says(f"/start {code}")
    assert (await boss.user()).role is Role.ADMIN
    eve = closed.person("2")
    await eve.says(f"/start {code}")
    assert (await eve.user()).role is Role.REVIEWER, "it was not used up"


async def test_what_is_revoked_lets_nobody_in(closed: World) -> None:
    olga = await staff(closed, Role.OWNER, "8")
    grace = await staff(closed, Role.ADMIN, "9")
    await grace.says("/admin invite 3 uses")
    code = await code_in(grace)
    await grace.says("/admin invite list")
    words = await grace.last_words()
    number = re.search(r"(\d+) · member · 3 × · 7 d", words)
    assert number, words
    await olga.says("/admin invite admin")
    await olga.presses((await olga.notices())[-1].buttons[0].action)
    await grace.says(f"/admin invite revoke {int(number[1]) + 1}")
    assert (await grace.keys())[-1] == "review-not-permitted", "that is of an admin"
    for key in ("admin-invite-revoked", "admin-nobody"):
        await grace.says(f"/admin invite revoke {number[1]}")
        assert (await grace.keys())[-1] == key
    eve = closed.person("2")
    await eve.says(f"/start {code}")
    assert (await eve.keys())[-1] == "code-wrong"
    assert [action for action, _ in await log(closed)][-1] == "invitation.revoked"


@pytest.mark.parametrize(
    "words",
    [
        "soon",
        "3",
        "3 weeks",
        "0 uses",
        "1001 uses",
        "366 days",
        "moderator 2 uses",
        "2 uses 3 uses",
    ],
)
async def test_mistakes_are_told(world: World, words: str) -> None:
    grace = await chief(world, Role.OWNER)
    await grace.says(f"/admin invite {words}")
    assert (await grace.keys())[-1] == "admin-usage"
