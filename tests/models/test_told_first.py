"""Before words go to another machine for the first time, people read that they will."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from chat.turns import Turn, TurnState
from models.endpoint.engine import HttpEngine
from models.engine import EngineInfo
from tests.fakes.openai_endpoint import Canned, OpenAIEndpoint, Ways, canned_pieces
from tests.models.working import Floor
from tests.waiting import eventually

TWENTY = "".join(canned_pieces(20))


class Elsewhere(HttpEngine):
    """An endpoint as if it were on these hosts."""

    hosts: tuple[str, ...] = ("models.example",)

    @property
    def info(self) -> EngineInfo:
        return replace(super().info, places=self.hosts, local=False)


async def told(floor: Floor, turn: Turn) -> Sequence[str]:
    """Of which hosts, one notice after the other."""
    async with floor.database.read() as tx:
        rows = await tx.outbound.notices(turn.conversation_id)
    return [
        str(row.notice.args["places"])
        for row in rows
        if row.notice and row.notice.key == "goes-elsewhere"
    ]


async def answered(floor: Floor, turn: Turn) -> Turn:
    """The turn once it is answered; two seconds pass wherever it was put back."""
    attempt = -1

    async def ended() -> bool:
        nonlocal attempt
        now = await floor.get(turn)
        if now.state is TurnState.QUEUED and now.attempt > max(attempt, 0):
            attempt = now.attempt
            floor.put_forward(2.1)
        await floor.broker.hint([turn.conversation_id])
        return now.state.is_end

    await eventually(ended)
    return await floor.get(turn)


async def test_it_is_said_first_and_once(floor: Floor) -> None:
    async with (
        OpenAIEndpoint(Canned(20), Ways()) as endpoint,
        Elsewhere(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ask("Hello")

        async def said() -> Sequence[str]:
            return await told(floor, turn)

        assert await eventually(said) == ["models.example"]
        assert not endpoint.requests, "nothing was sent before"
        ended = await answered(floor, turn)
        assert (ended.state, ended.answer, ended.crashes) == (TurnState.ANSWERED, TWENTY, 0)
        again = await answered(floor, await floor.ask("And now?"))
        assert again.state is TurnState.ANSWERED
        assert await said() == ["models.example"]


async def test_of_another_place_it_is_said_anew(floor: Floor) -> None:
    async with (
        OpenAIEndpoint(Canned(20), Ways()) as endpoint,
        Elsewhere(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ask("Hello")
        await answered(floor, turn)
        engine.hosts = ("models.example", "spare.example")
        await answered(floor, await floor.ask("And now?"))
        assert await told(floor, turn) == ["models.example", "spare.example"]
        engine.hosts = ("models.example",)
        await answered(floor, await floor.ask("And now?"))
        assert await told(floor, turn) == ["models.example", "spare.example"]


async def test_of_this_machine_nothing_is_said(floor: Floor) -> None:
    async with (
        OpenAIEndpoint(Canned(20), Ways()) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ask("Hello")
        assert (await floor.ended(turn)).state is TurnState.ANSWERED
        assert await told(floor, turn) == []


async def test_every_host_that_may_be_asked_is_named() -> None:
    remote = HttpEngine("https://models.example/v1", model="x", lists_models=False)
    local = HttpEngine("http://127.0.0.1:9/v1", model="x", lists_models=False)
    assert remote.info.places == ("models.example",)
    assert local.info.places == ()
