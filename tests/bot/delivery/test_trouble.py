"""Answers arrive once, whatever happens to calls, to waits and to the bots themselves."""

from __future__ import annotations

import time

import pytest

from bot.delivery import Pace
from chat.outbound import Notice, OutboundState
from chat.turns import OutboundAdded
from tests.bot.delivery.stage import Stage
from tests.fakes.telegram import Person
from tests.waiting import eventually


@pytest.mark.usefixtures("bot")
async def test_a_lost_answer_to_a_send_never_shows_the_answer_twice(
    stage: Stage, anna: Person
) -> None:
    stage.telegram.faults.loses_answer("sendMessage")
    question = anna.says("hello")
    await (await stage.claims()).ends("Hello, Anna!")
    notice = await anna.chat.shows("I cannot tell whether my answer has reached you")
    assert _count(anna, "Hello, Anna!") == 1
    assert notice.reply_to == question.id
    anna.presses(notice, "Send again")
    await anna.chat.until(lambda _: _count(anna, "Hello, Anna!") == 2)


@pytest.mark.usefixtures("bot")
async def test_a_placeholder_whose_answer_is_lost_stays_an_empty_orphan(
    stage: Stage, anna: Person
) -> None:
    stage.telegram.faults.loses_answer("sendMessage")
    anna.says("tell me a story")
    answering = await stage.claims()
    await anna.chat.shows_count(2)
    await answering.ends("Once upon a time.")
    await anna.chat.shows("Once upon a time.")
    assert [message.text for message in anna.chat.from_bot] == ["…", "Once upon a time."]


@pytest.mark.usefixtures("bot")
async def test_a_lost_answer_to_an_edit_is_repeated(stage: Stage, anna: Person) -> None:
    anna.says("tell me a story")
    answering = await stage.claims()
    await anna.chat.shows("…")
    stage.telegram.faults.loses_answer("editMessageText", times=2)
    await answering.ends("Once upon a time.")
    await anna.chat.shows("Once upon a time.")
    assert len(anna.chat.from_bot) == 1


@pytest.mark.usefixtures("bot")
async def test_a_send_that_had_no_effect_is_repeated(stage: Stage, anna: Person) -> None:
    stage.telegram.faults.answers("sendMessage", 502, "Bad Gateway", times=2)
    anna.says("hello")
    await (await stage.claims()).ends("Hello, Anna!")
    await anna.chat.until(lambda chat: bool(chat.from_bot), within=15)
    assert _count(anna, "Hello, Anna!") <= 1


@pytest.mark.parametrize("refusal", [401, 502, 429])
async def test_what_certainly_was_not_sent_is_sent_by_the_next_bot(
    stage: Stage, anna: Person, refusal: int
) -> None:
    async with stage.bot("bot-1") as first:
        anna.says("hello")
        answering = await stage.claims()
        if refusal == 429:
            stage.telegram.faults.floods("sendMessage", retry_after=2)
        else:
            stage.telegram.faults.answers("sendMessage", refusal, "Not now", times=1000)
        await answering.ends("Hello, Anna!")
        await eventually(lambda: withdrawn(stage))
        await first.dies()
    stage.telegram.faults.clear()
    async with stage.bot("bot-2"):
        await anna.chat.shows("Hello, Anna!", within=30)
        assert [each.text for each in anna.chat.from_bot] == ["Hello, Anna!"]


async def withdrawn(stage: Stage) -> bool:
    """Whether an answer was to be sent, and its row says that it was not."""
    async with stage.database.read() as tx:
        return bool(stage.telegram.world.calls_of("sendMessage")) and not any(
            row.text for row in await tx.outbound.parts(1)
        )


@pytest.mark.usefixtures("bot")
async def test_a_notice_that_certainly_was_not_sent_is_in_no_doubt(
    stage: Stage, anna: Person
) -> None:
    stage.telegram.faults.answers("sendMessage", 401, "Unauthorized", times=1000)
    anna.says("/help")
    await stage.telegram.world.called("sendMessage")

    async def waits() -> bool:
        async with stage.database.read() as tx:
            return (await tx.outbound.get(1)).state is OutboundState.PENDING

    await eventually(waits)
    stage.telegram.faults.clear()
    await anna.chat.shows_count(1)
    assert len(anna.chat.from_bot) == 1


@pytest.mark.usefixtures("bot")
async def test_a_wait_that_was_asked_for_is_kept(stage: Stage, anna: Person) -> None:
    stage.telegram.faults.floods("sendMessage", retry_after=2)
    began = time.monotonic()
    anna.says("hello")
    await (await stage.claims()).ends("Hello, Anna!")
    shown = await anna.chat.shows("Hello, Anna!")
    assert shown.sent_at - began >= 2


@pytest.mark.usefixtures("bot")
async def test_a_wait_is_kept_when_the_broker_forgets_it(stage: Stage, anna: Person) -> None:
    stage.telegram.faults.floods("sendMessage", retry_after=3)
    anna.says("hello")
    answering = await stage.claims()
    await answering.ends("Hello, Anna!")
    await stage.telegram.world.called("sendMessage", 1)
    await stage.broker.connection.commands.flushall()
    anna.says("/help")
    await anna.chat.shows("Hello, Anna!")
    # that no call was made within the wait is what the stage looks at in the end


async def test_answers_stand_in_the_order_of_their_questions_whichever_bot_shows_them(
    stage: Stage, anna: Person
) -> None:
    stage.pace = Pace()
    async with stage.bot("bot-1"):
        anna.says("first")
        first = await stage.claims()
    async with stage.database.write() as tx:  # as kill -9 leaves it: its lease has not lapsed yet
        assert await tx.turns.own_showing("bot-1", [first.turn.id], 2)
    async with stage.bot("bot-2"):
        anna.says("second")
        await first.ends("This is one.")
        await (await stage.claims()).ends("This is two.")
        await anna.chat.shows("This is two.", within=15)
    assert [shown.text for shown in anna.chat.from_bot] == ["This is one.", "This is two."]


async def test_a_wait_outlives_the_bot_and_the_broker(stage: Stage, anna: Person) -> None:
    async with stage.bot() as bot:
        stage.telegram.faults.floods("sendMessage", retry_after=4)
        began = time.monotonic()
        anna.says("hello")
        await (await stage.claims()).ends("Hello, Anna!")

        async def waiting() -> dict[str, float]:
            async with stage.database.read() as tx:
                return await tx.waits.get("telegram", bot.channel.account)

        assert await eventually(waiting)
        await bot.delivery.drain()
    await stage.broker.connection.commands.flushall()
    async with stage.bot("bot-2"):
        shown = await anna.chat.shows("Hello, Anna!", within=20)
    assert shown.sent_at - began >= 4
    assert _count(anna, "Hello, Anna!") == 1


async def test_another_bot_goes_on_where_one_drained(stage: Stage, anna: Person) -> None:
    async with stage.bot() as first:
        anna.says("tell me a story")
        answering = await stage.claims()
        await answering.says("Once upon")
        shown = await anna.chat.shows("Once upon")
        await first.delivery.drain()
    async with stage.bot("bot-2"):
        await answering.ends(" a time.")
        await anna.chat.shows("Once upon a time.", within=5)
    assert anna.chat.from_bot == [shown]


async def test_another_bot_goes_on_where_one_died(stage: Stage, anna: Person) -> None:
    async with stage.bot() as first:
        anna.says("tell me a story")
        answering = await stage.claims()
        await answering.says("Once upon")
        shown = await anna.chat.shows("Once upon")
        await first.dies()
    async with stage.bot("bot-2"):
        await answering.ends(" a time.")
        await anna.chat.shows("Once upon a time.", within=25)
    assert anna.chat.from_bot == [shown]


@pytest.mark.usefixtures("bot")
async def test_losing_everything_in_the_broker_loses_no_answer(stage: Stage, anna: Person) -> None:
    anna.says("tell me a story")
    answering = await stage.claims()
    await answering.says("Once upon")
    await anna.chat.shows("Once upon")
    await stage.broker.connection.commands.flushall()
    await answering.ends(" a time.")
    await anna.chat.shows("Once upon a time.")


@pytest.mark.usefixtures("bot")
async def test_words_that_telegram_refuses_are_shown_plain(stage: Stage, anna: Person) -> None:
    stage.telegram.faults.answers(
        "sendMessage", 400, "Bad Request: can't parse entities: unexpected end"
    )
    anna.says("hello")
    await (await stage.claims()).ends("**Hello**, Anna!")
    shown = await anna.chat.shows("Hello, Anna!")
    assert shown.entities == []


async def test_two_bots_show_an_answer_once(stage: Stage, anna: Person) -> None:
    async with stage.bot(), stage.bot("bot-2"):
        anna.says("tell me a story")
        answering = await stage.claims()
        await answering.says("Once upon")
        await anna.chat.shows("Once upon")
        await answering.ends(" a time.")
        await anna.chat.shows("Once upon a time.")
    assert len(anna.chat.from_bot) == 1


def _count(person: Person, words: str) -> int:
    return sum(words in message.text for message in person.chat.from_bot)


@pytest.mark.parametrize("placed", [0, 1])
async def test_parts_that_a_bot_died_over_before_they_had_an_id_hinder_nothing(
    stage: Stage, anna: Person, placed: int
) -> None:
    async with stage.bot() as first:
        anna.says("tell me a story")
        answering = await stage.claims()
        if placed:
            await anna.chat.shows("…")
        await first.delivery.drain()
    async with stage.database.write() as tx:
        turn = await tx.turns.get(answering.turn.id)
        for part in range(len(await tx.outbound.parts(turn.id)), 2):
            await tx.outbound.add_part(turn.id, part, turn.conversation_id)
    await answering.ends("Once upon a time.")

    async def all_shown() -> bool:
        async with stage.database.read() as tx:
            return (await tx.turns.get(turn.id)).shown

    async with stage.bot("bot-2"):
        assert await eventually(all_shown)
    assert [message.text for message in anna.chat.from_bot] == ["Once upon a time."]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("answered", [True, False])
async def test_that_a_question_waits_is_not_said_below_its_answer(
    stage: Stage, anna: Person, answered: bool
) -> None:
    stage.telegram.faults.floods("sendMessage", retry_after=3)
    anna.says("hello")
    turn = (await stage.claims()).turn
    async with stage.database.write() as tx:
        assert await tx.turns.postpone(turn.id, turn.attempt, until=0, reason="endpoint-down")
        await tx.outbound.add_notice(turn.conversation_id, Notice("endpoint-down"), turn_id=turn.id)
    await stage.broker.publish(OutboundAdded(turn.conversation_id))
    await eventually(stage.flooded)
    if not answered:
        await anna.chat.shows("out of reach", within=15)
        return
    await (await stage.claims()).ends("Hello, Anna!")
    await anna.chat.shows("Hello, Anna!", within=15)

    async def settled() -> bool:
        async with stage.database.read() as tx:
            notices = await tx.outbound.notices(turn.conversation_id)
        return [each.state for each in notices] == [OutboundState.FAILED]

    await eventually(settled)
    assert [shown.text for shown in anna.chat.from_bot] == ["Hello, Anna!"]


async def test_a_placeholder_says_itself_that_the_model_is_away(stage: Stage, anna: Person) -> None:
    async with stage.bot():
        anna.says("hello")
        await anna.chat.shows("Your question is next", within=15)
        turn = (await stage.claims()).turn
        async with stage.database.write() as tx:
            until = time.time() + 2
            await tx.turns.postpone(turn.id, turn.attempt, until=until, reason="endpoint-down")
            await tx.outbound.add_notice(
                turn.conversation_id, Notice("endpoint-down"), turn_id=turn.id
            )
        await stage.broker.publish(OutboundAdded(turn.conversation_id))
        await anna.chat.shows("out of reach", within=15)
        await (await stage.claims()).ends("Hello, Anna!")
        await anna.chat.shows("Hello, Anna!", within=15)
    assert [shown.text for shown in anna.chat.from_bot] == ["Hello, Anna!"]
