"""The conversations of one person, as the web page shows them, and nobody else's."""

from __future__ import annotations

import pytest

from chat.inbound import InboundAttachment
from chat.people import User
from chat.turns import TurnCancelled, TurnState
from handlers.conversations import ConversationBook, Entry, MessageEntry, NoticeEntry, TurnEntry
from handlers.errors import NotFound
from tests.handlers.pictures import drawing, encoded
from tests.handlers.world import Person, World


async def visitor(world: World, name: str = "Ada") -> tuple[User, Person]:
    """A user of the web page, in a conversation that was opened there."""
    user = await world.admission.enter(name=name)
    assert user is not None
    conversation = await world.book.new(user)
    key = conversation.key
    return user, world.person(
        str(user.id), channel="web", account=key.account, chat=key.chat, thread=key.thread
    )


def shape(entries: list[Entry]) -> list[str]:
    """A transcript in short."""
    words = []
    for entry in entries:
        match entry:
            case MessageEntry(message=message, attachments=attachments):
                pictures = "+picture" * len(attachments)
                words.append(f"{message.speaker.value}: {message.text}{pictures}")
            case NoticeEntry(row=row):
                assert row.notice is not None
                words.append(f"notice: {row.notice.key}")
            case TurnEntry(turn=turn):
                words.append(f"turn: {turn.state.value} {turn.reason}")
    return words


async def test_a_transcript_tells_it_in_order(world: World) -> None:
    user, ada = await visitor(world)
    stored = await world.pictures.store(encoded(drawing(), "PNG"))
    await ada.says("What is this?", attachments=(InboundAttachment(stored=stored),))
    await world.answer("A drawing.")
    await ada.says("/help")
    await world.person("99").says("Another one waits")
    await ada.says("And this?")
    conversation = await ada.conversation()
    assert shape(await world.book.transcript(user, conversation.id)) == [
        "user: What is this?+picture",
        "assistant: A drawing.",
        "notice: help",
        "user: And this?",
        "turn: queued ",
    ]
    assert [turn.state for turn in await world.book.turns(user, conversation.id)] == [
        TurnState.QUEUED
    ]


async def test_a_long_transcript_comes_in_pages_without_gaps(world: World) -> None:
    user, ada = await visitor(world)
    await ada.says("/start")
    for number in range(6):
        await ada.says(f"Question {number}")
        await world.answer(f"Answer {number}")
        await ada.says("/help")
    conversation = await ada.conversation()
    page = await world.book.transcript(user, conversation.id, limit=5)
    seen = shape(page)
    while True:
        first = next((entry for entry in page if isinstance(entry, MessageEntry)), None)
        if first is None:
            break
        page = await world.book.transcript(user, conversation.id, before=first.message.id, limit=5)
        seen = shape(page) + seen
    assert seen == ["notice: welcome"] + [
        line
        for number in range(6)
        for line in (f"user: Question {number}", f"assistant: Answer {number}", "notice: help")
    ]


async def test_conversations_are_opened_named_renamed_and_deleted(world: World) -> None:
    user, ada = await visitor(world)
    await ada.says("How do whimbrels sleep?")
    other = await world.book.new(user)
    titles = {one.id: one.title for one in await world.book.list(user)}
    here = await ada.conversation()
    assert titles == {here.id: "How do whimbrels sleep?", other.id: ""}
    await world.book.rename(user, here.id, "  Sleep\n" + "z" * 200)
    assert (await world.book.get(user, here.id)).title == "Sleep " + "z" * 114
    await world.book.delete(user, here.id)
    assert [one.id for one in await world.book.list(user)] == [other.id]
    assert world.counted(TurnState.CANCELLED, "web") == 1
    with pytest.raises(NotFound):
        await world.book.transcript(user, here.id)


async def test_stop(world: World) -> None:
    user, ada = await visitor(world)
    conversation = await ada.conversation()
    assert await world.book.stop(user, conversation.id) is False
    await ada.says("Question")
    [claimed] = await world.claim()
    async with world.broker.events() as events:
        assert await world.book.stop(user, conversation.id) is True
        assert await anext(events) == TurnCancelled(claimed.id)
    async with world.database.write() as tx:
        await tx.turns.release(claimed.id, claimed.attempt)
    await world.book.stop(user, conversation.id)
    assert shape(await world.book.transcript(user, conversation.id))[-1].startswith(
        "turn: cancelled stopped"
    )


async def test_nobody_can_touch_what_is_not_theirs(world: World) -> None:
    ada, ada_speaks = await visitor(world)
    eve, _ = await visitor(world, "Eve")
    stored = await world.pictures.store(encoded(drawing(), "PNG"))
    await ada_speaks.says("Private", attachments=(InboundAttachment(stored=stored),))
    conversation = await ada_speaks.conversation()
    [entry] = [
        entry
        for entry in await world.book.transcript(ada, conversation.id)
        if isinstance(entry, MessageEntry)
    ]
    picture = entry.attachments[0].id
    assert (await world.book.picture(ada, picture))[1] == "image/png"
    book: ConversationBook = world.book
    for attempt in (
        book.get(eve, conversation.id),
        book.transcript(eve, conversation.id),
        book.turns(eve, conversation.id),
        book.rename(eve, conversation.id, "Mine"),
        book.delete(eve, conversation.id),
        book.stop(eve, conversation.id),
        book.picture(eve, picture),
        book.picture(eve, 10**9),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await world.book.get(ada, conversation.id)).title == "Private"
    assert [turn.state for turn in await ada_speaks.turns()] == [TurnState.QUEUED]
