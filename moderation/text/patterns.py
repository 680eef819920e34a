"""Patterns that cannot hang: RE2 takes time in proportion to the text, whatever the pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import re2  # type: ignore[import-untyped]

from chat.errors import AssistantError

MEMORY = 64 << 20  # bytes that all patterns of one set may take, compiled


class BadPattern(AssistantError):
    """A pattern that RE2 does not take; the message names it and what is wrong with it."""


class Patterns:
    """Many patterns searched at once. Letters match without regard to case."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._options = re2.Options()
        self._options.log_errors = False
        self._options.case_sensitive = False
        self._options.max_mem = MEMORY
        self._each = [self._compile(pattern) for pattern in patterns]
        self._all = re2.Set.SearchSet(self._options)
        for pattern in patterns:
            self._all.Add(pattern)
        if patterns:
            self._all.Compile()

    def _compile(self, pattern: str) -> re2._Regexp:
        try:
            return re2.compile(pattern, self._options)
        except re2.error as error:
            said = error.args[0] if error.args else ""
            reason = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
            raise BadPattern(f"the pattern {pattern!r} cannot be used: {reason}") from error

    def matching(self, text: str) -> list[int]:
        """The numbers of the patterns that match somewhere."""
        if not self._each:
            return []
        return sorted(self._all.Match(text) or ())

    def found(self, text: str, *, number: int) -> Iterator[tuple[int, int]]:
        """Where one pattern matches."""
        return (match.span() for match in self._each[number].finditer(text))
