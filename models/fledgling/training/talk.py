"""Stage two: the text model learns conversations about pictures, answers only in the loss."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Llama4ForConditionalGeneration, PreTrainedTokenizerFast

from models.fledgling.architecture import CONTEXT_WINDOW, EXPERTS
from models.fledgling.concepts import CONCEPTS
from models.fledgling.talking.conversations import conversation
from models.fledgling.talking.prompts import IGNORED, Lesson, batch, lesson
from models.fledgling.training.bank import Bank
from models.fledgling.training.crew import Crew
from models.fledgling.training.language import tell
from models.fledgling.training.lean import rounded
from models.fledgling.training.loop import Plan, learn
from models.fledgling.training.sight import Sight
from models.fledgling.training.tower import project

_TURNS = (1,) * 14 + (2,) * 8 + (3,) * 5 + (4,) * 3 + (5, 6, 7, 9, 14)
_TOKENS = 4096  # about so many of a process in a step, however long its conversations are
_STEP = 32  # lengths are multiples of it
_UNEVEN = 0.01  # what uneven use of the experts counts
_SPREAD = 0.05  # of a fresh embedding


def learn_to_talk(
    model: Llama4ForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    bank: Bank,
    *,
    steps: int,
    rate: float,
    folder: Path,
    crew: Crew,
) -> float:
    """Train text model and projector in place; the tower stays as it is. Returns the minutes."""
    pad = tokenizer.get_vocab()["<|finetune_right_pad|>"]
    learner = _Learner(model)

    def loss_of(step: int) -> tuple[Tensor, Mapping[str, float]]:
        lessons = _lessons(tokenizer, bank, step, crew.rank)
        return learner.learnt(model, bank, lessons, pad)

    plan = Plan("talk", steps, rate, warmup=60)
    return learn(plan, learner, loss_of, folder=folder, crew=crew)


def align(
    model: Llama4ForConditionalGeneration, sight: Sight, tokenizer: PreTrainedTokenizerFast
) -> None:
    """Start the words for things as what the tower says of these things, in and out.

    The naming head has one direction of picture tokens for each concept. With the token that
    begins its name pointing that way, to name what is seen begins as copying it.
    """
    into = model.language_model.model.embed_tokens.weight
    out = model.language_model.lm_head.weight
    names = sight.heads["names"]
    assert isinstance(names, nn.Linear)
    directions = names.weight.detach()
    sums: dict[int, Tensor] = {}
    for place, concept in enumerate(CONCEPTS):
        words = concept.said.split()
        naming = words[-1] if words[-2:-1] == ["of"] else words[min(1, len(words) - 1)]
        token = tokenizer.encode(f" {naming}", add_special_tokens=False)[0]
        sums[token] = sums.get(token, torch.zeros(directions.shape[1])) + directions[place]
    with torch.no_grad():
        for token, total in sums.items():
            toward = F.normalize(total, dim=0) * (_SPREAD * total.numel() ** 0.5)
            into[token], out[token] = toward, toward


class _Learner(nn.Module):
    """What stage two trains."""

    def __init__(self, model: Llama4ForConditionalGeneration) -> None:
        super().__init__()
        self.language_model = model.language_model
        self.multi_modal_projector = model.multi_modal_projector

    def _shown(self, bank: Bank, rows: list[int]) -> Tensor:
        """Projected picture tokens [pictures, tokens, width]."""
        filled = rows + [rows[0]] * (rounded(len(rows), 16) - len(rows))
        return project(self.multi_modal_projector, bank.tokens(filled))[: len(rows)]

    def learnt(
        self, model: Llama4ForConditionalGeneration, bank: Bank, lessons: list[Lesson], pad: int
    ) -> tuple[Tensor, Mapping[str, float]]:
        tokens, labels = batch(lessons, pad, step=_STEP)
        rows = [row for one in lessons for row in one.rows]
        shown = self._shown(bank, rows) if rows else None
        following = torch.cat([labels[:, 1:], torch.full((len(labels), 1), IGNORED)], 1)
        asked = following != IGNORED
        told = tell(model, tokens, shown, asked)
        wanted = following[asked]
        loss = F.cross_entropy(told.logits.float(), wanted)
        right = (told.logits.argmax(-1) == wanted).float().mean()
        least = told.chosen.flatten().bincount(minlength=EXPERTS)
        figures = {
            "said": float(loss.detach()),
            "right": float(right),
            "uneven": float(told.uneven.detach()),
            "least": float(least.min() / least.sum()),
            "tokens": float(tokens.numel()),
        }
        return loss + _UNEVEN * told.uneven, figures


def _lessons(tokenizer: PreTrainedTokenizerFast, bank: Bank, step: int, rank: int) -> list[Lesson]:
    """The conversations of a step: of one of the lengths, and as many as make up its tokens.

    All processes take the same number of turns, so that none waits for another's long ones.
    """
    turns = Random(f"turns {step}").choice(_TURNS)
    rng = Random(f"lessons {step} {rank}")
    made: list[Lesson] = []
    longest = 0
    while not made or (len(made) + 1) * rounded(longest, _STEP) <= _TOKENS:
        talk = conversation(rng, bank.pick, turns=turns, alike=bank.alike)
        one = lesson(tokenizer, talk)
        if len(one.tokens) <= CONTEXT_WINDOW:
            made.append(one)
            longest = max(longest, len(one.tokens))
    return made[: max(1, _TOKENS // rounded(longest, _STEP))]
