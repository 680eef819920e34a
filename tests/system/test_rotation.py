"""Secrets are exchanged while people go on asking: every question is answered, and once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from tests.fakes.telegram import Person
from tests.handlers.pictures import drawing, encoded
from tests.system.test_leases import Town, all_shown, answered, town
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(240)

NEW_TOKEN = "700001:AANewTokenOfTheFakeTelegramServer0000"
NEW_KEY, OLD_KEY = "new-key-of-the-engine", "old-key-of-the-engine"
PICTURE = encoded(drawing(size=(64, 48)), "PNG")


class Crowd:
    """People who ask one thing after another, each as soon as the answer to the last is there."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self.asked: Counter[int] = Counter()

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """All ask as long as the context, and are answered at its end."""
        enough = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for each in self.people:
                group.create_task(self._ask(each, enough))
            yield
            enough.set()

    async def _ask(self, person: Person, enough: asyncio.Event) -> None:
        while not enough.is_set():
            number = self.asked[person.id] = self.asked[person.id] + 1
            if number % 5 == 0:
                person.sends_photo(PICTURE, f"question {number}")
            else:
                person.says(f"question {number}")
            await self._is_answered(person, number)

    async def _is_answered(self, person: Person, number: int) -> None:
        await person.chat.until(lambda _: bool(answers(person, number)), within=90)

    async def goes_on(self, more: int = 2) -> None:
        """Wait until everybody has asked so many times more."""
        wanted = {each.id: self.asked[each.id] + more for each in self.people}

        async def done() -> bool:
            return all(self.asked[person] >= times for person, times in wanted.items())

        await eventually(done, seconds=90)

    def assert_answered_once(self) -> None:
        """Each question has one answer, in their order, and nothing else was said."""
        for person in self.people:
            said = [each.text for each in person.chat.from_bot]
            expected = [f"I heard: question {n}." for n in range(1, self.asked[person.id] + 1)]
            assert [text.partition(" I ")[0] for text in said] == expected, person.chat.transcript()


def answers(person: Person, number: int) -> list[str]:
    """The finished answers to a question."""
    return [
        each.text
        for each in person.chat.from_bot
        if each.text.startswith(f"I heard: question {number}.") and "Stop" not in each.buttons
    ]


def crowd(place: Town) -> Crowd:
    """Three people."""
    return Crowd([place.person(name) for name in ("Anna", "Ben", "Cleo")])


async def test_the_bots_token() -> None:
    async with town(bots=2, workers=1) as place:
        people = crowd(place)
        async with people.asking():
            await people.goes_on()
            place.telegram.rotates(NEW_TOKEN)
            await refused(place)
            await place.fleet.restart("bot-1", {"TELEGRAM_BOT_TOKEN": NEW_TOKEN})
            dora = place.person("Dora")  # whom one bot with the new token is enough for
            dora.says("is anybody there?")
            await answered(dora, "I heard: is anybody there?.", seconds=60)
            await place.fleet.restart("bot-2", {"TELEGRAM_BOT_TOKEN": NEW_TOKEN})
            await people.goes_on()
        await eventually(lambda: all_shown(place))
        people.assert_answered_once()
        conversations = place.ask("SELECT DISTINCT account FROM conversations")
        assert conversations == [("700001",)], "chats belong to the bot, not to its token"
        assert place.ask("SELECT count(*) FROM conversations") == [(len(people.people) + 1,)]
        for name in ("bot-1", "bot-2"):
            for token in (NEW_TOKEN, place.telegram.token):
                assert token.partition(":")[2] not in place.fleet.log(name)


async def refused(place: Town) -> None:
    """Wait until the bot that polls says what is wrong; it runs on, and so does the page."""
    before = place.fleet.pids()

    async def said() -> bool:
        logs = place.fleet.log("bot-1") + place.fleet.log("bot-2")
        return "Telegram refuses the token: TELEGRAM_BOT_TOKEN wants the one" in logs

    await eventually(said, seconds=40)
    assert place.fleet.pids() == before


async def test_the_key_of_the_engine() -> None:
    async with town(bots=1, workers=2, ENGINE_API_KEY=OLD_KEY) as place:
        people = crowd(place)
        async with people.asking():
            await people.goes_on()
            place.ways.more_keys = (NEW_KEY,)
            for name in ("worker-1", "worker-2"):
                await place.fleet.restart(name, {"ENGINE_API_KEY": NEW_KEY})
                await people.goes_on()
            place.ways.api_key, place.ways.more_keys = NEW_KEY, ()
            await people.goes_on()
        people.assert_answered_once()


async def test_the_brokers_password() -> None:
    async with town(bots=2, workers=2) as place:
        people, old_url = crowd(place), place.fleet.redis_url
        address, _, old = old_url.partition("?password=")
        new = "another-password-of-the-broker"
        async with people.asking(), Redis.from_url(old_url) as redis:
            await people.goes_on()
            await orders(redis, "ACL", "SETUSER", "default", f">{new}")
            for name in ("bot-1", "worker-1", "bot-2", "worker-2"):
                await place.fleet.restart(name, {"REDIS_URL": f"{address}?password={new}"})
                await people.goes_on()
            await orders(redis, "ACL", "SETUSER", "default", f"<{old}")
            await orders(redis, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await people.goes_on()
            await orders(redis, "ACL", "SETUSER", "default", f">{old}")  # for the fleet
        people.assert_answered_once()


async def orders(redis: Redis, *words: str) -> None:
    """A command of an administrator."""
    await redis.execute_command(*words)  # type: ignore[no-untyped-call]
