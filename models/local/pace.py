"""How much of the prompts a step may compute while others wait for their next token."""

from __future__ import annotations

MOST = 2048  # tokens of prompts in a step
LEAST = 16
UNKNOWN = 512  # before anything was measured
UNKNOWN_TILES = 4
SIGN = 1.0  # seconds that prompts may take at most, so that a long one shows signs of life
_LONGER = 1.5  # the usual step's time that prompts may add to it: gaps stay under three times it
_NEW = 0.2  # the weight of the latest step in the means


class Pace:
    """Learns from the steps that were made what a token of a prompt and a picture tile cost.

    `speaking` are how many answers wait for their next token, `waiting` how many for their first.
    Where more wait than speak, they are worth a longer gap: all of them came at once.
    """

    def __init__(self) -> None:
        self._usual = 0.0  # seconds of a step without prompts
        self._token = 0.0  # seconds of one more token of a prompt
        self._tile = 0.0  # seconds of a picture tile

    def seconds(self, *, speaking: int, waiting: int) -> float:
        """What the prompts of the next step may take."""
        if not speaking or not self._usual:
            return SIGN
        return min(SIGN, _LONGER * self._usual * max(1.0, waiting / speaking))

    def tiles(self, seconds: float) -> int:
        """So many picture tiles; at least one, since none can be split."""
        return max(1, int(seconds / self._tile)) if self._tile else UNKNOWN_TILES

    def tokens(self, seconds: float) -> int:
        """So many tokens of prompts."""
        return max(LEAST, min(MOST, int(seconds / self._token))) if self._token else UNKNOWN

    def stepped(self, seconds: float, *, speaking: int, prompt_tokens: int) -> None:
        """Take note of a step."""
        if not prompt_tokens:
            self._usual = _mean(self._usual, seconds)
        elif prompt_tokens >= LEAST:
            beside = self._usual if speaking else 0.0
            self._token = _mean(self._token, max(seconds - beside, 0.0) / prompt_tokens)

    def looked(self, seconds: float, *, tiles: int) -> None:
        """Take note of pictures that were encoded."""
        self._tile = _mean(self._tile, seconds / tiles)


def _mean(before: float, now: float) -> float:
    return now if not before else before + _NEW * (now - before)
