"""The ten colours, as ranges of what most people would call by that name."""

import colorsys
import math
from random import Random

Rgb = tuple[int, int, int]

# hue in degrees, saturation and value, with gaps between the names
_COLOURS: dict[str, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "red": ((-7, 6), (0.75, 1), (0.65, 1)),
    "orange": ((20, 39), (0.82, 1), (0.92, 1)),
    "yellow": ((50, 61), (0.65, 1), (0.9, 1)),
    "green": ((90, 152), (0.5, 1), (0.4, 1)),
    "blue": ((198, 242), (0.55, 1), (0.5, 1)),
    "purple": ((267, 300), (0.45, 1), (0.4, 0.8)),
    "pink": ((320, 350), (0.25, 0.65), (0.93, 1)),
    "brown": ((14, 30), (0.5, 0.88), (0.35, 0.62)),
    "black": ((0, 360), (0, 0.3), (0, 0.13)),
    "white": ((0, 360), (0, 0.03), (0.96, 1)),
}
COLOURS = tuple(_COLOURS)


def ink(colour: str, rng: Random) -> Rgb:
    """One tone that is called `colour`."""
    hue, saturation, value = (rng.uniform(*limits) for limits in _COLOURS[colour])
    return _rgb(hue % 360 / 360, saturation, value)


def any_tone(rng: Random) -> Rgb:
    """Any colour that is not nearly black, whatever it may be called."""
    return _rgb(rng.random(), rng.uniform(0, 1), rng.uniform(0.2, 1))


def distance(one: Rgb, other: Rgb) -> float:
    """How far apart two tones look, 0 to 412; blue counts least, as dark blue on black shows."""
    red, green, blue = (a - b for a, b in zip(one, other, strict=True))
    return math.sqrt(0.81 * red * red + 1.44 * green * green + 0.36 * blue * blue)


def _rgb(hue: float, saturation: float, value: float) -> Rgb:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
