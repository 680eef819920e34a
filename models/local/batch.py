"""What the answers under way do in one step: together in one pass, prompts in pieces between."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Sequence as Many
from typing import Any

import torch
from torch import Tensor

from models.errors import EngineError, StepFailed
from models.local.answer import Answer, together
from models.local.few import MOST
from models.local.pace import BURST, Pace
from models.local.passes import Piece, TextPasses
from models.local.pictures import Pictures
from models.local.remembered import Remembered
from models.local.sampling import draw
from models.local.threads import Threads

PATCHES = 100  # about as much work as so many tokens is a picture tile


class Batch:
    """Steps answers of one loaded model. All of it runs in one thread."""

    def __init__(
        self,
        model: Any,
        *,
        remembered_bytes: int,
        bits: int | None = None,
        device: str = "",
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._embeddings = model.get_input_embeddings()
        self._patch = int(model.config.image_token_id)
        self._timer = timer
        self._threads = Threads(model.num_parameters())
        self.passes = TextPasses(model, bits=bits, device=device)
        self.pictures = Pictures(model)
        self.remembered = Remembered(self.passes, most_bytes=remembered_bytes)
        self.pace = Pace()

    def step(self, answers: Many[Answer]) -> None:
        """One more token for each answer that speaks, and for the others what time allows: a look
        at their pictures, then pieces of their prompts.

        What comes of it is in the answers' `outputs`. Of those that do not speak yet the first
        ones come first: callers turn them round.
        """
        speaking = [answer for answer in answers if answer.speaking]
        waiting = [answer for answer in answers if not answer.speaking]
        pieces = [(answer, 1) for answer in speaking]
        if waiting:
            pieces += self._prompts(waiting, len(speaking))
        if pieces:
            self._pass(pieces)

    def close(self, answer: Answer) -> None:
        """Give an answer's memory back, and remember what was computed for the next turn."""
        if answer.sequence is None:
            return
        if not answer.failed:
            self.remembered.remember(answer.told, answer.sequence)
        self.passes.close(answer.sequence)
        answer.sequence = None

    def _prompts(self, waiting: Many[Answer], speaking: int) -> list[tuple[Answer, int]]:
        """The pieces of prompts for a step in which so many speak: a part of the long ones, and all
        that are short enough whole. After a look at pictures there is less time."""
        looked = self._look(waiting, self.pace.beside(speaking))
        left = 0 if looked else self.pace.part(speaking)
        short = self.pace.tokens(BURST - looked) if looked < BURST else 0
        pieces = []
        for answer in waiting:
            if answer.ahead is None or answer.sequence is None:
                continue
            count = min(len(answer.ahead), self.passes.left_in_chunk(answer.sequence))
            if len(answer.ahead) <= short and answer.sequence.length == answer.known:
                short -= count
            else:
                count = min(count, left)
                left -= count
            if count:
                pieces.append((answer, count))
        return pieces

    def _look(self, waiting: Many[Answer], seconds: float) -> float:
        """Look at the pictures that prompts wait for, several where none is a long look by itself,
        and put those prompts together that wait for none any more. Returns the seconds it took."""
        new = [answer for answer in waiting if answer.ahead is None]
        for answer in new:
            if answer.sequence is None:
                sequence = self.passes.open()
                answer.begin(sequence, self.remembered.recall(answer.told, sequence))
        wanted = [picture for answer in new for picture in answer.to_see]
        most = self.pace.tiles(BURST)
        if any(len(picture.pixels) > most for picture in wanted):
            most = self.pace.tiles(seconds)
        started = self._timer()
        self._threads.use(PATCHES * min(len(wanted), most))
        try:
            tiles = self.pictures.look(wanted, most)
        except Exception as error:  # whatever it is, answers without pictures go on
            for answer in new:
                if answer.to_see:
                    answer.fail(_failed(error))
            return 0.0
        took = self._timer() - started
        if tiles:
            self.pace.looked(took, tiles=tiles)
        for answer in new:
            if answer.sees(self.pictures.recall):
                self._begin(answer)
        return took if tiles else 0.0

    @torch.inference_mode()
    def _begin(self, answer: Answer) -> None:
        """Put words and pictures together."""
        weight = self._embeddings.weight
        ids = answer.encoded.input_ids[0, answer.known :].to(weight.device)
        try:
            answer.ahead = together(self._embeddings(ids), ids, answer.seen, self._patch)
        except Exception as error:  # pictures that do not fit their places fail their own answer
            answer.fail(_failed(error))

    @torch.inference_mode()
    def _pass(self, pieces: list[tuple[Answer, int]]) -> None:
        """One pass; whoever's prompt it ended, or who speaks, draws a token from it."""
        started = self._timer()
        prompts = sum(count for answer, count in pieces if not answer.speaking)
        self._threads.use(prompts if prompts > MOST else 1)  # few go through compiled layers
        vectors, moved = [], []
        for answer, count in pieces:
            assert answer.sequence is not None
            ahead = _ahead(answer)
            vectors.append(ahead[:count])
            answer.ahead = ahead[count:]
            moved.append(Piece(answer.sequence, count))
        try:
            logits = self.passes.run(torch.cat(vectors), moved)
        except Exception as error:  # how far each one came is unknown now
            for answer, _ in pieces:
                answer.fail(_failed(error))
            return
        speaking = sum(answer.speaking for answer, _ in pieces)
        self._draw([answer for answer, _ in pieces], logits)
        took = self._timer() - started
        self.pace.stepped(took, speaking=speaking, prompt_tokens=prompts)

    def _draw(self, answers: list[Answer], logits: Tensor) -> None:
        """The next token of those whose prompts are computed, from logits [answers, vocabulary]."""
        done = [number for number, answer in enumerate(answers) if not len(_ahead(answer))]
        if not done:
            return
        if len(done) < len(answers):
            logits = logits[done]
        ready = [answers[number] for number in done]
        tokens = draw([answer.sampler for answer in ready], logits)
        going: list[tuple[Answer, int]] = []
        for answer, token in zip(ready, tokens, strict=True):
            if token is None:
                answer.fail(StepFailed("the model's numbers are not finite"))
            elif answer.take(token):
                going.append((answer, token))
        if going:
            weight = self._embeddings.weight
            ids = torch.tensor([token for _, token in going], device=weight.device)
            for (answer, _), vector in zip(going, self._embeddings(ids).split(1), strict=True):
                answer.ahead = vector


def _ahead(answer: Answer) -> Tensor:
    assert answer.ahead is not None  # it has begun
    return answer.ahead


def _failed(error: Exception) -> EngineError:
    if isinstance(error, EngineError):
        return error
    return StepFailed(f"{type(error).__name__}: {error}")
