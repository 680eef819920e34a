"""Replies that wait to be seen."""

from __future__ import annotations

import asyncio

import pytest

from chat.conversations import Conversation, ConversationKey
from chat.outbound import Button, Notice, OutboundKind, OutboundState
from chat.people import User
from chat.turns import TurnState
from storage.database import Database
from storage.errors import NotFound, WriteConflict
from tests.storage.conftest import Clock


async def take(database: Database, owner: str = "b1", *channels: str) -> list[int]:
    async with database.write() as t:
        jobs = await t.outbound.take(
            owner,
            lease_seconds=30,
            channels=[(channel, "bot") for channel in channels or ("telegram",)],
            limit=10,
        )
    return [job.row.id for job in jobs]


async def test_a_notice_is_taken_with_where_it_goes(
    database: Database, chat: Conversation, ada: User
) -> None:
    notice = Notice("invited", {"uses": 3, "name": "Bo", "days": 1.5})
    button = Button("stop", "stop:1")
    async with database.write() as t:
        row = await t.outbound.add_notice(chat.id, notice, buttons=[button], reply_to="7")
        assert await t.outbound.get(row.id) == row
        [job] = await t.outbound.take("b", lease_seconds=9, channels=[("telegram", "bot")], limit=1)
    assert (job.key, job.language, job.user_id) == (chat.key, "en", ada.id)
    assert (job.row.notice, job.row.buttons, job.row.reply_to) == (notice, (button,), "7")
    assert job.row.state is OutboundState.PENDING


async def test_notices_of_a_chat_go_out_one_after_the_other(
    database: Database, chat: Conversation, ada: User, clock: Clock
) -> None:
    async with database.write() as t:
        other = await t.conversations.ensure(ConversationKey("telegram", "bot", "2"), ada.id)
        first = await t.outbound.add_notice(chat.id, Notice("one"))
        second = await t.outbound.add_notice(chat.id, Notice("two"), kind=OutboundKind.EXPORT)
        third = await t.outbound.add_notice(other.id, Notice("three"))
    assert await take(database, "b1", "web") == []
    assert await take(database, "b1", "web", "telegram") == [first.id, third.id]
    assert await take(database, "b2") == []
    async with database.write() as t:
        await t.outbound.sent(first.id, "p1")
        await t.outbound.retry_at(third.id, clock.now + 40)
    assert await take(database) == [second.id]
    clock.advance(30)
    assert await take(database, "b2") == [second.id]  # b1 did not say what became of it
    async with database.write() as t:
        await t.outbound.set_state(second.id, OutboundState.FAILED, "blocked")
        assert (await t.outbound.get(second.id)).tries == 2
        assert (await t.outbound.get(first.id)).platform_id == "p1"
    clock.advance(10)
    assert await take(database) == [third.id]
    async with database.write() as t:
        await t.outbound.set_state(third.id, OutboundState.SENDING)
    clock.advance(30)
    async with database.write() as t:
        channels = [("telegram", "bot")]
        [job] = await t.outbound.take("b2", lease_seconds=9, channels=channels, limit=9)
        assert job.row.state is OutboundState.SENDING  # so that nobody repeats it unawares
        assert await t.outbound.take("b2", lease_seconds=9, channels=[], limit=9) == []


async def test_a_notice_is_taken_once_by_many(database: Database, chat: Conversation) -> None:
    async with database.write() as t:
        row = await t.outbound.add_notice(chat.id, Notice("one"))
    taken = await asyncio.gather(*(take(database, f"b{number}") for number in range(6)))
    assert sorted(taken) == [[]] * 5 + [[row.id]]


async def test_what_people_fetch_themselves_is_not_taken(
    database: Database, chat: Conversation
) -> None:
    async with database.write() as t:
        row = await t.outbound.add_notice(chat.id, Notice("one"), shown=True)
        await t.outbound.add_notice(chat.id, Notice("bye"), kind=OutboundKind.LEAVE, shown=True)
        assert [notice.id for notice in await t.outbound.notices(chat.id)] == [row.id]
    assert await take(database) == []


async def test_a_part_of_an_answer_is_begun_once(database: Database, chat: Conversation) -> None:
    async with database.write() as t:
        turn = await t.turns.open(chat.id, state=TurnState.QUEUED)
        second = await t.outbound.add_part(turn.id, 1, chat.id)
        first = await t.outbound.add_part(turn.id, 0, chat.id)
        with pytest.raises(WriteConflict):
            async with t.savepoint():
                await t.outbound.add_part(turn.id, 1, chat.id)
        await t.outbound.add_notice(chat.id, Notice("endpoint-down"), turn_id=turn.id)
        assert [part.id for part in await t.outbound.parts(turn.id)] == [first.id, second.id]
        assert first.state is OutboundState.SENDING
        await t.outbound.sent(first.id, "p1", text="hello")
        sent = await t.outbound.get(first.id)
        assert (sent.state, sent.platform_id, sent.text) == (OutboundState.SENT, "p1", "hello")
        with pytest.raises(NotFound):
            await t.outbound.sent(99, "p1")
    assert await take(database) != [first.id]


async def test_what_was_not_sent_is_its_owners_until_the_lease_lapses_and_in_no_doubt(
    database: Database, chat: Conversation, clock: Clock
) -> None:
    async with database.write() as t:
        row = await t.outbound.add_notice(chat.id, Notice("one"))
    assert await take(database, "b1") == [row.id]
    async with database.write() as t:
        assert await t.outbound.begin(row.id, "b1")
        await t.outbound.unsent(row.id, "b2")  # who does not have it
        assert (await t.outbound.get(row.id)).state is OutboundState.SENDING
        await t.outbound.unsent(row.id, "b1")
        assert (await t.outbound.get(row.id)).state is OutboundState.PENDING
    assert await take(database, "b2") == []
    clock.advance(30)
    assert await take(database, "b2") == [row.id]
    async with database.write() as t:
        await t.outbound.set_text(row.id, "words")
        assert (await t.outbound.get(row.id)).text == "words"
