"""Pictures that training never saw: fresh augmentations, held-out photographs, new drawings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP
from models.fledgling.data.artwork import TRAIN, UNSEEN_STYLE, UNSEEN_THING, Artwork
from models.fledgling.data.photographs import HELD_OUT, Photographs
from models.fledgling.data.sources import ARTWORK
from models.fledgling.drawn.facts import Kind
from models.fledgling.drawn.scenes import TRAINING_SEEDS, Drawing, draw
from models.fledgling.talking.messages import Shown
from models.fledgling.training.gallery import Gallery

_STREAM = 17  # keeps these seeds apart from those of training
_TOGETHER = 64  # pictures that are made at a time
_IS_FLAG = np.array([concept.group == FLAG_GROUP for concept in CONCEPTS])
_FAMILIES = {"emoji": "emoji-like styles", "emoji-files": "emoji-like styles", "icons": "icons"}

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A picture, what is true of it, and which family of styles it is of."""

    picture: Image.Image
    truth: Shown
    family: str = ""


class Hall:
    """Makes the pictures of one evaluation, the same for the same seed."""

    def __init__(self, artwork: Artwork, photographs: Photographs, *, side: int, seed: int) -> None:
        self._artwork, self._photographs, self._side = artwork, photographs, side
        # Backgrounds are to be unseen too, so the gallery takes the other photographs for its own.
        others = np.where(photographs.split == HELD_OUT, 0, 1)
        self._gallery = Gallery(artwork, replace(photographs, split=others))
        self.numbers = np.random.default_rng((_STREAM, seed))
        self.rng = Random(f"evaluation {seed}")

    def things(self, count: int) -> list[Hanging]:
        """Everyday things in styles that training has seen."""
        return self._balanced(self._rows(TRAIN, flags=False), count)

    def alike(self, hanging: Hanging) -> Hanging:
        """Another picture of the same thing."""
        concept = self._artwork.concept
        rows = np.flatnonzero((self._artwork.split == TRAIN) & (concept == hanging.truth.concept))
        return self._hung(self._some(rows, 1))[0]

    def flags(self, count: int) -> list[Hanging]:
        """Flags of all countries."""
        return self._balanced(self._rows(TRAIN, flags=True), count)

    def unseen(self, count: int) -> list[Hanging]:
        """Everyday things in the style that training never saw."""
        return self._balanced(self._rows(UNSEEN_STYLE, flags=False), count)

    def unknown(self, count: int) -> list[Hanging]:
        """Artwork of things that are not claimed, and were not shown as unknown either."""
        rows = np.flatnonzero(self._artwork.split == UNSEEN_THING)
        return self._hung(self._some(rows, count))

    def photographs(self, count: int) -> list[Hanging]:
        """Held-out photographs of something claimed, whole, none of them twice."""
        photographs = self._photographs
        rows = np.flatnonzero((photographs.split == HELD_OUT) & (photographs.concept >= 0))
        chosen = self.numbers.permutation(rows)[:count].tolist()
        return [
            Hanging(
                Image.fromarray(np.asarray(photographs.pixels[row])),
                Shown(row, concept=int(photographs.concept[row])),
            )
            for row in chosen
        ]

    def drawing(self, kind: Kind, *, held_out: bool = False) -> Drawing:
        """A drawing of a seed below those of training."""
        return draw(int(self.numbers.integers(TRAINING_SEEDS)), kind, held_out=held_out)

    def nothing(self) -> Image.Image:
        """A picture in which there is nothing: a texture, noise, or one colour."""
        kind = self.rng.randrange(3)
        if kind == 0:
            return self.drawing("texture").picture
        if kind == 1:
            grain = self.rng.choice((1, 4, 12))
            small = self.numbers.integers(0, 256, (self._side // grain, self._side // grain, 3))
            noise = Image.fromarray(small.astype(np.uint8))
            return noise.resize((self._side, self._side), Image.Resampling.NEAREST)
        return self.blank()

    def blank(self) -> Image.Image:
        """A picture of one colour, white for the most part."""
        tone = (255, 255, 255)
        if self.rng.random() < 0.5:
            tone = (self.rng.randrange(256), self.rng.randrange(256), self.rng.randrange(256))
        return Image.new("RGB", (self._side, self._side), tone)

    def _rows(self, split: int, *, flags: bool) -> Rows:
        concept = self._artwork.concept
        rows = np.flatnonzero((self._artwork.split == split) & (concept >= 0))
        chosen: Rows = rows[_IS_FLAG[concept[rows]] == flags]
        return chosen

    def _balanced(self, rows: Rows, count: int) -> list[Hanging]:
        """Every concept about as often as any other, its artwork drawn by lot."""
        concepts = self._artwork.concept[rows]
        known = np.unique(concepts)
        if not len(known):
            return []
        turns = -(-count // len(known))
        order = np.concatenate([self.numbers.permutation(known) for _ in range(turns)])[:count]
        chosen = [self.numbers.choice(rows[concepts == concept]) for concept in order]
        return self._hung(np.array(chosen, dtype=np.int64))

    def _some(self, rows: Rows, count: int) -> Rows:
        if not len(rows):
            return rows
        return self.numbers.choice(rows, count, replace=count > len(rows))

    def _hung(self, rows: Rows) -> list[Hanging]:
        made: list[Hanging] = []
        for start in range(0, len(rows), _TOGETHER):
            part = rows[start : start + _TOGETHER]
            alone = np.full(len(part), -1)
            hung = self._gallery.hang(self.numbers, part, alone, self._side)
            pictures = hung.pixels.permute(0, 2, 3, 1).contiguous().numpy()
            made += [
                Hanging(Image.fromarray(picture), self._truth(row), self._family(row))
                for picture, row in zip(pictures, part.tolist(), strict=True)
            ]
        return made

    def _truth(self, row: int) -> Shown:
        concept = int(self._artwork.concept[row])
        return Shown(row, concept=concept, sure=concept >= 0)

    def _family(self, row: int) -> str:
        kind = ARTWORK[int(self._artwork.style[row])].kind
        return _FAMILIES.get(kind, "stamps and clip art")


def pairs(hangings: Sequence[Hanging]) -> list[tuple[Hanging, Hanging]]:
    """Neighbours in twos."""
    return list(zip(hangings[::2], hangings[1::2], strict=False))
