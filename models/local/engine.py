"""The transformers engine: a Llama 4 checkpoint in this process."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import torch
from msgspec.structs import replace

from models.engine import EngineInfo, EngineOutput, Prompt, SamplingParams
from models.errors import EngineError, PromptTooLong, StepFailed
from models.local.answer import Answer
from models.local.batch import Batch
from models.local.checkpoint import Checkpoint
from models.local.detokeniser import Detokeniser
from models.local.prompts import PromptEncoder
from models.local.telling import Handover, told
from models.machine import memory_bytes
from models.scheduler import Job, Scheduler
from models.settings import NumberFormat

CONCURRENCY = 32  # answers at once, where their memory fits
PICTURES = 5  # at once in a prompt: what the released models were tested with


class TransformersEngine:
    """Serves a checked checkpoint; opening it loads the weights."""

    def __init__(
        self,
        model: str,
        *,
        number_format: NumberFormat = NumberFormat.AUTO,
        context_window: int | None = None,
        max_pictures: int | None = None,
        demonstration: bool = False,
        memory: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`memory` is for keys and values, in bytes; None: what this machine can spare."""
        self._checkpoint = Checkpoint(model, number_format)
        self._demonstration = demonstration
        own = int(self._checkpoint.config.get_text_config().max_position_embeddings)
        self._window = min(own, context_window or own)
        self._max_pictures = PICTURES if max_pictures is None else max_pictures
        self._memory = memory
        self._clock = clock
        self._encoding = ThreadPoolExecutor(1, "prompts")
        self._model: Any = None
        self._scheduler: Scheduler[Answer]
        self._info = self._describe("")

    async def __aenter__(self) -> Self:
        self._model, processor, number_format = await asyncio.to_thread(self._checkpoint.load)
        self._tokenizer = processor.tokenizer
        # Encoding, counting and decoding happen in different threads, which one tokenizer does
        # not stand.
        self._encoder, self._counter = (PromptEncoder(copy.deepcopy(processor)) for _ in range(2))
        self._end_tokens = end_tokens(self._model, processor.tokenizer)
        described = self._describe(str(number_format).removeprefix("torch."))
        self._info = replace(described, guards=self._counter.guards)
        self._keys_bytes = self._memory or room_for_keys()
        self._batch = await asyncio.to_thread(
            Batch,
            self._model,
            remembered_bytes=self._keys_bytes // 2,
            bits=self._checkpoint.bits,
            device=self._checkpoint.device,
        )
        await asyncio.to_thread(self._batch.passes.warm_up)
        self._scheduler = Scheduler(
            lambda: self._batch,
            most_running=self._info.concurrency,
            most_bytes=self._keys_bytes // 2,
            clock=self._clock,
        )
        self._handover = Handover()
        self._scheduler.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.to_thread(self._scheduler.close)
        self._encoding.shutdown(wait=False, cancel_futures=True)
        self._model = None

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def last_step_at(self) -> float:
        return self._scheduler.last_step_at

    async def check(self) -> None:
        """A loaded model can always answer."""

    def count(self, prompt: Prompt) -> int:
        return self._counter.count(prompt)

    async def generate(
        self, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        answer = await self._open(prompt, params)
        outputs: asyncio.Queue[EngineOutput | EngineError] = asyncio.Queue()
        needs = self._batch.passes.bytes_for(answer.most_tokens)
        job = Job(answer, self._handover.into(outputs), bytes=needs)
        self._scheduler.add(job)
        try:
            async for output in told(outputs):
                yield output
        finally:
            self._scheduler.cancel(job)

    async def _open(self, prompt: Prompt, params: SamplingParams) -> Answer:
        """The prompt as tokens and pixels, made beside the steps of the others."""
        loop = asyncio.get_running_loop()
        try:
            encoded = await loop.run_in_executor(self._encoding, self._encoder.encode, prompt)
        except Exception as error:  # whatever a picture raises fails this answer only
            raise StepFailed(f"{type(error).__name__}: {error}") from error
        room = self._window - int(encoded.input_ids.shape[1])
        if room < 1:
            raise PromptTooLong(
                f"{encoded.input_ids.shape[1]} tokens, the window is {self._window}"
            )
        return Answer(
            encoded,
            params,
            detokeniser=Detokeniser(self._decode),
            end_tokens=self._end_tokens,
            patch_token=int(self._model.config.image_token_id),
            room=room,
        )

    def _decode(self, tokens: list[int]) -> str:
        text: str = self._tokenizer.decode(
            tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    def _describe(self, number_format: str) -> EngineInfo:
        quantised = getattr(self._checkpoint.config, "quantization_config", None)
        method = quantised.get("quant_method") if isinstance(quantised, dict) else None
        own = self._checkpoint.number_format
        return EngineInfo(
            model="fledgling" if self._demonstration else self._checkpoint.exact_name,
            number_format=own.value if self._checkpoint.bits else str(method or number_format),
            context_window=self._window,
            max_pictures=self._max_pictures,
            demonstration=self._demonstration,
            llama=not self._demonstration,
            concurrency=CONCURRENCY,
            remembers=True,
        )


def room_for_keys() -> int:
    """Bytes for keys and values, half of it for what is remembered: a quarter of the GPU's memory
    or of this machine's, which hold the weights and others' data as well."""
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[1]) // 4
    return memory_bytes() // 4


def end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """All tokens that end an answer, as checkpoint and tokenizer name them."""
    named = model.generation_config.eos_token_id
    several = named if isinstance(named, list) else [named]
    return frozenset(
        int(token) for token in (*several, tokenizer.eos_token_id) if token is not None
    )
