"""The sheet that is drawn on: twice the picture's size, then reduced and as if photographed."""

import io
from functools import lru_cache
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

# What the architecture's numbers are too; importing them from there would load the whole of
# transformers into each drawing process. A test holds them together.
SIDE = 144  # pixels of a finished picture
CELLS = 12  # patches a side
SCALE = 2  # sheet pixels for one of the picture
_GRAINS = 1_000_003
_ACROSS = np.linspace(-1, 1, SIDE, dtype=np.float32)


def finished(sheet: Image.Image, rng: Random) -> Image.Image:
    """The picture of a sheet: reduced, then light, blur, noise and JPEG, each on some only."""
    return photographed(sheet.reduce(SCALE), rng)


def photographed(picture: Image.Image, rng: Random) -> Image.Image:
    """A picture as a camera keeps it, of the same size."""
    if rng.random() < 0.3:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.1)))
    lit, noisy = rng.random() < 0.45, rng.random() < 0.45
    if lit or noisy:
        pixels: NDArray[np.float32] = np.asarray(picture, dtype=np.float32)
        if lit:
            pixels = pixels * _light(rng)
        if noisy:
            pixels = pixels + _grain(rng) * np.float32(rng.uniform(1, 12))
        picture = Image.fromarray(np.clip(pixels, 0, 255, dtype=np.float32).astype(np.uint8))
    if rng.random() < 0.45:
        stored = io.BytesIO()
        picture.save(stored, "JPEG", quality=rng.randint(38, 95))
        picture = Image.open(stored).convert("RGB")
    return picture


@lru_cache
def _noise() -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal(_GRAINS, dtype=np.float32)


def _grain(rng: Random) -> NDArray[np.float32]:
    """Sensor noise of deviation 1, [SIDE, SIDE, 3]: some part of a long strip made only once."""
    needed = 3 * SIDE * SIDE
    start = rng.randrange(_GRAINS - needed)
    return _noise()[start : start + needed].reshape(SIDE, SIDE, 3)


def _light(rng: Random) -> NDArray[np.float32]:
    """Uneven light and a slight cast, as factors [SIDE, SIDE, 3]."""
    x, y = (_ACROSS * np.float32(rng.uniform(-0.12, 0.12)) for _ in range(2))
    cast = np.array([rng.uniform(0.95, 1.05) for _ in range(3)], dtype=np.float32)
    slope: NDArray[np.float32] = np.float32(rng.uniform(0.84, 1.04)) + x[None, :] + y[:, None]
    light: NDArray[np.float32] = slope[..., None] * cast
    return light
