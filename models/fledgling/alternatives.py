"""Phrases that hold alternatives, as "(Can|Could) you see (it|this)?": many wordings in one."""

import re
from collections.abc import Iterator
from random import Random

_ONE_OF = re.compile(r"\(([^()]*\|[^()]*)\)")


def chosen(rng: Random, phrase: str) -> str:
    """The phrase with one of each of its alternatives; these may hold others."""
    while found := _ONE_OF.search(phrase):
        phrase = phrase[: found.start()] + rng.choice(found[1].split("|")) + phrase[found.end() :]
    return phrase


def every(phrase: str) -> Iterator[str]:
    """All wordings that the phrase stands for."""
    found = _ONE_OF.search(phrase)
    if found is None:
        yield phrase
        return
    for one in found[1].split("|"):
        yield from every(phrase[: found.start()] + one + phrase[found.end() :])
