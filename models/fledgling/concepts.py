"""The words that the model knows: 300 everyday things, and the flags of the world.

They stand in `concepts.txt`, one a line; nothing else decides what a concept is called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("concepts.txt")
FLAG_GROUP = "flag"


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that a picture can show."""

    name: str
    """Unique: "cat", "flag of France"."""
    said: str
    """As it stands in a sentence: "a cat", "grapes", "the flag of France"."""
    group: str
    synonyms: tuple[str, ...] = ()
    """Other words that are also right, without an article."""


def read(path: Path) -> tuple[Concept, ...]:
    """The concepts of a file in the order of their lines."""
    concepts: list[Concept] = []
    group = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = line[3:]
        elif line and not line.startswith("#"):
            name, said, *others = (part.strip() for part in line.split("|"))
            synonyms = tuple(word.strip() for word in others[0].split(",")) if others else ()
            concepts.append(Concept(name, said, group, synonyms))
    return tuple(concepts)


def normalised(words: str) -> str:
    """Words without case, article, hyphens and closing marks: "The T-shirt." is "t shirt"."""
    plain = re.sub(r"[-\s]+", " ", words.casefold().strip(' .,!?"“”')).strip()
    return re.sub(r"^(?:an?|the) ", "", plain.replace("’", "'").replace("of the ", "of "))


CONCEPTS = read(LIST)
"""A concept's number is its place here."""
THINGS = tuple(concept for concept in CONCEPTS if concept.group != FLAG_GROUP)
FLAGS = tuple(concept for concept in CONCEPTS if concept.group == FLAG_GROUP)

_BY_NAME = {
    normalised(words): concept
    for concept in reversed(CONCEPTS)
    for words in (*reversed(concept.synonyms), concept.said, concept.name)
}


def by_name(words: str) -> Concept | None:
    """The concept of that name or synonym, whatever its case, article or hyphens."""
    return _BY_NAME.get(normalised(words))
