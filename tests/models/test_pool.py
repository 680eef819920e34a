"""Several endpoints as one: who answers, and what happens when one is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

import pytest
from msgspec.structs import replace

from models.endpoint.engine import HttpEngine
from models.endpoint.pool import REST, EndpointPool
from models.engine import TextChunk
from models.errors import EngineMisconfigured, EngineUnavailable
from tests.fakes.openai_endpoint import Canned, OpenAIEndpoint, Ways, canned_pieces
from tests.models.prompts import GREEDY, answer, prompt

WHOLE = "".join(canned_pieces(20))


class Clock:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def pool(
    *ways: Ways, clock: Clock | None = None
) -> AsyncIterator[tuple[EndpointPool, list[OpenAIEndpoint]]]:
    """Endpoints with these ways, and the pool of them."""
    async with AsyncExitStack() as stack:
        endpoints = [
            await stack.enter_async_context(OpenAIEndpoint(Canned(20), each)) for each in ways
        ]
        engines = [HttpEngine(endpoint.url) for endpoint in endpoints]
        clock = clock or Clock()
        pooled = await stack.enter_async_context(EndpointPool(engines, clock=clock))
        yield pooled, endpoints


def served(endpoints: list[OpenAIEndpoint]) -> list[int]:
    return [len(endpoint.requests) for endpoint in endpoints]


async def test_a_conversation_stays_with_its_endpoint_and_they_share_the_conversations() -> None:
    async with pool(Ways(), Ways(), Ways()) as (engine, endpoints):
        owners = []
        for conversation in range(60):
            before = served(endpoints)
            for _ in range(2):
                await answer(engine, replace(prompt("Hello"), conversation_id=conversation))
            more = [now - then for now, then in zip(served(endpoints), before, strict=True)]
            assert sorted(more) == [0, 0, 2]
            owners.append(more.index(2))
        assert all(owners.count(place) >= 8 for place in range(3))


async def test_a_busy_endpoint_leaves_its_conversations_to_others() -> None:
    async with pool(Ways(hang_after=3), Ways(hang_after=3)) as (engine, endpoints):
        asked = prompt("Hello")
        async with AsyncExitStack() as stack:
            for _ in range(8):
                outputs = engine.generate(asked, GREEDY)
                await stack.enter_async_context(aclosing(outputs))
                assert isinstance(await anext(outputs), TextChunk)
            assert sorted(served(endpoints)) == [2, 6]


async def test_another_one_answers_where_the_own_one_does_not() -> None:
    async with pool(Ways(), Ways()) as (engine, endpoints):
        await answer(engine, prompt("Hello"))
        own = served(endpoints).index(1)
        endpoints[own].ways.status = 503
        assert await answer(engine, prompt("Hello")) == WHOLE
        assert served(endpoints)[1 - own] == 1
        endpoints[own].ways.status = 200
        assert await answer(engine, prompt("Hello")) == WHOLE
        assert served(endpoints)[1 - own] == 2  # the own one rests


async def test_one_that_failed_is_asked_again_after_a_rest() -> None:
    clock = Clock()
    async with pool(Ways(), Ways(), clock=clock) as (engine, endpoints):
        await answer(engine, prompt("Hello"))
        own = served(endpoints).index(1)
        endpoints[own].ways.status = 503
        await answer(engine, prompt("Hello"))
        endpoints[own].ways.status = 200
        clock.now += REST + 1
        before = served(endpoints)[own]
        await answer(engine, prompt("Hello"))
        assert served(endpoints)[own] == before + 1


async def test_an_answer_that_has_begun_stays_where_it_is() -> None:
    async with pool(Ways(die_after=5), Ways(die_after=5)) as (engine, endpoints):
        outputs = engine.generate(prompt("Hello"), GREEDY)
        assert isinstance(await anext(outputs), TextChunk)
        with pytest.raises(EngineUnavailable):
            await anext(outputs)
        assert sum(served(endpoints)) == 1


async def test_with_all_away_the_turn_waits_as_long_as_they_asked_for() -> None:
    ways = [Ways(headers={"retry-after": wait}) for wait in ("9", "7")]
    async with pool(*ways) as (engine, _):
        await engine.check()
        for each in ways:
            each.status = 429
        with pytest.raises(EngineUnavailable) as caught:
            await answer(engine, prompt("Hello"))
        assert caught.value.retry_after == 7
        for each in ways:
            each.status = 200
        assert await answer(engine, prompt("Hello")) == WHOLE


async def test_what_the_operator_has_to_mend_is_told() -> None:
    async with pool(Ways(api_key="one"), Ways(api_key="two")) as (engine, _):
        with pytest.raises(EngineMisconfigured, match="ENGINE_API_KEY"):
            await engine.check()
    async with pool(Ways(api_key="one"), Ways()) as (engine, endpoints):
        await engine.check()
        assert await answer(engine, prompt("Hello")) == WHOLE
        assert served(endpoints) == [0, 1]


async def test_the_smallest_of_each_is_what_all_can_do() -> None:
    ways = Ways(window=3000), Ways(window=2000, max_pictures=1)
    async with pool(*ways) as (engine, _):
        await engine.check()
        assert engine.info.context_window == 2000
        assert engine.info.concurrency == 256
        assert engine.info.model == "tiny"


async def test_closing_an_answer_frees_its_place() -> None:
    async with pool(Ways(hang_after=5), Ways(hang_after=5)) as (engine, endpoints):
        async with aclosing(engine.generate(prompt("Hello"), GREEDY)) as outputs:
            await anext(outputs)
        assert [member.busy for member in engine._members] == [0, 0]
        broken = [asyncio.create_task(each.broken_off.wait()) for each in endpoints]
        done, waiting = await asyncio.wait(broken, timeout=5, return_when="FIRST_COMPLETED")
        assert done
        for task in waiting:
            task.cancel()
