"""How an outline gets its ink: filled, filled and edged, hatched, or only outlined."""

import math
from random import Random
from typing import Literal

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from models.fledgling.drawn.colours import Rgb
from models.fledgling.drawn.shapes import Points

Style = Literal["filled", "edged", "hatched", "outlined"]
Corners = list[tuple[float, float]]


def style(rng: Random) -> Style:
    """One of the four, as often as people use them."""
    weights = {"filled": 56, "edged": 10, "hatched": 8, "outlined": 26}
    (chosen,) = rng.choices(("filled", "edged", "hatched", "outlined"), list(weights.values()))
    return chosen  # type: ignore[return-value]


def apply(sheet: Image.Image, points: Points, tone: Rgb, chosen: Style, rng: Random) -> None:
    """Draw the closed outline `points`, in pixels of the sheet."""
    pen, corners = ImageDraw.Draw(sheet), corners_of(points)
    extent = float(np.ptp(points, axis=0).max())
    line = max(3, round(extent * rng.uniform(0.045, 0.1)))
    if chosen == "outlined":
        _stroke(pen, corners, tone, line)
    elif chosen == "hatched":
        _hatch(sheet, points, tone, line, rng)
        _stroke(pen, corners, tone, line)
    else:
        pen.polygon(corners, fill=tone)
        if chosen == "edged" and max(tone) > 60:  # a dark edge would be lost on black
            dark = rng.randint(0, 50)
            _stroke(pen, corners, (dark, dark, dark), max(2, line // 2))


def corners_of(points: Points) -> Corners:
    """The outline as PIL wants it."""
    return [(x, y) for x, y in points.tolist()]


def _stroke(pen: ImageDraw.ImageDraw, corners: Corners, tone: Rgb, width: int) -> None:
    pen.line([*corners, corners[0], corners[1]], fill=tone, width=width, joint="curve")


def _hatch(sheet: Image.Image, points: Points, tone: Rgb, line: int, rng: Random) -> None:
    """Crayon lines in one direction, some paper showing between them."""
    left, top = np.floor(points.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(points.max(axis=0)).astype(int).tolist()
    size = (max(1, right - left), max(1, bottom - top))
    inside, lines = Image.new("L", size), Image.new("L", size)
    ImageDraw.Draw(inside).polygon(corners_of(points - [left, top]), fill=255)
    pen = ImageDraw.Draw(lines)
    angle, gap = rng.uniform(0, math.pi), line * rng.uniform(1.2, 2.0)
    c, s, reach = math.cos(angle), math.sin(angle), float(sum(size))
    offset = -reach
    while offset < reach:
        x, y = size[0] / 2 - s * offset, size[1] / 2 + c * offset
        pen.line(
            [(x - c * reach, y - s * reach), (x + c * reach, y + s * reach)], fill=255, width=line
        )
        offset += gap * rng.uniform(0.85, 1.15)
    sheet.paste(tone, (left, top), ImageChops.multiply(lines, inside))
