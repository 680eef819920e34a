"""Words go to servers of others only after the people were told of it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chat.outbound import Outbound
from chat.turns import Turn
from models.endpoint.engine import HttpEngine
from models.endpoint.pool import EndpointPool
from models.engine import EngineInfo
from tests.fakes.openai_endpoint import Canned, OpenAIEndpoint, Reply, Ways
from tests.models.working import Floor
from tests.waiting import eventually


class CloudEngine(HttpEngine):
    """An endpoint of this machine that says it is a cloud's."""

    @property
    def info(self) -> EngineInfo:
        return replace(super().info, local=False, place="Example Cloud")


class Listening(Canned):
    """Notes how many notices there were at each time that it was asked, and how far they were."""

    def __init__(self, floor: Floor) -> None:
        super().__init__(5)
        self._floor = floor
        self.seen: list[list[str]] = []

    async def answer(self, request: dict[str, Any]) -> Reply:
        async with self._floor.database.read() as tx:
            self.seen.append([row.state.value for row in await tx.outbound.notices(1)])
        return await super().answer(request)


async def notices(floor: Floor, turn: Turn) -> list[Outbound]:
    async with floor.database.read() as tx:
        return await tx.outbound.notices(turn.conversation_id)


async def test_the_sentence_is_recorded_and_sent_before_anything_is_asked(floor: Floor) -> None:
    listening = Listening(floor)
    async with (
        OpenAIEndpoint(listening, Ways()) as endpoint,
        CloudEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ask("Hello")
        [row] = await eventually(lambda: notices(floor, turn))
        assert row.notice is not None
        assert (row.notice.key, row.notice.args["place"]) == ("words-leave", "Example Cloud")
        async with floor.database.write() as tx:
            await tx.outbound.sent(row.id, "n1")
        await floor.ended(turn)
        await floor.ended(await floor.ask("And again"))
        assert len(await notices(floor, turn)) == 1
        assert len(listening.seen) == 2
        assert all(len(seen) == 1 for seen in listening.seen)


async def test_it_does_not_wait_for_a_messenger_that_is_away(floor: Floor) -> None:
    async with (
        OpenAIEndpoint(Canned(5), Ways()) as endpoint,
        CloudEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ended(await floor.ask("Hello"))
        assert len(await notices(floor, turn)) == 1


async def test_of_ones_own_machine_nothing_is_said(floor: Floor) -> None:
    async with (
        OpenAIEndpoint(Canned(5), Ways(model="a-model")) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ended(await floor.ask("Hello"))
        assert await notices(floor, turn) == []


def test_a_pool_tells_of_every_place_that_words_may_go_to() -> None:
    own = HttpEngine("http://127.0.0.1:1")
    cloud = HttpEngine("https://api.example.org/v1", place="Example Cloud")
    named = HttpEngine("https://api.example.org/v1")
    assert (own.info.place, named.info.place) == ("", "api.example.org")
    assert EndpointPool([own, cloud, named]).info.place == "Example Cloud, api.example.org"
    assert EndpointPool([own]).info.place == ""
