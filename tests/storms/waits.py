"""How long people wait where nothing is lost: in a long line, and while a worker stands still."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing

from tests.fakes.telegram import Person
from tests.storms.weather import Weather, weather
from tests.waiting import eventually

LONG = 120.0  # seconds after which nobody waits any longer
PLACE = ("before yours", "Your question is next")
FULL = ("So many people are waiting",)


async def in_the_line(waiting: int = 1000) -> tuple[list[float], float]:
    """So many people ask at once and nobody answers: the seconds until each is told their place in
    the line; and those of one who comes when it is full, until they are told that it is."""
    async with weather(workers=0) as around:
        people = [around.telegram.person(f"Person {number}") for number in range(waiting)]
        began = {person.id: _says(person) for person in people}
        told = [await _told(person, PLACE, began[person.id]) for person in people]

        async def all_wait() -> bool:
            return await around.count("turns WHERE state = 'queued'") == waiting

        await eventually(all_wait, seconds=LONG)
        late = around.telegram.person("Late")
        return told, await _told(late, FULL, _says(late))


async def for_a_stopped_worker(rounds: int = 10) -> list[float]:
    """A worker is stopped in the middle of an answer (SIGSTOP): the seconds until the whole answer
    stands in the chat, which another worker computes."""
    seconds = []
    async with weather(workers=2) as around:
        for number in range(1, rounds + 1):
            person = around.telegram.person(f"Person {number}")
            person.says(f"q{number:02d}-0001, tell me at length")
            await person.chat.shows("word2 ", within=LONG)
            stopped = _holder(around)
            around.fleet.signal(stopped, signal.SIGSTOP)
            began = time.monotonic()
            try:
                await person.chat.until(
                    lambda chat: chat.from_bot[-1].text.endswith("the end."), within=LONG
                )
            finally:
                around.fleet.signal(stopped, signal.SIGCONT)
            seconds.append(time.monotonic() - began)
            assert len(person.chat.from_bot) == 1, person.chat.transcript()
    return seconds


def _says(person: Person) -> float:
    person.says(f"q{person.id % 100:02d}-0001, what do you say?")
    return time.monotonic()


async def _told(person: Person, sentences: Sequence[str], began: float) -> float:
    def told() -> list[float]:
        return [
            version.at - began
            for shown in person.chat.from_bot
            for version in shown.versions
            if any(words in version.text for words in sentences)
        ]

    await person.chat.until(lambda _: bool(told()), within=LONG)
    return told()[0]


def _holder(around: Weather) -> str:
    """The name of the worker that answers now; only the first is called so in SQL."""
    path = around.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT worker_id FROM turns WHERE state = 'running'"
        [(holder,)] = connection.execute(query).fetchall()
    return "worker-1" if holder == "worker-1" else "worker-2"
