"""What tokens mean for an answer: its text as it grows, and its end."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Callable

from models.engine import EngineOutput, Finished, SamplingParams, TextChunk
from models.errors import EngineError
from models.local.detokeniser import Detokeniser
from models.stopping import StopStrings

Outputs = asyncio.Queue[EngineOutput | EngineError]


class Telling:
    """Takes one token after the other. `ended` is why the answer is whole, empty before."""

    def __init__(
        self,
        params: SamplingParams,
        *,
        detokeniser: Detokeniser,
        end_tokens: frozenset[int],
        limit: int,
    ) -> None:
        self.tokens = 0
        self.ended = ""
        self._detokeniser = detokeniser
        self._stop = StopStrings(params.stop)
        self._end_tokens = end_tokens
        self._limit = limit

    def take(self, token: int) -> list[EngineOutput]:
        """The text that a token adds, and none for half a character."""
        self.tokens += 1
        if token in self._end_tokens:
            self.ended = "stop"
            return _chunk(self._stop.flush())
        said = _chunk(self._stop.push(self._detokeniser.push(token)))
        if self._stop.stopped:
            self.ended = "stop"
        elif self.tokens >= self._limit:
            self.ended = "length"
            said += _chunk(self._stop.flush())
        return said

    def finished(self, *, prompt_tokens: int, cached_tokens: int = 0) -> Finished:
        """The last output of an answer that has ended."""
        return Finished(
            finish_reason=self.ended,
            prompt_tokens=prompt_tokens,
            cached_tokens=cached_tokens,
            generated_tokens=self.tokens,
        )


async def told(outputs: Outputs) -> AsyncGenerator[EngineOutput, None]:
    """What comes into the queue until the answer ends. Raises the error that ends it."""
    while True:
        output = await outputs.get()
        if isinstance(output, EngineError):
            raise output
        yield output
        if isinstance(output, Finished):
            return


class Handover:
    """Takes outputs from the model's thread to the event loop that it is made in.

    All that comes of a step crosses at once: waking the loop for each would cost the thread more
    time than a step of a small model.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._crossing: deque[tuple[Outputs, EngineOutput | EngineError]] = deque()
        self._awaited = False

    def into(self, outputs: Outputs) -> Callable[[EngineOutput | EngineError], None]:
        """What the model's thread calls with each output of one answer."""

        def emit(output: EngineOutput | EngineError) -> None:
            self._crossing.append((outputs, output))
            if not self._awaited:
                self._awaited = True
                with contextlib.suppress(RuntimeError):  # the loop may be gone before a step ends
                    self._loop.call_soon_threadsafe(self._arrive)

        return emit

    def _arrive(self) -> None:
        self._awaited = False  # first, so that what comes from now on wakes the loop again
        while self._crossing:
            outputs, output = self._crossing.popleft()
            outputs.put_nowait(output)


def _chunk(text: str) -> list[EngineOutput]:
    return [TextChunk(text=text)] if text else []
