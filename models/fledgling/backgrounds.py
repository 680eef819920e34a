"""What drawings stand on, and pictures that show nothing known: papers and textures."""

import colorsys
import math
from random import Random

import numpy as np
from PIL import Image, ImageDraw

Rgb = tuple[int, int, int]


def paper(rng: Random, size: tuple[int, int], *, avoid: Rgb) -> Image.Image:
    """A background of twice `size` (drawn on, then halved) that `avoid` stands out from."""
    doubled = (size[0] * 2, size[1] * 2)
    for _ in range(30):
        first, second, needed = _two_tones(rng)
        if min(_distance(first, avoid), _distance(second, avoid)) >= needed:
            break
    else:
        first = second = (24, 24, 24) if sum(avoid) > 380 else (250, 250, 248)
    sheet = _gradient(rng, doubled, first, second)
    if rng.random() < 0.1:
        _rule(rng, sheet)
    return sheet


def texture(rng: Random, size: tuple[int, int]) -> Image.Image:
    """A picture in which there is nothing to name."""
    kind = rng.choice(("plain", "gradient", "noise", "clouds", "clouds", "stripes", "scribble"))
    if kind == "plain":
        return Image.new("RGB", size, rng.choice(((255, 255, 255), (0, 0, 0), _any_colour(rng))))
    if kind == "gradient":
        return _gradient(rng, size, _any_colour(rng), _any_colour(rng))
    if kind == "noise":
        return _clouds(rng, size, cells=rng.randint(40, 96))
    if kind == "clouds":
        return _clouds(rng, size, cells=rng.randint(3, 24))
    if kind == "stripes":
        return _stripes(rng, size)
    return _scribble(rng, size)


def _two_tones(rng: Random) -> tuple[Rgb, Rgb, float]:
    """Colours of the two ends of a background, and how far the ink must be from both."""
    kind = rng.random()
    if kind < 0.45:
        bright = rng.randint(235, 255)
        tone = (bright, bright - rng.randint(0, 5), bright - rng.randint(0, 12))
        return tone, tone, 75.0
    if kind < 0.55:
        grey = rng.randint(120, 225)
        return (grey, grey, grey), (grey, grey, grey), 120.0
    if kind < 0.67:
        dark = rng.randint(0, 45)
        return (dark, dark, dark), (dark, dark, dark), 120.0
    first = _any_colour(rng)
    second = first if kind < 0.9 else _any_colour(rng)
    return first, second, 130.0


def _any_colour(rng: Random) -> Rgb:
    red, green, blue = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0, 1), rng.uniform(0.2, 1))
    return round(red * 255), round(green * 255), round(blue * 255)


def _distance(one: Rgb, other: Rgb) -> float:
    return math.dist(one, other)


def _gradient(rng: Random, size: tuple[int, int], first: Rgb, second: Rgb) -> Image.Image:
    if first == second:
        return Image.new("RGB", size, first)
    angle = rng.uniform(0, 2 * math.pi)
    x = np.linspace(-1, 1, size[0])[None, :] * math.cos(angle)
    y = np.linspace(-1, 1, size[1])[:, None] * math.sin(angle)
    way = np.clip((x + y) / 2 + 0.5, 0, 1)[..., None]
    blend = np.array(first) * (1 - way) + np.array(second) * way
    return Image.fromarray(blend.astype(np.uint8))


def _rule(rng: Random, sheet: Image.Image) -> None:
    """Faint lines, as on ruled or squared paper."""
    pen, step = ImageDraw.Draw(sheet), rng.randint(14, 40)
    red, green, blue = sheet.getpixel((2, 2))  # type: ignore[misc]
    faint = (int(red * 0.87), int(green * 0.9), int(blue * 0.94))
    for y in range(step, sheet.height, step):
        pen.line([(0, y), (sheet.width, y)], fill=faint, width=2)
    if rng.random() < 0.5:
        for x in range(step, sheet.width, step):
            pen.line([(x, 0), (x, sheet.height)], fill=faint, width=2)


def _clouds(rng: Random, size: tuple[int, int], *, cells: int) -> Image.Image:
    noise = np.random.default_rng(rng.getrandbits(32))
    grid = noise.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
    return Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)


def _stripes(rng: Random, size: tuple[int, int]) -> Image.Image:
    sheet = Image.new("RGB", size, _any_colour(rng))
    pen, ink, step = ImageDraw.Draw(sheet), _any_colour(rng), rng.randint(8, 26)
    lean = rng.randint(-60, 60)
    for x in range(-60, size[0] + 60, step):
        pen.line([(x, 0), (x + lean, size[1])], fill=ink, width=max(2, step // 2))
    return sheet


def _scribble(rng: Random, size: tuple[int, int]) -> Image.Image:
    sheet = Image.new("RGB", size, _any_colour(rng) if rng.random() < 0.5 else (252, 252, 250))
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.randint(1, 5)):
        corners = [
            (rng.randint(0, size[0]), rng.randint(0, size[1])) for _ in range(rng.randint(6, 20))
        ]
        pen.line(corners, fill=_any_colour(rng), width=rng.randint(1, 4), joint="curve")
    return sheet
