"""Answers that join, leave and are cancelled in one batch, each as generate() gives it alone."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from random import Random

from msgspec.structs import replace

from models.engine import Prompt, PromptMessage, PromptPicture, PromptText, TextChunk
from models.local.engine import TransformersEngine
from tests.models.prompts import GREEDY, collect, picture, prompt
from tests.models.reference import Reference
from tests.models.test_engine_contract import to_generate

MIXES = 200
AT_ONCE = 8
SAID = "What is in this picture? It is a red circle on blue ground. Grüße aus Köln 🙂 日本語"
WORDS = SAID.split()
COLOURS = ("red", "blue", "green", "yellow")
SIZES = ((56, 56), (40, 200), (300, 100), (130, 120))


def _words(rng: Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.choice((1, 2, 5, 9, 30))))


def _prompt(rng: Random) -> Prompt:
    """Words and up to three pictures in any order; sometimes a follow-up, which begins as
    others did."""
    pictures = [picture(rng.choice(COLOURS), rng.choice(SIZES)) for _ in range(rng.randint(0, 3))]
    parts: list[str | PromptPicture] = [*pictures, _words(rng), _words(rng)]
    rng.shuffle(parts)
    asked = prompt(*parts)
    if rng.random() < 0.4:
        said = PromptMessage("assistant", (PromptText(_words(rng)),))
        again = PromptMessage("user", (PromptText(_words(rng)),))
        asked = Prompt((*asked.messages, said, again))
    return asked


async def test_200_mixes_are_as_generate_has_them(tiny_llama4: Path, reference: Reference) -> None:
    rng = Random(2026)
    prompts = [_prompt(rng) for _ in range(MIXES)]
    prompts = [rng.choice(prompts[: place + 1][-12:]) for place in range(MIXES)]  # some come again
    gate = asyncio.Semaphore(AT_ONCE)
    compared, cancelled, reused = 0, 0, 0

    async with TransformersEngine(str(tiny_llama4)) as engine:

        async def one(asked: Prompt, most: int, leaves: bool) -> None:
            nonlocal compared, cancelled, reused
            params = replace(GREEDY, max_tokens=most)
            async with gate:
                if leaves:
                    async with aclosing(engine.generate(asked, params)) as outputs:
                        async for output in outputs:
                            cancelled += isinstance(output, TextChunk)
                            break
                    return
                chunks, finished = await collect(engine.generate(asked, params))
            length, tokens = await asyncio.to_thread(
                reference.tokens, to_generate(asked), most=most
            )
            assert "".join(chunks) == reference.text(tokens), asked
            assert (finished.prompt_tokens, finished.generated_tokens) == (length, len(tokens))
            compared += 1
            reused += finished.cached_tokens > 0

        async with asyncio.TaskGroup() as group:
            for asked in prompts:
                most = rng.choice((1, 3, 10, 40))
                group.create_task(one(asked, most, leaves=rng.random() < 0.15))
    assert compared > 150
    assert cancelled > 10
    assert reused > 30
