"""Which artwork shows which concept: reads `names.txt`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP

LIST = Path(__file__).with_name("names.txt")
_VARIANTS_WORDS = (
    "fill filled bold solid duotone outline outlined rounded line thin light sharp flat linear "
    "broken round regular stroke twotone color alt"
)
VARIANTS = frozenset(_VARIANTS_WORDS.split())


@dataclass(frozen=True, slots=True)
class Names:
    """Concept numbers by what artwork calls them."""

    emoji: dict[str, int]
    """By code points in hex, joined by hyphens, without variation selectors."""
    icons: dict[str, int]
    """By name in an icon set."""
    countries: dict[str, int]
    """Flags by country code."""
    ignored: frozenset[str]
    """Names of emoji that are neither known nor strange."""


def code(emoji: str) -> str:
    """An emoji's code points: "1f43b-2744" (a polar bear has a joiner: "1f43b-200d-2744")."""
    return "-".join(f"{ord(point):x}" for point in emoji if point != "\ufe0f")


def squeezed(name: str) -> str:
    """A name without hyphens and case, for sets that write "alarmclock"."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def bare(name: str) -> str:
    """An icon's name without the words and numbers that tell variants apart."""
    parts = name.split("-")
    while len(parts) > 1 and (parts[-1] in VARIANTS or re.fullmatch(r"\d+(px)?", parts[-1])):
        parts.pop()
    return "-".join(parts)


def read_names(path: Path = LIST) -> Names:
    """The table, with concepts as their numbers."""
    numbers = {concept.name: number for number, concept in enumerate(CONCEPTS)}
    flags = {concept.name for concept in CONCEPTS if concept.group == FLAG_GROUP}
    emoji: dict[str, int] = {}
    icons: dict[str, int] = {}
    countries: dict[str, int] = {}
    ignored: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, *columns = (part.strip() for part in line.split("|"))
        if name == "-":
            ignored.update(columns[0].split())
        elif name in flags:
            countries[columns[0]] = numbers[name]
        else:
            emoji.update({code(each): numbers[name] for each in columns[0].split()})
            icons.update(dict.fromkeys(columns[1].split(), numbers[name]))
    return Names(emoji, icons, countries, frozenset(ignored))
