"""Printing a line of text on a sheet, each character over a patch of its own."""

import math
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from models.fledgling.drawn.canvas import CELLS, SCALE, SIDE
from models.fledgling.drawn.colours import Rgb

_FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"),
    *("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "DejaVuSerif-BoldItalic"),
    *("DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique"),
    *("STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic", "STIXGeneralBolIta"),
    *("cmr10", "cmb10", "cmss10", "cmtt10", "cmti10"),
)
_SMALLEST, _LARGEST = 9.5, 46.0  # pixels of the picture, of a letter's height
_ROOM = SIDE - 10  # pixels a line may be wide
_PITCH = SIDE / CELLS / math.cos(math.radians(10)) + 0.1  # least distance of two letters' middles
_TALL = frozenset("0123456789")


class Letter(NamedTuple):
    """A printed character and its middle, in parts of the picture."""

    character: str
    x: float
    y: float


class _Line(NamedTuple):
    """Where the characters of a line go, in pixels of the sheet from its left end."""

    font: str
    size: int  # of the font, in pixels of the sheet
    height: float  # of a letter
    starts: list[float]
    middles: list[float]
    width: float


def print_line(sheet: Image.Image, text: str, tone: Rgb, rng: Random) -> list[Letter]:
    """Print `text` somewhere on the sheet, turned by up to 10°; say where its letters are."""
    line = _fitting(text, rng.choice(_FONTS), rng)
    angle = 0.0 if rng.random() < 0.45 else rng.uniform(-10, 10)
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    tile = _tile(line, text)
    turned = tile.rotate(angle, Image.Resampling.BILINEAR, expand=True) if angle else tile
    reach_x = (line.width * c + line.height * abs(s)) / 2 + 10
    reach_y = (line.width * abs(s) + line.height * c) / 2 + 0.3 * line.height + 8
    x, y = (_middle(rng, reach) for reach in (reach_x, reach_y))
    corner = (round(x - turned.width / 2), round(y - turned.height / 2))
    sheet.paste(tone, corner, turned)
    x, y = corner[0] + turned.width / 2, corner[1] + turned.height / 2
    whole, letters = SIDE * SCALE, []
    for character, middle in zip(text, line.middles, strict=True):
        if character != " ":
            along = middle - line.width / 2
            letters.append(Letter(character, (x + along * c) / whole, (y - along * s) / whole))
    return letters


def _middle(rng: Random, reach: float) -> float:
    whole = SIDE * SCALE
    return rng.uniform(reach, whole - reach) if 2 * reach < whole else whole / 2


def _fitting(text: str, name: str, rng: Random) -> _Line:
    """The line at a size that fits: as large as can be for some, down to half of that."""
    tall = any(character.isupper() or character in _TALL for character in text)
    size, extra = _LARGEST, rng.uniform(0, 1.5) if rng.random() < 0.3 else 0.0
    line = _spaced(text, name, size, tall=tall, extra=extra)
    while line.width > _ROOM * SCALE and size > _SMALLEST:
        size = max(_SMALLEST, size * 0.93)
        line = _spaced(text, name, size, tall=tall, extra=extra)
    smaller = size * rng.uniform(0.5, 1.0)
    if smaller >= _SMALLEST:
        shrunk = _spaced(text, name, smaller, tall=tall, extra=extra)
        if shrunk.width <= _ROOM * SCALE:
            return shrunk
    return line


def _spaced(text: str, name: str, height: float, *, tall: bool, extra: float) -> _Line:
    """The line with letters of this height, spaced so that no two share a patch."""
    size = round(height * SCALE / _ratio(name, tall))
    advances = [size * _advance(name, character) for character in text]
    tracking = max(extra * SCALE, _needed(text, advances))
    starts, middles, x = [], [], 0.0
    for advance in advances:
        starts.append(x)
        middles.append(x + advance / 2)
        x += advance + tracking
    return _Line(name, size, height * SCALE, starts, middles, x - tracking)


def _needed(text: str, advances: list[float]) -> float:
    """What must be added after each character to bring the middles far enough apart."""
    printed = [i for i, character in enumerate(text) if character != " "]
    needed = 0.0
    for i, j in pairwise(printed):
        pitch = sum(advances[i:j]) + (advances[j] - advances[i]) / 2
        needed = max(needed, (_PITCH * SCALE - pitch) / (j - i))
    return needed


def _tile(line: _Line, text: str) -> Image.Image:
    """The line as a mask; the middle of the tile is the middle of its letters."""
    below = math.ceil(line.height * 1.1)
    size = (math.ceil(line.width) + 12, round(line.height) + 2 * below)
    tile = Image.new("L", size)
    pen = ImageDraw.Draw(tile)
    left, baseline = (size[0] - line.width) / 2, below + line.height
    font = _font(line.font, line.size)
    for character, start in zip(text, line.starts, strict=True):
        if character != " ":
            shown = _glyph(line.font, character)
            pen.text((left + start, baseline), shown, fill=255, font=font, anchor="ls")
    return tile


def _glyph(name: str, character: str) -> str:
    """A hyphen is too short for a minus where the font has a true one."""
    return "\N{MINUS SIGN}" if character == "-" and not name.startswith("cm") else character


@lru_cache(maxsize=4096)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    basic = ImageFont.Layout.BASIC
    return ImageFont.truetype(_folder() / f"{name}.ttf", size, layout_engine=basic)


@cache
def _advance(name: str, character: str) -> float:
    """How far a character moves the pen, in parts of the font's size."""
    return _font(name, 200).getlength(_glyph(name, character)) / 200


@cache
def _ratio(name: str, tall: bool) -> float:
    """Height of capitals (or of small letters without stems) in parts of the font's size."""
    _, top, _, bottom = _font(name, 200).getbbox("H" if tall else "x", anchor="ls")
    return (bottom - top) / 200


@lru_cache
def _folder() -> Path:
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise RuntimeError(
            "Words are printed with the fonts of matplotlib: install the extra 'test'."
        ) from error
    return Path(mpl.get_data_path()) / "fonts" / "ttf"
