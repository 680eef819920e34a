"""The figures of the Live page, exact on both databases."""

from __future__ import annotations

from typing import Any

from chat.conversations import Conversation, ConversationKey
from chat.people import Sender
from chat.turns import TurnResult, TurnState
from storage.database import Database
from storage.repositories import TurnBucket
from tests.storage.conftest import Clock

MINUTE = 60.0


async def ended(
    database: Database, chat: Conversation, state: TurnState = TurnState.ANSWERED, **told: Any
) -> None:
    """One turn, asked, claimed and ended now."""
    async with database.write() as tx:
        await tx.turns.open(chat.id, state=TurnState.QUEUED, shown=False)
        [turn] = await tx.turns.claim("w1")
        assert await tx.turns.finish(TurnResult(turn.id, turn.attempt, state, "yes", **told))


async def test_turns_are_counted_in_the_minute_of_their_end(
    database: Database, chat: Conversation, clock: Clock
) -> None:
    clock.now = start = 1_700_000_040.0  # a whole minute
    await ended(database, chat, prompt_tokens=9, cached_tokens=4, generated_tokens=5, pictures=2)
    clock.now = start + 59.9
    await ended(database, chat, TurnState.REFUSED, pictures=0)
    clock.now = start + MINUTE
    await ended(database, chat, TurnState.FAILED)
    async with database.read() as tx:
        found = await tx.turns.buckets(start, MINUTE)
        later = await tx.turns.buckets(start + 1, MINUTE)
    first = TurnBucket(
        start,
        answered=1,
        refused=1,
        prompt_tokens=9,
        cached_tokens=4,
        generated_tokens=5,
        with_pictures=1,
        pictures_known=2,
    )
    assert found == [first, TurnBucket(start + MINUTE, failed=1)]
    assert [bucket.turns for bucket in found] == [2, 1]
    assert [bucket.turns for bucket in later] == [1, 1], "what ended before is not counted"


async def test_percentiles_are_those_of_the_nearest_rank(
    database: Database, chat: Conversation, clock: Clock
) -> None:
    clock.now = start = 1_700_000_040.0
    for tenth in (7, 1, 10, 3, 5, 2, 9, 4, 8, 6):
        await ended(database, chat, first_text_seconds=tenth / 10)
    await ended(database, chat)  # an older worker, which does not say
    clock.now = start + MINUTE
    await ended(database, chat, first_text_seconds=4.0)
    clock.now = start + 2 * MINUTE
    await ended(database, chat)
    async with database.read() as tx:
        found = await tx.turns.buckets(start, MINUTE)
    assert [(each.p50, each.p95) for each in found] == [(0.5, 1.0), (4.0, 4.0), (None, None)]


async def test_people_are_counted_once(
    database: Database, chat: Conversation, clock: Clock
) -> None:
    async with database.write() as tx:
        bea = await tx.users.ensure("telegram", Sender("2", "Bea", "en"))
        hers = await tx.conversations.ensure(ConversationKey("telegram", "bot", "2"), bea.id)
    await ended(database, chat)
    clock.advance(100)
    await ended(database, hers)
    await ended(database, hers)
    async with database.read() as tx:
        assert await tx.turns.active_people(clock.now - 100) == 2
        assert await tx.turns.active_people(clock.now - 99) == 1
        assert await tx.turns.active_people(clock.now + 1) == 0
