"""Who has used up what they may use is told how long to wait, once, and nobody else is."""

from __future__ import annotations

import re

import pytest

from chat.budgets import BudgetSettings
from chat.inbound import InboundAttachment, InboundKind
from chat.people import Role
from chat.turns import TurnState
from moderation.durations import spoken
from storage.allowances import Allowances, Usage
from storage.broker import Broker
from tests.handlers.pictures import drawing, encoded
from tests.handlers.world import FileChannel, Person, World
from tests.waiting import eventually

# A day and what is left of the slot that it began in, rounded up; without that where the slot ended
# between the messages.
A_DAY = re.compile(r"again in 2[45] hours\.$|In 2[45] Stunden kannst du wieder schreiben\.$")


def limited(world: World, person: str = "none", chat: str = "none", total: str = "none") -> None:
    """Wire the handlers with these budgets."""
    world.budgets = BudgetSettings(person, chat, total)
    world.rewire()


async def spend(world: World, person: Person, tokens: int) -> None:
    """What a worker does when it has answered."""
    user = await person.user()
    used = Usage(user.id, person.key, f"turn-{world.number()}", tokens=tokens)
    await Allowances(world.broker, world.budgets).spend([used])


async def test_messages_beyond_the_budget_are_kept_and_told_of_once(any_world: World) -> None:
    world = any_world
    limited(world, "2 messages/day")
    ada = world.person("1")
    for text in ("one", "two", "three", "four", "five"):
        await ada.says(text)
    assert await ada.questions() == ["one", "two"]
    assert [message.text for message in await ada.messages()] == [
        *("one", "two", "three", "four", "five")
    ], "nothing is lost"
    assert await ada.keys() == ["budget-messages"]
    assert A_DAY.search(await ada.last_words())
    assert world.refused("person", "messages") == 3


async def test_others_are_not_bound_by_it(world: World) -> None:
    limited(world, "1 message/day")
    ada, eve = world.person("1"), world.person("2", language="de")
    await ada.says("one")
    await ada.says("two")
    await eve.says("eins")
    assert await eve.keys() == []
    await eve.says("zwei")
    assert A_DAY.search(await eve.last_words())


async def test_it_is_told_again_when_the_time_told_is_over(world: World) -> None:
    limited(world, "1 message/day")
    ada = world.person("1")
    for _ in range(3):
        await ada.says("again")
    world.clock.advance(24 * 3600 * 1.02)  # Redis keeps its own time, so it is still full
    await ada.says("and again")
    assert await ada.keys() == ["budget-messages"] * 2


async def test_when_the_time_told_is_over_there_is_an_answer(world: World) -> None:
    limited(world, "1 message/second")
    ada = world.person("1")
    await ada.says("one")
    await ada.says("two")

    async def taken() -> bool:
        await ada.says("three")
        return "three" in await ada.questions()

    await eventually(taken)


async def test_threads_of_a_chat_are_told_once_and_conversations_of_the_web_each(
    world: World,
) -> None:
    limited(world, "1 message/day")
    for channel, told in (("telegram", [1, 0, 0]), ("web", [1, 1, 1])):
        first = world.person("9", channel=channel)
        await first.says("one")
        threads = [world.person("9", channel=channel, thread=str(n)) for n in range(3)]
        for thread in threads:
            await thread.says("two")
            await thread.says("three")
        assert [len(await thread.keys()) for thread in threads] == told


async def test_a_repeated_update_is_counted_once(world: World) -> None:
    limited(world, "2 messages/day")
    ada = world.person("1")
    message = await ada.says("one")
    for _ in range(5):
        await world.assistant.accept([message])
    await ada.says("two")
    assert await ada.questions() == ["one", "two"]


async def test_an_update_whose_transaction_was_lost_is_counted_once(world: World) -> None:
    limited(world, "2 messages/day")
    ada = world.person("1")
    message = ada.message("one")
    await ada.says("zero")
    allowances = Allowances(world.broker, world.budgets)
    receipt = f"telegram:bot:message:{message.update_id}"
    user = await ada.user()
    assert await allowances.take([Usage(user.id, ada.key, receipt, messages=1)]) == {}

    await world.assistant.accept([message])  # the messenger brings it again
    assert await ada.questions() == ["zero", "one"]


async def test_a_batch_that_has_too_much_in_it_loses_nothing(any_world: World) -> None:
    world = any_world
    limited(world, "2 messages/day")
    ada, eve = world.person("1"), world.person("2")
    batch = [ada.message(text) for text in ("one", "two", "three", "four")]
    await world.assistant.accept([*batch[:3], eve.message("eins"), batch[3]])
    assert await ada.questions() == ["one", "two"]
    assert [message.text for message in await ada.messages()] == ["one", "two", "three", "four"]
    assert await ada.keys() == ["budget-messages"]
    assert await eve.questions() == ["eins"]
    assert await eve.keys() == []
    assert world.refused("person", "messages") == 2


async def test_who_was_told_in_the_same_batch_is_not_told_again(world: World) -> None:
    limited(world, "1 message/day")
    ada, eve = world.person("1"), world.person("2")
    await ada.says("one")
    await ada.says("two")
    assert await ada.keys() == ["budget-messages"]
    await world.assistant.accept([ada.message("three"), eve.message("eins"), eve.message("zwei")])
    assert await ada.keys() == ["budget-messages"]
    assert await eve.keys() == ["budget-messages"]


async def test_commands_are_always_taken(world: World) -> None:
    limited(world, "1 message/day")
    ada = world.person("1")
    await ada.says("one")
    await ada.says("two")
    for command in ("/stop", "/privacy", "/export", "/help", "/delete"):
        await ada.says(command)
    keys = await ada.keys()
    assert keys[:1] == ["budget-messages"]
    assert keys[1:] == ["privacy", "export-ready", "help", "delete-question"]
    assert world.counted(TurnState.CANCELLED) == 1, "what waited was stopped"


async def test_answering_again_counts(world: World) -> None:
    limited(world, "3 messages/day")
    ada = world.person("1")
    question = await ada.says("Waht?")
    await world.answer("Pardon?")
    await ada.edits(question, "What?")
    await world.answer("This!")
    await ada.says("/retry")
    await world.answer("That!")
    assert await ada.keys() == []

    await ada.edits(question, "What is it?")
    await ada.says("/retry")
    assert await ada.keys() == ["budget-messages"]
    assert await ada.turns() == []
    assert [message.text for message in await ada.messages()] == ["What is it?", "That!"]


async def test_an_edit_of_a_question_that_waits_is_free(world: World) -> None:
    limited(world, "1 message/day")
    ada = world.person("1")
    question = await ada.says("Waht?")
    await ada.edits(question, "What?")
    assert await ada.questions() == ["What?"]
    assert await ada.keys() == []


async def test_pictures_have_a_budget_of_their_own_and_words_go_on(world: World) -> None:
    limited(world, "9 messages/day, 2 pictures/day")
    ada = world.person("1")
    for number in range(3):
        await ada.sends_picture(f"file-{number}", "Look")
    assert await ada.keys() == ["budget-pictures"]
    assert re.search("send pictures again in 2[45] hours", await ada.last_words())
    channel = FileChannel({f"file-{number}": encoded(drawing(), "PNG") for number in range(3)})
    while await world.pictures.fetch_pending({("telegram", "bot"): channel}):
        pass
    assert sorted(channel.fetched) == ["file-0", "file-1"], "nobody fetches what nobody looks at"
    await ada.says("only words")
    assert await ada.keys() == ["budget-pictures"]


async def test_an_album_is_one_message_and_each_of_its_pictures_counts(world: World) -> None:
    limited(world, "2 messages/day, 4 pictures/day")
    ada = world.person("1")
    for number in range(3):
        await ada.sends_picture(f"file-{number}", group_id="album")
    await ada.says("and this?")
    assert await ada.keys() == []
    await ada.sends_picture("file-3")
    assert await ada.keys() == ["budget-messages"]


async def test_more_pictures_at_once_than_there_ever_is_room_for(world: World) -> None:
    limited(world, "1 picture/day")
    ada = world.person("1", channel="web")
    picture = InboundAttachment(stored=await world.pictures.store(encoded(drawing(), "PNG")))
    await ada.says("Look", attachments=(picture, picture))
    assert await ada.keys() == ["budget-pictures-at-once"]
    await ada.says("Look", attachments=(picture,))
    assert await ada.keys() == ["budget-pictures-at-once"], "one is welcome"


async def test_tokens_are_refused_at_the_next_message(world: World) -> None:
    limited(world, "1000 tokens/day")
    ada = world.person("1")
    await ada.says("one")
    await world.answer()
    await spend(world, ada, 999)
    await ada.says("two")
    await world.answer()
    await spend(world, ada, 5000)
    await ada.says("three")
    assert await ada.turns() == []
    assert await ada.keys() == ["budget-tokens"]
    assert A_DAY.search(await ada.last_words())


async def test_a_person_who_begins_anew_has_the_chats_budget_still(world: World) -> None:
    limited(world, "2 messages/day", chat="2 messages/day")
    ada = world.person("1")
    await ada.says("one")
    await ada.says("two")
    before = await ada.user()
    await ada.says("/delete")
    await ada.says("/delete yes")
    await ada.says("three")
    assert (await ada.user()).id != before.id
    assert world.refused("person", "messages") == 0
    assert world.refused("chat", "messages") == 1


async def test_what_all_may_use_together(world: World) -> None:
    limited(world, total="2 messages/day")
    for number in range(3):
        await world.person(str(number)).says("Hello")
    late = world.person("2")
    assert await late.turns() == []
    assert "for everybody together" in await late.last_words()
    assert world.refused("total", "messages") == 1


async def test_owners_are_counted_and_never_refused(world: World) -> None:
    limited(world, "1 message/day", total="3 messages/day")
    boss, ada = world.person("1"), world.person("2")
    await boss.says("/help")
    await world.promote(await boss.user(), Role.OWNER)
    for _ in range(5):
        await boss.says("mine")
    assert await boss.keys() == ["help"]
    await ada.says("Hello")
    assert await ada.keys() == ["budget-total"]


async def test_stickers_and_the_like_are_messages_too(world: World) -> None:
    limited(world, "1 message/day")
    ada = world.person("1")
    for _ in range(5):
        await ada.says(kind=InboundKind.UNSUPPORTED, what="sticker")
    assert await ada.keys() == ["unsupported-sticker", "budget-messages"]


async def test_a_person_has_only_so_many_questions_waiting(world: World) -> None:
    world.budgets = BudgetSettings("none", "none", "none", person_waiting=3)
    world.rewire()
    threads = [world.person("1", thread=str(number)) for number in range(5)]
    for thread in threads:
        await thread.says("Hello")
    assert [len(await thread.turns()) for thread in threads] == [1, 1, 1, 0, 0]
    assert "3 of your questions are waiting" in await threads[3].last_words()
    assert await threads[4].keys() == [], "it was said"
    assert world.refused("person", "waiting") == 2
    eve = world.person("2")
    await eve.says("Hello")
    assert len(await eve.turns()) == 1


async def test_whoever_floods_is_recorded_after_the_others_of_a_batch(any_world: World) -> None:
    world = any_world
    flood = [world.person("1", thread=str(number)).message("Hello") for number in range(60)]
    eve = world.person("2")
    await world.assistant.accept([*flood, eve.message("one"), eve.message("two")])
    assert await eve.questions() == ["one", "two"]
    assert (await eve.latest()).id <= 25, "it was in the first transaction"
    for message in flood[0], flood[-1]:
        await world.assistant.accept([message])  # known already
    assert len(await world.claim()) == 61


async def test_people_are_let_through_while_the_broker_is_away(world: World) -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as gone:
        world.broker = gone
        limited(world, "1 message/day")
        ada = world.person("1")
        for text in ("one", "two", "three"):
            await ada.says(text)
        assert await ada.questions() == ["one", "two", "three"]


async def test_an_emptied_broker_begins_to_count_anew(world: World) -> None:
    limited(world, "1 message/day")
    ada = world.person("1")
    await ada.says("one")
    await world.broker.connection.commands.flushall()
    await ada.says("two")
    assert await ada.questions() == ["one", "two"]


async def test_about_tells_what_is_left(world: World) -> None:
    limited(world, "5 messages/minute, 9 messages/day, 7 pictures/day")
    ada = world.person("1")
    await ada.sends_picture("file", "Look")
    await ada.says("/about")
    words = await ada.last_words()
    assert "4 messages, 6 pictures, answers of any length" in words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, (2, "seconds")),
        (59, (59, "seconds")),
        (61, (61, "seconds")),
        (119.5, (120, "seconds")),
        (240, (4, "minutes")),
        (3601, (61, "minutes")),
        (24 * 3600 + 1, (25, "hours")),
        (29.5 * 24 * 3600, (30, "days")),
    ],
)
def test_a_wait_is_told_as_people_say_it_and_never_too_short(
    seconds: float, said: tuple[int, str]
) -> None:
    assert spoken(seconds) == said
