"""What is too old goes, a few at a time and with proofs; what is held stays."""

from __future__ import annotations

import hashlib
import json

import pytest
from msgspec import structs

from chat.moderation import Deed, Finding, Measure, Side, Verdict
from handlers.retention import Retention, dry_run
from handlers.settings import KeepSettings
from storage.chain import Entry
from storage.repositories import DataKind, DecisionState, HoldKind, Rating, ReviewVerdict
from tests.handlers.test_pictures import fetch
from tests.handlers.world import Person, World

DAY = 24 * 3600.0
FLAGGED = Verdict((Finding("words", "hate", 1.0),), (Measure(Deed.FLAG),), category="hate")


def keeper(world: World, batch: int = 500, **keep: str) -> Retention:
    return Retention(
        database=world.database,
        store=world.store,
        keep=KeepSettings(**keep),
        clock=world.clock,
        batch=batch,
    )


async def texts(world: World, person: Person) -> list[str]:
    async with world.database.read() as tx:
        user = await tx.users.by_identity("telegram", person.external_id)
        assert user is not None
        return [message.text for message in await tx.messages.of_user(user.id)]


async def talked(world: World, person: Person, *words: str) -> None:
    for each in words:
        await person.says(each)
        await world.answer(f"about {each}")


async def proofs(world: World, action: str = "retention.deleted") -> list[Entry]:
    async with world.database.read() as tx:
        return [entry for entry in await tx.audit.read(None, 100) if entry.action == action]


async def first_message(world: World) -> tuple[int, int]:
    """Its number and its conversation's."""
    async with world.database.read() as tx:
        message = await tx.messages.get(1)
        return message.id, message.conversation_id


async def flag(world: World) -> int:
    """The first message is flagged."""
    message, conversation = await first_message(world)
    async with world.database.write() as tx:
        user = await tx.users.by_identity("telegram", "1")
        assert user is not None
        raised = await tx.flags.add(
            conversation, message, FLAGGED, side=Side.QUESTION, user_id=user.id
        )
    assert raised is not None
    return raised[0].id


async def test_what_is_too_old_goes_with_a_proof_for_each_batch(any_world: World) -> None:
    ada = any_world.person("1")
    await talked(any_world, ada, "one", "two", "three")
    any_world.clock.advance(31 * DAY)
    await talked(any_world, ada, "four")
    retention = keeper(any_world, batch=4, keep_messages="30 d")
    assert await retention.run() == 6
    assert await texts(any_world, ada) == ["four", "about four"]
    first, second = await proofs(any_world)
    assert (first.object_kind, first.object_id, first.actor) == ("data", "messages", "assistant")
    told = [json.loads(entry.details) for entry in (first, second)]
    assert [each["count"] for each in told] == [4, 2]
    assert told[0]["oldest"] < told[0]["newest"] < told[1]["oldest"]
    assert await keeper(any_world, keep_messages="30 d").run() == 0, "looked through a moment ago"
    any_world.clock.advance(3601)
    assert await keeper(any_world, keep_messages="30 d").run() == 0
    assert len(await proofs(any_world)) == 2, "nothing gone, nothing to prove"
    async with any_world.database.read() as tx:
        looked = await tx.retention.looked()
    assert looked[DataKind.MESSAGES].gone == 6
    assert looked[DataKind.MESSAGES].next_at > any_world.clock.now


async def test_the_fingerprint_is_of_numbers_and_times(world: World) -> None:
    await talked(world, world.person("1"), "one")
    async with world.database.read() as tx:
        times = [(number, (await tx.messages.get(number)).created_at) for number in (1, 2)]
    world.clock.advance(31 * DAY)
    await keeper(world, keep_messages="30 d").run()
    lines = "".join(f"{number} {round(at * 1000)}\n" for number, at in times)
    [proof] = await proofs(world)
    assert json.loads(proof.details)["sha256"] == hashlib.sha256(lines.encode()).hexdigest()


async def test_nothing_goes_unless_it_is_set(world: World) -> None:
    await talked(world, world.person("1"), "one")
    world.clock.advance(9000 * DAY)
    assert await keeper(world).run() == 0
    assert all(going is None for going in (await dry_run(world.database, KeepSettings())).values())


async def test_whoever_is_stopped_goes_on_where_that_was(world: World) -> None:
    ada = world.person("1")
    await talked(world, ada, *(f"word {number}" for number in range(5)))
    world.clock.advance(31 * DAY)
    stopped = keeper(world, batch=3, keep_messages="30 d")
    assert await stopped._once(DataKind.MESSAGES, world.clock.now - 30 * DAY) == 3
    assert await keeper(world, batch=3, keep_messages="30 d").run() == 7
    assert await texts(world, ada) == []
    assert sum(json.loads(entry.details)["count"] for entry in await proofs(world)) == 10


async def test_what_is_under_decision_or_held_stays(any_world: World) -> None:
    ada = any_world.person("1")
    await talked(any_world, ada, "one", "two")
    number = await flag(any_world)
    any_world.clock.advance(31 * DAY)
    keep = KeepSettings(keep_messages="30 d", keep_flags="30 d")
    going = await dry_run(any_world.database, keep, clock=any_world.clock)
    messages = going[DataKind.MESSAGES]
    assert messages is not None
    assert (messages.count, messages.held) == (3, 1)
    assert await keeper(any_world, **structs.asdict(keep)).run() == 3
    assert await texts(any_world, ada) == ["one"]
    async with any_world.database.write() as tx:
        await tx.flags.close(number)
        user = await tx.users.by_identity("telegram", "1")
        assert user is not None
        hold = await tx.holds.add(
            HoldKind.USER,
            user.id,
            reason="court",
            until=any_world.clock.now + 90 * DAY,
            created_by=None,
        )
    any_world.clock.advance(40 * DAY)
    assert await keeper(any_world, **structs.asdict(keep)).run() == 0
    async with any_world.database.write() as tx:
        await tx.holds.release(hold.id, by=None)
    any_world.clock.advance(3601)
    assert await keeper(any_world, **structs.asdict(keep)).run() == 2
    assert await texts(any_world, ada) == []
    assert [entry.object_id for entry in await proofs(any_world)] == [
        "messages",
        "messages",
        "flags",
    ]


async def test_pictures_go_before_the_words_beside_them(any_world: World) -> None:
    ada = any_world.person("1")
    await ada.sends_picture("photo", "look")
    await fetch(any_world)
    await any_world.answer("A drawing.")
    assert len(any_world.files()) == 1
    any_world.clock.advance(10 * DAY)
    assert await keeper(any_world, keep_pictures="7 d").run() == 1
    assert any_world.files() == []
    assert await texts(any_world, ada) == ["look", "A drawing."]
    [proof] = await proofs(any_world)
    assert proof.object_id == "pictures"
    await ada.says("And now?")
    [turn] = await any_world.claim()
    async with any_world.database.read() as tx:
        past = await tx.messages.history(turn.conversation_id)
        found = await tx.attachments.get_many({1})
    assert [message.text for message in past] == ["look", "A drawing.", "And now?"]
    assert found == {}


async def test_flags_reports_and_thumbs_go_by_their_own_times(any_world: World) -> None:
    ada = any_world.person("1")
    await talked(any_world, ada, "one")
    number = await flag(any_world)
    message, conversation = await first_message(any_world)
    user = await ada.user()
    async with any_world.database.write() as tx:
        await tx.reports.add(
            user.id,
            conversation_id=conversation,
            message_id=message,
            flag_id=number,
            reason="wrong",
            note="",
        )
        await tx.feedback.rate(user.id, Rating(1, 1, liked=True))
    any_world.clock.advance(10 * DAY)
    retention = keeper(any_world, keep_flags="7 d", keep_reports="7 d", keep_feedback="7 d")
    assert await retention.run() == 1, "the flag is open, and so its report stays"
    async with any_world.database.write() as tx:
        await tx.flags.close(number)
    any_world.clock.advance(8 * DAY)
    assert await retention.run() == 2
    gone = [entry.object_id for entry in await proofs(any_world)]
    assert gone == ["feedback", "flags", "reports"]


async def test_a_decision_that_can_be_undone_holds(world: World) -> None:
    await talked(world, world.person("1"), "one")
    number = await flag(world)
    message, conversation = await first_message(world)
    async with world.database.write() as tx:
        await tx.flags.close(number)
        await tx.decisions.add(
            ReviewVerdict.BAN,
            decided_by=None,
            category="hate",
            policy=0,
            state=DecisionState.WAITING,
            due_at=1e12,
            flag_id=number,
            message_id=message,
            conversation_id=conversation,
        )
    world.clock.advance(31 * DAY)
    assert await keeper(world, keep_messages="30 d").run() == 1


@pytest.mark.parametrize("text", ["1 h", "soon", "30", "-3 d", "5000 d"])
def test_times_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="KEEP_REPORTS wants a time from 1 d to ten years"):
        KeepSettings(keep_reports=text)
