"""The transformers engine: a Llama 4 checkpoint in this process."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, Self

from models.engine import EngineInfo, EngineOutput, Finished, Prompt, SamplingParams
from models.errors import EngineError, PromptTooLong
from models.local.answer import Answer
from models.local.checkpoint import Checkpoint
from models.local.detokeniser import Detokeniser
from models.local.prompts import PromptEncoder
from models.scheduler import Emit, Job, Scheduler

PICTURES = 5  # at once in a prompt: what the released models were tested with


class TransformersEngine:
    """Serves a checked checkpoint; opening it loads the weights."""

    def __init__(
        self,
        model: str,
        *,
        context_window: int | None = None,
        max_pictures: int | None = None,
        demonstration: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._checkpoint = Checkpoint(model)
        self._demonstration = demonstration
        own = int(self._checkpoint.config.get_text_config().max_position_embeddings)
        self._window = min(own, context_window or own)
        self._max_pictures = PICTURES if max_pictures is None else max_pictures
        self._scheduler = Scheduler(clock=clock)
        self._model: Any = None
        self._processor: Any = None
        self._info = self._describe("")

    async def __aenter__(self) -> Self:
        self._model, self._processor, number_format = await asyncio.to_thread(self._checkpoint.load)
        self._encoder = PromptEncoder(self._processor)
        self._end_tokens = end_tokens(self._model, self._processor.tokenizer)
        self._info = self._describe(str(number_format).removeprefix("torch."))
        self._scheduler.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.to_thread(self._scheduler.close)
        self._model = self._processor = None

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def last_step_at(self) -> float:
        return self._scheduler.last_step_at

    async def check(self) -> None:
        """A loaded model can always answer."""

    def count(self, prompt: Prompt) -> int:
        return self._encoder.count(prompt)

    async def generate(
        self, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        outputs: asyncio.Queue[EngineOutput | EngineError] = asyncio.Queue()
        job = Job(lambda: self._open(prompt, params), _into(outputs))
        self._scheduler.add(job)
        try:
            while True:
                output = await outputs.get()
                if isinstance(output, EngineError):
                    raise output
                yield output
                if isinstance(output, Finished):
                    return
        finally:
            self._scheduler.cancel(job)

    def _open(self, prompt: Prompt, params: SamplingParams) -> Answer:
        """Encode a prompt and embed it; runs in the scheduler's thread."""
        encoded = self._encoder.encode(prompt)
        room = self._window - int(encoded.input_ids.shape[1])
        if room < 1:
            raise PromptTooLong(
                f"{encoded.input_ids.shape[1]} tokens, the window is {self._window}"
            )
        return Answer(
            self._model,
            encoded,
            params,
            detokeniser=Detokeniser(self._decode),
            end_tokens=self._end_tokens,
            room=room,
        )

    def _decode(self, tokens: list[int]) -> str:
        text: str = self._processor.tokenizer.decode(
            tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    def _describe(self, number_format: str) -> EngineInfo:
        quantised = getattr(self._checkpoint.config, "quantization_config", None)
        method = quantised.get("quant_method") if isinstance(quantised, dict) else None
        path = Path(self._checkpoint.source)
        return EngineInfo(
            model="fledgling" if self._demonstration else _exact_name(path, self._checkpoint.name),
            number_format=str(method or number_format),
            context_window=self._window,
            max_pictures=self._max_pictures,
            demonstration=self._demonstration,
            llama=not self._demonstration,
        )


def _exact_name(path: Path, name: str) -> str:
    return path.resolve().name if path.is_dir() else name


def _into(outputs: asyncio.Queue[EngineOutput | EngineError]) -> Emit:
    """Hands outputs from the scheduler's thread over to the event loop of the caller."""
    loop = asyncio.get_running_loop()

    def emit(output: EngineOutput | EngineError) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may be gone before a step ends
            loop.call_soon_threadsafe(outputs.put_nowait, output)

    return emit


def end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """All tokens that end an answer, as checkpoint and tokenizer name them."""
    named = model.generation_config.eos_token_id
    several = named if isinstance(named, list) else [named]
    return frozenset(
        int(token) for token in (*several, tokenizer.eos_token_id) if token is not None
    )
