"""Stage two: the whole model learns conversations about pictures, answers only in the loss."""

from pathlib import Path
from random import Random

import numpy as np
from torch import Tensor
from transformers import Llama4ForConditionalGeneration, PreTrainedTokenizerFast

from models.fledgling.architecture import CONTEXT_WINDOW
from models.fledgling.conversations import Shown, conversation
from models.fledgling.drawings import COLOURS
from models.fledgling.experts import LeanExperts
from models.fledgling.loop import Plan, learn
from models.fledgling.pool import NOTHING, Pool
from models.fledgling.prompts import Lesson, batch, lesson
from models.fledgling.shapes import SHAPES
from models.fledgling.sight import pixels_of

_TURNS = (1,) * 8 + (2,) * 7 + (3,) * 6 + (4,) * 4 + (6, 6, 9, 14, 28)
_TOKENS = 1500  # about so many in a step, however long its conversations are


def learn_to_talk(
    model: Llama4ForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    drawings: Pool,
    *,
    steps: int,
    folder: Path,
) -> float:
    """Train all but the tower, which stays as stage one left it, in place; returns the minutes."""
    model.vision_model.requires_grad_(False)
    pad = tokenizer.get_vocab()["<|finetune_right_pad|>"]

    def loss_of(step: int) -> Tensor:
        lessons = _lessons(tokenizer, drawings, step)
        tokens, labels = batch(lessons, pad)
        rows = np.array([row for one in lessons for row in one.rows], dtype=np.int64)
        pixels = pixels_of(drawings, rows, mirrored=bool(step % 2)) if len(rows) else None
        told = model(input_ids=tokens, pixel_values=pixels, labels=labels, use_cache=False)
        loss: Tensor = told.loss + 0.01 * experts.uneven()
        return loss

    with LeanExperts(model) as experts:
        return learn(Plan("talk", steps, 2e-3, warmup=60), model, loss_of, folder=folder)


def _lessons(tokenizer: PreTrainedTokenizerFast, drawings: Pool, step: int) -> list[Lesson]:
    """The conversations of a step, all of about the same length."""
    rng = Random(f"lessons {step}")
    turns = rng.choice(_TURNS)

    def pick(rng: Random) -> Shown:
        row = rng.randrange(len(drawings))
        if drawings.shapes[row] == NOTHING:
            return Shown(row, "", "")
        return Shown(row, SHAPES[drawings.shapes[row]], COLOURS[drawings.colours[row]])

    count = max(1, _TOKENS // (60 + 34 * turns))
    made = [lesson(tokenizer, conversation(rng, pick, turns=turns)) for _ in range(count)]
    return [one for one in made if len(one.tokens) <= CONTEXT_WINDOW]
