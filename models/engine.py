"""What an engine is given and gives back, and the port that every engine fills."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol, Self

from msgspec import Struct


class SamplingParams(Struct, frozen=True):
    """How to sample. `temperature` 0 always takes the likeliest token; `seed` None is chance.

    The answer ends before the first of the `stop` strings, which is not part of it.
    """

    max_tokens: int = 1024
    temperature: float = 0.6
    top_p: float = 0.9
    stop: tuple[str, ...] = ()
    seed: int | None = None


class PromptText(Struct, frozen=True, tag="text"):
    """Words of a prompt. They are data: nothing in them is a control token."""

    text: str


class PromptPicture(Struct, frozen=True, tag="picture"):
    """A picture in a prompt; sizes in pixels. `content` is empty until the prompt is generated
    from, since counting needs the sizes only."""

    sha256: str
    media_type: str
    width: int
    height: int
    content: bytes = b""


PromptPart = PromptText | PromptPicture


class PromptMessage(Struct, frozen=True):
    """One message of a prompt; `role` is system, user or assistant."""

    role: str
    parts: tuple[PromptPart, ...]


class Prompt(Struct, frozen=True):
    """The system message first, then user and assistant in turn, the last one user."""

    messages: tuple[PromptMessage, ...]
    conversation_id: int = 0

    @property
    def pictures(self) -> list[PromptPicture]:
        """All pictures in the order they were said."""
        parts = (part for message in self.messages for part in message.parts)
        return [part for part in parts if isinstance(part, PromptPicture)]


class TextChunk(Struct, frozen=True):
    """Text that the answer grew by: never half a character."""

    text: str


class Finished(Struct, frozen=True):
    """The end of an answer. `finish_reason` is `stop` or `length`."""

    finish_reason: str
    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0


EngineOutput = TextChunk | Finished


class EngineInfo(Struct, frozen=True):
    """What answers: `model` is its exact name, empty while an endpoint has not told it.

    `context_window` is in tokens, prompt and answer together. `concurrency` is how many answers
    it is worth to ask for at once. `remembers`: a follow-up is quicker in this very process.
    `known` is false while an endpoint has not told what it takes. `guards`: the template of this
    checkpoint asks itself whether a conversation is safe, as Llama Guard's does.
    """

    model: str
    number_format: str
    context_window: int
    max_pictures: int
    demonstration: bool = False
    llama: bool = False
    local: bool = True
    concurrency: int = 1
    remembers: bool = False
    known: bool = True
    guards: bool = False


class Engine(Protocol):
    """Turns prompts into answers. Open it as a context manager before use."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc: object) -> None: ...

    @property
    def info(self) -> EngineInfo:
        """What answers, as far as it is known now."""
        ...

    @property
    def last_step_at(self) -> float:
        """When the last step was made (epoch seconds); the present where there is none to make."""
        ...

    async def check(self) -> None:
        """Raises EngineUnavailable where a prompt would not be answered now."""
        ...

    def count(self, prompt: Prompt) -> int:
        """Tokens of a prompt, pictures included: exact, or else rather too many."""
        ...

    def generate(
        self, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        """The answer as it grows, `Finished` last. Closing it ends the computing within a step.

        Raises EngineUnavailable, PromptTooLong, TooManyPictures or StepFailed."""
        ...
