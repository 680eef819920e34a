"""Stage one: the vision tower learns to see, from a dense signal, before it has words."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Llama4ForConditionalGeneration

from models.fledgling.drawings import COLOURS
from models.fledgling.loop import Plan, learn
from models.fledgling.pool import CELLS, NOTHING, Pool
from models.fledgling.shapes import SHAPES

_BATCH = 64


class Sight(nn.Module):
    """The tower and the projector, with heads that are thrown away after this stage."""

    def __init__(self, model: Llama4ForConditionalGeneration) -> None:
        super().__init__()
        width = model.multi_modal_projector.linear_1.out_features
        self.tower = model.vision_model
        self.projector = model.multi_modal_projector
        self.shape = nn.Linear(width, len(SHAPES) + 1)
        self.colour = nn.Linear(width, len(COLOURS) + 1)
        self.cover = nn.Linear(width, 4)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Pixels [n, 3, 96, 96] of 0 to 1; logits of shape, colour, and cover [n, 16, 4]."""
        tokens = self.projector(self.tower(pixels).last_hidden_state)
        whole = tokens.mean(1)
        return self.shape(whole), self.colour(whole), self.cover(tokens)


def centre(model: Llama4ForConditionalGeneration) -> None:
    """Start with patches seen around mid-grey: pixels reach the tower as 0 to 1, without bias."""
    linear, places = model.vision_model.patch_embedding.linear, model.vision_model
    with torch.no_grad():
        linear.weight.normal_(std=2 / linear.in_features**0.5)
        places.positional_embedding_vlm[:-1] -= 0.5 * linear.weight.sum(1)


def learn_to_see(sight: Sight, drawings: Pool, *, steps: int, folder: Path) -> float:
    """Train tower, projector and heads in place; returns the minutes it took.

    Large shapes come first: what fills many patches is learnt sooner, and helps with the small.
    """
    largest_first = _by_size(drawings)

    def loss_of(step: int) -> Tensor:
        rng = np.random.default_rng((11, step))
        reach = min(1.0, 0.4 + 1.2 * step / steps)
        rows = largest_first[rng.integers(0, int(len(drawings) * reach), _BATCH)]
        pixels = pixels_of(drawings, rows, mirrored=bool(step % 2))
        cover = drawings.cover[rows][..., ::-1].copy() if step % 2 else drawings.cover[rows]
        shape, colour, cells = sight(pixels)
        named = F.cross_entropy(shape.float(), torch.from_numpy(drawings.shapes[rows]))
        hued = F.cross_entropy(colour.float(), torch.from_numpy(drawings.colours[rows]))
        placed = F.binary_cross_entropy_with_logits(cells.float(), _cells(cover))
        return named + hued + 2 * placed

    return learn(Plan("sight", steps, 2.5e-3), sight, loss_of, folder=folder)


def _by_size(drawings: Pool) -> np.typing.NDArray[np.int64]:
    """Rows from large shapes to small; those that show nothing are spread over all of them."""
    size = drawings.cover.mean((1, 2))
    nothing = drawings.shapes == NOTHING
    size[nothing] = np.quantile(size[~nothing], np.linspace(0, 1, int(nothing.sum())))
    rows: np.typing.NDArray[np.int64] = np.argsort(-size, kind="stable")
    return rows


def pixels_of(drawings: Pool, rows: np.typing.NDArray[np.int64], *, mirrored: bool) -> Tensor:
    """Rows of the pool as the model takes them: float [n, 3, 96, 96] from 0 to 1."""
    pixels = torch.from_numpy(drawings.pixels[rows]).float() / 255
    return pixels.flip(-1) if mirrored else pixels


def _cells(cover: np.typing.NDArray[np.uint8]) -> Tensor:
    """Cover by patch [n, 8, 8] as [n, 16, 4]: what each picture token stands for."""
    half = CELLS // 2
    grid = torch.from_numpy(cover).float().view(-1, half, 2, half, 2) / 255
    return grid.permute(0, 1, 3, 2, 4).reshape(-1, half * half, 4)
