"""Stage one: the tower learns to see, from dense signals, small pictures before whole ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from models.fledgling.architecture import IMAGE_SIZE
from models.fledgling.drawn.pool import Pool
from models.fledgling.training.crew import Crew
from models.fledgling.training.gallery import Gallery, Shares
from models.fledgling.training.loop import Plan, learn
from models.fledgling.training.sight import (
    UNKNOWN,
    Looked,
    Sight,
    named_loss,
    placed_loss,
    taught_loss,
)

_TAUGHT, _PLACED, _COUNTED = 1.0, 0.5, 0.3  # what each counts beside the names


@dataclass(frozen=True, slots=True)
class Material:
    """All that is looked at: the gallery, drawings, and the teacher's features of artwork rows
    [n, 1024] and of photographs [m, 1024], zeros where there are none."""

    gallery: Gallery
    drawings: Pool
    artwork_features: NDArray[np.float16]
    photograph_features: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Menu:
    """How many pictures of each kind a process looks at in a step, and their side in pixels."""

    side: int
    artwork: int
    photographs: int
    drawings: int


SMALL = Menu(IMAGE_SIZE // 2, artwork=144, photographs=16, drawings=56)
WHOLE = Menu(IMAGE_SIZE, artwork=36, photographs=5, drawings=20)


def learn_to_see(
    sight: Sight,
    material: Material,
    *,
    steps: int,
    small: int,
    rate: float,
    folder: Path,
    crew: Crew,
) -> float:
    """Train tower, projector and heads in place; returns the minutes it took.

    The first `small` of the steps look at pictures of half the side: four times as many in the
    same time, and what a cat looks like is learnt from them as well.
    """

    def loss_of(step: int) -> tuple[Tensor, Mapping[str, float]]:
        rng = np.random.default_rng((11, step, crew.rank))
        return _look(sight, material, SMALL if step < small else WHOLE, rng)

    return learn(Plan("see", steps, rate), sight, loss_of, folder=folder, crew=crew)


def _look(
    sight: Sight, material: Material, menu: Menu, rng: np.random.Generator
) -> tuple[Tensor, Mapping[str, float]]:
    hung = material.gallery.artwork(rng, menu.artwork, menu.side, Shares())
    taken = material.gallery.photographs(rng, menu.photographs, menu.side)
    rows = rng.integers(0, len(material.drawings), menu.drawings)
    looked = sight(torch.cat([hung.pixels, taken.pixels, _drawn(material.drawings, rows, menu)]))
    pictures = menu.artwork + menu.photographs
    concepts = torch.from_numpy(np.concatenate([hung.concepts, taken.concepts]))
    blank = _blank(material.drawings, rows)
    named = named_loss(looked.names[:pictures], concepts)
    # Nothing is drawn on these: they are as unknown as artwork that is not claimed.
    if blank.any():
        nothing = looked.names[pictures:][blank]
        named = named + 0.1 * F.cross_entropy(nothing, torch.full((len(nothing),), UNKNOWN))
    features = [
        torch.from_numpy(material.artwork_features[hung.rows]),
        torch.from_numpy(material.photograph_features[taken.rows]),
    ]
    features[0][concepts[: menu.artwork, 1] >= 0] = 0  # two in a picture are not what it saw
    taught = taught_loss(looked.features[:pictures], torch.cat(features))
    placed, counted = _truths(looked, material.drawings, rows, pictures)
    loss = named + _TAUGHT * taught + _PLACED * placed + _COUNTED * counted
    figures = {
        "named": float(named.detach()),
        "right": _right(looked.names[: menu.artwork], concepts[: menu.artwork]),
        "photographs": _right(looked.names[menu.artwork : pictures], concepts[menu.artwork :]),
        "taught": float(taught.detach()),
        "placed": float(placed.detach()),
        "counted": float(counted.detach()),
    }
    if menu.side == IMAGE_SIZE:
        figures["letters"] = _letters_right(looked, material.drawings, rows, pictures)
    return loss, figures


def _drawn(drawings: Pool, rows: NDArray[np.int64], menu: Menu) -> Tensor:
    pixels = torch.from_numpy(drawings.pixels[rows])
    if menu.side == IMAGE_SIZE:
        return pixels
    return F.avg_pool2d(pixels.float(), IMAGE_SIZE // menu.side).to(torch.uint8)


def _blank(drawings: Pool, rows: NDArray[np.int64]) -> Tensor:
    return torch.tensor([drawings.scenes[row].kind == "texture" for row in rows])


def _truths(
    looked: Looked, drawings: Pool, rows: NDArray[np.int64], first: int
) -> tuple[Tensor, Tensor]:
    """The losses of what is where and of how many there are, over drawings from `first` on."""
    shapes, colours, letters = (
        torch.from_numpy(truth[rows])
        for truth in (drawings.shapes, drawings.colours, drawings.letters)
    )
    coarse = looked.shapes.shape[1] < shapes.shape[1]
    if coarse:  # a coarse patch holds what the finer ones under it do; letters are too small
        shapes, colours = (
            F.max_pool2d(each.float()[:, None], 2)[:, 0] for each in (shapes, colours)
        )
    seen = Looked(*(getattr(looked, name)[first:] for name in Looked.__slots__))
    placed = placed_loss(seen, shapes, colours, None if coarse else letters)
    count = torch.from_numpy(drawings.count[rows].astype(np.int64))
    return placed, F.cross_entropy(seen.count, count.clamp(max=10))


def _coarse(kinds: Tensor) -> Tensor:
    return F.max_pool2d(kinds.float()[:, None], 2)[:, 0]


def _right(names: Tensor, concepts: Tensor) -> float:
    """Of the pictures that show one thing, or nothing known, the share named right."""
    alone = concepts[:, 1] < 0
    wanted = torch.where(concepts[:, 0] < 0, UNKNOWN, concepts[:, 0])
    return float((names.argmax(1) == wanted)[alone].float().mean())


def _letters_right(looked: Looked, drawings: Pool, rows: NDArray[np.int64], first: int) -> float:
    truth = torch.from_numpy(drawings.letters[rows]).long()
    there = truth > 0
    return float((looked.letters[first:].argmax(-1) == truth)[there].float().mean())
