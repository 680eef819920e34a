"""Everyday pictures for tests: emoji of a font that machines with a browser have."""

import subprocess
from functools import cache
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP, Concept
from models.fledgling.data.names import LIST

_FONT = "Noto Color Emoji"
_PIXELS = 109  # the only size that this font has


def drawn(concept: Concept, seed: int) -> Image.Image:
    """One emoji of the concept on plain paper, about as large as people crop their pictures."""
    rng = Random(f"emoji {seed}")
    side = rng.randint(160, 240)
    paper = tuple(rng.randint(225, 255) for _ in range(3))
    picture = Image.new("RGB", (side, side), paper)
    place = (side / 2 + rng.uniform(-12, 12), side / 2 + rng.uniform(-12, 12))
    pen = ImageDraw.Draw(picture)
    pen.text(place, _emoji()[concept.name], font=_font(), anchor="mm", embedded_color=True)
    return picture


def things(count: int, *, seed: int) -> list[Concept]:
    """So many of the everyday things that have an emoji."""
    known = [c for c in CONCEPTS if c.group != FLAG_GROUP and c.name in _emoji()]
    return Random(f"things {seed}").sample(known, count)


@cache
def _emoji() -> dict[str, str]:
    """The first emoji of each everyday thing."""
    emoji: dict[str, str] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and line.count("|") == 2:
            name, some, _ = (part.strip() for part in line.split("|"))
            if some:
                emoji[name] = some.split()[0]
    return emoji


@cache
def _font() -> ImageFont.FreeTypeFont:
    asked = ["fc-match", "--format=%{family}|%{file}", _FONT]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        told = ""
    family, _, file = told.partition("|")
    if family != _FONT:
        pytest.skip(f"the font {_FONT}")
    return ImageFont.truetype(file, _PIXELS)
