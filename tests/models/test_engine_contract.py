"""What every engine does: the same turn on the same checkpoint, answered as generate() does."""

from __future__ import annotations

import asyncio
import io
from contextlib import aclosing

import pytest
from msgspec.structs import replace
from PIL import Image

from models.engine import Engine, Prompt, PromptMessage, PromptText, SamplingParams, TextChunk
from models.errors import PromptTooLong
from tests.models.prompts import GREEDY, answer, collect, picture, prompt
from tests.models.reference import Reference
from tests.models.tiny_llama4 import CHUNK

PARTS = {
    "words": ("What is in this picture?",),
    "picture": (picture("red"), "What is this?"),
    "two pictures": ("One", picture("red"), "two", picture("blue", (40, 200)), "which?"),
    "every script": ("Grüße 日本語 Привет 🙂🎉 \u202eabc\u202c",),
    "several chunks": ("What is in this picture? " * 6, picture("green", (300, 100)), "?"),
}


def to_generate(asked: Prompt) -> list[dict[str, object]]:
    """The prompt as transformers' chat templates take it."""
    return [
        {
            "role": message.role,
            "content": [
                {"type": "text", "text": part.text}
                if isinstance(part, PromptText)
                else {"type": "image", "image": _opened(part.content)}
                for part in message.parts
            ],
        }
        for message in asked.messages
    ]


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS.keys())
async def test_greedy_answers_are_those_of_generate(
    engine: Engine, reference: Reference, parts: tuple[str, ...]
) -> None:
    asked = prompt(*parts)
    length, tokens = reference.tokens(to_generate(asked), most=GREEDY.max_tokens)
    chunks, finished = await collect(engine.generate(asked, GREEDY))
    assert "".join(chunks) == reference.text(tokens)
    assert length + len(tokens) > CHUNK
    assert (finished.prompt_tokens, finished.generated_tokens) == (length, len(tokens))


async def test_the_picture_changes_the_answer(engine: Engine) -> None:
    red = await answer(engine, prompt(picture("red"), "What is this?"))
    blue = await answer(engine, prompt(picture("blue"), "What is this?"))
    assert red != blue


async def test_a_follow_up_is_answered_as_generate_does(
    engine: Engine, reference: Reference
) -> None:
    first = prompt(picture("red"), "What is this?")
    asked = Prompt(
        (
            *first.messages,
            PromptMessage("assistant", (PromptText("A red circle."),)),
            PromptMessage("user", (PromptText("And which colour?"),)),
        )
    )
    _, tokens = reference.tokens(to_generate(asked), most=GREEDY.max_tokens)
    assert await answer(engine, asked) == reference.text(tokens)


async def test_no_chunk_ends_in_half_a_character(engine: Engine, reference: Reference) -> None:
    asked = prompt("Grüße 日本語 🙂🎉")
    _, tokens = reference.tokens(to_generate(asked), most=120)
    whole = reference.text(tokens)
    chunks, _ = await collect(engine.generate(asked, replace(GREEDY, max_tokens=120)))
    assert "".join(chunks) == whole
    shown = ""
    for chunk in chunks:
        shown += chunk
        assert whole.startswith(shown)


async def test_an_answer_ends_at_its_most_tokens(engine: Engine) -> None:
    _, finished = await collect(engine.generate(prompt("Go on"), replace(GREEDY, max_tokens=5)))
    assert (finished.finish_reason, finished.generated_tokens) == ("length", 5)


async def test_a_stop_string_ends_the_answer_and_is_not_shown(engine: Engine) -> None:
    whole = await answer(engine, prompt("Tell me"))
    stop = whole[10:14]
    cut = whole[: whole.index(stop)]
    params = replace(GREEDY, stop=(stop, "never said"))
    chunks, finished = await collect(engine.generate(prompt("Tell me"), params))
    assert "".join(chunks) == cut
    assert finished.finish_reason == "stop"


async def test_the_count_is_never_too_small(engine: Engine) -> None:
    for parts in PARTS.values():
        asked = prompt(*parts)
        _, finished = await collect(engine.generate(asked, replace(GREEDY, max_tokens=1)))
        assert engine.count(asked) >= finished.prompt_tokens


async def test_what_leaves_no_room_is_too_long(engine: Engine) -> None:
    asked = prompt("word " * 4000)
    with pytest.raises(PromptTooLong) as caught:
        await answer(engine, asked)
    assert caught.value.key == "refused-too-long"


async def test_several_answers_at_once_do_not_mix(engine: Engine) -> None:
    prompts = [prompt(picture(colour), "What is this?") for colour in ("red", "blue", "green")]
    alone = [await answer(engine, each) for each in prompts]
    assert await asyncio.gather(*(answer(engine, each) for each in prompts)) == alone


async def test_one_that_was_closed_early_leaves_the_engine_free(engine: Engine) -> None:
    params = SamplingParams(max_tokens=400, temperature=0)
    async with aclosing(engine.generate(prompt("Tell me a long story"), params)) as outputs:
        async for output in outputs:
            assert isinstance(output, TextChunk)
            break
    async with asyncio.timeout(10):
        assert await answer(engine, prompt("Hello"))
