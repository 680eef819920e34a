"""The way of a picture from a message into a turn."""

from __future__ import annotations

from chat.errors import NotSent, RetryAfter
from chat.inbound import InboundAttachment
from chat.messages import AttachmentPart, AttachmentState, Speaker
from chat.turns import TurnState
from tests.handlers.pictures import drawing, encoded, media
from tests.handlers.world import FileChannel, Person, World

PNG = encoded(drawing(), "PNG")
FILES = {"photo": PNG, "other": encoded(drawing(size=(32, 32)), "PNG"), "heic": media(b"heic")}


async def fetch(world: World, channel: FileChannel | None = None) -> int:
    """One round of fetching from a messenger that has FILES."""
    channel = channel or FileChannel(FILES)
    return await world.pictures.fetch_pending({("telegram", "bot"): channel})


async def states(person: Person) -> list[AttachmentState]:
    """What became of the pictures in a chat."""
    ids = [
        part.attachment_id
        for message in await person.messages()
        for part in message.parts
        if isinstance(part, AttachmentPart)
    ]
    async with person.world.database.read() as tx:
        found = await tx.attachments.get_many(ids)
    return [found[one].state for one in ids]


async def test_a_question_waits_for_its_picture(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo", "What is this?")
    assert world.pictures_called == 1
    assert await world.assistant.sweep.promote() == 0
    assert (await ada.latest()).state is TurnState.COLLECTING
    assert await fetch(world) == 1
    assert (await ada.latest()).state is TurnState.QUEUED
    assert await states(ada) == [AttachmentState.READY]
    assert await world.broker.hints("worker", count=10, block=5)
    [message] = await ada.messages()
    assert isinstance(message.parts[0], AttachmentPart), "the picture comes before its caption"


async def test_an_album_is_one_turn(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo", "Which is larger?", group_id="album")
    await ada.sends_picture("other", group_id="album")
    await fetch(world)
    assert (await ada.latest()).state is TurnState.COLLECTING, "more of it may follow"
    world.clock.advance(1.1)
    await world.assistant.sweep.promote()
    assert len(await ada.turns()) == 1
    assert await states(ada) == [AttachmentState.READY] * 2


async def begin_album(person: Person, text: str, group_id: str) -> None:
    """The first piece of an album, whose others are not waited for any more."""
    world = person.world
    await person.sends_picture("photo", text, group_id=group_id)
    await fetch(world)
    world.clock.advance(1.1)
    await world.assistant.sweep.promote()


async def test_a_late_piece_of_an_album_makes_its_answer_anew(any_world: World) -> None:
    world = any_world
    ada = world.person("1")
    await begin_album(ada, "Which is larger?", "album")
    [first] = await world.answer("This one, of one.")
    await ada.says("Thank you")
    await world.answer("Not at all.")

    await ada.sends_picture("other", group_id="album")
    assert [turn.id for turn in await ada.turns()] == [first.id]
    assert await world.claim() == [], "not before the picture is there"
    assert await world.broker.hints("worker", count=10, block=1)
    await fetch(world)
    assert await world.broker.hints("worker", count=10, block=5), "a worker is told"
    [again] = await world.answer("This one, of two.")
    assert again.id == first.id
    assert await states(ada) == [AttachmentState.READY] * 2
    said = [
        message.text for message in await ada.messages() if message.speaker is Speaker.ASSISTANT
    ]
    assert sorted(said) == ["Not at all.", "This one, of two."]


async def test_a_late_piece_joins_an_album_that_waits_in_the_line(any_world: World) -> None:
    world = any_world
    ada = world.person("1")
    await begin_album(ada, "Which is larger?", "album")
    await ada.sends_picture("other", group_id="album")
    await ada.says("And which is redder?")
    assert len(await ada.turns()) == 1
    assert await world.claim() == [], "not before the picture is there"
    await fetch(world)
    assert len(await world.answer()) == 1
    assert await states(ada) == [AttachmentState.READY] * 2


async def test_a_late_piece_does_not_undo_a_stop(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo", "Which is larger?", group_id="album")
    await ada.says("/stop")
    await ada.sends_picture("other", group_id="album")
    await fetch(world)
    assert (await ada.latest()).state is TurnState.CANCELLED
    assert await world.claim() == []


async def test_pieces_of_two_albums_are_apart(world: World) -> None:
    ada = world.person("1")
    await begin_album(ada, "The first", "one")
    await world.answer()
    await ada.sends_picture("photo", "The second", group_id="two")
    await ada.sends_picture("other", group_id="one")
    await fetch(world)
    world.clock.advance(1.1)
    await world.assistant.sweep.promote()
    first, second = await ada.turns()
    async with world.database.read() as tx:
        texts = [
            [each.text for each in await tx.messages.of_turn(one.id)] for one in (first, second)
        ]
    assert texts == [["The first", ""], ["The second"]]


async def test_a_picture_that_is_in_the_store_is_asked_about_at_once(world: World) -> None:
    ada = world.person("1", channel="web")
    stored = await world.pictures.store(PNG)
    await ada.says("What is this?", attachments=(InboundAttachment(stored=stored),))
    assert (await ada.latest()).state is TurnState.QUEUED
    assert await world.store.get(stored.sha256)
    assert (stored.width, stored.height, stored.media_type) == (64, 48, "image/png")


async def test_a_turn_of_nothing_but_a_refused_picture_is_refused(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("heic")
    await fetch(world)
    turn = await ada.latest()
    assert (turn.state, turn.reason) == (TurnState.REFUSED, "refused-picture-heic")
    assert world.counted(TurnState.REFUSED) == 1
    assert await ada.keys() == [], "the end of the turn says it"


async def test_words_are_answered_without_a_picture_that_is_refused(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("heic", "What is this?")
    await fetch(world)
    assert (await ada.latest()).state is TurnState.QUEUED
    assert "HEIC" in await ada.last_words()


async def test_of_two_pictures_the_good_one_is_used(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("heic", group_id="album")
    await ada.sends_picture("photo", group_id="album")
    await fetch(world)
    world.clock.advance(1.1)
    await world.assistant.sweep.promote()
    assert (await ada.latest()).state is TurnState.QUEUED
    assert await ada.keys() == ["refused-picture-heic"]


async def test_a_messenger_that_is_away_is_asked_again(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo", "What is this?")
    channel = FileChannel(FILES, failures=[NotSent("away"), RetryAfter(40)])
    assert await fetch(world, channel) == 0
    world.clock.advance(3)
    assert await fetch(world, channel) == 0
    world.clock.advance(20)
    assert await fetch(world, channel) == 0
    assert len(channel.fetched) == 2, "no call within the wait it asked for"
    world.clock.advance(21)
    assert await fetch(world, channel) == 1
    assert (await ada.latest()).state is TurnState.QUEUED


async def test_a_picture_that_cannot_be_had_is_given_up_in_words(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo")
    channel = FileChannel(FILES, failures=[NotSent("away")] * 50)
    while not await fetch(world, channel):
        world.clock.advance(31)
        assert len(channel.fetched) < 50
    turn = await ada.latest()
    assert (turn.state, turn.reason) == (TurnState.REFUSED, "refused-picture-gone")


async def test_a_picture_of_a_channel_that_is_not_open_waits(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo")
    assert await world.pictures.fetch_pending({}) == 0
    world.clock.advance(31)
    assert await fetch(world) == 1


async def test_the_picture_of_a_message_replied_to_joins_the_question(world: World) -> None:
    ada = world.person("1")
    reply = {"reply_to": "m0", "reply_attachments": (InboundAttachment(source="photo"),)}
    await ada.says("What is this?", **reply)
    await fetch(world)
    assert await states(ada) == [AttachmentState.READY]


async def test_a_picture_that_the_conversation_has_is_not_added_again(world: World) -> None:
    ada = world.person("1")
    picture = await ada.sends_picture("photo", "What is this?")
    await fetch(world)
    await world.answer()
    await ada.says(
        "And its colour?",
        reply_to=picture.platform_id,
        reply_attachments=(InboundAttachment(source="photo"),),
    )
    assert await states(ada) == [AttachmentState.READY]
    assert (await ada.latest()).state is TurnState.QUEUED


async def test_a_picture_from_before_new_is_seen_when_it_is_replied_to(world: World) -> None:
    ada = world.person("1")
    picture = await ada.sends_picture("photo", "What is this?")
    await fetch(world)
    await world.answer()
    await ada.says("/new")
    await ada.says(
        "And its colour?",
        reply_to=picture.platform_id,
        reply_attachments=(InboundAttachment(source="photo"),),
    )
    await fetch(world)
    assert await states(ada) == [AttachmentState.READY] * 2


async def test_a_picture_whose_chat_was_deleted_meanwhile_leaves_no_file(world: World) -> None:
    ada = world.person("1")
    await ada.sends_picture("photo")
    user, conversation = await ada.user(), await ada.conversation()

    class Deleting(FileChannel):
        async def fetch(self, source: str, *, max_bytes: int) -> bytes:
            await world.book.delete(user, conversation.id)
            return await super().fetch(source, max_bytes=max_bytes)

    await fetch(world, Deleting(FILES))
    assert world.files() == []
