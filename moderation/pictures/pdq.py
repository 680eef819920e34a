"""PDQ, the hash of what a picture shows: 256 bits that survive scaling and compression.

Meta's algorithm, from its paper and reference code of 2017 (ThreatExchange, folder pdq): the
luminance is smoothed by a tent filter (two box filters along each side) and reduced to 64 by 64;
of its cosine transform, 16 by 16 low frequencies are kept; each bit says whether one of them is
above their median. Everything up to the median is linear and the same for each row, so that the
filter and the reduction are one matrix for each side here: multiplying by it is all that is done.
Meta's code derives the hashes of the turned and mirrored picture from the transform, which is off
by up to 50 bits, since the filter is not symmetric. Reading the matrix backwards gives the very
hashes of the picture in these positions, and costs little.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]

SIDE, KEPT = 64, 16
SMALLEST, LARGEST = 5, 512  # pixels; larger pictures are scaled down first, as Meta advises
RED_GREEN_BLUE = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def luminance(picture: Image.Image) -> NDArray[np.float32]:
    """Rows and columns of the light of an RGB picture, 0 to 255, at most 512 on each side."""
    if max(picture.size) > LARGEST:
        picture = picture.resize((LARGEST, LARGEST), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32) @ RED_GREEN_BLUE


def pdq(light: NDArray[np.float32]) -> tuple[tuple[bytes, ...], int]:
    """The hashes of a picture and of its seven other positions (turned and mirrored), 32 bytes
    each, the picture's own first; and the quality, 0 to 100, which is low for flat pictures.

    A picture of less than 5 pixels on a side has no hash and the quality 0."""
    height, width = light.shape
    if min(height, width) < SMALLEST:
        return (), 0
    rows, columns = _reduction(height), _reduction(width).T
    mirrored = [each @ light for each in (rows, rows[:, ::-1])]
    small = [each @ way for each in mirrored for way in (columns, columns[::-1])]
    waves = [COSINES @ each @ COSINES.T for each in small]
    return tuple(_bits(each) for pair in waves for each in (pair, pair.T)), _quality(small[0])


@lru_cache(maxsize=64)
def _reduction(length: int) -> Floats:
    """(64, length): what each of the 64 pixels takes from a row or column of that length."""
    if length == SIDE:
        return np.eye(SIDE)
    box = _box(length)
    # The centres of 64 equal parts, rounded down.
    centres = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(int)
    reduced: Floats = box[centres] @ box
    return reduced


def _box(length: int) -> Floats:
    """(length, length): the mean of a window of a 128th of the length, which is cut at the edges.
    An even window reaches one further ahead than back."""
    window = -(-length // (2 * SIDE))
    ahead = (window + 2) // 2
    at = np.arange(length)
    near = (at[None, :] >= at[:, None] + ahead - window) & (at[None, :] < at[:, None] + ahead)
    box: Floats = near / near.sum(axis=1, keepdims=True)
    return box


def _cosines() -> Floats:
    """(16, 64): the cosine transform's rows 1 to 16; row 0, the mean, tells nothing."""
    row, column = np.arange(1, KEPT + 1)[:, None], np.arange(SIDE)[None, :]
    cosines: Floats = np.sqrt(2 / SIDE) * np.cos(np.pi / (2 * SIDE) * row * (2 * column + 1))
    return cosines


COSINES = _cosines()


def _bits(waves: Floats) -> bytes:
    """Whether each is above the (lower) median; the last one is the first bit."""
    median = np.sort(waves, axis=None)[KEPT * KEPT // 2 - 1]
    return np.packbits((waves > median).ravel()[::-1]).tobytes()


def _quality(small: Floats) -> int:
    """How much neighbours differ. Small differences count for nothing, by rounding towards 0."""
    rows, columns = (np.abs(np.diff(small, axis=axis)) * 100 / 255 for axis in (0, 1))
    steps = rows.astype(int).sum() + columns.astype(int).sum()
    return min(int(steps) // 90, 100)
