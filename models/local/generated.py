"""Any other checkpoint on one's own machine: transformers' own generate(), in simple batches.

Slower than the engine for Llama 4: whoever comes while a batch is computed waits for its end, all
of a batch pay for its longest prompt, and nothing is remembered. A server such as vLLM or Ollama is
the better way for many people.
"""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any, Self

import torch
from PIL import Image
from torch import Tensor
from transformers import StoppingCriteria, StoppingCriteriaList
from transformers.generation.streamers import BaseStreamer

from models.engine import (
    EngineInfo,
    EngineOutput,
    Prompt,
    PromptMessage,
    PromptPicture,
    PromptText,
    SamplingParams,
)
from models.errors import EngineError, PromptTooLong, StepFailed, TooManyPictures
from models.local.checkpoint import Checkpoint
from models.local.detokeniser import Detokeniser
from models.local.engine import end_tokens
from models.local.prompts import words_only
from models.local.telling import Handover, Telling, told
from models.scheduler import Emit
from models.settings import NumberFormat

AT_ONCE = 8  # answers in a batch
PICTURES = 5
UNKNOWN_WINDOW = 2048


class GenerateEngine:
    """Serves a checkpoint that transformers' auto classes load; opening it loads the weights."""

    def __init__(
        self,
        model: str,
        *,
        number_format: NumberFormat = NumberFormat.AUTO,
        context_window: int | None = None,
        max_pictures: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._checkpoint = Checkpoint(model, number_format)
        text = self._checkpoint.config.get_text_config()
        own = getattr(text, "max_position_embeddings", None) or getattr(text, "n_positions", None)
        self._window = min(own or UNKNOWN_WINDOW, context_window or own or UNKNOWN_WINDOW)
        sees = self._checkpoint.sees
        self._most_pictures = (PICTURES if max_pictures is None else max_pictures) if sees else 0
        self._clock = clock
        self._pictures: dict[tuple[int, int], int] = {}
        self._info = self._describe("")

    async def __aenter__(self) -> Self:
        loaded = await asyncio.to_thread(self._checkpoint.load_any)
        self._model, self._processor, number_format = loaded
        self._tokenizer = getattr(self._processor, "tokenizer", self._processor)
        self._tokenizer.padding_side = "left"
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._ends = end_tokens(self._model, self._tokenizer)
        self._info = self._describe(str(number_format).removeprefix("torch."))
        self._encoding = threading.Lock()
        self._batches = _Batches(self._run, self._clock)
        self._handover = Handover()
        self._batches.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.to_thread(self._batches.close)
        self._model = None

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def last_step_at(self) -> float:
        return self._batches.last_step_at

    async def check(self) -> None:
        """A loaded model can always answer."""

    def count(self, prompt: Prompt) -> int:
        words = Prompt(tuple(words_only(message) for message in prompt.messages))
        length = self._inputs([words])["input_ids"].shape[1]
        return int(length) + sum(self._picture_tokens(picture) for picture in prompt.pictures)

    async def generate(
        self, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        if len(prompt.pictures) > self._most_pictures:
            raise TooManyPictures(self._most_pictures)
        room = self._window - self.count(prompt)
        if room < 1:
            raise PromptTooLong(f"no room in {self._window} tokens")
        outputs: asyncio.Queue[EngineOutput | EngineError] = asyncio.Queue()
        row = _Row(
            prompt,
            params,
            self._handover.into(outputs),
            detokeniser=Detokeniser(self._decode),
            limit=min(params.max_tokens, room),
            ends=self._ends,
        )
        self._batches.add(row)
        try:
            async for output in told(outputs):
                yield output
        finally:
            row.done = True

    def _run(self, rows: list[_Row]) -> None:
        """One batch to its end; raises whatever the model raises."""
        inputs = self._inputs([row.prompt for row in rows]).to(self._model.device)
        if "pixel_values" in inputs:
            inputs["pixel_values"] = inputs["pixel_values"].to(self._model.dtype)
        for number, row in enumerate(rows):
            row.prompt_tokens = int(inputs["attention_mask"][number].sum())
        params = rows[0].params
        if params.seed is not None:
            torch.manual_seed(params.seed)
        chance: dict[str, Any] = {"do_sample": False}
        if params.temperature > 0:
            chance = {
                "do_sample": True,
                "temperature": params.temperature,
                "top_p": params.top_p,
                "top_k": 0,
            }
        self._model.generate(
            **inputs,
            **chance,
            max_new_tokens=max(row.limit for row in rows),
            streamer=_Streamer(rows, self._batches),
            stopping_criteria=StoppingCriteriaList([_Done(rows)]),
        )

    def _inputs(self, prompts: list[Prompt]) -> Any:
        """Prompts as tokens and pictures, filled up on the left."""
        with self._encoding:  # a tokenizer does not stand two threads
            chats = [[self._spoken(message) for message in one.messages] for one in prompts]
            told: dict[str, Any] = {
                "tokenize": True,
                "return_dict": True,
                "return_tensors": "pt",
                "add_generation_prompt": True,
            }
            filled = {"padding": True}
            told |= {"processor_kwargs": filled} if self._checkpoint.sees else filled
            return self._processor.apply_chat_template(chats, **told)

    def _spoken(self, message: PromptMessage) -> dict[str, Any]:
        if not self._checkpoint.sees:
            words = [part.text for part in message.parts if isinstance(part, PromptText)]
            return {"role": message.role, "content": self._harmless("\n".join(words))}
        return {"role": message.role, "content": [self._part(part) for part in message.parts]}

    def _part(self, part: PromptText | PromptPicture) -> dict[str, Any]:
        if isinstance(part, PromptText):
            return {"type": "text", "text": self._harmless(part.text)}
        with Image.open(io.BytesIO(part.content)) as picture:
            return {"type": "image", "image": picture.convert("RGB")}

    def _harmless(self, text: str) -> str:
        """What people typed never becomes a control token: an unseen space parts its look-alike."""
        for control in self._controls():
            if control in text:
                text = text.replace(control, control[0] + "\u200b" + control[1:])
        return text

    def _controls(self) -> list[str]:
        added = self._tokenizer.added_tokens_decoder.values()
        return [token.content for token in added if len(token.content) > 1]

    def _picture_tokens(self, picture: PromptPicture) -> int:
        """Tokens of a picture of this size, by encoding an empty one."""
        size = (picture.width, picture.height)
        if size not in self._pictures:
            blank = io.BytesIO()
            Image.new("RGB", size).save(blank, "PNG")
            shown = PromptPicture("", "image/png", *size, blank.getvalue())
            user = PromptMessage("user", (PromptText("x"),))
            without = Prompt((user,))
            seen = Prompt((PromptMessage("user", (shown, PromptText("x"))),))
            lengths = [self._inputs([each])["input_ids"].shape[1] for each in (seen, without)]
            self._pictures[size] = int(lengths[0] - lengths[1])
        return self._pictures[size]

    def _decode(self, tokens: list[int]) -> str:
        text: str = self._tokenizer.decode(tokens, skip_special_tokens=True)
        return text

    def _describe(self, number_format: str) -> EngineInfo:
        return EngineInfo(
            model=self._checkpoint.exact_name,
            number_format=number_format,
            context_window=self._window,
            max_pictures=self._most_pictures,
            llama="llama" in self._checkpoint.config.model_type,
            concurrency=AT_ONCE,
        )


class _Row:
    """One answer of a batch. `done`: nothing more is wanted of it."""

    def __init__(
        self,
        prompt: Prompt,
        params: SamplingParams,
        emit: Emit,
        *,
        detokeniser: Detokeniser,
        limit: int,
        ends: frozenset[int],
    ) -> None:
        self.prompt = prompt
        self.params = params
        self.emit = emit
        self.limit = limit
        self.done = False
        self.prompt_tokens = 0
        self._telling = Telling(params, detokeniser=detokeniser, end_tokens=ends, limit=limit)

    @property
    def kind(self) -> tuple[float, float, int | None]:
        """Only rows of one kind can be drawn together."""
        return self.params.temperature, self.params.top_p, self.params.seed

    def take(self, token: int) -> None:
        """What a new token means for the answer."""
        for output in self._telling.take(token):
            self.emit(output)
        if self._telling.ended:
            self.done = True
            self.emit(self._telling.finished(prompt_tokens=self.prompt_tokens))


class _Streamer(BaseStreamer):
    """Hands each step's tokens to the rows; generate() begins with the prompts themselves."""

    def __init__(self, rows: list[_Row], batches: _Batches) -> None:
        self._rows, self._batches = rows, batches
        self._begun = False

    def put(self, value: Tensor) -> None:
        self._batches.stepped()
        if not self._begun:
            self._begun = True
            return
        for row, token in zip(self._rows, value.flatten().tolist(), strict=True):
            if not row.done:
                row.take(int(token))

    def end(self) -> None:
        """Rows know themselves when they end."""


class _Done(StoppingCriteria):
    """Ends the rows that want nothing more."""

    def __init__(self, rows: list[_Row]) -> None:
        self._rows = rows

    def __call__(self, input_ids: Tensor, scores: Any, **kwargs: Any) -> Tensor:
        return torch.tensor([row.done for row in self._rows], device=input_ids.device)


class _Batches:
    """One thread that computes batches of what waits."""

    def __init__(self, run: Callable[[list[_Row]], None], clock: Callable[[], float]) -> None:
        self._run_batch, self._clock = run, clock
        self._waiting: deque[_Row] = deque()
        self._rows: list[_Row] = []
        self._changed = threading.Condition()
        self._closing = False
        self._last_step = clock()
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)

    @property
    def last_step_at(self) -> float:
        """When the last step ended (epoch seconds); the present while there is nothing to do."""
        with self._changed:
            return self._last_step if self._rows or self._waiting else self._clock()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self, timeout: float = 10) -> None:
        """End the batch under way with its next step."""
        with self._changed:
            self._closing = True
            for row in self._rows:
                row.done = True
            self._changed.notify()
        self._thread.join(timeout)

    def add(self, row: _Row) -> None:
        """Queue a row."""
        with self._changed:
            if not (self._rows or self._waiting):
                self._last_step = self._clock()
            self._waiting.append(row)
            self._changed.notify()

    def stepped(self) -> None:
        """A step has ended."""
        self._last_step = self._clock()

    def _run(self) -> None:
        while rows := self._next():
            try:
                self._run_batch(rows)
            except Exception as error:  # whatever a model raises fails this batch only
                failed = StepFailed(f"{type(error).__name__}: {error}")
                for row in rows:
                    if not row.done:
                        row.emit(failed)
            with self._changed:
                self._rows = []
                self._last_step = self._clock()

    def _next(self) -> list[_Row]:
        """The next batch: the first that waits, and those of its kind; empty when it is to end."""
        with self._changed:
            while True:
                self._waiting = deque(row for row in self._waiting if not row.done)
                if self._closing:
                    return []
                if self._waiting:
                    kind = self._waiting[0].kind
                    alike = [row for row in self._waiting if row.kind == kind][:AT_ONCE]
                    if kind[2] is not None:
                        alike = alike[:1]  # a seed repeats an answer only where it is alone
                    self._rows = alike
                    self._waiting = deque(row for row in self._waiting if row not in alike)
                    return alike
                self._changed.wait()
