"""Photographs as small squares: some with what they show, many without a name for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP, by_name
from models.fledgling.data import stamps
from models.fledgling.data.fetching import fetch
from models.fledgling.data.pieces import share
from models.fledgling.data.resources import read_resources
from models.fledgling.data.sources import ARTWORK, PHOTOGRAPHS

SIDE = 176
"""Pixels a side."""
TRAIN, HELD_OUT = 0, 1
_HELD_OUT = 0.25
_CROPS = 8
"""Squares of one wallpaper."""
_FREE = re.compile(r"CC-BY(-SA)?-\d\.\d|CC-?0(-1\.0)?|public-domain", re.IGNORECASE)
_NAMES = {
    "kitten": "cat", "calf": "cow", "camels": "camel", "swans": "swan", "macaque": "monkey",
    "longnosedmonkey": "monkey", "gibbon": "monkey", "scarletmacaw": "parrot", "gosling": "",
    "northernharrier": "eagle", "flyingfox": "bat", "chamaeleon": "lizard",
    "chameleon": "lizard", "cheetah": "", "jaguar": "", "dragon": "", "alpaca": "",
    "gorilla": "", "redpanda": "", "polarbear": "", "bulb": "light bulb",
    "wrench": "spanner", "claw hammer": "hammer",
}  # fmt: skip
_ACTIVITIES = (
    "categorization",
    "erase",
    "explore_farm_animals",
    "explore_monuments",
    "explore_world_animals",
)
_KNOWN_WITHIN = re.compile(
    r"^(aitzgorri|friends|greentock|picosdeeuropa|free|Wine|Picture_1A|Kleiber|sunset)_by_"
)
"""Wallpapers with a mountain, a dog, a clock, …: too large a part of them shows something known."""
_UNCLEAR = frozenset({"cathedral", "lemusee", "operahouse", "zimnipalace", "spoons", "cup"})
"""Photographs of something that looks like a known thing, or that has more than one name."""
_NUMBERS = {concept.name: number for number, concept in enumerate(CONCEPTS)}


@dataclass(frozen=True, slots=True)
class Photographs:
    """m photographs."""

    pixels: NDArray[np.uint8]
    """[m, 176, 176, 3] RGB."""
    concept: NDArray[np.int64]
    """[m] number in CONCEPTS; -1: nothing that is claimed, or nobody said."""
    split: NDArray[np.int64]
    """[m] TRAIN or HELD_OUT."""


def load_photographs(folder: Path) -> Photographs:
    """What `build_photographs` wrote; the pixels stay on disk until they are used."""
    table = np.load(folder / "photographs.npz")
    shape = (len(table["concept"]), SIDE, SIDE, 3)
    pixels = np.memmap(folder / "photographs.pixels", np.uint8, "r", shape=shape)
    return Photographs(pixels, table["concept"], table["split"])


def build_photographs(folder: Path, packages: Path) -> None:
    """Cut all photographs to squares and write them down; at once when that was done."""
    if (folder / "photographs.npz").is_file():
        return
    walls = list(_wallpapers(packages))
    rows = [*_named(packages), *walls, *_stamps(packages, [wall for _c, _s, wall in walls])]
    pixels_file, table_file = folder / "photographs.pixels.new", folder / "photographs.new.npz"
    with pixels_file.open("wb") as file:
        for _concept, _split, pixels in rows:
            file.write(pixels.tobytes())
    np.savez(
        table_file,
        concept=np.array([concept for concept, _split, _pixels in rows], np.int64),
        split=np.array([split for _concept, split, _pixels in rows], np.int64),
    )
    pixels_file.replace(folder / "photographs.pixels")
    table_file.replace(folder / "photographs.npz")


Row = tuple[int, int, NDArray[np.uint8]]


def square(
    picture: Image.Image, x: float = 0.5, y: float = 0.5, part: float = 1.0
) -> NDArray[np.uint8]:
    """A square of `part` of the shorter side, at x, y of the room there is for it (0..1)."""
    side = round(min(picture.size) * part)
    left, top = round((picture.width - side) * x), round((picture.height - side) * y)
    cut = picture.convert("RGB").crop((left, top, left + side, top + side))
    return np.asarray(cut.resize((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0))


def free_files(stated: str) -> frozenset[str]:
    """Names (no folder, no ending) of the files whose own licence is free.

    Reads Debian's copyright files and GCompris's READMEs, which name a licence and files alike.
    """
    free: set[str] = set()
    for paragraph in re.split(r"\n\s*\n", stated):
        licence = re.search(r"^License: *(.+)$", paragraph, re.MULTILINE)
        files = re.search(r"^Files:((?:.|\n)+?)(?=^\w+: |\Z)", paragraph, re.MULTILINE)
        if licence and files and _FREE.fullmatch(re.sub(r"\s+", "-", licence[1].strip())):
            free.update(Path(file).stem for file in files[1].split())
    return frozenset(free)


def _named(packages: Path) -> Iterator[Row]:
    """GCompris's photographs, of those alone that have a free licence of their own."""
    root = fetch(PHOTOGRAPHS[0], packages)
    stated = (root / "usr/share/doc/gcompris-qt-data/copyright").read_text("utf-8")
    for activity in _ACTIVITIES:
        path = root / f"usr/share/gcompris-qt/rcc/{activity}.rcc"
        files = dict(read_resources(path.read_bytes()))
        readmes = [content.decode() for name, content in files.items() if "README" in name]
        free = free_files("\n\n".join((stated, *readmes)))
        for name, content in sorted(files.items()):
            stem = Path(name).stem
            if not name.endswith(".webp") or stem not in free or stem.casefold() in _UNCLEAR:
                continue
            with Image.open(BytesIO(content)) as picture:
                whole = picture.convert("RGBA")
            paper = Image.new("RGBA", whole.size, "white")
            paper.alpha_composite(whole)
            number = concept_of(stem)
            split = HELD_OUT if share(f"photograph {stem}") < _HELD_OUT else TRAIN
            yield number, split, square(paper)


def concept_of(stem: str) -> int:
    """The number of what a photograph's name says; -1 for a name that is not a concept's."""
    words = re.sub(r"\d+$", "", stem).replace("_", "")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).casefold()
    if words in _NAMES:
        return _NUMBERS.get(_NAMES[words], -1)
    for candidate in (words, words.replace(" ", ""), words.split()[-1] if words else ""):
        concept = by_name(candidate)
        if concept is not None and concept.group != FLAG_GROUP:
            return _NUMBERS[concept.name]
    return -1


def _wallpapers(packages: Path) -> Iterator[Row]:
    """Squares of wallpapers of several sizes; a whole wallpaper is of one split."""
    for source in PHOTOGRAPHS[1:]:
        root = fetch(source, packages)
        for path in sorted(root.rglob("*.jpg")):
            if path.is_symlink() or _KNOWN_WITHIN.match(path.name):
                continue
            split = HELD_OUT if share(f"photograph {path.stem}") < _HELD_OUT else TRAIN
            rng = np.random.default_rng(int(share(path.stem) * 2**32))
            with Image.open(path) as picture:
                picture.draft("RGB", (1600, 1600))
                for _ in range(_CROPS):
                    x, y, part = rng.random(), rng.random(), rng.uniform(0.3, 1.0)
                    yield -1, split, square(picture, x, y, part)


def _stamps(packages: Path, walls: list[NDArray[np.uint8]]) -> Iterator[Row]:
    """The cut-out photographs that are held out of the artwork, before paper or a wallpaper."""
    source = next(source for source in ARTWORK if source.kind == "stamps")
    for path, number in stamps.labelled_stamps(fetch(source, packages)):
        if number < 0 or not (stamps.is_photograph(path) and stamps.is_held_out(path)):
            continue
        rng = np.random.default_rng(int(share(path.stem) * 2**32))
        with Image.open(path) as picture:
            subject = picture.convert("RGBA")
        subject = subject.crop(subject.getchannel("A").getbbox())
        subject.thumbnail((int(SIDE * 0.9),) * 2, Image.Resampling.LANCZOS)
        behind = Image.new(
            "RGB", (SIDE, SIDE), tuple(int(each) for each in rng.integers(200, 256, 3))
        )
        if walls and rng.random() < 0.5:
            behind = Image.fromarray(walls[rng.integers(len(walls))])
        behind.paste(subject, ((SIDE - subject.width) // 2, (SIDE - subject.height) // 2), subject)
        yield number, HELD_OUT, np.asarray(behind)
