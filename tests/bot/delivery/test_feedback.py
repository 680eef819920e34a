"""Thumbs under delivered answers, pressed as a person would."""

from __future__ import annotations

from tests.bot.delivery.stage import Stage
from tests.fakes.telegram import Person
from tests.waiting import eventually

BUTTONS = ["👍", "👎", "⚑ Report"]


async def test_a_quick_answer_comes_with_its_buttons_in_one_send(
    stage: Stage, anna: Person
) -> None:
    stage.feedback = True
    async with stage.bot():
        anna.says("hello")
        await (await stage.claims()).ends("Hello, Anna!")
        shown = await anna.chat.shows("Hello, Anna!")
        assert [version.text for version in shown.versions] == ["Hello, Anna!"]
        assert shown.buttons == BUTTONS
        anna.presses(shown, "👎")
        why = await anna.chat.shows("What was not good about that answer?")
        assert why.buttons == ["Wrong", "Not helpful", "Unsafe", "Something else"]
        anna.presses(why, "Unsafe")
        await anna.chat.shows("A person will look at this answer")
        async with stage.database.read() as tx:
            assert await tx.flags.count_open() == 1


async def test_a_long_answer_has_them_under_its_last_part(stage: Stage, anna: Person) -> None:
    stage.feedback = True
    async with stage.bot():
        anna.says("tell me a long story")
        answering = await stage.claims()
        await answering.says("word " * 300)
        await anna.chat.shows("word")
        await answering.ends(" ".join(f"word{number}" for number in range(1200)))
        last = await anna.chat.shows("word1199", within=20)

        async def have_buttons() -> list[list[str]]:
            return [shown.buttons for shown in anna.chat.from_bot if last.buttons == BUTTONS]

        *others, of_last = await eventually(have_buttons)
        assert (others, of_last) == ([[] for _ in others], BUTTONS)
        assert others
