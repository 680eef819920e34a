"""Turns in a worker, on real SQLite and Valkey, with an endpoint or the model behind."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import pytest

from chat.messages import Speaker
from chat.turns import Turn, TurnCancelled, TurnDelta, TurnResult, TurnStarted, TurnState
from models.endpoint.engine import HttpEngine, Patience
from models.engine import SamplingParams
from models.errors import EngineStalled
from models.local.answer import Answer
from models.local.engine import TransformersEngine
from tests.fakes.openai_endpoint import Canned, OpenAIEndpoint, Ways, canned_pieces
from tests.models.prompts import png
from tests.models.working import Floor
from tests.waiting import eventually

TWENTY = "".join(canned_pieces(20))
FIVE = "".join(canned_pieces(20)[:5])


@asynccontextmanager
async def canned(ways: Ways | None = None, tokens: int = 20) -> AsyncIterator[OpenAIEndpoint]:
    async with OpenAIEndpoint(Canned(tokens), ways or Ways()) as endpoint:
        yield endpoint


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asked(request: dict[str, Any]) -> list[tuple[str, str]]:
    """Roles and words of a request, pictures as <picture>."""
    return [(message["role"], _words(message["content"])) for message in request["messages"]]


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "<picture>") for part in content)


async def test_a_question_is_answered_committed_and_counted(floor: Floor) -> None:
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        turn = await floor.ended(await floor.ask("Hello"))
        assert (turn.state, turn.answer) == (TurnState.ANSWERED, TWENTY)
        async with floor.database.read() as transaction:
            said = await transaction.messages.transcript(turn.conversation_id)
        assert [(each.speaker, each.text) for each in said] == [
            (Speaker.PERSON, "Hello"),
            (Speaker.ASSISTANT, TWENTY),
        ]
    async with floor.database.read() as transaction:
        [bucket] = await transaction.turns.buckets(0.0, 1e12)
    assert bucket.p50 is not None
    assert 0 < bucket.p50 < 60
    assert (bucket.with_pictures, bucket.pictures_known) == (0, 1)
    assert floor.counted("whimbrel_turns_total", channel="telegram", state="answered") == 1
    assert floor.counted("whimbrel_generated_tokens_total") == 20
    assert floor.counted("whimbrel_prompt_tokens_total", cached="false") == 20
    assert floor.counted("whimbrel_first_token_seconds_count") == 1
    assert floor.counted("whimbrel_turn_seconds_count") == 1


async def test_the_model_in_the_worker_answers_about_a_picture(
    floor: Floor, local_engine: TransformersEngine
) -> None:
    async with floor.working(local_engine):
        red = await floor.ask("What?", pictures=[png("red")])
        blue = await floor.ask("What?", pictures=[png("blue")], chat="2")
        answers = {(await floor.ended(turn)).answer for turn in (red, blue)}
    assert len(answers) == 2
    async with floor.database.read() as transaction:
        [bucket] = await transaction.turns.buckets(0.0, 1e12)
    assert (bucket.with_pictures, bucket.pictures_known) == (2, 2)


async def test_the_prompt_holds_what_was_said_before(floor: Floor) -> None:
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        await floor.ended(await floor.ask("What is this?", pictures=[png("red")]))
        await floor.ended(await floor.ask("And now?"))
        await floor.ended(await floor.ask("Somebody else's", chat="2"))
    first, second, other = map(asked, endpoint.requests)
    assert first[0][1].startswith("You are Whimbrel, an assistant in a messenger. Today is ")
    assert first[1:] == [("user", "<picture> What is this?")]
    assert second[1:] == [*first[1:], ("assistant", TWENTY), ("user", "And now?")]
    assert other[1:] == [("user", "Somebody else's")]


async def test_a_lost_broker_session_is_loaded_from_sql(floor: Floor) -> None:
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        turn = await floor.ended(await floor.ask("One"))
        warm = await floor.ended(await floor.ask("Two"))
        await floor.broker.connection.commands.flushall()
        await floor.ended(await floor.ask("Three"))
        assert warm.id != turn.id
    said = asked(endpoint.requests[-1])[1:]
    assert said == [
        ("user", "One"),
        ("assistant", TWENTY),
        ("user", "Two"),
        ("assistant", TWENTY),
        ("user", "Three"),
    ]


async def test_turns_of_a_conversation_are_answered_in_order(floor: Floor) -> None:
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine:
        turns = [await floor.ask(str(number), hint=False) for number in range(5)]
        async with floor.working(engine):
            for turn in turns:
                await floor.ended(turn)
    assert [asked(each)[-1][1] for each in endpoint.requests] == list("01234")


async def test_many_conversations_are_answered_at_once(floor: Floor) -> None:
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        turns = [await floor.ask("Hello", chat=str(number)) for number in range(30)]
        for turn in turns:
            assert (await floor.ended(turn)).answer == TWENTY


async def test_renewing_leases_never_disturbs_an_end(floor: Floor) -> None:
    async with (
        canned() as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine, renewal=0.0),
    ):
        turns = [await floor.ask("Hello", chat=str(number)) for number in range(60)]
        for turn in turns:
            await floor.ended(turn)

        async def counted() -> bool:
            return floor.counted("whimbrel_turns_total", channel="telegram", state="answered") == 60

        await eventually(counted)


async def test_deltas_and_result_reach_those_who_follow(floor: Floor) -> None:
    async with canned(Ways(words_per_second=40)) as endpoint, HttpEngine(endpoint.url) as engine:
        turn = await floor.ask("Hello")
        seen: list[TurnDelta | TurnResult] = []
        async with floor.working(engine), floor.broker.follower() as follower:
            async with asyncio.timeout(15):
                async for each in follower.follow(turn.id, 1):
                    seen.append(each)
    assert isinstance(seen[-1], TurnResult)
    assert seen[-1].text == TWENTY
    text = ""
    for delta in seen[:-1]:
        assert isinstance(delta, TurnDelta)
        assert delta.offset == len(text)
        text += delta.text
    assert 2 <= len(seen) < 20
    assert TWENTY.startswith(text)
    assert text


async def test_an_answer_that_is_there_at_once_is_told_once(floor: Floor) -> None:
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine:
        turn = await floor.ask("Hello")
        async with floor.working(engine), floor.broker.follower() as follower:
            async with asyncio.timeout(15):
                seen = [each async for each in follower.follow(turn.id, 1)]
    assert [type(each) for each in seen] == [TurnResult]


@pytest.mark.parametrize("tell", [True, False], ids=["by the broker", "by SQL alone"])
async def test_stopping_keeps_what_was_said_and_frees_the_endpoint(
    floor: Floor, tell: bool
) -> None:
    async with (
        canned(Ways(hang_after=5)) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ask("Hello")
        async with asyncio.timeout(10):
            await endpoint.hanging.wait()
        await floor.in_state(turn, TurnState.RUNNING)
        await floor.cancel(turn, tell=tell)
        ended = await floor.ended(turn, seconds=1 if tell else 8)
        async with asyncio.timeout(5):
            await endpoint.broken_off.wait()
    assert (ended.state, ended.reason) == (TurnState.CANCELLED, "stopped")
    assert ended.answer == FIVE
    assert floor.counted("whimbrel_turns_total", channel="telegram", state="cancelled") == 1


async def test_a_late_result_of_an_older_attempt_is_dropped(floor: Floor) -> None:
    async with (
        canned(Ways(words_per_second=20)) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine) as worker,
    ):
        turn = await floor.ask("Hello")
        await floor.in_state(turn, TurnState.RUNNING)
        async with floor.database.write() as transaction:
            assert await transaction.turns.release(turn.id, 1)
            (theirs,) = await transaction.turns.claim("other", lease_seconds=60)
            assert theirs.attempt == 2

        async def nothing_held() -> bool:
            return not worker._held

        await eventually(nothing_held)
        late = await floor.get(turn)
        assert (late.state, late.attempt, late.answer) == (TurnState.RUNNING, 2, "")
        async with floor.database.write() as transaction:
            mine = TurnResult(turn.id, 2, TurnState.ANSWERED, "theirs")
            assert await transaction.turns.finish(mine)
    assert (await floor.get(turn)).answer == "theirs"
    assert floor.counted("whimbrel_turns_total", channel="telegram", state="answered") == 0


async def test_an_endpoint_that_is_down_is_told_once_and_answers_when_it_is_back(
    floor: Floor,
) -> None:
    port = free_port()
    async with HttpEngine(f"http://127.0.0.1:{port}") as engine, floor.working(engine):
        turn = await floor.ask("Hello")

        async def notices() -> list[str]:
            async with floor.database.read() as transaction:
                rows = await transaction.outbound.notices(turn.conversation_id)
            return [row.notice.key for row in rows if row.notice]

        assert await eventually(notices) == ["endpoint-down"]
        attempt = (await floor.in_state(turn, TurnState.QUEUED)).attempt

        async def tried_again() -> bool:
            floor.put_forward(5)
            await floor.broker.hint([turn.conversation_id])
            return (await floor.get(turn)).attempt > attempt + 1

        await eventually(tried_again)

        async def answered() -> bool:
            # an attempt that began before the endpoint was there may still fail and wait once more
            nonlocal attempt
            now = await floor.get(turn)
            if now.state is TurnState.QUEUED and now.attempt > attempt:
                attempt = now.attempt
                floor.put_forward(60)
            await floor.broker.hint([turn.conversation_id])
            return now.state.is_end

        async with OpenAIEndpoint(Canned(20), Ways(), port=port):
            await eventually(answered)
        ended = await floor.get(turn)
        assert (ended.state, ended.answer, ended.crashes) == (TurnState.ANSWERED, TWENTY, 0)
        assert await notices() == ["endpoint-down"]


async def test_an_endpoint_that_stays_away_fails_the_turn_and_nothing_is_forgotten(
    floor: Floor,
) -> None:
    port = free_port()
    async with HttpEngine(f"http://127.0.0.1:{port}") as engine, floor.working(engine):
        async with OpenAIEndpoint(Canned(20), Ways(), port=port):
            await floor.ended(await floor.ask("My name is Ada"))
        turn = await floor.ask("Hello")

        async def failed() -> bool:
            floor.put_forward(60)
            await floor.broker.hint([turn.conversation_id])
            return (await floor.get(turn)).state is TurnState.FAILED

        await eventually(failed)
        assert (await floor.get(turn)).reason == "failed-endpoint"
        async with OpenAIEndpoint(Canned(20), Ways(), port=port) as endpoint:
            await floor.ended(await floor.ask("Who am I?"))
    assert ("user", "My name is Ada") in asked(endpoint.requests[-1])


async def test_a_worker_that_has_just_begun_forgets_nothing(floor: Floor) -> None:
    async with canned(Ways(window=200_000)) as endpoint:
        for number in range(8):  # each a worker of its own, which has to ask for the window
            async with HttpEngine(endpoint.url) as engine, floor.working(engine):
                await floor.ended(await floor.ask(f"question {number} " + "word " * 900))
    said = [
        words.split(" word")[0] for role, words in asked(endpoint.requests[-1]) if role == "user"
    ]
    assert said == [f"question {number}" for number in range(8)]


async def test_what_is_too_long_alone_is_refused(floor: Floor) -> None:
    async with (
        canned(Ways(window=500)) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        ended = await floor.ended(await floor.ask("word " * 2000))
        assert (ended.state, ended.reason) == (TurnState.REFUSED, "refused-too-long")
        assert (await floor.ended(await floor.ask("Hello"))).state is TurnState.ANSWERED
    assert not [each for each in endpoint.requests if "word word" in asked(each)[-1][1]]


async def test_older_pictures_make_room_where_one_is_taken(floor: Floor) -> None:
    async with (
        canned(Ways(max_pictures=1)) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        await floor.ended(await floor.ask("First", pictures=[png("red")]))
        ended = await floor.ended(await floor.ask("Second", pictures=[png("blue")]))
    assert ended.state is TurnState.ANSWERED
    words = [content for _, content in asked(endpoint.requests[-1])]
    assert "earlier picture" in words[1]
    assert words[-1] == "<picture> Second"


async def test_where_no_picture_is_taken_the_model_is_told_of_it(floor: Floor) -> None:
    async with (
        canned(Ways(kind="", max_pictures=0)) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        ended = await floor.ended(await floor.ask("What?", pictures=[png("red")]))
    assert ended.state is TurnState.ANSWERED
    assert "which you cannot see" in asked(endpoint.requests[-1])[-1][1]


async def test_a_window_that_turns_out_smaller_is_kept_from_then_on(floor: Floor) -> None:
    class Small(OpenAIEndpoint):
        def _refusal(self, request: dict[str, Any]) -> tuple[int, str] | None:
            if sum(len(words) for _, words in asked(request)) > 1500:
                return 400, "This model's maximum context length is 400 tokens."
            return super()._refusal(request)

    async with (
        Small(Canned(20), Ways(kind="")) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        for number in range(4):
            ended = await floor.ended(await floor.ask(f"{number} " + "word " * 100))
            assert ended.state is TurnState.ANSWERED
        assert engine.info.context_window == 400


async def test_a_refused_prompt_fails_its_own_turn_only(floor: Floor) -> None:
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        await engine.check()
        endpoint.ways.status, endpoint.ways.refusal = 400, "nonsense"
        bad = await floor.ended(await floor.ask("Hello"))
        endpoint.ways.status = 200
        good = await floor.ended(await floor.ask("Hello", chat="2"))
    assert (bad.state, bad.reason) == (TurnState.FAILED, "failed-engine")
    assert good.state is TurnState.ANSWERED


async def test_an_empty_answer_is_none(floor: Floor) -> None:
    async with (
        canned(tokens=0) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        ended = await floor.ended(await floor.ask("Hello"))
    assert (ended.state, ended.reason) == (TurnState.FAILED, "failed-engine")


async def test_leases_are_kept_over_a_long_answer(floor: Floor) -> None:
    async with (
        canned(Ways(hang_after=5)) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        turn = await floor.ask("Hello")
        async with asyncio.timeout(10):
            await endpoint.hanging.wait()
        first = floor.lease_until(turn)
        assert first - floor.clock() <= 10

        async def renewed() -> bool:
            return floor.lease_until(turn) >= first + 2

        await eventually(renewed)
        await floor.cancel(turn)


async def test_draining_lets_answers_end_and_claims_no_more(floor: Floor) -> None:
    async with canned(Ways(words_per_second=50)) as endpoint, HttpEngine(endpoint.url) as engine:
        worker = floor.worker(engine, grace=10)
        running = asyncio.create_task(worker.run())
        turn = await floor.ask("Hello")
        await floor.in_state(turn, TurnState.RUNNING)
        worker.drain()
        later = await floor.ask("Later", chat="2")
        worker.drain()
        async with asyncio.timeout(10):
            await running
        assert (await floor.get(turn)).state is TurnState.ANSWERED
        assert (await floor.get(later)).state is TurnState.QUEUED
        assert await floor.broker.workers() == []


async def test_what_does_not_end_while_draining_goes_back_uncounted(floor: Floor) -> None:
    async with canned(Ways(hang_after=5)) as endpoint, HttpEngine(endpoint.url) as engine:
        worker = floor.worker(engine, grace=0.1)
        running = asyncio.create_task(worker.run())
        turn = await floor.ask("Hello")
        async with asyncio.timeout(10):
            await endpoint.hanging.wait()
            worker.drain()
            await running
        back = await floor.get(turn)
        assert (back.state, back.crashes) == (TurnState.QUEUED, 0)


async def test_the_end_of_the_process_shortens_what_a_switch_has_granted(floor: Floor) -> None:
    async with canned(Ways(hang_after=5)) as endpoint, HttpEngine(endpoint.url) as engine:
        worker = floor.worker(engine)
        running = asyncio.create_task(worker.run())
        turn = await floor.ask("Hello")
        async with asyncio.timeout(10):
            await endpoint.hanging.wait()
            worker.drain(300)
            await asyncio.wait([running], timeout=0.2)
            assert not running.done()
            worker.drain(0.1)
            await running
        back = await floor.get(turn)
        assert (back.state, back.crashes) == (TurnState.QUEUED, 0)


async def test_a_live_worker_says_what_answers(floor: Floor) -> None:
    async with (
        canned(Ways(model="llama-4-scout")) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine, worker_id="w"),
    ):
        (info,) = await eventually(floor.broker.workers)
        assert (info.worker_id, info.model, info.llama) == ("w", "llama-4-scout", True)


async def test_a_worker_without_its_endpoint_does_not_say_so(floor: Floor) -> None:
    async with HttpEngine(f"http://127.0.0.1:{free_port()}") as engine, floor.working(engine):
        await floor.in_state(await floor.ask("Hello"), TurnState.QUEUED)
        assert await floor.broker.workers() == []


async def test_the_turns_of_a_silent_worker_are_taken_over(floor: Floor) -> None:
    turn = await floor.ask("Hello", hint=False)
    await floor.claim("silent", lease_seconds=-1)
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        ended = await floor.ended(turn)
    assert (ended.state, ended.attempt, ended.crashes) == (TurnState.ANSWERED, 2, 1)


async def test_what_killed_three_workers_is_set_aside(floor: Floor) -> None:
    turn = await floor.ask("Hello", hint=False)
    for number in range(3):
        await floor.claim(f"victim-{number}", lease_seconds=-1)
        if number < 2:
            async with floor.database.write() as transaction:
                await transaction.turns.expire()
    async with canned() as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        ended = await floor.ended(turn)
    assert (ended.state, ended.reason) == (TurnState.FAILED, "failed-set-aside")
    assert floor.counted("whimbrel_turns_total", channel="telegram", state="failed") == 1
    assert not endpoint.requests


async def test_what_killed_two_workers_runs_alone(floor: Floor) -> None:
    turn = await floor.ask("Dangerous", hint=False)
    for number in range(2):
        await floor.claim(f"victim-{number}", lease_seconds=-1)
        async with floor.database.write() as transaction:
            await transaction.turns.expire()
    others = [await floor.ask("Hello", chat=str(chat), hint=False) for chat in range(2, 6)]
    slow = Ways(words_per_second=100)
    async with canned(slow) as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        for each in (turn, *others):
            assert (await floor.ended(each)).state is TurnState.ANSWERED
    async with floor.database.read() as transaction:
        assert (await transaction.turns.get(turn.id)).attempt == 3


class Hanging(TransformersEngine):
    """Its first step comes back when the gate is opened."""

    gate = threading.Event()

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        step = self._batch.step

        def hang(answers: Sequence[Answer]) -> None:
            assert self.gate.wait(60)
            step(answers)

        self._batch.step = hang  # type: ignore[method-assign]
        return self


async def test_a_hung_step_ends_the_worker_and_not_the_lease_of_others(
    floor: Floor, tiny_llama4: Path
) -> None:
    async with Hanging(str(tiny_llama4)) as engine:
        turn = await floor.ask("Hello")
        with pytest.raises(EngineStalled):
            async with asyncio.timeout(20):
                await floor.worker(engine, stall_after=1.0).run()
        assert floor.lease_until(turn) <= turn.created_at + 15
        engine.gate.set()
    floor.put_forward(20)
    async with canned() as endpoint, HttpEngine(endpoint.url) as other, floor.working(other):
        ended = await floor.ended(turn)
    assert (ended.answer, ended.attempt, ended.crashes) == (TWENTY, 2, 1)


async def test_a_conversation_goes_back_to_the_worker_that_remembers_it(
    floor: Floor, tiny_llama4: Path
) -> None:
    params = SamplingParams(max_tokens=8, temperature=0)
    owners = ("one", "one", "other", "other", "other", "one")
    text = "Tell me what is in this picture. " * 6
    async with (
        TransformersEngine(str(tiny_llama4)) as one,
        TransformersEngine(str(tiny_llama4)) as other,
    ):
        engines = {"one": one, "other": other}
        for chat, owner in enumerate(owners):
            async with floor.working(engines[owner], worker_id=owner, params=params):
                await floor.ended(await floor.ask(text, chat=str(chat)))
        async with (
            floor.working(one, worker_id="one", params=params) as first,
            floor.working(other, worker_id="other", params=params) as second,
        ):
            for worker in (first, second, first):
                await worker.presence.announce()
            for chat, owner in enumerate(owners):
                turn = await floor.ended(await floor.ask("And now?", chat=str(chat)))
                assert floor.worker_of(turn) == owner
    assert floor.counted("whimbrel_prompt_tokens_total", cached="true") > 6 * 100


async def test_it_goes_to_any_other_when_that_one_is_busy(floor: Floor, tiny_llama4: Path) -> None:
    short, endless = (SamplingParams(max_tokens=most, temperature=0) for most in (8, 1500))
    async with (
        TransformersEngine(str(tiny_llama4)) as one,
        TransformersEngine(str(tiny_llama4)) as other,
    ):
        async with floor.working(one, worker_id="one", params=short):
            await floor.ended(await floor.ask("Hello"))
        async with floor.working(one, worker_id="one", params=endless, concurrency=1) as first:
            await first.presence.announce()
            busy = await floor.ask("Tell me more", chat="2")
            await floor.in_state(busy, TurnState.RUNNING)
            async with floor.working(other, worker_id="other", params=short) as second:
                await second.presence.announce()
                assert second.presence.rememberers == ("one",)
                turn = await floor.ended(await floor.ask("And now?"))
                assert floor.worker_of(turn) == "other"
            await floor.cancel(busy)


async def test_a_cancel_between_claim_and_start_is_heard_at_once(floor: Floor) -> None:
    async with (
        canned() as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine, renewal=60.0) as worker,
    ):
        await floor.ended(await floor.ask("It listens by now"))
        endpoint.ways.words_per_second = 2
        turns: asyncio.Queue[Turn] = asyncio.Queue()
        publish = worker._broker.publish

        async def late(*events: Any) -> None:
            if any(isinstance(event, TurnStarted) for event in events):
                await floor.cancel(await turns.get())
                await eventually(lambda: _soon(bool(worker._missed)))
            await publish(*events)

        with patch.object(worker._broker, "publish", late):
            turn = await floor.ask("Hello")
            await turns.put(turn)
            ended = await floor.ended(turn, seconds=5)
    assert ended.state is TurnState.CANCELLED


async def _soon(now: bool) -> bool:
    return now


async def test_a_question_asked_anew_while_it_is_answered_is_answered_once_more(
    floor: Floor,
) -> None:
    ways = Ways(words_per_second=40)
    async with canned(ways) as endpoint, HttpEngine(endpoint.url) as engine, floor.working(engine):
        turn = await floor.ask("Hello")
        for attempt in range(1, 4):  # each in the middle of the one before
            await eventually(partial(computing, floor, endpoint, turn, attempt))
            async with floor.database.write() as transaction:
                assert await transaction.turns.restart(turn.id, in_place=True)
            await floor.broker.hint([turn.conversation_id])  # before anybody hears of the cancel
            await floor.broker.publish(TurnCancelled(turn.id))
        ways.words_per_second = 0
        ended = await floor.ended(turn)
        other = await floor.ended(await floor.ask("And you?", chat="2"))
    assert (ended.state, ended.answer, ended.attempt) == (TurnState.ANSWERED, TWENTY, 4)
    assert other.state is TurnState.ANSWERED, "the worker is alive"


async def computing(floor: Floor, endpoint: OpenAIEndpoint, turn: Turn, attempt: int) -> bool:
    async with floor.database.read() as transaction:
        now = await transaction.turns.get(turn.id)
    return now.attempt == attempt and len(endpoint.requests) >= attempt


async def test_the_turn_of_a_killed_worker_is_finished_by_another(floor: Floor) -> None:
    async with canned(Ways(hang_after=5)) as endpoint:
        turn = await floor.ask("Hello")
        arguments = (floor.database_url, floor.broker_url, endpoint.url)
        killed = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.models.worker_process", *arguments
        )
        try:
            async with asyncio.timeout(60):
                await endpoint.hanging.wait()
        finally:
            killed.kill()
            await killed.wait()
        assert (await floor.get(turn)).state is TurnState.RUNNING
        endpoint.ways.hang_after = None
        floor.put_forward(15)
        async with HttpEngine(endpoint.url) as engine, floor.working(engine):
            ended = await floor.ended(turn)
        assert (ended.state, ended.answer) == (TurnState.ANSWERED, TWENTY)
        assert (ended.attempt, ended.crashes) == (2, 1)
        async with floor.database.read() as transaction:
            said = await transaction.messages.transcript(turn.conversation_id)
        assert [each.text for each in said] == ["Hello", TWENTY]


async def test_a_hanging_endpoint_gives_the_turn_back(floor: Floor) -> None:
    patience = Patience(connect=1, first=0.2, between=0.2)
    async with (
        canned(Ways(hang_after=0)) as endpoint,
        HttpEngine(endpoint.url, patience=patience) as engine,
        floor.working(engine),
    ):
        turn = await floor.ask("Hello")
        async with asyncio.timeout(10):
            await endpoint.hanging.wait()
        await floor.in_state(turn, TurnState.QUEUED)


async def test_during_maintenance_what_runs_ends_and_what_comes_waits(floor: Floor) -> None:
    async with (
        canned(Ways(words_per_second=40), tokens=60) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine),
    ):
        first = await floor.in_state(await floor.ask("Hello"), TurnState.RUNNING)
        async with floor.database.write() as transaction:
            await transaction.operations.begin_maintenance("", by=1)
        second = await floor.ask("Later", chat="2")
        assert (await floor.ended(first)).state is TurnState.ANSWERED
        await floor.broker.hint([second.conversation_id])
        assert (await floor.get(second)).state is TurnState.QUEUED
        async with floor.database.write() as transaction:
            await transaction.operations.end_maintenance()
        await floor.broker.hint([second.conversation_id])
        assert (await floor.ended(second)).state is TurnState.ANSWERED
        assert (await floor.get(second)).attempt == 1
