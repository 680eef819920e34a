"""Figures that many look at are computed once, and what they cost is told where prices are set."""

from __future__ import annotations

import asyncio

from chat.turns import TurnResult, TurnState
from handlers.figures import LiveBoard, Span
from handlers.gauges import RecordGauges
from handlers.settings import Prices
from tests.handlers.world import World


def board(world: World, prices: Prices | None = None) -> LiveBoard:
    return LiveBoard(
        database=world.database,
        broker=world.broker,
        prices=prices or Prices(),
        clock=world.clock,
    )


async def answered(world: World, **told: int) -> None:
    async with world.database.write() as tx:
        [turn] = await tx.turns.claim("w1")
        result = TurnResult(turn.id, turn.attempt, TurnState.ANSWERED, "yes", **told)  # type: ignore[arg-type]
        assert await tx.turns.finish(result)


async def test_however_many_look_figures_are_computed_once(world: World) -> None:
    looked_at = board(world)
    together = await asyncio.gather(*(looked_at.figures(Span.HOUR) for _ in range(20)))
    assert all(each is together[0] for each in together)
    await world.person("1").says("hello")
    assert (await looked_at.figures(Span.HOUR)).waiting == 0
    world.clock.advance(2.1)
    assert (await looked_at.figures(Span.HOUR)).waiting == 1


async def test_prices_make_a_cost(world: World) -> None:
    await world.person("1").says("hello")
    await answered(world, prompt_tokens=2_000_000, generated_tokens=500_000)
    prices = Prices(input_price=0.5, output_price=2.0, currency="EUR")
    figures = await board(world, prices).figures(Span.DAY)
    assert (figures.cost, figures.currency) == (2.0, "EUR")
    assert (await board(world).figures(Span.DAY)).cost is None
    gauges = RecordGauges(database=world.database, board=board(world, prices), clock=world.clock)
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in await gauges.metrics()
        for sample in metric.samples
    }
    assert told["whimbrel_cost_of_a_day", "EUR"] == 2.0
    assert told["whimbrel_people_active", "1"] == 1
