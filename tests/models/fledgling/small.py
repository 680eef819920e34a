"""Small stand-ins for what the recipe makes at full size."""

from functools import cache
from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerFast

from models.fledgling.checkpoint import FOLDER, load
from models.fledgling.concepts import CONCEPTS
from models.fledgling.data.artwork import TRAIN, UNSEEN_STYLE, Artwork
from models.fledgling.data.photographs import Photographs
from models.fledgling.drawn.pool import pool
from models.fledgling.drawn.scenes import TRAINING_SEEDS
from models.fledgling.training.gallery import Gallery
from models.fledgling.training.seeing import Material
from models.fledgling.training.sight import FEATURES

_STRANGE = 20


@cache
def tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer of the recipe."""
    return load(FOLDER)[1]


def artwork() -> Artwork:
    """A full-sized square of one tone for each concept, and some of nothing known.

    The tone tells the row: row n is n % 251 in red and n // 251 in green.
    """
    count = len(CONCEPTS) + _STRANGE
    pixels = np.full((count, 112, 112, 4), 255, np.uint8)
    pixels[..., 0] = (np.arange(count) % 251)[:, None, None]
    pixels[..., 1] = (np.arange(count) // 251)[:, None, None]
    concept = np.concatenate([np.arange(len(CONCEPTS)), np.full(_STRANGE, -1)])
    split = np.full(count, TRAIN)
    split[-1] = UNSEEN_STYLE
    return Artwork(pixels, concept, np.zeros(count, np.int64), split, np.zeros(count, np.bool_))


def photographs() -> Photographs:
    """Ten of the first concepts, ten of nothing known; every other one held out."""
    pixels = np.random.default_rng(1).integers(0, 256, (20, 176, 176, 3), np.uint8)
    concept = np.concatenate([np.arange(10), np.full(10, -1)])
    return Photographs(pixels, concept, np.arange(20) % 2)


def material(folder: Path) -> Material:
    """Everything that is looked at, little of each."""
    rng = np.random.default_rng(2)
    return Material(
        Gallery(artwork(), photographs()),
        pool(folder, 40, TRAINING_SEEDS),
        rng.normal(size=(len(CONCEPTS) + _STRANGE, FEATURES)).astype(np.float16),
        np.zeros((20, FEATURES), np.float16),
    )


def write_data(folder: Path) -> None:
    """The same as the files that the recipe's first command leaves in the folder."""
    art, taken = artwork(), photographs()
    tables = {name: getattr(art, name) for name in ("concept", "style", "split", "plain")}
    np.savez(folder / "artwork.npz", **tables)
    (folder / "artwork.pixels").write_bytes(art.pixels.tobytes())
    np.savez(folder / "photographs.npz", concept=taken.concept, split=taken.split)
    (folder / "photographs.pixels").write_bytes(taken.pixels.tobytes())
    for name, count in (("artwork", len(art.concept)), ("photographs", len(taken.concept))):
        np.save(folder / f"features-{name}.npy", np.ones((count, FEATURES), np.float16))
