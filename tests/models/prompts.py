"""Prompts and pictures for tests."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncGenerator
from contextlib import aclosing

from PIL import Image, ImageDraw

from models.engine import (
    Engine,
    EngineOutput,
    Finished,
    Prompt,
    PromptMessage,
    PromptPart,
    PromptPicture,
    PromptText,
    SamplingParams,
    TextChunk,
)

GREEDY = SamplingParams(max_tokens=48, temperature=0)


def png(colour: str, size: tuple[int, int] = (120, 70)) -> bytes:
    """A circle on white."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).ellipse((5, 5, min(size) - 5, min(size) - 5), fill=colour)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def picture(colour: str, size: tuple[int, int] = (120, 70)) -> PromptPicture:
    """The same as part of a prompt."""
    content = png(colour, size)
    name = hashlib.sha256(content).hexdigest()
    return PromptPicture(name, "image/png", *size, content)


def prompt(*parts: str | PromptPart, system: str = "You are Whimbrel.") -> Prompt:
    """A system message and a question made of words and pictures."""
    spoken = tuple(PromptText(part) if isinstance(part, str) else part for part in parts)
    return Prompt(
        (PromptMessage("system", (PromptText(system),)), PromptMessage("user", spoken)), 1
    )


async def collect(outputs: AsyncGenerator[EngineOutput, None]) -> tuple[list[str], Finished]:
    """The chunks of an answer and its end."""
    chunks: list[str] = []
    async with aclosing(outputs):
        async for output in outputs:
            if isinstance(output, Finished):
                return chunks, output
            assert isinstance(output, TextChunk)
            chunks.append(output.text)
    raise AssertionError("the answer has no end")


async def answer(engine: Engine, asked: Prompt, params: SamplingParams = GREEDY) -> str:
    """The whole text of an answer."""
    chunks, _ = await collect(engine.generate(asked, params))
    return "".join(chunks)
