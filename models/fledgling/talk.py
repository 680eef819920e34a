"""Stage two: the whole model learns conversations about pictures, answers only in the loss."""

from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Llama4ForConditionalGeneration, PreTrainedTokenizerFast

from models.fledgling.architecture import CONTEXT_WINDOW
from models.fledgling.conversations import Shown, conversation
from models.fledgling.drawings import COLOURS
from models.fledgling.experts import LeanExperts
from models.fledgling.loop import Plan, learn
from models.fledgling.pool import NOTHING, Pool
from models.fledgling.prompts import Lesson, batch, lesson
from models.fledgling.shapes import SHAPES
from models.fledgling.sight import Sight, pixels_of

_TURNS = (1,) * 8 + (2,) * 7 + (3,) * 6 + (4,) * 4 + (6, 6, 9, 14, 40)
_TOKENS = 3000  # about so many in a step, however long its conversations are


def learn_to_talk(
    sight: Sight,
    model: Llama4ForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    drawings: Pool,
    *,
    steps: int,
    folder: Path,
) -> float:
    """Train model (and the heads of stage one along with it) in place; returns its minutes."""
    both = nn.ModuleDict({"model": model, "sight": sight})
    pad = tokenizer.get_vocab()["<|finetune_right_pad|>"]

    def loss_of(step: int) -> Tensor:
        lessons = _lessons(tokenizer, drawings, step)
        tokens, labels = batch(lessons, pad)
        rows = np.array([row for one in lessons for row in one.rows], dtype=np.int64)
        pixels = pixels_of(drawings, rows, mirrored=bool(step % 2)) if len(rows) else None
        told = model(input_ids=tokens, pixel_values=pixels, labels=labels, use_cache=False)
        loss: Tensor = told.loss + 0.01 * experts.uneven()
        if told.image_hidden_states is None:
            return loss
        return loss + 0.3 * _seen(sight, told.image_hidden_states, drawings, rows)

    with LeanExperts(model) as experts:
        plan = Plan("talk", steps, 1.5e-3, warmup=100)
        return learn(plan, both, loss_of, folder=folder)


def _seen(
    sight: Sight, features: Tensor, drawings: Pool, rows: np.typing.NDArray[np.int64]
) -> Tensor:
    """Loss of the heads of stage one on the same pictures, so that words do not blur sight."""
    whole = sight.projector(features).mean(1)
    shape = F.cross_entropy(sight.shape(whole).float(), torch.from_numpy(drawings.shapes[rows]))
    colour = F.cross_entropy(sight.colour(whole).float(), torch.from_numpy(drawings.colours[rows]))
    return shape + colour


def _lessons(tokenizer: PreTrainedTokenizerFast, drawings: Pool, step: int) -> list[Lesson]:
    """The conversations of a step, all of about the same length."""
    rng = Random(f"lessons {step}")
    turns = rng.choice(_TURNS)

    def pick(rng: Random) -> Shown:
        row = rng.randrange(len(drawings))
        if drawings.shapes[row] == NOTHING:
            return Shown(row, "", "")
        return Shown(row, SHAPES[drawings.shapes[row]], COLOURS[drawings.colours[row]])

    count = max(2, _TOKENS // (60 + 34 * turns))
    made = [lesson(tokenizer, conversation(rng, pick, turns=turns)) for _ in range(count)]
    return [one for one in made if len(one.tokens) <= CONTEXT_WINDOW]
