"""What stands around an answer, by the settings that nobody has changed."""

from __future__ import annotations

from tests.system.stand import stand
from tests.waiting import eventually


async def test_who_answers_is_said_once_and_thumbs_stand_under_the_answer() -> None:
    async with (
        stand(ACCESS="open", DISCLOSE_AFTER_DAYS="", FEEDBACK_BUTTONS="") as around,
        around.up(),
    ):
        anna = around.telegram.person("Anna")
        anna.says("Hello")
        told = await anna.chat.shows("a program answers here", within=30)
        assert "an AI assistant" in told.text

        async def thumbs() -> list[str]:
            return [
                label for each in anna.chat.from_bot for label in each.buttons if label != "Stop"
            ]

        assert await eventually(thumbs, seconds=30) == ["👍", "👎", "⚑ Report"]
        [answer] = [each for each in anna.chat.from_bot if each.buttons]
        anna.presses(answer, "👍")
        await anna.chat.shows("a good answer", within=30)
        assert sum("a program answers here" in each.text for each in anna.chat.from_bot) == 1
