"""What the tower learns from before it has words: names, a teacher's features, what is where."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Llama4ForConditionalGeneration

from models.fledgling.concepts import CONCEPTS
from models.fledgling.drawn.colours import COLOURS
from models.fledgling.drawn.facts import LETTERS
from models.fledgling.drawn.shapes import SHAPES
from models.fledgling.training.tower import project, see

UNKNOWN = len(CONCEPTS)  # the class of a picture in which nothing is known
FEATURES = 1024  # of the teacher
_MOST = 10  # things that are counted
_SHAPES, _COLOURS, _LETTERS = (len(kinds) + 1 for kinds in (SHAPES, COLOURS, LETTERS))
_RARE = 0.08  # what a patch without a letter counts: most are


@dataclass(frozen=True, slots=True)
class Looked:
    """What the heads say of pictures: `names` [n, concepts + 1], `features` [n, 1024], `count`
    [n, 11]; of patches in reading order `shapes`, `colours`, `letters` [n, cells, cells, kinds]."""

    names: Tensor
    features: Tensor
    count: Tensor
    shapes: Tensor
    colours: Tensor
    letters: Tensor


class Sight(nn.Module):
    """The tower and the projector of a model, with heads that do not ship."""

    def __init__(self, model: Llama4ForConditionalGeneration) -> None:
        super().__init__()
        width = model.multi_modal_projector.linear_1.out_features
        self.vision_model = model.vision_model
        self.multi_modal_projector = model.multi_modal_projector
        self.heads = nn.ModuleDict(
            {
                "names": nn.Linear(width, len(CONCEPTS) + 1),
                "features": nn.Linear(width, FEATURES),
                "count": nn.Linear(width, _MOST + 1),
                "cells": nn.Linear(width, 4 * (_SHAPES + _COLOURS + _LETTERS)),
            }
        )

    def forward(self, pixels: Tensor) -> Looked:
        """Pixels uint8 [n, 3, side, side]."""
        tokens = project(self.multi_modal_projector, see(self.vision_model, pixels)).float()
        whole = tokens.mean(1)
        cells = _patchwise(self.heads["cells"](tokens))
        shapes, colours, letters = torch.split(cells, [_SHAPES, _COLOURS, _LETTERS], -1)
        parts = ("names", "features", "count")
        names, features, count = (self.heads[part](whole) for part in parts)
        return Looked(names, features, count, shapes, colours, letters)


def named_loss(names: Tensor, concepts: Tensor) -> Tensor:
    """Cross-entropy against the concepts [n, 2] of pictures; two in one picture share its mass."""
    first = torch.where(concepts[:, 0] < 0, UNKNOWN, concepts[:, 0])
    second = torch.where(concepts[:, 1] < 0, first, concepts[:, 1])
    both = torch.stack(
        [F.cross_entropy(names, wanted, reduction="none") for wanted in (first, second)]
    )
    return both.mean()


def taught_loss(features: Tensor, teacher: Tensor) -> Tensor:
    """One less the cosine to the teacher's features, where it has any (others are zeros)."""
    has = teacher.abs().amax(1) > 0
    if not has.any():
        return features.sum() * 0
    return 1 - F.cosine_similarity(features[has], teacher[has].float()).mean()


def placed_loss(looked: Looked, shapes: Tensor, colours: Tensor, letters: Tensor | None) -> Tensor:
    """What covers each patch, and which letter stands there: truths [n, cells, cells]."""
    loss = _patch_loss(looked.shapes, shapes, 0.3) + _patch_loss(looked.colours, colours, 0.3)
    return loss if letters is None else loss + _patch_loss(looked.letters, letters, _RARE)


def _patch_loss(told: Tensor, truth: Tensor, nothing: float) -> Tensor:
    weight = torch.ones(told.shape[-1])
    weight[0] = nothing
    return F.cross_entropy(told.flatten(0, 2), truth.flatten().long(), weight=weight)


def _patchwise(tokens: Tensor) -> Tensor:
    """[n, tokens, 4 x kinds] as patches [n, cells, cells, kinds]."""
    count, places, _ = tokens.shape
    side = int(places**0.5)
    grid = tokens.view(count, side, side, 2, 2, -1)
    return grid.permute(0, 1, 3, 2, 4, 5).reshape(count, 2 * side, 2 * side, -1)
