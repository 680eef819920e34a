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
from models.local.pace import Pace
from models.local.passes import Piece, TextPasses
from models.local.pictures import Pictures
from models.local.remembered import Remembered


class Batch:
    """Steps answers of one loaded model. All of it runs in one thread."""

    def __init__(
        self,
        model: Any,
        *,
        remembered_bytes: int,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._embeddings = model.get_input_embeddings()
        self._patch = int(model.config.image_token_id)
        self._timer = timer
        self.passes = TextPasses(model)
        self.pictures = Pictures(model)
        self.remembered = Remembered(self.passes, most_bytes=remembered_bytes)
        self.pace = Pace()

    def step(self, answers: Many[Answer]) -> None:
        """One more token for each answer that speaks, and a piece of a prompt for the others.

        What comes of it is in the answers' `outputs`. The first of those that do not speak yet
        has its pictures seen or a piece of its prompt computed: callers turn them round.
        """
        speaking = [answer for answer in answers if answer.speaking]
        waiting = [answer for answer in answers if not answer.speaking]
        pieces = [(answer, 1) for answer in speaking]
        left = self.pace.prompt_tokens(others=bool(speaking))
        for answer in waiting:
            if left <= 0:
                break
            try:
                ready = answer.ahead is not None or self._begin(answer, others=bool(speaking))
            except Exception as error:  # whatever a picture raises fails its own answer only
                answer.fail(_failed(error))
                continue
            if not ready:
                break  # its pictures took what this step may take
            count = self._piece(answer, left)
            pieces.append((answer, count))
            left -= count
        if pieces:
            self._pass(pieces)

    def close(self, answer: Answer) -> None:
        """Give an answer's memory back, and remember what was computed for the next turn."""
        if answer.sequence is None:
            return
        if not any(isinstance(output, EngineError) for output in answer.outputs):
            self.remembered.remember(answer.told, answer.sequence)
        self.passes.close(answer.sequence)
        answer.sequence = None

    def _begin(self, answer: Answer, *, others: bool) -> bool:
        """See the pictures that are left, then put the prompt together. False: not done yet."""
        if answer.sequence is None:
            sequence = self.passes.open()
            answer.begin(sequence, self.remembered.recall(answer.told, sequence))
        left = self.pace.tiles(others=others)
        while answer.to_see:
            picture = answer.to_see[0]
            seen = self.pictures.recall(picture.sha256)
            if seen is None:
                tiles = picture.pixels[sum(map(len, answer.looked_at)) :][:left]
                if not len(tiles) and not left:
                    return False
                if len(tiles):
                    answer.looked_at.append(self._look(tiles))
                    left -= len(tiles)
                    continue
                seen = torch.cat(answer.looked_at).flatten(0, 1)
                self.pictures.keep(picture, seen)
            answer.looked_at.clear()
            answer.seen.append(seen)
            answer.to_see.pop(0)
        with torch.inference_mode():
            weight = self._embeddings.weight
            ids = answer.encoded.input_ids[0, answer.known :].to(weight.device)
            answer.ahead = together(self._embeddings(ids), ids, answer.seen, self._patch)
        return True

    def _look(self, tiles: Tensor) -> Tensor:
        started = self._timer()
        seen = self.pictures.look(tiles)
        self.pace.looked(self._timer() - started, tiles=len(tiles))
        return seen

    def _piece(self, answer: Answer, most: int) -> int:
        """How many tokens of its prompt it may bring."""
        assert answer.sequence is not None
        assert answer.ahead is not None
        return min(len(answer.ahead), most, self.passes.left_in_chunk(answer.sequence))

    @torch.inference_mode()
    def _pass(self, pieces: list[tuple[Answer, int]]) -> None:
        """One pass; whoever's prompt it ended, or who speaks, draws a token from it."""
        started = self._timer()
        vectors, moved = [], []
        for answer, count in pieces:
            assert answer.sequence is not None
            assert answer.ahead is not None
            vectors.append(answer.ahead[:count])
            answer.ahead = answer.ahead[count:]
            moved.append(Piece(answer.sequence, count))
        try:
            logits = self.passes.run(torch.cat(vectors), moved)
        except Exception as error:  # how far each one came is unknown now
            for answer, _ in pieces:
                answer.fail(_failed(error))
            return
        speaking = sum(answer.speaking for answer, _ in pieces)
        prompts = sum(count for answer, count in pieces if not answer.speaking)
        drawn: list[tuple[Answer, int]] = []
        for (answer, _), row in zip(pieces, logits, strict=True):
            assert answer.ahead is not None
            if len(answer.ahead):
                continue
            try:
                token = answer.draw(row)
            except EngineError as error:
                answer.fail(error)
                continue
            if token is not None:
                drawn.append((answer, token))
        if drawn:
            weight = self._embeddings.weight
            ids = torch.tensor([token for _, token in drawn], device=weight.device)
            for (answer, _), vector in zip(drawn, self._embeddings(ids), strict=True):
                answer.ahead = vector[None]
        took = self._timer() - started
        self.pace.stepped(took, answers=speaking, prompt_tokens=prompts)


def _failed(error: Exception) -> EngineError:
    if isinstance(error, EngineError):
        return error
    return StepFailed(f"{type(error).__name__}: {error}")
