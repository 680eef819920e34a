"""Simple drawings, deterministic by seed: one shape in one colour, drawn or photographed."""

import colorsys
import io
import math
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from models.fledgling import backgrounds
from models.fledgling.shapes import SHAPES, Points, outline, wobble

Rgb = tuple[int, int, int]

# hue in degrees, saturation and value: what most people would call by that name, with gaps between
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


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture and what is in it. `mask` is white where the shape is, of the picture's size."""

    shape: str
    colour: str
    picture: Image.Image
    mask: Image.Image


def draw(seed: int, *, shape: str | None = None, colour: str | None = None) -> Drawing:
    """The drawing with this seed; shape and colour are chosen by it unless given."""
    rng = Random(f"drawing {seed}")
    chosen_shape, chosen_colour = rng.choice(SHAPES), rng.choice(COLOURS)
    shape, colour = shape or chosen_shape, colour or chosen_colour
    width, height = _canvas_size(rng)
    ink = _ink(colour, rng)
    paper = backgrounds.paper(rng, (width, height), avoid=ink)
    points = _placed(outline(shape, rng), rng, width, height)
    mask = Image.new("L", paper.size)
    ImageDraw.Draw(mask).polygon([tuple(p) for p in points], fill=255)
    _apply_ink(paper, points, mask, ink, rng, plain=colour == "black")
    picture, mask = _perspective(paper, mask, rng)
    picture = _photograph(picture.resize((width, height), Image.Resampling.BOX), rng)
    return Drawing(shape, colour, picture, mask.resize((width, height), Image.Resampling.BOX))


def draw_unknown(seed: int) -> Image.Image:
    """A picture without any of the shapes: texture, noise, scribble, or nothing at all."""
    rng = Random(f"unknown {seed}")
    size = _canvas_size(rng)
    return _photograph(backgrounds.texture(rng, size), rng)


def _canvas_size(rng: Random) -> tuple[int, int]:
    side = rng.randint(96, 256)
    aspect = rng.choice((1, 1, 1, 1, 1, 4 / 3, 3 / 4, 3 / 2, 16 / 9, 9 / 16))
    return max(72, round(side * min(1.0, aspect))), max(72, round(side * min(1.0, 1 / aspect)))


def _ink(colour: str, rng: Random) -> Rgb:
    hue, saturation, value = (rng.uniform(*limits) for limits in _COLOURS[colour])
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _placed(points: Points, rng: Random, width: int, height: int) -> Points:
    """Outline in pixels of the doubled canvas, somewhere whole inside it."""
    if rng.random() < 0.6:
        points = wobble(points, rng, rng.uniform(0.0, 0.06))
    points = points / np.abs(points).max()
    smallest = 0.22 if width == height else 0.3
    radius = min(width, height) * 2 * rng.uniform(smallest, 0.45)
    reach = radius * 1.08
    x = rng.uniform(reach, width * 2 - reach)
    y = rng.uniform(reach, height * 2 - reach)
    if rng.random() < 0.3:
        x, y = width + rng.uniform(-4, 4), height + rng.uniform(-4, 4)
    placed: Points = points * radius + [x, y]
    return placed


def _apply_ink(
    canvas: Image.Image, points: Points, mask: Image.Image, ink: Rgb, rng: Random, *, plain: bool
) -> None:
    pen = ImageDraw.Draw(canvas)
    style = rng.random()
    line = max(3, round(min(canvas.size) * rng.uniform(0.022, 0.06)))
    if style < 0.56:
        pen.polygon([tuple(p) for p in points], fill=ink)
    elif style < 0.66:
        pen.polygon([tuple(p) for p in points], fill=ink)
        if not plain:
            dark = rng.randint(0, 50)
            _stroke(pen, points, (dark, dark, dark), max(2, line // 2))
    elif style < 0.74:
        hatching = _hatching(canvas.size, rng, line)
        canvas.paste(ink, mask=ImageChops.multiply(hatching, mask))
        _stroke(pen, points, ink, line)
    else:
        _stroke(pen, points, ink, line)


def _stroke(pen: ImageDraw.ImageDraw, points: Points, ink: Rgb, width: int) -> None:
    closed = [tuple(p) for p in (*points, points[0], points[1])]
    pen.line(closed, fill=ink, width=width, joint="curve")


def _hatching(size: tuple[int, int], rng: Random, line: int) -> Image.Image:
    """Crayon lines in one direction, some paper showing between them."""
    lines = Image.new("L", size)
    pen = ImageDraw.Draw(lines)
    angle, gap = rng.uniform(0, math.pi), line * rng.uniform(1.2, 2.0)
    c, s, reach = math.cos(angle), math.sin(angle), float(sum(size))
    offset = -reach
    while offset < reach:
        x, y = size[0] / 2 - s * offset, size[1] / 2 + c * offset
        ends = [(x - c * reach, y - s * reach), (x + c * reach, y + s * reach)]
        pen.line(ends, fill=255, width=line)
        offset += gap * rng.uniform(0.85, 1.15)
    return lines


def _perspective(
    picture: Image.Image, mask: Image.Image, rng: Random
) -> tuple[Image.Image, Image.Image]:
    if rng.random() > 0.25:
        return picture, mask
    lean = [rng.uniform(-0.06, 0.06) for _ in range(2)]
    tilt = [rng.uniform(-0.15, 0.15) / max(picture.size) for _ in range(2)]
    data = (1.0, lean[0], -lean[0] * picture.height / 2, lean[1], 1.0, -lean[1] * picture.width / 2)
    settings = (*data, *tilt)
    corner = picture.getpixel((1, 1))
    warped = picture.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        settings,
        Image.Resampling.BILINEAR,
        fillcolor=corner,
    )
    return warped, mask.transform(mask.size, Image.Transform.PERSPECTIVE, settings)


def _photograph(picture: Image.Image, rng: Random) -> Image.Image:
    """Light, colour cast, blur, sensor noise and JPEG, each on some pictures only."""
    if rng.random() < 0.35:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.012 * picture.width)))
    pixels: NDArray[np.floating] = np.asarray(picture, dtype=np.float32)
    if rng.random() < 0.45:
        pixels = pixels * _light(picture.size, rng)
    if rng.random() < 0.5:
        noise = np.random.default_rng(rng.getrandbits(32))
        pixels = pixels + noise.normal(0.0, rng.uniform(1, 13), pixels.shape)
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        stored = io.BytesIO()
        picture.save(stored, "JPEG", quality=rng.randint(35, 95))
        picture = Image.open(stored).convert("RGB")
    return picture


def _light(size: tuple[int, int], rng: Random) -> NDArray[np.floating]:
    """Uneven light and a slight cast, as factors [height, width, 3]."""
    x = np.linspace(-1, 1, size[0], dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None]
    slope = rng.uniform(-0.12, 0.12) * x + rng.uniform(-0.12, 0.12) * y
    cast = np.array([rng.uniform(0.95, 1.05) for _ in range(3)], dtype=np.float32)
    light: NDArray[np.floating] = (rng.uniform(0.84, 1.04) + slope)[..., None] * cast
    return light
