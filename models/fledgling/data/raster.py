"""Artwork as square pictures with transparent surroundings."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

SIDE = 112
"""Pixels a side."""
FILLS = 0.96
"""Of the side, what the longer side of a subject takes."""
_DRAWN = 256


def rasterise(svg: str) -> NDArray[np.uint8] | None:
    """An SVG as [SIDE, SIDE, 4] straight RGBA, cropped to what is drawn; None when nothing is."""
    try:
        png = resvg_py.svg_to_bytes(svg_string=svg, width=_DRAWN, skip_system_fonts=True)
    except ValueError:
        return None
    return fitted(Image.open(BytesIO(bytes(png))))


def fitted(picture: Image.Image) -> NDArray[np.uint8] | None:
    """A picture's subject in the middle of a transparent square; None when it is too faint."""
    whole = picture.convert("RGBA")
    box = whole.getchannel("A").point(lambda alpha: 255 if alpha > 8 else 0).getbbox()
    if box is None or min(box[2] - box[0], box[3] - box[1]) < 3:
        return None
    subject = whole.crop(box)
    scale = SIDE * FILLS / max(subject.size)
    size = (max(1, round(subject.width * scale)), max(1, round(subject.height * scale)))
    subject = subject.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    square = Image.new("RGBA", (SIDE, SIDE))
    square.paste(subject, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    pixels = np.asarray(square)
    return None if pixels[..., 3].mean() < 4 else pixels
