"""Whether an answer is right: case, articles, punctuation and listed synonyms do not count."""

import re
from collections.abc import Callable
from functools import lru_cache

from models.fledgling.concepts import CONCEPTS, Concept, by_name, normalised

Judge = Callable[[str, str], bool]  # of what was told and what is true

_OPENING = re.compile(
    r"^(?:(?:yes|no|well)\b[,.!]? *)?"
    r"(?:i can be wrong,? but *)?"
    r"(?:i (?:can )?see|(?:it|this|that) is|it's|(?:they|these|those) are|there (?:is|are))\b *",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"\b(?:an?|the)\b")


def refused(told: str) -> bool:
    """Whether an answer says that it does not know."""
    return "not sure" in told.casefold()


def named(told: str) -> frozenset[str]:
    """The concepts that an answer names; what is no concept stays as its own words.

    Empty for refusals and for answers without words.
    """
    if refused(told):
        return frozenset()
    said = _OPENING.sub("", told.strip()).rstrip(" .!?")
    if not normalised(said):
        return frozenset()
    return frozenset(_each(said))


def names_all(told: str, truth: str) -> bool:
    """Whether an answer names what the true one names, all of it and nothing else."""
    return bool(named(truth)) and named(told) == named(truth)


def same_sentence(told: str, truth: str) -> bool:
    """Whether two answers are the same sentence, whichever words their things go by."""
    return canonical(told) == canonical(truth)


def same_reading(told: str, truth: str) -> bool:
    """Whether the same was read: every letter counts, its case does not."""
    return _spoken(told) == _spoken(truth)


def says_all(told: str, truth: str) -> bool:
    """Whether an answer has every fact, separated by bars, that is wanted of it."""
    told = told.casefold()
    return all(fact.strip().casefold() in told for fact in truth.split("|"))


def refuses(told: str, truth: str) -> bool:
    """Whether an answer refuses, whatever the truth."""
    return refused(told)


@lru_cache(maxsize=1 << 14)
def canonical(answer: str) -> str:
    """An answer in lower case, without articles and punctuation, its things by their names."""
    words = re.sub(r"[^\w\s+-]|-(?!\s|\d)", " ", answer.casefold().replace("’", "'"))
    words = re.sub(r"\bcolor(?=s?\b|ed\b)", "colour", _ARTICLES.sub(" ", words))
    return _SYNONYMS.sub(lambda found: _NAME_OF[found[0]], " ".join(words.split()))


def _spoken(answer: str) -> str:
    return " ".join(re.sub(r"[^\w\s+-]", " ", answer.casefold()).split())


def _each(said: str) -> list[str]:
    """Names in a list; those that hold an "and" themselves are kept whole."""
    if whole := by_name(said):
        return [whole.name]
    for join in re.finditer(r",? and |, ", said):
        if first := by_name(said[: join.start()]):
            return [first.name, *_each(said[join.end() :])]
    return [normalised(said)]


def _plain(words: str) -> str:
    return " ".join(_ARTICLES.sub(" ", re.sub(r"[^\w\s]", " ", words.casefold())).split())


def _names() -> dict[str, str]:
    """What each concept's synonyms stand for, as far as no other concept goes by that name."""
    own: dict[str, Concept] = {_plain(one.name): one for one in CONCEPTS}
    return {
        plain: _plain(concept.name)
        for concept in CONCEPTS
        for words in (*concept.synonyms, concept.said)
        if (plain := _plain(words)) not in own and by_name(words) is concept
    }


_NAME_OF = _names()
_SYNONYMS = re.compile(
    r"\b(?:" + "|".join(map(re.escape, sorted(_NAME_OF, key=len, reverse=True))) + r")\b"
)
