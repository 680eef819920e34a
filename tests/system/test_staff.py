"""What staff do from Telegram with the whole system behind it: speak to everybody, and decide in
the chat for moderators."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.telegram import Person
from tests.system.stand import Stand, Up, asks, ends, stand

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

OLGA = "5000001"  # the first person of the fake Telegram, and the first group
GROUP = "-4000000001"
PEOPLE = 25
WORDS = "We move tonight."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[tuple[Stand, Up, Person]]:
    """A system with an owner and a group of moderators."""
    settings = {
        "ACCESS": "open",
        "OWNER_IDS": f"telegram:{OLGA}",
        "MODERATORS_CHAT": f"telegram:{GROUP}",
        "MODERATORS_FROM": "low",
        "PUBLIC_URL": "https://whimbrel.example",
        "TRUSTED_PROXIES": "127.0.0.1",
        "BROADCAST_RATE": "5",
    }
    async with stand(**settings) as around:
        olga = around.telegram.person("Olga")
        assert str(olga.id) == OLGA
        assert str(olga.adds_bot_to("Moderators").id) == GROUP
        async with around.up() as up:
            yield around, up, olga


async def test_what_somebody_reports_is_decided_in_the_group(
    running: tuple[Stand, Up, Person],
) -> None:
    around, _, olga = running
    await asks(olga, "hello")
    anna = around.telegram.person("Anna")
    await asks(anna, "hello there")
    anna.says("/report that is secret-word")
    group = around.telegram.world.chats[int(GROUP)]
    card = await group.shows("what people reported", within=20)
    assert "secret-word" not in card.text
    anna.presses(card, "Nothing wrong", chat=group)
    await group.until(lambda chat: len(chat.pressed_notes) == 1, 20)
    assert "this button is for people who look at flags" in group.pressed_notes[0]
    olga.presses(card, "Nothing wrong", chat=group)
    await group.until(lambda _: "It counts in ten seconds" in card.text, 20)
    await ends(anna.chat, "found nothing against the rules", seconds=30)
    await group.until(lambda _: card.buttons == ["Open"], 20)


async def test_everybody_is_told_once_though_the_bot_is_killed_meanwhile(
    running: tuple[Stand, Up, Person],
) -> None:
    around, up, olga = running
    people = [around.telegram.person(f"Person {number}") for number in range(PEOPLE)]
    for person in people:
        person.says("/help")
    for person in people:
        await ends(person.chat, "/stop", seconds=40)
    olga.says(f"/admin broadcast {WORDS}")
    asked = await ends(olga.chat, "Shall I send it?")
    olga.presses(asked, "Send")
    await ends(people[3].chat, WORDS, seconds=30)
    await up.kills("bot")
    await ends(olga.chat, "Everybody had their turn", seconds=120)
    told = [sum(shown.text == WORDS for shown in person.chat.from_bot) for person in people]
    assert max(told) == 1
    end = (await ends(olga.chat, "Everybody had their turn")).text
    assert sum(told) >= PEOPLE - (2 if "perhaps" in end else 0), end
