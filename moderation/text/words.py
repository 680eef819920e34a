"""Finds words and phrases of lists, however they are disguised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chat.moderation import Finding
from moderation.checks import Said, Subject
from moderation.text.matcher import WordMatcher
from moderation.text.normalising import readings
from moderation.text.patterns import BadPattern, Patterns
from moderation.text.word_lists import BadWordList, WordList

MOST_EVIDENCE = 5
LONGEST_EVIDENCE = 80  # characters


class WordsCheck:
    """One finding for each message and category, with the score of its gravest list.

    Raises `BadWordList` where an entry or a pattern cannot be searched for.
    """

    name = "words"

    def __init__(self, lists: Sequence[WordList]) -> None:
        self._lists = tuple(lists)
        self._matcher = WordMatcher(self._lists)
        self._owners = [n for n, each in enumerate(lists) for _ in each.patterns]
        try:
            self._patterns = Patterns([one for each in lists for one in each.patterns])
        except BadPattern as error:
            raise BadWordList(str(error)) from error

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """What is found in the new words."""
        return [finding for said in subject.new for finding in self._findings(said, subject)]

    def _findings(self, said: Said, subject: Subject) -> Iterator[Finding]:
        found: dict[str, list[tuple[float, str]]] = {}
        for number, written in dict.fromkeys(self._matches(said.text)):
            words = self._lists[number]
            if words.speaks(subject.language):
                found.setdefault(words.category, []).append((words.score, written))
        for category, matches in found.items():
            gravest = sorted(matches, key=lambda match: -match[0])
            evidence = dict.fromkeys(written[:LONGEST_EVIDENCE] for _, written in gravest)
            yield Finding(
                check=self.name,
                category=category,
                score=gravest[0][0],
                side=subject.side,
                evidence=tuple(evidence)[:MOST_EVIDENCE],
                message_id=said.message_id,
            )

    def _matches(self, text: str) -> Iterator[tuple[int, str]]:
        """The number of the list and the words as they were written."""
        all_readings = readings(text)
        for reading in all_readings:
            for match in self._matcher.search(reading.words):
                yield match.number, match.written
        plain = all_readings[0].view
        for number in self._patterns.matching(plain.text):
            for start, end in self._patterns.found(plain.text, number=number):
                yield self._owners[number], plain.written(start, end)
