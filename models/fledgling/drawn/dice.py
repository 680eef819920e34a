"""Dice seen from above, with one to six pips."""

import math
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from models.fledgling.drawn.canvas import SCALE, SIDE
from models.fledgling.drawn.colours import Rgb
from models.fledgling.drawn.pens import corners_of
from models.fledgling.drawn.placing import Place

_CORNERS = ((-1, -1), (1, 1), (1, -1), (-1, 1))
_PIPS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 0),),
    2: _CORNERS[:2],
    3: (*_CORNERS[:2], (0, 0)),
    4: _CORNERS,
    5: (*_CORNERS, (0, 0)),
    6: (*_CORNERS, (-1, 0), (1, 0)),
}
_BODIES: tuple[tuple[Rgb, Rgb], ...] = (  # and the colour of their pips
    ((252, 252, 250), (12, 12, 14)),
    ((246, 240, 220), (30, 24, 20)),
    ((252, 252, 250), (200, 20, 30)),
    ((196, 24, 32), (255, 255, 255)),
    ((26, 60, 170), (255, 255, 255)),
    ((18, 18, 20), (250, 250, 250)),
    ((20, 120, 60), (255, 255, 255)),
)


def body(rng: Random) -> tuple[Rgb, Rgb]:
    """Colours of a die and of its pips; most are light with dark ones."""
    weights = (8, 3, 2, 3, 2, 2, 1)
    return rng.choices(_BODIES, weights)[0]


def roll(
    sheet: Image.Image, place: Place, radius: float, pips: int, tones: tuple[Rgb, Rgb], rng: Random
) -> None:
    """Draw one die whose corners reach `radius` (in parts of the picture) from its centre."""
    pen = ImageDraw.Draw(sheet)
    angle = rng.uniform(-0.35, 0.35) + rng.choice((0, math.pi / 2))
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    half = radius / math.sqrt(2) * SIDE * SCALE
    centre = np.array(place) * SIDE * SCALE
    edge = (_rounded(rng.uniform(0.12, 0.35)) * half) @ turn + centre
    pen.polygon(corners_of(edge), fill=tones[0])
    if rng.random() < 0.7:
        closed = corners_of(np.concatenate([edge, edge[:2]]))
        pen.line(closed, fill=tuple(tone // 2 for tone in tones[0]), width=3, joint="curve")
    spread, dot = half * rng.uniform(0.5, 0.58), half * rng.uniform(0.15, 0.21)
    for x, y in np.array(_PIPS[pips]) * spread @ turn + centre:
        pen.ellipse((x - dot, y - dot, x + dot, y + dot), fill=tones[1])


def _rounded(radius: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Outline of the square from -1 to 1 with rounded corners."""
    corners = []
    for i, (x, y) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        angles = np.linspace(i * math.pi / 2, (i + 1) * math.pi / 2, 6)
        arc = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
        corners.append(arc + np.array([x, y]) * (1 - radius))
    return np.concatenate(corners)
