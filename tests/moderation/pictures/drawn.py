"""Pictures that are drawn for tests, and the way to a check."""

from __future__ import annotations

import hashlib
import io

import numpy as np
from PIL import Image

from chat.moderation import Side
from moderation.checks import Shown, Subject


def clouds(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Colours that are never the same for two seeds: large spots, and ever weaker small ones, as
    photographs have them."""
    rng = np.random.default_rng(seed)
    sky = np.zeros((size[1], size[0], 3))
    for octave in range(6):
        dots = rng.integers(0, 256, (4 << octave, 4 << octave, 3), dtype=np.uint8)
        spots = Image.fromarray(dots).resize(size, Image.Resampling.BICUBIC)
        sky += np.asarray(spots, dtype=float) / (2 << octave)
    return Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8))


def shown(picture: Image.Image, kind: str = "JPEG", quality: int = 90) -> Shown:
    """The picture as it is stored."""
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return named(out.getvalue(), media_type=f"image/{kind.lower()}")


def named(content: bytes, media_type: str = "image/jpeg") -> Shown:
    """Any bytes, in the place of a picture."""
    name = hashlib.sha256(content).hexdigest()
    return Shown(name, media_type, content, message_id=3, attachment_id=8)


def asked(*pictures: Shown) -> Subject:
    """A message with these pictures and no words."""
    return Subject(Side.QUESTION, (), pictures=pictures)
