"""Workers that stop, freeze or die over a question, and bots side by side: what people see."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.fleet import Fleet, open_to_all
from tests.chaos.stores import migrated_database
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.fakes.telegram import FakeTelegram, Person
from tests.system.fragile_worker import DEADLY, FROZEN
from tests.system.listener import LAST, Listener
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(180)

LEASE_LOST = 30  # seconds within which a stopped worker has lost its lease and another has answered
OTHER_TOKEN = "700002:AAAnotherTokenOfTheFakeTelegramServer"


@dataclass
class Town:
    """A messenger, a model that says back what it hears, and the processes between them."""

    telegram: FakeTelegram
    fleet: Fleet
    listener: Listener
    ways: Ways
    folder: Path

    def person(self, name: str, language: str = "en") -> Person:
        """Somebody who may talk to the bot."""
        return self.telegram.person(name, language=language)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """What SQL says."""
        with closing(sqlite3.connect(self.folder / "whimbrel.sqlite3")) as connection:
            return connection.execute(query).fetchall()

    async def says(self, name: str, words: str, *, seconds: float = 30) -> None:
        """Wait until a process has said these words in its log."""

        async def said() -> bool:
            return words in self.fleet.log(name)

        await eventually(said, seconds=seconds)


@asynccontextmanager
async def town(
    *,
    bots: int = 1,
    workers: int = 2,
    fragile: bool = False,
    limits: bool = True,
    **settings: str,
) -> AsyncIterator[Town]:
    """A town in which everybody may talk to the bot."""
    key = settings.get("ENGINE_API_KEY", "")
    listener, ways = Listener(), Ways(model="listener", window=200_000, api_key=key)
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        folder = Path(name)
        command = f'tests.system.fragile_worker "{folder}"' if fragile else "bot worker"
        with migrated_database("sqlite", folder) as url:
            async with (
                FakeTelegram(limits=limits) as telegram,
                OpenAIEndpoint(listener, ways) as endpoint,
            ):
                environ = open_to_all(url, telegram.url, telegram.token)
                environ["ENGINE_URL"] = endpoint.url
                if fragile:  # tests are not installed
                    environ["PYTHONPATH"] = str(Path(__file__).parents[2])
                fleet = Fleet(
                    folder, environ | settings, bots=bots, workers=workers, worker_command=command
                )
                async with fleet:
                    yield Town(telegram, fleet, listener, ways, folder)


async def answered(person: Person, words: str, *, seconds: float = 15) -> str:
    """Wait until an answer with these words has ended, and return it."""

    def ends() -> list[str]:
        shown = person.chat.from_bot
        return [each.text for each in shown if words in each.text and "Stop" not in each.buttons]

    await person.chat.until(lambda _: bool(ends()), within=seconds)
    return ends()[-1]


async def test_a_stopped_worker_loses_its_lease_and_what_it_says_later_is_rejected() -> None:
    async with town() as place:
        anna = place.person("Anna")
        place.ways.words_per_second = 10
        anna.says("tell me at length")
        await anna.chat.shows("word2 ")
        [(holder,)] = place.ask("SELECT worker_id FROM turns WHERE state = 'running'")
        names = ("worker-1", "worker-2")  # only the first is called so in SQL
        stopped, other = names if holder == "worker-1" else names[::-1]
        place.fleet.signal(stopped, signal.SIGSTOP)
        began = time.monotonic()
        try:
            text = await answered(anna, LAST, seconds=LEASE_LOST)
        finally:
            place.fleet.signal(stopped, signal.SIGCONT)
        assert time.monotonic() - began < LEASE_LOST
        await place.says(stopped, '"a lease was lost"')
        place.fleet.kill(other)  # the thawed one works on, and what it says now counts
        anna.says("are you well?")
        await answered(anna, "are you well?", seconds=30)
        assert len(anna.chat.from_bot) == 2, anna.chat.transcript()
        assert anna.chat.from_bot[0].text == text
        assert text.count("word2 ") == 1
        assert place.ask("SELECT count(*) FROM messages WHERE speaker = 'assistant'") == [(2,)]


async def test_a_worker_whose_steps_stop_ends_and_another_answers() -> None:
    async with town(fragile=True) as place:
        (place.folder / FROZEN).touch()
        anna, ben = place.person("Anna"), place.person("Ben")
        place.ways.words_per_second = 10
        anna.says("frozen at length")
        await anna.chat.shows("I")
        (place.folder / FROZEN).unlink()  # whoever is asked next goes on
        ben.says("hello")
        await answered(ben, "I heard: hello.", seconds=40)
        assert (await answered(anna, LAST, seconds=LEASE_LOST)).count("word2 ") == 1
        assert len(anna.chat.from_bot) == 1
        assert any("no step for 3 s" in place.fleet.log(name) for name in ("worker-1", "worker-2"))


async def test_an_endpoint_that_falls_silent_in_mid_answer_is_asked_again() -> None:
    async with town(workers=1) as place:
        anna = place.person("Anna")
        place.ways.hang_after = 3
        anna.says("tell me at length")
        await anna.chat.shows("heard:")
        place.ways.hang_after = None
        place.fleet.kill("worker-1")
        assert (await answered(anna, LAST, seconds=LEASE_LOST)).count("word2 ") == 1
        assert len(anna.chat.from_bot) == 1


async def test_poison_is_tried_three_times_and_its_neighbours_lose_nothing() -> None:
    async with town(fragile=True) as place:
        (place.folder / DEADLY).touch()
        greta = place.person("Greta", language="de")
        neighbours = [place.person(f"Neighbour {number}") for number in range(6)]
        place.ways.words_per_second = 10
        for number, each in enumerate(neighbours):
            each.says(f"question {number} at length")
        greta.says("a deadly question")
        await answered(greta, "An dieser Frage bin ich dreimal gescheitert", seconds=90)
        for number, each in enumerate(neighbours):
            text = await answered(each, LAST, seconds=60)
            assert text.count(f"I heard: question {number} at length.") == 1
            assert len(each.chat.from_bot) == 1, each.chat.transcript()
        assert place.ask("SELECT state, attempt FROM turns WHERE reason = 'failed-set-aside'") == [
            ("failed", 3)
        ]
        assert place.ask("SELECT max(crashes) FROM turns") == [(3,)]
        (place.folder / DEADLY).unlink()
        place.ways.words_per_second = 0
        greta.presses(greta.chat.from_bot[-1], "Noch einmal versuchen")
        await answered(greta, "I heard: a deadly question.", seconds=30)
        assert len(greta.chat.from_bot) == 1


async def test_a_thousand_wait_and_the_next_one_is_told_at_once() -> None:
    async with town(workers=0, limits=False, TELEGRAM_RATE="1000") as place:
        crowd = [place.person(f"Person {number}") for number in range(1000)]
        for number, each in enumerate(crowd):
            each.says(f"question {number}")
        await eventually(lambda: all_waiting(place, len(crowd)), seconds=60)
        late = place.person("Late")
        late.says("me too")
        await late.chat.shows("So many people are waiting", within=60)
        await crowd[-1].chat.shows("before yours", within=60)
        async with one_more(place, "worker-9", {}):
            for number, each in enumerate(crowd):
                await answered(each, f"I heard: question {number}.", seconds=120)
        assert all(len(each.chat.from_bot) == 1 for each in crowd)
        assert len(late.chat.from_bot) == 1


async def all_waiting(place: Town, count: int) -> bool:
    return place.ask("SELECT count(*) FROM turns WHERE state = 'queued'") == [(count,)]


async def all_shown(place: Town) -> bool:
    return place.ask("SELECT count(*) FROM turns WHERE NOT shown") == [(0,)]


async def test_where_the_polling_bot_dies_the_other_takes_over() -> None:
    async with town(bots=2, workers=1) as place:
        anna = place.person("Anna")
        anna.says("hello")
        await answered(anna, "I heard: hello.")
        await eventually(lambda: all_shown(place))  # else it dies in doubt whether this arrived
        [(owner,)] = place.ask("SELECT owner FROM leases WHERE name LIKE 'telegram:%'")
        polling = "bot-1" if owner == "bot-1" else "bot-2"
        place.fleet.kill(polling)
        anna.says("are you there?")
        await answered(anna, "I heard: are you there?.", seconds=25)
        assert len(anna.chat.from_bot) == 2


async def test_a_second_bot_whose_update_ids_are_the_firsts_is_answered_too() -> None:
    async with FakeTelegram(token=OTHER_TOKEN, name="other_bot") as other:
        second = {"TELEGRAM_API_URL": other.url, "TELEGRAM_BOT_TOKEN": other.token}
        async with town(bots=1, workers=1) as place:
            anna, ben = place.person("Anna"), other.person("Ben")
            assert anna.id == ben.id, "the same chat id on both"
            async with one_more(place, "bot-9", second):
                for number in range(3):
                    anna.says(f"anna {number}")
                    ben.says(f"ben {number}")
                    await answered(anna, f"anna {number}.")
                    await answered(ben, f"ben {number}.")
            assert place.ask("SELECT count(DISTINCT update_id), count(*) FROM updates") == [(3, 6)]
            for person, others in ((anna, "ben"), (ben, "anna")):
                assert len(person.chat.from_bot) == 3
                assert others not in person.chat.transcript().lower().replace(
                    f"{person.user['first_name']}:".lower(), ""
                )


@asynccontextmanager
async def one_more(place: Town, name: str, settings: dict[str, str]) -> AsyncIterator[None]:
    """One more process with the same database and broker."""
    child = place.fleet.one_more(name, settings)
    running = asyncio.create_task(child.keep_running())
    try:
        yield
    finally:
        await child.stop(seconds=30)
        await running
