"""Finds floods: the same thing said again and again, or one thing repeated inside a message."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chat.moderation import Category, Finding, Side
from moderation.checks import Said, Subject
from moderation.text.letters import WORD
from moderation.text.normalising import normalise

LOOKED_BACK = 20  # earlier messages of the same person
ALIKE = 0.8  # Jaccard similarity of shingles from which two texts count as nearly the same
SHINGLE = 5  # characters
SHORT = 12  # "yes", "go on", "weiter": said often, and meant
REPEATS, SHORT_REPEATS = 3, 8  # earlier ones from which it is a flood
SHORTEST_MASS = 300  # characters
# How many times smaller zlib makes a text: prose 1.5 to 3, tables and logs up to 8.
DENSITY = 14.0
COMPARED = 4000  # characters of a text


class RepetitionCheck:
    """One finding for each message that repeats earlier ones or itself. What the assistant says
    again is its own business: only a person's words are looked at."""

    name = "repetition"

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """What is found in the new words of a question."""
        if subject.side is not Side.QUESTION:
            return ()
        earlier = [said for said in subject.before if said.speaker is Side.QUESTION]
        return list(self._findings(subject, earlier))

    def _findings(self, subject: Subject, earlier: list[Said]) -> Iterator[Finding]:
        for number, said in enumerate(subject.new):
            before = [*earlier, *subject.new[:number]][-LOOKED_BACK:]
            again = sum(alike(said.text, other.text) for other in before)
            score = max(_repeated(said.text, again=again), _mass(said.text))
            if score:
                yield Finding(
                    check=self.name,
                    category=Category.FLOOD,
                    score=score,
                    side=subject.side,
                    evidence=(said.text.strip()[:80],),
                    message_id=said.message_id,
                )


def _repeated(text: str, *, again: int) -> float:
    """From 0.5 at the first repetition that is too many to 0.9."""
    enough = SHORT_REPEATS if len(text.strip()) < SHORT else REPEATS
    return min(0.5 + 0.1 * (again - enough), 0.9) if again >= enough else 0.0


def _mass(text: str) -> float:
    """How much a message repeats itself, from how much smaller it can be written."""
    if len(text) < SHORTEST_MASS:
        return 0.0
    plain = text[:COMPARED].encode()
    density = len(plain) / len(zlib.compress(plain, 1))
    return min(0.5 + (density - DENSITY) / 50, 0.9) if density >= DENSITY else 0.0


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same or nearly so, whatever their case, signs and spaces."""
    if not 0.6 <= (len(one) + 1) / (len(other) + 1) <= 1.7:
        return False
    ours, theirs = _shingles(one[:COMPARED]), _shingles(other[:COMPARED])
    if not ours or not theirs:
        return one.strip() == other.strip()
    if not ALIKE <= len(ours) / len(theirs) <= 1 / ALIKE:
        return False
    common = len(ours & theirs)
    return common >= ALIKE * (len(ours) + len(theirs) - common)


@lru_cache(maxsize=512)
def _shingles(text: str) -> frozenset[str]:
    """All stretches of some letters, words run together; none where there is no word."""
    letters = "".join(WORD.findall(normalise(text).text))
    ends = range(max(len(letters) - SHINGLE, 0) + 1)
    return frozenset([letters[n : n + SHINGLE] for n in ends]) if letters else frozenset()
