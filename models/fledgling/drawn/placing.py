"""Where things stand so that none touches another: centres in parts of the picture, 0 to 1."""

import math
from collections.abc import Callable, Sequence
from random import Random

Place = tuple[float, float]
_GAP = 1.14  # of the sum of two radii: the least distance of their centres
_MARGIN = 0.012


def anywhere(rng: Random, radius: float) -> Place:
    """A place at which a thing of this radius is whole."""
    reach = radius * 1.06 + _MARGIN
    return rng.uniform(reach, 1 - reach), rng.uniform(reach, 1 - reach)


def apart(
    rng: Random, radii: Sequence[float], *, fits: Callable[[list[Place]], bool] = lambda _: True
) -> tuple[list[Place], float]:
    """Random places for things of these radii, and the factor the radii had to shrink by."""
    factor = 1.0
    while True:
        for _ in range(12):
            places = _scatter(rng, [radius * factor for radius in radii])
            if places is not None and fits(places):
                return places, factor
        factor *= 0.93


def in_rows(rng: Random, count: int) -> tuple[list[Place], float]:
    """Places in one to three rows, and the largest radius that fits there."""
    rows = rng.choice([rows for rows in (1, 2, 3) if rows <= count <= rows * 5])
    columns = math.ceil(count / rows)
    pitch = 0.94 / max(columns, rows)
    if rng.random() < 0.3:
        pitch *= rng.uniform(0.85, 1)
    shift_x, shift_y = (rng.uniform(-1, 1) * (0.94 - pitch * n) / 2 for n in (columns, rows))
    radius = pitch * rng.uniform(0.34, 0.43)
    slack = (pitch / 2 - radius) * 0.5
    places = []
    for i in range(count):
        row, column = divmod(i, columns)
        x = 0.5 + (column - (columns - 1) / 2) * pitch + shift_x + rng.uniform(-slack, slack)
        y = 0.5 + (row - (rows - 1) / 2) * pitch + shift_y + rng.uniform(-slack, slack)
        places.append((x, y))
    return places, radius


def crowd_radius(rng: Random, count: int, largest: float) -> float:
    """A radius at which `count` things fill a sensible part of the picture."""
    filled = rng.uniform(0.17, 0.34)
    return min(largest, math.sqrt(filled / (count * math.pi)))


def _scatter(rng: Random, radii: Sequence[float]) -> list[Place] | None:
    places: list[Place] = []
    for i, radius in enumerate(radii):
        for _ in range(30):
            x, y = anywhere(rng, radius)
            if all(
                math.hypot(x - there[0], y - there[1]) > (radius + other) * _GAP
                for there, other in zip(places, radii[:i], strict=True)
            ):
                places.append((x, y))
                break
        else:
            return None
    return places
