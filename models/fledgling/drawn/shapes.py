"""Outlines of the ten shapes, as closed polygons of about unit radius around the origin."""

import math
from collections.abc import Callable
from random import Random

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # [n, 2], x to the right, y downwards


def _regular(corners: int, *, phase: float = -90.0) -> Points:
    angles = np.deg2rad(phase + np.arange(corners) * 360.0 / corners)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _circle(rng: Random) -> Points:
    return _regular(48) * [1.0, rng.uniform(0.86, 1.0)]


def _square(rng: Random) -> Points:
    return _regular(4, phase=45.0) * [1.0, rng.uniform(0.94, 1.06)]


def _rectangle(rng: Random) -> Points:
    half = 1.0 / rng.uniform(1.6, 2.6)
    return np.array([[-1, -half], [1, -half], [1, half], [-1, half]], dtype=np.float64)


def _triangle(rng: Random) -> Points:
    apex, base = rng.uniform(-0.25, 0.25), rng.uniform(0.75, 1.0)
    return np.array([[apex, -1.0], [base, 0.7], [-base, 0.7]])


def _star(rng: Random) -> Points:
    tips = 6 if rng.random() < 0.12 else 5
    points = _regular(2 * tips)
    points[1::2] *= rng.uniform(0.36, 0.5)
    return points


def _heart(rng: Random) -> Points:
    t = np.linspace(0, 2 * math.pi, 56, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([x, -y - 2.5], axis=1) / 16.5 * [1.0, rng.uniform(0.92, 1.08)]


def _cross(rng: Random) -> Points:
    a = rng.uniform(0.2, 0.36)
    quarter = np.array([[a, -1.0], [a, -a], [1.0, -a]])
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    corners = [quarter]
    for _ in range(3):
        corners.append(corners[-1] @ turn.T)
    return np.concatenate(corners)


def _diamond(rng: Random) -> Points:
    half = rng.uniform(0.52, 0.72)
    return np.array([[0.0, -1.0], [half, 0.0], [0.0, 1.0], [-half, 0.0]])


def _arrow(rng: Random) -> Points:
    shaft, head, neck = rng.uniform(0.12, 0.24), rng.uniform(0.48, 0.7), rng.uniform(0.0, 0.35)
    upper = [[-1.0, -shaft], [neck, -shaft], [neck, -head], [1.0, 0.0]]
    lower = [[x, -y] for x, y in reversed(upper[:-1])]
    return np.array(upper + lower)


def _moon(rng: Random) -> Points:
    # The crescent between the unit circle and a circle of radius `inner` shifted to the right.
    shift, inner = rng.uniform(0.42, 0.6), rng.uniform(0.78, 0.9)
    x = (1 - inner**2 + shift**2) / (2 * shift)  # where the two circles meet
    start = math.acos(x)
    outer_angles = np.linspace(start, 2 * math.pi - start, 40)
    end = math.atan2(math.sqrt(1 - x * x), x - shift)
    inner_angles = np.linspace(2 * math.pi - end, end, 28)[1:-1]
    outer = np.stack([np.cos(outer_angles), np.sin(outer_angles)], axis=1)
    hollow = np.stack([shift + inner * np.cos(inner_angles), inner * np.sin(inner_angles)], axis=1)
    crescent: Points = np.concatenate([outer, hollow])
    crescent[:, 0] += 0.25
    return crescent


_OUTLINES: dict[str, tuple[Callable[[Random], Points], float, float]] = {
    # shape: outline, largest tilt in degrees, multiples in degrees it may be turned by
    "circle": (_circle, 180, 360),
    "square": (_square, 16, 90),
    "rectangle": (_rectangle, 16, 90),
    "triangle": (_triangle, 25, 360),
    "star": (_star, 36, 360),
    "heart": (_heart, 28, 360),
    "cross": (_cross, 45, 90),
    "diamond": (_diamond, 10, 360),
    "arrow": (_arrow, 22, 90),
    "moon": (_moon, 35, 180),
}
SHAPES = tuple(_OUTLINES)
_HARMONICS = np.array([2, 3, 5, 9] * 2)

# Pairs that a person might call by each other's name: nobody is asked to tell them apart.
ALIKE: dict[str, tuple[str, ...]] = {
    "square": ("rectangle", "diamond"),
    "rectangle": ("square",),
    "diamond": ("square",),
}


def outline(shape: str, rng: Random) -> Points:
    """One outline of `shape`, with its own proportions and turned within what people would draw."""
    build, tilt, step = _OUTLINES[shape]
    turned = rng.uniform(-tilt, tilt) + step * rng.randrange(int(360 // step))
    if shape == "triangle" and rng.random() < 0.25:
        turned = rng.uniform(-180, 180)
    return _rotate(build(rng), math.radians(turned))


def wobble(points: Points, rng: Random, amount: float) -> Points:
    """The outline as an unsteady hand draws it: `amount` is the largest error, in radii."""
    dense = _subdivide(points, 0.2)
    way = np.linspace(0, 2 * math.pi, len(dense), endpoint=False)
    phases = np.array([rng.uniform(0, 6.3) for _ in range(8)])
    heights = np.array([rng.uniform(-1, 1) for _ in range(8)])
    waves = np.sin(way[:, None] * _HARMONICS + phases) * heights  # [n, 4 of x and 4 of y]
    error: Points = waves.reshape(-1, 2, 4).sum(2)
    return dense + error * amount / 2


def _rotate(points: Points, angle: float) -> Points:
    c, s = math.cos(angle), math.sin(angle)
    turned: Points = points @ np.array([[c, s], [-s, c]])
    return turned


def _subdivide(points: Points, step: float) -> Points:
    """The same outline with points no further apart than `step`."""
    sides = np.roll(points, -1, axis=0) - points
    counts = np.maximum(1, np.ceil(np.hypot(sides[:, 0], sides[:, 1]) / step)).astype(int)
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    way = (np.arange(len(firsts)) - firsts) / np.repeat(counts, counts)
    dense: Points = (
        np.repeat(points, counts, axis=0) + np.repeat(sides, counts, axis=0) * way[:, None]
    )
    return dense
