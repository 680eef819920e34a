"""Which pieces of artwork a package holds, and what each of them shows."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypedDict

from models.fledgling.concepts import CONCEPTS
from models.fledgling.data.names import Names, bare, squeezed
from models.fledgling.data.sources import Source

STRANGE_GROUPS = (
    "Animals & Nature",
    "Food & Drink",
    "Travel & Places",
    "Activities",
    "Objects",
)
ICONS_EACH = 2
"""Variants of an icon of one set, such as an outline and a filled one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of artwork before it is drawn."""

    concept: int
    """Number in CONCEPTS; -1: something unknown."""
    subject: str
    """Same for the same emoji in every style."""
    svg: str = ""
    file: Path | None = None


class _Icon(TypedDict, total=False):
    body: str
    width: float
    height: float
    left: float
    top: float


class _Set(TypedDict, total=False):
    icons: dict[str, _Icon]
    width: float
    height: float


def share(key: str) -> float:
    """A fixed number of [0, 1) that a word always has."""
    return int.from_bytes(blake2b(key.encode(), digest_size=6).digest(), "big") / 2**48


@dataclass(frozen=True, slots=True)
class Emoji:
    """What emoji are called, from the sets that give code points too."""

    names: dict[str, str]
    """The squeezed name -> the code."""
    called: dict[str, str]
    """The code -> its usual name."""
    strange: frozenset[str]
    """Codes of what is neither a known thing nor like one."""


def emoji_names(folders: list[Path], names: Names) -> Emoji:
    """Join the code points and groups of several sets; the first set's name is the usual one."""
    called: dict[str, str] = {}
    by_name: dict[str, str] = {}
    grouped: set[str] = set()
    for folder in folders:
        for point, name in _characters(folder).items():
            called.setdefault(point, name)
            by_name.setdefault(squeezed(name), point)
        groups = _groups(folder)
        grouped.update(name for group in STRANGE_GROUPS for name in groups.get(group, ()))
    known = {called[point] for point in names.emoji if point in called}
    strange = {
        point
        for point, name in called.items()
        if name in grouped and name not in known | names.ignored and point not in names.emoji
    }
    return Emoji(by_name, called, frozenset(strange))


def pieces(source: Source, folder: Path, names: Names, emoji: Emoji) -> Iterator[Piece]:
    """Everything of a package that shows a concept or something unknown."""
    if source.kind == "emoji-files":
        for path in sorted((folder / "assets").glob("*.webp")):
            point = path.stem.replace("-fe0f", "")
            if (piece := _of_emoji(point, names, emoji)) is not None:
                yield Piece(piece.concept, piece.subject, file=path)
        return
    icons = _icons(folder)
    if source.kind == "emoji":
        matched = _emoji_set(icons, folder, names, emoji)
    elif source.kind == "icons":
        matched = _icon_set(icons, names, emoji)
    else:
        matched = _flag_set(icons, names)
    for name, piece in matched:
        yield Piece(piece.concept, piece.subject, svg=_svg(icons, name))


def _of_emoji(point: str, names: Names, emoji: Emoji) -> Piece | None:
    if (concept := names.emoji.get(point)) is not None:
        return Piece(concept, emoji.called.get(point, point))
    if (concept := names.countries.get(_country(point))) is not None:
        return Piece(concept, point)
    if point in emoji.strange:
        return Piece(-1, squeezed(emoji.called[point]))
    return None


def _country(point: str) -> str:
    """The country code of a flag emoji's code points; empty for any other emoji."""
    points = [int(each, 16) for each in point.split("-") if each]
    if len(points) == 2 and all(0x1F1E6 <= each <= 0x1F1FF for each in points):
        return "".join(chr(each - 0x1F1E6 + ord("a")) for each in points)
    if len(points) > 5 and points[0] == 0x1F3F4 and points[-1] == 0xE007F:
        tag = "".join(chr(each - 0xE0000) for each in points[1:-1])
        return f"{tag[:2]}-{tag[2:]}"
    return ""


def _emoji_set(
    icons: _Set, folder: Path, names: Names, emoji: Emoji
) -> Iterator[tuple[str, Piece]]:
    points = {name: point for point, name in _characters(folder).items()}
    if points:
        for name in icons["icons"]:
            if (piece := _of_emoji(points.get(name, ""), names, emoji)) is not None:
                yield name, piece
        return
    known = {squeezed(name): concept for name, concept in names.icons.items()}
    known |= _flags_by_name(names)
    for name in icons["icons"]:
        plain = squeezed(
            re.sub(r"-?\d+$", "", name.removeprefix("flag-for-").removeprefix("flag-"))
        )
        point = emoji.names.get(squeezed(name)) or emoji.names.get(plain)
        if point is not None:
            piece = _of_emoji(point, names, emoji)
        else:
            piece = Piece(known[plain], plain) if plain in known else None
        if piece is not None:
            yield name, piece


def _flags_by_name(names: Names) -> dict[str, int]:
    found: dict[str, int] = {}
    for number in names.countries.values():
        for name in (CONCEPTS[number].name, *CONCEPTS[number].synonyms):
            word = squeezed(name.removeprefix("flag of ").removeprefix("the "))
            if word not in {"turkey", "chad", "monaco"}:
                found[word] = number
    return found


def _icon_set(icons: _Set, names: Names, emoji: Emoji) -> Iterator[tuple[str, Piece]]:
    """Icons of known things, and of those that are emoji too: logos and the like are neither."""
    taken: Counter[str] = Counter()
    strange = {squeezed(emoji.called[point]) for point in emoji.strange}
    for name in sorted(icons["icons"], key=lambda each: (len(each), each)):
        plain = bare(name)
        concept = names.icons.get(plain, -1)
        if (concept >= 0 or squeezed(plain) in strange) and taken[plain] < ICONS_EACH:
            taken[plain] += 1
            yield name, Piece(concept, squeezed(plain))


def _flag_set(icons: _Set, names: Names) -> Iterator[tuple[str, Piece]]:
    for name in icons["icons"]:
        plain = name.removesuffix("-4x3").removesuffix("-1x1")
        if (concept := names.countries.get(plain)) is not None:
            yield name, Piece(concept, plain)


def _svg(icons: _Set, name: str) -> str:
    icon = icons["icons"][name]
    width = icon.get("width", icons.get("width", 16))
    height = icon.get("height", icons.get("height", 16))
    box = f"{icon.get('left', 0)} {icon.get('top', 0)} {width} {height}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="{box}" color="black">{icon["body"]}</svg>'
    )


@cache
def _icons(folder: Path) -> _Set:
    loaded: _Set = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    return loaded


def _characters(folder: Path) -> dict[str, str]:
    """Code points -> name, without variation selectors; nothing where a set does not give them."""
    if not (folder / "chars.json").is_file():
        return {}
    loaded: dict[str, str] = json.loads((folder / "chars.json").read_text(encoding="utf-8"))
    return {points.replace("-fe0f", ""): name for points, name in loaded.items()}


def _groups(folder: Path) -> dict[str, list[str]]:
    """Group -> names of the emoji in it."""
    loaded = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = loaded["categories"]
    return groups
