"""Which things a picture shows and where they stand, for each kind made of shapes."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from models.fledgling.drawn import placing
from models.fledgling.drawn.colours import COLOURS
from models.fledgling.drawn.facts import Kind, Size
from models.fledgling.drawn.placing import Place
from models.fledgling.drawn.shapes import ALIKE, SHAPES


@dataclass(frozen=True, slots=True)
class Sketch:
    """A thing about to be drawn; `radius` in parts of the picture."""

    shape: str
    colour: str
    place: Place
    radius: float
    size: Size = ""


def _single(rng: Random) -> list[Sketch]:
    radius = rng.uniform(0.12, 0.45)
    place = placing.anywhere(rng, radius) if rng.random() < 0.75 else (0.5, 0.5)
    return [Sketch(rng.choice(SHAPES), rng.choice(COLOURS), place, radius)]


def _several(rng: Random) -> list[Sketch]:
    """Two or three different shapes, or the same shape small and large; named left to right."""
    if rng.random() < 0.25:
        return _small_and_large(rng)
    count = rng.choice((2, 3, 3))
    shapes = rng.sample(SHAPES, count)
    radii = [rng.uniform(0.12, 0.24) for _ in shapes]
    places, factor = placing.apart(rng, radii, fits=_diagonal)
    made = [
        Sketch(shape, rng.choice(COLOURS), place, radius * factor)
        for shape, place, radius in zip(shapes, places, radii, strict=True)
    ]
    return sorted(made, key=lambda one: one.place)


def _small_and_large(rng: Random) -> list[Sketch]:
    shape, colours = rng.choice(SHAPES), rng.sample(COLOURS, 2)
    large = rng.uniform(0.2, 0.3)
    radii = [large / rng.uniform(1.9, 2.6), large]
    places, factor = placing.apart(rng, radii, fits=_diagonal)
    sizes: tuple[Size, Size] = ("small", "large")
    made = [
        Sketch(shape, colour, place, radius * factor, size)
        for colour, place, radius, size in zip(colours, places, radii, sizes, strict=True)
    ]
    return sorted(made, key=lambda one: one.place)


def _diagonal(places: list[Place]) -> bool:
    """Clearly ordered from left to right, and two things not level as those of `_beside` are."""
    if len(places) == 2:
        (x, y), (other_x, other_y) = places
        return min(abs(x - other_x), abs(y - other_y)) > 0.17
    across = sorted(x for x, _ in places)
    return all(right - left > 0.09 for left, right in pairwise(across))


def _count(rng: Random) -> list[Sketch]:
    shape, colour, count = rng.choice(SHAPES), rng.choice(COLOURS), rng.randint(1, 10)
    places, radius = _crowd(rng, count)
    return [Sketch(shape, colour, place, radius) for place in places]


def _odd(rng: Random) -> list[Sketch]:
    """Three to five alike and, last, one of another colour or shape."""
    shape, (colour, other) = rng.choice(SHAPES), rng.sample(COLOURS, 2)
    others = [one for one in SHAPES if one != shape and one not in ALIKE.get(shape, ())]
    places, radius = _crowd(rng, rng.randint(4, 6))
    rng.shuffle(places)
    made = [Sketch(shape, colour, place, radius) for place in places]
    by_colour = rng.random() < 0.5
    last = (shape, other) if by_colour else (rng.choice(others), colour)
    made[-1] = Sketch(*last, places[-1], radius)
    return made


def _crowd(rng: Random, count: int) -> tuple[list[Place], float]:
    if rng.random() < 0.4:
        return placing.in_rows(rng, count)
    radius = placing.crowd_radius(rng, count, 0.22)
    places, factor = placing.apart(rng, [radius] * count)
    return places, radius * factor


def _beside(rng: Random) -> list[Sketch]:
    """Two things on a level, the left one first, or one over the other, the upper one first."""
    radii = [rng.uniform(0.12, 0.21)] * 2 if rng.random() < 0.5 else None
    radii = radii or [rng.uniform(0.12, 0.21) for _ in range(2)]
    spare = 0.97 - 2.2 * sum(radii)
    start = 0.015 + rng.uniform(0, 0.5) * spare
    first = start + radii[0] * 1.1
    second = first + sum(radii) * 1.1 + rng.uniform(0.1, 1) * spare / 2
    level = rng.uniform(0.25, 0.75)
    along = [(first, level), (second, level + rng.uniform(-0.05, 0.05))]
    upright = rng.random() < 0.5
    places = [(b, a) for a, b in along] if upright else along
    shapes = [rng.choice(SHAPES) for _ in range(2)]
    colours = rng.sample(COLOURS, 2)
    if shapes[0] != shapes[1] and rng.random() < 0.15:
        colours[1] = colours[0]
    return [Sketch(*of) for of in zip(shapes, colours, places, radii, strict=True)]


ARRANGEMENTS: dict[Kind, Callable[[Random], list[Sketch]]] = {
    "single": _single,
    "several": _several,
    "count": _count,
    "beside": _beside,
    "odd": _odd,
}
