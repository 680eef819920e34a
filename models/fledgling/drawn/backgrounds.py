"""What drawings stand on, and pictures that show nothing known: papers and textures."""

import math
from collections.abc import Sequence
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from models.fledgling.drawn.canvas import SCALE, SIDE
from models.fledgling.drawn.colours import Rgb, any_tone, distance

_TRIES = 30
_PLAIN: tuple[Rgb, ...] = ((250, 250, 248), (24, 24, 24), (128, 132, 130), (190, 215, 235))


def paper(rng: Random, *, avoid: Sequence[Rgb]) -> Image.Image:
    """A sheet that each tone of `avoid` stands out from."""
    for _ in range(_TRIES):
        first, second, needed = _two_tones(rng)
        if min(_clearance(first, avoid), _clearance(second, avoid)) >= needed:
            break
    else:
        first = second = max(_PLAIN, key=lambda tone: _clearance(tone, avoid))
    sheet = _gradient(rng, SIDE * SCALE, first, second)
    if rng.random() < 0.1:
        _rule(rng, sheet)
    return sheet


def texture(rng: Random) -> Image.Image:
    """A picture of SIDE pixels in which there is nothing to name."""
    kind = rng.choice(("plain", "gradient", "noise", "clouds", "clouds", "stripes", "scribble"))
    if kind == "plain":
        tone = rng.choice(((255, 255, 255), (0, 0, 0), any_tone(rng)))
        return Image.new("RGB", (SIDE, SIDE), tone)
    if kind == "gradient":
        return _gradient(rng, SIDE, any_tone(rng), any_tone(rng))
    if kind == "noise":
        return _clouds(rng, rng.randint(40, 144))
    if kind == "clouds":
        return _clouds(rng, rng.randint(3, 24))
    if kind == "stripes":
        return _stripes(rng)
    return _scribble(rng)


def _clearance(tone: Rgb, avoid: Sequence[Rgb]) -> float:
    return min(distance(tone, one) for one in avoid)


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
    first = any_tone(rng)
    return first, first if kind < 0.88 else any_tone(rng), 130.0


def _gradient(rng: Random, side: int, first: Rgb, second: Rgb) -> Image.Image:
    if first == second:
        return Image.new("RGB", (side, side), first)
    angle, cells = rng.uniform(0, 2 * math.pi), 24  # blended small, then enlarged: it is smooth
    x = np.linspace(-1, 1, cells)[None, :] * math.cos(angle)
    y = np.linspace(-1, 1, cells)[:, None] * math.sin(angle)
    way = np.clip((x + y) / 2 + 0.5, 0, 1)[..., None]
    blend = np.array(first) * (1 - way) + np.array(second) * way
    small = Image.fromarray(blend.astype(np.uint8))
    return small.resize((side, side), Image.Resampling.BILINEAR)


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


def _clouds(rng: Random, cells: int) -> Image.Image:
    noise = np.random.default_rng(rng.getrandbits(32))
    grid = noise.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
    return Image.fromarray(grid).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def _stripes(rng: Random) -> Image.Image:
    sheet = Image.new("RGB", (SIDE, SIDE), any_tone(rng))
    pen, tone, step = ImageDraw.Draw(sheet), any_tone(rng), rng.randint(8, 26)
    lean = rng.randint(-60, 60)
    for x in range(-60, SIDE + 60, step):
        pen.line([(x, 0), (x + lean, SIDE)], fill=tone, width=max(2, step // 2))
    return sheet


def _scribble(rng: Random) -> Image.Image:
    tone = any_tone(rng) if rng.random() < 0.5 else (252, 252, 250)
    sheet = Image.new("RGB", (SIDE, SIDE), tone)
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.randint(1, 5)):
        corners = [(rng.randint(0, SIDE), rng.randint(0, SIDE)) for _ in range(rng.randint(6, 20))]
        pen.line(corners, fill=any_tone(rng), width=rng.randint(1, 4), joint="curve")
    return sheet
