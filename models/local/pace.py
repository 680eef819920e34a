"""How much of a prompt a step may compute while others wait for their next token."""

from __future__ import annotations

MOST = 512  # tokens of prompts in a step, so that a long prompt shows signs of life
LEAST = 16
_LONGER = 1.5  # the usual step's time that prompts may add to it: gaps stay under three times it
_NEW = 0.2  # the weight of the latest step in the means


class Pace:
    """Learns from the steps that were made what a token of a prompt and a picture tile cost."""

    def __init__(self) -> None:
        self._usual = 0.0  # seconds of a step without prompts
        self._token = 0.0  # seconds of one more token of a prompt
        self._tile = 0.0  # seconds of a picture tile

    def prompt_tokens(self, *, others: bool) -> int:
        """Of prompts in the next step; `others`: whether anybody waits for a token."""
        if not others or not self._usual or not self._token:
            return MOST
        return max(LEAST, min(MOST, int(_LONGER * self._usual / self._token)))

    def tiles(self, *, others: bool) -> int:
        """Of pictures in the next step; at least one, since none can be split."""
        if not others or not self._usual or not self._tile:
            return 4
        return max(1, int(_LONGER * self._usual / self._tile))

    def stepped(self, seconds: float, *, answers: int, prompt_tokens: int) -> None:
        """Take note of a step."""
        if not prompt_tokens:
            self._usual = _mean(self._usual, seconds)
        elif prompt_tokens >= LEAST:
            beside = self._usual if answers else 0.0
            self._token = _mean(self._token, max(seconds - beside, 0.0) / prompt_tokens)

    def looked(self, seconds: float, *, tiles: int) -> None:
        """Take note of pictures that were encoded."""
        self._tile = _mean(self._tile, seconds / tiles)


def _mean(before: float, now: float) -> float:
    return now if not before else before + _NEW * (now - before)
