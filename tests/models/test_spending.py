"""What an answer has cost is counted when it ends, however it ends."""

from __future__ import annotations

import pytest

from chat.budgets import BudgetSettings, What
from chat.turns import Turn, TurnCancelled, TurnState
from models.endpoint.engine import HttpEngine
from storage.allowances import Allowances
from tests.fakes.openai_endpoint import Canned, OpenAIEndpoint, Ways
from tests.models.working import Floor
from tests.waiting import eventually

MUCH = 1_000_000
BUDGETS = BudgetSettings(f"{MUCH} tokens/day", "none", "none")


async def spent(floor: Floor, turn: Turn) -> int:
    """How many tokens were counted for whoever asked."""
    async with floor.database.read() as transaction:
        user = (await transaction.turns.shown_turn(turn.id)).user_id
    left = await Allowances(floor.broker, BUDGETS).left(user)
    return MUCH - left[What.TOKENS]


async def asked(endpoint: OpenAIEndpoint) -> None:
    """Wait until the endpoint has got a prompt."""

    async def got() -> bool:
        return bool(endpoint.requests)

    await eventually(got)


async def test_the_tokens_of_prompt_and_answer_are_counted_once(floor: Floor) -> None:
    async with OpenAIEndpoint(Canned(30)) as endpoint, HttpEngine(endpoint.url) as engine:
        async with floor.working(engine, budgets=BUDGETS):
            turn = await floor.ended(await floor.ask("Hello"))
            other = await floor.ended(await floor.ask("Hello", chat="2"))
        assert await spent(floor, turn) == 50
        assert await spent(floor, other) == 50


async def test_a_stopped_answer_is_not_free(floor: Floor) -> None:
    ways = Ways(words_per_second=50)
    async with OpenAIEndpoint(Canned(500), ways) as endpoint, HttpEngine(endpoint.url) as engine:
        async with floor.working(engine, budgets=BUDGETS):
            turn = await floor.in_state(await floor.ask("Hello"), TurnState.RUNNING)
            await asked(endpoint)
            await floor.cancel(turn)
            assert (await floor.ended(turn)).state is TurnState.CANCELLED
        assert 0 < await spent(floor, turn) < 500


async def test_an_answer_that_an_edit_made_void_is_not_free(floor: Floor) -> None:
    ways = Ways(words_per_second=50)
    async with OpenAIEndpoint(Canned(500), ways) as endpoint, HttpEngine(endpoint.url) as engine:
        async with floor.working(engine, budgets=BUDGETS):
            turn = await floor.in_state(await floor.ask("Waht?"), TurnState.RUNNING)
            await asked(endpoint)
            async with floor.database.write() as transaction:
                assert await transaction.turns.restart(turn.id, in_place=True)
            ways.words_per_second = 0
            await floor.broker.publish(TurnCancelled(turn.id))
            await floor.broker.hint([turn.conversation_id])
            assert (await floor.ended(turn)).state is TurnState.ANSWERED
        assert await spent(floor, turn) > 520, "the second answer, and what there was of the first"


async def test_what_failed_costs_the_person_nothing(floor: Floor) -> None:
    ways = Ways()
    async with OpenAIEndpoint(Canned(30), ways) as endpoint, HttpEngine(endpoint.url) as engine:
        await engine.check()
        ways.status = 400
        async with floor.working(engine, budgets=BUDGETS):
            turn = await floor.ended(await floor.ask("Hello"))
        assert turn.state is TurnState.FAILED
        assert await spent(floor, turn) == 0


@pytest.mark.parametrize("at_once", [1, 2])
async def test_a_worker_answers_only_so_many_of_one_person_at_once(
    floor: Floor, at_once: int
) -> None:
    budgets = BudgetSettings("none", "none", "none", person_at_once=at_once)
    ways = Ways(words_per_second=20)
    async with OpenAIEndpoint(Canned(60), ways) as endpoint, HttpEngine(endpoint.url) as engine:
        turns = [await floor.ask("Hello", chat="1", thread=str(n)) for n in range(4)]
        async with floor.working(engine, budgets=budgets):
            other = await floor.in_state(await floor.ask("Hello", chat="2"), TurnState.RUNNING)
            states = [(await floor.get(turn)).state for turn in turns]
            assert states.count(TurnState.RUNNING) == at_once
            ways.words_per_second = 0
            for turn in (*turns, other):
                assert (await floor.ended(turn)).state is TurnState.ANSWERED
