"""Pictures of known content, deterministic by seed: shapes, counts, dice, words, or nothing."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from models.fledgling.drawn import backgrounds, dice, lettering, pens, placing, words
from models.fledgling.drawn.arrangements import ARRANGEMENTS, Sketch
from models.fledgling.drawn.canvas import CELLS, SCALE, SIDE, finished, photographed
from models.fledgling.drawn.colours import COLOURS, Rgb, any_tone, distance, ink
from models.fledgling.drawn.facts import LETTERS, Kind, Scene, Thing
from models.fledgling.drawn.placing import Place
from models.fledgling.drawn.shapes import SHAPES, Points, outline, wobble

TRAINING_SEEDS = 1_000_000  # seeds from here on are for training, below it for evaluation
KINDS: dict[Kind, int] = {  # and how many of a hundred pictures are of that kind
    "single": 15,
    "several": 13,
    "count": 15,
    "beside": 8,
    "odd": 7,
    "sum": 8,
    "dice": 6,
    "word": 18,
    "number": 6,
    "texture": 4,
}
_FINE = 6 * CELLS  # things' extents are counted on a grid of this side
_COVERED = 1 / 3  # of a patch a thing must cover to be what is there

Cells = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of SIDE pixels, what is in it, and what is where: uint8 [12, 12] each, 0 nothing.

    `shapes` and `colours` hold 1 + the place in SHAPES and COLOURS of the thing that covers most
    of a patch, `letters` 1 + the place in LETTERS of the character whose middle lies there.
    """

    scene: Scene
    picture: Image.Image
    shapes: Cells
    colours: Cells
    letters: Cells


def draw(seed: int, kind: Kind | None = None, *, held_out: bool = False) -> Drawing:
    """The drawing with this seed, of a kind chosen by it unless given.

    With `held_out` its word, if it has one, is among those that are never drawn without.
    """
    if held_out and seed >= TRAINING_SEEDS:
        raise ValueError(f"seed {seed} is for training, which sees no held-out words")
    rng = Random(f"scene {seed}")
    (chosen,) = rng.choices(list(KINDS), list(KINDS.values()))
    kind = kind or chosen
    if kind == "texture":
        return _drawing(Scene(kind), photographed(backgrounds.texture(rng), rng))
    if kind == "dice":
        return _dice(rng)
    if kind in _TEXTS:
        text = words.word(rng, held_out=held_out) if kind == "word" else _TEXTS[kind](rng)
        return _printed(kind, text, rng)
    sketches = ARRANGEMENTS[kind](rng)
    return _shapes(kind, sketches, rng)


def _drawing(
    scene: Scene,
    picture: Image.Image,
    shapes: Cells | None = None,
    colours: Cells | None = None,
    letters: Cells | None = None,
) -> Drawing:
    cells = (_empty() if one is None else one for one in (shapes, colours, letters))
    return Drawing(scene, picture, *cells)


def _empty() -> Cells:
    return np.zeros((CELLS, CELLS), np.uint8)


def _shapes(kind: Kind, sketches: Sequence[Sketch], rng: Random) -> Drawing:
    alike = kind in ("count", "odd")
    tones = {colour: ink(colour, rng) for colour in sorted({one.colour for one in sketches})}
    sheet = backgrounds.paper(rng, avoid=list(tones.values()))
    style = pens.style(rng)
    lean = rng.uniform(-0.08, 0.08) if rng.random() < 0.25 else 0.0
    cover = Image.new("L", (_FINE, _FINE))
    pen = ImageDraw.Draw(cover)
    own: dict[str, Points] = {}
    for i, one in enumerate(sketches):
        # Things that are alike often are copies of each other, as when they were stamped.
        base = own.get(one.shape) if alike and rng.random() < 0.6 else None
        if base is None:
            base = own[one.shape] = outline(one.shape, rng)
        points = _placed(base, one, lean, rng)
        pens.apply(sheet, points * (SIDE * SCALE), tones[one.colour], style, rng)
        pen.polygon(pens.corners_of(points * _FINE), fill=i + 1)
        style = style if alike or rng.random() < 0.7 else pens.style(rng)
    things = tuple(
        Thing(one.shape, one.colour, one.size, *(round(at, 3) for at in one.place))
        for one in sketches
    )
    shapes, colours = _covered(np.asarray(cover), things)
    return _drawing(Scene(kind, things), finished(sheet, rng), shapes, colours)


def _placed(points: Points, one: Sketch, lean: float, rng: Random) -> Points:
    """The outline in parts of the picture, its extent's middle at the thing's place."""
    if rng.random() < 0.6:
        points = wobble(points, rng, rng.uniform(0.0, 0.06))
    points = points @ np.array([[1.0, lean], [0.0, 1.0]])
    points = points - (points.min(axis=0) + points.max(axis=0)) / 2
    scale = one.radius / math.sqrt(float((points**2).sum(axis=1).max()))
    placed: Points = points * scale + one.place
    return placed


def _covered(cover: Cells, things: Sequence[Thing]) -> tuple[Cells, Cells]:
    """What covers most of each patch; the patch of a thing's centre is always its own."""
    fine = _FINE // CELLS
    patches = cover.reshape(CELLS, fine, CELLS, fine)
    shapes, colours, most = _empty(), _empty(), np.full((CELLS, CELLS), _COVERED)
    for i, thing in enumerate(things):
        share = (patches == i + 1).mean((1, 3))
        share[int(thing.y * CELLS), int(thing.x * CELLS)] = 2.0
        here = share >= most
        shapes[here] = 1 + SHAPES.index(thing.shape)
        colours[here] = 1 + COLOURS.index(thing.colour)
        most = np.maximum(most, share)
    return shapes, colours


def _dice(rng: Random) -> Drawing:
    """One die, or two of which the left one is told first."""
    count = rng.choice((1, 2))
    pips = [rng.randint(1, 6) for _ in range(count)]
    tones = [dice.body(rng)] * count if rng.random() < 0.7 else [dice.body(rng) for _ in pips]
    sheet = backgrounds.paper(rng, avoid=[body for body, _ in tones])
    radius = rng.uniform(0.2, 0.44) if count == 1 else rng.uniform(0.19, 0.25)
    places, factor = placing.apart(rng, [radius] * count, fits=_left_to_right)
    for place, number, tone in zip(sorted(places), pips, tones, strict=True):
        dice.roll(sheet, place, radius * factor, number, tone, rng)
    return _drawing(Scene("dice", text=" + ".join(map(str, pips))), finished(sheet, rng))


def _left_to_right(places: list[Place]) -> bool:
    return len(places) == 1 or abs(places[0][0] - places[1][0]) > 0.17


_TEXTS: dict[Kind, Callable[[Random], str]] = {
    "word": lambda rng: words.word(rng, held_out=False),
    "number": words.number,
    "sum": words.sum_of_two,
}


def _printed(kind: Kind, text: str, rng: Random) -> Drawing:
    tone = _text_tone(rng)
    sheet = backgrounds.paper(rng, avoid=[tone])
    if rng.random() < 0.12:
        _sign(sheet, tone, rng)
    letters = _empty()
    for character, x, y in lettering.print_line(sheet, text, tone, rng):
        letters[int(y * CELLS), int(x * CELLS)] = 1 + LETTERS.index(character.lower())
    return _drawing(Scene(kind, text=text), finished(sheet, rng), letters=letters)


def _text_tone(rng: Random) -> Rgb:
    if rng.random() < 0.45:
        dark = rng.randint(0, 50)
        return dark, dark, dark
    return ink(rng.choice(COLOURS), rng)


def _sign(sheet: Image.Image, tone: Rgb, rng: Random) -> None:
    """A board behind the text, of a colour that it stands out from."""
    board = max((any_tone(rng) for _ in range(6)), key=lambda one: distance(one, tone))
    left, top, right, bottom = (rng.randint(2, 14) for _ in range(4))
    whole = SIDE * SCALE
    box = (left, top, whole - right, whole - bottom)
    ImageDraw.Draw(sheet).rounded_rectangle(box, rng.randint(0, 60), fill=board)
