"""People take turns: whoever asks a hundred things leaves the others before their second."""

from __future__ import annotations

import pytest

from chat.conversations import ConversationKey
from chat.people import Sender
from chat.turns import ClaimedTurn, TurnResult, TurnState
from storage.database import Database
from tests.storage.conftest import Clock


async def asks(database: Database, person: str, *chats: str) -> None:
    """Queue a question in each of these chats of a person."""
    async with database.write() as t:
        user = await t.users.ensure("telegram", Sender(person, person, "en"))
        for chat in chats:
            key = ConversationKey("telegram", "bot", person, chat)
            conversation = await t.conversations.ensure(key, user.id)
            await t.turns.open(conversation.id, state=TurnState.QUEUED)


async def taken(
    database: Database, worker: str = "w", *, limit: int = 1, of_a_person: int = 99
) -> list[ClaimedTurn]:
    async with database.write() as t:
        return await t.turns.claim(worker, limit=limit, of_a_person=of_a_person)


def names(turns: list[ClaimedTurn]) -> list[str]:
    return [turn.user_name + turn.key.thread for turn in turns]


async def end(database: Database, turn: ClaimedTurn) -> None:
    async with database.write() as t:
        result = TurnResult(turn.id, turn.attempt, TurnState.ANSWERED, "yes")
        assert await t.turns.finish(result)


async def line(database: Database) -> list[str]:
    """Who waits, in the order of the line."""
    async with database.read() as t:
        turns = [await t.turns.shown_turn(turn_id) for turn_id in await t.turns.line()]
    return [turn.key.chat + turn.key.thread for turn in turns]


async def test_everybodys_first_question_goes_before_anybodys_second(database: Database) -> None:
    await asks(database, "ada", "1", "2", "3", "4")
    await asks(database, "eve", "1", "2")
    await asks(database, "uwe", "1")

    assert names(await taken(database, limit=4)) == ["ada1", "eve1", "uwe1", "ada2"]
    assert names(await taken(database, limit=9)) == ["eve2", "ada3", "ada4"]


async def test_what_runs_for_a_person_counts(database: Database) -> None:
    await asks(database, "ada", "1", "2")
    assert names(await taken(database)) == ["ada1"]
    await asks(database, "eve", "1")
    assert names(await taken(database)) == ["eve1"]
    assert names(await taken(database)) == ["ada2"]


async def test_only_so_many_of_a_person_run_at_once(database: Database) -> None:
    await asks(database, "ada", "1", "2", "3", "4")
    await asks(database, "eve", "1")
    first, second, third = await taken(database, limit=9, of_a_person=2)
    assert names([first, second, third]) == ["ada1", "eve1", "ada2"]
    assert await taken(database, "another", limit=9, of_a_person=2) == []
    await end(database, second)
    assert await taken(database, limit=9, of_a_person=2) == []
    await end(database, first)
    assert names(await taken(database, limit=9, of_a_person=2)) == ["ada3"]


async def test_the_order_inside_a_conversation_is_kept(database: Database) -> None:
    await asks(database, "ada", "1", "1", "2")
    await asks(database, "eve", "1", "1")
    order = []
    while found := await taken(database, limit=9):
        order += found
        for turn in found:
            await end(database, turn)
    assert names(order) == ["ada1", "eve1", "ada2", "ada1", "eve1"]
    assert len({turn.id for turn in order}) == 5


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
async def test_the_line_tells_in_which_order_they_are_taken(database: Database, limit: int) -> None:
    await asks(database, "ada", *"123456")
    assert names(await taken(database)) == ["ada1"]
    await asks(database, "eve", *"123")
    for person in ("uwe", "kim", "bob"):
        await asks(database, person, "1")
    told = await line(database)
    assert told[:4] == ["eve1", "uwe1", "kim1", "bob1"]

    order: list[str] = []
    while found := await taken(database, limit=limit):
        order += names(found)
    assert order == told


async def test_a_postponed_question_takes_nobodys_turn(database: Database, clock: Clock) -> None:
    await asks(database, "ada", "1", "2")
    [turn] = await taken(database)
    async with database.write() as t:
        until = clock.now + 60
        assert await t.turns.postpone(turn.id, turn.attempt, until=until, reason="endpoint-down")
    assert names(await taken(database)) == ["ada2"]


async def test_unfinished_turns_of_a_person_are_counted(database: Database) -> None:
    await asks(database, "ada", "1", "2", "3")
    await asks(database, "eve", "1")
    ended, *_ = await taken(database, limit=2)
    await end(database, ended)
    async with database.read() as t:
        ada = await t.users.by_identity("telegram", "ada")
        assert ada is not None
        assert await t.turns.unfinished_of(ada.id) == 2
