"""What is reported, found fault with or held outlives its deletion, hidden, until that is over."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest

from chat.moderation import Deed, Finding, Measure, Side, Verdict
from chat.people import Access, Role, User
from handlers.export import build_export
from handlers.moderation.holds import HoldBook, NotAHold
from handlers.moderation.rights import NotPermitted
from handlers.retention import Retention
from handlers.settings import KeepSettings
from storage.errors import NotFound
from storage.repositories import HoldKind
from tests.handlers.test_pictures import fetch
from tests.handlers.world import Person, World

DAY = 24 * 3600.0
FLAGGED = Verdict((Finding("words", "hate", 1.0),), (Measure(Deed.FLAG),), category="hate")


def keeper(world: World) -> Retention:
    return Retention(
        database=world.database, store=world.store, keep=KeepSettings(), clock=world.clock
    )


def book(world: World) -> HoldBook:
    return HoldBook(database=world.database, keep=KeepSettings(), clock=world.clock)


async def admin(world: World, role: Role = Role.ADMIN) -> User:
    async with world.database.write() as tx:
        return await tx.users.add("Olga", "en", role, Access.ALLOWED)


async def said(world: World, person: Person, *words: str) -> list[int]:
    """The numbers of what was said to us."""
    for each in words:
        await person.says(each)
        await world.answer("Fine.")
    return [each.id for each in await person.messages() if each.text in words]


async def flag(world: World, person: Person, message_id: int) -> int:
    conversation, user = await person.conversation(), await person.user()
    async with world.database.write() as tx:
        raised = await tx.flags.add(
            conversation.id, message_id, FLAGGED, side=Side.QUESTION, user_id=user.id
        )
    assert raised is not None
    return raised[0].id


async def kept_text(world: World, message_id: int) -> str | None:
    """What a message says, None for a tombstone."""
    async with world.database.read() as tx:
        try:
            return (await tx.messages.get(message_id)).text
        except NotFound:
            return None


async def proofs(world: World) -> list[Mapping[str, object]]:
    async with world.database.read() as tx:
        entries = await tx.audit.read(None, 100)
    return [json.loads(each.details) for each in entries if each.action == "hold.deleted"]


async def test_what_is_under_decision_outlives_delete_and_the_person_is_told(
    any_world: World,
) -> None:
    ada = any_world.person("1")
    bad, good = await said(any_world, ada, "something bad", "something good")
    number, old = await flag(any_world, ada, bad), await ada.user()
    await ada.says("/delete")
    assert (await ada.keys())[-2:] == ["delete-keeps", "delete-question"]
    await ada.presses("delete:yes")
    assert "but for one message" in await ada.last_words()
    assert "until that is decided" in await ada.last_words()
    assert await kept_text(any_world, bad) == "something bad"
    assert await kept_text(any_world, good) is None
    assert await ada.messages() == [], "nobody reads it in the chat any more"
    async with any_world.database.read() as tx:
        assert await tx.messages.of_user(old.id) == []
        assert await tx.holds.waiting() == 1
    assert await keeper(any_world).delete_released() == 0
    await ada.says("/delete")
    await ada.presses("delete:yes")
    assert await kept_text(any_world, bad) == "something bad", "asking twice changes nothing"
    async with any_world.database.write() as tx:
        await tx.flags.close(number)
    assert await keeper(any_world).delete_released() == 1
    assert await kept_text(any_world, bad) is None
    assert await keeper(any_world).delete_released() == 0
    [proof] = await proofs(any_world)
    assert proof["count"] == 1
    async with any_world.database.read() as tx:
        assert await tx.holds.waiting() == 0


async def test_a_hold_on_a_person_keeps_all_until_its_day(any_world: World) -> None:
    ada, ben = any_world.person("1"), any_world.person("2", name="Ben")
    mine = await said(any_world, ada, "one", "two")
    theirs = await said(any_world, ben, "three")
    user = await ada.user()
    until = any_world.clock.now + 10 * DAY
    await book(any_world).put(
        await admin(any_world), HoldKind.USER, user.id, reason="court 7", until=until
    )
    for person in (ada, ben):
        await person.says("/delete")
        await person.says("/delete yes")
    assert "but for" in await ada.last_words()
    assert "2023-11-2" in await ada.last_words(), "the day that it is kept to"
    assert await ben.last_words() == "Everything of yours is deleted."
    assert [await kept_text(any_world, each) for each in mine] == ["one", "two"]
    assert [await kept_text(any_world, each) for each in theirs] == [None]
    any_world.clock.advance(9 * DAY)
    assert await keeper(any_world).delete_released() == 0
    any_world.clock.advance(2 * DAY)
    assert await keeper(any_world).delete_released() == 4, "with their answers"
    assert [await kept_text(any_world, each) for each in mine] == [None, None]


async def test_a_released_hold_lets_go_and_both_stand_in_the_log(world: World) -> None:
    ada, olga = world.person("1"), await admin(world)
    [one] = await said(world, ada, "one")
    number = await flag(world, ada, one)
    async with world.database.write() as tx:
        await tx.flags.close(number)
    until = world.clock.now + 10 * DAY
    hold = await book(world).put(olga, HoldKind.FLAG, number, reason="police", until=until)
    await ada.says("/delete")
    await ada.says("/delete yes")
    assert await kept_text(world, one) == "one"
    await book(world).release(olga, hold.id)
    with pytest.raises(NotFound):
        await book(world).release(olga, hold.id)
    assert await keeper(world).delete_released() == 1
    async with world.database.read() as tx:
        actions = [each.action for each in await tx.audit.read(None, 20)]
    assert actions == [*("hold.put", "hold.kept", "data.deleted", "hold.released", "hold.deleted")]


async def test_a_picture_stays_with_its_message_and_goes_with_it(
    world: World,
) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo", "look")
    await fetch(world)
    await world.answer("A cat.")
    [message] = [each for each in await ada.messages() if each.text == "look"]
    number = await flag(world, ada, message.id)
    async with world.database.read() as tx:
        [attachment] = (await tx.attachments.get_many({1})).values()
    assert attachment.picture is not None
    await ada.says("/delete")
    await ada.says("/delete yes")
    assert await world.store.get(attachment.picture.sha256)
    archive = zipfile.ZipFile(
        BytesIO(await build_export(world.database, world.store, (await ada.user()).id))
    )
    assert archive.namelist() == ["messages.json", "messages.txt"], "it is hidden"
    async with world.database.write() as tx:
        await tx.flags.close(number)
    assert await keeper(world).delete_released() == 1
    async with world.database.read() as tx:
        assert not await tx.attachments.referenced(attachment.picture.sha256)


async def test_a_deleted_conversation_keeps_what_is_under_decision(world: World) -> None:
    ada = world.person("1", channel="web")
    bad, good = await said(world, ada, "something bad", "something good")
    await flag(world, ada, bad)
    conversation, user = await ada.conversation(), await ada.user()
    kept = await world.book.delete(user, conversation.id)
    assert (kept.count, kept.until) == (1, None)
    assert await kept_text(world, bad) == "something bad"
    assert await kept_text(world, good) is None


async def test_only_admins_up_hold_and_only_what_makes_sense(world: World) -> None:
    ada = world.person("1")
    await said(world, ada, "one")
    user, olga, desk = await ada.user(), await admin(world), book(world)
    now = world.clock.now
    for role in (Role.MEMBER, Role.REVIEWER, Role.MODERATOR):
        with pytest.raises(NotPermitted):
            await desk.put(
                await admin(world, role), HoldKind.USER, user.id, reason="x", until=now + DAY
            )
    for reason, until in (("", now + DAY), ("  ", now + DAY), ("x", now - 1), ("x", now + 1e10)):
        with pytest.raises(NotAHold):
            await desk.put(olga, HoldKind.USER, user.id, reason=reason, until=until)
    for kind in HoldKind:
        with pytest.raises(NotFound):
            await desk.put(olga, kind, 999, reason="x", until=now + DAY)
    assert (await desk.look(olga)).holds == ()
