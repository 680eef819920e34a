"""Updates that a messenger posts to us: many times, many at once, and while no model answers."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence

import httpx2
from msgspec import Struct

from tests.chaos.parrot import question
from tests.fakes.telegram import Person, Shown
from tests.fakes.telegram.pictures import photo_sizes
from tests.handlers.pictures import drawing, encoded
from tests.storms.weather import SECRET, Weather, weather
from tests.waiting import eventually

PICTURE = encoded(drawing(size=(160, 120)), "PNG")
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PIECES = 10


class Posted(Struct, frozen=True):
    """What became of updates that were posted `times` each: the answers in the chats, the turns in
    SQL, and the seconds until each post was acknowledged."""

    updates: int
    times: int
    answers: int
    turns: int
    seconds: tuple[float, ...]

    @property
    def p99(self) -> float:
        """The 99th percentile of the acknowledgements, in milliseconds."""
        return 1000 * statistics.quantiles(self.seconds, n=100)[-1]


async def repeated(updates: int, *, times: int = 5, seed: int = 1) -> Posted:
    """Each update so many times at once."""
    async with weather(seed=seed, webhook=True) as around, _client(around) as client:
        people = [around.telegram.person(f"Person {number}") for number in range(1, updates + 1)]
        seconds: list[float] = []
        for number, person in enumerate(people, 1):
            body = _update(person, number, text=question(number, 1))
            seconds += await asyncio.gather(*(_post(client, body) for _ in range(times)))
        await _all_answered(people)
        return await _posted(around, people, updates, times, seconds)


async def albums(count: int, *, seed: int = 1) -> Posted:
    """Albums of ten pictures, all pieces of one posted at the same time."""
    async with weather(seed=seed, webhook=True) as around, _client(around) as client:
        people = [around.telegram.person(f"Person {number}") for number in range(1, count + 1)]
        seconds: list[float] = []
        for number, person in enumerate(people, 1):
            bodies = [
                _update(
                    person,
                    PIECES * number + piece,
                    photo=photo_sizes(around.telegram.world, PICTURE),
                    media_group_id=str(13_000_000_000_000_000 + number),
                    **({"caption": question(number, 1)} if piece == 0 else {}),
                )
                for piece in range(PIECES)
            ]
            seconds += await asyncio.gather(*(_post(client, body) for body in bodies))
        await _all_answered(people)
        assert await around.count("message_attachments") == count * PIECES
        return await _posted(around, people, count * PIECES, 1, seconds)


async def without_a_model(updates: int, *, seed: int = 1) -> Posted:
    """Nobody answers prompts, and updates come ten at a time."""
    async with weather(seed=seed, webhook=True) as around, _client(around) as client:
        await around.endpoint.__aexit__()
        people = [around.telegram.person(f"Person {number}") for number in range(1, updates + 1)]
        seconds: list[float] = []
        for start in range(0, updates, PIECES):
            some = list(enumerate(people, 1))[start : start + PIECES]
            bodies = [_update(each, number, text=question(number, 1)) for number, each in some]
            seconds += await asyncio.gather(*(_post(client, body) for body in bodies))
        await around.endpoint.__aenter__()
        await _all_answered(people)
        return await _posted(around, people, updates, 1, seconds)


def _client(around: Weather) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{around.fleet.port('bot-1')}",
        headers={HEADER: SECRET},
        timeout=30,
    )


def _update(person: Person, number: int, **fields: object) -> dict[str, object]:
    message = {
        "message_id": 1_000_000 + number,
        "from": person.user,
        "chat": person.chat.body,
        "date": int(time.time()),
        **fields,
    }
    return {"update_id": 900_000_000 + number, "message": message}


async def _post(client: httpx2.AsyncClient, body: dict[str, object]) -> float:
    began = time.monotonic()
    answer = await client.post("/webhooks/telegram", json=body)
    assert answer.status_code == 200, answer.text
    return time.monotonic() - began


async def _all_answered(people: Sequence[Person]) -> None:
    async def answered() -> bool:
        last = [person.chat.from_bot[-1:] for person in people]
        return all(shown and _is_answer(shown[0]) for shown in last)

    await eventually(answered, seconds=180)


def _is_answer(shown: Shown) -> bool:
    return "I heard: " in shown.text and "Stop" not in shown.buttons


async def _posted(
    around: Weather, people: Sequence[Person], updates: int, times: int, seconds: Sequence[float]
) -> Posted:
    answers = sum(
        each.text.count("I heard: ") for person in people for each in person.chat.from_bot
    )
    turns = await around.count("turns")
    return Posted(updates, times, answers, turns, tuple(seconds))
