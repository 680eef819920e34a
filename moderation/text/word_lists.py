"""Lists of words: what one is, how it is written in a file, and those that ship."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from msgspec import Struct

from chat.errors import AssistantError

_HEADING = re.compile(r"\[(?P<category>[\w-]+)(?: (?P<score>[\d.]+))?(?P<only> only)?\]")
_EXCEPT = "except"


class BadWordList(AssistantError):
    """A list that cannot be used; the message says which line or entry, and why."""


class WordList(Struct, frozen=True):
    """Words of one language and category, and what a finding of one is worth.

    A word or phrase is found whole, whatever its case, look-alike letters or spelling with digits;
    `*` at an end says that more letters may follow (or precede). In languages that are written
    without spaces it is found anywhere. `patterns` are RE2, searched in the normalised text.
    Nothing counts inside an exception. An empty `language` stands for all;
    `only_in_language` leaves the list to people of that language, for words harmless elsewhere.
    """

    category: str
    language: str = ""
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    score: float = 0.8
    only_in_language: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise BadWordList(f"the score of a list for {self.category} is not between 0 and 1")

    def speaks(self, language: str) -> bool:
        """Whether the list is for a person of this language (BCP 47)."""
        mine = self.language.partition("-")[0]
        return not self.only_in_language or language.partition("-")[0].lower() == mine


@cache
def shipped_lists(name: str = "lists") -> tuple[WordList, ...]:
    """All lists that come with the project: `lists`, or `attack_words` for the attacks check."""
    folder = files("moderation.text").joinpath(name)
    lists: list[WordList] = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        language, _, suffix = file.name.partition(".")
        if suffix == "txt":
            lists += parse_lists(file.read_text(encoding="utf-8"), language=language)
    return tuple(lists)


def parse_lists(text: str, *, language: str) -> tuple[WordList, ...]:
    """The lists of a file: a heading `[category score]`, then entries parted by commas or lines.

    ` only` in a heading means `only_in_language`; `[except]` holds the exceptions of all of them.
    Lines with # are comments. Raises `BadWordList` with the number of the line.
    """
    parts: dict[str, list[str]] = {}
    heading = ""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if line.startswith("["):
            heading = _heading(line, number=number)
            parts.setdefault(heading, [])
        elif line and not heading:
            raise BadWordList(f"line {number}: words before the first heading")
        elif line:
            parts[heading] += [word.strip() for word in line.split(",") if word.strip()]
    exceptions = tuple(parts.pop(f"[{_EXCEPT}]", ()))
    return tuple(
        _word_list(head, words, language=language, exceptions=exceptions)
        for head, words in parts.items()
    )


def _heading(line: str, *, number: int) -> str:
    match = _HEADING.fullmatch(line)
    if not match or (match["score"] is None and match["category"] != _EXCEPT):
        raise BadWordList(f"line {number}: {line!r} should be like [profanity 0.8] or [except]")
    return line


def _word_list(
    heading: str, words: list[str], *, language: str, exceptions: tuple[str, ...]
) -> WordList:
    match = _HEADING.fullmatch(heading)
    assert match, "checked when it was read"
    return WordList(
        category=match["category"],
        language=language,
        words=tuple(words),
        exceptions=exceptions,
        score=float(match["score"]),
        only_in_language=bool(match["only"]),
    )
