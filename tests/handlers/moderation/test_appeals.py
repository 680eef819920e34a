"""What people do about moderation: report answers, and appeal against decisions."""

from __future__ import annotations

import pytest

from chat.people import Access, Role, User
from handlers.moderation.appeals import Appeals
from handlers.moderation.rights import NotPermitted, TooLate
from handlers.requests import Requests
from storage.repositories import RestrictionKind
from tests.handlers.world import Person, World


async def staff(world: World, name: str, role: Role = Role.MODERATOR) -> User:
    async with world.database.write() as tx:
        user = await tx.users.add(name, "en", role, Access.ALLOWED)
        await tx.users.link(user.id, "telegram", f"staff-{name}")
    return user


async def muted(person: Person, by: User | None) -> int:
    """Somebody is muted; the number that they are told."""
    world, user = person.world, await person.user()
    async with world.database.write() as tx:
        given = await tx.restrictions.add(
            user.id,
            RestrictionKind.MUTE,
            category="hate",
            until=world.clock() + 3600,
            decided_by=by.id if by else None,
        )
    return given.id


def desk(world: World) -> Appeals:
    return Appeals(database=world.database, broker=world.broker, requests=Requests())


async def test_the_last_answer_or_the_one_replied_to_is_reported(any_world: World) -> None:
    ada = any_world.person("1")
    await ada.says("first")
    (first,) = await any_world.answer("One.")
    await ada.says("second")
    await any_world.answer("Two.")
    async with any_world.database.write() as tx:
        part = await tx.outbound.add_part(first.id, 0, first.conversation_id)
        await tx.outbound.sent(part.id, "p1")
    await ada.says("/report it is wrong")
    await ada.says("/report", reply_to="p1")
    await ada.says("/report once more")
    assert (await ada.keys())[-3:] == ["report-thanks", "report-thanks", "report-known"]
    async with any_world.database.read() as tx:
        flags = await tx.flags.of_user((await ada.user()).id)
        texts = [(await tx.messages.get(flag.message_id or 0)).text for flag in flags]
    assert texts == ["One.", "Two."]
    assert flags[1].findings[0].evidence == ("it is wrong",)
    assert flags[1].reports == 2


async def test_without_an_answer_there_is_nothing_to_report(world: World) -> None:
    ada = world.person("1")
    await ada.says("hello")
    await ada.says("/report")
    await ada.says("/report", reply_to="unknown")
    assert (await ada.keys())[-2:] == ["report-nothing", "report-nothing"]


async def test_somebody_else_decides_an_appeal_and_the_person_hears_of_it(
    any_world: World,
) -> None:
    ada, grace, linus = any_world.person("1"), *[await staff(any_world, n) for n in ("g", "l")]
    await ada.says("hello")
    number = await muted(ada, by=grace)
    await ada.says(f"/appeal {number} I did not mean it")
    await ada.says("/appeal")
    assert (await ada.keys())[-2:] == ["appeal-thanks", "appeal-known"]
    (mine,) = await desk(any_world).list(grace)
    assert mine.own
    assert mine.appeal.text == "I did not mean it"
    with pytest.raises(NotPermitted):
        await desk(any_world).decide(grace, mine.appeal.id, overturn=False)
    await desk(any_world).decide(linus, mine.appeal.id, overturn=True)
    with pytest.raises(TooLate):
        await desk(any_world).decide(linus, mine.appeal.id, overturn=False)
    assert (await ada.last_words()).startswith("Your appeal was right")
    await ada.says("may I?")
    assert await any_world.answer()
    await ada.says(f"/appeal {number}")
    assert (await ada.keys())[-1] == "appeal-nothing"


async def test_a_lone_owner_decides_again_and_it_is_said(world: World) -> None:
    ada, root = world.person("1"), await staff(world, "root", Role.OWNER)
    await ada.says("hello")
    await muted(ada, by=root)
    await ada.says("/appeal please")
    (found,) = await desk(world).list(root)
    appeal = await desk(world).decide(root, found.appeal.id, overturn=False)
    assert appeal.same_person
    assert "same person" in await ada.last_words()


async def test_others_numbers_are_not_there(world: World) -> None:
    ada, eve = world.person("1"), world.person("2")
    await ada.says("hello")
    await eve.says("hello")
    number = await muted(ada, by=None)
    await eve.says(f"/appeal {number} for them")
    assert (await eve.keys())[-1] == "appeal-nothing"
    with pytest.raises(NotPermitted):
        await desk(world).list(await eve.user())
