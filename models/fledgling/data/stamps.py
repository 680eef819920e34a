"""Tux Paint's stamps and Open Clip Art, whose files' names and descriptions say what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP, Concept, by_name
from models.fledgling.data.names import squeezed
from models.fledgling.data.pieces import Piece, share
from models.fledgling.data.sources import Source

HELD_OUT = 0.25
"""Of the labelled stamps that are photographs, what is kept for the test of photographs."""
_NO_STAMPS = (
    "symbols/alphabets",
    "symbols/math",
    "symbols/money",
    "people",
    "town/flags",
    "symbols/shapes",
    "symbols/chess",
    "symbols/music",
    "military",
    "town/roadsigns",
)
_CLIPART = (
    "animals",
    "food",
    "plants",
    "tools",
    "transportation",
    "recreation",
    "electronics",
    "buildings",
    "containers",
    "office",
    "education",
)
_MISLEADING_WORDS = (
    "orange bat ring seal drum drawing target crane cup palm watch mouth eye ear nose hand "
    "sweet arrow heart star cross tick box ball fly die fire pen bar sun mouse bolt iron "
    "diamond letter glass light chip chips cock ram bow plane pine"
)
_MISLEADING = frozenset(_MISLEADING_WORDS.split())
_NOT_SHOWN = re.compile(
    r"juice|lane|opposite|chicken_burger|scrath|clown|tux|arms|helmet|shoe|_bat|glove|bottle|pitch"
    r"|length|limit|cattle|duck_yellow_ii|cichlid|leash|bulletin|dulcimer|mute|theory|corks"
    r"|corn_dog|muffin|drawn_with|sea_lion|gnu|roast_turkey|rambutan|bunny-egg|easter_egg|garlic"
    r"|bulb_garlic|xmas|football_player|wheel_|edward|letterbox|postbox|mailbox|forklift|australian|post_box|electronics/mouse"
    r"|onion_rings|spider_sword|wreath|stop|^phone|spider_computer|angry_monkey|fondue|home1[0-5]|computer_bug|spider_football"
    r"|poultry|linked|burley|hot_?air|garbage|liberia|wine_corks"
)
"""Names of files that show something else than their first word, or a sign about it."""
_NUMBERS = {concept.name: number for number, concept in enumerate(CONCEPTS)}


def pieces(source: Source, folder: Path) -> Iterator[Piece]:
    """What a package of stamps or clip art shows, without the photographs that are held out."""
    if source.kind == "clipart":
        yield from _clipart(folder / "usr/share/openclipart/png")
        return
    for path, number in labelled_stamps(folder):
        if not (number >= 0 and is_photograph(path) and is_held_out(path)):
            subject = f"stamp {path.stem}" if number >= 0 else _plain(path)
            yield Piece(number, subject, file=path)


def labelled_stamps(folder: Path) -> Iterator[tuple[Path, int]]:
    """Each stamp and the number of what it shows; -1 when that has no name here."""
    root = folder / "usr/share/tuxpaint/stamps"
    for text in sorted(root.rglob("*.txt")):
        place = text.relative_to(root).as_posix()
        path = text.with_suffix(".png")
        path = path if path.is_file() else text.with_suffix(".svg")
        unclear = _NOT_SHOWN.search(place.casefold())
        if unclear or place.startswith(_NO_STAMPS) or not path.is_file():
            continue
        first = text.read_text(encoding="utf-8", errors="replace").splitlines()[:1]
        concept = _described(first[0] if first else "", text.stem)
        if concept is not None:
            yield path, _NUMBERS[concept.name]
        elif not _mentions(f"{place} {first}"):
            yield path, -1


def is_photograph(path: Path) -> bool:
    """Whether a stamp is a cut-out photograph: a bitmap without a drawing of the same name."""
    drawn = path.with_suffix(".svg").exists() or "cartoon" in path.parts
    return path.suffix == ".png" and not drawn and not path.stem.startswith("t_")


def is_held_out(path: Path) -> bool:
    """A fixed quarter, by name, so that two pictures of one animal stay together."""
    return share(f"photograph {_plain(path)}") < HELD_OUT


def _plain(path: Path) -> str:
    """A file's name without its number: the same word as an emoji's name of that thing."""
    return squeezed(re.sub(r"[-_]?\d+$", "", path.stem))


def _described(description: str, stem: str) -> Concept | None:
    """The concept that the description or the file's name is about."""
    words = re.split(r"[.!?;:—(]", description)[0].strip()
    candidates = [words, *(_last_words(words))]
    name = re.sub(r"[-_]?\d+$", "", re.sub(r"^t_", "", stem)).replace("_", " ").replace("-", " ")
    candidates += [name, *_last_words(name)]
    for candidate in candidates:
        concept = by_name(candidate)
        if concept is not None and concept.group != FLAG_GROUP:
            return concept
    return None


def _last_words(words: str) -> list[str]:
    """ "A red apple" is an apple: the last two words and the last one."""
    split = re.findall(r"[A-Za-z']+", words)
    if not split or re.search(r"\b(with|of|for|in|on|from|and|baby of)\b", words):
        return []
    return [" ".join(split[-2:]), split[-1]]


def _mentions(text: str) -> bool:
    """Whether a description has any word of a concept's name in it."""
    return any(
        (concept := by_name(word.rstrip("s"))) is not None and concept.group != FLAG_GROUP
        for word in re.findall(r"[a-z]+", text.casefold())
    )


def _clipart(root: Path) -> Iterator[Piece]:
    seen: set[str] = set()
    for group in _CLIPART:
        for path in sorted((root / group).rglob("*.png")):
            if path.stem in seen or "/signs" in path.as_posix():
                continue
            seen.add(path.stem)
            if _NOT_SHOWN.search(path.stem.casefold()):
                continue
            words = [word for word in re.split(r"[_\W\d]+", path.stem.casefold()) if word]
            if not words or path.stat().st_size > 400_000:
                continue
            concept = by_name(" ".join(words[:2])) or (
                by_name(words[0]) if words[0] not in _MISLEADING else None
            )
            if concept is not None and concept.group != FLAG_GROUP:
                yield Piece(_NUMBERS[concept.name], f"clipart {path.stem}", file=path)
