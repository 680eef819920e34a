"""Pictures of artwork and photographs made for training: placed, turned, lit, never twice alike."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP
from models.fledgling.data.artwork import Artwork
from models.fledgling.data.photographs import Photographs

NONE = -1  # no concept
_KEPT = 3  # every so manieth photograph and unknown piece of artwork is kept from the tower
_UPRIGHT = {"symbol", FLAG_GROUP}  # groups whose artwork must not be mirrored
_FLAG = np.array([concept.group == FLAG_GROUP for concept in CONCEPTS])
_MIRRORED = np.array([concept.group not in _UPRIGHT for concept in CONCEPTS] + [True])

Rows = NDArray[np.int64]
Where = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hung:
    """Pictures uint8 [n, 3, side, side]; the concepts in each [n, 2], `NONE` where there is none;
    and the row of the artwork or photograph that each was made from [n]."""

    pixels: Tensor
    concepts: Rows
    rows: Rows


@dataclass(frozen=True, slots=True)
class Shares:
    """How many parts of the pictures show a thing, a flag, something unknown; how many of those
    with a thing show two."""

    thing: float = 0.68
    flag: float = 0.16
    unknown: float = 0.16
    pair: float = 0.12


class Gallery:
    """Makes pictures from artwork rows and photographs; `split` chooses which rows."""

    def __init__(self, artwork: Artwork, photographs: Photographs, *, split: int = 0) -> None:
        self._artwork, self._photographs = artwork, photographs
        rows = np.flatnonzero(artwork.split == split)
        strange = (artwork.concept[rows] == NONE) & (rows % _KEPT == 0)
        self._of = _by_concept(rows[~strange], artwork.concept[rows[~strange]])
        self._kept_artwork = rows[strange]
        taken = np.flatnonzero(photographs.split == 0)
        studied, kept = taken[taken % _KEPT != 0], taken[taken % _KEPT == 0]
        self._photographs_of = _by_concept(studied, photographs.concept[studied])
        self._kept_photographs_of = _by_concept(kept, photographs.concept[kept])
        known = sorted(concept for concept in self._of if concept != NONE)
        self._flags = np.array([c for c in known if _FLAG[c]], dtype=np.int64)
        self._things = np.array([c for c in known if not _FLAG[c]], dtype=np.int64)

    def artwork(
        self,
        rng: np.random.Generator,
        count: int,
        side: int,
        shares: Shares,
        *,
        kept: bool = False,
    ) -> Hung:
        """So many pictures of artwork, every concept as often as any other of its kind.

        With `kept`, what is unknown is unknown to the tower as well, which never learns from it:
        strange things as the ones that people send.
        """
        kinds = rng.choice(3, count, p=[shares.thing, shares.flag, shares.unknown])
        first = np.where(kinds == 0, rng.choice(self._things, count), NONE)
        first = np.where(kinds == 1, rng.choice(self._flags, count), first)
        second = rng.choice(self._things, count)
        paired = (kinds == 0) & (rng.random(count) < shares.pair) & (second != first)
        second = np.where(paired, second, NONE)
        rows = self._pick(rng, first)
        if kept and len(self._kept_artwork):
            rows = np.where(kinds == 2, rng.choice(self._kept_artwork, count), rows)
        return self.hang(rng, rows, self._pick(rng, second, paired), side)

    def hang(self, rng: np.random.Generator, rows: Rows, others: Rows, side: int) -> Hung:
        """Pictures of these artwork rows, with those of `others` beside them where not negative."""
        draw = torch.Generator().manual_seed(int(rng.integers(2**62)))
        canvas = self._backgrounds(rng, draw, len(rows), side)
        paired = others >= 0
        _lay(canvas, *self._sprites(draw, rows, side, canvas), _poses(draw, rows, paired, self, 0))
        if paired.any():
            where = torch.from_numpy(np.flatnonzero(paired))
            part = canvas[where]
            sprites = self._sprites(draw, others[paired], side, part)
            _lay(part, *sprites, _poses(draw, others[paired], paired[paired], self, 1))
            canvas[where] = part
        second = np.where(paired, self._artwork.concept[np.maximum(others, 0)], NONE)
        concepts = np.stack([self._artwork.concept[rows], second], 1)
        return Hung(_taken(canvas, draw), concepts, rows)

    def photographs(
        self,
        rng: np.random.Generator,
        count: int,
        side: int,
        *,
        named: float = 0.6,
        kept: bool = False,
    ) -> Hung:
        """So many pictures cut from photographs, a share of them of something known.

        `kept` ones are those that the tower does not learn from: there are few photographs, it
        knows the others by heart, and what it can be sure of only strange ones show.
        """
        photographs = self._kept_photographs_of if kept else self._photographs_of
        known = [concept for concept in photographs if concept != NONE]
        concepts = np.where(rng.random(count) < named, rng.choice(known, count), NONE)
        rows = np.array([rng.choice(photographs[int(c)]) for c in concepts])
        draw = torch.Generator().manual_seed(int(rng.integers(2**62)))
        pixels = _cut(self._read(rows), draw, side)
        return Hung(_taken(pixels, draw), np.stack([concepts, np.full(count, NONE)], 1), rows)

    def mirrored(self, rows: Rows) -> Tensor:
        """Which rows may be shown the other way round."""
        return torch.from_numpy(_MIRRORED[self._artwork.concept[rows]])

    def _pick(self, rng: np.random.Generator, concepts: Rows, where: Where | None = None) -> Rows:
        """A row for each concept; -1 where `where` is given and false."""
        chosen = np.full(len(concepts), -1, dtype=np.int64)
        places = range(len(concepts)) if where is None else np.flatnonzero(where)
        for place in places:
            rows = self._of[int(concepts[place])]
            chosen[place] = rows[rng.integers(len(rows))]
        return chosen

    def _read(self, rows: Rows) -> Tensor:
        taken = self._photographs.pixels[rows]
        return torch.from_numpy(taken).permute(0, 3, 1, 2).float() / 255

    def _sprites(
        self, draw: torch.Generator, rows: Rows, side: int, canvas: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Colours [n, 3, s, s], multiplied by their cover [n, 1, s, s]."""
        taken = torch.from_numpy(self._artwork.pixels[rows]).permute(0, 3, 1, 2).float() / 255
        if side < 100:  # half the size is enough, and keeps fine lines from flickering
            cover = F.avg_pool2d(taken[:, 3:], 2)
            colour = F.avg_pool2d(taken[:, :3] * taken[:, 3:], 2)
        else:
            cover, colour = taken[:, 3:], taken[:, :3] * taken[:, 3:]
        plain = torch.from_numpy(self._artwork.plain[rows])
        if plain.any():
            colour[plain] = cover[plain] * _inks(draw, canvas[plain])[:, :, None, None]
        return colour, cover

    def _backgrounds(
        self, rng: np.random.Generator, draw: torch.Generator, count: int, side: int
    ) -> Tensor:
        """[n, 3, side, side] of 0 to 1: papers, gradients, soft noise, blurred photographs."""
        ends = _tones(draw, 2 * count).view(2, count, 3, 1, 1)
        kinds = torch.rand(count, 1, 1, 1, generator=draw)
        ends[1] = torch.where(kinds < 0.55, ends[0], ends[1])
        way = torch.linspace(0, 1, side)
        tilt = torch.rand(count, 1, 1, 1, generator=draw)
        ramp = tilt * way[None, None, :, None] + (1 - tilt) * way[None, None, None, :]
        canvas = ends[0] + (ends[1] - ends[0]) * ramp
        noisy = torch.from_numpy(np.flatnonzero(rng.random(count) < 0.12))
        grain = torch.rand(len(noisy), 3, 6, 6, generator=draw)
        canvas[noisy] = F.interpolate(grain, (side, side), mode="bilinear", align_corners=False)
        unknown = self._photographs_of.get(NONE)
        if unknown is not None:
            taken = torch.from_numpy(np.flatnonzero(rng.random(count) < 0.2))
            canvas[taken] = _cut(self._read(rng.choice(unknown, len(taken))), draw, side)
        return canvas


def _by_concept(rows: Rows, concepts: Rows) -> dict[int, Rows]:
    return {int(concept): rows[concepts == concept] for concept in np.unique(concepts)}


def _tones(draw: torch.Generator, count: int) -> Tensor:
    """Colours [n, 3], half of them nearly white, as papers and screens are."""
    any_tone = torch.rand(count, 3, generator=draw)
    light = 1 - 0.12 * torch.rand(count, 3, generator=draw)
    return torch.where(torch.rand(count, 1, generator=draw) < 0.5, light, any_tone)


def _inks(draw: torch.Generator, canvas: Tensor) -> Tensor:
    """Colours [n, 3] that stand out from what they are drawn on."""
    bright = canvas.mean((1, 2, 3), keepdim=False)[:, None] > 0.5
    tone = torch.rand(len(canvas), 3, generator=draw) * 0.45
    tone = torch.where(torch.rand(len(canvas), 1, generator=draw) < 0.5, tone * 0.2, tone)
    return torch.where(bright, tone, 1 - tone)


def _poses(
    draw: torch.Generator, rows: Rows, paired: Where, gallery: Gallery, place: int
) -> Tensor:
    """Where artwork lies, as affine maps [n, 2, 3] from picture to sprite.

    Alone it fills 0.4 to 1 of the side, anywhere within; of two each takes about a half, the
    first (`place` 0) to the left or above.
    """
    count = len(rows)
    alone = 0.4 + 0.6 * torch.rand(count, generator=draw).sqrt()
    half = 0.32 + 0.18 * torch.rand(count, generator=draw)
    two = torch.from_numpy(paired)
    size = torch.where(two, half, alone)
    free = (1 - size).clamp(min=0)
    x, y = ((2 * torch.rand(count, generator=draw) - 1) * free for _ in range(2))
    # The same draw for both of a pair is not needed: halves never meet whichever way they lie.
    side = torch.full((count,), 0.5 if place else -0.5)
    x = torch.where(two, side + (torch.rand(count, generator=draw) - 0.5) * 0.1, x)
    y = torch.where(two, y * 0.5, y)
    turn = torch.randn(count, generator=draw) * 0.16
    lean = torch.randn(count, generator=draw) * 0.06
    stretch = torch.exp(torch.randn(count, generator=draw) * 0.07)
    flip = torch.where(torch.rand(count, generator=draw) < 0.5, -1.0, 1.0)
    flip = torch.where(gallery.mirrored(rows), flip, torch.ones(count))
    c, s = turn.cos() / size, turn.sin() / size
    linear = torch.stack(
        [
            torch.stack([c * flip * stretch, (s + lean) * flip], -1),
            torch.stack([-s, c / stretch], -1),
        ],
        1,
    )
    shift = -(linear @ torch.stack([x, y], -1)[..., None])
    return torch.cat([linear, shift], -1)


def _lay(canvas: Tensor, colour: Tensor, cover: Tensor, poses: Tensor) -> None:
    """Lay sprites onto pictures of 0 to 1, in place."""
    grid = F.affine_grid(poses, list(canvas.shape), align_corners=False)
    laid = F.grid_sample(torch.cat([colour, cover], 1), grid, align_corners=False)
    canvas.mul_(1 - laid[:, 3:]).add_(laid[:, :3])


def _cut(photographs: Tensor, draw: torch.Generator, side: int) -> Tensor:
    """Parts of photographs [n, 3, side, side]: 0.55 to 1 of the side, anywhere, mirrored or not."""
    count = len(photographs)
    if not count:
        return photographs.new_zeros(0, 3, side, side)
    size = 0.55 + 0.45 * torch.rand(count, generator=draw)
    flip = torch.where(torch.rand(count, generator=draw) < 0.5, -1.0, 1.0)
    x, y = ((2 * torch.rand(count, generator=draw) - 1) * (1 - size) for _ in range(2))
    none = torch.zeros(count)
    poses = torch.stack(
        [torch.stack([size * flip, none, x], -1), torch.stack([none, size, y], -1)], 1
    )
    grid = F.affine_grid(poses, [count, 3, side, side], align_corners=False)
    if side < 100:
        photographs = F.avg_pool2d(photographs, 2)
    return F.grid_sample(photographs, grid, padding_mode="reflection", align_corners=False)


def _taken(canvas: Tensor, draw: torch.Generator) -> Tensor:
    """As a camera takes it: light, cast, contrast, blur on some, noise; uint8."""
    count = len(canvas)
    if not count:
        return canvas.to(torch.uint8)
    blurred = torch.rand(count, generator=draw) < 0.25
    canvas[blurred] = F.avg_pool2d(F.pad(canvas[blurred], (1, 1, 1, 1), mode="replicate"), 3, 1)
    light = 1 + 0.18 * torch.randn(count, 1, 1, 1, generator=draw)
    cast = 1 + 0.05 * torch.randn(count, 3, 1, 1, generator=draw)
    contrast = 1 + 0.15 * torch.randn(count, 1, 1, 1, generator=draw)
    canvas = ((canvas - 0.5) * contrast + 0.5) * light.clamp(0.5, 1.4) * cast
    noise = torch.rand(count, 1, 1, 1, generator=draw) ** 2 * 0.06
    grain = torch.randn(canvas.shape, generator=draw)
    return ((canvas + grain * noise).clamp(0, 1) * 255).to(torch.uint8)
