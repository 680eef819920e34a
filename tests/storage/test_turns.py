"""Turns from their opening to their end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from chat.conversations import Conversation, ConversationKey
from chat.messages import AttachmentPart, Speaker, StoredPicture, TextPart
from chat.people import User
from chat.turns import ClaimedTurn, Turn, TurnResult, TurnState
from storage.database import Database
from storage.errors import NotFound, WriteConflict
from tests.storage.conftest import Clock

Ask = Callable[..., Awaitable[Turn]]


@pytest.fixture
async def ask(database: Database, chat: Conversation) -> Ask:
    """Opens a queued turn with a question in it."""

    async def ask(
        text: str = "hello", conversation: Conversation = chat, *, shown: bool = False
    ) -> Turn:
        async with database.write() as t:
            turn = await t.turns.open(conversation.id, state=TurnState.QUEUED, shown=shown)
            await t.messages.add(
                conversation.id,
                speaker=Speaker.PERSON,
                parts=[TextPart(text)],
                turn_id=turn.id,
                platform_id=f"m{turn.id}",
            )
        return turn

    return ask


@pytest.fixture
async def chats(database: Database, ada: User) -> list[Conversation]:
    async with database.write() as t:
        return [
            await t.conversations.ensure(ConversationKey("telegram", "bot", f"c{n}"), ada.id)
            for n in range(5)
        ]


async def claim(database: Database, worker: str = "w1", **options: object) -> list[ClaimedTurn]:
    async with database.write() as t:
        return await t.turns.claim(worker, **options)  # type: ignore[arg-type]


async def get(database: Database, turn: Turn) -> Turn:
    async with database.read() as t:
        return await t.turns.get(turn.id)


async def finish(database: Database, turn_id: int, attempt: int, text: str = "hi there") -> bool:
    async with database.write() as t:
        return await t.turns.finish(
            TurnResult(turn_id, attempt, TurnState.ANSWERED, text, finish_reason="stop")
        )


async def test_a_question_is_claimed_answered_and_shown(
    database: Database, ask: Ask, chat: Conversation, ada: User, clock: Clock
) -> None:
    turn = await ask("what is a whimbrel?")
    [claimed] = await claim(database)
    assert claimed == ClaimedTurn(
        turn.id, 1, chat.id, chat.key, ada.id, "Ada", "en", 0, False, clock.now
    )
    assert (await get(database, turn)).state is TurnState.RUNNING
    assert await finish(database, turn.id, 1, "a wader")
    done = await get(database, turn)
    assert (done.state, done.answer, done.shown) == (TurnState.ANSWERED, "a wader", False)
    async with database.read() as t:
        said = await t.messages.history(chat.id)
        assert [(m.speaker, m.text) for m in said] == [
            (Speaker.PERSON, "what is a whimbrel?"),
            (Speaker.ASSISTANT, "a wader"),
        ]
        assert done.answer_id == said[1].id
        assert (await t.conversations.get(chat.id)).revision == 1


async def test_one_turn_of_a_conversation_runs_at_a_time_in_order(
    database: Database, ask: Ask, chats: list[Conversation]
) -> None:
    first, second = await ask("1"), await ask("2")
    other = await ask("3", chats[0])
    assert [turn.id for turn in await claim(database, limit=9)] == [first.id, other.id]
    assert await claim(database, "w2", limit=9) == []
    await finish(database, first.id, 1)
    assert [turn.id for turn in await claim(database, "w2")] == [second.id]


async def test_a_fresh_turn_is_left_to_the_worker_that_remembers_its_conversation(
    database: Database, ask: Ask, chats: list[Conversation]
) -> None:
    first = await ask("1", chats[0])
    assert await claim(database, "w1")
    await finish(database, first.id, 1)
    second = await ask("2", chats[0])
    other = await ask("3", chats[1])
    fresh: dict[str, object] = {"since": second.created_at - 1, "limit": 9}
    async with database.read() as t:
        assert await t.turns.left_to(["w1", "w3"], second.created_at - 1) == {"w1"}
        assert await t.turns.left_to(["w1", "w3"], second.created_at + 1) == set()
        assert await t.turns.left_to(["w3"], second.created_at - 1) == set()
    found = await claim(database, "w2", others=["w1"], **fresh)
    assert [turn.id for turn in found] == [other.id]
    assert await claim(database, "w2", others=["w1"], **fresh) == []
    found = await claim(database, "w2", others=["w1"], since=second.created_at + 1, limit=9)
    assert [turn.id for turn in found] == [second.id]


async def test_a_claim_may_be_narrowed_to_conversations(
    database: Database, ask: Ask, chats: list[Conversation]
) -> None:
    await ask("1", chats[0])
    wanted = await ask("2", chats[1])
    assert await claim(database, conversations=[]) == []
    found = await claim(database, limit=5, conversations=[chats[1].id, chats[2].id])
    assert [turn.id for turn in found] == [wanted.id]


async def test_what_a_worker_held_when_it_died_lapses_at_its_next_start(
    database: Database, ask: Ask, chats: list[Conversation]
) -> None:
    mine, _ = await ask("1", chats[0]), await ask("2", chats[1])
    await claim(database, "w1")
    await claim(database, "w2")
    async with database.write() as t:
        assert await t.turns.expire() == []
        assert await t.turns.lapse("w1") == 1
        [(expired, _)] = await t.turns.expire()
    assert (expired.id, expired.state, expired.crashes) == (mine.id, TurnState.QUEUED, 1)


async def test_what_was_said_last_attempt_writes_nothing(
    database: Database, ask: Ask, chat: Conversation, clock: Clock
) -> None:
    turn = await ask()
    await claim(database)
    clock.advance(11)
    async with database.write() as t:
        [(expired, set_aside)] = await t.turns.expire()
    assert (expired.state, expired.crashes, set_aside) == (TurnState.QUEUED, 1, False)
    assert not await finish(database, turn.id, 1, "too late")
    [again] = await claim(database, "w2")
    assert again.attempt == 2
    assert not await finish(database, turn.id, 1, "too late")
    assert await finish(database, turn.id, 2, "in time")
    assert not await finish(database, turn.id, 2, "twice")
    async with database.read() as t:
        assert [m.text for m in await t.messages.history(chat.id)] == ["hello", "in time"]
        assert (await t.conversations.get(chat.id)).revision == 1


async def test_a_lease_is_kept_by_renewing(database: Database, ask: Ask, clock: Clock) -> None:
    turn = await ask()
    await claim(database)
    for _ in range(5):
        clock.advance(8)
        async with database.write() as t:
            assert await t.turns.renew("w1", [(turn.id, 1)]) == {turn.id}
            assert await t.turns.expire() == []
            assert await t.turns.renew("w2", [(turn.id, 1)]) == set()
            assert await t.turns.renew("w1", [(turn.id, 2), (turn.id + 1, 1)]) == set()
            assert await t.turns.renew("w1", []) == set()


async def test_after_two_crashes_alone_after_three_set_aside(
    database: Database, ask: Ask, chats: list[Conversation], clock: Clock
) -> None:
    deadly = await ask()
    for crashes in (1, 2):
        assert [turn.id for turn in await claim(database)] == [deadly.id]
        clock.advance(11)
        async with database.write() as t:
            [(turn, set_aside)] = await t.turns.expire()
        assert (turn.crashes, set_aside) == (crashes, False)
    neighbour = await ask("me too", chats[0])
    assert [turn.id for turn in await claim(database, limit=5, idle=False)] == [neighbour.id]
    await finish(database, neighbour.id, 1)
    await ask("and me", chats[1])
    [alone] = await claim(database, limit=5)
    assert (alone.id, alone.alone, alone.attempt) == (deadly.id, True, 3)
    clock.advance(11)
    async with database.write() as t:
        [(turn, set_aside)] = await t.turns.expire()
    assert set_aside
    assert (turn.state, turn.reason) == (TurnState.FAILED, "failed-set-aside")


async def test_a_turn_to_run_alone_ends_the_batch_before_it(
    database: Database, ask: Ask, chats: list[Conversation], clock: Clock
) -> None:
    early = await ask("early", chats[0])
    deadly = await ask("deadly", chats[1])
    await ask("late", chats[2])
    for _ in range(2):
        await claim(database, conversations=[chats[1].id])
        clock.advance(11)
        async with database.write() as t:
            await t.turns.expire()
    assert [turn.id for turn in await claim(database, limit=5)] == [early.id]
    assert [turn.id for turn in await claim(database, limit=5)] == [deadly.id]


async def test_postponing_counts_no_crash_and_keeps_the_order(
    database: Database, ask: Ask, clock: Clock
) -> None:
    turn = await ask("1")
    await ask("2")
    began = clock.now
    for _ in range(4):
        [claimed] = await claim(database, limit=5)
        assert claimed.id == turn.id
        async with database.write() as t:
            assert await t.turns.postpone(
                turn.id, claimed.attempt, until=clock.now + 30, reason="endpoint-down"
            )
            assert not await t.turns.postpone(turn.id, claimed.attempt, until=0, reason="")
        assert await claim(database, limit=5) == []  # the second waits behind it
        clock.advance(30)
    [claimed] = await claim(database)
    assert claimed.postponed_since == began
    assert (await get(database, turn)).crashes == 0
    async with database.write() as t:
        assert await t.turns.release(turn.id, claimed.attempt)
        assert not await t.turns.release(turn.id, claimed.attempt)
    [claimed] = await claim(database)
    assert claimed.attempt == 6


async def test_a_waiting_turn_is_cancelled_at_once_a_running_one_flagged(
    database: Database, ask: Ask, chat: Conversation
) -> None:
    running, waiting = await ask("1"), await ask("2")
    await claim(database)
    async with database.write() as t:
        assert await t.turns.request_cancel(waiting.id)
        assert not await t.turns.request_cancel(running.id)
        assert await t.turns.cancelled([running.id, waiting.id + 1]) == {running.id}
        assert await t.turns.cancelled([]) == set()
    done = await get(database, waiting)
    assert (done.state, done.reason) == (TurnState.CANCELLED, "stopped")
    assert (await get(database, running)).cancel_requested
    async with database.write() as t:
        result = TurnResult(running.id, 1, TurnState.CANCELLED, "as far as", reason="stopped")
        assert await t.turns.finish(result)
        assert not await t.turns.request_cancel(running.id)
    assert (await get(database, running)).answer == "as far as"
    async with database.read() as t:
        assert (await t.conversations.get(chat.id)).revision == 2


async def test_a_turn_to_be_cancelled_is_not_computed_again_after_a_crash(
    database: Database, ask: Ask, clock: Clock
) -> None:
    turn = await ask()
    await claim(database)
    async with database.write() as t:
        await t.turns.request_cancel(turn.id)
    clock.advance(11)
    async with database.write() as t:
        [(expired, set_aside)] = await t.turns.expire()
    assert (expired.state, expired.reason) == (TurnState.CANCELLED, "stopped")
    assert not set_aside
    assert await claim(database) == []


async def test_a_restart_answers_anew_and_hides_the_old_answer(
    database: Database, ask: Ask, chat: Conversation
) -> None:
    turn = await ask()
    await claim(database)
    await finish(database, turn.id, 1, "first")
    async with database.write() as t:
        await t.outbound.sent((await t.outbound.add_part(turn.id, 0, chat.id)).id, "p1")
        await t.turns.own_showing("b", [turn.id], 10)
        assert await t.turns.restart(turn.id, in_place=True)
        assert [part.platform_id for part in await t.outbound.parts(turn.id)] == ["p1"]
    assert (await get(database, turn)).answer == ""
    [claimed] = await claim(database)
    assert claimed.attempt == 2
    await finish(database, turn.id, 2, "second")
    async with database.write() as t:
        assert [m.text for m in await t.messages.history(chat.id)] == ["hello", "second"]
        assert await t.turns.restart(turn.id, in_place=False)
        assert await t.outbound.parts(turn.id) == []
        await t.outbound.add_part(turn.id, 0, chat.id)


async def test_a_restart_fences_the_running_attempt_out(database: Database, ask: Ask) -> None:
    turn = await ask()
    await claim(database)
    async with database.write() as t:
        assert await t.turns.restart(turn.id, in_place=True)
        assert await t.turns.renew("w1", [(turn.id, 1)]) == set()
    assert not await finish(database, turn.id, 1)


async def test_without_a_question_nothing_restarts(database: Database, chat: Conversation) -> None:
    async with database.write() as t:
        empty = await t.turns.open(chat.id, state=TurnState.QUEUED)
        assert not await t.turns.restart(empty.id, in_place=True)
        assert not await t.turns.restart(empty.id + 1, in_place=True)


async def test_pieces_join_one_collecting_turn_until_it_is_due(
    database: Database, chat: Conversation, clock: Clock
) -> None:
    async with database.write() as t:
        turn = await t.turns.open(
            chat.id, state=TurnState.COLLECTING, due_at=clock.now + 1, delivery_owner="b"
        )
        assert await t.turns.collecting(chat.id) == turn
        assert await t.turns.extend(turn.id, clock.now + 2)
        clock.advance(1.5)
        assert await t.turns.promote() == []
        assert not await t.turns.settle(turn.id)
        clock.advance(0.5)
        [promoted] = await t.turns.promote()
        assert (promoted.id, promoted.state) == (turn.id, TurnState.QUEUED)
        assert not await t.turns.extend(turn.id, clock.now + 2)
        assert await t.turns.collecting(chat.id) is None
        assert (await t.turns.queued(chat.id)) == promoted


async def test_a_collecting_turn_waits_for_its_pictures(
    database: Database, chat: Conversation, ada: User
) -> None:
    async with database.write() as t:
        turn = await t.turns.open(chat.id, state=TurnState.COLLECTING)
        pictures = [await t.attachments.add(chat.id, ada.id, source=s) for s in ("a", "b")]
        await t.messages.add(
            chat.id,
            speaker=Speaker.PERSON,
            parts=[*(AttachmentPart(picture.id) for picture in pictures), TextPart("these?")],
            turn_id=turn.id,
        )
        assert await t.attachments.turns_of(pictures[0].id) == [turn.id]
        assert not await t.turns.settle(turn.id)
        assert await t.attachments.ready(pictures[0].id, StoredPicture("s", "image/png", 1, 1, 9))
        assert await t.turns.promote() == []
        assert await t.attachments.refuse(pictures[1].id, "refused-picture-type")
        assert await t.turns.settle(turn.id)
        assert not await t.turns.settle(turn.id)


async def test_two_transactions_cannot_collect_in_one_conversation(
    database: Database, chat: Conversation
) -> None:
    async def open_() -> bool:
        try:
            async with database.write() as t:
                await t.turns.open(chat.id, state=TurnState.COLLECTING)
        except WriteConflict:
            return False
        return True

    assert sorted(await asyncio.gather(*(open_() for _ in range(6)))) == [False] * 5 + [True]


async def test_text_joins_only_a_turn_that_was_never_begun(
    database: Database, ask: Ask, chat: Conversation, clock: Clock
) -> None:
    turn = await ask()
    async with database.read() as t:
        assert (await t.turns.queued(chat.id)) == turn
    await claim(database)
    async with database.write() as t:
        assert await t.turns.queued(chat.id) is None
        await t.turns.postpone(turn.id, 1, until=clock.now + 9, reason="endpoint-down")
        assert await t.turns.queued(chat.id) is None
        assert [u.id for u in await t.turns.unfinished(chat.id)] == [turn.id]
        latest = await t.turns.latest(chat.id)
        assert latest is not None
        assert latest.id == turn.id


async def test_the_queue_is_counted(
    database: Database, ask: Ask, chats: list[Conversation], clock: Clock
) -> None:
    async with database.read() as t:
        assert (await t.turns.waiting(), await t.turns.oldest_waiting_age()) == (0, 0.0)
    turns = [await ask("hi", conversation) for conversation in chats]
    clock.advance(7)
    await claim(database)
    async with database.read() as t:
        assert await t.turns.waiting() == 4
        assert await t.turns.line() == [turn.id for turn in turns[1:]]
        assert await t.turns.oldest_waiting_age() == 7
        assert await t.turns.to_hint(3) == [chat.id for chat in chats[1:4]]


async def test_a_refused_turn_says_why(database: Database, ask: Ask) -> None:
    turn = await ask()
    async with database.write() as t:
        assert await t.turns.refuse(turn.id, "refused-picture-type")
        assert not await t.turns.refuse(turn.id, "refused-picture-type")
    refused = await get(database, turn)
    assert (refused.state, refused.reason) == (TurnState.REFUSED, "refused-picture-type")


async def test_one_bot_shows_a_turn(
    database: Database, chat: Conversation, ada: User, ask: Ask, clock: Clock
) -> None:
    async with database.write() as t:
        turn = await t.turns.open(chat.id, state=TurnState.QUEUED, delivery_owner="b1")
        await t.messages.add(
            chat.id,
            speaker=Speaker.PERSON,
            parts=[TextPart("hi")],
            turn_id=turn.id,
            platform_id="77",
        )

    async def to_show(owner: str, *known: int, channel: str = "telegram") -> list[int]:
        async with database.write() as t:
            found = await t.turns.to_show(
                owner=owner,
                lease_seconds=15,
                channels=[(channel, "bot")],
                limit=10,
                known=known,
            )
        return [shown.turn.id for shown in found]

    assert await to_show("b2") == []
    assert await to_show("b1", turn.id) == []
    assert await to_show("b1") == [turn.id]  # it opened it, but does not know it yet
    clock.advance(14)
    async with database.write() as t:
        assert await t.turns.own_showing("b1", [turn.id], 15) == {turn.id}
        assert await t.turns.own_showing("b2", [turn.id], 15) == set()
        assert await t.turns.own_showing("b2", [], 15) == set()
    clock.advance(14)
    assert await to_show("b2") == []
    clock.advance(1)
    assert await to_show("b2", channel="web") == []
    assert await to_show("b2") == [turn.id]
    await claim(database)
    async with database.write() as t:
        assert not await t.turns.mark_shown(turn.id, "b2", 1)  # it has not ended
    await finish(database, turn.id, 1, "hello")
    async with database.write() as t:
        shown = await t.turns.shown_turn(turn.id)
        assert (shown.key, shown.user_id, shown.language) == (chat.key, ada.id, "en")
        assert (shown.reply_to, shown.turn.answer) == ("77", "hello")
        assert not await t.turns.mark_shown(turn.id, "b1", 1)
        assert not await t.turns.mark_shown(turn.id, "b2", 0)
        assert await t.turns.mark_shown(turn.id, "b2", 1)
    clock.advance(99)
    assert await to_show("b2") == []
    async with database.write() as t:
        await t.turns.restart(turn.id, in_place=True)
    assert await to_show("b3") == [turn.id]


async def test_what_people_fetch_themselves_nobody_shows(
    database: Database, ask: Ask, chat: Conversation, clock: Clock
) -> None:
    turn = await ask(shown=True)
    await claim(database)
    await finish(database, turn.id, 1)
    async with database.write() as t:
        await t.turns.restart(turn.id, in_place=True)
        channels = [("telegram", "bot")]
        clock.advance(99)
        assert await t.turns.to_show(owner="b", lease_seconds=1, channels=channels, limit=9) == []
        assert await t.turns.to_show(owner="b", lease_seconds=1, channels=[], limit=9) == []


async def test_an_unknown_turn_is_not_found(database: Database) -> None:
    async with database.read() as t:
        with pytest.raises(NotFound):
            await t.turns.get(1)
        with pytest.raises(NotFound):
            await t.turns.shown_turn(1)
