"""Pictures encoded once for stage two: what the tower sees in each, and what is true of it."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from torch import Tensor

from models.fledgling.architecture import IMAGE_SIZE, PICTURE_TOKENS
from models.fledgling.talking.messages import Shown
from models.fledgling.training.crew import Crew
from models.fledgling.training.gallery import Shares
from models.fledgling.training.lean import of
from models.fledgling.training.seeing import Material
from models.fledgling.training.sight import Sight
from models.fledgling.training.tower import project, see

_BATCH = 64
_ARTWORK = Shares(thing=0.62, flag=0.15, unknown=0.23)
_SURE = 0.5  # a photograph is to be named only where the tower gives its name at least so much


@dataclass(frozen=True, slots=True)
class Portions:
    """How many pictures are encoded, in which shares (artwork, photographs, drawings), and how
    often each kind is shown."""

    pictures: int = 52_000
    made: tuple[float, float, float] = (0.5, 0.08, 0.42)
    shown: tuple[float, float, float] = (0.56, 0.11, 0.33)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Pictures of each kind."""
        artwork, photographs = (round(self.pictures * share) for share in self.made[:2])
        return artwork, photographs, self.pictures - artwork - photographs


@dataclass(slots=True)
class Bank:
    """`seen` float16 [n, tokens, width], kept on disk; the truth of each row; rows by kind."""

    seen: NDArray[np.float16]
    truths: list[Shown]
    kinds: tuple[range, range, range]
    shown: tuple[float, float, float]
    _alike: dict[int, list[int]] = field(default_factory=dict)

    def pick(self, rng: Random) -> Shown:
        """One picture, of a kind chosen by the portions."""
        (rows,) = rng.choices(self.kinds, self.shown)
        return self.truths[rng.choice(rows)]

    def alike(self, rng: Random, picture: Shown) -> Shown:
        """Another picture of the same thing, or the same where there is none."""
        if not self._alike:
            for truth in self.truths:
                if truth.concept >= 0 and truth.second < 0 and truth.sure:
                    self._alike.setdefault(truth.concept, []).append(truth.row)
        rows = self._alike.get(picture.concept) if picture.second < 0 else None
        return self.truths[rng.choice(rows)] if rows else picture

    def tokens(self, rows: list[int]) -> Tensor:
        """What the tower saw in these pictures [n, tokens, width]."""
        return of(torch.from_numpy(self.seen[np.array(rows, dtype=np.int64)]))


def encode(
    sight: Sight, material: Material, portions: Portions, *, folder: Path, crew: Crew
) -> Bank:
    """Look at all pictures, each process at its own, and give every one the whole bank.

    A bank that the same tower filled before is taken as it is.
    """
    counts = portions.counts
    total = sum(counts)
    width = sight.multi_modal_projector.linear_1.in_features
    kept, noted, record = (folder / name for name in ("bank.npy", "bank-truths.npy", "bank.txt"))
    told = f"{counts} {_print_of(sight)}"
    fresh = not record.exists() or record.read_text() != told
    crew.wait()
    if fresh and crew.leads:
        record.unlink(missing_ok=True)
        open_memmap(kept, "w+", np.float16, (total, PICTURE_TOKENS, width))
        open_memmap(noted, "w+", np.int64, (total, 3))
    crew.wait()
    seen, notes = open_memmap(kept, "r+"), open_memmap(noted, "r+")
    starts = range(0, total, _BATCH) if fresh else range(0)
    with torch.no_grad():
        for start in starts[crew.rank :: crew.size]:
            _fill(sight, material, counts, start, seen, notes)
    crew.wait()
    if crew.leads:
        record.write_text(told)
    ends = np.cumsum((0, *counts))
    kinds = tuple(range(ends[kind], ends[kind + 1]) for kind in range(3))
    truths = [_truth(row, note, material) for row, note in enumerate(notes.tolist())]
    return Bank(seen, truths, (kinds[0], kinds[1], kinds[2]), portions.shown)


def _print_of(sight: Sight) -> str:
    """What changes when the tower does."""
    weights = (weight.detach().double().abs().sum() for weight in sight.vision_model.parameters())
    return f"{float(sum(weights)):.6f}"


def _fill(
    sight: Sight,
    material: Material,
    counts: tuple[int, int, int],
    start: int,
    seen: NDArray[np.float16],
    notes: NDArray[np.int64],
) -> None:
    """Encode the rows from `start` on; `notes` get concepts and, for drawings, their row."""
    artwork, photographs, _ = counts
    rows = np.arange(start, min(start + _BATCH, sum(counts)))
    rng = np.random.default_rng((13, start))
    parts, concepts = [], []
    kept = start % (2 * _BATCH) == 0  # every other batch has what the tower did not learn from
    hung = int((rows < artwork).sum())
    taken = int((rows < artwork + photographs).sum()) - hung
    if hung:
        made = material.gallery.artwork(rng, hung, IMAGE_SIZE, _ARTWORK, kept=kept)
        parts.append(made.pixels)
        concepts.append(made.concepts)
    if taken:
        made = material.gallery.photographs(rng, taken, IMAGE_SIZE, kept=kept)
        parts.append(made.pixels)
        concepts.append(made.concepts)
    left = len(rows) - hung - taken
    drawn = rng.integers(0, len(material.drawings), left)
    if left:
        parts.append(torch.from_numpy(material.drawings.pixels[drawn]))
        concepts.append(np.full((left, 2), -1))
    told = see(sight.vision_model, torch.cat(parts))
    wanted = np.concatenate(concepts)
    whole = project(sight.multi_modal_projector, told).float().mean(1)
    names = sight.heads["names"](whole).softmax(1)
    wanted = _honest(wanted, names.numpy(), hung, hung + taken)
    seen[rows] = told.float().numpy().astype(np.float16)
    notes[rows, :2] = wanted
    notes[rows, 2] = np.concatenate([np.full(hung + taken, -1), drawn])


def _honest(
    concepts: NDArray[np.int64], names: NDArray[np.float32], first: int, end: int
) -> NDArray[np.int64]:
    """Photographs that the tower cannot name are to be answered with "I am not sure".

    A model that is taught names it cannot see learns to guess.
    """
    honest = concepts.copy()
    for row in range(first, end):
        concept = concepts[row, 0]
        if concept >= 0 and names[row, concept] < _SURE:
            honest[row] = -1
    return honest


def _truth(row: int, note: list[int], material: Material) -> Shown:
    concept, second, drawing = note
    if drawing >= 0:
        scene = material.drawings.scenes[drawing]
        return Shown(row, scene=scene, sure=scene.kind != "texture")
    return Shown(row, concept=concept, second=second, sure=concept >= 0)
