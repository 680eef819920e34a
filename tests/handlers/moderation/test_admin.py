"""/admin from a chat: by role, answered where it was asked, and nothing by way of the model."""

from __future__ import annotations

import pytest

from chat.people import Role
from storage.repositories import DecisionState, ReviewVerdict
from tests.handlers.world import Person, World


async def chief(world: World, role: Role = Role.MODERATOR, number: str = "9") -> Person:
    """Somebody with a role."""
    person = world.person(number, name="Grace")
    await person.says("hello")
    await world.promote(await person.user(), role)
    return person


async def test_people_without_a_role_hear_of_no_such_command(world: World) -> None:
    ada = world.person("1")
    await ada.says("/admin users")
    await ada.presses("admin:ban 1 forever hate")
    assert (await ada.keys())[-2:] == ["unknown-command", "unknown-command"]


@pytest.mark.parametrize(
    ("role", "offered", "hidden"),
    [
        (Role.REVIEWER, "/admin warn", "/admin mute"),
        (Role.MODERATOR, "/admin ban", "/admin retry"),
        (Role.ADMIN, "/admin retry", "—"),
    ],
)
async def test_help_lists_what_the_role_may_do(
    world: World, role: Role, offered: str, hidden: str
) -> None:
    grace = await chief(world, role)
    await grace.says("/admin")
    words = await grace.last_words()
    assert offered in words
    assert hidden not in words
    await grace.says("/admin retry 1")
    expected = "nothing-to-retry" if role is Role.ADMIN else "admin-help"
    assert (await grace.keys())[-1] == expected


async def test_a_mute_is_decided_by_number_or_by_the_messengers_own(world: World) -> None:
    grace, ada, eve = await chief(world), world.person("1"), world.person("2")
    await ada.says("hello")
    await eve.says("hello")
    await grace.says(f"/admin mute {(await ada.user()).id} 2h hate he said so")
    await grace.says("/admin mute telegram:2 2h hate")
    assert (await grace.keys())[-2:] == ["admin-decided", "admin-decided"]
    async with world.database.read() as tx:
        (about_ada,) = await tx.decisions.of_user((await ada.user()).id)
        (about_eve,) = await tx.decisions.of_user((await eve.user()).id)
    assert (about_ada.verdict, about_ada.seconds) == (ReviewVerdict.MUTE, 7200)
    assert (about_ada.category, about_ada.note) == ("hate", "he said so")
    assert about_eve.decided_by == (await grace.user()).id


async def test_a_ban_for_good_is_asked_about_and_waits_for_a_second_person(
    world: World,
) -> None:
    grace, ada = await chief(world), world.person("1")
    await chief(world, number="10")
    await ada.says("hello")
    command = f"ban {(await ada.user()).id} forever hate"
    await grace.says(f"/admin {command}")
    asked = (await grace.notices())[-1]
    assert asked.notice is not None
    assert asked.notice.key == "admin-sure"
    async with world.database.read() as tx:
        assert await tx.decisions.of_user((await ada.user()).id) == []
    await grace.presses(asked.buttons[1].action)
    assert (await grace.keys())[-1] == "admin-kept"
    await grace.presses(asked.buttons[0].action)
    assert (await grace.keys())[-1] == "admin-second"
    async with world.database.read() as tx:
        (decision,) = await tx.decisions.of_user((await ada.user()).id)
    assert decision.state is DecisionState.WAITING


async def test_a_button_counts_for_the_role_that_somebody_has_now(world: World) -> None:
    grace, ada = await chief(world), world.person("1")
    await ada.says("hello")
    await world.promote(await grace.user(), Role.MEMBER)
    await grace.presses(f"admin:ban {(await ada.user()).id} forever hate")
    assert (await grace.keys())[-1] == "unknown-command"


async def test_mistakes_are_told(world: World) -> None:
    grace, ada = await chief(world), world.person("1")
    await ada.says("hello")
    number = (await ada.user()).id
    for words in (
        "mute",
        "mute nobody 2h hate",
        f"mute {number} soon hate",
        f"mute {number} 2h rudeness",
    ):
        await grace.says(f"/admin {words}")
        assert (await grace.keys())[-1] == "admin-usage", words
    for words in ("mute 999 2h hate", "mute telegram:999 2h hate", "user 999"):
        await grace.says(f"/admin {words}")
        assert (await grace.keys())[-1] == "admin-nobody", words
    await grace.says(f"/admin mute {(await grace.user()).id} 2h hate")
    assert (await grace.keys())[-1] == "review-not-permitted"


async def test_names_cannot_format_or_link_what_moderators_read(world: World) -> None:
    grace = await chief(world)
    await world.person("1", name="**[click](https://evil.example)**").says("hello")
    await grace.says("/admin users click")
    words = await grace.last_words()
    assert "click" in words
    assert "https://" not in words
    assert "[" not in words


async def test_unmuted_somebody_may_write_again(world: World) -> None:
    grace, ada = await chief(world), world.person("1")
    await ada.says("hello")
    user = await ada.user()
    await grace.says(f"/admin mute {user.id} 2h hate")
    world.clock.now += 10
    await world.assistant.sweep.bring_about()
    async with world.database.read() as tx:
        assert len(await tx.restrictions.in_force(user.id)) == 1
    await grace.says(f"/admin unmute {user.id}")
    await grace.says(f"/admin unmute {user.id}")
    assert (await grace.keys())[-2:] == ["admin-lifted", "admin-nothing"]
    async with world.database.read() as tx:
        assert await tx.restrictions.in_force(user.id) == []
