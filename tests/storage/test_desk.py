"""The chat for moderators as SQL keeps it, on both databases."""

from __future__ import annotations

from chat.conversations import Conversation
from chat.moderation import Deed, Finding, Measure, Priority, Side, Verdict
from storage.database import Database
from storage.repositories import Card, CardKind, CardState, ModeratorsChat
from tests.storage.conftest import Clock

KEY = ("telegram", "bot", "-1001")
HOUR = 3600.0


async def raise_flag(
    database: Database, chat: Conversation, priority: Priority = Priority.HIGH
) -> int:
    verdict = Verdict(
        findings=(Finding("words", "hate", 1.0),),
        measures=(Measure(Deed.FLAG),),
        category="hate",
        priority=priority,
    )
    async with database.write() as tx:
        raised = await tx.flags.add(chat.id, None, verdict, side=Side.QUESTION)
    assert raised is not None
    return raised[0].id


async def open_desk(database: Database) -> ModeratorsChat:
    async with database.write() as tx:
        return await tx.desk.open(*KEY)


async def shown(database: Database, card: Card, **more: bool) -> None:
    async with database.write() as tx:
        await tx.desk.shown(
            card,
            state=CardState.SENT,
            chat="-1001",
            platform_id="7",
            said="open",
            settled=more.get("settled", False),
        )


async def test_flags_of_the_priority_have_a_card_and_one_reminder(
    database: Database, clock: Clock, chat: Conversation
) -> None:
    await raise_flag(database, chat, Priority.URGENT)
    clock.advance(1)
    desk = await open_desk(database)
    assert await open_desk(database) == desk
    high = await raise_flag(database, chat)
    urgent = await raise_flag(database, chat, Priority.URGENT)
    await raise_flag(database, chat, Priority.NORMAL)
    async with database.write() as tx:
        fresh = await tx.desk.without_card(desk, Priority.HIGH)
        assert fresh == [urgent, high], "those from before there was a chat are in the queue"
        for flag_id in fresh:
            await tx.desk.add(CardKind.FLAG, flag_id)
        assert await tx.desk.without_card(desk, Priority.HIGH) == []
        cards = await tx.desk.unsettled()
    assert [flag.id for _, flag in cards if flag] == [urgent, high]
    for card, _ in cards:
        await shown(database, card)
    clock.advance(HOUR + 1)
    async with database.write() as tx:
        assert await tx.desk.aged(HOUR) == [urgent, high]
        await tx.desk.add(CardKind.REMINDER, urgent)
        assert await tx.desk.aged(HOUR) == [high]
        first = await tx.desk.of_flag(urgent)
    assert first is not None
    assert (first.state, first.platform_id, first.said) == (CardState.SENT, "7", "open")
    for card, _ in cards:
        await shown(database, card, settled=True)
    async with database.read() as tx:
        assert [card.kind for card, _ in await tx.desk.unsettled()] == [CardKind.REMINDER]
        assert await tx.desk.aged(HOUR) == []


async def test_a_day_is_summed_up_from_the_last_summary_on(
    database: Database, clock: Clock, chat: Conversation
) -> None:
    desk = await open_desk(database)
    clock.advance(60)
    flag_id = await raise_flag(database, chat)
    clock.advance(60)
    await raise_flag(database, chat)
    async with database.write() as tx:
        await tx.flags.close(flag_id)
        day = await tx.desk.day(desk.digest_at)
        assert (day.raised, day.decided, day.waiting, day.appeals) == (2, 0, 1, 0)
        assert day.oldest == clock.now
        await tx.desk.sum_up(desk)
        ((digest, flag),) = await tx.desk.unsettled()
        assert (digest.kind, digest.since, flag) == (CardKind.DIGEST, desk.digest_at, None)
        later = await tx.desk.open(*KEY)
    assert later.digest_at == clock.now


async def test_where_it_is_and_why_it_cannot_be_written_to(database: Database) -> None:
    desk = await open_desk(database)
    assert desk.now_at == "-1001"
    async with database.write() as tx:
        await tx.desk.move(desk, "-1002")
        await tx.desk.set_error(desk, "kicked")
        moved = await tx.desk.get(*KEY)
        assert await tx.desk.get("telegram", "bot", "-9") is None
    assert moved is not None
    assert (moved.now_at, moved.error) == ("-1002", "kicked")
