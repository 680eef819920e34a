"""A turn is followed from its place in the line."""

from __future__ import annotations

from contextlib import aclosing

from chat.turns import Turn, TurnWaiting
from handlers.following import TurnFeed
from tests.handlers.world import World


async def place(feed: TurnFeed, turn: Turn) -> int:
    """The place in line that whoever follows the turn is told first."""
    async with aclosing(feed.follow(turn.id)) as progress:
        first = await anext(progress)
    assert isinstance(first, TurnWaiting)
    return first.place


async def test_the_place_in_line_is_that_in_which_workers_take_them(world: World) -> None:
    threads = [world.person("1", thread=str(number)) for number in range(3)]
    for thread in threads:
        await thread.says("Hello")
    async with TurnFeed(database=world.database, broker=world.broker) as feed:
        told = [await place(feed, await thread.latest()) for thread in threads]
        assert told == [0, 1, 2]
        eve = world.person("2")
        await eve.says("Hello")
        assert await place(feed, await eve.latest()) == 1, "before anybody's second question"
        assert await place(feed, await threads[2].latest()) == 3
