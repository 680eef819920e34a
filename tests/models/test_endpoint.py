"""The HTTP engine against endpoints with the ways of the real ones."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from models.endpoint.engine import HttpEngine, Patience, base_url, is_own
from models.endpoint.failures import picture_limit, window_told
from models.endpoint.protocol import Events, events
from models.engine import PromptMessage, PromptText, TextChunk
from models.errors import (
    EngineError,
    EngineMisconfigured,
    EngineUnavailable,
    PromptTooLong,
    StepFailed,
    TooManyPictures,
)
from tests.fakes.openai_endpoint import Canned, OpenAIEndpoint, Reply, Ways, canned_pieces
from tests.models.prompts import GREEDY, answer, collect, picture, prompt
from tests.models.reference import Reference
from tests.waiting import eventually

QUICK = Patience(connect=1, first=0.3, between=0.3)


@asynccontextmanager
async def serving(
    ways: Ways, answerer: Any = None, **settings: Any
) -> AsyncIterator[tuple[OpenAIEndpoint, HttpEngine]]:
    """An endpoint with these ways, and an engine that asks it."""
    async with (
        OpenAIEndpoint(answerer or Canned(20), ways) as endpoint,
        HttpEngine(endpoint.url, **settings) as engine,
    ):
        yield endpoint, engine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("kind", ["vllm", "llama.cpp", "lmstudio", "ollama"])
async def test_window_and_model_are_asked_from_the_server(kind: str) -> None:
    async with serving(Ways(model="llama-4-scout", kind=kind, window=3000)) as (_, engine):
        await engine.check()
        assert engine.info.model == "llama-4-scout"
        assert engine.info.context_window == 3000
        assert engine.info.llama
        assert engine.info.local


@pytest.mark.parametrize("kind", ["llama.cpp", "lmstudio", "ollama"])
async def test_servers_that_say_so_are_known_to_see_nothing(kind: str) -> None:
    async with serving(Ways(kind=kind, max_pictures=0)) as (_, engine):
        await engine.check()
        assert engine.info.max_pictures == 0


async def test_settings_stand_in_for_what_the_server_does_not_tell() -> None:
    async with serving(Ways(kind=""), context_window=9000, max_pictures=2) as (_, engine):
        await engine.check()
        assert (engine.info.context_window, engine.info.max_pictures) == (9000, 2)


async def test_a_window_that_the_server_is_sure_of_is_not_exceeded() -> None:
    async with serving(Ways(window=1000), context_window=9000) as (_, engine):
        await engine.check()
        assert engine.info.context_window == 1000


async def test_an_operator_who_gave_ollama_more_context_is_believed() -> None:
    async with serving(Ways(kind="ollama", window=0)) as (_, engine):
        await engine.check()
        assert engine.info.context_window == 4096
    async with serving(Ways(kind="ollama", window=0), context_window=32768) as (_, engine):
        await engine.check()
        assert engine.info.context_window == 32768


async def test_a_picture_too_many_teaches_the_limit() -> None:
    two = prompt(picture("red"), picture("blue"), "which?")
    async with serving(Ways(max_pictures=1)) as (_, engine):
        with pytest.raises(TooManyPictures):
            await answer(engine, two)
        assert engine.info.max_pictures == 1
        assert await answer(engine, prompt(picture("red"), "what?"))


async def test_a_server_that_takes_one_in_a_message_gets_several_messages() -> None:
    two = prompt("first", picture("red"), "then", picture("blue"), "which?")
    async with serving(Ways(one_per_message=True)) as (endpoint, engine):
        assert await answer(engine, two)
        shown = [
            [part.get("text", "<picture>") for part in message["content"]]
            for message in endpoint.requests[-1]["messages"][1:]
        ]
        assert shown == [["first", "<picture>", "then"], ["<picture>", "which?"]]
        before = len(endpoint.requests)
        assert await answer(engine, two)
        assert len(endpoint.requests) == before + 1  # it has learnt that


async def test_a_server_that_takes_no_pictures_is_found_out() -> None:
    async with serving(Ways(kind="", max_pictures=0)) as (_, engine):
        with pytest.raises(TooManyPictures):
            await answer(engine, prompt(picture("red"), "what?"))
        assert engine.info.max_pictures == 0


async def test_a_server_that_cuts_silently_never_has_to(tiny_llama4: Any) -> None:
    cutting = Reference(tiny_llama4, cuts_at=300)
    async with serving(Ways(kind="ollama", window=300), cutting) as (_, engine):
        for length in (1, 20, 60, 100, 400):
            try:
                await answer(engine, prompt("word. 1234 " * length), replace(GREEDY, max_tokens=64))
            except PromptTooLong:
                continue
        assert cutting.cuts == 0


async def test_counts_grow_when_the_server_counts_more() -> None:
    class Wasteful(Canned):
        async def answer(self, request: dict[str, Any]) -> Reply:
            return replace_tokens(await super().answer(request), 200)

    asked = prompt("Hello there")
    async with serving(Ways(), Wasteful(3)) as (_, engine):
        before = engine.count(asked)
        await answer(engine, asked)
        assert before * 1.5 < engine.count(asked)


def replace_tokens(reply: Reply, tokens: int) -> Reply:
    return Reply(reply.pieces, prompt_tokens=tokens, completion_tokens=reply.completion_tokens)


async def test_nobody_listening_is_unavailable() -> None:
    async with HttpEngine(f"http://127.0.0.1:{free_port()}") as engine:
        with pytest.raises(EngineUnavailable):
            await answer(engine, prompt("Hello"))
        with pytest.raises(EngineUnavailable):
            await engine.check()


async def test_an_endpoint_that_comes_up_later_is_asked_then() -> None:
    port = free_port()
    async with HttpEngine(f"http://127.0.0.1:{port}") as engine:
        with pytest.raises(EngineUnavailable):
            await engine.check()
        async with OpenAIEndpoint(Canned(3), Ways(model="late"), port=port):
            assert await answer(engine, prompt("Hello")) == "".join(canned_pieces(3))
            assert engine.info.model == "late"


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (429, "slow down", EngineUnavailable),
        (500, "oops", EngineUnavailable),
        (503, "loading model", EngineUnavailable),
        (401, "Incorrect API key", EngineMisconfigured),
        (403, "forbidden", EngineMisconfigured),
        (404, "no such model", EngineMisconfigured),
        (400, "This model's maximum context length is 900 tokens.", PromptTooLong),
        (400, "the request exceeds the available context size", PromptTooLong),
        (400, "nonsense", StepFailed),
    ],
)
async def test_refusals_are_told_apart(status: int, text: str, kind: type[EngineError]) -> None:
    async with serving(Ways(window=2000)) as (endpoint, engine):
        await engine.check()
        endpoint.ways.status, endpoint.ways.refusal = status, text
        with pytest.raises(EngineError) as caught:
            await answer(engine, prompt("Hello"))
        assert type(caught.value) is kind


async def test_the_wait_that_was_asked_for_is_known() -> None:
    async with serving(Ways()) as (endpoint, engine):
        await engine.check()
        endpoint.ways.status, endpoint.ways.headers = 429, {"retry-after": "7"}
        with pytest.raises(EngineUnavailable) as caught:
            await answer(engine, prompt("Hello"))
        assert caught.value.retry_after == 7


async def test_a_wrong_key_is_the_operators_business() -> None:
    async with serving(Ways(api_key="right"), api_key="wrong") as (_, engine):
        with pytest.raises(EngineMisconfigured, match="ENGINE_API_KEY"):
            await engine.check()
    async with serving(Ways(api_key="right"), api_key="right") as (_, engine):
        assert await answer(engine, prompt("Hello"))


async def test_a_server_that_dies_in_the_middle_is_unavailable() -> None:
    async with serving(Ways(die_after=5)) as (_, engine):
        outputs = engine.generate(prompt("Hello"), GREEDY)
        assert await anext(outputs) == TextChunk("".join(canned_pieces(20)[:5]))
        with pytest.raises(EngineUnavailable):
            await anext(outputs)


@pytest.mark.parametrize("after", [0, 5])
async def test_a_server_that_hangs_is_not_waited_for_forever(after: int) -> None:
    async with serving(Ways(hang_after=after), patience=QUICK) as (_, engine):
        async with asyncio.timeout(5):
            with pytest.raises(EngineUnavailable):
                await answer(engine, prompt("Hello"))


async def test_closing_an_answer_closes_its_connection() -> None:
    async with serving(Ways(hang_after=5)) as (endpoint, engine):
        async with aclosing(engine.generate(prompt("Hello"), GREEDY)) as outputs:
            assert isinstance(await anext(outputs), TextChunk)
        async with asyncio.timeout(5):
            await endpoint.broken_off.wait()


async def test_wherever_an_answer_is_cancelled_no_connection_is_left_behind() -> None:
    """Cancelled at its first step, at its second one, and so on until beyond its end. A client that
    left one open at some of these steps had seven hundred open after an hour."""
    async with serving(Ways(), Canned(3), concurrency=1) as (endpoint, engine):
        steps, ended = 0, False
        while not ended:
            answering = asyncio.create_task(answer(engine, prompt("hello")))
            for _ in range(steps):
                await asyncio.sleep(0)
            ended = answering.done()
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            steps += 1
        assert steps > 10, "it was cancelled on the way, too"
        await answer(engine, prompt("hello"))

        async def one_is_left() -> bool:
            return endpoint.open_connections == 1

        assert await eventually(one_is_left, seconds=5)


async def test_only_connecting_is_tried_twice() -> None:
    async with serving(Ways(die_after=0)) as (endpoint, engine):
        with pytest.raises(EngineUnavailable):
            await answer(engine, prompt("Hello"))
        assert len(endpoint.requests) == 1


async def test_fields_that_a_server_does_not_take_are_left_out() -> None:
    async with serving(Ways(refuses_fields=("max_tokens",))) as (endpoint, engine):
        assert await answer(engine, prompt("Hello"))
        assert endpoint.requests[-1]["max_completion_tokens"] == GREEDY.max_tokens


async def test_tokens_are_counted_without_usage_too() -> None:
    async with serving(Ways(usage=False)) as (_, engine):
        _, finished = await collect(engine.generate(prompt("Hello"), GREEDY))
        assert finished.generated_tokens == 20
        assert finished.prompt_tokens == engine.count(prompt("Hello"))


async def test_words_and_pictures_go_out_in_the_order_they_were_said() -> None:
    async with serving(Ways()) as (endpoint, engine):
        await answer(engine, prompt("first", picture("red"), "then", picture("blue")))
        system, user = endpoint.requests[-1]["messages"]
        assert system == {"role": "system", "content": "You are Whimbrel."}
        kinds = [part["type"] for part in user["content"]]
        assert kinds == ["text", "image_url", "text", "image_url"]
        assert user["content"][1]["image_url"]["url"].startswith("data:image/png;base64,")


async def test_a_message_of_words_only_is_a_plain_string() -> None:
    asked = prompt("Hello")
    asked = replace(asked, messages=(*asked.messages, PromptMessage("user", (PromptText("more"),))))
    async with serving(Ways()) as (endpoint, engine):
        await answer(engine, asked)
        assert endpoint.requests[-1]["messages"][-1]["content"] == "more"


STREAM = (
    b'data: {"choices":[{"delta":{"content":"Gr\xc3\xbc\xc3\x9fe"}}]}\r\n\r\n'
    b": a comment\n\n"
    b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
    b'data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}\n\ndata: [DONE]\n\n'
)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
async def test_a_stream_may_be_cut_anywhere(size: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(STREAM), size):
            yield STREAM[start : start + size]

    seen: list[Events] = [event async for event in events(chunks())]
    assert "".join(event.text for event in seen) == "Grüße"
    assert "stop" in [event.finish_reason for event in seen]
    assert seen[-1].done
    assert [event.usage.prompt_tokens for event in seen if event.usage] == [7]


async def test_a_character_that_a_server_cut_in_two_costs_only_itself() -> None:
    pieces = (b'"a \\ud83d"', b'"\\ude00 b"', b'" c\xf0\x9f"', b'" \\ud83d\\ude00"')

    async def chunks() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield b'data: {"choices":[{"delta":{"content":' + piece + b"}}]}\n\n"

    said = "".join([event.text async for event in events(chunks())])
    assert said.startswith("a \ufffd\ufffd b c\ufffd")
    assert said.endswith(" \U0001f600")


async def test_what_is_no_event_is_an_error() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'data: {"choices": [\xff\n\n'

    with pytest.raises(msgspec.MsgspecError):
        [event async for event in events(chunks())]


def test_limits_are_read_from_refusals() -> None:
    assert picture_limit("At most 1 image(s) may be provided in one prompt.", sent=3) == 1
    assert picture_limit("this model is not a multimodal model", sent=3) == 0
    assert picture_limit("supports up to 10 images", sent=3) == 2
    assert window_told("maximum context length is 8192 tokens. You requested 9000") == 8192
    assert window_told("prompt too long") is None


def test_addresses() -> None:
    assert base_url("http://127.0.0.1:11434") == "http://127.0.0.1:11434/v1"
    assert base_url("https://example.org/api/v1/") == "https://example.org/api/v1"
    assert is_own("http://localhost:1/v1")
    assert is_own("http://[::1]:8000/v1")
    assert not is_own("https://example.org/v1")
