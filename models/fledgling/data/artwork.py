"""All the artwork as one file of small square pictures, with what each of them shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP
from models.fledgling.data import stamps
from models.fledgling.data.fetching import fetch
from models.fledgling.data.names import read_names
from models.fledgling.data.pieces import Piece, emoji_names, pieces, share
from models.fledgling.data.raster import SIDE, fitted, rasterise
from models.fledgling.data.sources import ARTWORK, STYLES, Source

TRAIN, UNSEEN_STYLE, UNSEEN_THING = range(3)
STRANGE_KEPT = 0.1
"""Of the subjects that are not claimed, what is kept for the test of refusals."""
PROCESSES = 2
_BATCH = 128
_NAMING = ("noto", "openmoji", "twemoji", "fluent-flat")


@dataclass(frozen=True, slots=True)
class Artwork:
    """n pieces of artwork."""

    pixels: NDArray[np.uint8]
    """[n, 112, 112, 4] straight RGBA, transparent outside the subject."""
    concept: NDArray[np.int64]
    """[n] number in CONCEPTS; -1: something that is not claimed."""
    style: NDArray[np.int64]
    """[n] number in STYLES."""
    split: NDArray[np.int64]
    """[n] TRAIN, UNSEEN_STYLE or UNSEEN_THING."""
    plain: NDArray[np.bool_]
    """[n] whether it is one colour on nothing."""


def load_artwork(folder: Path) -> Artwork:
    """What `build_artwork` wrote; the pixels stay on disk until they are used."""
    table = np.load(folder / "artwork.npz")
    shape = (len(table["concept"]), SIDE, SIDE, 4)
    pixels = np.memmap(folder / "artwork.pixels", np.uint8, "r", shape=shape)
    return Artwork(pixels, table["concept"], table["style"], table["split"], table["plain"])


def split_of(source: Source, piece: Piece) -> int:
    """Where a piece belongs: a held-out style's things and a tenth of the unknown never train."""
    is_flag = piece.concept >= 0 and CONCEPTS[piece.concept].group == FLAG_GROUP
    if source.held_out and not is_flag:
        return UNSEEN_STYLE
    if piece.concept < 0 and share(piece.subject) < STRANGE_KEPT:
        return UNSEEN_THING
    return TRAIN


def gather(packages: Path) -> Iterator[tuple[int, Piece]]:
    """Every piece of every source with its style's number, packages fetched where they are not."""
    folders = {source.style: fetch(source, packages) for source in ARTWORK}
    names = read_names()
    emoji = emoji_names([folders[style] for style in _NAMING], names)
    for style, source in enumerate(ARTWORK):
        folder = folders[source.style]
        if source.kind in {"stamps", "clipart"}:
            found = stamps.pieces(source, folder)
        else:
            found = pieces(source, folder, names, emoji)
        yield from ((style, piece) for piece in found)


def build_artwork(folder: Path, packages: Path, progress: Callable[[int, int], None]) -> None:
    """Draw everything in two processes; a style that was drawn from the same list stays."""
    parts = folder / "artwork"
    parts.mkdir(parents=True, exist_ok=True)
    gathered: dict[int, list[Piece]] = {style: [] for style in range(len(ARTWORK))}
    for style, piece in gather(packages):
        gathered[style].append(piece)
    with ProcessPoolExecutor(PROCESSES) as pool:
        drawn = []
        for style, found in gathered.items():
            progress(style, len(STYLES))
            drawn.append(_style(parts / f"{STYLES[style]}.npz", found, pool))
    _join(folder, gathered, drawn)
    progress(len(STYLES), len(STYLES))


def _style(part: Path, found: list[Piece], pool: ProcessPoolExecutor) -> NDArray[np.bool_]:
    """Draw one style into a file, and say which of its pieces could be drawn."""
    key = blake2b(repr(found).encode()).hexdigest()
    if part.is_file():
        before = np.load(part)
        if str(before["key"]) == key:
            could: NDArray[np.bool_] = before["could"]
            return could
    batches = [found[start : start + _BATCH] for start in range(0, len(found), _BATCH)]
    pictures = [picture for batch in pool.map(_draw_all, batches) for picture in batch]
    could = np.array([picture is not None for picture in pictures], np.bool_)
    pixels = np.stack([picture for picture in pictures if picture is not None])
    np.savez(part, key=key, could=could, pixels=pixels)
    return could


def _join(folder: Path, gathered: dict[int, list[Piece]], drawn: list[NDArray[np.bool_]]) -> None:
    """Write one file of pixels and one of what they show; what was there is replaced at once."""
    pixels_file, table_file = folder / "artwork.pixels.new", folder / "artwork.new.npz"
    rows: list[tuple[int, Piece]] = []
    with pixels_file.open("wb") as file:
        for (style, found), could in zip(gathered.items(), drawn, strict=True):
            file.write(np.load(folder / f"artwork/{STYLES[style]}.npz")["pixels"].tobytes())
            rows += [(style, piece) for piece, drew in zip(found, could, strict=True) if drew]
    np.savez(
        table_file,
        concept=np.array([piece.concept for _style, piece in rows], np.int64),
        style=np.array([style for style, _piece in rows], np.int64),
        split=np.array([split_of(ARTWORK[style], piece) for style, piece in rows], np.int64),
        plain=np.array([ARTWORK[style].plain for style, _piece in rows], np.bool_),
        subject=np.array([piece.subject for _style, piece in rows]),
    )
    pixels_file.replace(folder / "artwork.pixels")
    table_file.replace(folder / "artwork.npz")


def _draw_all(batch: list[Piece]) -> list[NDArray[np.uint8] | None]:
    return [_draw(piece) for piece in batch]


def _draw(piece: Piece) -> NDArray[np.uint8] | None:
    if piece.file is None:
        return rasterise(piece.svg)
    if piece.file.suffix == ".svg":
        return rasterise(piece.file.read_text(encoding="utf-8", errors="replace"))
    with Image.open(piece.file) as picture:
        return fitted(picture)
