"""Finds thousands of words and phrases in one pass over a text (Aho and Corasick, 1975)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick
from msgspec import Struct

from moderation.text.letters import WORD
from moderation.text.normalising import Normalised, normalise
from moderation.text.word_lists import BadWordList, WordList

# Written without spaces between words, so that an entry may stand anywhere.
SPACELESS = frozenset({"zh", "ja", "th", "lo", "km", "my"})


class Match(Struct, frozen=True):
    """An entry of the list with this number, where it stands in the words of the text (see
    `Reading`), and as it was written."""

    number: int
    start: int
    end: int
    written: str


class WordMatcher:
    """All entries of all lists in one automaton. Entries are folded like the text."""

    def __init__(self, lists: Sequence[WordList]) -> None:
        entries: dict[str, set[tuple[int, bool]]] = {}
        for number, each in enumerate(lists):
            for words, counts in ((each.words, True), (each.exceptions, False)):
                for word in words:
                    key = _entry(word, language=each.language)
                    entries.setdefault(key, set()).add((number, counts))
        self._meanings = [sorted(meaning) for meaning in entries.values()]
        self._automaton = AhoCorasick(list(entries)) if entries else None

    def search(self, words: Normalised) -> list[Match]:
        """What is found in the words of a reading, without what lies inside exceptions."""
        if self._automaton is None:
            return []
        spans = self._automaton.find_matches_as_indexes(words.text, overlapping=True)
        found = [
            (number, counts, start, end)
            for entry, start, end in spans
            for number, counts in self._meanings[entry]
        ]
        spared = _Exceptions([(n, start, end) for n, counts, start, end in found if not counts])
        return [
            _match(words, number=number, start=start, end=end)
            for number, counts, start, end in found
            if counts and not spared.cover(number, start, end)
        ]


def _match(words: Normalised, *, number: int, start: int, end: int) -> Match:
    """Without the spaces that only show where words begin and end."""
    text = words.text
    if text[start] == " " != text[end - 1]:  # more letters may follow: all of the word is shown
        end = text.index(" ", end)
    start += text[start] == " "
    end -= text[end - 1] == " "
    return Match(number=number, start=start, end=end, written=words.written(start, end))


class _Exceptions:
    """Where exceptions of each list stand; asked in logarithmic time."""

    def __init__(self, spans: Sequence[tuple[int, int, int]]) -> None:
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}  # the furthest end of those that start so early
        for number, start, end in sorted(spans):
            ends = self._ends.setdefault(number, [])
            ends.append(max(end, ends[-1]) if ends else end)
            self._starts.setdefault(number, []).append(start)

    def cover(self, number: int, start: int, end: int) -> bool:
        """Whether an exception of this list lies around the stretch."""
        before = bisect_right(self._starts.get(number, ()), start)
        return before > 0 and self._ends[number][before - 1] >= end


def _entry(word: str, *, language: str) -> str:
    """How an entry is searched: between spaces, but where it may have more letters beside it."""
    bare = word.strip("* ")
    folded = " ".join(WORD.findall(normalise(bare).text))
    if not folded:
        raise BadWordList(f"{word!r} has no letter or digit to search for")
    anywhere = language in SPACELESS and not folded.isascii()
    before = "" if anywhere or word.strip().startswith("*") else " "
    after = "" if anywhere or word.strip().endswith("*") else " "
    return f"{before}{folded}{after}"
