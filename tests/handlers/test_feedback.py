"""Thumbs, reasons, words and reports under answers."""

from __future__ import annotations

import io
import json
import zipfile

from chat.inbound import InboundKind
from storage.repositories import Flag, Rating
from tests.handlers.world import Person, World


async def ratings(person: Person) -> list[Rating]:
    """What is kept of this person's opinions."""
    user = await person.user()
    async with person.world.database.read() as tx:
        return await tx.feedback.of_user(user.id)


async def flags(person: Person) -> list[Flag]:
    """What waits for reviewers of this chat."""
    user = await person.user()
    async with person.world.database.read() as tx:
        return await tx.flags.of_user(user.id)


async def answered(person: Person) -> str:
    """A question and its answer; what its buttons name it by."""
    await person.says("What is a whimbrel?")
    [turn] = await person.world.answer("A wader with a curved bill.")
    return f"{turn.id}.{turn.attempt}"


async def test_a_thumb_counts_once_changes_and_is_taken_back(any_world: World) -> None:
    ada = any_world.person("1")
    place = await answered(ada)
    await ada.presses(f"up:{place}")
    assert [(one.liked, one.reason) for one in await ratings(ada)] == [(True, "")]
    assert "good answer" in await ada.last_words()
    await ada.presses(f"down:{place}")
    assert [one.liked for one in await ratings(ada)] == [False]
    why = (await ada.notices())[-1]
    assert [button.action for button in why.buttons] == [
        f"why:{place}:{each}" for each in ("wrong", "unhelpful", "unsafe", "other")
    ]
    await ada.presses(f"why:{place}:wrong")
    await ada.presses(f"why:{place}:wrong")
    assert [(one.liked, one.reason) for one in await ratings(ada)] == [(False, "wrong")]
    assert (await ada.keys()).count("feedback-reason") == 1
    await ada.presses(f"down:{place}")
    assert await ratings(ada) == []
    assert "Taken back" in await ada.last_words()


async def test_the_same_press_delivered_twice_is_one(world: World) -> None:
    ada = world.person("1")
    place = await answered(ada)
    press = ada.message(kind=InboundKind.BUTTON, action=f"up:{place}")
    await world.assistant.accept([press])
    await world.assistant.accept([press])
    assert [one.liked for one in await ratings(ada)] == [True]
    assert (await ada.keys()).count("feedback-up") == 1


async def test_unsafe_is_a_report_and_the_report_button_asks_why(any_world: World) -> None:
    ada = any_world.person("1")
    place = await answered(ada)
    await ada.presses(f"down:{place}")
    await ada.presses(f"why:{place}:unsafe")
    [flag] = await flags(ada)
    assert (flag.reports, flag.findings[0].evidence) == (1, ("Unsafe",))
    assert (await ada.keys())[-1] == "report-thanks"
    await ada.presses(f"flag:{place}")
    assert (await ada.keys())[-1] == "report-why"
    await ada.presses(f"because:{place}:hateful")
    assert (await ada.keys())[-1] == "report-known"
    assert [flag.reports for flag in await flags(ada)] == [1]


async def test_the_report_button_needs_no_command(world: World) -> None:
    ada = world.person("1")
    place = await answered(ada)
    await ada.presses(f"flag:{place}")
    [*_, why] = await ada.notices()
    await ada.presses(why.buttons[0].action)
    [flag] = await flags(ada)
    assert flag.findings[0].evidence == ("Dangerous",)


async def test_own_words_by_command_or_reply(world: World) -> None:
    ada = world.person("1")
    place = await answered(ada)
    await ada.says("/feedback It forgot the bill.")
    assert [(one.liked, one.words) for one in await ratings(ada)] == [(None, "It forgot the bill.")]
    await ada.presses(f"down:{place}")
    question = (await ada.notices())[-1]
    async with world.database.write() as tx:
        await tx.outbound.sent(question.id, "n1")
    await ada.says("It is not a wader.", reply_to="n1")
    [rating] = await ratings(ada)
    assert (rating.liked, rating.words) == (False, "It is not a wader.")
    assert await ada.turns() == []  # nothing to be answered
    await ada.says("/feedback")
    assert (await ada.notices())[-1].buttons[0].label == "button-thumb-up"


async def test_strangers_and_old_buttons_do_nothing(world: World) -> None:
    ada, bob = world.person("1"), world.person("2", name="Bob")
    place = await answered(ada)
    await bob.says("Hello")
    for action in (f"up:{place}", f"why:{place}:unsafe", f"because:{place}:hateful", "up:x", "up:"):
        await bob.presses(action)
        assert (await bob.keys())[-1] == "feedback-gone"
    assert (await ratings(bob), await ratings(ada), await flags(ada)) == ([], [], [])
    await ada.says("/retry")
    await world.answer("Another answer.")
    await ada.presses(f"up:{place}")
    assert "not there any more" in await ada.last_words()
    assert await ratings(ada) == []


async def test_it_goes_with_the_person(any_world: World) -> None:
    ada = any_world.person("1")
    place = await answered(ada)
    await ada.presses(f"down:{place}")
    user = await ada.user()
    await ada.says("/delete")
    await ada.presses("delete:yes")
    async with any_world.database.read() as tx:
        assert await tx.feedback.of_user(user.id) == []
    await ada.presses(f"up:{place}")
    assert await ratings(ada) == []


async def test_a_person_can_take_it_along(world: World) -> None:
    ada = world.person("1")
    place = await answered(ada)
    await ada.presses(f"down:{place}")
    await ada.presses(f"why:{place}:wrong")
    content = await world.book.export(await ada.user())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        [opinion] = json.loads(archive.read("messages.json"))["feedback"]
    assert (opinion["liked"], opinion["reason"]) == (False, "wrong")
