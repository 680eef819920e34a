"""Drawings made ready for training: drawn once, in two processes, kept as arrays in a folder."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import msgspec
import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from rich.progress import track

from models.fledgling.drawn.canvas import CELLS, SIDE
from models.fledgling.drawn.facts import Scene
from models.fledgling.drawn.scenes import draw

_BLOCK = 500
_ARRAYS: dict[str, tuple[int, ...]] = {
    "pixels": (3, SIDE, SIDE),
    "shapes": (CELLS, CELLS),
    "colours": (CELLS, CELLS),
    "letters": (CELLS, CELLS),
    "count": (),
}


@dataclass(frozen=True, slots=True)
class Pool:
    """Drawings with seeds from one on, in order; all arrays uint8, `pixels` left on disk."""

    pixels: NDArray[np.uint8]  # [n, 3, 144, 144]
    scenes: list[Scene]
    shapes: NDArray[np.uint8]  # [n, 12, 12], as are colours and letters: see Drawing
    colours: NDArray[np.uint8]
    letters: NDArray[np.uint8]
    count: NDArray[np.uint8]  # [n], how many things there are

    def __len__(self) -> int:
        return len(self.scenes)


def pool(folder: Path, count: int, seed: int, *, held_out: bool = False) -> Pool:
    """`count` drawings with seeds from `seed` on, drawn if they are not in the folder yet."""
    kept = folder / f"drawings-{seed}-{count}{'-held-out' * held_out}"
    if not kept.exists():
        _make(kept, count, seed, held_out)
    arrays = {name: np.load(kept / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
    read = msgspec.json.Decoder(Scene)
    scenes = [read.decode(line) for line in (kept / "scenes.jsonl").read_bytes().splitlines()]
    loaded = {
        name: array if name == "pixels" else np.array(array) for name, array in arrays.items()
    }
    return Pool(scenes=scenes, **loaded)


def _make(kept: Path, count: int, seed: int, held_out: bool) -> None:
    """Draw into a folder beside, which gets its name only when it is whole."""
    making = kept.with_name(f"{kept.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for name, shape in _ARRAYS.items():
        open_memmap(making / f"{name}.npy", "w+", np.uint8, (count, *shape))
    blocks = list(_blocks(count))
    with (
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes,
        (making / "scenes.jsonl").open("wb") as scenes,
    ):
        n = len(blocks)
        done = processes.map(_draw_block, [making] * n, blocks, [seed] * n, [held_out] * n)
        for lines in track(done, "drawing", total=n):
            scenes.write(lines)
    making.rename(kept)


def _blocks(count: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, _BLOCK):
        yield first, min(count, first + _BLOCK)


def _draw_block(folder: Path, rows: tuple[int, int], seed: int, held_out: bool) -> bytes:
    """Fill these rows of the arrays; the scenes as lines of JSON."""
    arrays = {name: open_memmap(folder / f"{name}.npy", "r+") for name in _ARRAYS}
    lines = []
    for row in range(*rows):
        drawing = draw(seed + row, held_out=held_out)
        arrays["pixels"][row] = np.asarray(drawing.picture).transpose(2, 0, 1)
        arrays["shapes"][row] = drawing.shapes
        arrays["colours"][row] = drawing.colours
        arrays["letters"][row] = drawing.letters
        arrays["count"][row] = len(drawing.scene.things)
        lines.append(msgspec.json.encode(drawing.scene) + b"\n")
    return b"".join(lines)
