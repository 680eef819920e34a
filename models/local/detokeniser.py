"""Tokens to text as they come."""

from __future__ import annotations

from collections.abc import Callable

HALF = "\N{REPLACEMENT CHARACTER}"
CONTEXT = 4  # tokens kept before new ones, since some vocabularies write a first token differently
WINDOW = 32


class Detokeniser:
    """Turns one token after the other into text and keeps half characters back.

    An unfinished character at the end decodes to one replacement character, so only that one has
    to wait; earlier ones are really in the answer.
    """

    def __init__(self, decode: Callable[[list[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._said = 0

    def push(self, token: int) -> str:
        """Add a token; returns the text that is whole by now."""
        self._ids.append(token)
        text = self._decode(self._ids)
        whole = text.removesuffix(HALF)
        new = whole[self._said :]
        self._said = max(self._said, len(whole))
        if len(self._ids) > WINDOW and whole == text:
            self._ids = self._ids[-CONTEXT:]
            self._said = len(self._decode(self._ids))
        return new
