"""What in a text speaks of an attempt to steer the model: concepts that stand together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from moderation.text.matcher import Match, WordMatcher
from moderation.text.normalising import Normalised
from moderation.text.word_lists import WordList

# Concepts that say something only together, within so many characters.
OVERRIDE = ("override", "prior", "rules")
REQUEST = ("reveal", "own", "prompt")
NEAR = 60
OVERRIDE_WEIGHT, REQUEST_WEIGHT, HARMLESS_WEIGHT = 0.75, 0.6, 0.3
# Other ways to say the same, which do not count twice.
_SAME_KIND = {"forget-all": "override", "ask": "reveal", "ethics": "no-limits", "soft": "comply"}
# Each further phrase of the same concept adds a little, up to this.
FURTHER, MOST_FURTHER = 0.06, 0.18
MOST_MATCHES = 3000  # of one text; more say nothing new


class Signal(Struct, frozen=True):
    """One thing that was seen: what kind, what it is worth between 0 and 1, where in the source
    it begins and ends, and in which words. Of one kind the strongest counts."""

    kind: str
    weight: float
    start: int
    end: int
    written: str


class Concepts:
    """The words of all languages, searched at once."""

    def __init__(self, lists: Sequence[WordList]) -> None:
        self._lists = tuple(lists)
        self._matcher = WordMatcher(self._lists)

    def signals(self, words: Normalised) -> list[Signal]:
        """Everything that the words of one reading say, unweighed."""
        matches = sorted(self._matcher.search(words)[:MOST_MATCHES], key=lambda m: (m.start, m.end))
        places = _Places(words, matches, self._lists)
        return [*places.phrases(), *places.together(OVERRIDE), *places.together(REQUEST)]


class _Places:
    """Where the concepts of each language stand in one text."""

    def __init__(
        self, words: Normalised, matches: Iterable[Match], lists: Sequence[WordList]
    ) -> None:
        self._words = words
        self._lists = lists
        self._by: dict[tuple[str, str], list[Match]] = {}
        for match in matches:
            each = lists[match.number]
            self._by.setdefault((each.category, each.language), []).append(match)

    def phrases(self) -> Iterator[Signal]:
        """Phrases that say something alone, and `about`, which says that it is talked about."""
        for (concept, _), matches in self._by.items():
            weight = self._lists[matches[0].number].score
            distinct = len({match.written.casefold() for match in matches})
            kind = _SAME_KIND.get(concept, concept)
            if weight:
                weight += min(FURTHER * (distinct - 1), MOST_FURTHER)
            if weight or concept == "about":
                yield self._signal(kind, weight, matches[0].start, matches[0].end)

    def together(self, concepts: tuple[str, str, str]) -> Iterator[Signal]:
        """Where one word of each of the three stands near the last one, in the same language."""
        doing, which, what = concepts
        for concept, language in list(self._by):
            if concept != what:
                continue
            verbs = self._by.get((doing, language), [])
            owners = self._by.get((which, language), [])
            for noun in self._by[concept, language]:
                verb, owner = _nearest(verbs, noun), _nearest(owners, noun)
                if verb and owner:
                    start = min(noun.start, verb.start, owner.start)
                    end = max(noun.end, verb.end, owner.end)
                    yield self._signal(doing, self._weight(doing, start, end, language), start, end)

    def _weight(self, concept: str, start: int, end: int, language: str) -> float:
        """Less where somebody speaks of what they said themselves, or of a recipe's steps."""
        for match in self._by.get(("harmless", language), []):
            if match.start <= end and start - 12 <= match.start:
                return HARMLESS_WEIGHT
        return OVERRIDE_WEIGHT if concept == OVERRIDE[0] else REQUEST_WEIGHT

    def _signal(self, kind: str, weight: float, start: int, end: int) -> Signal:
        origins = self._words.origins
        return Signal(
            kind=kind,
            weight=weight,
            start=origins[start],
            end=origins[end],
            written=self._words.written(start, end),
        )


def _nearest(matches: Sequence[Match], noun: Match) -> Match | None:
    """The match nearest to the noun that does not lie within it, if it is near at all."""
    place = bisect_left(matches, noun.start, key=lambda match: match.start)
    around = [*matches[max(0, place - 3) : place], *matches[place : place + 3]]
    apart = [each for each in around if _gap(each, noun) >= -1]
    best = min(apart, key=lambda each: _gap(each, noun), default=None)
    return best if best and _gap(best, noun) <= NEAR else None


def _gap(one: Match, other: Match) -> int:
    """Characters between two stretches; less than -1 where they overlap in more than a space."""
    return max(one.start, other.start) - min(one.end, other.end)
