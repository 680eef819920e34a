"""Drawings made ready for training: drawn once, in two processes, kept as arrays in a folder."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.progress import track

from models.fledgling.architecture import IMAGE_SIZE, PATCH_SIZE, picture_processor
from models.fledgling.drawings import COLOURS, draw, draw_unknown
from models.fledgling.shapes import SHAPES

NOTHING = len(SHAPES)  # the class of a picture that shows nothing known
CELLS = IMAGE_SIZE // PATCH_SIZE
_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Pool:
    """`pixels` uint8 [n, 3, 96, 96]; `shapes`, `colours` int64 [n]; `cover` uint8 [n, 8, 8]."""

    pixels: NDArray[np.uint8]
    shapes: NDArray[np.int64]
    colours: NDArray[np.int64]
    cover: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.shapes)


def prepare(pictures: list[Image.Image]) -> NDArray[np.uint8]:
    """Pixels [n, 3, 96, 96] as the checkpoint's own processor makes them, before rescaling."""
    ready = picture_processor()
    made = [ready(one, do_rescale=False, return_tensors="pt")["pixel_values"] for one in pictures]
    pixels: NDArray[np.uint8] = torch.cat(made).to(torch.uint8).numpy()
    return pixels


def pool(folder: Path, count: int, *, seed: int) -> Pool:
    """`count` drawings with seeds from `seed` on, each tenth showing nothing; made if missing."""
    kept = folder / f"drawings-{seed}-{count}.npz"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        starts = range(seed, seed + count, _BLOCK)
        with ProcessPoolExecutor(2) as processes:
            blocks = list(track(processes.map(_block, starts), "drawing", total=len(starts)))
        arrays = [np.concatenate(column)[:count] for column in zip(*blocks, strict=True)]
        np.savez(kept, *arrays)
    with np.load(kept) as stored:
        return Pool(*(stored[f"arr_{i}"] for i in range(4)))


def _block(start: int) -> tuple[NDArray[np.generic], ...]:
    torch.set_num_threads(1)
    pictures, masks, shapes, colours = [], [], [], []
    for seed in range(start, start + _BLOCK):
        if seed % 10 == 9:
            picture = draw_unknown(seed)
            pictures.append(picture)
            masks.append(Image.new("L", picture.size))
            shapes.append(NOTHING)
            colours.append(len(COLOURS))
        else:
            drawing = draw(seed)
            pictures.append(drawing.picture)
            masks.append(drawing.mask)
            shapes.append(SHAPES.index(drawing.shape))
            colours.append(COLOURS.index(drawing.colour))
    cover = prepare([mask.convert("RGB") for mask in masks])[:, 0]
    cells = cover.reshape(-1, CELLS, PATCH_SIZE, CELLS, PATCH_SIZE).mean((2, 4)).astype(np.uint8)
    return prepare(pictures), np.array(shapes), np.array(colours), cells
