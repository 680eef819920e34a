"""/admin from a chat: by role, answered where it was asked, and nothing by way of the model."""

from __future__ import annotations

import pytest

from chat.moderation import Category, Finding, Priority, Side, Verdict
from chat.people import Role
from storage.repositories import DecisionState, ReviewVerdict
from tests.handlers.world import Person, World


async def chief(world: World, role: Role = Role.MODERATOR, number: str = "9") -> Person:
    """Somebody with a role."""
    person = world.person(number, name="Grace")
    await person.says("hello")
    await world.promote(await person.user(), role)
    return person


async def flagged(world: World, person: Person) -> int:
    """A flag on what somebody said last; its number."""
    message, turn = (await person.messages())[-1], await person.latest()
    verdict = Verdict(
        findings=(Finding("words", Category.HATE, 0.9),), category="hate", priority=Priority.NORMAL
    )
    async with world.database.write() as tx:
        raised = await tx.flags.add(
            message.conversation_id,
            message.id,
            verdict,
            side=Side.QUESTION,
            user_id=(await person.user()).id,
            turn_id=turn.id,
        )
    assert raised is not None
    return raised[0].id


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


async def test_a_flag_is_one_persons_at_a_time(world: World) -> None:
    grace, max_, ada = await chief(world), await chief(world, number="10"), world.person("1")
    await ada.says("hello")
    flag = await flagged(world, ada)
    await grace.says(f"/admin flags {flag}")
    assert f"/dashboard/queue/{flag}" in await grace.last_words()
    await max_.says(f"/admin flags {flag} dismiss")
    assert (await max_.keys())[-1] == "review-taken"
    await grace.says(f"/admin flags {flag} mute 2h he said so")
    assert (await grace.keys())[-1] == "admin-decided"
    await grace.says(f"/admin flags {flag} dismiss")
    assert (await grace.keys())[-1] == "review-taken"
    async with world.database.read() as tx:
        (decision,) = await tx.decisions.of_user((await ada.user()).id)
    assert (decision.verdict, decision.seconds) == (ReviewVerdict.MUTE, 7200)
    assert (decision.flag_id, decision.note) == (flag, "he said so")
    for words in (f"flags {flag} love", f"flags {flag} mute", "flags soon"):
        await grace.says(f"/admin {words}")
        assert (await grace.keys())[-1] == "admin-usage", words
    await grace.says("/admin flags 999")
    assert (await grace.keys())[-1] == "admin-nobody"


async def test_moderators_are_not_told_about_their_colleagues(world: World) -> None:
    grace, boss = await chief(world), await chief(world, Role.ADMIN, "10")
    await grace.says(f"/admin user {(await boss.user()).id}")
    assert (await grace.keys())[-1] == "review-not-permitted"
    await boss.says(f"/admin user {(await grace.user()).id}")
    assert "telegram:9" in await boss.last_words()


async def test_versions_of_the_policy_are_compared(world: World) -> None:
    grace = await chief(world)
    async with world.database.write() as tx:
        one = await tx.policies.add("name: One\n", note="", author_id=None)
        two = await tx.policies.add("name: Two\n# ```\n", note="", author_id=None)
    await grace.says(f"/admin policy diff {one.number} {two.number}")
    words = await grace.last_words()
    assert "2 lines more, one line less" in words
    assert "- name: One\n" in words
    assert "+ name: Two\n" in words
    assert words.count("```") == 2, "nothing inside ends the block"
    for wrong in ("diff 1", "diff a b", "publish", "burn 1", f"diff {one.number} 2 3"):
        await grace.says(f"/admin policy {wrong}")
        assert (await grace.keys())[-1] in ("admin-usage", "review-not-permitted"), wrong
    await grace.says("/admin policy diff 1 999")
    assert (await grace.keys())[-1] == "admin-nobody"


async def test_the_log_is_told_of_everybody_or_of_one_person(world: World) -> None:
    grace, ada, eve = await chief(world, Role.ADMIN), world.person("1"), world.person("2")
    await ada.says("hello")
    await eve.says("hello")
    number = (await ada.user()).id
    await grace.says(f"/admin quota {number} messages 5")
    await grace.says(f"/admin warn {(await eve.user()).id} hate")
    await grace.says("/admin audit")
    words = await grace.last_words()
    assert f"admin {(await grace.user()).id} · budget.set · user {number}" in words
    assert words.index("decision.made") < words.index("budget.set"), "the newest first"
    assert "/dashboard/audit" in words
    await grace.says(f"/admin audit {number}")
    words = await grace.last_words()
    assert "budget.set" in words
    assert "decision.made" not in words
    assert f"/dashboard/audit?subject=user:{number}" in words
