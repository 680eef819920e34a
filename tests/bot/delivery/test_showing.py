"""How answers appear in a chat, as the person sees it."""

from __future__ import annotations

import pytest

from chat.turns import TurnState
from tests.bot.delivery.stage import BotProcess, Stage
from tests.fakes.telegram import Person
from tests.waiting import eventually


@pytest.mark.usefixtures("bot")
async def test_a_quick_answer_is_one_send(stage: Stage, anna: Person) -> None:
    anna.says("hello")
    answering = await stage.claims()
    await answering.ends("Hello, Anna!")
    shown = await anna.chat.shows("Hello, Anna!")
    assert [version.text for version in shown.versions] == ["Hello, Anna!"]
    assert len(anna.chat.from_bot) == 1


@pytest.mark.usefixtures("bot")
async def test_a_growing_answer_is_edited_into_a_placeholder(stage: Stage, anna: Person) -> None:
    anna.says("tell me a story")
    answering = await stage.claims()
    placeholder = await anna.chat.shows("…")
    await answering.says("Once upon a time")
    await anna.chat.shows("Once upon a time")
    assert placeholder.buttons == ["Stop"]
    await answering.ends(" there was a bird.")
    await anna.chat.shows("Once upon a time there was a bird.")
    assert anna.chat.from_bot == [placeholder]
    assert placeholder.buttons == []


@pytest.mark.usefixtures("bot")
async def test_a_long_answer_is_parts_with_every_word_once(stage: Stage, anna: Person) -> None:
    words = [f"word{number}" for number in range(1500)]
    anna.says("tell me a long story")
    answering = await stage.claims()
    await answering.says(" ".join(words[:300]))
    await anna.chat.shows("word299")
    await answering.ends(" " + " ".join(words[300:]))
    await anna.chat.shows("word1499", within=20)
    said = " ".join(shown.text for shown in anna.chat.from_bot).split()
    assert said == words
    assert len(anna.chat.from_bot) > 1


@pytest.mark.usefixtures("bot")
async def test_who_waits_is_told_the_place_in_line(stage: Stage, anna: Person) -> None:
    stage.telegram.person("Ben").says("I was first")
    ben = await stage.claims()
    anna.says("and I am second")
    shown = await anna.chat.shows("Your question is next", within=4)
    await ben.ends("Yes.")
    anna_turn = await stage.claims()
    await anna_turn.ends("Indeed.")
    await anna.chat.shows("Indeed.")
    assert anna.chat.from_bot == [shown]


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (TurnState.CANCELLED, "", "Half an answer\n\nStopped."),
        (TurnState.FAILED, "failed-engine", "Half an answer\n\nI am sorry, the model failed"),
        (TurnState.REFUSED, "refused-too-long", "That is more than this model can read"),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_every_end_is_told(
    stage: Stage, anna: Person, state: TurnState, reason: str, words: str
) -> None:
    anna.says("question")
    answering = await stage.claims()
    await answering.says("Half an answer")
    await anna.chat.shows("Half an answer")
    await answering.ends(state=state, reason=reason)
    shown = await anna.chat.shows(words)
    assert shown.buttons == (["Try again"] if state is TurnState.FAILED else [])


@pytest.mark.usefixtures("bot")
async def test_an_answer_without_words_says_so(stage: Stage, anna: Person) -> None:
    anna.says("question")
    await (await stage.claims()).ends("")
    shown = await anna.chat.shows("I have no answer to that")
    assert shown.buttons == ["Try again"]


@pytest.mark.usefixtures("bot")
async def test_stop_is_a_button_under_the_growing_answer(stage: Stage, anna: Person) -> None:
    anna.says("tell me a story")
    answering = await stage.claims()
    await answering.says("Once")
    shown = await anna.chat.shows("Once")
    anna.presses(shown, "Stop")

    async def cancelled() -> set[int]:
        async with stage.database.read() as tx:
            return await tx.turns.cancelled([answering.turn.id])

    assert await eventually(cancelled) == {answering.turn.id}


@pytest.mark.usefixtures("bot")
async def test_an_edited_question_is_answered_in_the_same_message(
    stage: Stage, anna: Person
) -> None:
    question = anna.says("what is 1 + 1?")
    first = await stage.claims()
    await first.says("It is 2, and")
    shown = await anna.chat.shows("It is 2")
    anna.edits(question, "what is 1 + 2?")
    second = await stage.claims()
    assert second.turn.attempt == first.turn.attempt + 1
    assert not await first.ends(" nothing else"), "the old attempt is fenced out"
    await second.ends("It is 3.")
    await anna.chat.shows("It is 3.")
    assert [message.text for message in anna.chat.from_bot] == ["It is 3."]
    assert anna.chat.from_bot == [shown]


async def test_events_alone_are_enough(stage: Stage, anna: Person) -> None:
    stage.sweep_every = 600.0
    async with stage.bot("bot-2"):
        anna.says("hello")
        await (await stage.claims()).ends("Hello, Anna!")
        await anna.chat.shows("Hello, Anna!")


async def test_who_blocks_the_bot_is_left_alone(
    stage: Stage, bot: BotProcess, anna: Person
) -> None:
    anna.says("hello")
    answering = await stage.claims()
    anna.blocks_bot()
    await answering.ends("Hello!")

    async def unreachable() -> bool:
        async with stage.database.read() as tx:
            shown = await tx.turns.shown_turn(answering.turn.id)
            conversation = await tx.conversations.get(shown.turn.conversation_id)
            return shown.turn.shown and not conversation.reachable

    assert await eventually(unreachable)
    assert anna.chat.from_bot == []


@pytest.mark.usefixtures("bot")
async def test_who_asks_during_maintenance_is_told_and_answered_in_place_afterwards(
    stage: Stage, anna: Person
) -> None:
    async with stage.database.write() as tx:
        await tx.operations.begin_maintenance("Back soon.", by=1)
    anna.says("are you there?")
    shown = await anna.chat.shows("worked on at the moment. Back soon. I have kept", within=4)
    async with stage.database.write() as tx:
        await tx.operations.end_maintenance()
    await (await stage.claims()).ends("I am.")
    await anna.chat.shows("I am.")
    assert anna.chat.from_bot == [shown]
